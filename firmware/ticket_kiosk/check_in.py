"""A missed number comes back at the kiosk: its visitor touches it and types the code on its paper; it draws nothing."""

from __future__ import annotations

from broker.messages import (
    CODE_LENGTH,
    CODE_SIGNS,
    CommandRefused,
    Event,
    QueueState,
    Refusal,
    ReturnTicket,
    TicketReturned,
)
from broker.settings import Hall
from firmware.hal.screen import KioskKey, KioskPage, Tone
from firmware.ticket_kiosk.pages import CHECK_IN, HOME

__all__ = ["CheckIn", "is_ours"]

CHOSEN, TYPED, ERASE, CLEAR = "missed:", "code:", "code:erase", "code:clear"
LEAVE = KioskKey(HOME, "返回")
# With the signs and the way home 36 keys: no screen has room for more that a finger hits, nor empty places.
CORRECTING = (KioskKey(ERASE, "删除"), KioskKey(CLEAR, "清空"), KioskKey(CHECK_IN, "重选"))

# Why a number does not come back, and what to do; the hub's English reason goes to the log.
REFUSED = {
    Refusal.TOO_LATE: "过号时间太久，请重新取号",
    Refusal.STAFF_ONLY: "过号请咨询工作人员",
    Refusal.UNKNOWN_TICKET: "今日没有这个号，请核对号票",
    Refusal.WRONG_STATE: "该号已不在过号名单中，请留意叫号",
    Refusal.STALE: "系统繁忙，请再试一次",
}
UNTOLD = "请联系工作人员"
SORRY = "未能报到"


def is_ours(key: str) -> bool:
    return key == CHECK_IN or key.startswith((CHOSEN, TYPED))


class CheckIn:
    """One visitor's way from the list of missed numbers to the last sign of a code; begun anew with each."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._ticket = self._code = ""

    def pressed(self, key: str, queue: QueueState | None) -> KioskPage | ReturnTicket:
        """The page that a key leads to; the last sign of the code makes it a wish."""
        if key == CHECK_IN or not (self._ticket or key.startswith(CHOSEN)):
            self._ticket = self._code = ""
            return self._choose(queue)
        if key.startswith(CHOSEN):
            self._ticket, self._code = key.removeprefix(CHOSEN), ""
        elif key == ERASE:
            self._code = self._code[:-1]
        elif key == CLEAR:
            self._code = ""
        else:
            self._code = (self._code + key.removeprefix(TYPED))[:CODE_LENGTH]
        if len(self._code) == CODE_LENGTH:
            return ReturnTicket(ticket=self._ticket, code=self._code)
        return self._type(f"请输入{self._ticket}号票上的报到码")

    def answered(self, command: ReturnTicket, events: tuple[Event, ...]) -> KioskPage:
        match events:
            case (TicketReturned(), *_):
                return self._back(command.ticket)
            case (CommandRefused(code=Refusal.WRONG_CODE), *_):
                self._ticket, self._code = command.ticket, ""
                return self._type("报到码不符，请核对后再输入")
            case (CommandRefused(code=code), *_):
                return self._sorry(command, REFUSED.get(code, UNTOLD))
            case _:
                return self._sorry(command, UNTOLD)

    def unanswered(self, command: ReturnTicket) -> KioskPage:
        return self._sorry(command, "系统暂时没有应答，请稍后再试，或联系工作人员")

    def asking(self, command: ReturnTicket) -> KioskPage:
        return KioskPage("过号报到", command.ticket, ("请稍候",), tone=Tone.WAIT)

    def _choose(self, queue: QueueState | None) -> KioskPage:
        missed = queue.missed if queue else ()
        keys = tuple(KioskKey(f"{CHOSEN}{number}", number) for number in missed)
        told = "请选择您的号码" if keys else "现在没有可以报到的过号"
        return KioskPage(
            "过号报到", lines=(told, "没有您的号码，请咨询工作人员"), keys=(*keys, LEAVE)
        )

    def _type(self, told: str) -> KioskPage:
        """The signs already typed, and a place for each of the others."""
        places = " ".join(self._code.ljust(CODE_LENGTH, "_"))
        signs = tuple(KioskKey(f"{TYPED}{sign}", sign) for sign in CODE_SIGNS)
        return KioskPage(
            told,
            lines=(places,),
            keys=(*signs, *CORRECTING, LEAVE),
        )

    def _back(self, ticket: str) -> KioskPage:
        behind = self._hall.rules.no_show.behind
        place = f"至多排在同业务{behind}人之后" if behind else "按原取号时间排队"
        return KioskPage("报到成功", ticket, (place, "请留意叫号"), tone=Tone.GOOD)

    def _sorry(self, command: ReturnTicket, told: str) -> KioskPage:
        return KioskPage(SORRY, command.ticket, (told,), keys=(LEAVE,), tone=Tone.STOP)

"""What the kiosk's screen says in each case, as pages; it decides nothing."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from broker.hearing import Cause
from broker.messages import IssueTicket, QueueState, Refusal, Reprint
from broker.settings import Hall, Service
from firmware.device import Print
from firmware.hal import Health, Trouble
from firmware.hal.screen import KioskKey, KioskPage, Tone
from firmware.ticket_kiosk.sentences import (
    ALONE_NOT_NOW,
    ALONE_REFUSED,
    CAUSES,
    NEAR_END,
    NOT_NOW,
    REFUSED,
    TAKE_IT,
    UNTOLD,
    about,
    trouble_told,
)

__all__ = ["CHECK_IN", "ELDERLY", "GREEN", "HOME", "REPRINT", "ROLL", "KioskPages"]

# The priority class that a key gives, and the one that a card does.
GREEN, ELDERLY = "green", "elderly"
# With a colon, which no service's id has.
HOME, REPRINT, CHECK_IN, ROLL = "page:home", "page:reprint", "page:missed", "page:roll"

BACK = KioskKey(HOME, "返回")


class KioskPages:
    """The pages of one hall's kiosks. `alone` is why this one cannot ask the hub, None while it can; `printer`
    is how its printer is.
    """

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self.alone: Cause | None = None
        self.printer: Health | None = None

    def home(self, queue: QueueState | None, *, green: str, carded: bool = False) -> KioskPage:
        """`green` is the priority class that was chosen; `carded` once a card was read that counts for something."""
        card = ("请收好您的身份证",) if carded else ()
        alone = () if self.alone is None else ("系统脱机，照常取号，按取号时间排队",)
        return KioskPage(
            title=self._hall.hall.name,
            lines=(self._choose(green), *card, *alone, *self.soon),
            keys=self.keys(queue, green=green),
            notice=self._notice,
        )

    def _choose(self, green: str) -> str:
        if not green:
            return "请选择要办理的业务"
        name = "绿色通道" if green == GREEN else f"{self._hall.priority_class[green].name}优先"
        return f"{name}：请选择业务"

    def stopped(self, why: str) -> KioskPage:
        return KioskPage(title="暂停取号", lines=(why,), tone=Tone.STOP, notice=self._notice)

    def asking(self, service: str) -> KioskPage:
        """`service` is empty where an appointment tells it."""
        title = self._name(service) or "预约取号"
        return KioskPage(title=title, lines=("正在取号，请稍候",), tone=Tone.WAIT)

    def copying(self, ticket: str) -> KioskPage:
        return KioskPage(title="补打号票", large=ticket, lines=("请稍候",), tone=Tone.WAIT)

    def printing(self, paper: Print) -> KioskPage:
        return KioskPage(
            title=self._name(paper.service),
            large=paper.ticket,
            lines=("正在打印，请稍候",),
            tone=Tone.WAIT,
        )

    def taken(self, paper: Print) -> KioskPage:
        phrases = self._hall.phrases
        if paper.alone:
            ahead, wait = "脱机取号，按取号时间排队", ""
        else:
            ahead, wait = phrases.ahead.format(ahead=paper.ahead), about(paper.wait)
        return KioskPage(
            title=phrases.taken.format(ticket=paper.ticket),
            large=paper.ticket,
            lines=(f"{ahead}，预计等候{wait}" if wait else ahead, "请取走号票，留意叫号"),
            tone=Tone.GOOD,
        )

    def failed(self, paper: Print, trouble: Trouble) -> KioskPage:
        return KioskPage(
            title="号票未打印完成",
            large=paper.ticket,
            lines=("您的号码已保留", trouble_told(trouble), "恢复后将自动补打"),
            tone=Tone.STOP,
        )

    def has_ticket(self, ticket: str) -> KioskPage:
        """One ticket for each person and service: the paper can be had again, another number cannot."""
        return KioskPage(
            title=f"您已有{ticket}号",
            large=ticket,
            lines=("请留意叫号", "号票遗失可以补打"),
            keys=(KioskKey(REPRINT, "补打号票"), BACK),
            tone=Tone.WAIT,
        )

    def unknown_code(self) -> KioskPage:
        return self._sorry(
            "没有认出这个码", "请出示本厅的号票或预约码", "没有预约，请直接选择业务取号"
        )

    def no_card_needed(self) -> KioskPage:
        """A card was shown that counts for nothing here; nothing of it is kept."""
        lines = ("请直接选择要办理的业务", "请收好您的身份证")
        return KioskPage(title="取号不用身份证", lines=lines, tone=Tone.GOOD)

    def refused(self, code: Refusal | None, service: str = "", again: int = 0) -> KioskPage:
        """Why a wish was refused; `service` is the one that was touched, from `again` on it can be had."""
        if code is Refusal.UNKNOWN_APPOINTMENT and not service:
            return self.unknown_code()
        told = REFUSED.get(code, UNTOLD)
        if self.alone is not None and code in ALONE_REFUSED:
            told = ALONE_REFUSED[code]
        lines = (self._name(service), told, self._from(again))
        return self._sorry("暂时不能取号", *filter(None, lines))

    def _from(self, again: int) -> str:
        if not again:
            return ""
        then = datetime.fromtimestamp(again / 1000, ZoneInfo(self._hall.hall.timezone))
        return f"{then.month}月{then.day}日 {then:%H:%M} 起可以取号"

    def unanswered(self, command: IssueTicket | Reprint) -> KioskPage:
        undone = "未取号" if isinstance(command, IssueTicket) else "未补打"
        return self._sorry(f"系统暂时没有应答，{undone}", "请稍后再试，或联系工作人员")

    def unkept(self) -> KioskPage:
        """A number cannot be given out that the kiosk may have forgotten after a power cut."""
        return self._sorry("暂时不能取号", "本机存储无应答，未取号", "请到咨询台人工取号")

    def _sorry(self, title: str, *lines: str) -> KioskPage:
        return KioskPage(
            title=title, lines=lines, keys=(BACK,), tone=Tone.STOP, notice=self._notice
        )

    @property
    def _notice(self) -> str:
        phone = f"咨询投诉电话 {self._hall.hall.phone}" if self._hall.hall.phone else ""
        return "　".join(filter(None, (phone, self.for_staff)))

    @property
    def for_staff(self) -> str:
        """Why the hub cannot be asked, and what to do soon; empty while all is well."""
        alone = CAUSES[self.alone] if self.alone is not None else ""
        paper = NEAR_END if self._has(Trouble.PAPER_NEAR_END) else ""
        return "　".join(filter(None, (alone, paper)))

    @property
    def soon(self) -> tuple[str, ...]:
        """What a visitor should do though tickets can be had."""
        return (TAKE_IT,) if self._has(Trouble.TICKET_NOT_TAKEN) else ()

    def _has(self, trouble: Trouble) -> bool:
        return self.printer is not None and trouble in self.printer.troubles

    def _name(self, service: str) -> str:
        # New settings may have taken away the service of a number that is still owed.
        return self._hall.service[service].name if service in self._hall.service else ""

    def keys(self, queue: QueueState | None, *, green: str) -> tuple[KioskKey, ...]:
        alone = self.alone is not None
        services = (_key(service, queue, alone=alone) for service in self._hall.services)
        return (*services, *self._green(chosen=bool(green)), *self._missed(queue))

    def _green(self, *, chosen: bool) -> tuple[KioskKey, ...]:
        """The green channel and for whom it is, where the hall has it."""
        classes = self._hall.priority_class
        if GREEN not in classes:
            return ()
        others = " ".join(one.name for one in classes.values() if one.id != GREEN)
        return (KioskKey(GREEN, classes[GREEN].name, others, chosen=chosen),)

    def _missed(self, queue: QueueState | None) -> tuple[KioskKey, ...]:
        """The way back for missed numbers, while there are any."""
        if queue is None or not (queue.missed and self._hall.rules.no_show.at_kiosk):
            return ()
        return (KioskKey(CHECK_IN, "过号报到", "请备好号票"),)


def _key(service: Service, queue: QueueState | None, *, alone: bool) -> KioskKey:
    """A service with what waits for it, as far as that is known, or with why it cannot be had."""
    state = queue.services.get(service.id) if queue else None
    if state is None:
        return KioskKey(service.id, service.name)
    if state.refused is not None:
        notes = {**NOT_NOW, **ALONE_NOT_NOW} if alone else NOT_NOW
        note = notes.get(state.refused, "暂时不能取号")
        return KioskKey(service.id, service.name, note, enabled=False)
    if alone:
        return KioskKey(service.id, service.name)
    waiting, wait = f"等待 {state.waiting} 人", about(state.wait)
    return KioskKey(service.id, service.name, f"{waiting}，{wait}" if wait else waiting)

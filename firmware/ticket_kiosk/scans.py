"""What a scanned code leads to: an appointment's ticket, a missed or held number's way back, another copy; it draws nothing."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from broker.messages import CommandRefused, Event, IssueTicket, Refusal, Reprint, ReturnTicket
from broker.settings import Hall
from firmware.hal.screen import KioskKey, KioskPage, Tone
from firmware.ticket_kiosk.codes import AppointmentCode, TicketCode, read_code
from firmware.ticket_kiosk.pages import HOME

__all__ = ["Scans"]

LEAVE = KioskKey(HOME, "返回")
SORRY = "未能识别号票"


class Scans:
    """A ticket's paper first brings its number back; where it was neither missed nor held, a copy is offered."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._asked: ReturnTicket | None = None

    def read(
        self, code: str, now: int, *, alone: bool
    ) -> IssueTicket | ReturnTicket | KioskPage | None:
        """What to ask the hub, or why there is nothing to ask; None for a code that means nothing."""
        match read_code(code, self._hall.hall.web):
            case TicketCode() as ticket:
                return self._ticket(ticket, now, alone=alone)
            case AppointmentCode(code=code):
                if alone:
                    told = ("请直接选择业务取号", "或到咨询台办理")
                    return _sorry("系统脱机，不能核对预约", "", *told)
                return IssueTicket(service="", appointment=code)
            case None:
                return None

    def _ticket(self, scanned: TicketCode, now: int, *, alone: bool) -> ReturnTicket | KioskPage:
        today = datetime.fromtimestamp(now / 1000, ZoneInfo(self._hall.hall.timezone))
        if scanned.day != f"{today:%Y%m%d}":
            return _sorry("这不是今天的号票", "", "号票当日有效，请重新取号")
        if alone:
            return _sorry("系统脱机，不能核对号票", scanned.ticket, "请留意叫号，或到咨询台办理")
        if not scanned.code:
            return _sorry(SORRY, scanned.ticket, "请到咨询台办理")
        self._asked = ReturnTicket(ticket=scanned.ticket, code=scanned.code)
        return self._asked

    def answered(
        self, command: ReturnTicket, events: tuple[Event, ...]
    ) -> Reprint | KioskPage | None:
        """What the hub's answer to a scan leads to where it is another than to a code that was typed."""
        if command != self._asked:
            return None
        self._asked = None
        match events:
            case (CommandRefused(code=Refusal.WRONG_STATE), *_):
                return Reprint(ticket=command.ticket, code=command.code)
            case (CommandRefused(code=Refusal.WRONG_CODE), *_):
                return _sorry("号票信息不符", command.ticket, "请核对号票，或到咨询台办理")
            case _:
                return None


def _sorry(title: str, large: str, *lines: str) -> KioskPage:
    return KioskPage(title, large, lines, keys=(LEAVE,), tone=Tone.STOP)

"""What a scanned code leads to: an appointment's ticket, a missed or held number's way back, another copy; it draws nothing."""

from __future__ import annotations

from broker.messages import CommandRefused, Event, IssueTicket, Refusal, Reprint, ReturnTicket
from firmware.hal.screen import KeySign, KioskKey, KioskPage, Tone
from firmware.ticket_kiosk.codes import AppointmentCode, TicketCode, read_code
from firmware.ticket_kiosk.keys import HOME
from firmware.ticket_kiosk.view import View

__all__ = ["Scans"]


class Scans:
    """A ticket's paper first brings its number back; where it was neither missed nor held, a copy is offered."""

    def __init__(self) -> None:
        self._asked: ReturnTicket | None = None

    @staticmethod
    def no_appointments(view: View) -> KioskPage:
        """Alone, nobody knows who has one."""
        says = view.words.phrases.scan
        told = (says.choose_service, says.to_desk)
        return _sorry(view, says.alone_appointment, "", *told)

    def read(self, view: View, code: str) -> IssueTicket | ReturnTicket | KioskPage | None:
        """What to ask the hub, or why there is nothing to ask; None for a code that means nothing."""
        match read_code(code, view.hall.hall.web):
            case TicketCode() as ticket:
                return self._ticket(view, ticket)
            case AppointmentCode(code=code):
                if view.alone is not None:
                    return self.no_appointments(view)
                return IssueTicket(service="", appointment=code)
            case None:
                return None

    def _ticket(self, view: View, scanned: TicketCode) -> ReturnTicket | KioskPage:
        says = view.words.phrases.scan
        if scanned.day != f"{view.today:%Y%m%d}":
            return _sorry(view, says.not_today, "", says.of_its_day)
        if view.alone is not None:
            return _sorry(view, says.alone_ticket, scanned.ticket, says.or_desk)
        if not scanned.code:
            return _sorry(view, says.unreadable, scanned.ticket, says.at_desk)
        self._asked = ReturnTicket(ticket=scanned.ticket, code=scanned.code)
        return self._asked

    def answered(
        self, view: View, command: ReturnTicket, events: tuple[Event, ...]
    ) -> Reprint | KioskPage | None:
        """What the hub's answer to a scan leads to where it is another than to a code that was typed."""
        if command != self._asked:
            return None
        self._asked = None
        says = view.words.phrases.scan
        match events:
            case (CommandRefused(code=Refusal.WRONG_STATE), *_):
                return Reprint(ticket=command.ticket, code=command.code)
            case (CommandRefused(code=Refusal.WRONG_CODE), *_):
                return _sorry(view, says.mismatch, command.ticket, says.compare)
            case _:
                return None


def _sorry(view: View, title: str, large: str, *lines: str) -> KioskPage:
    leave = KioskKey(HOME, view.words.phrases.keys.back, sign=KeySign.BACK)
    return KioskPage(title, large, lines, keys=(leave,), tone=Tone.STOP)

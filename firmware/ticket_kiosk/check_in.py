"""A missed number comes back at the kiosk: what its visitor reads of the answer; it asks nothing."""

from __future__ import annotations

from broker.messages import CommandRefused, Event, Refusal, ReturnTicket, TicketReturned
from firmware.hal.screen import KeySign, KioskKey, KioskPage, Tone
from firmware.ticket_kiosk.keys import HOME
from firmware.ticket_kiosk.view import View

__all__ = ["answered", "asking", "is_wrong_code", "unanswered"]


def asking(view: View, command: ReturnTicket) -> KioskPage:
    says = view.words.phrases.check_in
    return KioskPage(says.title, command.ticket, (says.wait,), tone=Tone.WAIT)


def answered(view: View, command: ReturnTicket, events: tuple[Event, ...]) -> KioskPage:
    match events:
        case (TicketReturned(), *_):
            return _back(view, command.ticket)
        case (CommandRefused(code=code), *_):
            return _sorry(view, command, view.words.not_back(code))
        case _:
            return _sorry(view, command, view.words.not_back(None))


def unanswered(view: View, command: ReturnTicket) -> KioskPage:
    return _sorry(view, command, view.words.phrases.check_in.unanswered)


def is_wrong_code(events: tuple[Event, ...]) -> bool:
    return any(isinstance(e, CommandRefused) and e.code is Refusal.WRONG_CODE for e in events)


def _back(view: View, ticket: str) -> KioskPage:
    says, behind = view.words.phrases.check_in, view.hall.rules.no_show.behind
    place = says.behind.format(behind=behind) if behind else says.old_place
    return KioskPage(says.done, ticket, (place, says.listen), tone=Tone.GOOD)


def _sorry(view: View, command: ReturnTicket, told: str) -> KioskPage:
    says = view.words.phrases
    leave = KioskKey(HOME, says.keys.back, sign=KeySign.BACK)
    return KioskPage(says.check_in.sorry, command.ticket, (told,), keys=(leave,), tone=Tone.STOP)

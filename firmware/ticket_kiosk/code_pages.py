"""Codes that are typed: the sign keys, an appointment's page, a missed number's pages; it asks nothing."""

from __future__ import annotations

from string import ascii_uppercase, digits

from broker.messages import CODE_LENGTH, CODE_SIGNS
from firmware.hal.screen import KioskKey, KioskPage
from firmware.ticket_kiosk.keys import CHECK_IN
from firmware.ticket_kiosk.paging import Sheet
from firmware.ticket_kiosk.view import View
from firmware.ticket_kiosk.visit import Visit

__all__ = ["CLEAR", "ENTER", "ERASE", "LETTERS", "appointment", "missed", "missed_code", "typed"]

ERASE, CLEAR, ENTER = "code:erase", "code:clear", "code:enter"
LETTERS = "page:letters"
LONGEST = 24
"""So many signs of an appointment's code can be typed; longer ones are scanned."""


def typed(sofar: str, key: str, longest: int) -> str:
    """What stands there once a key was touched."""
    sign = key.removeprefix("code:")
    if key == ERASE:
        return sofar[:-1]
    if key == CLEAR:
        return ""
    return (sofar + sign)[:longest] if len(sign) == 1 else sofar


def _signs(signs: str) -> tuple[KioskKey, ...]:
    return tuple(KioskKey(f"code:{sign}", sign) for sign in signs)


def appointment(view: View, visit: Visit, *, letters: bool = False) -> Sheet:
    """What was typed of its code; one board has the digits, the other the letters, with nothing of a visitor's lost."""
    says, keys = view.words.phrases.appointment, view.words.phrases.keys
    other = (
        KioskKey("page:appointment", says.digits) if letters else KioskKey(LETTERS, says.letters)
    )
    by_card = (says.card,) if view.hall.rules.appointment_by_card else ()
    told = (says.show, *by_card)
    page = KioskPage(says.title, lines=told, typed=visit.typed or "_", notice=view.notice)
    signs = _signs(ascii_uppercase if letters else f"{digits}-")
    correcting = (KioskKey(ERASE, keys.erase), KioskKey(CLEAR, keys.clear))
    enter = KioskKey(ENTER, says.enter, enabled=bool(visit.typed))
    return Sheet(page, signs, stays=(other, *correcting, enter), types=True)


def missed(view: View) -> Sheet | None:
    """The numbers that may come back, where the hall's rules let them."""
    if not view.hall.rules.no_show.at_kiosk:
        return None
    says = view.words.phrases.check_in
    numbers = view.queue.missed if view.queue else ()
    told = says.choose if numbers else says.nobody
    page = KioskPage(says.title, lines=(told, says.not_here), notice=view.notice)
    return Sheet(page, tuple(KioskKey(f"missed:{number}", number) for number in numbers))


def missed_code(view: View, visit: Visit, ticket: str) -> Sheet:
    """The signs already typed, and a place for each of the others."""
    says, keys = view.words.phrases.check_in, view.words.phrases.keys
    places = " ".join(visit.typed.ljust(CODE_LENGTH, "_"))
    told = says.wrong_code if visit.wrong else says.type.format(ticket=ticket)
    correcting = (
        KioskKey(ERASE, keys.erase),
        KioskKey(CLEAR, keys.clear),
        KioskKey(CHECK_IN, keys.another),
    )
    page = KioskPage(told, typed=places)
    return Sheet(page, _signs(CODE_SIGNS), stays=correcting, types=True)

"""What a code held before the scanner is: a ticket of this hall, perhaps an appointment, or nothing; it decides nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from broker.messages import CODE_LENGTH, CODE_SIGNS

__all__ = ["AppointmentCode", "TicketCode", "read_code"]

LONGEST = 40
_TICKET = re.compile(rf"([0-9]{{8}})/([A-Z][0-9]{{3,4}})(?:/([{CODE_SIGNS}]{{{CODE_LENGTH}}}))?")
_IDENTITY = re.compile(r"[0-9]{17}[0-9Xx]|[0-9]{15}")


@dataclass(frozen=True, slots=True)
class TicketCode:
    """The QR code on a ticket's paper: `day` as YYYYMMDD; `code` is empty where the ticket has none."""

    day: str
    ticket: str
    code: str


@dataclass(frozen=True, slots=True)
class AppointmentCode:
    """What may be the code of an appointment: only the hub knows them all."""

    code: str


def read_code(code: str, web: str) -> TicketCode | AppointmentCode | None:
    """None for what means nothing here. `web` is what the hall's QR codes begin with.

    An identity number is no code, though some papers have it as one: it must not leave the kiosk.

    >>> read_code("http://hall.example/r/20261125/A017/K7Q2MX", "http://hall.example/r/")
    TicketCode(day='20261125', ticket='A017', code='K7Q2MX')
    >>> read_code("YY-20261125-0031", "http://hall.example/r/")
    AppointmentCode(code='YY-20261125-0031')
    >>> read_code("11010519491231002X", "") is read_code("https://pay.example/1", "") is None
    True
    """
    code = code.strip()
    if ticket := _TICKET.fullmatch(code.removeprefix(web)):
        return TicketCode(ticket[1], ticket[2], ticket[3] or "")
    is_text = code.isascii() and code.isprintable() and 0 < len(code) <= LONGEST
    if not is_text or "://" in code or _IDENTITY.fullmatch(code):
        return None
    return AppointmentCode(code)

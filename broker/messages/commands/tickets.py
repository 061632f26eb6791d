"""About a ticket: its issue, its paper, what its visitor changes."""

from __future__ import annotations

from broker.messages.words import Message, Millis, Name, PersonHash, Sentence, Versions

__all__ = [
    "CancelTicket",
    "ChangeService",
    "EnterTicket",
    "IssueTicket",
    "ReportPrintFailed",
    "ReportPrinted",
    "Reprint",
    "ReturnTicket",
    "VoidTicket",
]


class IssueTicket(Message, frozen=True):
    """`green` is the priority class (绿色通道), empty for none; `appointment` the code of one, which
    tells the `service` where that is empty.

    `person` is a keyed hash, where the hall limits tickets by person, or alone, for the appointment of today that was
    booked with the card; never an identity number. `kiosk` prints
    it, the asking one if empty; a person at a console has to name one. `item` of the catalogue is what the visitor came
    for, as far as they chose one; `agent`: for somebody else (代办). `english`: it was taken in English, and so is its paper.
    """

    service: Name
    green: Name = ""
    appointment: Name = ""
    person: PersonHash = ""
    kiosk: Name = ""
    item: Name = ""
    agent: bool = False
    english: bool = False


class EnterTicket(Message, frozen=True):
    """A number that was written by hand during an outage, with its time: it keeps its place."""

    ticket: Name
    service: Name
    issued_at: Millis
    green: Name = ""


class ReportPrinted(Message, frozen=True):
    """`items` are those whose materials the paper lists, as the catalogue was then (一次性告知)."""

    ticket: Name
    items: Versions = ()


class ReportPrintFailed(Message, frozen=True):
    ticket: Name
    reason: Sentence


class VoidTicket(Message, frozen=True):
    ticket: Name
    reason: Sentence


class CancelTicket(Message, frozen=True):
    """The visitor goes. `code` is the one printed on the ticket; staff need none."""

    ticket: Name
    code: Name = ""
    reason: Sentence = ""


class ChangeService(Message, frozen=True):
    """The visitor queues for something else, under the same number and time; `kiosk` prints the new paper."""

    ticket: Name
    to_service: Name
    code: Name = ""
    kiosk: Name = ""


class Reprint(Message, frozen=True):
    """Another copy, marked 补打, from `kiosk` (the asking one if empty); `code`, `person` or the `appointment` that
    it was taken for proves whose it is.
    """

    ticket: Name
    code: Name = ""
    person: PersonHash = ""
    appointment: Name = ""
    kiosk: Name = ""


class ReturnTicket(Message, frozen=True):
    """A missed or held ticket is back and waits again; at a kiosk its `code` proves that the visitor is here."""

    ticket: Name
    code: Name = ""

"""Commands: what devices and people ask, and what the hub tells itself; in the imperative."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from broker.messages.words import (
    Act,
    Count,
    Deed,
    EmergencyKind,
    Level,
    Message,
    Millis,
    Name,
    Number,
    PersonHash,
    Sentence,
    Versions,
)

# --- tickets ---------------------------------------------------------------------------------------


class IssueTicket(Message, frozen=True):
    """`green` is the priority class (绿色通道), empty for none; `appointment` the code of one, which
    tells the `service` where that is empty.

    `person` is a keyed hash, only where the hall limits tickets by person; never an identity number. `kiosk` prints
    it, the asking one if empty; a person at a console has to name one. `item` of the catalogue is what the visitor came
    for, as far as they chose one; `agent`: for somebody else (代办).
    """

    service: Name
    green: Name = ""
    appointment: Name = ""
    person: PersonHash = ""
    kiosk: Name = ""
    item: Name = ""
    agent: bool = False


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


# --- a kiosk that may find itself alone -----------------------------------------------------------------


class BorrowBlock(Message, frozen=True):
    """Numbers of a service to give out today if the hub should be away."""

    service: Name


class ReportIssuedAlone(Message, frozen=True):
    """A lent number was given out at `issued_at` by the hub's time as the kiosk knew it; `day` is the block's."""

    ticket: Name
    service: Name
    day: Name
    issued_at: Millis
    green: Name = ""
    item: Name = ""
    agent: bool = False


class Withdraw(Message, frozen=True):
    """The command `command_id` of the same device is taken back, whether it has come, is coming or never comes."""

    command_id: Name


# --- the hall --------------------------------------------------------------------------------------


class BookAppointment(Message, frozen=True):
    """`source` is the list that it stands in, and when that was imported."""

    code: Name
    service: Name
    starts: Millis
    ends: Millis
    person: PersonHash = ""
    source: Name = ""


class CancelAppointment(Message, frozen=True):
    code: Name


class StopIssuing(Message, frozen=True):
    """Early closing: no more tickets of `services` today, or of any if empty."""

    services: tuple[Name, ...] = ()
    reason: Sentence = ""


class ResumeIssuing(Message, frozen=True):
    services: tuple[Name, ...] = ()


class DeclareEmergency(Message, frozen=True):
    """No ticket is given and nobody called until it ends. `text` is shown and said everywhere.

    Without one it is the hall's phrase `emergency`. Declared again it tells something new.
    """

    text: Sentence = ""
    kind: EmergencyKind = EmergencyKind.OTHER


class EndEmergency(Message, frozen=True):
    """`outcome` in a few words, which name nobody."""

    outcome: Sentence = ""


class PostNotice(Message, frozen=True):
    """The hall displays show `text`, in place of what was posted before; an empty one withdraws that."""

    text: Sentence


class CallGuide(Message, frozen=True):
    """A visitor at this kiosk asks for a guide."""

    kiosk: Name


class AnswerGuide(Message, frozen=True):
    """A guide is there, or was: the kiosk's call is over."""

    kiosk: Name


# --- counters --------------------------------------------------------------------------------------


class OpenCounter(Message, frozen=True):
    counter: Number
    clerk: Name = ""


class CloseCounter(Message, frozen=True):
    counter: Number


class PauseCounter(Message, frozen=True):
    """`minutes` until the planned return; 0 where none was given."""

    counter: Number
    reason: Sentence = ""
    minutes: Number = 0


class ResumeCounter(Message, frozen=True):
    counter: Number


class CallNext(Message, frozen=True):
    counter: Number


class CallTicket(Message, frozen=True):
    """Out of order: a supervisor's right, with the reason."""

    counter: Number
    ticket: Name
    reason: Sentence


class UndoCall(Message, frozen=True):
    """Next was pressed by mistake: the hall is as it was before."""

    counter: Number


class Recall(Message, frozen=True):
    counter: Number


class Serve(Message, frozen=True):
    counter: Number


class CloseTicket(Message, frozen=True):
    counter: Number


class MarkNoShow(Message, frozen=True):
    counter: Number


class HoldTicket(Message, frozen=True):
    """The visitor fetches something and comes back, to this counter, or `anywhere` to any that serves it."""

    counter: Number
    anywhere: bool = False
    reason: Sentence = ""


class Transfer(Message, frozen=True):
    """To a service, or (`to_counter` above 0) to one counter."""

    counter: Number
    to_service: Name = ""
    to_counter: Number = 0
    reason: Sentence = ""


class Rate(Message, frozen=True):
    """`pressed_at` is the pad's own time of the press: a rating never goes stale. `day` is the ticket's."""

    counter: Number
    day: Name
    ticket: Name
    level: Level
    pressed_at: Millis


class GiveReasons(Message, frozen=True):
    """Why the service was rated so: ids of the hall's `[[rating_reasons]]`. Never asked for, and never goes stale.

    One rating has one answer, the first; the rating stands without it.
    """

    counter: Number
    day: Name
    ticket: Name
    reasons: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=20)]


class ReportDoneAlone(Message, frozen=True):
    """What a clerk did by hand, with a number that was typed, at `done_at` by the hub's time as the panel knew it.

    `day` is the one on which it was called.
    """

    counter: Number
    ticket: Name
    day: Name
    act: Act
    done_at: Millis


class ReportTakenUp(Message, frozen=True):
    """A voice is there for the call, and will speak it in its turn."""

    counter: Number
    call: Count
    recall: Count


class ReportAnnounced(Message, frozen=True):
    counter: Number
    call: Count
    recall: Count


class ReportAnnouncementFailed(Message, frozen=True):
    counter: Number
    call: Count
    recall: Count
    reason: Sentence


class CallForHelp(Message, frozen=True):
    """A clerk's silent key: to the supervisor or the guard, never to the police.

    `called_at` is when, by the hub's time as the panel knew it: it never goes stale.
    """

    counter: Number
    called_at: Millis


class AnswerHelp(Message, frozen=True):
    """Somebody is there, or was: the call is over. `outcome` in a few words, which name nobody."""

    counter: Number
    outcome: Sentence = ""


TicketCommand = (
    IssueTicket
    | EnterTicket
    | ReportPrinted
    | ReportPrintFailed
    | VoidTicket
    | CancelTicket
    | ChangeService
    | Reprint
    | ReturnTicket
)
AloneCommand = BorrowBlock | ReportIssuedAlone | Withdraw
HallCommand = (
    BookAppointment
    | CancelAppointment
    | StopIssuing
    | ResumeIssuing
    | DeclareEmergency
    | EndEmergency
    | PostNotice
    | CallGuide
    | AnswerGuide
)
CounterCommand = (
    OpenCounter
    | CloseCounter
    | PauseCounter
    | ResumeCounter
    | CallNext
    | CallTicket
    | UndoCall
    | Recall
    | Serve
    | CloseTicket
    | MarkNoShow
    | HoldTicket
    | Transfer
    | Rate
    | GiveReasons
    | ReportDoneAlone
    | ReportTakenUp
    | ReportAnnounced
    | ReportAnnouncementFailed
    | CallForHelp
    | AnswerHelp
)
KeptCommand = (
    ReportPrinted
    | ReportPrintFailed
    | VoidTicket
    | ReportIssuedAlone
    | Withdraw
    | Rate
    | GiveReasons
    | ReportDoneAlone
    | CallForHelp
)
"""Never goes stale: kept on a board's disk until it is answered, however long that takes."""
DeviceCommand = TicketCommand | AloneCommand | HallCommand | CounterCommand


# --- what the hub tells itself; no device may send them ---------------------------------------------


class AdoptSettings(Message, frozen=True):
    """`text` is the whole hall.toml now in force."""

    text: str


class OpenDay(Message, frozen=True):
    """`day` is the hall's local date, YYYY-MM-DD; `secret` makes the codes on its tickets."""

    day: str
    secret: str = ""


class EndSession(Message, frozen=True):
    """The opening hours of `service` are over for today: who still waits is settled by the hall's rule."""

    service: str


class LapseMissed(Message, frozen=True):
    """A missed ticket was kept as long as the rules say."""

    ticket: str


class LapseRating(Message, frozen=True):
    counter: int
    ticket: str


class NoteClockStep(Message, frozen=True):
    """The system's clock jumped by `by_ms`; the hub's own time never goes back."""

    by_ms: int


class NoteDeed(Message, frozen=True):
    """A technician did something on the hub that opens or shuts a door; see `DeedNoted`."""

    deed: Deed
    name: str
    done_at: Millis


HubCommand = (
    AdoptSettings | OpenDay | EndSession | LapseMissed | LapseRating | NoteClockStep | NoteDeed
)
Command = DeviceCommand | HubCommand

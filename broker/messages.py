"""The language of the hall: every command, event, answer and state, once, for wire and journal alike.

Times are milliseconds since the epoch by the hub's clock, unless a field says otherwise.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

# --- what a peer may send at the most: no number and no text of its can choke the hub ----------------

Number = Annotated[int, Meta(ge=0, le=9999)]
Count = Annotated[int, Meta(ge=0, le=10**9)]
Millis = Annotated[int, Meta(ge=0, le=10**14)]
Name = Annotated[str, Meta(max_length=40)]
Sentence = Annotated[str, Meta(max_length=500)]

# --- words -----------------------------------------------------------------------------------------


class CounterStatus(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    PAUSED = "paused"


class Phase(StrEnum):
    """What a counter is doing with its ticket."""

    IDLE = "idle"
    CALLED = "called"
    SERVING = "serving"


class Heard(StrEnum):
    """Whether a call was spoken: not yet known, yes, or nobody heard it."""

    PENDING = "pending"
    YES = "yes"
    NO = "no"


class Refusal(StrEnum):
    """Why a command was refused; devices turn the code into a sentence for the person in front of them."""

    BAD_MESSAGE = "bad_message"
    NOT_YOURS = "not_yours"
    STALE = "stale"
    DOUBLE_PRESS = "double_press"
    UNKNOWN_SERVICE = "unknown_service"
    UNKNOWN_COUNTER = "unknown_counter"
    UNKNOWN_TICKET = "unknown_ticket"
    COUNTER_CLOSED = "counter_closed"
    COUNTER_PAUSED = "counter_paused"
    COUNTER_BUSY = "counter_busy"
    ALREADY_SO = "already_so"
    NOBODY_WAITING = "nobody_waiting"
    NOTHING_CALLED = "nothing_called"
    NOT_SERVING = "not_serving"
    RECALL_LIMIT = "recall_limit"
    WRONG_STATE = "wrong_state"
    NO_COUNTER_SERVES = "no_counter_serves"
    RATING_CLOSED = "rating_closed"
    ALREADY_RATED = "already_rated"
    NUMBERS_EXHAUSTED = "numbers_exhausted"


class Level(StrEnum):
    """The five levels of 好差评, best first: 非常满意 满意 基本满意 不满意 非常不满意."""

    VERY_SATISFIED = "very_satisfied"
    SATISFIED = "satisfied"
    FAIRLY_SATISFIED = "fairly_satisfied"
    DISSATISFIED = "dissatisfied"
    VERY_DISSATISFIED = "very_dissatisfied"


class CommandRejected(ValueError):
    """Asked too much: the command changes nothing, and its sender is told why."""

    def __init__(self, code: Refusal, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class BadMessage(ValueError):
    """A peer sent junk: it is logged with its sender and dropped."""


# --- commands: what devices ask --------------------------------------------------------------------


class Message(Struct, frozen=True, tag=True, kw_only=True, omit_defaults=True):
    """What crosses a process or a reboot."""


class IssueTicket(Message, frozen=True):
    """`green` is the priority class (绿色通道), empty for none."""

    service: Name
    green: Name = ""


class ReportPrinted(Message, frozen=True):
    ticket: Name


class ReportPrintFailed(Message, frozen=True):
    ticket: Name
    reason: Sentence


class VoidTicket(Message, frozen=True):
    ticket: Name
    reason: Sentence


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


class Recall(Message, frozen=True):
    counter: Number


class Serve(Message, frozen=True):
    counter: Number


class CloseTicket(Message, frozen=True):
    counter: Number


class MarkNoShow(Message, frozen=True):
    counter: Number


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


class ReportAnnounced(Message, frozen=True):
    counter: Number
    call: Count
    recall: Count


class ReportAnnouncementFailed(Message, frozen=True):
    counter: Number
    call: Count
    recall: Count
    reason: Sentence


DeviceCommand = (
    IssueTicket
    | ReportPrinted
    | ReportPrintFailed
    | VoidTicket
    | OpenCounter
    | CloseCounter
    | PauseCounter
    | ResumeCounter
    | CallNext
    | Recall
    | Serve
    | CloseTicket
    | MarkNoShow
    | Transfer
    | Rate
    | ReportAnnounced
    | ReportAnnouncementFailed
)


# --- commands: what the hub tells itself; no device may send them ----------------------------------


class AdoptSettings(Message, frozen=True):
    """`text` is the whole hall.toml now in force."""

    text: str


class OpenDay(Message, frozen=True):
    """`day` is the hall's local date, YYYY-MM-DD."""

    day: str


class LapseRating(Message, frozen=True):
    counter: int
    ticket: str


class NoteClockStep(Message, frozen=True):
    """The system's clock jumped by `by_ms`; the hub's own time never goes back."""

    by_ms: int


HubCommand = AdoptSettings | OpenDay | LapseRating | NoteClockStep
Command = DeviceCommand | HubCommand


# --- events: what happened, as the journal keeps it ------------------------------------------------


class SettingsAdopted(Message, frozen=True):
    text: str


class DayOpened(Message, frozen=True):
    """The snapshot a day starts from: nothing waits into it; `last_call` goes on counting."""

    day: str
    last_call: int = 0


class DayClosed(Message, frozen=True):
    """`settled` are the tickets that were still waiting, called or served; they end here."""

    day: str
    settled: tuple[str, ...] = ()


class ClockStepped(Message, frozen=True):
    by_ms: int


class TicketIssued(Message, frozen=True):
    """`ahead` waited in the same service when it was issued; `kiosk` is the device that owes the paper."""

    ticket: str
    service: str
    kiosk: str
    issued_at: int
    ahead: int
    green: str = ""


class TicketPrinted(Message, frozen=True):
    ticket: str


class PrintFailed(Message, frozen=True):
    ticket: str
    reason: str


class TicketVoided(Message, frozen=True):
    ticket: str
    reason: str


class CounterOpened(Message, frozen=True):
    counter: int
    clerk: str = ""


class CounterClosed(Message, frozen=True):
    counter: int


class CounterPaused(Message, frozen=True):
    counter: int
    reason: str = ""
    until: int = 0


class CounterResumed(Message, frozen=True):
    counter: int


class TicketCalled(Message, frozen=True):
    """`call` counts the hall's calls; `rule` chose this ticket among `candidates` heads of queues."""

    ticket: str
    counter: int
    call: int
    rule: str
    candidates: int


class TicketRecalled(Message, frozen=True):
    ticket: str
    counter: int
    call: int
    recall: int


class TicketServed(Message, frozen=True):
    ticket: str
    counter: int


class TicketClosed(Message, frozen=True):
    """`rate_until` is when the pad stops asking; 0 where the counter has no pad."""

    ticket: str
    counter: int
    clerk: str = ""
    rate_until: int = 0


class NoShowMarked(Message, frozen=True):
    ticket: str
    counter: int


class TicketTransferred(Message, frozen=True):
    ticket: str
    counter: int
    to_service: str
    to_counter: int = 0
    reason: str = ""


class RatingRecorded(Message, frozen=True):
    day: str
    ticket: str
    counter: int
    level: Level
    pressed_at: int


class RatingCorrected(Message, frozen=True):
    day: str
    ticket: str
    counter: int
    level: Level
    pressed_at: int


class RatingLapsed(Message, frozen=True):
    """Nobody rated in time: `not_rated`, never taken for satisfied."""

    ticket: str
    counter: int


class Announced(Message, frozen=True):
    counter: int
    call: int
    recall: int


class AnnouncementFailed(Message, frozen=True):
    counter: int
    call: int
    recall: int
    reason: str


class CommandRefused(Message, frozen=True):
    """The command changed nothing; `reason` is an English sentence for logs."""

    code: Refusal
    reason: str


Event = (
    SettingsAdopted
    | DayOpened
    | DayClosed
    | ClockStepped
    | TicketIssued
    | TicketPrinted
    | PrintFailed
    | TicketVoided
    | CounterOpened
    | CounterClosed
    | CounterPaused
    | CounterResumed
    | TicketCalled
    | TicketRecalled
    | TicketServed
    | TicketClosed
    | NoShowMarked
    | TicketTransferred
    | RatingRecorded
    | RatingCorrected
    | RatingLapsed
    | Announced
    | AnnouncementFailed
    | CommandRefused
)


# --- asking and answering --------------------------------------------------------------------------


class Request(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A command on its way; sent again under the same id until it is answered. `expires` None never goes stale."""

    command_id: Name
    device: Name
    command: DeviceCommand
    expires: Millis | None = None


class Answer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was written down for a command. `not_now` says that the hub could not write: ask again."""

    command_id: str
    events: tuple[Event, ...] = ()
    not_now: str = ""


# --- states: retained, what devices show -----------------------------------------------------------


class HubState(Message, frozen=True):
    """The hub's heartbeat. `up` False is its will; `problems` are sentences for the technician."""

    boot: str
    up: bool = True
    at: int = 0
    problems: tuple[str, ...] = ()


class Call(Message, frozen=True):
    """A call to be shown and said: at most once aloud per `seq` and `recall`, and only until `valid_until`."""

    seq: int
    ticket: str
    recall: int
    valid_until: int
    heard: Heard = Heard.PENDING


class RatingAsk(Message, frozen=True):
    """The pad asks about `ticket` of `day` until `until`; `done` once a level was recorded."""

    day: str
    ticket: str
    until: int
    done: bool = False


class CounterState(Message, frozen=True):
    """All that panel, LED bar, pad, voice and displays need to know of a counter."""

    counter: int
    status: CounterStatus = CounterStatus.CLOSED
    phase: Phase = Phase.IDLE
    ticket: str = ""
    clerk: str = ""
    call: Call | None = None
    rating: RatingAsk | None = None
    pause_reason: str = ""
    pause_until: int = 0


class ServiceState(Struct, frozen=True, kw_only=True):
    """`counters` are those open or paused now that serve it."""

    waiting: int = 0
    counters: int = 0


class QueueState(Message, frozen=True):
    """Who waits for what, by service id."""

    services: dict[str, ServiceState]


class UnprintedTicket(Struct, frozen=True, kw_only=True):
    """A number whose paper is not known to have come; the kiosk prints it, marked 补打."""

    ticket: str
    service: str
    ahead: int
    issued_at: int
    green: str = ""


class KioskState(Message, frozen=True):
    """The numbers this kiosk owes paper for, oldest first, at most twenty."""

    kiosk: str
    unprinted: tuple[UnprintedTicket, ...] = ()


State = HubState | CounterState | QueueState | KioskState


class Presence(Message, frozen=True):
    """A board's birth and will; `boot` tells a late will from a live session. `troubles` is by "device part"."""

    board: str
    boot: str
    up: bool = True
    troubles: dict[str, tuple[str, ...]] = {}

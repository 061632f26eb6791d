"""The words that commands, events and states share; each stands here once."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Annotated

from msgspec import DecodeError, Meta, Struct

__all__ = [
    "CODE_LENGTH",
    "CODE_SIGNS",
    "JUNK",
    "NOTHING_POSTED",
    "Act",
    "Appointment",
    "BadMessage",
    "CommandRejected",
    "Count",
    "CounterStatus",
    "Day",
    "Deed",
    "EmergencyKind",
    "Heard",
    "KeyOfDay",
    "Level",
    "Message",
    "Millis",
    "Name",
    "Number",
    "Pace",
    "PersonHash",
    "Phase",
    "Place",
    "Posted",
    "Rank",
    "Refusal",
    "RestoredFrom",
    "Rule",
    "Sentence",
    "Version",
    "Versions",
    "Wait",
]

# What a peer may send at the most: no number and no text of its can choke the hub.
Number = Annotated[int, Meta(ge=0, le=9999)]
Count = Annotated[int, Meta(ge=0, le=10**9)]
Millis = Annotated[int, Meta(ge=0, le=10**14)]
Name = Annotated[str, Meta(max_length=40)]
PersonHash = Annotated[str, Meta(pattern=r"^([0-9a-f]{32,64})?\Z")]
"""A keyed hash in hex; what an identity card says of a person is no such text, so it cannot travel by mistake."""
KeyOfDay = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Day = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")]
Sentence = Annotated[str, Meta(max_length=500)]

# What stands on a ticket to prove that its visitor is here: so many of these signs.
CODE_LENGTH = 6
CODE_SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

Place = tuple[int, int, int]
"""Where a ticket stands among all that wait: (time in ms, order of issue, how often somebody was moved behind)."""


class Message(Struct, frozen=True, tag=True, kw_only=True, omit_defaults=True):
    """What crosses a process or a reboot."""


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


class Act(StrEnum):
    """What a counter did by hand while it was alone."""

    CALLED = "called"
    SERVED = "served"
    CLOSED = "closed"
    NO_SHOW = "no_show"


class Rank(IntEnum):
    """Who goes before whom: the green channel, appointments whose time has come, everybody else."""

    GREEN = 0
    APPOINTMENT = 1
    WALK_IN = 2


class Rule(StrEnum):
    """The published rules by which a ticket can be called; each call records its own."""

    ARRIVAL = "arrival"
    GREEN_COUNTER = "green_counter"
    GREEN_FIRST = "green_first"
    GREEN_ONLY = "green_only"
    APPOINTMENT_FIRST = "appointment_first"
    APPOINTMENT_ONLY = "appointment_only"
    AFTER_PRIORITY = "after_priority"
    SUPERVISOR = "supervisor"
    BY_HAND = "by_hand"


class Deed(StrEnum):
    """What opens or shuts a door of the hall, and is done on the hub itself."""

    PIN_SET = "pin_set"
    IDENTITY_MADE = "identity_made"
    IDENTITY_REVOKED = "identity_revoked"


class RestoredFrom(StrEnum):
    """What a new box's journal was brought back from."""

    OLD_CARD = "old_card"
    BACKUP = "backup"


class EmergencyKind(StrEnum):
    """Which plan of the hall is carried out: for the record, which the sentence that visitors hear need not tell."""

    FIRE = "fire"
    POWER = "power"
    NETWORK = "network"
    CROWD = "crowd"
    MEDICAL = "medical"
    SYSTEM = "system"
    OTHER = "other"


class Refusal(StrEnum):
    """Why a command was refused; devices turn the code into a sentence for the person in front of them."""

    BAD_MESSAGE = "bad_message"
    NOT_YOURS = "not_yours"
    STALE = "stale"
    DOUBLE_PRESS = "double_press"
    UNKNOWN_SERVICE = "unknown_service"
    UNKNOWN_COUNTER = "unknown_counter"
    UNKNOWN_TICKET = "unknown_ticket"
    UNKNOWN_CLASS = "unknown_class"
    UNKNOWN_APPOINTMENT = "unknown_appointment"
    UNKNOWN_KIOSK = "unknown_kiosk"
    COUNTER_CLOSED = "counter_closed"
    COUNTER_PAUSED = "counter_paused"
    COUNTER_BUSY = "counter_busy"
    ALREADY_SO = "already_so"
    NOBODY_WAITING = "nobody_waiting"
    NOTHING_CALLED = "nothing_called"
    NOT_SERVING = "not_serving"
    RECALL_LIMIT = "recall_limit"
    WRONG_STATE = "wrong_state"
    WRONG_CODE = "wrong_code"
    NO_COUNTER_SERVES = "no_counter_serves"
    RATING_CLOSED = "rating_closed"
    ALREADY_RATED = "already_rated"
    NUMBERS_EXHAUSTED = "numbers_exhausted"
    NOT_OPEN = "not_open"
    LAST_TICKET_GIVEN = "last_ticket_given"
    ISSUING_STOPPED = "issuing_stopped"
    QUOTA_OF_DAY = "quota_of_day"
    QUOTA_OF_SLOT = "quota_of_slot"
    HAS_TICKET = "has_ticket"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    STAFF_ONLY = "staff_only"
    WRONG_PIN = "wrong_pin"
    LOCKED = "locked"
    WITHDRAWN = "withdrawn"
    NOT_LENT = "not_lent"
    EMERGENCY = "emergency"


class Level(StrEnum):
    """The five levels of 好差评, best first: 非常满意 满意 基本满意 不满意 非常不满意."""

    VERY_SATISFIED = "very_satisfied"
    SATISFIED = "satisfied"
    FAIRLY_SATISFIED = "fairly_satisfied"
    DISSATISFIED = "dissatisfied"
    VERY_DISSATISFIED = "very_dissatisfied"


class Appointment(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A promise: who brings `code` between `starts` and `ends` (ms) is served ahead of those without one."""

    code: str
    service: str
    starts: int
    ends: int
    person: str = ""
    source: str = ""


class Posted(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A sentence for the whole hall, and since when it stands; empty for none."""

    text: str = ""
    since: Millis = 0


NOTHING_POSTED = Posted()


class Pace(Struct, frozen=True, array_like=True):
    """How long a counter was busy with a ticket of one service lately: weight, mean and variance, in ms and ms²."""

    weight: float = 0.0
    mean: float = 0.0
    variance: float = 0.0


class Version(Struct, frozen=True, array_like=True):
    """An item of the catalogue by its id, as it was."""

    item: Name
    version: Number


Versions = Annotated[tuple[Version, ...], Meta(max_length=200)]


class Wait(Struct, frozen=True, array_like=True):
    """An estimated wait in minutes, from `least` to `most`."""

    least: Count
    most: Count


class CommandRejected(ValueError):
    """Asked too much: the command changes nothing, and its sender is told why.

    `ticket` is the one in the way; `again` is when the wish may be granted (ms), 0 where nobody knows.
    """

    def __init__(self, code: Refusal, reason: str, ticket: str = "", again: int = 0) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.ticket = ticket
        self.again = again


JUNK = (DecodeError, UnicodeDecodeError, RecursionError)
"""What a decoder raises for bytes that are no message; the last for brackets in brackets in brackets, wherever they stand."""


class BadMessage(ValueError):
    """A peer sent junk: it is logged with its sender and dropped."""

"""States: retained, what devices show; a new one replaces the old one whole."""

from __future__ import annotations

from msgspec import Struct

from broker.messages.words import (
    Count,
    CounterStatus,
    Day,
    Heard,
    KeyOfDay,
    Message,
    Millis,
    Number,
    Phase,
    Refusal,
    Wait,
)

__all__ = [
    "Call",
    "CardKey",
    "CounterState",
    "HallState",
    "HubState",
    "KioskState",
    "Presence",
    "QueueState",
    "RatingAsk",
    "ServiceState",
    "State",
    "UnprintedTicket",
]


class HubState(Message, frozen=True):
    """The hub's heartbeat. `up` False is its will; `problems` are sentences for the technician."""

    boot: str
    up: bool = True
    at: Millis = 0
    problems: tuple[str, ...] = ()


class Call(Message, frozen=True):
    """A call to be shown and said: at most once aloud per `seq` and `recall`, and only until `valid_until`.

    `rule` chose it; until `undo_until` the clerk may take it back.
    """

    seq: Count
    ticket: str
    recall: Count
    valid_until: Millis
    heard: Heard = Heard.PENDING
    rule: str = ""
    undo_until: Millis = 0


class RatingAsk(Message, frozen=True):
    """The pad asks about `ticket` of `day` until `until`; `done` once a level was recorded."""

    day: str
    ticket: str
    until: Millis
    done: bool = False


class CounterState(Message, frozen=True):
    """All that panel, LED bar, pad, voice and displays need to know of a counter.

    `own` wait for this counter alone; `held` are on hold here, the longest first. `help_since` is when its clerk
    called for help, 0 once that is answered: for lamps and people behind the counters, never for a visitor's eye.
    `item` is what the ticket's visitor came for, empty where they chose none; `agent`: for somebody else.
    """

    counter: Number
    status: CounterStatus = CounterStatus.CLOSED
    phase: Phase = Phase.IDLE
    ticket: str = ""
    service: str = ""
    clerk: str = ""
    call: Call | None = None
    rating: RatingAsk | None = None
    pause_reason: str = ""
    pause_until: Millis = 0
    own: Count = 0
    held: tuple[str, ...] = ()
    help_since: Millis = 0
    item: str = ""
    agent: bool = False


class ServiceState(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`counters` are those open now that serve it; `refused` is why no ticket can be had now, None if one can.

    `again` is when one can, 0 where nobody knows. `wait` is for who takes a ticket now. `sent_home` once the day's
    last session is over and who still waited was cancelled.
    """

    waiting: Count = 0
    counters: Count = 0
    refused: Refusal | None = None
    again: int = 0
    wait: Wait | None = None
    sent_home: bool = False


class QueueState(Message, frozen=True):
    """Who waits for what, by service id; `missed` numbers may still come back, the newest first, at most twenty."""

    services: dict[str, ServiceState]
    missed: tuple[str, ...] = ()


class UnprintedTicket(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A number whose paper is not known to have come; the kiosk prints it, marked 补打. `copy` counts those asked for."""

    ticket: str
    service: str
    ahead: Count
    issued_at: Millis
    green: str = ""
    slot: Millis = 0
    code: str = ""
    wait: Wait | None = None
    copy: Count = 0
    alone: bool = False
    item: str = ""
    agent: bool = False
    english: bool = False


class KioskState(Message, frozen=True):
    """The numbers this kiosk owes paper for, oldest first, at most twenty.

    `guide_since` is when a visitor here asked for a guide, 0 once that is answered.
    """

    kiosk: str
    unprinted: tuple[UnprintedTicket, ...] = ()
    guide_since: Millis = 0


class HallState(Message, frozen=True):
    """What the whole hall is to know. A sentence is empty for none; `since` is the emergency's, else the notice's.

    While there is an `emergency` no ticket is given and nobody called; `notice` is for the hall displays' strip.
    `guides` has since when visitors ask for a guide, by kiosk.
    """

    emergency: str = ""
    notice: str = ""
    since: Millis = 0
    guides: dict[str, Millis] = {}


class CardKey(Message, frozen=True):
    """By what the hall's card readers know a person all through `day`; 32 bytes in hex. No journal and no log holds it."""

    day: Day
    key: KeyOfDay

    def __repr__(self) -> str:
        # What a device stumbles over stands in the log.
        return f"CardKey(day={self.day!r})"


State = HubState | HallState | CounterState | QueueState | KioskState | CardKey


class Presence(Message, frozen=True):
    """A board's birth and will; `boot` tells a late will from a live session. `troubles` is by "device part".

    `alone` is why the board cannot ask the hub, as far as it can still tell.
    """

    board: str
    boot: str
    up: bool = True
    troubles: dict[str, tuple[str, ...]] = {}
    alone: str = ""

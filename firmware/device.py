"""What a device's thinking hears and what it answers: events and effects, shared by all devices; no hardware, no clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from broker.hearing import Alone, Answered, Kept, Together, Unanswered
from broker.messages import (
    CardKey,
    CounterState,
    DeviceCommand,
    HallState,
    HubState,
    KioskState,
    QueueState,
    Wait,
)
from broker.phrases import Language
from firmware.hal import Health, Trouble
from firmware.hal.lamps import Light
from firmware.hal.screen import Page

__all__ = [
    "NO_PAST",
    "CardShown",
    "CheckPrinter",
    "CodeScanned",
    "Done",
    "Draw",
    "Effect",
    "Event",
    "Failed",
    "KeyPressed",
    "LightLamp",
    "PartHealth",
    "Past",
    "Print",
    "PrintNotice",
    "PrintTest",
    "Prompt",
    "Remember",
    "Say",
    "SayEnglish",
    "Send",
    "Show",
    "StartTimer",
    "Tell",
    "Thinking",
    "TimerFired",
    "UseCardKey",
    "Warn",
    "Wiring",
]

# --- effects: what a device wants done ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Send:
    """Ask the hub. `lives_s` None: it never goes stale and is kept on the board's disk until answered."""

    command: DeviceCommand
    lives_s: float | None


@dataclass(frozen=True, slots=True)
class Remember:
    """Write a value down, before any command that is sent to be kept later; a restarted device has it in its `Past`."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Fire `TimerFired(name)` after `seconds`; a running timer of that name starts anew, 0 or less stops it."""

    name: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Show:
    """Text on the visitors' LED bar."""

    text: str


@dataclass(frozen=True, slots=True)
class Tell:
    """Text on the clerk's own display."""

    text: str


@dataclass(frozen=True, slots=True)
class LightLamp:
    lamp: str
    light: Light


@dataclass(frozen=True, slots=True)
class Draw:
    page: Page


@dataclass(frozen=True, slots=True)
class Say:
    """Speak `text` for a call; `mark` grows with every call of the counter, so that none is spoken twice."""

    text: str
    counter: int
    call: int
    recall: int
    mark: int


@dataclass(frozen=True, slots=True)
class SayEnglish:
    """Speak in English the call that was just said; nothing is marked, for a call that was begun is not begun again."""

    text: str
    recall: int


@dataclass(frozen=True, slots=True)
class Prompt:
    """Speak `text` to who stands before the device; a newer prompt cuts an older one off, an empty one silences it.

    It is said now or never, and nobody hears how it went. Every voice of the device is told: the one of that language
    speaks, the others fall silent.
    """

    text: str
    language: Language = Language.CHINESE


@dataclass(frozen=True, slots=True)
class Warn:
    """Speak the sentence of an emergency; as often as it is asked."""

    text: str


@dataclass(frozen=True, slots=True)
class Hush:
    """Break off at once what is being said, or is about to be; it has Failed then, unless it was heard already."""

    effect: Say | SayEnglish | Warn


@dataclass(frozen=True, slots=True)
class Print:
    """Paper for a ticket; `again` marks every copy that may not be the first, `copy` counts those asked for.

    `slot` is when its appointment begins, 0 without one; `code` proves later whose it is. A kiosk `alone` gave the
    number: how many are ahead nobody knows. `item` of the catalogue is what its visitor came for, as somebody's `agent` or not;
    `english` where they read that.
    """

    ticket: str
    service: str
    ahead: int
    issued_at: int
    green: str = ""
    again: bool = False
    slot: int = 0
    code: str = ""
    wait: Wait | None = None
    copy: int = 0
    alone: bool = False
    item: str = ""
    agent: bool = False
    english: bool = False


@dataclass(frozen=True, slots=True)
class PrintNotice:
    """All that is told of an item (一次性告知), on paper; `at` is the hub's time."""

    item: str
    at: int
    english: bool = False


@dataclass(frozen=True, slots=True)
class CheckPrinter:
    """Ask the printer now whether it can print; Done if so, Failed with its trouble if not."""


@dataclass(frozen=True, slots=True)
class PrintTest:
    """A strip that proves the printer, no ticket; `at` is the hub's time, `attempt` tells one test from the next."""

    at: int
    attempt: int


@dataclass(frozen=True, slots=True)
class UseCardKey:
    """It is `day`: from now on the card reader goes by this key, in hex; by none if it is empty."""

    day: str
    key: str = field(repr=False)  # effects of a device that fails stand in the log


Effect = (
    Send
    | Remember
    | StartTimer
    | Show
    | Tell
    | LightLamp
    | Draw
    | Say
    | SayEnglish
    | Prompt
    | Warn
    | Hush
    | Print
    | PrintNotice
    | CheckPrinter
    | PrintTest
    | UseCardKey
)

# --- events: what a device hears ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeyPressed:
    key: str


@dataclass(frozen=True, slots=True)
class CodeScanned:
    """A QR or bar code was held before a scanner."""

    code: str


@dataclass(frozen=True, slots=True)
class CardShown:
    """An identity card lies on the reader; a keyed hash and one fact of age are all that anybody learns of it.

    `person` is empty while the reader has no key of the day.
    """

    person: str = field(repr=False)  # events that fail stand in the log
    elderly: bool


@dataclass(frozen=True, slots=True)
class TimerFired:
    name: str


@dataclass(frozen=True, slots=True)
class Done:
    """A part has done what was asked."""

    effect: Effect


@dataclass(frozen=True, slots=True)
class Failed:
    """A part could not do what was asked."""

    effect: Effect
    sentence: str
    trouble: Trouble


@dataclass(frozen=True, slots=True)
class PartHealth:
    part: str
    health: Health


Event = (
    KeyPressed
    | CodeScanned
    | CardShown
    | TimerFired
    | Done
    | Failed
    | PartHealth
    | Answered
    | Unanswered
    | Kept
    | Alone
    | Together
    | HubState
    | HallState
    | CounterState
    | QueueState
    | KioskState
    | CardKey
)


@dataclass(frozen=True, slots=True)
class Past:
    """What a device still has of its earlier life.

    `marks` are what it must not do twice; `remembered` is what it had written down; `kept` is what it sent to be kept
    and has no answer to yet.
    """

    marks: dict[str, int] = field(default_factory=dict)
    remembered: dict[str, str] = field(default_factory=dict)
    kept: tuple[DeviceCommand, ...] = ()


NO_PAST = Past()


class Thinking(Protocol):
    """A device's mind: `now` is the hub's time in ms. Pure; called by one thread."""

    def start(self) -> tuple[Effect, ...]:
        """What to do before anything was heard."""

    def handle(self, event: Event, now: int) -> tuple[Effect, ...]: ...

    @property
    def serving(self) -> bool:
        """Whether somebody is in the midst of something here: then no update starts this board anew."""


@dataclass(frozen=True, slots=True)
class Wiring:
    """Which part does which effects: `parts[name]` maps effect types to a call of the opened part and the effect.

    For a `Prompt` the call has a third argument, the event by which a newer one cuts it off.

    `once` are effects that must not be done twice, not even after a power cut: how each is marked (name, until).

    `until` grows with each of a name, and is the hub's time after which it is too late to do it.
    `hears[name]` makes an event of what a part tells by itself; what is not there tells keys.
    """

    parts: Mapping[str, Mapping[type, Callable[..., object]]]
    once: Mapping[type, Callable[[Any], tuple[str, int]]]
    hears: Mapping[str, Callable[[Any], Event]] = field(default_factory=dict)

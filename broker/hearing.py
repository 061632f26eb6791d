"""What a link tells a device: answers, silence, and whether the hub can be asked; it never crosses a wire."""

from __future__ import annotations

from dataclasses import dataclass

from broker.messages import CounterState, DeviceCommand, Event, HubState, KioskState, QueueState

__all__ = ["Alone", "Answered", "Heard", "Kept", "Together", "Unanswered"]


@dataclass(frozen=True, slots=True)
class Answered:
    """The hub wrote this down for a command of ours."""

    command: DeviceCommand
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A command went stale without an answer, or could not be asked; `why` is an English sentence."""

    command: DeviceCommand
    why: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A command that never goes stale is safe on this board's disk."""

    device: str
    command: DeviceCommand


@dataclass(frozen=True, slots=True)
class Alone:
    """The hub cannot be asked; `why` says what is known of it."""

    why: str


@dataclass(frozen=True, slots=True)
class Together:
    """The hub can be asked (again)."""


Heard = (
    Answered
    | Unanswered
    | Kept
    | Alone
    | Together
    | HubState
    | CounterState
    | QueueState
    | KioskState
)

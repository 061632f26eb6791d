"""What a link tells a device: answers, silence, and whether the hub can be asked; it never crosses a wire."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from broker.messages import (
    CardKey,
    CounterState,
    DeviceCommand,
    Event,
    HallState,
    HubState,
    KioskState,
    QueueState,
)

__all__ = ["Alone", "Answered", "Cause", "Heard", "Kept", "Together", "Unanswered"]


@dataclass(frozen=True, slots=True)
class Answered:
    """The hub wrote this down for a command of ours."""

    command: DeviceCommand
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A command went stale without an answer, or could not be asked; `why` is an English sentence.

    `command_id` is what it was sent as, and may yet be taken as; empty if it was never sent.
    """

    command: DeviceCommand
    why: str
    command_id: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A command that never goes stale is safe on this board's disk."""

    device: str
    command: DeviceCommand


class Cause(StrEnum):
    """Why the hub cannot be asked."""

    LINE = "line"
    HUB = "hub"
    SILENCE = "silence"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class Alone:
    """The hub cannot be asked; `why` says what is known of it. Told again when the cause is another."""

    why: str
    cause: Cause = Cause.LINE


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
    | HallState
    | CounterState
    | QueueState
    | KioskState
    | CardKey
)

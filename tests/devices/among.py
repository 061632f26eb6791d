"""What stands among a device's effects: one kind of them, a lamp, the text, the page; never what a device should do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from broker.messages import DeviceCommand
from firmware.device import (
    Draw,
    Effect,
    Event,
    LightLamp,
    Print,
    Prompt,
    Say,
    SayEnglish,
    Send,
    Show,
    StartTimer,
    Tell,
    Thinking,
)
from firmware.hal.lamps import Light
from firmware.hal.screen import CounterPage, HallPage, KioskPage

__all__ = [
    "NOW",
    "Effects",
    "asks",
    "bar",
    "clerk",
    "counter_page",
    "hall_page",
    "lamps",
    "of",
    "page",
    "when",
]

NOW = 1_700_000_000_000
Effects = tuple[Effect, ...]
Kind = TypeVar(
    "Kind", Print, Say, SayEnglish, Prompt, Send, Show, Tell, LightLamp, Draw, StartTimer
)


def when(device: Thinking, *events: Event, now: int = NOW) -> Effects:
    """Let a device hear events one after another; what it answers to the last."""
    effects: Effects = ()
    for event in events:
        effects = device.handle(event, now)
    return effects


def of(kind: type[Kind], effects: Iterable[Effect]) -> list[Kind]:
    return [effect for effect in effects if isinstance(effect, kind)]


def asks(effects: Iterable[Effect]) -> list[DeviceCommand]:
    return [send.command for send in of(Send, effects)]


def lamps(effects: Iterable[Effect]) -> dict[str, Light]:
    return {effect.lamp: effect.light for effect in of(LightLamp, effects)}


def bar(effects: Iterable[Effect]) -> str:
    """The last text on the LED bar."""
    return of(Show, effects)[-1].text


def clerk(effects: Iterable[Effect]) -> str:
    """The last text on the clerk's display."""
    return of(Tell, effects)[-1].text


def page(effects: Iterable[Effect]) -> KioskPage:
    found = of(Draw, effects)[-1].page
    assert isinstance(found, KioskPage)
    return found


def counter_page(effects: Iterable[Effect]) -> CounterPage:
    found = of(Draw, effects)[-1].page
    assert isinstance(found, CounterPage)
    return found


def hall_page(effects: Iterable[Effect]) -> HallPage:
    found = of(Draw, effects)[-1].page
    assert isinstance(found, HallPage)
    return found

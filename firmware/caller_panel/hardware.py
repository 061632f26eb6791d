"""The caller panel's parts: keys, key lamps, the LED bar, the clerk's display, a voice, a help key; which effect goes to which."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from threading import Event

from msgspec import Struct

from broker.loading import Problem
from broker.settings import Counter, Device, Hall, Kind
from broker.wrong_values import meant
from firmware.caller_panel.by_hand import DIGITS, PREFIX, letters
from firmware.caller_panel.help_key import HELP
from firmware.caller_panel.panel import PAUSE, TRANSFER
from firmware.device import LightLamp, Say, Show, Tell, Wiring
from firmware.hal.keypad import KeypadSettings
from firmware.hal.lamps import Lamps, LampsSettings
from firmware.hal.led_panel import LedPanel, LedPanelSettings
from firmware.hal.voice import Voice, VoiceSettings

__all__ = ["Hardware", "can_type", "problems", "wiring"]

KEYS = ("next", "recall", "serve", "close", "no_show", "undo", "hold", "hold:any", "pause", HELP)
LAMPS = ("next", "serve", "close", "undo", "hold", "pause")


class Hardware(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A panel without lamps, a display or a voice of its own works too; the voice speaks only while it is alone.

    The key `help` may be one of its keys, or a contact of its own, hidden under the desk.
    """

    keys: KeypadSettings
    led: LedPanelSettings
    lamps: LampsSettings | None = None
    display: LedPanelSettings | None = None
    voice: VoiceSettings | None = None
    help: KeypadSettings | None = None


def can_type(device: Device) -> bool:
    """Whether its clerk can call by hand while the hub cannot be asked."""
    return set(DIGITS) <= set(device.hardware.get("keys", {}).get("keys", {}))


def problems(hall: Hall, device: Device, hardware: Hardware) -> Iterator[Problem]:
    """Names that mean nothing at this counter, and the key that its clerk would look for in vain."""
    counter = hall.counter.get(device.counter)
    if counter is None:
        return  # said already, and without a counter nothing more can be
    for key in hardware.keys.keys:
        if sentence := _wrong_key(hall, counter, key):
            yield Problem(("keys", "keys", key), sentence)
    if counter.serve_key and "serve" not in hardware.keys.keys:
        yield Problem(
            ("keys", "keys"),
            f"the panel {device.id!r} needs a key 'serve': counter {counter.number} waits for it after each call;"
            " add the key, or write serve_key = false at the counter",
        )
    yield from _numbers(hall, counter, hardware.keys.keys)
    yield from _help(hall, device, hardware)
    known = (*LAMPS, *_pauses(hall))
    for lamp in hardware.lamps.lamps if hardware.lamps else ():
        if lamp not in known:
            yield Problem(
                ("lamps", "lamps", lamp), f"{lamp!r} is no lamp of a panel{meant(lamp, known)}"
            )


def _numbers(hall: Hall, counter: Counter, keys: Collection[str]) -> Iterator[Problem]:
    """A pad of digits on which some number of this counter cannot be typed."""
    missing = [digit for digit in DIGITS if digit not in keys]
    if PREFIX not in keys and missing == list(DIGITS):
        return
    own = {service.prefix for service in hall.services if service.id in hall.served[counter.number]}
    if missing:
        yield Problem(
            ("keys", "keys"),
            f"to call by hand a panel needs all keys 0 to 9; there is no {', '.join(missing)}:"
            " add them, or take out the others and 'prefix'",
        )
    elif PREFIX not in keys and len(own) > 1:
        yield Problem(
            ("keys", "keys"),
            f"counter {counter.number} has numbers with {' and '.join(letters(hall, counter.number)[: len(own)])}:"
            " to call them by hand its panel needs a key 'prefix' too",
        )


def _help(hall: Hall, device: Device, hardware: Hardware) -> Iterator[Problem]:
    """A contact with other names, and a call that nobody would see."""
    names = hardware.help.keys if hardware.help else ()
    for key in names:
        if key != HELP:
            yield Problem(
                ("help", "keys", key), f"{key!r} is no key to call for help{meant(key, [HELP])}"
            )
    steps = ("keys", "keys", HELP) if HELP in hardware.keys.keys else ("help",)
    if (names or HELP in hardware.keys.keys) and not _seen(hall, device.counter):
        yield Problem(
            steps,
            f"nobody would see counter {device.counter} call for help: give an announcer of its zone"
            f" a lamp {HELP!r}, or '{HELP}:{device.counter}', at the desk of who is to come",
        )


def _seen(hall: Hall, counter: int) -> bool:
    return any(
        counter in hall.watched_by(device)
        and {HELP, f"{HELP}:{counter}"} & set(device.hardware.get("lamps", {}).get("lamps", {}))
        for device in hall.device.values()
        if device.kind is Kind.ANNOUNCER
    )


def _pauses(hall: Hall) -> list[str]:
    """The keys, and lamps, of the hall's reasons to pause."""
    return [f"{PAUSE}{reason.id}" for reason in hall.pauses]


def _wrong_key(hall: Hall, counter: Counter, key: str) -> str:
    """What is wrong with a key; empty if nothing is."""
    if key.startswith(TRANSFER):
        to = key.removeprefix(TRANSFER)
        if to == str(counter.number):
            return (
                f"{key!r} transfers from counter {to} to itself; name another counter or a service"
            )
        # Digits alone are read as a counter, even where a service is called so.
        services = [service for service in hall.service if not service.isdecimal()]
        places = [*services, *map(str, hall.counter)]
        return (
            "" if to in places else f"{key!r} leads to no service and no counter{meant(to, places)}"
        )
    if key == "serve" and not counter.serve_key:
        return (
            f"counter {counter.number} has serve_key = false: its panel has no key 'serve';"
            " take out the key, or write serve_key = true"
        )
    keys = (*KEYS, *DIGITS, PREFIX, *_pauses(hall))
    known = (*keys, f"{PAUSE}REASON", f"{TRANSFER}SERVICE", f"{TRANSFER}NUMBER")
    return "" if key in keys else f"{key!r} is no key of a panel{meant(key, known)}"


def _show(panel: LedPanel, effect: Show | Tell) -> None:
    panel.show(effect.text)


def _light(lamps: Lamps, effect: LightLamp) -> None:
    lamps.light(effect.lamp, effect.light)


def _say(voice: Voice, effect: Say, cut: Event | None = None) -> None:
    # As a hall's voice does: twice, and a recall once more.
    for _ in range(1 if effect.recall else 2):
        voice.say(effect.text, cut)


def wiring(_hall: Hall, _hardware: Hardware) -> Wiring:
    return Wiring(
        parts={
            "keys": {},
            "led": {Show: _show},
            "lamps": {LightLamp: _light},
            "display": {Tell: _show},
            "voice": {Say: _say},
            "help": {},
        },
        once={},
    )

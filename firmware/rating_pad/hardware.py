"""The rating pad's parts: five keys or a screen with five faces, a reminder lamp, a small display, a voice; which effect goes to which."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from broker.loading import Problem
from broker.messages import Level
from broker.phrases import Language
from broker.settings import Device, Hall
from broker.wrong_values import meant
from firmware.device import Draw, LightLamp, Prompt, Tell, Wiring
from firmware.hal.keypad import Ff68KeypadSettings, KeypadSettings
from firmware.hal.lamps import Lamps, LampsSettings
from firmware.hal.led_panel import LedPanel, LedPanelSettings
from firmware.hal.screen import Screen, ScreenSettings
from firmware.hal.voice import VoiceSettings
from firmware.prompting import prompting

__all__ = ["Hardware", "notes", "problems", "wiring"]


class Hardware(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A pad with a screen needs no keys beside it."""

    keys: KeypadSettings | None = None
    screen: ScreenSettings | None = None
    lamps: LampsSettings | None = None
    display: LedPanelSettings | None = None
    voice: VoiceSettings | None = None


def problems(_hall: Hall, device: Device, hardware: Hardware) -> Iterator[Problem]:
    """What the pad's names would do wrong: a level that nobody can press, a name that means nothing."""
    if hardware.keys is None and hardware.screen is None:
        yield Problem(
            (), f"nobody could press anything on the pad {device.id!r}: give it keys, or a screen"
        )
    if hardware.keys is not None:
        yield from _keys(device, hardware, hardware.keys)
    for lamp in hardware.lamps.lamps if hardware.lamps else ():
        if lamp != "remind":
            yield Problem(
                ("lamps", "lamps", lamp), f"{lamp!r} is no lamp of a pad{meant(lamp, ['remind'])}"
            )


def _keys(device: Device, hardware: Hardware, keys: KeypadSettings) -> Iterator[Problem]:
    levels = [level.value for level in Level]
    for key in keys.keys:
        if key not in levels:
            yield Problem(("keys", "keys", key), f"{key!r} is no key of a pad{meant(key, levels)}")
    absent = _absent(hardware)
    if _has_four_keys(hardware) and len(absent) > 1:
        yield Problem(
            ("keys", "keys"),
            f"the pad {device.id!r} has four keys: give each a level, of {', '.join(absent)}",
        )
    elif absent and not _has_four_keys(hardware):
        yield Problem(
            ("keys", "keys"),
            f"the pad {device.id!r} cannot express five levels: add a key for {', '.join(absent)}",
        )


def notes(device: Device, hardware: Hardware) -> Iterator[str]:
    """What the pad cannot do, and may be wanted all the same."""
    if _has_four_keys(hardware) and (absent := _absent(hardware)):
        yield (
            f"the pad {device.id!r} cannot express five levels: on its four keys nobody can press"
            f" {', '.join(absent)}, so its ratings are not comparable with those of five keys"
        )


def _absent(hardware: Hardware) -> list[str]:
    """The levels that nobody can press: a screen has them all."""
    if hardware.keys is None or hardware.screen is not None:
        return []
    return [level.value for level in Level if level.value not in hardware.keys.keys]


def _has_four_keys(hardware: Hardware) -> bool:
    keys = hardware.keys
    return isinstance(keys, Ff68KeypadSettings) and keys.role == "pad"


def _light(lamps: Lamps, effect: LightLamp) -> None:
    lamps.light(effect.lamp, effect.light)


def _tell(display: LedPanel, effect: Tell) -> None:
    display.show(effect.text)


def _show(screen: Screen, effect: Draw) -> None:
    screen.show(effect.page)


def wiring(_hall: Hall, _hardware: Hardware) -> Wiring:
    return Wiring(
        parts={
            "keys": {},
            "screen": {Draw: _show},
            "lamps": {LightLamp: _light},
            "display": {Tell: _tell},
            "voice": {Prompt: prompting(Language.CHINESE)},
        },
        once={},
    )

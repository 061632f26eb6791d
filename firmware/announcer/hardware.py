"""The announcer's part: a voice. What it says it says once, so that each call is marked on the disk before it is spoken."""

from __future__ import annotations

from msgspec import Struct

from broker.loading import Problem
from broker.settings import Device, Hall
from firmware.device import Say, Wiring
from firmware.hal.voice import Voice, VoiceSettings

__all__ = ["Hardware", "problems", "wiring"]


class Hardware(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    voice: VoiceSettings


def _say(voice: Voice, effect: Say) -> None:
    # Twice, as halls do: the first time one looks up, the second time one listens. A recall says it once more.
    for _ in range(1 if effect.recall else 2):
        voice.say(effect.text)


def _mark(effect: Say) -> tuple[str, int]:
    return str(effect.counter), effect.mark


def problems(_hall: Hall, _device: Device, _hardware: Hardware) -> tuple[Problem, ...]:
    """None: nothing here has a name that its thinking must know."""
    return ()


def wiring(_hall: Hall, _hardware: Hardware) -> Wiring:
    return Wiring(parts={"voice": {Say: _say}}, once={Say: _mark})

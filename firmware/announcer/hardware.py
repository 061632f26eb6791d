"""The announcer's parts: a voice, which says each call once and marks it on the disk before, one of English, and lamps for silent calls for help and for a guide."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

from msgspec import Struct

from broker.loading import Problem
from broker.settings import Device, Hall, Kind
from broker.wrong_values import meant
from firmware.announcer.guide_lamps import GUIDE, of_kiosk
from firmware.announcer.help_lamps import HELP, of_counter
from firmware.device import LightLamp, Say, SayEnglish, Warn, Wiring
from firmware.hal.lamps import Lamps, LampsSettings
from firmware.hal.voice import Voice, VoiceSettings

__all__ = ["Hardware", "problems", "wiring"]


class Hardware(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`lamps` are for the desk of a supervisor, guard or guide, not for the hall's eye."""

    voice: VoiceSettings
    voice_en: VoiceSettings | None = None
    lamps: LampsSettings | None = None


def _say(voice: Voice, effect: Say | SayEnglish, cut: Event | None = None) -> None:
    # Twice, as halls do: the first time one looks up, the second time one listens. A recall says it once more.
    for _ in range(1 if effect.recall else 2):
        voice.say(effect.text, cut)


def _warn(voice: Voice, effect: Warn, cut: Event | None = None) -> None:
    voice.say(effect.text, cut)


def _mark(effect: Say) -> tuple[str, int]:
    return str(effect.counter), effect.mark


def _light(lamps: Lamps, effect: LightLamp) -> None:
    lamps.light(effect.lamp, effect.light)


def problems(hall: Hall, device: Device, hardware: Hardware) -> Iterator[Problem]:
    """Lamps that would never be lit, and a voice that would never speak."""
    if hardware.voice_en and not hall.rules.announce_english:
        yield Problem(
            ("voice_en",),
            "this voice would never speak: set announce_english = true in [rules], or take it out",
        )
    kiosks = (one.id for one in hall.device.values() if one.kind is Kind.TICKET_KIOSK)
    counters = hall.watched_by(device)
    known = (HELP, *map(of_counter, counters), GUIDE, *map(of_kiosk, kiosks))
    for lamp in hardware.lamps.lamps if hardware.lamps else ():
        if lamp not in known:
            yield Problem(
                ("lamps", "lamps", lamp),
                f"{lamp!r} is no lamp of this announcer{meant(lamp, known)}",
            )


def wiring(_hall: Hall, _hardware: Hardware) -> Wiring:
    return Wiring(
        parts={
            "voice": {Say: _say, Warn: _warn},
            "voice_en": {SayEnglish: _say},
            "lamps": {LightLamp: _light},
        },
        once={Say: _mark},
    )

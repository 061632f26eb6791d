"""A voice of recorded clips: joins the pieces of a sentence and plays them through a sound card."""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path
from threading import Event

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.voice import ClipsSettings
from firmware.hal.voice.pack import Pack, PackFault
from firmware.hal.voice.planning import Clip, NoPieces
from firmware.hal.voice.sound_card import SoundCard, silence

__all__ = ["ClipVoice"]

log = logging.getLogger(__name__)

KEPT_CLIPS = 128  # decoded, 50 kB each: letters and counters come again and again


class ClipVoice:
    """Reads its pack when it is first to speak, and anew after the pack was away."""

    def __init__(self, settings: ClipsSettings, card: SoundCard | None = None) -> None:
        self._path = Path(settings.pack)
        self._card = card or SoundCard(settings.card)
        self._pack: Pack | None = None
        self._told = ""
        self._samples = lru_cache(KEPT_CLIPS)(self._decode)

    def say(self, text: str, cut: Event | None = None) -> None:
        pack = self._opened()
        try:
            steps = pack.pieces.plan(text)
        except NoPieces as missing:
            raise HardwareFault(
                f"The voice pack {self._path} has no recording of {missing.gap!r}, so {text!r} was not said;"
                " make or record one that has it (docs/voice.md)",
                Trouble.BROKEN,
            ) from missing
        self._card.play(
            b"".join(
                self._samples(step.text) if isinstance(step, Clip) else silence(step.ms)
                for step in steps
            ),
            cut,
        )

    def health(self) -> Health:
        try:
            self._opened()
            self._card.open()
        except HardwareFault as fault:
            if str(fault) != self._told:
                self._told = str(fault)
                log.warning("%s", fault)  # before any call: health carries a word alone
            return Health(usable=False, troubles=(fault.trouble,))
        self._told = ""
        return Health()

    def close(self) -> None:
        self._card.close()

    def _opened(self) -> Pack:
        if self._pack is None or not self._path.exists():
            self._pack = None
            self._samples.cache_clear()
            self._pack = Pack(self._path)
            about = self._pack.manifest
            log.info("voice pack %s: %s by %s", self._path, about.voice, about.maker)
        return self._pack

    def _decode(self, text: str) -> bytes:
        pack = self._opened()
        try:
            return self._card.decode(pack.clip(text))
        except ValueError as fault:
            name = pack.manifest.clips[text]
            raise PackFault(
                f"The clip {name} of the voice pack {self._path} is no sound: {fault}; take the pack whole"
            ) from fault

"""A voice of recorded clips: joins the pieces of a sentence and plays them through a sound card."""

from __future__ import annotations

import contextlib
import logging
import time
from functools import lru_cache
from threading import Event

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.voice import ClipsSettings
from firmware.hal.voice.pack import Pack, PackFault, place
from firmware.hal.voice.planning import Clip, NoPieces
from firmware.hal.voice.sound_card import SoundCard, silence

__all__ = ["ClipVoice"]

log = logging.getLogger(__name__)

KEPT_CLIPS = 128  # decoded, 50 kB each: letters and counters come again and again
EACH_CALL = ("letter-", "counter-")  # by their files: what each call needs one of
PREPARED_SECONDS = 0.2  # of each look at its health; a call may come meanwhile


class ClipVoice:
    """Reads its pack when it is first to speak, and anew after the pack was away.

    What it has no recordings for stands in its health until it has said something else.
    """

    def __init__(self, settings: ClipsSettings, card: SoundCard | None = None) -> None:
        self._path = place(settings.pack)
        self._card = card or SoundCard(settings.card)
        self._pack: Pack | None = None
        self._told = ""
        self._unsaid = False
        self._unprepared: list[str] = []
        self._samples = lru_cache(KEPT_CLIPS)(self._decode)

    def say(self, text: str, cut: Event | None = None) -> None:
        pack = self._opened()
        try:
            steps = pack.pieces.plan(text)
        except NoPieces as missing:
            self._unsaid = True
            raise HardwareFault(
                f"The voice pack {self._path} has no recording of {missing.gap!r}, so {text!r} was not said;"
                " make or record one that has it (docs/voice.md)",
                Trouble.UNSAID,
            ) from missing
        self._unsaid = False
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
        self._prepare()
        return Health(troubles=(Trouble.UNSAID,) if self._unsaid else ())

    def close(self) -> None:
        self._card.close()

    def _opened(self) -> Pack:
        if self._pack is None or not self._path.exists():
            self._pack = None
            self._samples.cache_clear()
            self._pack = Pack(self._path)
            about = self._pack.manifest
            log.info("voice pack %s: %s by %s", self._path, about.voice, about.maker)
            often = [text for text, file in about.clips.items() if file.startswith(EACH_CALL)]
            self._unprepared = often[: KEPT_CLIPS * 2 // 3]
        return self._pack

    def _prepare(self) -> None:
        """Decode ahead, a little at each look, so that a call begins to sound as soon as its number is decoded."""
        until = time.monotonic() + PREPARED_SECONDS
        while self._unprepared and time.monotonic() < until:
            with contextlib.suppress(HardwareFault):  # told when it is to be said
                self._samples(self._unprepared.pop(0))

    def _decode(self, text: str) -> bytes:
        pack = self._opened()
        try:
            return self._card.decode(pack.clip(text))
        except ValueError as fault:
            name = pack.manifest.clips[text]
            raise PackFault(
                f"The clip {name} of the voice pack {self._path} is no sound: {fault}; take the pack whole"
            ) from fault

"""Several voices for one zone, the best first: a sentence goes to the next only when one could not say it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from threading import Event

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.voice import Voice

__all__ = ["VoicesInTurn"]

log = logging.getLogger(__name__)


class VoicesInTurn:
    """Usable as long as one of them is; the troubles of the others stand in its health all the same.

    That one lacked the recordings of a sentence is none, as long as another could say it.
    """

    def __init__(self, voices: Sequence[Voice]) -> None:
        self._voices = tuple(voices)
        self._told: dict[int, str] = {}
        self._unsaid = False

    def say(self, text: str, cut: Event | None = None) -> None:
        faults: list[HardwareFault] = []
        for number, voice in enumerate(self._voices):
            try:
                voice.say(text, cut)
            except HardwareFault as fault:
                faults.append(fault)
                self._tell(number, str(fault))
            else:
                self._told.pop(number, None)
                self._unsaid = False
                return
        self._unsaid = True
        raise HardwareFault("; ".join(map(str, faults)), faults[0].trouble)

    def health(self) -> Health:
        healths = [voice.health() for voice in self._voices]
        troubles = dict.fromkeys(trouble for health in healths for trouble in health.troubles)
        if not self._unsaid:
            troubles.pop(Trouble.UNSAID, None)
        return Health(any(health.usable for health in healths), tuple(troubles))

    def close(self) -> None:
        for voice in self._voices:
            voice.close()

    def _tell(self, number: int, sentence: str) -> None:
        """Once for each sentence that is new: an announcer speaks all day."""
        if self._told.get(number) != sentence:
            self._told[number] = sentence
            log.warning("the next voice speaks instead: %s", sentence)

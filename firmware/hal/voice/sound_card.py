"""The sound card, by pygame's mixer: decodes clips, plays one sound at a time until it was heard."""

from __future__ import annotations

import io
import os
import time
from threading import Event, RLock

from firmware.hal import HardwareFault, Trouble

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
import pygame
import pygame._sdl2.audio as sdl_audio

__all__ = ["RATE", "SoundCard", "silence"]

RATE = 24_000  # of all that is played, 16 bit, one channel
BUFFER = (
    256  # 11 ms: what a sound waits for its turn at most; the mixer's thread keeps up with less
)
_BYTES_PER_SECOND = RATE * 2
_LATE_SECONDS = 1.5  # a card that has not played a sound by then hangs
_LOOK_SECONDS = 0.005
_FADE_MS = 10  # a hard end clicks
_MIXER = RLock()  # pygame's: two voices of one device, each in its own thread, open and close it


def silence(ms: float) -> bytes:
    """So much silence.

    >>> len(silence(1000)) == RATE * 2
    True
    """
    return bytes(2 * round(RATE * ms / 1000))


class SoundCard:
    """The card that is named as SDL lists it, or the system's. pygame has one mixer, so a process has one card."""

    def __init__(self, name: str = "") -> None:
        self._name = name

    def open(self) -> None:
        """Make sure that it can play now. Raises HardwareFault."""
        with _MIXER:
            self._open()

    def _open(self) -> None:
        try:
            if pygame.mixer.get_init() and not self._present():
                pygame.mixer.quit()  # unplugged: SDL would play on into nothing
            if not pygame.mixer.get_init():
                name = self._name or None
                pygame.mixer.init(RATE, -16, 1, BUFFER, devicename=name, allowedchanges=0)
        except pygame.error as fault:
            raise self._fault(f"cannot be opened: {fault}; {_known()}") from fault
        if not self._present():  # some drivers of SDL take any name
            pygame.mixer.quit()
            raise self._fault(f"is not there; {_known()}")

    def decode(self, sound: bytes) -> bytes:
        """An Ogg or WAV file as samples of the card's format. Raises HardwareFault, ValueError if it is no sound."""
        self.open()
        try:
            return pygame.mixer.Sound(file=io.BytesIO(sound)).get_raw()
        except pygame.error as fault:
            raise ValueError(str(fault)) from fault

    def play(self, samples: bytes, cut: Event | None = None) -> None:
        """Return when it was heard to its end, or has fallen silent because `cut` is set. Raises HardwareFault."""
        self.open()
        if cut is not None and cut.is_set():
            return
        # The mixer is done with a sound before the card is: two buffers lie between.
        whole = samples + bytes(2 * 2 * BUFFER)
        deadline = time.monotonic() + len(whole) / _BYTES_PER_SECOND + _LATE_SECONDS
        try:
            channel = pygame.mixer.Sound(buffer=whole).play()
            while channel.get_busy():
                if cut is not None and cut.is_set():
                    channel.fadeout(_FADE_MS)
                    time.sleep(_FADE_MS / 1000 + 2 * BUFFER / RATE)
                    return
                if time.monotonic() > deadline:
                    pygame.mixer.quit()
                    raise self._fault("takes no more sound; unplug it and plug it in again")
                time.sleep(_LOOK_SECONDS)
        except pygame.error as fault:
            raise self._fault(f"broke off: {fault}; see that it is plugged in") from fault
        if not pygame.mixer.get_init():
            raise self._fault("was closed while it played; see that it is plugged in")

    def close(self) -> None:
        with _MIXER:
            pygame.mixer.quit()

    def _present(self) -> bool:
        names = sdl_audio.get_audio_device_names(False)
        return self._name in names if self._name else bool(names)

    def _fault(self, what: str) -> HardwareFault:
        name = f"The sound card {self._name!r}" if self._name else "The system's sound card"
        return HardwareFault(f"{name} {what}", Trouble.OFFLINE)


def _known() -> str:
    """What the technician can do: name another card, or plug one in."""
    try:
        pygame.mixer.init()
        names = sdl_audio.get_audio_device_names(False)
        pygame.mixer.quit()
    except pygame.error:
        return "plug one in, and see that `aplay -l` lists it"
    return f"there are {', '.join(map(repr, names))}: name one of them in the settings"

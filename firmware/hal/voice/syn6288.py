"""A voice by a speech chip on a serial line: SYN6288(E), or XFS5152CE."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Event

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.buses.gbk import to_gbk
from firmware.hal.buses.line import Line, StandingLine
from firmware.hal.voice import Syn6288Settings
from firmware.hal.voice.frames import LONGEST, Answer, Command, frame, pieces, speak

__all__ = ["Patience", "Syn6288Voice"]

log = logging.getLogger(__name__)

_BETWEEN_FRAMES_SECONDS = 0.010  # the chips ask for 8 ms
_CALL_CHARACTERS = 40  # how long a sentence may be that another process began
_LOOK_SECONDS = 0.02  # how often a sentence looks whether it is cut


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait for an answer, and for the end of a speech: so many for each character, and some more."""

    answer: float = 0.3
    per_character: float = 0.3
    more: float = 3.0


class Syn6288Voice:
    """Speaks a sentence piece by piece, each until the chip reports that it is idle again: a new one cuts off the old."""

    def __init__(self, settings: Syn6288Settings, *, patience: Patience | None = None) -> None:
        self._settings = settings
        self._patience = patience or Patience()
        self._line = StandingLine(settings.place)
        self._came = bytearray()
        self._last_exchange = float("-inf")
        self._quiet = False  # known to be: what a killed process began may sound on
        self._told = ""

    def say(self, text: str, cut: Event | None = None) -> None:
        cut = cut or Event()
        # The volume's tag works at the start of a frame only.
        opening = f"[v{self._settings.volume}]{self._settings.opening}"
        for number, piece in enumerate(pieces(text, first=LONGEST - len(opening))):
            if cut.is_set():
                return
            whole = piece if number else opening + piece
            self._reached(partial(self._speak, text=whole, cut=cut))

    def health(self) -> Health:
        """Ask the chip, within a second."""
        try:
            self._reached(self._ask)
        except HardwareFault as fault:
            if str(fault) != self._told:
                self._told = str(fault)
                log.warning("%s", fault)  # before any call: health carries a word alone
            return Health(usable=False, troubles=(fault.trouble,))
        self._told = ""
        return Health()

    def close(self) -> None:
        self._line.drop()

    def _speak(self, line: Line, text: str, cut: Event) -> None:
        if not self._quiet and self._ask(line) is Answer.BUSY:
            self._await(line, self._seconds_for(_CALL_CHARACTERS), Answer.IDLE, cut=cut)
        if cut.is_set():
            return
        self._quiet = False
        command = speak(self._settings.chip, to_gbk(text, instead=""))
        self._exchange(line, command, Answer.ACCEPTED)
        seconds = self._seconds_for(len(text))
        match self._await(line, seconds, Answer.IDLE, Answer.STARTED, cut=cut):
            case None if cut.is_set():
                # It may report its end or not: the next sentence asks before it begins.
                self._exchange(line, frame(self._settings.chip, Command.STOP), Answer.ACCEPTED)
            case Answer.STARTED:
                raise self._fault("started anew while it spoke; check its power", Trouble.BROKEN)
            case None if self._ask(line) is Answer.BUSY:
                line.send(frame(self._settings.chip, Command.STOP), self._patience.answer)
                raise self._fault(
                    f"still speaks after {seconds:.0f} seconds; cut its power for a moment",
                    Trouble.BROKEN,
                )
            case _:
                # Idle; when only the report of it was lost, the sentence was heard all the same.
                self._quiet = True

    def _seconds_for(self, characters: int) -> float:
        return characters * self._patience.per_character + self._patience.more

    def _ask(self, line: Line) -> Answer:
        command = frame(self._settings.chip, Command.STATUS)
        return self._exchange(line, command, Answer.BUSY, Answer.IDLE)

    def _exchange(self, line: Line, command: bytes, *wanted: Answer) -> Answer:
        time.sleep(max(0.0, self._last_exchange + _BETWEEN_FRAMES_SECONDS - time.monotonic()))
        # A report that came just before its status was asked leaves an answer too many.
        line.drain()
        self._came.clear()
        seconds = self._patience.answer + len(command) * line.seconds_per_byte
        line.send(command, seconds)
        answer = self._await(line, seconds, *wanted, Answer.REJECTED)
        if answer is None:
            raise self._fault("does not answer; check its power and its wires", Trouble.NO_ANSWER)
        if answer is Answer.REJECTED:
            raise self._fault(
                f"refuses what it is sent; check its wires for noise, and that it is a"
                f" {self._settings.chip} as the settings say",
                Trouble.BROKEN,
            )
        return answer

    def _await(
        self, line: Line, seconds: float, *wanted: Answer, cut: Event | None = None
    ) -> Answer | None:
        """Return the first byte that is wanted; others are noise or late. None if none came, or once `cut` is set."""
        deadline = time.monotonic() + seconds
        while True:
            while self._came:
                byte = self._came.pop(0)
                if byte in wanted:
                    self._last_exchange = time.monotonic()
                    return Answer(byte)
            left = deadline - time.monotonic()
            if left <= 0 or (cut is not None and cut.is_set()):
                return None
            self._came += line.read(left if cut is None else min(left, _LOOK_SECONDS))

    def _reached(self, talk: Callable[[Line], object]) -> None:
        """Talk over an open line; after a fault the next talk opens it anew."""
        try:
            talk(self._line.fresh())
        except HardwareFault:
            self._forget()
            raise
        except OSError as fault:
            self._forget()
            raise self._fault(
                f"cannot be reached: {fault}; check its cable and the port in the settings",
                Trouble.OFFLINE,
            ) from fault

    def _forget(self) -> None:
        self._line.drop()
        self._quiet = False

    def _fault(self, what: str, trouble: Trouble) -> HardwareFault:
        return HardwareFault(f"The voice chip at {self._settings.port} {what}", trouble)

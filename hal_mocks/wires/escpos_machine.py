"""A thermal printer without its wire: ESC/POS bytes in, answers and paper out, faults on demand; no thread here."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress

from firmware.hal.printer import Bitmap
from hal_mocks.wires.escpos_commands import Commands
from hal_mocks.wires.escpos_model import Model
from hal_mocks.wires.escpos_sensors import Sensors

__all__ = ["EscposMachine", "Model"]

_DLE = 0x10
_REAL_TIME_LENGTHS = {0x04: 3, 0x05: 3, 0x14: 10}  # DLE EOT, DLE ENQ, DLE DC4 8


class EscposMachine:
    """Its world's side, its buffer, and what it says at once; the world's side may be called from any thread.

    `printed` is the tape, one Bitmap per cut, `texts` its lines of text as the printer was told them, `answered` all
    it said, `garbage` every byte that a real one would print as odd characters, `received` how many bytes came, `retracted` and
    `ejected` how many tickets nobody took.
    """

    def __init__(
        self, model: Model | None = None, *, now: Callable[[], float] = time.monotonic
    ) -> None:
        self.model = model or Model()
        self.printed: list[Bitmap] = []
        self.texts: list[str] = []
        self.answered = bytearray()
        self.garbage = bytearray()
        self.received = self.retracted = self.ejected = 0
        self.sensors = Sensors()
        self._now = now
        self._lock = threading.RLock()
        self._reported: bytes | None = None
        self._full = b""
        self._due: list[tuple[float, bytes]] = []
        self._at: tuple[int, Callable[[], None]] | None = None
        self._strip: list[bytes] = []
        self._power_up()

    # The world's side.

    def run_out_of_paper(self, after_rows: int = 0) -> None:
        with self._lock:
            self.sensors.run_out_of_paper(after_rows)

    def put_near_end(self) -> None:
        with self._lock:
            self.sensors.near_end = True

    def refill(self) -> None:
        with self._lock:
            self.sensors.refill()

    def open_cover(self) -> None:
        with self._lock:
            self.sensors.cover_open = True

    def close_cover(self) -> None:
        with self._lock:
            self.sensors.cover_open = False

    def jam(self) -> None:
        with self._lock:
            self.sensors.jammed = True

    def clear_jam(self) -> None:
        with self._lock:
            self.sensors.jammed = False

    def block_cutter(self) -> None:
        with self._lock:
            self.sensors.cutter_stuck = True

    def free_cutter(self) -> None:
        with self._lock:
            self.sensors.cutter_stuck = False

    def overheat(self) -> None:
        with self._lock:
            self.sensors.hot = True

    def cool_down(self) -> None:
        with self._lock:
            self.sensors.hot = False

    def take_ticket(self) -> None:
        """Out of the presenter's mouth."""
        with self._lock:
            self.sensors.in_mouth = False

    def tear_off(self) -> None:
        """What hangs out of a printer without cutter."""
        with self._lock:
            self.cut(self.commands.text_so_far())

    def stop_answering(self) -> None:
        with self._lock:
            self.sensors.mute = True

    def answer_again(self) -> None:
        with self._lock:
            self.sensors.mute = False

    def stop_taking(self) -> None:
        """As XOFF does: it takes nothing until it goes on."""
        with self._lock:
            self.sensors.held = True

    def take_again(self) -> None:
        with self._lock:
            self.sensors.held = False

    def cycle_power(self, boot_seconds: float = 1.0) -> None:
        """Forget the buffer and every mode, and be deaf while it starts; paper that hangs out stays."""
        with self._lock:
            self._power_up(boot_seconds)

    def at_byte(self, number: int, deed: Callable[[], None]) -> None:
        """Let something happen once, when so many more bytes have come."""
        with self._lock:
            self._at = (self.received + number, deed)

    # The wire's side.

    @property
    def room(self) -> int:
        """How many bytes it takes before it holds the line up."""
        return 0 if self.sensors.held else max(0, self.model.buffer - len(self._buffer))

    def eat(self, came: bytes) -> bytes:
        """Take bytes, go on with what can be done now, and return what there is to say."""
        with self._lock:
            while self._at and self._at[0] <= self.received + len(came):
                upto, deed = self._at[0] - self.received, self._at[1]
                self._at = None
                self._take_in(came[:upto])
                came = came[upto:]
                deed()
            self._take_in(came)
            return self._say()

    def forget_answers(self) -> None:
        """What it had to say to a line that is gone."""
        self._due.clear()

    # Its own side: one byte after the other.

    def _power_up(self, boot_seconds: float = 0.0) -> None:
        self._deaf_until = self._now() + boot_seconds
        self._buffer = bytearray()
        self._real_time = bytearray()
        self._due.clear()
        self.commands = Commands(self)
        self._obeying = self.commands.obey()

    def _take_in(self, came: bytes) -> None:
        self.received += len(came)
        if self._now() < self._deaf_until:
            return
        while came:
            if not self._real_time:
                plain, _, _ = came.partition(b"\x10")
                self._buffer += plain
                came = came[len(plain) :]
            if came:
                self._receive(came[0])
                came = came[1:]
        next(self._obeying)
        self._report()

    def _receive(self, byte: int) -> None:
        """Take real-time commands out of the stream wherever they stand, inside pictures too, as SNBC does."""
        seen = self._real_time
        if self.sensors.stopped and not self.model.hears_when_stopped:
            self._buffer += seen + bytes([byte])
            seen.clear()
        elif len(seen) == 1 and byte not in _REAL_TIME_LENGTHS:
            self._buffer += seen
            seen.clear()
            self._receive(byte)
        elif seen or byte == _DLE:
            seen.append(byte)
            if len(seen) > 1 and len(seen) == _REAL_TIME_LENGTHS[seen[1]]:
                self.obey_at_once(bytes(seen))
                seen.clear()
        else:
            self._buffer.append(byte)

    def obey_at_once(self, command: bytes) -> None:
        if command.startswith(b"\x10\x04"):
            self.answer(self.sensors.answer_to(command[2], self.model))
        elif command.startswith(b"\x10\x14\x08") and self.model.can_empty_buffer:
            self._buffer.clear()
            self.commands = Commands(self)
            self._obeying = self.commands.obey()
            self.answer(b"\x37\x25\x00")

    @staticmethod
    def real_time_length(kind: int) -> int:
        return _REAL_TIME_LENGTHS.get(kind, 2)

    def take(self, size: int) -> bytes:
        """So many bytes of the buffer; nothing while it holds fewer."""
        if len(self._buffer) < size:
            return b""
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    def now(self) -> float:
        return self._now()

    def put_row(self, dots: bytes) -> None:
        self._strip.append(dots)
        self.sensors.moved_a_row()

    def cut(self, text: str) -> None:
        if self._strip:
            self.printed.append(Bitmap(self.model.width, len(self._strip), b"".join(self._strip)))
            self.texts.append(text)
            self._strip.clear()
            self.sensors.in_mouth = self.model.has_presenter

    def put_away(self, *, retract: bool) -> None:
        """A ticket in the presenter's mouth goes back in, or out onto the floor."""
        if self.sensors.in_mouth:
            self.retracted += retract
            self.ejected += not retract
            self.sensors.in_mouth = False

    def report_anew(self) -> None:
        self._reported = None

    def _report(self) -> None:
        if self.commands.reports and self.model.knows_reports:
            report = self.sensors.report()
            if report != self._reported:
                self._reported = report
                self.answer(report)

        full = self.sensors.answer_to(20, self.model)
        if self.commands.reports_fully and full != self._full:
            self._full = full
            self.answer(full)

    def note_full_status(self) -> None:
        """It tells no more than what changes from now on."""
        self._full = self.sensors.answer_to(20, self.model)

    def answer(self, answer: bytes) -> None:
        if answer and not self.sensors.mute:
            times = 2 if self.model.repeats_answers else 1
            self._due.append((self._now() + self.model.answer_seconds, answer * times))

    def _say(self) -> bytes:
        said = bytearray()
        with suppress(IndexError):
            while self._due[0][0] <= self._now():
                said += self._due.pop(0)[1]
        self.answered += said
        return bytes(said)

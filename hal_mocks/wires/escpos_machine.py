"""A thermal printer without its wire: ESC/POS bytes in, answers and paper out, faults on demand; no thread here."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from dataclasses import dataclass

from firmware.hal.printer import Bitmap

__all__ = ["EscposMachine", "Model"]

_AHEAD = 0.01  # seconds that the head may run ahead of its speed
_LINE_ROWS = 30  # what LF moves, 1/6 inch less a little
_DLE = 0x10
_REAL_TIME_LENGTHS = {0x04: 3, 0x05: 3, 0x14: 10}  # DLE EOT, DLE ENQ, DLE DC4 8

_Step = Generator[None, None, None]
_Taking = Generator[None, None, bytes]


@dataclass(frozen=True, slots=True)
class Model:
    """What differs from printer to printer. `baud` and `rows_per_second` 0 are as fast as it goes."""

    width: int = 576
    buffer: int = 4096
    baud: int = 0
    rows_per_second: int = 0
    knows_job_ids: bool = True  # GS ( H
    knows_reports: bool = True  # GS a
    can_empty_buffer: bool = True  # DLE DC4 8
    hears_when_stopped: bool = True  # answers real-time questions while paper or cover stop it


class EscposMachine:
    """Its head, its sensors and its interpreter; the world's side may be called from any thread.

    `printed` is one Bitmap per cut, `answered` all it said, `garbage` every byte that a real one would
    print as odd characters.
    """

    def __init__(self, model: Model | None = None) -> None:
        self.model = model or Model()
        self.printed: list[Bitmap] = []
        self.answered = bytearray()
        self.garbage = bytearray()
        self._lock = threading.RLock()
        self._stride = (self.model.width + 7) // 8
        self._paper_out = self._near_end = self._cover_open = self._jammed = self._mute = False
        self._rows_to_end: int | None = None
        self._strip: list[bytes] = []
        self._reported: bytes | None = None
        self._power_up()

    # The world's side.

    def run_out_of_paper(self, after_rows: int = 0) -> None:
        with self._lock:
            self._rows_to_end = after_rows
            self._paper_out = after_rows == 0

    def put_near_end(self) -> None:
        with self._lock:
            self._near_end = True

    def refill(self) -> None:
        with self._lock:
            self._paper_out = self._near_end = False
            self._rows_to_end = None

    def open_cover(self) -> None:
        with self._lock:
            self._cover_open = True

    def close_cover(self) -> None:
        with self._lock:
            self._cover_open = False

    def jam(self) -> None:
        with self._lock:
            self._jammed = True

    def clear_jam(self) -> None:
        with self._lock:
            self._jammed = False

    def stop_answering(self) -> None:
        with self._lock:
            self._mute = True

    def answer_again(self) -> None:
        with self._lock:
            self._mute = False

    def cycle_power(self, boot_seconds: float = 1.0) -> None:
        """Forget the buffer and every mode, and be deaf while it starts; paper that hangs out stays."""
        with self._lock:
            self._power_up(boot_seconds)

    # The wire's side.

    @property
    def room(self) -> int:
        """How many bytes it takes before it holds the line up."""
        return max(0, self.model.buffer - len(self._buffer))

    def eat(self, came: bytes) -> bytes:
        """Take bytes, go on with what can be done now, and return what there is to say."""
        with self._lock:
            if time.monotonic() < self._deaf_until:
                return b""
            said = len(self.answered)
            if _DLE in came or self._real_time:
                for byte in came:
                    self._receive(byte)
            else:
                self._buffer += came
            next(self._commands)
            self._report()
            return bytes(self.answered[said:])

    # Its own side: one byte after the other.

    def _power_up(self, boot_seconds: float = 0.0) -> None:
        self._deaf_until = time.monotonic() + boot_seconds
        self._buffer = bytearray()
        self._real_time = bytearray()
        self._margin = 0
        self._reports = False
        self._busy_until = 0.0
        self._commands = self._obey()

    def _receive(self, byte: int) -> None:
        """Take real-time commands out of the stream wherever they stand, inside pictures too, as SNBC does."""
        seen = self._real_time
        if self._stopped and not self.model.hears_when_stopped:
            self._buffer += seen + bytes([byte])
            seen.clear()
        elif len(seen) == 1 and byte not in _REAL_TIME_LENGTHS:
            self._buffer += seen
            seen.clear()
            self._receive(byte)
        elif seen or byte == _DLE:
            seen.append(byte)
            if len(seen) > 1 and len(seen) == _REAL_TIME_LENGTHS[seen[1]]:
                self._obey_at_once(bytes(seen))
                seen.clear()
        else:
            self._buffer.append(byte)

    def _obey_at_once(self, command: bytes) -> None:
        if command.startswith(b"\x10\x04"):
            self._answer(self._status(command[2]))
        elif command.startswith(b"\x10\x14\x08") and self.model.can_empty_buffer:
            self._buffer.clear()
            self._commands = self._obey()
            self._answer(b"\x37\x25\x00")

    @property
    def _stopped(self) -> bool:
        return self._paper_out or self._cover_open or self._jammed

    def _status(self, question: int) -> bytes:
        bits = {
            1: 0x08 * self._stopped,
            2: 0x04 * self._cover_open | 0x20 * self._paper_out | 0x40 * self._jammed,
            3: 0x04 * self._jammed,
            4: 0x0C * self._near_end | 0x6C * self._paper_out,
        }.get(question)
        return b"" if bits is None else bytes([0x12 | bits])

    def _report(self) -> None:
        if not self._reports:
            return
        paper = 0x03 * self._near_end | 0x0F * self._paper_out
        printer = 0x10 | 0x08 * self._stopped | 0x20 * self._cover_open
        report = bytes([printer, 0x04 * self._jammed, paper, 0x0F])
        if report != self._reported:
            self._reported = report
            self._answer(report)

    def _answer(self, answer: bytes) -> None:
        if not self._mute:
            self.answered += answer

    def _obey(self) -> _Step:
        """Carry out the buffer for ever, a yield wherever the printer has to wait."""
        while True:
            lead = yield from self._take(1)
            match lead:
                case b"\x1b":
                    yield from self._obey_esc((yield from self._take(1)))
                case b"\x1d":
                    yield from self._obey_gs((yield from self._take(1)))
                case b"\n":
                    yield from self._feed(_LINE_ROWS)
                case b"\x00":
                    pass
                case b"\x10":  # asked while it was deaf: answered late
                    kind = yield from self._take(1)
                    rest = yield from self._take(_REAL_TIME_LENGTHS.get(kind[0], 2) - 2)
                    self._obey_at_once(lead + kind + rest)
                case _:
                    self.garbage += lead

    def _obey_esc(self, command: bytes) -> _Step:
        match command:
            case b"@":
                self._margin, self._reports = 0, False
            case b"J":
                yield from self._feed((yield from self._take(1))[0])
            case b"d":
                yield from self._feed((yield from self._take(1))[0] * _LINE_ROWS)
            case b"a" | b"!" | b"t" | b"R":
                yield from self._take(1)
            case _:
                self.garbage += b"\x1b" + command

    def _obey_gs(self, command: bytes) -> _Step:
        match command:
            case b"v":
                yield from self._picture((yield from self._take(6)))
            case b"L":
                self._margin = int.from_bytes((yield from self._take(2)), "little")
            case b"P":
                yield from self._take(2)
            case b"V":
                if (yield from self._take(1)) in b"AB":
                    yield from self._feed((yield from self._take(1))[0])
                yield from self._cut()
            case b"a":
                wanted = (yield from self._take(1))[0] != 0
                self._reports, self._reported = wanted and self.model.knows_reports, None
            case b"r":
                yield from self._take(1)
                yield from self._until_printed()
                self._answer(bytes([0x03 * self._near_end]))
            case b"(":
                name = yield from self._take(1)
                size = int.from_bytes((yield from self._take(2)), "little")
                content = yield from self._take(size)
                if name == b"H" and content.startswith(b"00") and self.model.knows_job_ids:
                    yield from self._until_printed()
                    self._answer(b"\x37\x22" + content[2:] + b"\x00")
            case _:
                self.garbage += b"\x1d" + command

    def _take(self, size: int) -> _Taking:
        while len(self._buffer) < size:
            yield
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    def _picture(self, header: bytes) -> _Step:
        across = int.from_bytes(header[2:4], "little")
        for _ in range(int.from_bytes(header[4:6], "little")):
            dots = yield from self._take(across)
            spare = self._stride * 8 - self.model.width
            shift = self._stride * 8 - self._margin - across * 8
            row = int.from_bytes(dots)
            row = row << shift if shift >= 0 else row >> -shift
            row = row >> spare << spare  # the head has no dots there
            yield from self._row(row.to_bytes(self._stride))

    def _feed(self, rows: int) -> _Step:
        for _ in range(rows):
            yield from self._row(bytes(self._stride))

    def _row(self, dots: bytes) -> _Step:
        yield from self._until_well()
        self._strip.append(dots)
        if self._rows_to_end is not None:
            self._rows_to_end -= 1
            self._paper_out = self._rows_to_end <= 0
        if self.model.rows_per_second:
            start = max(self._busy_until, time.monotonic())
            self._busy_until = start + 1 / self.model.rows_per_second
            while self._busy_until > time.monotonic() + _AHEAD:
                yield

    def _until_well(self) -> _Step:
        while self._stopped:
            yield

    def _until_printed(self) -> _Step:
        while self._stopped or self._busy_until > time.monotonic():
            yield

    def _cut(self) -> _Step:
        yield from self._until_printed()
        if self._strip:
            self.printed.append(Bitmap(self.model.width, len(self._strip), b"".join(self._strip)))
            self._strip.clear()

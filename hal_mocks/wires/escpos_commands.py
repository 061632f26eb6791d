"""What an emulated printer does with the bytes in its buffer: each command in its turn, a yield wherever it has to wait."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from hal_mocks.wires.escpos_type import (
    LINE_ROWS,
    Sign,
    picture_of_code,
    picture_of_line,
    rows_of,
)

if TYPE_CHECKING:
    from PIL import Image

    from hal_mocks.wires.escpos_machine import EscposMachine

__all__ = ["Commands"]

_AHEAD = 0.01  # seconds that the head may run ahead of its speed

# Commands that change nothing here, and how many bytes follow each.
_OTHERS = {
    b"\x1b": {b"M": 1, b" ": 1, b"-": 1, b"E": 1, b"G": 1, b"t": 1, b"R": 1, b"2": 0, b"3": 1, b"{": 1, b"V": 1, b"!": 1, b"T": 1, b"S": 0},
    b"\x1c": {b"S": 2, b"-": 1, b"C": 1},
    b"\x1d": {b"P": 2, b"W": 2, b"w": 1, b"h": 1, b"H": 1, b"f": 1, b"b": 1},
}  # fmt: skip

_Step = Generator[None, None, None]
_Taking = Generator[None, None, bytes]


class Commands:
    """The modes that commands set, until ESC @; `text` is what was printed of the strip under way."""

    def __init__(self, machine: EscposMachine) -> None:
        self._machine, self._model = machine, machine.model
        self._stride = (self._model.width + 7) // 8
        self._line: list[Sign] = []
        self._text: list[str] = []
        self._busy_until = 0.0
        self._code = b""
        self._start()

    def _start(self) -> None:
        self.reports = self.reports_fully = False
        self._margin = self._alignment = 0
        self._wide = self._high = self._chinese_times = 1
        self._chinese = self._reversed = False
        self._dots = 3
        self._line.clear()

    def obey(self) -> _Step:
        """Carry out the buffer for ever."""
        while True:
            lead = yield from self._take(1)
            match lead:
                case b"\x1b":
                    yield from self._obey_esc((yield from self._take(1)))
                case b"\x1c":
                    yield from self._obey_fs((yield from self._take(1)))
                case b"\x1d":
                    yield from self._obey_gs((yield from self._take(1)))
                case b"\n":
                    yield from self._end_of_line()
                case b"\x00" | b"\r":
                    pass
                case b"\x10":  # asked while it was deaf: answered late
                    kind = yield from self._take(1)
                    rest = yield from self._take(self._machine.real_time_length(kind[0]) - 2)
                    self._machine.obey_at_once(lead + kind + rest)
                case _:
                    yield from self._character(lead)

    def _obey_esc(self, command: bytes) -> _Step:
        match command:
            case b"@":
                self._start()
            case b"J":
                yield from self._feed((yield from self._take(1))[0])
            case b"d":
                yield from self._feed((yield from self._take(1))[0] * LINE_ROWS)
            case b"a":
                self._alignment = (yield from self._take(1))[0] % 3
            case b"$":
                to = int.from_bytes((yield from self._take(2)), "little")
                self._skip(to - sum(sign.dots for sign in self._line))
            case b"\\":
                self._skip(int.from_bytes((yield from self._take(2)), "little", signed=True))
            case _:
                yield from self._other(b"\x1b", command)

    def _obey_fs(self, command: bytes) -> _Step:
        match command:
            case b"&":
                self._chinese = self._model.has_chinese_rom
            case b".":
                self._chinese = False
            case b"!":
                self._chinese_times = 2 if (yield from self._take(1))[0] & 0x0C else 1
            case b"(":
                yield from self._block((yield from self._take(1)))
            case _:
                yield from self._other(b"\x1c", command)

    def _obey_gs(self, command: bytes) -> _Step:
        match command:
            case b"v":
                yield from self._picture((yield from self._take(6)))
            case b"L":
                self._margin = int.from_bytes((yield from self._take(2)), "little")
            case b"!":
                size = (yield from self._take(1))[0]
                self._wide, self._high = (size >> 4 & 7) + 1, (size & 7) + 1
            case b"B":
                self._reversed = bool((yield from self._take(1))[0] & 1)
            case b"V":
                if (yield from self._take(1)) in b"AB":
                    yield from self._feed((yield from self._take(1))[0])
                yield from self._cut()
            case b"a":
                self.reports = (yield from self._take(1))[0] != 0
                self._machine.report_anew()
            case b"\xe0" if self._model.has_full_status:
                self.reports_fully = (yield from self._take(1))[0] != 0
                self._machine.note_full_status()
            case b"r":
                yield from self._take(1)
                yield from self._until_printed()
                if self._model.answers_in_order:
                    self._machine.answer(bytes([0x03 * self._machine.sensors.near_end]))
            case b"I":
                yield from self._name((yield from self._take(1)))
            case b"e":
                yield from self._mouth((yield from self._take(1)))
            case b"(":
                yield from self._block((yield from self._take(1)))
            case _:
                yield from self._other(b"\x1d", command)

    def _skip(self, dots: int) -> None:
        if dots > 0:
            self._line.append(Sign("", blank=dots))

    def _other(self, lead: bytes, command: bytes) -> _Step:
        follow = _OTHERS[lead].get(command)
        if follow is None:
            self._machine.garbage += lead + command
        else:
            yield from self._take(follow)

    def _name(self, which: bytes) -> _Step:
        said = {b"\x42": self._model.maker, b"\x43": self._model.name}.get(which, "")
        yield from self._until_printed()
        if said:
            self._machine.answer(b"\x5f" + said.encode() + b"\x00")

    def _mouth(self, what: bytes) -> _Step:
        if what == b"\x03":
            yield from self._take(1)
        elif what in b"\x02\x05":
            self._machine.put_away(retract=what == b"\x02")

    def _block(self, name: bytes) -> _Step:
        """GS ( and FS (: a block that says its length."""
        size = int.from_bytes((yield from self._take(2)), "little")
        content = yield from self._take(size)
        if name == b"H" and content.startswith(b"00") and self._model.knows_job_ids:
            yield from self._until_printed()
            self._machine.answer(b"\x37\x22" + content[2:] + b"\x00")
        elif name == b"k" and content[:1] == b"1" and self._model.makes_qr_codes:
            yield from self._qr(content[1:2], content[2:])

    def _qr(self, function: bytes, content: bytes) -> _Step:
        match function:
            case b"C":
                self._dots = content[0]
            case b"P":
                self._code = content[1:]
            case b"Q":
                self._text.append(f"[{self._code.decode(errors='replace')}]")
                code = picture_of_code(self._code, self._dots, self._model.width, self._alignment)
                yield from self._print(code)
            case _:
                pass

    # --- text -------------------------------------------------------------------------------------------

    def _character(self, lead: bytes) -> _Step:
        if lead[0] < 0x80:
            if lead[0] < 0x20 or lead[0] == 0x7F:
                self._machine.garbage += lead
                return
            sign = Sign(lead.decode("ascii"), self._wide, self._high, self._reversed)
        else:
            character = (yield from self._chinese_character(lead)) if self._chinese else ""
            if not character:
                self._machine.garbage += lead
                return
            apart = self._model.sizes_chinese_apart
            wide = self._chinese_times if apart else self._wide
            high = self._chinese_times if apart else self._high
            sign = Sign(character, wide, high, self._reversed)
        if sum(one.dots for one in self._line) + sign.dots > self._model.width:
            yield from self._end_of_line()
        self._line.append(sign)

    def _chinese_character(self, lead: bytes) -> Generator[None, None, str]:
        """GBK and what GB18030 has in two bytes; a ROM has no more."""
        both = lead + (yield from self._take(1))
        try:
            return both.decode("gb18030")
        except UnicodeDecodeError:
            self._machine.garbage += both[1:]
            return ""

    def _end_of_line(self) -> _Step:
        self._text.append("".join(sign.character for sign in self._line))
        line = picture_of_line(self._line, self._model.width, self._alignment)
        self._line.clear()
        yield from self._print(line)

    # --- paper ------------------------------------------------------------------------------------------

    def _take(self, size: int) -> _Taking:
        while size:
            if taken := self._machine.take(size):
                return taken
            yield
        return b""

    def _picture(self, header: bytes) -> _Step:
        across = int.from_bytes(header[2:4], "little")
        spare = self._stride * 8 - self._model.width
        left = self._margin + (self._model.width - self._margin - across * 8) * self._alignment // 2
        shift = self._stride * 8 - left - across * 8
        for _ in range(int.from_bytes(header[4:6], "little")):
            row = int.from_bytes((yield from self._take(across)))
            row = row << shift if shift >= 0 else row >> -shift
            row = row >> spare << spare  # the head has no dots there
            yield from self._row(row.to_bytes(self._stride))

    def _print(self, image: Image.Image) -> _Step:
        for row in rows_of(image):
            yield from self._row(row)

    def _feed(self, rows: int) -> _Step:
        for _ in range(rows):
            yield from self._row(bytes(self._stride))

    def _row(self, dots: bytes) -> _Step:
        while self._machine.sensors.stopped:
            yield
        self._machine.put_row(dots)
        if self._model.rows_per_second:
            start = max(self._busy_until, self._machine.now())
            self._busy_until = start + 1 / self._model.rows_per_second
            while self._busy_until > self._machine.now() + _AHEAD:
                yield

    def _until_printed(self) -> _Step:
        while self._machine.sensors.stopped or self._busy_until > self._machine.now():
            yield

    def _cut(self) -> _Step:
        if self._line:
            yield from self._end_of_line()
        yield from self._until_printed()
        self._machine.cut(self.text_so_far())

    def text_so_far(self) -> str:
        """What was printed since the last cut; it is asked once."""
        text = "\n".join(self._text)
        self._text.clear()
        return text

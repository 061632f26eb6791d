"""A scanner on its serial line, as a GM65 is: it reads by itself or when it is triggered; with faults on demand."""

from __future__ import annotations

import queue

__all__ = ["ScannerMachine"]

_TRIGGER_AT, _TRIGGER = 0x0002, 1


class ScannerMachine:
    """`read` holds each code that was sent. A held code is read again each `repeat_seconds`.

    Faults, each until it is taken back: `mute` says nothing, `garble` spoils the checksum of its answers, `end` is
    what it sends after a code, `noise` comes before each, `half` sends the first half of each alone.
    """

    def __init__(self, *, triggered: bool = False, repeat_seconds: float = 0.05) -> None:
        self.read: list[str] = []
        self.mute = False
        self.garble = False
        self.end = b"\r"
        self.noise = b""
        self.half = False
        self.reading_seconds = 5.0
        self._triggered = triggered
        self._repeat_seconds = repeat_seconds
        self._reads_until = 0.0
        self._next_read = 0.0
        self._held = b""
        self._glimpses: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._came = b""
        self._registers: dict[int, int] = {}

    # The world's side.

    def show(self, code: str | bytes) -> None:
        """Hold a code before it for a moment, in which it is read once; a triggered one reads it when it looks."""
        self._glimpses.put(code.encode() if isinstance(code, str) else code)

    def hold(self, code: str) -> None:
        """And leave it there."""
        self._held = code.encode()

    def take_away(self) -> None:
        self._held = b""

    # The wire's side.

    def powered(self, at: float) -> bytes:  # noqa: ARG002 - it starts without a word
        self._came, self._reads_until = b"", 0.0
        return b""

    def heard(self, chunk: bytes, at: float) -> bytes:
        self._came += chunk
        answers = b""
        while (head := self._came.find(b"\x7e\x00")) >= 0 and len(self._came) >= head + 4:
            size = self._came[head + 3] if self._came[head + 2] == 0x08 else 1
            end = head + 8 + size
            if len(self._came) < end:
                break
            frame, self._came = self._came[head + 2 : end], self._came[end:]
            answers += self._obey(frame, at)
        return answers + self.passed(at)

    def passed(self, at: float) -> bytes:
        looks = at < self._reads_until or not self._triggered
        if self.mute or not looks:
            return b""
        if not self._glimpses.empty():
            return self._send(self._glimpses.get())
        if self._held and at >= self._next_read:
            self._next_read = at + self._repeat_seconds
            return self._send(self._held)
        return b""

    def _send(self, code: bytes) -> bytes:
        self._reads_until = 0.0  # one code for one trigger
        if self.half:
            return self.noise + code[: len(code) // 2]
        self.read.append(code.decode("ascii", "replace"))
        return self.noise + code + self.end

    def _obey(self, frame: bytes, at: float) -> bytes:
        kind, size, address = frame[0], frame[1], int.from_bytes(frame[2:4])
        body, check = frame[:-2], frame[-2:]
        if self.mute or check not in (b"\xab\xcd", _crc(body)):
            return b""
        if kind == 0x07:
            return self._answer(bytes(self._registers.get(address + n, 0) for n in range(frame[4])))
        if kind != 0x08 or size != 1:
            return b""
        self._registers[address] = frame[4]
        if (address, frame[4]) == (_TRIGGER_AT, _TRIGGER) and self._triggered:
            self._reads_until = at + self.reading_seconds
        return self._answer(b"\x00")

    def _answer(self, data: bytes) -> bytes:
        body = bytes([0, 0, len(data)]) + data
        check = _crc(body[1:])
        if self.garble:
            check = bytes([check[0] ^ 0x40, check[1]])
        return b"\x02" + body + check


def _crc(body: bytes) -> bytes:
    """CRC-16/XMODEM, bit by bit."""
    crc = 0
    for byte in body:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc.to_bytes(2)

"""A USB pad or scanner as the kernel shows it: keys that go down and up, as input events of either word size."""

from __future__ import annotations

import queue
from typing import Literal

__all__ = ["KeyboardMachine"]

_SYN = (0, 0, 0)
_SCAN = (4, 4, 0x70059)  # each key is preceded by its code in the maker's own table
_ENTER, _SHIFT, _NUMLOCK = 28, 42, 69
_ROWS = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (57, " ", " "),
)


class KeyboardMachine:
    """`bits` is the word size of whoever reads. `numlock` presses NumLock around each key, as some pads do."""

    def __init__(self, bits: Literal[32, 64] = 64, *, numlock: bool = False) -> None:
        self.numlock = numlock
        self._word = bits // 8
        self._typed: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    # The world's side.

    def press(self, code: int, *, repeats: int = 0) -> None:
        """Press and let go a key, by the kernel's code; a held one repeats."""
        keys = [(code, 1), *[(code, 2)] * repeats, (code, 0)]
        if self.numlock:
            keys = [(_NUMLOCK, 1), (_NUMLOCK, 0), *keys, (_NUMLOCK, 1), (_NUMLOCK, 0)]
        self._typed.put(self.events(keys))

    def type(self, text: str, end: str = "\n") -> None:
        """Type a text as an American keyboard does, all in one go."""
        keys: list[tuple[int, int]] = []
        for one in text + end:
            code, shifted = _key(one)
            stroke = [(code, 1), (code, 0)]
            keys += [(_SHIFT, 1), *stroke, (_SHIFT, 0)] if shifted else stroke
        self._typed.put(self.events(keys))

    def send(self, raw: bytes) -> None:
        """Bytes as they are."""
        self._typed.put(raw)

    def events(self, keys: list[tuple[int, int]]) -> bytes:
        """Keys with their values, as the kernel reports them."""
        return b"".join(
            self.event(*one) for code, value in keys for one in (_SCAN, (1, code, value), _SYN)
        )

    def event(self, kind: int, code: int, value: int) -> bytes:
        seconds, microseconds = (n.to_bytes(self._word, "little") for n in (1_795_000_000, 999_999))
        rest = kind.to_bytes(2, "little") + code.to_bytes(2, "little") + value.to_bytes(4, "little")
        return seconds + microseconds + rest

    # The wire's side.

    def powered(self, at: float) -> bytes:  # noqa: ARG002 - it starts without a word
        while not self._typed.empty():
            self._typed.get()
        return b""

    def heard(self, chunk: bytes, at: float) -> bytes:  # noqa: ARG002 - nobody talks to it
        return b""

    def passed(self, at: float) -> bytes:  # noqa: ARG002 - it sends what is typed at once
        return b"" if self._typed.empty() else self._typed.get()


def _key(character: str) -> tuple[int, bool]:
    if character == "\n":
        return _ENTER, False
    for first, plain, shifted in _ROWS:
        for row, shift in ((plain, False), (shifted, True)):
            if character in row:
                return first + row.index(character), shift
    raise ValueError(f"an American keyboard has no {character!r}")

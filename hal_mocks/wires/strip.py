"""Strip screens as they behave on their line: each decodes the frames for its address, shows them, and says nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

__all__ = ["NumberDisplay", "StripLine", "StripScreen"]

_LONGEST = 900
_SILENCE_SECONDS = 0.05  # ends a frame; assumed, for the deployed code leaves 100 ms between two


class StripScreen:
    """`shown` are the texts that people read, the last one now; `damaged` counts frames with a wrong checksum."""

    def __init__(
        self, kind: Literal["S1", "S2", "S3"], address: int, *, main: bool = False
    ) -> None:
        self.shown: list[str] = []
        self.damaged = 0
        heads = {
            "S1": bytes((0xAA, address, 0xBB, 0x51, 0x54)),
            "S2": bytes((0xA0, 0x90, address, 0xA5)),
            "S3": bytes((address, 0xFE)),
        }
        self._head = heads[kind]
        self._cut = {"S1": self._cut_s1, "S2": self._cut_s2, "S3": self._cut_s3}[kind]
        self._main = main
        self._held = b""

    @property
    def text(self) -> str:
        return self.shown[-1] if self.shown else ""

    def hear(self, chunk: bytes) -> None:
        self._held += chunk
        while (at := self._held.find(self._head)) >= 0:
            self._held = self._held[at:]
            size = self._cut()
            if size is None:
                if len(self._held) < _LONGEST:
                    return
                size = 1
            self._held = self._held[size:]
        self._held = self._held[-len(self._head) :]

    def forget(self) -> None:
        self._held = b""

    def _cut_s1(self) -> int | None:
        end = self._held.find(b"\xff", 11)  # no text in GBK has this byte
        if end < 0:
            return None
        whole = self._held[: end + 1]
        screen = b"\x08\x02" if self._main else b"\x01\x00"
        if sum(whole[6:]) % 256 != whole[5]:
            return self._refuse()
        if whole[6:11] == screen + b"\x99\x00\x63":
            self._show(whole[11:-1])
        return len(whole)

    def _cut_s2(self) -> int | None:
        if len(self._held) < 6:
            return None
        size = 6 + self._held[4] * 256 + self._held[5] + 1
        if size > _LONGEST:
            return self._refuse()
        if len(self._held) < size:
            return None
        check = 0
        for byte in self._held[2:size]:
            check ^= byte
        if check:
            return self._refuse()
        # No character of GBK has a byte 00.
        self._show(self._held[6 : size - 1].replace(b"\x00", b""))
        return size

    def _cut_s3(self) -> int | None:
        if len(self._held) < 3:
            return None
        size = self._held[2]
        if size < 12:
            return self._refuse()
        if len(self._held) < size:
            return None
        whole = self._held[:size]
        if _xmodem(whole) != 0:
            return self._refuse()
        screen = b"\x8c\x00" if self._main else b"\x86\x3c"
        if whole[4:9] == screen + b"\x00\x05\x00" and whole[-3] == 0:
            self._show(whole[9:-3])
        return size

    def _refuse(self) -> int:
        self.damaged += 1
        return 1

    def _show(self, text: bytes) -> None:
        self.shown.append(text.decode("gbk", "replace"))


def _xmodem(frame: bytes) -> int:
    """The remainder of x^16 + x^12 + x^5 + 1; 0 over a frame with its own at the end."""
    rest = 0
    for byte in frame:
        rest ^= byte << 8
        for _ in range(8):
            rest = (rest << 1 ^ 0x1021 if rest & 0x8000 else rest << 1) & 0xFFFF
    return rest


class NumberDisplay:
    """A number display of 讯鹏: `shown` are its numbers, `damaged` counts frames with a wrong sum."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.damaged = 0
        self._held = b""

    def hear(self, chunk: bytes) -> None:
        self._held += chunk
        while len(self._held) >= 7:
            one = self._held[:7]
            if one[0] != 0x3A or one[6] != 0x0A or one[4] != 1:
                self._held = self._held[1:]
            elif sum(one[:5]) % 256 != one[5]:
                self.damaged += 1
                self._held = self._held[1:]
            else:
                self.shown.append(str(one[2] + one[3] * 256))
                self._held = self._held[7:]

    def forget(self) -> None:
        self._held = b""


class StripLine:
    """Screens on one line. `mute`: they have no power."""

    def __init__(self, screens: Iterable[StripScreen | NumberDisplay]) -> None:
        self.screens = list(screens)
        self.mute = False
        self._last = 0.0

    def powered(self, at: float) -> bytes:  # noqa: ARG002 - a screen that starts tells nothing
        for screen in self.screens:
            screen.forget()
        return b""

    def heard(self, chunk: bytes, at: float) -> bytes:
        self._last = at
        for screen in self.screens if not self.mute else ():
            screen.hear(chunk)
        return b""

    def passed(self, at: float) -> bytes:
        if at - self._last > _SILENCE_SECONDS:
            for screen in self.screens:
                screen.forget()
        return b""

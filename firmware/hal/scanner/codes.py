"""What drivers of scanners have in common: which texts are codes, that each is posted once per showing, and what is wrong."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

from firmware.hal import HardwareFault
from firmware.hal.ear import hand_on
from firmware.hal.showing import Showing

__all__ = ["AWAY_SECONDS", "LONGEST", "Codes", "code_of", "is_other_text"]

AWAY_SECONDS = 2.0
LONGEST = 512
_BAD_IN_A_ROW = 3


def code_of(raw: bytes) -> str | None:
    """Take bytes for a code, which is printable ASCII of bounded length; None if they are none.

    >>> code_of(b"JH/20261125/A017"), code_of("社保".encode()), code_of(b"")
    ('JH/20261125/A017', None, None)
    """
    if not 0 < len(raw) <= LONGEST or not raw.isascii():
        return None
    text = raw.decode("ascii")
    return text if text.isprintable() else None


def is_other_text(raw: bytes) -> bool:
    r"""Whether bytes are a text in Chinese, or none at all: nothing that is wrong, and nothing that is a code.

    >>> is_other_text("社保".encode()), is_other_text("社保".encode("gb18030")), is_other_text(b"\x00\xff")
    (True, True, False)
    """
    for codec in ("utf-8", "gb18030"):
        with suppress(UnicodeDecodeError):
            return not raw or raw.decode(codec).isprintable()
    return False


class Codes:
    """Posts codes. One that cannot be read is ignored; three in a row are a fault until a good one comes. What a code
    says is never in it.
    """

    def __init__(self, fault: str, away: float) -> None:
        self._sentence = fault
        self._showing = Showing(away)
        self._bad = 0
        self.post: Callable[[str], None] = lambda _: None

    def take(self, code: str | None) -> None:
        """A code was read, or None: something that is none."""
        if code is None:
            self._bad += 1
            return
        self._bad = 0
        if self._showing.new(code, time.monotonic()):
            hand_on(self.post, code, "a code")

    def opened(self) -> None:
        """The scanner was opened anew: what it sent before is no fault of now."""
        self._bad = 0

    def fault(self) -> HardwareFault | None:
        return HardwareFault(self._sentence) if self._bad >= _BAD_IN_A_ROW else None

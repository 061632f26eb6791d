"""Breaks text into lines as Chinese is set: words and numbers whole, no closing sign at a line's start; knows no type."""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["wrapped"]

# Words and numbers stay whole, and so does what people look for; a closing sign hangs on what it
# closes, an opening one on what it opens.
_CLOSING = re.escape("，。、；：？！…—）》」』】〕％”’%,.;:?!)]}·")
_OPENING = re.escape("（《「『【〔“‘([{")
_UNITS = re.compile(
    rf"\s+|[{_OPENING}]*(?:[A-Za-z0-9][A-Za-z0-9.:/+&@_~-]*|窗口|分钟|小时|.)[{_CLOSING}]*"
)


def wrapped(text: str, width: float, width_of: Callable[[str], float]) -> list[str]:
    """Lines that fit `width`, measured by `width_of`; what fits on no line is broken anywhere."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, filled = "", 0.0
        for unit in _UNITS.findall(paragraph):
            for piece in [unit] if width_of(unit) <= width else unit:
                wide = width_of(piece)
                if line and filled + wide > width and not piece.isspace():
                    lines.append(line.rstrip())
                    line, filled = "", 0.0
                if line or not piece.isspace():
                    line, filled = line + piece, filled + wide
        lines.append(line.rstrip())
    return lines

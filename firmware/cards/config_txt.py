"""The firmware's settings, `config.txt`: the card's own lines stand between two marks at its end, and all others stay."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["rewritten"]

BEGIN = "# jiaohao: what this board needs"
END = "# jiaohao: end"
# [all]: whatever section stood last, what follows holds for every model.
BLOCK = re.compile(
    rb"\n*" + re.escape(BEGIN.encode()) + rb"\n.*?(?:\n" + END.encode() + rb"(?:\n|\Z)|\Z)",
    re.DOTALL,
)


def rewritten(text: bytes, lines: Iterable[str]) -> bytes:
    """With these lines instead of those of an earlier writing.

    >>> rewritten(b"arm_64bit=1", ["dtparam=spi=on"]).decode().splitlines()[2:4]
    ['# jiaohao: what this board needs', '[all]']
    """
    kept = BLOCK.sub(b"\n", text).rstrip(b"\n")
    block = "\n".join((BEGIN, "[all]", *lines, END))
    return kept + b"\n\n" + block.encode() + b"\n"

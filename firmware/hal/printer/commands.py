"""The ESC/POS commands that the driver uses, each by its name; nothing here knows a ticket or a line.

Of python-escpos only its constants are loaded: its `printer` module sets up logging and leaves a temporary
directory behind at each import, and its connectors take silence for plenty of paper.
"""

from __future__ import annotations

from typing import Final

from escpos.constants import DC4, DLE, ENQ, EOT, ESC, GS, HW_INIT

__all__ = [
    "ANSWER_IN_ORDER",
    "CUT",
    "EMPTY_BUFFER",
    "INITIALIZE",
    "REAL_TIME",
    "RECOVER",
    "REPORT_TROUBLES",
    "answer_when_printed",
    "ask",
    "feed",
    "is_picture",
    "left_margin",
    "motion_units",
    "picture",
]

INITIALIZE: Final[bytes] = HW_INIT
CUT: Final[bytes] = GS + b"V\x42\x00"  # feeds to the cutter by itself
REPORT_TROUBLES: Final[bytes] = GS + b"a\x0e"  # offline, errors, paper
ANSWER_IN_ORDER: Final[bytes] = GS + b"r\x01"
EMPTY_BUFFER: Final[bytes] = DLE + DC4 + b"\x08\x01\x03\x14\x01\x06\x02\x08"  # newer Epson
RECOVER: Final[bytes] = DLE + ENQ + b"\x02"  # after a cutter error, without printing the rest
REAL_TIME: Final[tuple[bytes, ...]] = (DLE + EOT, DLE + ENQ, DLE + DC4)


def ask(question: int) -> bytes:
    """DLE EOT n: 1 printer, 2 cause of being offline, 3 cause of an error, 4 paper."""
    return bytes(DLE + EOT) + bytes([question])


def answer_when_printed(job: bytes) -> bytes:
    """GS ( H function 48 with an id of four bytes, 0x20 to 0x7E each."""
    return bytes(GS) + b"(H\x06\x00\x30\x30" + job


def motion_units(per_inch: int) -> bytes:
    """GS P: the unit of `feed` and `left_margin`; Epson starts in half dots."""
    return bytes(GS) + b"P" + bytes([per_inch, per_inch])


def feed(rows: int) -> bytes:
    """ESC J, as often as its limit of 255 needs."""
    whole, rest = divmod(rows, 255)
    return bytes(ESC + b"J\xff") * whole + (bytes(ESC) + b"J" + bytes([rest]) if rest else b"")


def left_margin(dots: int) -> bytes:
    return bytes(GS) + b"L" + dots.to_bytes(2, "little")


def is_picture(command: bytes) -> bool:
    return command.startswith(bytes(GS) + b"v0")


def picture(across: int, rows: int, dots: bytes) -> bytes:
    """GS v 0: `across` bytes a row."""
    return bytes(GS) + b"v0\x00" + across.to_bytes(2, "little") + rows.to_bytes(2, "little") + dots

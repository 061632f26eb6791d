"""The ESC/POS commands that the driver uses, each by its name; nothing here knows a ticket or a line.

Of python-escpos only its constants are loaded: its `printer` module sets up logging and leaves a temporary
directory behind at each import, and its connectors take silence for plenty of paper.
"""

from __future__ import annotations

from typing import Final

from escpos.constants import DC4, DLE, ENQ, EOT, ESC, GS, HW_INIT

__all__ = [
    "ANSWER_IN_ORDER",
    "ASK_FULL_STATUS",
    "ASK_NAME",
    "CHINESE",
    "CUT",
    "EJECT",
    "EMPTY_BUFFER",
    "INITIALIZE",
    "REAL_TIME",
    "RECOVER",
    "REPORT_FULL_STATUS",
    "REPORT_TROUBLES",
    "RETRACT",
    "aligned",
    "answer_when_printed",
    "ask",
    "feed",
    "is_picture",
    "left_margin",
    "motion_units",
    "picture",
    "qr_code",
    "reversed_out",
    "sized",
]

INITIALIZE: Final[bytes] = HW_INIT
CUT: Final[bytes] = GS + b"V\x42\x00"  # feeds to the cutter by itself
REPORT_TROUBLES: Final[bytes] = GS + b"a\x0e"  # offline, errors, paper
REPORT_FULL_STATUS: Final[bytes] = GS + b"\xe0\x0f"  # CUSTOM: DLE EOT 20 unasked, at each change
ANSWER_IN_ORDER: Final[bytes] = GS + b"r\x01"
EMPTY_BUFFER: Final[bytes] = DLE + DC4 + b"\x08\x01\x03\x14\x01\x06\x02\x08"  # newer Epson
RECOVER: Final[bytes] = DLE + ENQ + b"\x02"  # after a cutter error, without printing the rest
ASK_FULL_STATUS: Final[bytes] = DLE + EOT + b"\x14"  # CUSTOM, and who took after it
ASK_NAME: Final[bytes] = GS + b"I\x43"
EJECT: Final[bytes] = GS + b"e\x05"
RETRACT: Final[bytes] = GS + b"e\x02"
CHINESE: Final[bytes] = b"\x1c&"  # FS &; ESC @ may end it
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


def aligned(*, left: bool) -> bytes:
    """ESC a."""
    return bytes(ESC) + (b"a\x00" if left else b"a\x01")


def sized(times: int, *, chinese_apart: bool) -> bytes:
    """GS ! up to 8 times; `chinese_apart` where it does not reach Chinese, which FS ! can only double."""
    size = bytes(GS) + b"!" + bytes([(times - 1) << 4 | (times - 1)])
    return size + (b"\x1c!" + (b"\x0c" if times > 1 else b"\x00") if chinese_apart else b"")


def reversed_out(text: bytes) -> bytes:
    """GS B: white on black."""
    return bytes(GS) + b"B\x01" + text + bytes(GS) + b"B\x00"


def qr_code(payload: bytes, dots_per_module: int) -> bytes:
    """GS ( k: model 2, level M, stored and printed."""
    functions = (
        b"1A2\x00",
        b"1C" + bytes([dots_per_module]),
        b"1E1",
        b"1P0" + payload,
        b"1Q0",
    )
    return b"".join(bytes(GS) + b"(k" + len(f).to_bytes(2, "little") + f for f in functions)

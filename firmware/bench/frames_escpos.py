"""The orders and answers on a ticket printer's line, one by one, in words; apart from the driver, as in `frames`."""

from __future__ import annotations

__all__ = ["escpos_answer", "escpos_order"]

MORE = (0, "")

# A command's name, and how many bytes stand behind its two.
_ESC = {
    b"@": ("start anew", 0),
    b"J": ("feed dots", 1),
    b"d": ("feed lines", 1),
    b"a": ("align", 1),
}
_ESC |= {
    b"!": ("type", 1),
    b"t": ("code page", 1),
    b"R": ("character set", 1),
    b"2": ("line height", 0),
}
_ESC |= {b"3": ("line height", 1), b"E": ("bold", 1), b"-": ("underline", 1), b"M": ("font", 1)}
_GS = {
    b"L": ("margin", 2),
    b"P": ("units", 2),
    b"a": ("tell troubles by yourself", 1),
    b"!": ("size", 1),
}
_GS |= {
    b"r": ("answer once you are so far", 1),
    b"I": ("what are you?", 1),
    b"W": ("print width", 2),
}
_GS |= {b"e": ("presenter", 2), b"B": ("white on black", 1)}
_FS = {
    b"&": ("Chinese on", 0),
    b".": ("Chinese off", 0),
    b"!": ("Chinese type", 1),
    b"S": ("spacing", 2),
}
_NAMED = {0x1B: _ESC, 0x1D: _GS, 0x1C: _FS}
_ASKED = {1: "are you ready?", 2: "why are you offline?", 3: "which error?", 4: "how much paper?"}


def escpos_order(came: bytes) -> tuple[int, str]:
    lead, rest = came[0], came[1:]
    if lead == 0x10:
        return _real_time(rest)
    if lead in _NAMED:
        return _escpos_command(lead, rest)
    if lead < 0x20:
        return 1, "next line" if lead == 0x0A else "nothing"
    end = next((at for at, byte in enumerate(came) if byte < 0x20), len(came))
    return end, f"print {came[:end].decode('gb18030', 'replace')!r}"


def _real_time(rest: bytes) -> tuple[int, str]:
    if len(rest) < 2:
        return MORE
    match rest[0]:
        case 0x04:
            return 3, _ASKED.get(rest[1], f"status {rest[1]}?")
        case 0x05:
            return 3, "recover from the error"
        case 0x14:
            return (10, "empty your buffer") if len(rest) >= 9 else MORE
        case _:
            return 1, "nothing"


def _escpos_command(lead: int, rest: bytes) -> tuple[int, str]:
    name, behind = rest[:1], rest[1:]
    if not name:
        return MORE
    if lead == 0x1D and name == b"v":
        if len(behind) < 6:
            return MORE
        across, rows = (int.from_bytes(behind[at : at + 2], "little") for at in (2, 4))
        size = 8 + across * rows
        words = f"a picture of {across * 8} x {rows} dots"
        return (size, words) if len(rest) + 1 >= size else MORE
    if lead == 0x1D and name == b"(":
        size = 5 + int.from_bytes(behind[1:3], "little")
        words = "say when this is printed" if behind[:1] == b"H" else "an extended command"
        return (size, words) if len(behind) >= 3 and len(rest) + 1 >= size else MORE
    if lead == 0x1D and name == b"V":
        size = 4 if behind[:1] in (b"A", b"B") else 3
        return (size, "cut") if len(rest) + 1 >= size and behind else MORE
    words, more = _NAMED[lead].get(name, ("a command not known here", 0))
    return (2 + more, words) if len(behind) >= more else MORE


def escpos_answer(came: bytes) -> tuple[int, str]:
    """By the fixed bits of each byte; which question a byte answers only the question before it tells."""
    byte = came[0]
    if byte & 0x93 == 0x12:
        return 1, "all well" if byte == 0x12 else "something to tell: see the bits"
    if byte & 0x93 == 0x10:
        return (4, "how it is, by itself") if len(came) >= 4 else MORE
    if byte in (0x37, 0x5F):
        end = came.find(b"\0") + 1
        words = "it is printed" if came[1:2] == b"\x22" else "about itself"
        return (end, words) if end else MORE
    if byte in (0x11, 0x13):
        return 1, "go on sending" if byte == 0x11 else "stop sending"
    if byte & 0x90 == 0:
        return 1, "it is so far"
    return 1, "noise"

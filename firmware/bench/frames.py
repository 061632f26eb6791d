"""How each model's line is cut into frames, and what a frame means; from the makers' manuals, and apart from the drivers.

Each cut looks at the bytes that have come: how many its first frame takes, and its meaning; 0 if it is not whole yet.
"""

from __future__ import annotations

from functools import reduce
from operator import xor

from firmware.hal.led_panel.bxk import ERRORS, BadFrame, Unframer

__all__ = [
    "ff68",
    "lcus",
    "modbus_answer",
    "modbus_question",
    "onbon",
    "scanner_answer",
    "scanner_order",
    "sdt_answer",
    "sdt_order",
    "speech_answer",
    "speech_order",
    "strip",
    "unknown",
]

MORE = (0, "")


def unknown(came: bytes) -> tuple[int, str]:
    """Bytes whose meaning nobody here knows."""
    return len(came), "bytes"


def _noise(came: bytes, *heads: bytes) -> tuple[int, str]:
    """Everything before the next beginning; what may be a piece of one stays."""
    found = [at for head in heads if (at := came.find(head)) >= 0]
    begun = [len(came) - len(h) + 1 for h in heads if len(h) > 1 and h.startswith(came[-1:])]
    taken = min(found or begun or [len(came)])
    return max(taken, 1), "noise"


# --- Onbon BX-5K and BX-6K ---------------------------------------------------------------------------


def onbon(came: bytes) -> tuple[int, str]:
    if came[0] != 0xA5:
        return _noise(came, b"\xa5")
    end = came.find(b"\x5a") + 1
    if not end:
        return MORE
    found = Unframer().feed(came[:end])
    if not found:
        return end, "noise"
    packet = found[0]
    if isinstance(packet, BadFrame):
        return end, f"a damaged frame: {packet.why}"
    return end, f"screen {min(packet.to, packet.sender)}: {_onbon_words(packet.payload)}"


def _onbon_words(payload: bytes) -> str:
    match payload[:2]:
        case b"\xa0\x00":
            return "taken"
        case b"\xa0\x01":
            return f"refused: {ERRORS.get(payload[2], payload[2])}"
        case b"\xa2\x00":
            return "are you there?"
        case b"\xa3\x00":
            return "light on" if payload[5:] == b"\x01" else "light off"
        case b"\xa3\x10":
            return "clear"
        case b"\xa3\x06" if payload[5:6] == b"\xff":
            return "delete every area"
        case b"\xa3\x06":
            # In front of the text: deleted areas, how many new ones, a length, and 27 bytes of the first.
            text = payload[7 + payload[5] + 2 + 27 :].decode("gbk", "replace")
            return f"show {text!r}"
        case _:
            return "a command"


# --- SYN6288, XFS5152CE ------------------------------------------------------------------------------

_SPEECH = {
    2: "stop",
    3: "pause",
    4: "go on",
    0x21: "are you speaking?",
    0x88: "sleep",
    0xFF: "wake",
}
_SPEECH_ANSWERS = {
    0x41: "taken",
    0x45: "refused",
    0x4A: "started anew",
    0x4E: "speaking",
    0x4F: "idle",
}


def speech_order(came: bytes) -> tuple[int, str]:
    if came[0] != 0xFD:
        return _noise(came, b"\xfd")
    size = 3 + int.from_bytes(came[1:3])
    if len(came) < 4 or len(came) < size:
        return MORE
    frame = came[:size]
    if frame[3] != 1:
        return size, _SPEECH.get(frame[3], "a command")
    # Only a SYN6288 ends its frames with the xor of all before.
    text = frame[5:-1] if reduce(xor, frame) == 0 else frame[5:]
    return size, f"say {text.decode('gbk', 'replace')!r}"


def speech_answer(came: bytes) -> tuple[int, str]:
    return 1, _SPEECH_ANSWERS.get(came[0], "noise")


# --- FF 68 -------------------------------------------------------------------------------------------


def ff68(came: bytes) -> tuple[int, str]:
    if not (came[:2] == b"\xff\x68" or came == b"\xff"):
        return _noise(came, b"\xff\x68")
    if len(came) < 5:
        return MORE
    length = came[2]
    if came[3] != length or came[4] != 0x68 or length < 2:
        return 2, "noise"
    size = 5 + length + 2
    if len(came) < size:
        return MORE
    body, checksum = came[5 : 5 + length], came[5 + length]
    if sum(body) & 0xFF != checksum or came[size - 1] != 0x16:
        return size, "a damaged frame"
    address, command, rest = body[0], body[1], body[2:]
    meaning = {
        1: "keys" if rest != b"\x0b" else "ask for a rating",
        2: "show digits",
        3: "beep",
        0x11: "rated",
    }.get(command, f"command {command:02X}")
    return size, f"address {address}: {meaning} {rest.hex(' ').upper()}".rstrip()


# --- strip screens -----------------------------------------------------------------------------------


def strip(came: bytes) -> tuple[int, str]:
    if came[0] == 0xAA:
        end = came.find(b"\xff", 11) + 1
        return (end, _strip_words(came[1], came[11 : end - 1])) if end else MORE
    if came[:2] == b"\xa0\x90":
        size = 6 + int.from_bytes(came[4:6]) + 1
        if len(came) < 6 or len(came) < size:
            return MORE
        return size, _strip_words(came[2], came[6 : size - 1].replace(b"\0", b""))
    if came[1:2] == b"\xfe":
        size = came[2] if len(came) > 2 else 0
        if len(came) < 3 or len(came) < size or size < 13:
            return MORE if size == 0 or size >= 13 else (size, "noise")
        return size, _strip_words(came[0], came[10 : size - 3])
    return MORE if len(came) == 1 else (1, "noise")


def _strip_words(address: int, text: bytes) -> str:
    return f"screen {address}: show {text.decode('gbk', 'replace')!r}"


# --- relays and inputs -------------------------------------------------------------------------------

_MODBUS = {1: "read relays", 2: "read inputs", 3: "read registers", 4: "read input registers"}
_MODBUS |= {5: "switch", 6: "write a register", 15: "switch several", 16: "write registers"}


def modbus_question(came: bytes) -> tuple[int, str]:
    if len(came) < 8:
        return MORE
    size = 9 + came[6] if came[1] in (15, 16) else 8
    if len(came) < size:
        return MORE
    return _modbus(
        came[:size], f"from {int.from_bytes(came[2:4])} {came[4 : size - 2].hex(' ').upper()}"
    )


def modbus_answer(came: bytes) -> tuple[int, str]:
    if len(came) < 5:
        return MORE
    if came[1] & 0x80:
        size, words = 5, f"refused with {came[2]}"
    elif came[1] <= 4:
        size, words = 5 + came[2], came[3 : 3 + came[2]].hex(" ").upper()
    else:
        size, words = 8, "done"
    return _modbus(came[:size], words) if len(came) >= size else MORE


def _modbus(frame: bytes, words: str) -> tuple[int, str]:
    # The same polynomial as CRC-16/ARC, begun with all ones.
    crc = 0xFFFF
    for byte in frame[:-2]:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    if crc != int.from_bytes(frame[-2:], "little"):
        return 1, "noise"
    name = _MODBUS.get(frame[1] & 0x7F, f"function {frame[1]}")
    return len(frame), f"unit {frame[0]}: {name} {words}"


def lcus(came: bytes) -> tuple[int, str]:
    if came[0] != 0xA0:
        return _noise(came, b"\xa0")
    if len(came) < 4:
        return MORE
    if sum(came[:3]) & 0xFF != came[3]:
        return 1, "noise"
    return 4, f"relay {came[1]} {'on' if came[2] & 1 else 'off'}"


# --- scanners ----------------------------------------------------------------------------------------


def scanner_order(came: bytes) -> tuple[int, str]:
    if came[:2] != b"\x7e\x00" and came != b"\x7e":
        return _noise(came, b"\x7e\x00")
    size = 8 + came[3] if len(came) > 3 else 0
    if not size or len(came) < size:
        return MORE
    return size, "read a code now" if came[2:7] == b"\x08\x01\x00\x02\x01" else "a setting"


def scanner_answer(came: bytes) -> tuple[int, str]:
    if came[:2] == b"\x02\x00"[: len(came)]:
        size = 6 + came[3] if len(came) > 3 else 0
        return (size, "understood") if size and len(came) >= size else MORE
    end = came.find(b"\r") + 1
    return (end, f"a code of {end - 1} characters") if end else MORE


# --- identity cards: which frame it is, never what is in it ------------------------------------------

_SDT_HEAD = b"\xaa\xaa\xaa\x96\x69"
_SDT_ORDERS = {
    b"\x20\x01": "find a card",
    b"\x20\x02": "select it",
    b"\x30\x01": "read it",
    b"\x10\xff": "reset",
    b"\x11\xff": "how are you?",
    b"\x12\xff": "which module are you?",
}
_SDT_ANSWERS = {
    0x90: "done",
    0x9F: "a card lies there",
    0x10: "checksum wrong",
    0x11: "length wrong",
    0x21: "command wrong",
    0x31: "the card refuses the reader",
    0x40: "wrong kind of card",
    0x41: "reading failed",
    0x60: "self-test failed",
    0x66: "not authorised",
    0x80: "no card",
    0x81: "selecting failed",
    0x91: "the card has no such thing",
}


def sdt_order(came: bytes) -> tuple[int, str]:
    size = _sdt_size(came)
    if size <= 0:
        return -size, "noise"
    return size, _SDT_ORDERS.get(came[7:9], "a command")


def sdt_answer(came: bytes) -> tuple[int, str]:
    size = _sdt_size(came)
    if size <= 0:
        return -size, "noise"
    return size, _SDT_ANSWERS.get(came[9], "an answer") if size > 10 else "an answer"


def _sdt_size(came: bytes) -> int:
    """How long the frame at the beginning is; 0 if it is not whole, less than 0 for so much noise."""
    if came[:5] != _SDT_HEAD[: len(came)]:
        taken, _ = _noise(came, _SDT_HEAD)
        return -taken
    size = 7 + int.from_bytes(came[5:7])
    return size if len(came) >= 7 and len(came) >= size else 0

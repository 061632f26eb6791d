"""Where a device hangs, read from its `port` setting into values; never opens anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, cast, get_args
from urllib.parse import parse_qsl

from msgspec import Meta

__all__ = [
    "BITS_PER_BYTE",
    "FilePlace",
    "Flow",
    "Pin",
    "Place",
    "SerialPlace",
    "TcpPlace",
    "parse_place",
]

BITS_PER_BYTE = 10  # 8N1
Flow = Literal["none", "rtscts", "xonxoff"]
Pin = Annotated[int, Meta(ge=0, le=27)]  # BCM numbers, as gpiozero and `pinout` use them


@dataclass(frozen=True, slots=True)
class SerialPlace:
    """A serial line, 8N1."""

    path: str
    baud: int
    flow: Flow = "none"


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A character device of the USB printer class, or an existing plain file, which cannot be asked."""

    path: str


@dataclass(frozen=True, slots=True)
class TcpPlace:
    host: str
    port: int


Place = SerialPlace | FilePlace | TcpPlace


def parse_place(text: str, *, baud: int, port: int | None = None, file: bool = False) -> Place:
    """Read a place; `baud` and `port` are what the device's maker ships, `file` whether it may be a file.

    Raises ValueError, a sentence; an option that it does not know is an error.

    >>> parse_place("serial:/dev/ttyUSB0", baud=57600)
    SerialPlace(path='/dev/ttyUSB0', baud=57600, flow='none')
    >>> parse_place("tcp:192.168.1.60:5005", baud=57600)
    TcpPlace(host='192.168.1.60', port=5005)
    """
    kind, _, rest = text.partition(":")
    where, _, query = rest.partition("?")
    options = dict(parse_qsl(query, keep_blank_values=True))
    place: Place
    try:
        if kind == "serial" and where:
            speed = _number("baud", options.pop("baud", str(baud)), 1200, 4_000_000)
            place = SerialPlace(where, speed, _flow(options.pop("flow", "none")))
        elif kind == "tcp" and where:
            place = _tcp(where, port)
        elif kind == "file" and where and file:
            place = FilePlace(where)
        else:
            raise ValueError("is no place where this device can hang")
        if options:
            raise ValueError(f"has unknown options {', '.join(options)}")
    except ValueError as fault:
        raise ValueError(
            f"{text!r} {fault}: write serial:/dev/ttyUSB0?baud={baud}&flow={'|'.join(get_args(Flow))}"
            f"{', file:/dev/usb/lp0' if file else ''} or tcp:192.168.1.60:{port or 4001}"
        ) from None
    return place


def _tcp(where: str, usual: int | None) -> TcpPlace:
    host, colon, port = where.rpartition(":")
    if not colon:
        if usual is None:
            raise ValueError("lacks a TCP port")
        return TcpPlace(where, usual)
    if not host:
        raise ValueError("lacks a host")
    return TcpPlace(host.strip("[]"), _number("TCP port", port, 1, 65535))


def _flow(word: str) -> Flow:
    if word not in get_args(Flow):
        raise ValueError(f"has an unknown flow control {word!r}")
    return cast("Flow", word)


def _number(what: str, digits: str, least: int, most: int) -> int:
    if not (digits.isascii() and digits.isdecimal()) or not least <= int(digits) <= most:
        raise ValueError(f"has the {what} {digits!r}, which is no number from {least} to {most}")
    return int(digits)

"""Where a device hangs, read from its `port` setting into values; never opens anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qsl

from msgspec import Meta

__all__ = ["Pin", "Place", "SerialPlace", "TcpPlace", "parse_place"]


Pin = Annotated[int, Meta(ge=0, le=27)]  # BCM numbers, as gpiozero and `pinout` use them


@dataclass(frozen=True, slots=True)
class SerialPlace:
    """A serial line, 8N1."""

    path: str
    baud: int

    def __str__(self) -> str:
        return f"serial:{self.path}?baud={self.baud}"


@dataclass(frozen=True, slots=True)
class TcpPlace:
    host: str
    port: int

    def __str__(self) -> str:
        return f"tcp:{self.host}:{self.port}"


Place = SerialPlace | TcpPlace


def parse_place(text: str, *, baud: int, port: int | None = None) -> Place:
    """Read a place; `baud` and `port` are what the device's maker ships. Raises ValueError, a sentence.

    >>> parse_place("serial:/dev/ttyUSB0", baud=57600)
    SerialPlace(path='/dev/ttyUSB0', baud=57600)
    >>> parse_place("tcp:192.168.1.60:5005", baud=57600)
    TcpPlace(host='192.168.1.60', port=5005)
    """
    forms = f"write serial:/dev/ttyUSB0?baud={baud} or tcp:192.168.1.60:{port or 4001}"
    scheme, _, rest = text.partition(":")
    where, _, query = rest.partition("?")
    options = dict(parse_qsl(query, keep_blank_values=True))
    place: Place
    if scheme == "serial" and where:
        place = SerialPlace(
            where, _number(options.pop("baud", str(baud)), 1200, 4_000_000, text, forms)
        )
    elif scheme == "tcp" and where:
        host, colon, after = where.rpartition(":")
        if not colon and port is not None:
            host, after = where, str(port)
        if not host:
            raise ValueError(f"{text!r} lacks a TCP port: {forms}")
        place = TcpPlace(host.strip("[]"), _number(after, 1, 65535, text, forms))
    else:
        raise ValueError(f"{text!r} is no place where a device can hang: {forms}")
    if options:
        raise ValueError(f"{text!r} has unknown options {', '.join(options)}: {forms}")
    return place


def _number(digits: str, least: int, most: int, text: str, forms: str) -> int:
    if not (digits.isascii() and digits.isdecimal()) or not least <= int(digits) <= most:
        raise ValueError(f"{digits!r} in {text!r} is no number from {least} to {most}: {forms}")
    return int(digits)

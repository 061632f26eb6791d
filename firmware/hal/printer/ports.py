"""Where a printer hangs, read from its `port` setting into values; never opens one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast, get_args
from urllib.parse import parse_qsl

__all__ = ["DevicePort", "Flow", "Port", "SerialPort", "TcpPort", "parse_port"]

Flow = Literal["none", "rtscts", "xonxoff"]

_FORMS = (
    "write serial:/dev/ttyUSB0?baud=115200&flow=none|rtscts|xonxoff, "
    "file:/dev/usb/lp0 or tcp:192.168.1.50:9100"
)


@dataclass(frozen=True, slots=True)
class SerialPort:
    """An RS-232 or USB-CDC line, 8N1."""

    path: str
    baud: int = 115200
    flow: Flow = "none"


@dataclass(frozen=True, slots=True)
class DevicePort:
    """A character device of the USB printer class, or an existing plain file, which cannot be asked."""

    path: str


@dataclass(frozen=True, slots=True)
class TcpPort:
    host: str
    port: int = 9100


Port = SerialPort | DevicePort | TcpPort


def parse_port(text: str) -> Port:
    """Read a port; an option it does not know is an error. Raises ValueError, a sentence."""
    scheme, _, rest = text.partition(":")
    path, _, query = rest.partition("?")
    options = dict(parse_qsl(query, keep_blank_values=True))
    if not path:
        raise ValueError(f"the printer's port {text!r} names no place: {_FORMS}")
    port: Port
    match scheme:
        case "serial":
            port = SerialPort(path, _baud(options.pop("baud", "115200")), _flow(options))
        case "file":
            port = DevicePort(path)
        case "tcp":
            port = _tcp(path)
        case _:
            raise ValueError(f"the printer's port {text!r} is of no known kind: {_FORMS}")
    if options:
        raise ValueError(
            f"the printer's port {text!r} has unknown options {', '.join(options)}: {_FORMS}"
        )
    return port


def _baud(text: str) -> int:
    if not text.isdecimal() or not 1200 <= int(text) <= 4_000_000:
        raise ValueError(f"baud={text!r} is no speed of a serial line; 9600 and 115200 are usual")
    return int(text)


def _flow(options: dict[str, str]) -> Flow:
    flow = options.pop("flow", "none")
    if flow not in get_args(Flow):
        raise ValueError(f"flow={flow!r} is unknown; write one of {', '.join(get_args(Flow))}")
    return cast("Flow", flow)


def _tcp(place: str) -> TcpPort:
    host, colon, port = place.rpartition(":")
    if not colon:
        return TcpPort(place)
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError(f"tcp:{place} is no address; write tcp:192.168.1.50:9100")
    return TcpPort(host.strip("[]"), int(port))

"""What a part has of its board for itself, so that two which want the same are found before either is opened."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass

from firmware.hal.buses.places import Place, TcpPlace

__all__ = ["Claim", "channel_claims", "line_claim", "pin_claims"]


@dataclass(frozen=True, slots=True)
class Claim:
    """`steps` lead to where the settings say it, `what` calls it by name, `wanted` is what one knows it again by.

    Parts that give the same `protocol` share what they want: several addresses on one RS-485 line. Parts of one device
    that give the same `turns` take turns at it.
    """

    steps: tuple[str | int, ...]
    what: str
    wanted: Hashable
    protocol: str = ""
    turns: str = ""


def pin_claims(field: str, pins: Mapping[str, int]) -> Iterator[Claim]:
    """Pins by the names they have under `field`."""
    for name, pin in pins.items():
        yield Claim((field, name), f"pin {pin}", pin)


def line_claim(port: str, place: Place, protocol: str = "") -> Claim:
    """The line behind the setting `port`; parts with the same `protocol` and the same speed can share it."""
    # One line at two speeds is still one line.
    wanted = place if isinstance(place, TcpPlace) else place.path
    speed = getattr(place, "baud", 0)
    return Claim(("port",), f"the port {port!r}", wanted, protocol and f"{protocol} {speed}")


def channel_claims(
    line: Claim, kind: str, field: str, channels: Mapping[str, int], unit: int = 0
) -> Iterator[Claim]:
    """A shared `line`, and the channels of one unit on it by the names they have under `field`."""
    yield line
    of_unit = f" of unit {unit}" if unit else ""
    for name, channel in channels.items():
        what = f"{kind} {channel}{of_unit} at {line.what}"
        yield Claim((field, name), what, (line.wanted, kind, unit, channel))

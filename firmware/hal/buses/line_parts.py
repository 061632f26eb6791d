"""What the settings of all parts on a line share: where it hangs, and that it claims the line."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from firmware.hal.buses.places import Place, parse_place
from firmware.hal.claims import Claim, line_claim

__all__ = ["LinePart"]


class LinePart(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A device alone on its line, at 9600 baud if `port` does not say otherwise; a model with other ways says so."""

    port: str

    def __post_init__(self) -> None:
        _ = self.place

    @property
    def place(self) -> Place:
        return parse_place(self.port, baud=9600)

    def claims(self) -> Iterator[Claim]:
        yield line_claim(self.port, self.place)

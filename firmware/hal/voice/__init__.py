"""A voice in a zone: says one sentence at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, Protocol

from msgspec import Meta, Struct

from firmware.hal import Health
from firmware.hal.buses.places import Place, parse_place
from firmware.hal.claims import Claim, line_claim

__all__ = ["Syn6288Settings", "Voice", "VoiceSettings", "open_voice"]


class Voice(Protocol):
    """Speaks Mandarin. `say` blocks until the sentence has been heard; HardwareFault if it was not."""

    def say(self, text: str) -> None: ...

    def health(self) -> Health: ...

    def close(self) -> None: ...


class Syn6288Settings(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="model", tag="syn6288"
):
    """A speech chip on a serial line: SYN6288(E), or iFlytek's XFS5152CE, which differs by a checksum.

    `volume` is 0 to 16 (XFS5152CE: 10). `opening` goes before each sentence as the chip's manual spells it:
    tags such as [n1], a chime such as msga.
    """

    port: str
    chip: Literal["syn6288", "xfs5152"] = "syn6288"
    volume: Annotated[int, Meta(ge=0, le=16)] = 10
    opening: Annotated[str, Meta(max_length=40, pattern=r"^[ -~]*\Z")] = ""

    def __post_init__(self) -> None:
        _ = self.place
        if self.chip == "xfs5152" and self.volume > 10:
            raise ValueError(f"an XFS5152CE has volumes 0 to 10: {self.volume} is none")

    @property
    def place(self) -> Place:
        return parse_place(self.port, baud=9600)

    def claims(self) -> Iterator[Claim]:
        yield line_claim(self.port, self.place)


VoiceSettings = Syn6288Settings


def open_voice(settings: VoiceSettings) -> Voice:
    """Open a voice; a chip that is not there yet is found when it is first to speak."""
    from firmware.hal.voice.syn6288 import Syn6288Voice

    return Syn6288Voice(settings)

"""A voice in a zone: says one sentence at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from threading import Event
from typing import Annotated, Literal, Protocol

from msgspec import Meta, Struct

from firmware.hal import Health
from firmware.hal.buses.line_parts import LinePart
from firmware.hal.claims import Claim

__all__ = [
    "ClipsSettings",
    "EspeakSettings",
    "InTurnSettings",
    "Syn6288Settings",
    "Voice",
    "VoiceSettings",
    "open_voice",
]


class Voice(Protocol):
    """`say` blocks until the sentence has been heard; HardwareFault if it was not.

    Once `cut` is set, by any thread, the sentence is broken off at once and `say` returns; set before, nothing sounds.
    """

    def say(self, text: str, cut: Event | None = None) -> None: ...

    def health(self) -> Health: ...

    def close(self) -> None: ...


class Syn6288Settings(LinePart, frozen=True, kw_only=True, tag_field="model", tag="syn6288"):
    """A speech chip on a serial line: SYN6288(E), or iFlytek's XFS5152CE, which differs by a checksum.

    `volume` is 0 to 16 (XFS5152CE: 10). `opening` goes before each sentence as the chip's manual spells it:
    tags such as [n1], a chime such as msga.
    """

    chip: Literal["syn6288", "xfs5152"] = "syn6288"
    volume: Annotated[int, Meta(ge=0, le=16)] = 10
    opening: Annotated[str, Meta(max_length=40, pattern=r"^[ -~]*\Z")] = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.chip == "xfs5152" and self.volume > 10:
            raise ValueError(f"an XFS5152CE has volumes 0 to 10: {self.volume} is none")


def _card_claim(card: str) -> Claim:
    # A process plays through one card, so voices of two devices would sound at once.
    return Claim(("card",), "the sound card", "sound card", turns=f"sound card {card}")


class ClipsSettings(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="model", tag="clips"
):
    """Recorded clips of a voice pack through a sound card; see docs/voice.md.

    `pack` is `zh` or `en`, which come with the project, or the path of a folder or zip. `card` is its name as SDL lists it; the system's own if left out.
    """

    pack: Annotated[str, Meta(min_length=1)]
    card: str = ""

    def claims(self) -> Iterator[Claim]:
        yield _card_claim(self.card)


class EspeakSettings(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="model", tag="espeak"
):
    """The program espeak-ng through a sound card: any text, badly; Mandarin by the voice `cmn-latn-pinyin` alone."""

    voice: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]*\Z")] = "cmn-latn-pinyin"
    words_per_minute: Annotated[int, Meta(ge=80, le=300)] = 150
    card: str = ""

    def claims(self) -> Iterator[Claim]:
        yield _card_claim(self.card)


class InTurnSettings(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="model", tag="in_turn"
):
    """Several voices, the best first: what one cannot say the next says, and its health tells which is missing."""

    voices: Annotated[
        tuple[Syn6288Settings | ClipsSettings | EspeakSettings, ...], Meta(min_length=2)
    ]

    def __post_init__(self) -> None:
        cards = {one.card for one in self.voices if not isinstance(one, Syn6288Settings)}
        if len(cards) > 1:
            raise ValueError(f"one board plays through one sound card, not {sorted(cards)}")

    def claims(self) -> Iterator[Claim]:
        seen: set[object] = set()
        for number, voice in enumerate(self.voices):
            for claim in voice.claims():
                if isinstance(voice, Syn6288Settings) or claim.wanted not in seen:
                    yield replace(claim, steps=("voices", number, *claim.steps))
                seen.add(claim.wanted)


VoiceSettings = Syn6288Settings | ClipsSettings | EspeakSettings | InTurnSettings


def open_voice(settings: VoiceSettings) -> Voice:
    """Open a voice; a chip, card or pack that is not there yet is found when it is first to speak."""
    match settings:
        case Syn6288Settings():
            from firmware.hal.voice.syn6288 import Syn6288Voice

            return Syn6288Voice(settings)
        case ClipsSettings():
            from firmware.hal.voice.clips import ClipVoice

            return ClipVoice(settings)
        case EspeakSettings():
            from firmware.hal.voice.espeak import EspeakVoice

            return EspeakVoice(settings)
        case InTurnSettings(voices=voices):
            from firmware.hal.voice.in_turn import VoicesInTurn

            return VoicesInTurn([open_voice(one) for one in voices])

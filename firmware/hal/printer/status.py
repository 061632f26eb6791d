"""What an ESC/POS printer says, told apart by the fixed bits of each byte; no waiting and no line here.

Bit tables: Epson TM-T88 programming guide (DLE EOT, GS a, GS r, GS ( H, GS I), the same in SNBC and CUSTOM manuals;
full status: CUSTOM KPM210 and KPM300 manuals, but for the recoverable errors, whose bits are general knowledge.
"""

from __future__ import annotations

from dataclasses import dataclass

from firmware.hal import Health, Trouble

__all__ = [
    "Finished",
    "FullStatus",
    "InOrder",
    "Named",
    "RealTime",
    "Report",
    "Said",
    "StatusReader",
    "health_of",
    "troubles_of",
]


@dataclass(frozen=True, slots=True)
class RealTime:
    """The answer to one DLE EOT, `0xx1xx10`; which one was asked is the asker's to know."""

    byte: int


@dataclass(frozen=True, slots=True)
class InOrder:
    """The answer to GS r, `0xx0xxxx`: all that was sent before it has been dealt with."""

    byte: int


@dataclass(frozen=True, slots=True)
class Report:
    """Four bytes of automatic status back (GS a), asked for or not."""

    troubles: tuple[Trouble, ...]


@dataclass(frozen=True, slots=True)
class Finished:
    """The answer to GS ( H: the paper that this id stands behind is printed."""

    job: bytes


@dataclass(frozen=True, slots=True)
class Named:
    """The answer to GS I: its maker's or its own name."""

    name: str


@dataclass(frozen=True, slots=True)
class FullStatus:
    """The answer to DLE EOT 20, `10 0F` and four bytes, told only where a printer is known to give it."""

    troubles: tuple[Trouble, ...]


Said = RealTime | InOrder | Report | Finished | Named | FullStatus

# What the bits of DLE EOT n mean.
_MEANINGS: dict[int, tuple[tuple[int, Trouble], ...]] = {
    1: ((0x08, Trouble.OFFLINE),),
    2: ((0x04, Trouble.COVER_OPEN), (0x20, Trouble.PAPER_OUT), (0x40, Trouble.BROKEN)),
    3: (
        (0x08, Trouble.CUTTER),
        (0x04, Trouble.JAM),
        (0x40, Trouble.OVERHEATED),
        (0x20, Trouble.BROKEN),
    ),
    4: ((0x60, Trouble.PAPER_OUT), (0x0C, Trouble.PAPER_NEAR_END)),
}
_FULL: tuple[tuple[tuple[int, Trouble], ...], ...] = (
    (
        (0x01, Trouble.PAPER_OUT),
        (0x04, Trouble.PAPER_NEAR_END),
        (0x20, Trouble.TICKET_NOT_TAKEN),
        (0x40, Trouble.PAPER_NEAR_END),  # by the length that is counted
    ),
    ((0x03, Trouble.COVER_OPEN),),  # head up, cover open
    ((0x01, Trouble.OVERHEATED), (0x40, Trouble.JAM), (0x08, Trouble.BROKEN)),
    ((0x01, Trouble.CUTTER), (0x02, Trouble.COVER_OPEN), (0x0C, Trouble.BROKEN)),
)
_BEARABLE = frozenset({Trouble.PAPER_NEAR_END, Trouble.TICKET_NOT_TAKEN})
_VAGUE = (Trouble.OFFLINE, Trouble.BROKEN)
_OF_PAPER = frozenset({Trouble.PAPER_OUT, Trouble.PAPER_NEAR_END})
_TELLING_FIRST = (
    Trouble.COVER_OPEN,
    Trouble.CUTTER,
    Trouble.JAM,
    Trouble.PAPER_OUT,
    Trouble.OVERHEATED,
    Trouble.BROKEN,
    Trouble.OFFLINE,
    Trouble.TICKET_NOT_TAKEN,
    Trouble.PAPER_NEAR_END,
)

_ASB_BYTES = 4
_FULL_HEAD = b"\x10\x0f"
_FULL_BYTES = 6
_BLOCK_HEADS = (0x37, 0x5F)
_LONGEST_BLOCK = 80


def troubles_of(question: int, answer: int) -> tuple[Trouble, ...]:
    """Read the answer to DLE EOT `question` (1 printer, 2 offline cause, 3 error cause, 4 paper)."""
    return tuple(trouble for bits, trouble in _MEANINGS[question] if answer & bits)


def health_of(troubles: list[Trouble], *, near_end_sensor: bool = True) -> Health:
    """Sum up: each trouble once, a vague one only if nothing tells more, near end or an old ticket in its mouth is usable."""
    found = set(troubles)
    if not near_end_sensor or Trouble.PAPER_OUT in found:
        found.discard(Trouble.PAPER_NEAR_END)
    if Trouble.COVER_OPEN in found:
        found -= _OF_PAPER  # those sensors see nothing while the cover is up (Epson)
    for vague in _VAGUE:
        if found - {vague} - _BEARABLE:
            found.discard(vague)
    ordered = tuple(trouble for trouble in _TELLING_FIRST if trouble in found)
    return Health(usable=found <= _BEARABLE, troubles=ordered)


class StatusReader:
    """Bytes in, what they say out. XON, XOFF and junk say nothing; halves are kept for the next call."""

    def __init__(self, *, full_status: bool = False) -> None:
        self._full_status = full_status
        self._begun = bytearray()

    def read(self, came: bytes) -> tuple[Said, ...]:
        said: list[Said] = []
        for byte in came:
            said += self._take(byte)
        return tuple(said)

    def _take(self, byte: int) -> tuple[Said, ...]:
        if self._begun:
            return self._go_on(byte)
        if byte & 0x93 == 0x12:
            return (RealTime(byte),)
        if byte & 0x93 == 0x10 or byte in _BLOCK_HEADS:
            self._begun.append(byte)
            return ()
        if byte & 0x90 == 0x00:
            return (InOrder(byte),)
        return ()

    def _go_on(self, byte: int) -> tuple[Said, ...]:
        if self._full_status and self._begun + bytes([byte]) == _FULL_HEAD:
            self._begun.append(byte)
            return ()
        if self._begun.startswith(_FULL_HEAD) and self._full_status:
            return self._go_on_with_full(byte)
        in_block = self._begun[0] in _BLOCK_HEADS
        fits = byte == 0 or 0x20 <= byte <= 0x7E if in_block else byte & 0x90 == 0x00
        if not fits or len(self._begun) > _LONGEST_BLOCK:
            self._begun.clear()  # it was junk that looked like a beginning
            return self._take(byte)
        self._begun.append(byte)
        if in_block:
            return self._end_of_block() if byte == 0 else ()
        if len(self._begun) == _ASB_BYTES:
            report = _report(self._begun)
            self._begun.clear()
            return (report,)
        return ()

    def _go_on_with_full(self, byte: int) -> tuple[Said, ...]:
        self._begun.append(byte)
        if len(self._begun) < _FULL_BYTES:
            return ()
        flags = zip(self._begun[len(_FULL_HEAD) :], _FULL, strict=True)
        self._begun.clear()
        troubles = [word for byte, bits in flags for bit, word in bits if byte & bit]
        return (FullStatus(tuple(dict.fromkeys(troubles))),)

    def _end_of_block(self) -> tuple[Said, ...]:
        block = bytes(self._begun)
        self._begun.clear()
        if len(block) == 7 and block.startswith(b"\x37\x22"):
            return (Finished(block[2:6]),)
        if block.startswith(b"\x5f"):
            return (Named(block[1:-1].decode("ascii")),)
        return ()


def _report(asb: bytearray) -> Report:
    printer, error, paper = asb[:3]
    bits = (
        (printer & 0x20, Trouble.COVER_OPEN),
        (paper & 0x0C, Trouble.PAPER_OUT),
        (error & 0x08, Trouble.CUTTER),
        (error & 0x04, Trouble.JAM),
        (error & 0x40, Trouble.OVERHEATED),
        (error & 0x20, Trouble.BROKEN),
        (printer & 0x08, Trouble.OFFLINE),
        (paper & 0x03, Trouble.PAPER_NEAR_END),
    )
    return Report(tuple(trouble for bit, trouble in bits if bit))

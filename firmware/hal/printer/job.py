"""One paper as the bytes that print, cut and prove it on one printer; pure: the same paper, the same bytes."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

from firmware.hal.buses.places import BITS_PER_BYTE, Place, SerialPlace
from firmware.hal.printer import EscposSettings, Paper, native, raster
from firmware.hal.printer.commands import (
    ANSWER_IN_ORDER,
    CUT,
    INITIALIZE,
    REPORT_FULL_STATUS,
    REPORT_TROUBLES,
    answer_when_printed,
    feed,
    is_picture,
    motion_units,
)
from firmware.hal.printer.native import Rom, Step
from firmware.hal.printer.profiles import Profile

__all__ = ["Job", "end_of_paper", "make_job"]

_QUICKEST_START_SECONDS = 0.4  # from power to the first byte that a printer takes
_LOWEST_BAND = 4  # rows
_TEAR_OFF_ROWS = 200  # 25 mm, from the head to the edge of the case


@dataclass(frozen=True, slots=True)
class Job:
    """One ticket as bytes, with the questions in it by whose answers the printer proves it.

    `in_order` is how many times it asks to be answered in order: after each picture or line, so that a printer
    which lost its power, and with it a part of the ticket, owes an answer; else its tail would be proof. On a
    serial line no question is further from the next than a printer takes to start.
    """

    content: bytes
    id: bytes
    in_order: int
    rows: int
    longest_command: int


def make_job(paper: Paper, settings: EscposSettings, number: int) -> Job:
    """`number` differs from that of the job before. Raises ValueError where the paper does not fit."""
    traits = settings.traits
    steps, rows = (
        _native(paper, traits) if settings.prints_text else _bitmap(paper, traits, settings.place)
    )
    job_id = _job_id(b"".join(step.content for step in steps), number)
    commands = [INITIALIZE, motion_units(traits.dots_per_inch)]
    if traits.reports:
        commands.append(REPORT_TROUBLES)
    if traits.full_status:
        commands.append(REPORT_FULL_STATUS)
    for step in steps:
        commands.append(step.content)
        if traits.proof != "estimated" and step.proves:
            commands.append(ANSWER_IN_ORDER)
    commands.append(end_of_paper(traits))
    if traits.proof == "status":
        commands.append(ANSWER_IN_ORDER)
    if traits.proof == "id":
        commands.append(answer_when_printed(job_id))
    return Job(
        content=b"".join(commands),
        id=job_id,
        in_order=commands.count(ANSWER_IN_ORDER),
        rows=rows,
        longest_command=max(map(len, commands)),
    )


def end_of_paper(traits: Profile) -> bytes:
    return CUT if traits.cutter else feed(_TEAR_OFF_ROWS)


def _native(paper: Paper, traits: Profile) -> tuple[tuple[Step, ...], int]:
    rom = Rom(
        traits.width,
        lacks=traits.lacks,
        qr_code=traits.qr_code,
        chinese_apart=traits.chinese_apart,
    )
    steps = native.encode(paper, rom)
    return steps, sum(step.rows for step in steps)


def _bitmap(paper: Paper, traits: Profile, place: Place) -> tuple[tuple[Step, ...], int]:
    # Pillow takes a while and some memory, which a kiosk that only waits can do without.
    from firmware.hal.printer.drawing import draw

    bitmap = draw(paper, traits.width)
    band_rows = raster.BAND_ROWS
    if isinstance(place, SerialPlace):
        while_it_starts = int(_QUICKEST_START_SECONDS * place.baud / BITS_PER_BYTE)
        rows_meanwhile = while_it_starts // ((traits.width + 7) // 8)
        band_rows = max(_LOWEST_BAND, min(band_rows, rows_meanwhile))
    commands = raster.encode(bitmap, band_rows)
    return tuple(Step(c, proves=is_picture(c)) for c in commands), bitmap.height


def _job_id(content: bytes, number: int) -> bytes:
    """Four printable characters that differ from those of the jobs before."""
    mixed = crc32(content, number)
    return bytes(0x21 + (mixed >> shift) % 90 for shift in (0, 8, 16, 24))

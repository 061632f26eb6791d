"""What is wrong with a voice pack: clips that are missing, silent, clipped or unlike the others, texts without pieces."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from broker.loading import SettingsFault
from firmware.hal.voice.pack import Pack, PackFault, place
from firmware.hal.voice.planning import NoPieces
from firmware.studio.levels import CLIPPED, SILENT, Samples, decibels, loudness, peak, quiet_ends
from firmware.studio.ogg import decoded
from firmware.studio.options import add_pieces, asked
from firmware.studio.wanted import Wanted

__all__ = ["Heard", "check", "main", "missing"]

UNEQUAL = 3.0  # dB: what one hears from clip to clip
SLOW = 0.2  # seconds of nothing before the speech: a gap in the middle of a sentence
LONG = 12.0


@dataclass(frozen=True, slots=True)
class Heard:
    """A clip and what is wrong with it; without a sound its figures are 0."""

    text: str
    file: str
    seconds: float = 0.0
    loudness: float = 0.0
    peak: float = 0.0
    faults: tuple[str, ...] = ()


def check(pack: Pack) -> Iterator[Heard]:
    """Every clip of the manifest, in its order."""
    for text, file in pack.manifest.clips.items():
        try:
            samples, rate = decoded(pack.clip(text))
        except PackFault:
            yield Heard(text, file, faults=("missing",))
        except ValueError:
            yield Heard(text, file, faults=("no sound",))
        else:
            yield Heard(
                text,
                file,
                samples.size / rate,
                loudness(samples, rate),
                peak(samples),
                tuple(_faults(pack, samples, rate)),
            )


def missing(pack: Pack, pieces: Iterable[Wanted]) -> tuple[str, ...]:
    """The texts of the hall that this pack makes neither whole nor of smaller pieces."""
    return tuple(piece.text for piece in pieces if not _can_say(pack, piece.text))


def _can_say(pack: Pack, text: str) -> bool:
    try:
        pack.pieces.plan(text)
    except NoPieces:
        return False
    return True


def _faults(pack: Pack, samples: Samples, rate: int) -> Iterator[str]:
    about = pack.manifest
    level = loudness(samples, rate)
    if rate != about.sample_rate:
        yield f"{rate} Hz, not {about.sample_rate}"
    if level <= SILENT:
        yield "silent"
        return
    if peak(samples) >= CLIPPED:
        yield "clipped"
    if abs(level - about.loudness) > UNEQUAL:
        yield f"{'louder' if level > about.loudness else 'quieter'} than the others"
    if quiet_ends(samples, rate)[0] > SLOW:
        yield "begins late"
    if samples.size / rate > LONG:
        yield "too long"


def main(argv: list[str]) -> int:
    """`jiaohao voice check`: exit status 0 if a hall can speak with the pack, else 1."""
    parser = argparse.ArgumentParser(
        prog="jiaohao voice check",
        description="Find clips that are missing, silent, clipped or unlike the others.",
    )
    parser.add_argument("pack", type=place, help="zh or en, a folder or a zip")
    parser.add_argument("--all", action="store_true", help="list the good clips too")
    add_pieces(parser)
    options = parser.parse_args(argv)
    try:
        pack = Pack(options.pack)
        pieces = asked(options).pieces()
    except (OSError, SettingsFault, ValueError) as fault:
        print(fault)
        return 1
    heard = tuple(check(pack))
    wrong = [one for one in heard if one.faults]
    listed = heard if options.all else wrong
    console = Console()
    if listed:
        console.print(_table(listed))
    lacking = missing(pack, pieces)
    if lacking:
        some = "、".join(lacking[:10]) + (" ..." if len(lacking) > 10 else "")
        console.print(
            f"no pieces for {len(lacking)} of {len(pieces)} texts: {some}", soft_wrap=True
        )
    about = pack.manifest
    console.print(
        f"{options.pack}: {about.voice} ({about.language}) by {about.maker}, {about.licence}:"
        f" {len(heard)} clips, {sum(one.seconds for one in heard):.0f} s,"
        f" {len(wrong)} faulty, {len(lacking)} missing",
        soft_wrap=True,
        highlight=False,
    )
    return 1 if wrong or lacking else 0


def _table(heard: Iterable[Heard]) -> Table:
    table = Table("text", "file")
    for name in ("seconds", "loudness dB", "peak dB"):
        table.add_column(name, justify="right")
    table.add_column("fault")
    for one in heard:
        figures = (
            (f"{one.seconds:.2f}", f"{one.loudness:.1f}", f"{decibels(one.peak):.1f}")
            if one.seconds
            else ("", "", "")
        )
        table.add_row(one.text, one.file, *figures, ", ".join(one.faults))
    return table


if __name__ == "__main__":
    import sys

    raise SystemExit(main(sys.argv[1:]))

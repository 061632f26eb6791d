"""Scores a voice pack with a speech recogniser: how many letters, digits and counters a strict listener gets right."""

from __future__ import annotations

import argparse
import io
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from rich.console import Console
from rich.table import Table

from broker.letters import CLEAR
from broker.loading import SettingsFault
from firmware.hal.voice.pack import Pack, place
from firmware.hal.voice.planning import Clip, NoPieces
from firmware.studio.levels import Samples
from firmware.studio.ogg import decoded
from firmware.studio.options import Asked, add_pieces, asked
from firmware.studio.scoring import Said, Score, score
from firmware.studio.wanted import announcements
from firmware.studio.whisper import Listener, ListenerFault, Whisper

__all__ = ["LEAST", "drawn", "joined", "main", "measure"]

LEAST = {"digits": 85.0, "counter": 97.0, "letter": 80.0}  # percent, for a pack that ships
_ROOM_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Judged:
    said: Said
    written: str
    score: Score


def drawn(given: Asked, count: int, seed: int) -> tuple[Said, ...]:
    """So many announcements of the hall, by lot; a seed that was not used for tuning judges, another one tunes.

    Where numbers of three and of four digits are used, those of three.
    """
    lots = random.Random(seed)  # noqa: S311 - lots, not secrets
    length = min(given.numbers.digits)
    last = min(given.numbers.last, 10**length - 1)
    found = []
    for _ in range(count):
        digits = f"{lots.randint(1, last):0{length}}"
        letter, counter = lots.choice(given.prefixes), lots.choice(given.counters)
        (text,) = announcements(given.template, given.spelling, [(letter, digits, counter)])
        found.append(Said(text, letter, digits, counter))
    return tuple(found)


def joined(pack: Pack, text: str, instead: Mapping[str, Samples] | None = None) -> bytes:
    """The announcement as a board plays it, as a WAV file; with other sounds of some pieces, to try them.

    Raises NoPieces, PackFault, ValueError.
    """
    rate = pack.manifest.sample_rate
    room: Samples = np.zeros(round(_ROOM_SECONDS * rate), np.float32)
    parts = [room]
    for step in pack.pieces.plan(text):
        if isinstance(step, Clip):
            other = (instead or {}).get(step.text)
            parts.append(decoded(pack.clip(step.text))[0] if other is None else other)
        else:
            parts.append(np.zeros(round(rate * step.ms / 1000), np.float32))
    file = io.BytesIO()
    soundfile.write(file, np.concatenate([*parts, room]), rate, format="WAV", subtype="PCM_16")
    return file.getvalue()


def measure(
    pack: Pack, announced: Sequence[Said], listener: Listener, language: str
) -> Iterator[Judged]:
    for said in announced:
        written = listener.hear(joined(pack, said.text))
        yield Judged(said, written, score(said, written, language))


def main(argv: list[str]) -> int:
    """`jiaohao voice measure`: exit status 0 if the pack is clear enough to ship, else 1."""
    parser = argparse.ArgumentParser(
        prog="jiaohao voice measure",
        description="Have a speech recogniser write down announcements, and count what is right;"
        " with the letters of a hall, or those that are offered by default.",
    )
    parser.add_argument("pack", type=place, help="zh or en, a folder or a zip")
    parser.add_argument("--announcements", type=int, default=200, metavar="N")
    parser.add_argument("--seed", type=int, default=1, help="which ones; another seed, others")
    parser.add_argument("--show", action="store_true", help="what was written for each")
    add_pieces(parser)
    options = parser.parse_args(argv)
    if not options.hall:
        options.letters = options.letters or CLEAR
    console = Console(highlight=False, soft_wrap=True)
    judged: list[Judged] = []
    try:
        pack = Pack(options.pack)
        announced = drawn(asked(options), options.announcements, options.seed)
        for one in measure(pack, announced, Whisper(options.language), options.language):
            judged.append(one)
            if options.show:
                console.print(f"{one.said.text}  |  {one.written}", markup=False)
    except NoPieces as fault:
        print(f"{options.pack}: {fault}; `jiaohao voice check` lists all that it lacks")
        return 1
    except (ListenerFault, OSError, SettingsFault, ValueError) as fault:
        print(fault)
        return 1
    return _told(console, options.pack, judged)


def _told(console: Console, pack: Path, judged: Sequence[Judged]) -> int:
    by_letter: dict[str, list[bool]] = {}
    for one in judged:
        by_letter.setdefault(one.said.letter, []).append(one.score.letter)
    table = Table("letter", "right", "of")
    for letter, right in sorted(by_letter.items(), key=lambda item: -sum(item[1]) / len(item[1])):
        table.add_row(letter, str(sum(right)), str(len(right)))
    console.print(table)
    rates = {
        what: 100 * sum(getattr(one.score, what) for one in judged) / len(judged) for what in LEAST
    }
    errors = 100 * sum(one.score.error for one in judged) / len(judged)
    figures = ", ".join(f"{what} {rate:.1f} %" for what, rate in rates.items())
    console.print(f"{pack}: {len(judged)} announcements: {figures}; character error {errors:.1f} %")
    short = [what for what, rate in rates.items() if rate < LEAST[what]]
    for what in short:
        console.print(f"{what}: fewer than {LEAST[what]:.0f} % right")
    return 1 if short else 0


if __name__ == "__main__":
    import sys

    raise SystemExit(main(sys.argv[1:]))

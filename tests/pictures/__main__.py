"""`python -m tests.pictures`: draws every page of every screen, and measures each; fails where one breaks a law of looks."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from firmware.hal.screen.pygame_brush import PygameLetters
from tests.pictures.chosen import CHOSEN, file_of, kept
from tests.pictures.gallery import gallery
from tests.pictures.shot import Shot, letters

FOLDER = Path("pictures")
SAYS_EVERY_S = 5.0


def main(argv: list[str]) -> int:
    """Exit status 0 if all laws are kept, 1 if one is broken, 2 if nothing has that name."""
    parser = argparse.ArgumentParser(prog="python -m tests.pictures", description=__doc__)
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="NAME",
        help="those whose name has this in it; may be repeated",
    )
    parser.add_argument("--out", type=Path, default=FOLDER, help="the folder, by default pictures")
    parser.add_argument("--list", action="store_true", help="name them and draw nothing")
    parser.add_argument(
        "--keep", action="store_true", help="only the chosen ones, into docs/pictures"
    )
    options = parser.parse_args(argv)
    shots = [shot for shot in gallery() if _wanted(shot, options.only, chosen=options.keep)]
    if not shots:
        print("pictures: none has that name; --list names all")
        return 2
    if options.list:
        print("\n".join(shot.name for shot in shots))
        return 0
    type_ = letters()
    if options.keep:
        _draw(shots, lambda shot: file_of(shot.name), kept, type_)
        return 0
    broken = [(shot.name, sentence) for shot in shots for sentence in shot.faults(type_)]
    _draw(shots, lambda shot: options.out / shot.file, bytes, type_)
    for name, sentence in broken:
        print(f"pictures: {name}: {sentence}")
    print(f"pictures: {len(shots)} in {options.out}; {len(broken)} breaches of the laws of looks")
    return 1 if broken else 0


def _wanted(shot: Shot, only: list[str], *, chosen: bool) -> bool:
    if chosen and shot.name not in CHOSEN:
        return False
    return not only or any(part in shot.name for part in only)


def _draw(
    shots: list[Shot],
    file: Callable[[Shot], Path],
    made: Callable[[bytes], bytes],
    letters: PygameLetters,
) -> None:
    said = time.monotonic()
    for n, shot in enumerate(shots, 1):
        place = file(shot)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(made(shot.png(letters)))
        if time.monotonic() - said > SAYS_EVERY_S or n == len(shots):
            said = time.monotonic()
            print(f"pictures: {n} of {len(shots)}: {place}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""A board's updater at work, over and over: installs, flips, confirms or goes back, tidies; says what runs. Run by `recorded_tree`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from firmware.cards.release_key import public_pem
from firmware.onboard import releases
from firmware.onboard.installing import self_test
from firmware.onboard.places import Places
from firmware.onboard.state import known_state, read_state, write_state
from tests.setup.bundles import KEY, made

__all__ = ["work"]

ROUNDS = 5
BUNDLES = 3


def work(
    folder: Path,
    say: Callable[[str], None],
    rounds: int,
    try_it: Callable[[Path], None] = self_test,
) -> None:
    """So many updates; each third of them is gone back from by its attempts. An earlier work that was cut off goes on."""
    places = Places(folder, folder.parent / "boot", folder.parent / "run")
    folder.mkdir(parents=True, exist_ok=True)
    places.release_keys[0].write_bytes(public_pem(KEY))
    with TemporaryDirectory() as beside:
        bundles = [made(Path(beside), counter).path for counter in range(2, 2 + BUNDLES)]
        if known_state(places).wanted is None:
            releases.begin(places, releases.install(bundles[0], places, try_it=try_it))
        began = read_state(places).flipped_at
        for number in range(began + 1, began + 1 + rounds):
            state = read_state(places)
            if state.candidate:
                releases.confirm(places, state.candidate)
            # As if the hub had a newer one each time, and this disk had never seen it.
            write_state(places, replace(read_state(places), counter=1, refused=(), factory=None))
            name = releases.install(bundles[number % BUNDLES], places, try_it=try_it)
            releases.flip(places, name, float(number))
            say(f"flipped {number}")
            if number % 3 == 2:
                while read_state(places).candidate:
                    releases.attempt(places, counts=True)
            else:
                releases.attempt(places, counts=True)
                releases.confirm(places, name)
            say(f"decided {number}")
            releases.tidy(places)


if __name__ == "__main__":
    work(Path(sys.argv[1]), partial(print, flush=True), ROUNDS)

"""A board's updater at work, over and over: installs, flips, confirms or goes back, tidies; and says what is in force. Run alone."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from firmware.onboard import releases
from firmware.onboard.installing import self_test
from firmware.onboard.places import Places
from firmware.onboard.state import known_state, read_state, write_state

__all__ = ["work"]


def work(
    folder: Path,
    bundles: Sequence[Path],
    say: Callable[[str], None],
    rounds: int,
    try_it: Callable[[Path], None] = self_test,
) -> None:
    """Each bundle in its turn, each third of them gone back from by its attempts."""
    places = Places(folder / "home", folder / "boot", folder / "run")
    if known_state(places).wanted is None:
        releases.begin(places, releases.install(bundles[0], places, try_it=try_it))
    for number in range(rounds):
        state = read_state(places)
        if state.candidate:
            releases.confirm(places, state.candidate)
        # As if the hub had each time a newer one, of which this disk holds only so many.
        write_state(places, _of_yesterday(places))
        name = releases.install(bundles[number % len(bundles)], places, try_it=try_it)
        say(f"installed {name}")
        releases.flip(places, name, float(number))
        say(f"runs {name}")
        if number % 3 == 2:
            while releases.attempt(places, counts=True) == name and read_state(places).candidate:
                pass
        else:
            releases.attempt(places, counts=True)
            releases.confirm(places, name)
        say(f"runs {read_state(places).confirmed}")
        releases.tidy(places)


def _of_yesterday(places: Places):
    from dataclasses import replace

    return replace(read_state(places), counter=1, refused=(), factory=None)


if __name__ == "__main__":
    work(
        Path(sys.argv[1]),
        [Path(name) for name in sys.argv[2:]],
        partial(print, flush=True),
        rounds=2 * len(sys.argv[2:]),
    )

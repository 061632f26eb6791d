"""The printer itself, in virtual time: each fault along the bytes of a ticket, two hundred tickets, the tape as witness."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count, islice
from pathlib import Path
from random import Random

from tests.chaos.result import Result
from tests.wires.paper import FAULTS, RIGS, length, run

__all__ = ["printer_faults"]

SEEDS = 200
STEP = 97  # bytes
BETWEEN_WORDS = 20  # seeds


def printer_faults(
    _folder: Path, seed: str, say: Callable[[str], None] = print, *, seeds: int = SEEDS
) -> Result:
    """A fault at every 97th byte of each ticket, all of them by turns; a run that says nothing recovered."""
    result = Result("a printer breaks along a ticket's bytes")
    faults, rigs = list(FAULTS), list(RIGS.values())
    turn = count()
    for number in range(seeds):
        own = f"{seed} {number}"
        rig = rigs[number % len(rigs)]
        for offset in range(Random(own).randrange(STEP), length(rig), STEP):
            fault = faults[next(turn) % len(faults)]
            said = list(islice(run(rig, fault, offset, own), 3))
            result.tried += 1
            result.recovered += not said
            for one in said:
                result.verdict.wrong.append(f"{rig.profile}, {fault} at {offset}, {own}: {one}")
        if number % BETWEEN_WORDS == 0:
            say(f"{result.fault}: {number} of {seeds} tickets, {result.tried} faults")
    return result

"""`python -m tests.chaos`: every fault, from a seed, for so many minutes; ends with one table, and with 1 if it is not clean."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.chaos.crash import VICTIMS, crash
from tests.chaos.cut_off import cut_off
from tests.chaos.flood import flood
from tests.chaos.hall import Broken
from tests.chaos.network import NETWORK, bad_network
from tests.chaos.paper import kill_while_printing
from tests.chaos.printer_faults import printer_faults
from tests.chaos.result import Result, table
from tests.chaos.slow import SLOW
from tests.chaos.soak import days, steady
from tests.chaos.stampede import stampede

Fault = Callable[[Path, str], Result]
BROKERS = ("mosquitto", "embedded")
MINUTES = 55.0
SOAK_DAYS = 30
STEADY_S = 120.0


def faults() -> dict[str, Fault]:
    """By the name that --only takes: each is given a folder and a seed."""
    found: dict[str, Fault] = {}
    for broker in BROKERS:
        for victim in VICTIMS:
            found[f"crash-{victim}-{broker}"] = partial(_crash, victim, broker)
        found[f"paper-{broker}"] = partial(_paper, broker)
        found[f"cut-off-{broker}"] = partial(_cut_off, broker)
    odd: dict[str, Callable[..., Result]] = {**SLOW, "stampede": stampede, "flood": flood}
    for name, one in odd.items():
        found[name] = partial(_on_mosquitto, one)
    for name in NETWORK:
        found[name] = partial(_network, name)
    found["printer"] = lambda folder, seed: printer_faults(folder, seed, say)
    found["steady"] = lambda folder, seed: steady(folder, "mosquitto", seed, STEADY_S, say)
    found["soak"] = lambda folder, seed: days(folder, seed, SOAK_DAYS, say)
    return found


def say(sentence: str) -> None:
    print(f"chaos: {time.strftime('%H:%M:%S')} {sentence}", flush=True)


def _crash(victim: str, broker: str, folder: Path, seed: str) -> Result:
    # The broker has no steps of its own: only moments.
    return crash(folder, victim, broker, seed, at_random=15 if victim == "broker" else 5, say=say)


def _cut_off(broker: str, folder: Path, seed: str) -> Result:
    return cut_off(folder, broker, seed, say=say)


def _paper(broker: str, folder: Path, seed: str) -> Result:
    return kill_while_printing(folder, broker, seed, at_random=60, say=say)


def _on_mosquitto(odd: Callable[..., Result], folder: Path, seed: str) -> Result:
    return odd(folder, "mosquitto", seed, say)


def _network(name: str, folder: Path, seed: str) -> Result:
    return bad_network(folder, name, "mosquitto", seed, say=say)


def once(name: str, fault: Fault, seed: str, keep: Path) -> Result:
    """What is left of a run that was not clean stays in `keep`."""
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=keep))
    try:
        result = fault(folder, seed)
    except Broken as broken:
        result = Result(name, tried=1, notes=[str(broken)])
    if result.is_good:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        say(f"not clean; its files are in {folder}")
    return result


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description="Break the hall.")
    parser.add_argument("--seed", type=int, default=2388)
    parser.add_argument(
        "--minutes",
        type=float,
        default=MINUTES,
        help="after each fault once, more seeds until then",
    )
    parser.add_argument(
        "--only", metavar="FAULT", help="a name, or how some begin: crash, crash-hub, soak …"
    )
    options = parser.parse_args()
    chosen = {name: f for name, f in faults().items() if name.startswith(options.only or "")}
    if not chosen:
        parser.error(f"no fault {options.only!r}; there are: {', '.join(faults())}")
    until = time.monotonic() + options.minutes * 60
    keep = Path(tempfile.mkdtemp(prefix="chaos-"))
    results: dict[str, Result] = {}
    for name, fault in chosen.items():
        say(f"{name}, seed {options.seed}")
        results[name] = once(name, fault, f"{options.seed}", keep)
    again = [name for name in chosen if name != "soak"]
    took = dict.fromkeys(again, 0.0)
    number = 0
    while again:
        name = again[number % len(again)]
        seed = options.seed + 1 + number // len(again)
        began = time.monotonic()
        # What took so long the last time will take so long again, and the time is a promise.
        if began + (took[name] or 90) > until:
            break
        say(f"{name}, seed {seed}")
        results[name] += once(name, chosen[name], f"{seed}", keep)
        took[name] = time.monotonic() - began
        number += 1
    return report(list(results.values()))


def report(results: list[Result]) -> int:
    for result in results:
        for fact in result.facts:
            print(f"chaos: {fact}")
    bad = [result for result in results if not result.is_good]
    for result in bad:
        for trouble in result.troubles[:20]:
            print(f"chaos: {result.fault}: {trouble[:1000]}")
    print(f"\n{table(results)}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

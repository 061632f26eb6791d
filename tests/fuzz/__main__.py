"""`python -m tests.fuzz`: odd inputs by the million; says how far it is, and which seed and input brought a crash."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed

from tests.fuzz.feeding import GROWTH_MB, feed_alone
from tests.fuzz.targets import TARGETS


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Fuzz the hall.")
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=2388)
    parser.add_argument(
        "--only", action="append", choices=TARGETS, help="this target; may be repeated"
    )
    options = parser.parse_args()
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(mp_context=fresh, max_tasks_per_child=1) as pool:
        running = {
            pool.submit(feed_alone, name, options.inputs * share // 100, options.seed): name
            for name, (_, share) in TARGETS.items()
            if not options.only or name in options.only
        }
        grown = [running[one] for one in as_completed(running) if one.result() > GROWTH_MB]
    if grown:
        print(f"fuzz: grew by more than {GROWTH_MB} MB: {', '.join(grown)}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

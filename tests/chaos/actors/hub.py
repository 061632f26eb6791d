"""The real coordinator, `broker.hub.main`, with a session, a journal and a clock of the chaos."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import broker.hub
from broker.clock import HubClock
from tests.chaos.actors.ports import hub_session, mortal_journal
from tests.chaos.actors.steps import Steps


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--order", type=Path, required=True, help="file that says where to die")
    parser.add_argument(
        "--clock", type=Path, help="file with the seconds that the clock is wrong by"
    )
    parser.add_argument("--commit-takes", type=float, default=0.0, help="seconds of an fsync")
    options, rest = parser.parse_known_args(argv)
    steps = Steps(options.order)

    def wall() -> float:
        return time.time() + (float(options.clock.read_text()) if options.clock else 0.0)

    def clock(_wall: object, _monotonic: object, not_before: int = 0) -> HubClock:
        return HubClock(wall, time.monotonic, not_before)

    ports = {
        "Session": hub_session(steps),
        "Journal": mortal_journal(
            steps, options.commit_takes, options.order.with_suffix(".readonly")
        ),
        "HubClock": clock,
    }
    # `main` is the composition root: it wires what these names stand for.
    vars(broker.hub).update(ports)
    return broker.hub.main(rest)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""`python -m tests.bench`: measures every row, prints the table, writes bench.json, fails where a row falls short."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from broker.serve import mosquitto_path
from tests.bench.report import catalogue, table, write
from tests.bench.row import Bench, BenchFault, Figure, Row, Verdict
from tests.bench.rows import BENCHES


def main(argv: list[str]) -> int:
    """Exit status 0 if every row is met, 1 if one falls short or could not be measured, 2 if nothing can be."""
    rows = {row.name: row for bench in BENCHES for row in bench.rows}
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure the hall.")
    parser.add_argument("--list", action="store_true", help="name the rows and measure nothing")
    parser.add_argument(
        "--only",
        action="append",
        choices=sorted(rows),
        metavar="NAME",
        help="measure this row; may be repeated",
    )
    parser.add_argument("--out", type=Path, default=Path("bench.json"), help="where to write")
    options = parser.parse_args(argv)
    if options.list:
        print(catalogue(list(rows.values())))
        return 0
    if mosquitto_path() is None:
        print(
            "bench: there is no Mosquitto here, and the figures are about it: sudo apt install mosquitto"
        )
        return 2
    # So that a bench that is told to stop takes its children with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    chosen = [row for row in rows.values() if not options.only or row.name in options.only]
    figures = [figure for bench in BENCHES for figure in _measured(bench, chosen)]
    print(f"\n{table(figures)}\n", flush=True)
    write(figures, options.out)
    missed = [figure.row.name for figure in figures if figure.verdict is not Verdict.MET]
    print(
        f"bench: wrote {options.out}; " + (f"short: {', '.join(missed)}" if missed else "all met")
    )
    return 1 if missed else 0


def _measured(bench: Bench, chosen: Sequence[Row]) -> list[Figure]:
    """The chosen figures of one bench; one that fails stops no other."""
    rows = [row for row in bench.rows if row in chosen]
    if not rows:
        return []
    start = time.monotonic()

    def say(sentence: str) -> None:
        print(f"bench: {rows[0].name}: {time.monotonic() - start:4.0f} s: {sentence}", flush=True)

    try:
        measured = bench.measure(say)
    except BenchFault as fault:
        say(f"not measured: {fault}")
        return [Figure(row, (), str(fault)) for row in rows]
    return [Figure(row, measured.runs[row.name], measured.note) for row in rows]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

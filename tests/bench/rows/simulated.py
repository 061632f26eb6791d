"""What a simulated day and a year of them take, and how soon a coordinator starts with that year behind it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from importlib.resources import as_file, files
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from broker.clock import HubClock
from broker.coordinator import Coordinator
from broker.journal import Journal
from broker.simulate.cli import SAMPLE
from broker.simulate.day import run_day
from broker.simulate.port import Port, Rules, new_journal
from broker.simulate.scenario import Scenario, load_scenario
from broker.simulate.visitor import visitors_of
from broker.simulate.year import rare_collection
from tests.bench.row import RUNS, Bench, BenchFault, Measured, Row, Say

__all__ = ["BENCH"]

DAYS = 250
TICKETS, COUNTERS = 1200, 12
# A little more than the sample day's, so that there are TICKETS a day at the least, on the average.
BUSY = 1.03

DAY = Row("simulated_day", "a simulated day of 1,200 tickets and 12 counters", "s", 1)
YEAR = Row("simulated_year", "250 such days, without the journal", "s", 60)
START = Row("coordinator_start", "start of the coordinator with that year behind it", "s", 1)


def measure(say: Say) -> Measured:
    with as_file(files("broker") / SAMPLE) as sample:
        scenario = load_scenario(sample)
    if len(scenario.hall.counters) != COUNTERS:
        raise BenchFault(f"the sample hall has {len(scenario.hall.counters)} counters by now")
    days = []
    for run in range(RUNS):
        rules = Rules(scenario.hall, scenario.text, run)
        days.append(_timed(rules, scenario, 1, busy=1.1))
        say(f"run {run + 1} of {RUNS}: a day in {days[-1]:.2f} s")
    with rare_collection():  # as `jiaohao simulate --year` does
        year = _timed(Rules(scenario.hall, scenario.text, 1), scenario, DAYS)
    say(f"a year in {year:.0f} s; now with its journal")
    with TemporaryDirectory(prefix="jiaohao-bench-") as folder:
        path = Path(folder) / "journal.db"
        with closing(new_journal(path)) as journal:
            _timed(Rules(scenario.hall, scenario.text, 1, journal), scenario, DAYS)
            rows, last = journal.seq, journal.last_at
        starts = [_start(path, scenario, last) for _ in range(RUNS)]
        size = path.stat().st_size
    note = f"coordinator_start: {DAYS} days behind it, {rows:,} rows, {size / 1e6:.0f} MB"
    runs = {DAY.name: tuple(days), YEAR.name: (year,), START.name: tuple(starts)}
    return Measured(runs, note)


def _timed(port: Port, scenario: Scenario, days: int, busy: float = BUSY) -> float:
    """Seconds that so many working days take, each with the sample day's number of visitors."""
    start, people = time.perf_counter(), 0
    for day in islice(_working_days(scenario.profile.date), days):
        rng = Random(str(day))
        visitors = visitors_of(scenario.profile, scenario.hall.hall.timezone, day, busy, rng)
        people += len(visitors)
        run_day(port, scenario.profile, day, visitors, str(day))
    if people < TICKETS * days:
        raise BenchFault(f"only {people} visitors come on {days} days; raise BUSY")
    return time.perf_counter() - start


def _working_days(day: date) -> Iterator[date]:
    while True:
        if day.isoweekday() <= 5:
            yield day
        day += timedelta(days=1)


def _start(path: Path, scenario: Scenario, last: int) -> float:
    """Seconds from the opening of the journal until the coordinator could answer."""
    start = time.perf_counter()
    with closing(Journal(path)) as journal:
        clock = HubClock(lambda: last / 1000, time.monotonic, not_before=journal.last_at)
        Coordinator(scenario.hall, scenario.text, journal, clock).start()
        return time.perf_counter() - start


BENCH = Bench((DAY, YEAR, START), measure)

"""The kiosk killed while it is alone: at each step of a number that it was lent, and once more before the hub is back."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.chaos.crash import AT_RANDOM, recovery, settle
from tests.chaos.hall import Broken, ChaosHall, opened, wait_until
from tests.chaos.people import Crowd, People
from tests.chaos.result import Result
from tests.chaos.verdict import judge

__all__ = ["STEPS_ALONE", "cut_off"]

STEPS_ALONE = (
    "before remembering",
    "after remembering",
    "before keeping",
    "after keeping",
    "first byte of the paper",
    "after the cut",
)
ALONE = "脱机"
ALONE_S = 12.0
REACHED_S = 20.0


def cut_off(
    folder: Path,
    broker: str,
    seed: str,
    *,
    steps: int | None = None,
    at_random: int = 2,
    say: Callable[[str], None] = print,
) -> Result:
    """A hall whose coordinator goes away again and again; each time the kiosk dies at another step of its own work."""
    random = Random(seed)
    result = Result(f"kill -9 of the kiosk board while the coordinator is away, {broker}")
    plan = [*random.sample(STEPS_ALONE, steps or len(STEPS_ALONE)), *[AT_RANDOM] * at_random]
    with opened(folder, broker) as hall:
        people, crowd = People(hall, seed), Crowd(hall, per_s=5)
        for number, step in enumerate(plan):
            say(f"{result.fault}: {step} ({number + 1} of {len(plan)})")
            _once(hall, step, random, result)
        for some in (people, crowd):
            some.rest()
        result.verdict.wrong += settle(hall, crowd)
        for gone in (people, crowd):
            gone.go()
        result.verdict += judge(hall.hall, folder / "journal.db", hall.diaries, crowd.answers)
        given = sum(1 for entry in hall.diaries.of("paper") if entry["alone"])
        result.facts.append(f"{given} papers were given out alone")
        if not given:
            result.notes.append("no number was ever given out alone")
    return result


def _once(hall: ChaosHall, step: str, random: Random, result: Result) -> None:
    result.tried += 1
    time.sleep(random.uniform(0.2, 1))
    hall.kill("hub")
    try:
        wait_until("the kiosk works alone", lambda: works_alone(hall), ALONE_S)
        if step == AT_RANDOM:
            time.sleep(random.uniform(0.2, 2))
            hall.kill("kiosk-1")
        else:
            hall.order("kiosk-1", step, random.choice((1, 2, 3)))
            wait_until(f"the kiosk reaches: {step}", lambda: hall.is_dead("kiosk-1"), REACHED_S)
            hall.bury("kiosk-1")
        hall.begin("kiosk-1")
        wait_until("the kiosk works alone again", lambda: works_alone(hall), ALONE_S)
        time.sleep(random.uniform(0, 2))
    except Broken as broken:
        result.notes.append(f"{step}: {broken}")
    back = time.time()
    hall.begin("hub")
    try:
        result.took(recovery(hall, "hub", back))
    except Broken as broken:
        result.notes.append(f"after {step}: {broken}")


def works_alone(hall: ChaosHall) -> bool:
    page = hall.diaries.shows("kiosk-1", "screen") or {}
    return ALONE in page.get("notice", "") and any(key["enabled"] for key in page["keys"])

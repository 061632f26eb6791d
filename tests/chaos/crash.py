"""The crash matrix: kill -9 of one process of a busy hall at each step of each command, and at moments nobody chose."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.chaos.hall import BOARDS, Broken, ChaosHall, opened, wait_until
from tests.chaos.people import Crowd, People
from tests.chaos.result import Result
from tests.chaos.shown import differences
from tests.chaos.verdict import judge

__all__ = ["AT_RANDOM", "STEPS", "VICTIMS", "crash", "pending", "recovery", "settle"]

PANEL = ("CallNext", "Serve", "CloseTicket", "Recall", "Rate")
STATES = ("hub", "queue", "counter")
STEPS: dict[str, tuple[str, ...]] = {
    "hub": (
        "hearing a command",
        "before the commit",
        "rows written, not committed",
        "after the commit",
        *(
            f"{when} publishing {kind}"
            for kind in ("answer", "counter", "queue", "kiosk", "hub")
            for when in ("before", "after")
        ),
    ),
    "kiosk-1": (
        *(
            f"{when} sending {command}"
            for command in ("IssueTicket", "ReportPrinted")
            for when in ("before", "after")
        ),
        *(
            f"{when} hearing {kind}"
            for kind in ("answer", "kiosk", "queue")
            for when in ("before", "after")
        ),
        "first byte of the paper",
        "after the cut",
        "before keeping",
        "after keeping",
        "before dropping",
        "after dropping",
    ),
    "counter-1": (
        *(f"{when} sending {command}" for command in PANEL for when in ("before", "after")),
        *(
            f"{when} hearing {kind}"
            for kind in ("answer", "counter")
            for when in ("before", "after")
        ),
        "before showing",
        "after showing",
        "before keeping",
        "after keeping",
        "before dropping",
        "after dropping",
    ),
    "hall-1": (
        *(
            f"{when} hearing {kind}"
            for kind in ("answer", "counter")
            for when in ("before", "after")
        ),
        *(f"{when} sending ReportTakenUp" for when in ("before", "after")),
        *(f"{when} sending ReportAnnounced" for when in ("before", "after")),
        "before marking",
        "after marking",
        "before speaking",
        "after speaking",
    ),
    "broker": (),
}
VICTIMS = {
    "hub": "coordinator",
    "broker": "broker",
    "kiosk-1": "kiosk board",
    "counter-1": "counter board",
    "hall-1": "display and voice board",
}
AT_RANDOM = "at a random moment"
REACHED_S = 20.0
BACK_S = 15.0


def crash(
    folder: Path,
    victim: str,
    broker: str,
    seed: str,
    *,
    steps: int | None = None,
    at_random: int = 4,
    say: Callable[[str], None] = print,
) -> Result:
    """A busy hall in which `victim` dies at each step (or at `steps` of them) and `at_random` times at any moment."""
    random = Random(seed)
    result = Result(f"kill -9 of the {VICTIMS[victim]}, {broker}")
    chosen = list(STEPS[victim])
    random.shuffle(chosen)
    plan = [*chosen[:steps], *[AT_RANDOM] * at_random]
    random.shuffle(plan)
    with opened(folder, broker) as hall:
        people, crowd = People(hall, seed), Crowd(hall, per_s=10)
        for number, step in enumerate(plan):
            say(f"{result.fault}: {step} ({number + 1} of {len(plan)})")
            _once(hall, victim, step, random, result)
        for some in (people, crowd):
            some.rest()
        result.verdict.wrong += settle(hall, crowd)
        for gone in (people, crowd):
            gone.go()
        result.verdict += judge(hall.hall, folder / "journal.db", hall.diaries, crowd.answers)
        result.notes += _complaints(hall)
    return result


def _once(hall: ChaosHall, victim: str, step: str, random: Random, result: Result) -> None:
    result.tried += 1
    if step == AT_RANDOM:
        time.sleep(random.uniform(0.2, 1.2))
        if victim == "broker" and hall.broker == "mosquitto" and random.random() < 0.5:
            # What autosave_interval does every half hour: this state is found again after the kill.
            hall.processes[victim].send_signal(signal.SIGUSR1)
            time.sleep(random.uniform(0.1, 3.0))
        hall.kill(victim)
    else:
        hall.order(victim, step, random.choice((1, 1, 2, 5)))
        try:
            wait_until(f"{victim} reaches: {step}", lambda: hall.is_dead(victim), REACHED_S)
        except Broken as never:
            result.notes.append(str(never))
            hall.kill(victim)
        else:
            hall.bury(victim)
    time.sleep(random.choice((0.0, 0.0, 0.3, 1.5, 6.0)) * random.random())
    back = time.time()
    hall.begin(victim)
    try:
        result.took(recovery(hall, victim, back))
    except Broken as broken:
        result.notes.append(f"after {step}: {broken}")


def recovery(hall: ChaosHall, victim: str, back: float) -> float:
    """Seconds from the start of the process until every board it serves, or it itself, has heard the hub again."""
    since = int(back * 1000)
    last = since
    for board in BOARDS if victim in ("hub", "broker") else (victim,):

        def answered(board: str = board) -> int:
            if board == "hall-1":
                beats = hall.diaries.of("beat", since=since, board=board)
                return next((e["at"] for e in beats if e["hub"].get("at", 0) >= since), 0)
            return next((e["at"] for e in hall.diaries.of("answer", since=since, board=board)), 0)

        wait_until(f"{board} is answered", answered, BACK_S)
        last = max(last, answered())
    return (last - since) / 1000


def settle(hall: ChaosHall, crowd: Crowd | None = None, patience_s: float = 15.0) -> list[str]:
    """Wait until nothing is under way; then every device must show what the journal says. Sentences of those that do not."""
    journal = hall.hub_data / "journal.db"
    found: list[str] = []

    def still() -> bool:
        found[:] = differences(hall.hall, journal, hall.diaries, BOARDS)
        return not found and (crowd is None or crowd.content) and not pending(hall)

    try:
        wait_until("the hall comes to rest", still, patience_s)
    except Broken:
        return [*found, *(f"never answered: {entry}" for entry in pending(hall))] or ["no rest"]
    return []


def pending(hall: ChaosHall) -> list[str]:
    """What boards keep on their disks, by what they wrote down: kept, and not answered yet."""
    kept = {entry["command_id"] for entry in hall.diaries.of("kept")}
    answered = {
        entry["answer"]["command_id"]
        for entry in hall.diaries.of("answer")
        if not entry["answer"].get("not_now")
    }
    return sorted(kept - answered)


def _complaints(hall: ChaosHall) -> list[str]:
    """Crashes of the hall's own making, by its logs."""
    return [
        f"{name}: {line}"
        for name in ("hub", *BOARDS)
        for line in hall.log(name).splitlines()
        if line.startswith("Traceback") or "please report" in line
    ]

"""kill -9 of a kiosk at every step of a ticket's print, with the real driver on a wire; the tape at its end is the witness."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from tests.chaos.crash import pending
from tests.chaos.hall import TEXT, Broken, ChaosHall, wait_until
from tests.chaos.result import Result
from tests.chaos.tape import AT_THE_CUT, MortalPrinter, judge_tape
from tests.chaos.verdict import rows_of

__all__ = ["BYTES", "STEPS", "kill_while_printing"]

BOARD = "kiosk-1"
# What the kiosk itself passes.
STEPS = (
    "before sending IssueTicket",
    "after sending IssueTicket",
    "before hearing answer",
    "after hearing answer",
    "before the first byte",
    "after the proof",
    "before keeping",
    "after keeping",
    "before sending ReportPrinted",
    "after sending ReportPrinted",
    "before dropping",
    "after dropping",
)
# How much of a ticket has come: its first byte, some parts of it, all but the cut, the cut.
BYTES = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
VARY = 0.97  # one ticket has a few bytes less than another
REACHED_S = 20.0
REST_S = 40.0
PAPER_S = 20.0  # from the restart to the paper in the visitor's hand, a print in vain among it


def kill_while_printing(
    folder: Path,
    broker: str,
    seed: str,
    *,
    steps: tuple[str, ...] = STEPS,
    parts: tuple[float, ...] = BYTES,
    at_random: int = 0,
    say: Callable[[str], None] = print,
) -> Result:
    """A ticket for each step and each part of its bytes, and `at_random` that are cut off at any byte."""
    random = Random(seed)
    result = Result(f"kill -9 of a kiosk while it prints, {broker}", limit_s=PAPER_S)
    plan: list[str | float] = [*steps, *parts, *(random.random() for _ in range(at_random))]
    random.shuffle(plan)
    with _hall(folder, broker) as (hall, printer):
        _take(hall)
        _rest(hall)
        for number, step in enumerate(plan):
            say(f"{result.fault}: {step} ({number + 1} of {len(plan)})")
            _once(hall, printer, step, result, loses=random.random() < 0.5)
        result.verdict += judge_tape(hall.hall, hall.hub_data / "journal.db", printer.printed)
        result.facts.append(
            f"{len(printer.printed)} strips on the tape for {_issued(hall)} tickets"
        )
    return result


@contextmanager
def _hall(folder: Path, broker: str) -> Iterator[tuple[ChaosHall, MortalPrinter]]:
    printer = MortalPrinter()
    try:
        port = TEXT.replace("file:/dev/usb/lp0", f"tcp:{printer.line.address}")
        hall = ChaosHall(folder, broker, port)
        hall.board_options = ("--wire",)
        try:
            hall.begin_all((BOARD,))
            yield hall, printer
        finally:
            hall.close()
    finally:
        printer.close()


def _once(
    hall: ChaosHall, printer: MortalPrinter, step: str | float, result: Result, *, loses: bool
) -> None:
    result.tried += 1
    _at_home(hall)
    if isinstance(step, str):
        hall.order(BOARD, step)
    else:
        after = AT_THE_CUT if step == 1.0 else 1 + round(step * VARY * printer.job)
        printer.strike(after, hall.processes[BOARD].kill, loses=loses)
    hall.press(BOARD, "pension")
    wait_until(f"{BOARD} reaches: {step}", lambda: hall.is_dead(BOARD), REACHED_S)
    hall.bury(BOARD)
    back = time.time()
    hall.begin(BOARD)
    try:
        _rest(hall, int(back * 1000))
    except Broken as broken:
        result.notes.append(f"after {step}: {broken}")
    else:
        result.took(time.time() - back)


def _take(hall: ChaosHall) -> None:
    """The first ticket, undisturbed: it tells how many bytes one has."""
    _at_home(hall)
    hall.press(BOARD, "pension")
    wait_until("a ticket is issued", lambda: _issued(hall))


def _at_home(hall: ChaosHall) -> None:
    wait_until(
        "the kiosk can be touched",
        lambda: (hall.diaries.shows(BOARD, "screen") or {}).get("keys"),
        REST_S,
    )


def _issued(hall: ChaosHall) -> int:
    return sum(row.kind == "TicketIssued" for row in rows_of(hall.hub_data / "journal.db"))


def _rest(hall: ChaosHall, since: int = 0) -> None:
    """The board hears the hub since then; every number has its paper by the journal, or is void; nothing is under way."""

    def still() -> bool:
        if not hall.diaries.any("beat", since=since, board=BOARD):
            return False
        rows = rows_of(hall.hub_data / "journal.db")
        numbers = {row.body["ticket"] for row in rows if row.kind == "TicketIssued"}
        settled = {
            row.body["ticket"] for row in rows if row.kind in ("TicketPrinted", "TicketVoided")
        }
        return numbers <= settled and not pending(hall)

    wait_until("all numbers have their paper", still, REST_S)

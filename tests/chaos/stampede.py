"""Two hundred boards that come back at once: each hears the hub, gets the ticket it asks for, and exactly one."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.chaos.hall import Broken, ChaosHall, wait_until
from tests.chaos.result import Result
from tests.chaos.verdict import judge, rows_of
from tests.processes import listens

__all__ = ["stampede"]

BOARDS = 200
LIMIT_S = 5.0

HALL = """\
[hall]
id = "sample"
name = "测试大厅"
[[services]]
id = "pension"
prefix = "A"
name = "养老保险"
[[zones]]
id = "main"
name = "大厅"
[[counters]]
number = 1
services = ["pension"]
zone = "main"
[[boards]]
id = "counter-1"
[[boards.devices]]
id = "panel-1"
kind = "caller_panel"
counter = 1
"""
BOARD = """\
[[boards]]
id = "k{number:03d}"
[[boards.devices]]
id = "k{number:03d}"
kind = "ticket_kiosk"
"""


def stampede(
    folder: Path,
    broker: str,
    seed: str,
    say: Callable[[str], None] = print,
    *,
    boards: int = BOARDS,
    times: int = 3,
) -> Result:
    """`seed` changes nothing: all come at once."""
    result = Result(f"{boards} boards reconnect at once, {broker}", limit_s=LIMIT_S)
    text = HALL + "".join(BOARD.format(number=number) for number in range(1, boards + 1))
    hall = ChaosHall(folder, broker, text)
    try:
        hall.begin("broker")
        wait_until("the broker listens", lambda: listens(hall.port))
        hall.begin("hub")
        hall.begin_many()
        wait_until("all have a ticket", lambda: _served(hall, 0) >= boards, 60)
        for number in range(times):
            say(f"{result.fault} ({number + 1} of {times})")
            wait_until("all papers are known", lambda: not _unprinted(folder))
            result.tried += 1
            victim = ("broker", "hub")[number % 2]
            hall.kill(victim)
            time.sleep(1.5)
            back = time.time()
            hall.begin(victim)
            since = int(back * 1000)
            try:
                _wait_for_all(hall, since, boards)
                result.took(time.time() - back)
            except Broken as broken:
                result.notes.append(f"{broken}; {_served(hall, since)} of {boards} have one")
        wait_until("all papers are known", lambda: not _unprinted(folder))
        each = Counter(
            r.body["kiosk"] for r in rows_of(folder / "journal.db") if r.kind == "TicketIssued"
        )
        for board, count in each.items():
            if count != times + 1:
                result.verdict.doubled.append(f"{board} has {count} tickets for {times + 1} wishes")
        result.verdict += judge(hall.hall, folder / "journal.db", hall.diaries)
    finally:
        hall.close()
    return result


def _wait_for_all(hall: ChaosHall, since: int, boards: int) -> None:
    wait_until("all have another", lambda: _served(hall, since) >= boards, 30)


def _served(hall: ChaosHall, since: int) -> int:
    """How many boards have a ticket that they got since then."""
    return len(
        {
            event["kiosk"]
            for entry in hall.diaries.of("answer", since=since)
            for event in entry["answer"].get("events", [])
            if event["type"] == "TicketIssued"
        }
    )


def _unprinted(folder: Path) -> set[str]:
    rows = rows_of(folder / "journal.db")
    issued = {row.body["ticket"] for row in rows if row.kind == "TicketIssued"}
    return issued - {row.body["ticket"] for row in rows if row.kind == "TicketPrinted"}

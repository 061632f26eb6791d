"""Slow and odd: disks that are full, read-only or slow, clocks that jump, a broker that says nothing, a board there twice."""

from __future__ import annotations

import itertools
import json
import signal
import socket
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random

from tests.chaos.crash import recovery, settle
from tests.chaos.disks import small_disk
from tests.chaos.hall import BOARDS, Broken, ChaosHall, opened, wait_until
from tests.chaos.people import People
from tests.chaos.result import LIMIT_S, Result
from tests.chaos.verdict import judge, rows_of
from tests.processes import listens
from tests.system.peer import Peer

__all__ = ["SLOW"]

Say = Callable[[str], None]
HOUR = 3600
# A board asks again after half a second, one and two.
AFTER_NOT_NOW_S = 2.5
SLOW_ANSWER_S = 4.0
NOTICED_S = 10.0


def problem(peer: Peer, words: str) -> Callable[[], bool]:
    return lambda: words in " ".join(peer.state("state/hub").get("problems", []))


def written_after(hall: ChaosHall, since: float, patience_s: float = 15.0) -> float:
    """Seconds until every board had an answer that was written down, and not a `not_now`."""
    last = since
    for board in ("kiosk-1", "counter-1", "counter-2"):

        def at(board: str = board) -> int:
            answers = hall.diaries.of("answer", since=int(since * 1000), board=board)
            return next((e["at"] for e in answers if not e["answer"].get("not_now")), 0)

        wait_until(f"{board} is answered with something written", at, patience_s)
        last = max(last, at() / 1000)
    return last - since


def _hub_disk(folder: Path, broker: str, seed: str, kind: str, say: Say, *, times: int) -> Result:
    """`kind` is `full` or `read-only`."""
    result = Result(f"the hub's disk is {kind}, {broker}", limit_s=AFTER_NOT_NOW_S)
    hall = ChaosHall(folder, broker)
    hall.hub_data = folder / "hub"
    with small_disk(hall.hub_data, lambda: hall.processes["hub"].pid) as disk:
        try:
            hall.begin_all()
            people, peer = People(hall, seed), Peer(hall.port, "observer")
            for number in range(times):
                say(f"{result.fault} ({number + 1} of {times})")
                result.tried += 1
                time.sleep(2)
                marker = folder / "hub.readonly"
                disk.fill() if kind == "full" else marker.touch()
                try:
                    wait_until("the technician is told", problem(peer, "cannot be written"))
                    before = len(rows_of(hall.hub_data / "journal.db"))
                    time.sleep(3)
                    grown = len(rows_of(hall.hub_data / "journal.db")) - before
                    if grown:
                        result.notes.append(f"{grown} rows were written to a disk that is {kind}")
                finally:
                    disk.free()
                    marker.unlink(missing_ok=True)
                result.took(written_after(hall, time.time()))
                wait_until(
                    "the problem is over", lambda: not peer.state("state/hub").get("problems")
                )
            people.rest()
            result.verdict.wrong += settle(hall)
            people.go()
            peer.close()
            result.verdict += judge(hall.hall, hall.hub_data / "journal.db", hall.diaries)
        finally:
            hall.close()
    return result


def disk_full(folder: Path, broker: str, seed: str, say: Say = print, *, times: int = 2) -> Result:
    return _hub_disk(folder, broker, seed, "full", say, times=times)


def disk_read_only(
    folder: Path, broker: str, seed: str, say: Say = print, *, times: int = 2
) -> Result:
    return _hub_disk(folder, broker, seed, "read-only", say, times=times)


def boards_disk(
    folder: Path, broker: str, seed: str, say: Say = print, *, times: int = 2
) -> Result:
    """A counter's and the voice's disk cannot be written: presses go on, and no call is spoken after its time."""
    # The outbox tries again every two seconds.
    result = Result(f"a board's disk cannot be written, {broker}", limit_s=3.0)
    with opened(folder, broker) as hall:
        people = People(hall, seed)
        for number in range(times):
            say(f"{result.fault} ({number + 1} of {times})")
            result.tried += 1
            time.sleep(2)
            markers = [folder / f"{board}.readonly" for board in ("counter-1", "hall-1")]
            for marker in markers:
                marker.touch()
            broke = time.time()
            time.sleep(hall.hall.rules.call_valid_s + 3)
            pressed = written_after(hall, time.time() - 2)
            if pressed > 2 + LIMIT_S:
                result.notes.append(f"a press was answered after {pressed:.1f} s while it lasted")
            if hall.diaries.any("said", since=int((broke + 1) * 1000)):
                result.verdict.wrong.append("a call was spoken that no disk had marked")
            for marker in markers:
                marker.unlink()
            mended = time.time()
            since = int(mended * 1000)
            wait_until("the voice speaks", partial(hall.diaries.any, "said", since=since))
            result.took(next(hall.diaries.of("said", since=since))["at"] / 1000 - mended)
        people.rest()
        result.verdict.wrong += settle(hall)
        people.go()
        result.verdict += judge(hall.hall, folder / "journal.db", hall.diaries)
    return result


def slow_fsync(
    folder: Path, broker: str, seed: str, say: Say = print, *, seconds: float = 15
) -> Result:
    """One answered press is one time recovered; the longest is the slowest answer."""
    result = Result(f"an fsync takes 1 s, {broker}", limit_s=SLOW_ANSWER_S)
    say(result.fault)
    hall = ChaosHall(folder, broker)
    hall.hub_options = ("--commit-takes", "1.0")
    try:
        hall.begin_all()
        people = People(hall, seed)
        time.sleep(seconds)
        people.rest()
        result.verdict.wrong += settle(hall)
        people.go()
        asked: dict[str, int] = {}
        for entry in hall.diaries.of("sent"):
            asked.setdefault(entry["request"]["command_id"], entry["at"])
        answered = {
            e["answer"]["command_id"]: e["at"] for e in reversed(list(hall.diaries.of("answer")))
        }
        result.tried = len(asked)
        for command_id, at in asked.items():
            if command_id in answered:
                result.took((answered[command_id] - at) / 1000)
        result.verdict += judge(hall.hall, folder / "journal.db", hall.diaries)
    finally:
        hall.close()
    return result


def clock_jumps(folder: Path, broker: str, seed: str, say: Say = print) -> Result:
    """An hour forward, back again, and an hour back: the hub's time never goes back, and the technician is told."""
    result = Result(f"the hub's clock jumps by an hour, {broker}")
    hall = ChaosHall(folder, broker)
    clock = folder / "clock"
    clock.write_text("0")
    hall.hub_options = ("--clock", str(clock))
    try:
        hall.begin_all()
        people, peer = People(hall, seed), Peer(hall.port, "observer")
        for wrong_by in (HOUR, 0, -HOUR):
            say(f"{result.fault}: now wrong by {wrong_by} s")
            time.sleep(3)
            result.tried += 1
            draft = folder / "clock.draft"
            draft.write_text(str(wrong_by))
            draft.rename(clock)
            result.took(written_after(hall, time.time()))
            if wrong_by <= 0:
                wait_until("the technician is told", problem(peer, "clock was set back"))
        people.rest()
        result.verdict.wrong += settle(hall)
        people.go()
        peer.close()
        rows = rows_of(folder / "journal.db")
        if any(b.at < a.at for a, b in itertools.pairwise(rows)):
            result.verdict.wrong.append("the journal's time goes back")
        if not any(row.kind == "ClockStepped" for row in rows):
            result.notes.append("no jump is in the journal")
        result.verdict += judge(hall.hall, folder / "journal.db", hall.diaries, clock_jumped=True)
    finally:
        hall.close()
    return result


def mute_broker(folder: Path, broker: str, seed: str, say: Say = print) -> Result:
    """First somebody who accepts and never answers stands in the broker's place; then the broker itself falls silent."""
    result = Result(f"a broker that accepts and never answers, {broker}", limit_s=5.0)
    say(result.fault)
    hall = ChaosHall(folder, broker)
    try:
        result.tried += 1
        with socket.create_server(("127.0.0.1", hall.port)):
            for board in BOARDS:
                hall.begin(board)
            wait_until("the clerk reads that it is alone", lambda: _alone(hall, "panel-1"))
            time.sleep(6)  # longer than a keepalive: each has tried again by now
            _ends_in_order(hall, "counter-2", result)
            hall.begin("counter-2")
        hall.begin("broker")
        wait_until("the broker listens", lambda: listens(hall.port))
        people, back = People(hall, seed), time.time()
        hall.begin("hub")
        result.took(recovery(hall, "hub", back))
        time.sleep(2)
        say(f"{result.fault}: in the middle of the day")
        result.tried += 1
        hall.processes["broker"].send_signal(signal.SIGSTOP)
        silent = time.time()
        wait_until("the clerk reads that it is alone", lambda: _alone(hall, "panel-1"), NOTICED_S)
        time.sleep(max(0.0, silent + 8 - time.time()))
        hall.processes["broker"].send_signal(signal.SIGCONT)
        result.took(recovery(hall, "hub", time.time()))
        people.rest()
        result.verdict.wrong += settle(hall)
        people.go()
        result.verdict += judge(hall.hall, folder / "journal.db", hall.diaries)
    finally:
        hall.close()
    return result


def _alone(hall: ChaosHall, panel: str) -> bool:
    return "主机" in (hall.diaries.shows(panel, "display") or "")


def _ends_in_order(hall: ChaosHall, board: str, result: Result) -> None:
    began = time.time()
    try:
        if code := hall.end(board):
            result.notes.append(f"{board} ended with {code}")
    finally:
        hall.diaries.blank(board)
    if time.time() - began > 5:
        result.notes.append(f"{board} took {time.time() - began:.1f} s to end")


def twins(folder: Path, broker: str, seed: str, say: Say = print) -> Result:
    """A second board under counter 1's name: the broker lets the newer in each time; nothing is lost, and it is told."""
    result = Result(f"two boards with one identity, {broker}", limit_s=5.0)
    say(result.fault)
    with opened(folder, broker) as hall:
        people, peer = People(hall, seed), Peer(hall.port, "observer")
        time.sleep(2)
        result.tried += 1
        (folder / "twin").mkdir()
        hall.begin_twin("counter-1", folder / "twin")

        def told() -> bool:
            troubles = json.dumps(peer.state("board/counter-1").get("troubles", {}))
            return "identity" in troubles

        try:
            wait_until("somebody is told of the twin", told)
        except Broken as broken:
            result.notes.append(str(broken))
        _clerk_at_the_twin(hall, Random(seed), 8)
        hall.kill("twin")
        result.took(written_after(hall, time.time()))
        people.rest()
        result.verdict.wrong += settle(hall)
        people.go()
        peer.close()
        result.verdict += judge(hall.hall, folder / "journal.db", hall.diaries)
    return result


def _clerk_at_the_twin(hall: ChaosHall, random: Random, seconds: float) -> None:
    until = time.time() + seconds
    while time.time() < until:
        hall.press_on("twin", "panel-1", random.choice(("next", "serve", "close", "recall")))
        time.sleep(random.uniform(0.1, 0.5))


SLOW: dict[str, Callable[..., Result]] = {
    "disk-full": disk_full,
    "read-only": disk_read_only,
    "boards-disk": boards_disk,
    "slow-fsync": slow_fsync,
    "clock": clock_jumps,
    "mute-broker": mute_broker,
    "twins": twins,
}

"""The laws of what never goes stale: kept on the board's disk, asked under its old id, dropped only when answered."""

from __future__ import annotations

import queue
import threading
from contextlib import closing
from pathlib import Path

from broker.database import open_database
from broker.hearing import Answered, Kept
from broker.messages import (
    Answer,
    Request,
)
from broker.outbox import Outbox
from tests.queue.halls import Names
from tests.queue.lines import ANSWER, CALLED, NEXT, RATE, BoardOnTheLine


def test_a_rating_is_kept_on_disk_and_the_pad_hears_when_it_is_safe(board: BoardOnTheLine):
    assert board.link.ask("pad-1", RATE, None) is None
    assert board.heard(timeout=5) == [("pad-1", Kept("pad-1", RATE))]
    (kept,) = board.outbox.waiting()
    assert (kept.device, kept.command, kept.expires) == ("pad-1", RATE, None)


def test_a_rating_is_asked_until_it_is_answered_however_long_that_takes(together: BoardOnTheLine):
    together.link.ask("pad-1", RATE, None)
    assert together.heard(timeout=5) == [("pad-1", Kept("pad-1", RATE))]
    assert [heard for to, heard in together.pass_(600) if to] == []
    assert len(together.asked()) > 100
    heard = together.hub_says(ANSWER, Answer(command_id="c1", events=(CALLED,)))
    assert heard[0] == ("pad-1", Answered(RATE, (CALLED,)))
    together.pass_(20)
    assert together.asked() == []


def test_a_rating_outlives_a_restart_and_is_asked_under_its_old_id(tmp_path: Path):
    board = BoardOnTheLine(tmp_path, Names("first"))
    board.link.ask("pad-1", RATE, None)
    board.heard(timeout=5)
    board.outbox.close()
    again = BoardOnTheLine(tmp_path, Names("second"))
    with closing(again.outbox):
        again.connect()
        (request,) = again.asked()
        assert request == Request(command_id="first1", device="pad-1", command=RATE)
        heard = again.hub_says(ANSWER, Answer(command_id="first1", events=(CALLED,)))
        assert heard == [("pad-1", Answered(RATE, (CALLED,)))]


def test_only_the_answer_empties_the_outbox(tmp_path: Path):
    board = BoardOnTheLine(tmp_path)
    board.connect()
    for _ in range(2):
        board.link.ask("pad-1", RATE, None)
        board.heard(timeout=5)
    board.hub_says(ANSWER, Answer(command_id="c1", not_now="the disk is full"))
    board.hub_says(ANSWER, Answer(command_id="c2", events=(CALLED,)))
    board.outbox.close()
    with closing(Outbox(tmp_path / "outbox.db")) as found:
        assert [request.command_id for request in found.waiting()] == ["c1"]


def test_a_press_is_never_kept_on_disk(tmp_path: Path):
    board = BoardOnTheLine(tmp_path)
    board.connect()
    board.link.ask("panel-1", NEXT, 8)
    board.outbox.close()
    with closing(Outbox(tmp_path / "outbox.db")) as found:
        assert found.waiting() == ()


def test_marks_outlive_a_restart_and_the_last_one_counts(tmp_path: Path):
    outbox = Outbox(tmp_path / "outbox.db")
    done: queue.SimpleQueue[int] = queue.SimpleQueue()
    for value in (7, 8):
        outbox.mark("voice-1 1", value, lambda value=value: done.put(value))  # type: ignore[misc]  # binds the loop's value
    assert [done.get(timeout=5), done.get(timeout=5)] == [7, 8]
    outbox.close()
    with closing(Outbox(tmp_path / "outbox.db")) as found:
        assert found.marks() == {"voice-1 1": 8}


def test_what_was_done_alone_the_hub_hears_of_only_once_it_is_on_the_disk(together: BoardOnTheLine):
    together.link.ask("panel-1", NEXT, 60)
    together.pass_(6)
    together.asked()
    together.link.ask("pad-1", RATE, None)
    assert RATE not in [request.command for request in together.asked()], "a power cut may come"
    assert ("pad-1", Kept("pad-1", RATE)) in together.heard(timeout=5)
    assert [request.command for request in together.asked()] == [RATE]


def test_what_is_kept_is_heard_in_its_order_though_the_hub_comes_back_before_the_disk_has_it(
    board: BoardOnTheLine,
):
    disk = threading.Event()

    def stall() -> None:
        disk.wait(5)

    board.outbox.mark("a disk that stalls", 1, stall)
    board.link.ask("pad-1", RATE, None)
    board.connect()
    board.link.ask("pad-1", RATE, None)
    assert board.asked() == []
    disk.set()
    kept = 0
    while kept < 2:
        kept += len(board.heard(timeout=5))
    assert [request.command_id for request in board.asked()] == ["c1"]
    board.hub_says(ANSWER, Answer(command_id="c1", events=(CALLED,)))
    assert [request.command_id for request in board.asked()] == ["c2"]


def test_what_is_remembered_is_on_the_disk_before_what_is_kept_after_it(tmp_path: Path):
    outbox = Outbox(tmp_path / "outbox.db")
    found: queue.SimpleQueue[dict[str, str]] = queue.SimpleQueue()

    def look_as_after_a_power_cut() -> None:
        with closing(open_database(tmp_path / "outbox.db", "outbox")) as other:
            found.put(dict(other.execute("SELECT name, value FROM remembered")))

    for number in ("A901", "A902"):
        outbox.remember("kiosk-1/lent", number)
    request = Request(command_id="c1", device="pad-1", command=RATE)
    outbox.keep(request, look_as_after_a_power_cut)
    assert found.get(timeout=5) == {"kiosk-1/lent": "A902"}
    outbox.close()
    with closing(Outbox(tmp_path / "outbox.db")) as again:
        assert again.remembered() == {"kiosk-1/lent": "A902"}

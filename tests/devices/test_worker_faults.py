"""A part that breaks is tried again and shown what it forgot, stops no other, and its health is told once."""

from __future__ import annotations

import queue
from contextlib import ExitStack

import pytest

from firmware.daemon import Worker
from firmware.device import Done, Failed, LightLamp, PartHealth, Show, Tell
from firmware.hal import Health, Trouble
from firmware.hal.lamps import Light
from tests.devices.workers import (
    A001,
    A002,
    DOES,
    SOON,
    WELL,
    Asked,
    Part,
    Posted,
    Slow,
    silent,
    worker_of,
    working,
)

# --- what breaks -----------------------------------------------------------------------------------


def test_a_part_that_is_not_there_yet_is_opened_again_and_shown_the_newest_text():
    part, posted = Part(), Posted()
    worker = worker_of(posted, silent(), silent(), silent(), part)
    worker.do(Show("1"))
    worker.do(Show("2"))
    with working(worker):
        assert part.did.get(timeout=SOON) == "2"
    assert part.did.empty()


def test_a_part_that_broke_is_closed_opened_again_and_shown_the_newest_text():
    broken, mended, posted = Part(None, silent()), Part(), Posted()
    with working(worker_of(posted, broken, mended)) as worker:
        worker.do(Show("1"))
        assert broken.did.get(timeout=SOON) == "1"
        worker.do(Show("2"))
        assert mended.did.get(timeout=SOON) == "2"
        assert broken.closed.is_set()
    assert mended.did.empty()


def test_a_part_that_is_opened_again_is_shown_all_that_it_forgot():
    broken, mended = Part(None, None, silent()), Part()
    with working(worker_of(Posted(), broken, mended)) as worker:
        worker.do(LightLamp("next", Light.ON))
        worker.do(LightLamp("close", Light.ON))
        assert [broken.did.get(timeout=SOON) for _ in range(2)] == ["next on", "close on"]
        worker.do(LightLamp("next", Light.OFF))
        did = {mended.did.get(timeout=SOON) for _ in range(2)}
    assert did == {"next off", "close on"}
    assert mended.did.empty()


def test_a_part_that_was_away_while_nothing_happened_is_shown_its_text_again():
    posted = Posted()
    ill = Health(usable=False, troubles=(Trouble.OFFLINE,))
    part = Asked(WELL, ill, ill, WELL)
    worker = worker_of(posted, part, look_s=0.001)
    worker.do(Show("1"))
    with working(worker):
        assert [part.did.get(timeout=SOON) for _ in range(2)] == ["1", "1"]
        assert part.all_asked.wait(SOON)
    assert part.did.empty()


def test_a_drivers_own_mistake_is_a_fault_like_any_other(caplog: pytest.LogCaptureFixture):
    part, posted = Part(ZeroDivisionError("no such page")), Posted()
    with working(worker_of(posted, part)) as worker:
        worker.do(A001)
        posted.until(Failed(A001, "no such page", Trouble.BROKEN))
        worker.do(A002)
        posted.until(Done(A002))
    assert "ZeroDivisionError" in caplog.text


def test_a_fault_is_logged_once_however_often_it_is_tried_again(caplog: pytest.LogCaptureFixture):
    part = Part()
    worker = worker_of(Posted(), *[silent() for _ in range(9)], part)
    worker.do(Show("1"))
    with working(worker):
        assert part.did.get(timeout=SOON) == "1"
    assert caplog.text.count("It does not answer.") == 1


def test_one_broken_part_does_not_stop_another():
    posted, well = Posted(), Part()
    stuck = Slow()
    with ExitStack() as stack:
        dead = stack.enter_context(working(worker_of(Posted(), silent())))
        slow = stack.enter_context(working(worker_of(Posted(), stuck)))
        stack.callback(stuck.let_go.set)
        worker = stack.enter_context(working(worker_of(posted, well)))
        dead.do(Show("1"))
        slow.do(Show("1"))
        assert stuck.busy.wait(SOON)
        worker.do(A001)
        posted.until(Done(A001))


def test_a_worker_does_only_its_parts_effects():
    worker = Worker("led", Part, {Show: DOES[Show]}, Posted().post)
    assert worker.does(Show("1"))
    assert not worker.does(Tell("1"))


# --- health ----------------------------------------------------------------------------------------


def test_a_change_of_health_is_reported_once():
    near = Health(usable=True, troubles=(Trouble.PAPER_NEAR_END,))
    out = Health(usable=False, troubles=(Trouble.PAPER_OUT,))
    part, posted = Asked(WELL, WELL, near, near, out, out, out, WELL), Posted()
    with working(worker_of(posted, part, look_s=0.001)):
        assert part.all_asked.wait(SOON)
        found = posted.until(PartHealth("part", out))
        found += posted.until(PartHealth("part", WELL))
    assert found == [PartHealth("part", health) for health in (WELL, near, out, WELL)]
    assert posted.rest() == []


def test_how_a_part_is_is_known_before_it_has_work():
    posted = Posted()
    with working(worker_of(posted, Asked(WELL))):
        assert posted.take() == PartHealth("part", WELL)


def test_a_part_that_cannot_be_opened_is_reported_once_and_again_when_it_is_well():
    posted = Posted()
    with working(worker_of(posted, silent(), silent(), silent(), Asked(WELL))):
        assert posted.take() == PartHealth(
            "part", Health(usable=False, troubles=(Trouble.NO_ANSWER,))
        )
        assert posted.take() == PartHealth("part", WELL)


def test_a_print_that_came_out_does_not_hide_that_the_paper_is_near_its_end():
    near = Health(usable=True, troubles=(Trouble.PAPER_NEAR_END,))
    posted = Posted()
    with working(worker_of(posted, Asked(near))) as worker:
        posted.until(PartHealth("part", near))
        worker.do(A001)
        assert posted.take() == Done(A001)
    assert posted.rest() == []


def test_a_part_that_cannot_even_be_asked_is_broken_until_it_can():
    posted = Posted()
    part = Asked(OSError("input/output error"), WELL)
    with working(worker_of(posted, part, look_s=0.001)):
        broken = Health(usable=False, troubles=(Trouble.BROKEN,))
        assert posted.take() == PartHealth("part", broken)
        assert posted.take() == PartHealth("part", WELL)


def test_keys_that_could_not_be_opened_at_first_are_listened_to_once_they_are():
    listened: queue.SimpleQueue[Part] = queue.SimpleQueue()
    part = Part()
    openings: list[Part | Exception] = [silent(), part]

    def opened() -> Part:
        found = openings.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    worker = Worker("keys", opened, {}, Posted().post, listen=listened.put, retry_s=(0.001,))
    with working(worker):
        assert listened.get(timeout=SOON) is part
    assert listened.empty()


def test_a_stopped_worker_closes_its_part():
    part, posted = Part(), Posted()
    with working(worker_of(posted, part)) as worker:
        worker.do(A001)
        posted.until(Done(A001))
    assert part.closed.is_set()

"""One part and its thread: what is shown is a state, what is printed or said is done once."""

from __future__ import annotations

from firmware.device import Done, Failed, LightLamp, PartHealth, Print, Say, Show
from firmware.hal import Health, Trouble
from firmware.hal.lamps import Light
from firmware.hal.printer import PrintFault
from tests.devices.workers import (
    A001,
    A002,
    NEVER,
    SOON,
    Part,
    Posted,
    Slow,
    silent,
    worker_of,
    working,
)

# --- what is shown ---------------------------------------------------------------------------------


def test_the_newest_text_supersedes_those_that_were_not_shown_yet():
    part = Slow()
    with working(worker_of(Posted(), part)) as worker:
        worker.do(Show("1"))
        assert part.busy.wait(SOON)
        for text in ("2", "3", "4"):
            worker.do(Show(text))
        part.let_go.set()
        assert [part.did.get(timeout=SOON) for _ in range(2)] == ["1", "4"]
    assert part.did.empty()


def test_each_lamp_has_its_own_newest_light():
    part = Slow()
    with working(worker_of(Posted(), part)) as worker:
        worker.do(Show("1"))
        assert part.busy.wait(SOON)
        worker.do(LightLamp("next", Light.ON))
        worker.do(LightLamp("serve", Light.BLINK))
        worker.do(LightLamp("next", Light.OFF))
        part.let_go.set()
        did = [part.did.get(timeout=SOON) for _ in range(3)]
        assert did == ["1", "serve blink", "next off"]
    assert part.did.empty()


def test_what_was_wanted_before_the_part_was_open_is_shown_once():
    part = Part()
    worker = worker_of(Posted(), part)
    worker.do(Show("early"))
    with working(worker):
        assert part.did.get(timeout=SOON) == "early"
        worker.do(Show("late"))
        assert part.did.get(timeout=SOON) == "late"
    assert part.did.empty()


def test_what_is_shown_is_not_reported_done():
    part, posted = Part(), Posted()
    with working(worker_of(posted, part)) as worker:
        worker.do(Show("1"))
        assert part.did.get(timeout=SOON) == "1"
    assert [report for report in posted.rest() if not isinstance(report, PartHealth)] == []


# --- what is done once -----------------------------------------------------------------------------


def test_prints_keep_their_order_and_none_supersedes_another():
    part, posted = Slow(), Posted()
    tickets = [Print(f"A{n:03}", "pension", 0, n) for n in range(20)]
    with working(worker_of(posted, part)) as worker:
        for ticket in tickets:
            worker.do(ticket)
        assert part.busy.wait(SOON)
        part.let_go.set()
        posted.until(Done(tickets[-1]))
    assert [part.did.get() for _ in tickets] == [ticket.ticket for ticket in tickets]


def test_each_print_is_reported_done():
    part, posted = Part(), Posted()
    with working(worker_of(posted, part)) as worker:
        worker.do(A001)
        worker.do(A002)
        found = posted.until(Done(A002))
    assert [report for report in found if isinstance(report, Done)] == [Done(A001), Done(A002)]


def test_a_failed_print_is_reported_once_and_not_repeated():
    part = Part(PrintFault("It is jammed.", Trouble.JAM, started=True))
    posted = Posted()
    with working(worker_of(posted, part)) as worker:
        worker.do(A001)
        failed = Failed(A001, "It is jammed.", Trouble.JAM)
        posted.until(failed)
        worker.do(A002)
        found = posted.until(Done(A002))
    assert failed not in [*found, *posted.rest()]
    assert part.works == 2
    assert part.did.get() == "A002"


def test_a_print_that_failed_keeps_its_driver_which_knows_what_it_left_behind():
    part, posted = Part(PrintFault("It is jammed.", Trouble.JAM, started=True)), Posted()
    with working(worker_of(posted, part, Part())) as worker:
        worker.do(A001)
        posted.until(Failed(A001, "It is jammed.", Trouble.JAM))
        worker.do(A002)
        posted.until(Done(A002))
        assert not part.closed.is_set()
        assert part.did.get() == "A002"


def test_a_fault_that_names_no_trouble_counts_as_broken():
    posted = Posted()
    with working(worker_of(posted, Part(OSError("input/output error")))) as worker:
        worker.do(A001)
        posted.until(Failed(A001, "input/output error", Trouble.BROKEN))


def test_what_should_be_printed_without_a_printer_is_reported_as_failed():
    posted = Posted()
    with working(worker_of(posted, silent())) as worker:
        worker.do(A001)
        posted.until(Failed(A001, "part cannot be opened", Trouble.NO_ANSWER))


def test_after_a_fault_a_print_does_not_wait_for_the_next_try():
    posted = Posted()
    with working(worker_of(posted, silent(), Part(), retry_s=NEVER)) as worker:
        posted.until(PartHealth("part", Health(usable=False, troubles=(Trouble.NO_ANSWER,))))
        worker.do(A001)
        posted.until(Done(A001))


def test_a_sentence_is_said_once_and_reported():
    part, posted = Part(silent()), Posted()
    say = Say("请A零零一号", counter=1, call=1, recall=0, mark=1)
    with working(worker_of(posted, part)) as worker:
        worker.do(say)
        posted.until(Failed(say, "It does not answer.", Trouble.NO_ANSWER))
        worker.do(A001)
        posted.until(Done(A001))
    assert part.works == 2

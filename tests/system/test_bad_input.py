"""Bad input from real peers over a real broker: each a clear refusal, nothing lost, no process dies."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from broker.messages import (
    CallNext,
    CommandRefused,
    IssueTicket,
    Level,
    OpenCounter,
    Rate,
    Recall,
    Refusal,
    ReportPrinted,
    Serve,
    TicketCalled,
    TicketIssued,
)
from tests.system.stage import SAMPLE, Stage, set_file_limit, staged, wait_until

pytestmark = pytest.mark.needs("mosquitto")


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    with staged(tmp_path_factory.mktemp("hall")) as stage:
        yield stage
        assert stage.processes["hub"].poll() is None, stage.log("hub")


def refusal(answer) -> Refusal:
    (event,) = answer.events
    assert isinstance(event, CommandRefused), event
    assert event.reason
    return event.code


def a_ticket(stage: Stage) -> str:
    kiosk = stage.peer("kiosk-1")
    (issued,) = kiosk.ask("kiosk-1", IssueTicket(service="pension")).events
    assert isinstance(issued, TicketIssued)
    kiosk.ask("kiosk-1", ReportPrinted(ticket=issued.ticket))
    return issued.ticket


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"\x00\xff\xfe",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"\xff" * 2000,
        b"[" * 5000,
        b'{"command_id":1}',
        b"x" * 60_000,
    ],
)
def test_what_does_not_decode_is_dropped_and_logged_and_the_hub_goes_on(stage, junk):
    peer = stage.peer("counter-1")
    peer.send(junk)
    assert refusal(peer.ask("panel-1", CallNext(counter=99))) in (
        Refusal.NOT_YOURS,
        Refusal.UNKNOWN_COUNTER,
    )
    assert "dropped" in stage.log("hub")


def test_an_unknown_command_is_refused_by_name(stage):
    peer = stage.peer("counter-1")
    peer.send(
        json.dumps(
            {
                "command_id": "u1",
                "device": "panel-1",
                "command": {"type": "MakeCoffee", "counter": 1},
            }
        ).encode()
    )
    answer = peer.answers.get(timeout=5)
    assert answer.command_id == "u1"
    assert refusal(answer) is Refusal.BAD_MESSAGE
    assert "MakeCoffee" in answer.events[0].reason


def test_a_command_with_a_field_of_the_wrong_kind_is_refused(stage):
    peer = stage.peer("counter-1")
    peer.send(
        json.dumps(
            {
                "command_id": "u2",
                "device": "panel-1",
                "command": {"type": "CallNext", "counter": "one"},
            }
        ).encode()
    )
    assert refusal(peer.answers.get(timeout=5)) is Refusal.BAD_MESSAGE


def test_a_board_that_speaks_for_another_boards_device_is_refused(stage):
    peer = stage.peer("counter-2")
    before = len(stage.journal())
    answer = peer.ask("panel-1", CallNext(counter=1))
    assert refusal(answer) is Refusal.BAD_MESSAGE
    assert "does not host" in answer.events[0].reason
    assert len(stage.journal()) == before


def test_a_counter_that_does_not_exist_is_refused(stage):
    assert (
        refusal(stage.peer("counter-1").ask("panel-1", CallNext(counter=99))) is Refusal.NOT_YOURS
    )


def test_a_press_at_the_wrong_moment_is_refused_and_changes_nothing(stage):
    peer = stage.peer("counter-2")
    assert refusal(peer.ask("panel-2", CallNext(counter=2))) is Refusal.COUNTER_CLOSED
    peer.ask("panel-2", OpenCounter(counter=2))
    assert refusal(peer.ask("panel-2", Serve(counter=2))) is Refusal.NOTHING_CALLED
    assert refusal(peer.ask("panel-2", Recall(counter=2))) is Refusal.NOTHING_CALLED
    pad = peer.ask(
        "pad-2",
        Rate(counter=2, day="2026-01-01", ticket="A001", level=Level.SATISFIED, pressed_at=1),
    )
    assert refusal(pad) is Refusal.RATING_CLOSED


def test_a_stale_press_is_refused(stage):
    peer = stage.peer("counter-2")
    answer = peer.ask("panel-2", CallNext(counter=2), expires=1)
    assert refusal(answer) is Refusal.STALE
    assert "press again" in answer.events[0].reason


def test_a_second_press_within_the_double_press_time_is_one_press(stage):
    ticket, other = a_ticket(stage), a_ticket(stage)
    peer = stage.peer("counter-1")
    peer.ask("panel-1", OpenCounter(counter=1))
    first = peer.ask("panel-1", CallNext(counter=1))
    second = peer.ask("panel-1", CallNext(counter=1))
    assert isinstance(first.events[-1], TicketCalled)
    assert refusal(second) is Refusal.DOUBLE_PRESS
    called = [body["ticket"] for kind, body in stage.journal() if kind == "TicketCalled"]
    assert called.count(ticket) == 1
    assert other not in called


def test_a_repeated_command_gets_its_first_answer_from_the_running_hub(stage):
    peer = stage.peer("kiosk-1")
    first = peer.ask("kiosk-1", IssueTicket(service="card"), command_id="same")
    again = peer.ask("kiosk-1", IssueTicket(service="card"), command_id="same")
    assert first == again
    assert (
        sum(
            body.get("ticket") == first.events[0].ticket
            for kind, body in stage.journal()
            if kind == "TicketIssued"
        )
        == 1
    )


def test_a_settings_file_with_a_typo_stops_the_start_with_file_line_and_meaning(tmp_path):
    bad = tmp_path / "hall.toml"
    bad.write_text(
        SAMPLE.read_text(encoding="utf-8").replace("recall_limit", "recal_limit"), encoding="utf-8"
    )
    jiaohao = str(Path(sys.executable).with_name("jiaohao"))
    for command in (
        [jiaohao, "coordinator", "--hall", str(bad), "--data", str(tmp_path)],
        [jiaohao, "check", str(bad)],
    ):
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 1
        said = done.stdout + done.stderr
        assert "hall.toml:17" in said
        assert "did you mean 'recall_limit'" in said


def test_a_full_disk_is_told_and_nothing_is_lost(tmp_path):
    with staged(tmp_path) as stage:
        peer = stage.peer("kiosk-1")
        first = peer.ask("kiosk-1", IssueTicket(service="pension"))
        set_file_limit(stage.processes["hub"], 1)
        told = peer.ask("kiosk-1", IssueTicket(service="pension"), command_id="on-a-full-disk")
        assert told.events == ()
        assert "disk" in told.not_now
        wait_until("the hub tells its trouble", lambda: peer.state("state/hub").get("problems"))
        set_file_limit(stage.processes["hub"], -1)
        second = wait_until(
            "the hub writes again",
            lambda: (
                peer.ask(
                    "kiosk-1", IssueTicket(service="pension"), command_id="on-a-full-disk"
                ).events
            ),
        )
        assert [event.ticket for event in (*first.events, *second)] == ["A001", "A002"]
        wait_until("the trouble is over", lambda: not peer.state("state/hub").get("problems"))
        assert stage.kinds().count("TicketIssued") == 2


def test_a_hub_that_finds_no_place_for_its_journal_says_so(tmp_path):
    (tmp_path / "journal.db").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "broker.hub", "--hall", str(SAMPLE), "--data", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert "journal cannot be opened" in done.stderr


def test_a_damaged_journal_is_refused_and_not_overwritten(tmp_path):
    journal = tmp_path / "journal.db"
    journal.write_bytes(b"this is no database, but somebody's bytes" * 100)
    done = subprocess.run(
        [sys.executable, "-m", "broker.hub", "--hall", str(SAMPLE), "--data", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert journal.read_bytes().startswith(b"this is no database")

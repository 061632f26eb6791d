"""A hall whose hub died and was brought back on a new card, over a real broker with real boards: every device shows what the journal says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from broker.backup import cli, restore
from broker.journal import Journal
from broker.messages import EnterTicket, IssueTicket, TicketIssued
from tests.system.stage import SAMPLE, Stage, staged, wait_until

BOARDS = ("kiosk-1", "counter-1", "hall-1")


pytestmark = pytest.mark.needs("mosquitto")


@pytest.fixture
def stage(tmp_path):
    old = tmp_path / "old" / "var"
    old.mkdir(parents=True)
    with staged(old, boards=BOARDS) as stage:
        wait_until("the kiosk was lent its numbers", lambda: stage.kinds().count("BlockLent") == 4)
        yield stage


def take(stage: Stage, number: str) -> None:
    wait_until(
        "the kiosk is at home",
        lambda: (stage.now.get(("kiosk-1", "screen"), {}).get("page") or {}).get("keys"),
    )
    stage.press("kiosk-1", "pension")
    stage.shows("kiosk-1", "screen", f"您已领取{number}号")
    wait_until(f"{number} is printed", lambda: number in printed(stage))


def printed(stage: Stage) -> set[str]:
    return {body["ticket"] for kind, body in stage.journal() if kind == "TicketPrinted"}


def issued(stage: Stage) -> list[str]:
    return [body["ticket"] for kind, body in stage.journal() if kind == "TicketIssued"]


def call_first(stage: Stage) -> None:
    stage.press("panel-1", "next")
    stage.shows("panel-1", "display", "窗口已开放")
    stage.press("panel-1", "next")
    stage.shows("panel-1", "led", "请A001号到1号窗口")


def dies(stage: Stage) -> None:
    """The whole box: its broker, its coordinator, its card."""
    stage.kill("hub")
    stage.kill("broker")
    stage.shows("kiosk-1", "screen", "系统脱机，照常取号")


def comes_back(stage: Stage, source: Path) -> None:
    """On another card, as the technician does it."""
    new = stage.data.parent.parent / "new" / "var"
    assert restore.main(["--from", str(source), "--data", str(new)]) == 0
    stage.data = new
    stage.hall = new.parent / "settings" / "hall.toml"
    stage.start_broker()
    stage.start_hub()


def wait_for_all(stage: Stage) -> Any:
    wait_until(
        "the kiosk is together again",
        lambda: "脱机" not in str(stage.now["kiosk-1", "screen"]),
        30,
    )


def test_from_the_old_card_every_answer_stands_and_every_device_shows_it(stage):
    take(stage, "A001")
    take(stage, "A002")
    call_first(stage)
    before = stage.journal()
    dies(stage)
    take_alone(stage, "A901")
    comes_back(stage, stage.data)
    wait_for_all(stage)
    stage.shows("display-1", "screen", "请A001号到1号窗口")
    stage.shows("panel-1", "led", "A001")
    wait_until("what the kiosk gave out meanwhile is taken in", lambda: "A901" in printed(stage))
    assert stage.journal()[: len(before)] == before
    take(stage, "A003")
    assert issued(stage) == ["A001", "A002", "A901", "A003"]
    stage.press("panel-1", "serve")
    stage.shows("panel-1", "led", "A001号 正在办理")


def take_alone(stage: Stage, number: str) -> None:
    wait_until(
        "the kiosk is at home",
        lambda: (stage.now.get(("kiosk-1", "screen"), {}).get("page") or {}).get("keys"),
    )
    stage.press("kiosk-1", "pension")
    stage.shows("kiosk-1", "screen", f"您已领取{number}号")


def test_from_a_backup_no_number_is_given_twice_and_no_paper_is_turned_away(stage, tmp_path):
    take(stage, "A001")
    stick = tmp_path / "stick"
    # Made of a hall that runs; the loans of its kiosk are in it.
    words = ["--hall", str(SAMPLE), "--data", str(stage.data), "--to", str(stick)]
    assert cli.main(words) == 0
    take(stage, "A002")
    call_first(stage)
    dies(stage)
    take_alone(stage, "A901")
    comes_back(stage, stick)
    wait_for_all(stage)
    wait_until("what the kiosk gave out meanwhile is taken in", lambda: "A901" in printed(stage))
    assert "JournalRestored" in stage.kinds()
    take(stage, "A8001")
    guide = stage.peer("guide-1")
    entered = EnterTicket(ticket="A002", service="pension", issued_at=now(stage))
    (event,) = guide.ask("guide-1", entered).events
    assert isinstance(event, TicketIssued)
    assert issued(stage) == ["A001", "A901", "A8001", "A002"]
    stage.press("panel-1", "next")
    stage.shows("panel-1", "display", "窗口已开放")
    stage.press("panel-1", "next")
    stage.shows("panel-1", "led", "请A001号到1号窗口")
    stage.shows("voice-1", "voice", "请A零零一号，到一号窗口")
    journal = Journal(stage.data / "journal.db")
    assert journal.verify() == ""
    journal.close()


def now(stage: Stage) -> int:
    journal = Journal(stage.data / "journal.db")
    try:
        return journal.last_at
    finally:
        journal.close()


def test_a_command_that_was_answered_before_gets_its_first_answer_after(stage):
    peer = stage.peer("kiosk-1")
    first = peer.ask("kiosk-1", IssueTicket(service="card"), command_id="once")
    dies(stage)
    comes_back(stage, stage.data)
    wait_for_all(stage)
    assert peer.ask("kiosk-1", IssueTicket(service="card"), command_id="once") == first

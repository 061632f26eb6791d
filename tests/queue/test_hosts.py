"""Who may speak for a device: its board; an earlier one may only hand in what it kept; nobody else ever."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from broker.hosts import Hosts
from broker.journal import Journal, Record
from broker.messages import (
    Act,
    BadMessage,
    CallNext,
    DeviceCommand,
    Level,
    OpenCounter,
    Rate,
    ReportDoneAlone,
    ReportIssuedAlone,
    ReportPrinted,
    Request,
    SettingsAdopted,
    Withdraw,
)
from tests.queue.halls import MONDAY, NINE, hall_of, text_of

BEFORE = text_of()
# The devices of the board panel-1 were moved to the board panel-2, which keeps its own.
NOW = BEFORE.replace(
    '[[boards]]\nid = "panel-1"\n[[boards.devices]]\nid = "panel-1"\nkind = "caller_panel"\ncounter = 1\n',
    '[[boards]]\nid = "panel-1"\n',
).replace(
    '[[boards]]\nid = "panel-2"\n',
    '[[boards]]\nid = "panel-2"\n[[boards.devices]]\nid = "panel-1"\nkind = "caller_panel"\ncounter = 1\n',
)
DONE = ReportDoneAlone(counter=1, ticket="A001", day=MONDAY, act=Act.CALLED, done_at=NINE)
KEPT: tuple[DeviceCommand, ...] = (
    DONE,
    Rate(counter=1, day=MONDAY, ticket="A001", level=Level.SATISFIED, pressed_at=NINE),
    ReportPrinted(ticket="A001"),
    ReportIssuedAlone(ticket="A901", service="pension", day=MONDAY, issued_at=NINE),
    Withdraw(command_id="c1"),
)


def asks(
    hosts: Hosts,
    board: str,
    command: DeviceCommand,
    device: str = "panel-1",
    expires: int | None = None,
) -> str:
    """What the hub says to it; empty if it lets it in."""
    request = Request(command_id="c", device=device, command=command, expires=expires)
    try:
        hosts.check(board, request)
    except BadMessage as bad:
        return str(bad)
    return ""


def moved() -> Hosts:
    assert hall_of(NOW).board_of["panel-1"] == "panel-2"
    return Hosts(hall_of(NOW), (BEFORE, NOW))


@pytest.mark.parametrize("command", KEPT, ids=lambda command: type(command).__name__)
def test_what_a_board_kept_is_taken_in_after_its_device_was_moved(command: DeviceCommand):
    assert asks(moved(), "panel-1", command) == ""


@pytest.mark.parametrize("command", [CallNext(counter=1), OpenCounter(counter=1)])
def test_its_presses_are_refused_with_a_sentence(command: DeviceCommand):
    told = asks(moved(), "panel-1", command)
    assert told.startswith("the board hosted 'panel-1' once, and may only hand in what it kept")
    assert "is asked by 'panel-2' now" in told
    assert asks(moved(), "panel-2", command) == ""


def test_what_goes_stale_was_never_kept():
    assert "may only hand in" in asks(moved(), "panel-1", DONE, expires=NINE)


@pytest.mark.parametrize("board", ["kiosk-1", "pad-1", "hall", "nobody"])
def test_a_board_that_never_hosted_it_hands_in_nothing(board: str):
    assert "does not host" in asks(moved(), board, DONE)


def test_without_the_journal_nobody_hosted_anything_before():
    assert "does not host" in asks(Hosts(hall_of(NOW)), "panel-1", DONE)


def test_for_a_device_that_is_gone_nobody_speaks():
    gone = Hosts(hall_of(NOW.replace('"panel-1"\nkind', '"panel-9"\nkind')), (BEFORE,))
    assert "does not host" in asks(gone, "panel-1", DONE)


def test_settings_that_cannot_be_read_any_more_count_for_nothing():
    assert asks(Hosts(hall_of(NOW), ("no settings", BEFORE)), "panel-1", DONE) == ""


def test_the_journal_knows_the_settings_that_were_in_force_since(tmp_path: Path):
    texts = ("first", "second", "third")
    with closing(Journal(tmp_path / "journal.db")) as journal:
        assert journal.adopted(0) == ()
        journal.write([Record(SettingsAdopted(text=text), n, "") for n, text in enumerate(texts)])
        assert journal.adopted(-1) == texts
        assert journal.adopted(0) == texts
        assert journal.adopted(1) == ("second", "third")
        assert journal.adopted(99) == ("third",)

"""The laws of the hall's state: published as soon as it is written down, kept for who comes later, the same after a restart."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from broker.messages import (
    CallGuide,
    DayOpened,
    DeclareEmergency,
    DeviceCommand,
    EndEmergency,
    HallState,
    IssueTicket,
    KioskState,
    PostNotice,
    Refusal,
    Request,
)
from broker.queue import hall_state
from broker.topics import Topics
from tests.queue.halls import MONDAY
from tests.queue.ports import TEXT, hub_in, ready, refusal
from tests.queue.test_card_key import HubInHand, a_hub

TOPICS = Topics("test")
FIRE = DeclareEmergency(text="请有序离开")


def hears(hub: HubInHand, device: str, command: DeviceCommand) -> None:
    """The hub takes a command from the device's board or console."""
    board = hub.coordinator.queue.hall.board_of[device]
    request = Request(
        command_id=hub.coordinator.queue.day + type(command).__name__,
        device=device,
        command=command,
    )
    hub._hub._answer([(TOPICS.command(board), msgspec.json.encode(request))])


def told(hub: HubInHand, topic: str = TOPICS.whole_hall) -> list[bytes]:
    """What was published there since the last look, kept for the next connect."""
    found = [payload for t, payload, retain in hub.session.published if t == topic and retain]
    hub.session.published.clear()
    return found


def states(hub: HubInHand) -> list[HallState]:
    return [msgspec.json.decode(payload, type=HallState) for payload in told(hub)]


def test_all_are_told_before_the_supervisor_has_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with a_hub(tmp_path, monkeypatch, TEXT) as hub:
        assert states(hub) == [HallState()]
        hears(hub, "supervisor-1", FIRE)
        topics = [topic for topic, _, _ in hub.session.published]
        assert topics.index(TOPICS.whole_hall) < topics.index(TOPICS.answer("supervisor-1"))
        (state,) = states(hub)
        assert state.emergency == "请有序离开"
        hears(hub, "supervisor-1", EndEmergency())
        assert [state.emergency for state in states(hub)] == [""]


def test_who_was_away_is_told_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with a_hub(tmp_path, monkeypatch, TEXT) as hub:
        hears(hub, "supervisor-1", FIRE)
        (state,) = states(hub)[1:]
        hub._hub._heard("up")  # its line was away
        hub.pass_(0)
        assert states(hub) == [state]
        hub.pass_(31)
        assert states(hub) == [state]


def test_a_kiosk_sees_its_call_for_a_guide_and_everybody_which_kiosk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with a_hub(tmp_path, monkeypatch, TEXT) as hub:
        told(hub)
        hears(hub, "kiosk-1", CallGuide(kiosk="kiosk-1"))
        (state,) = states(hub)
        assert list(state.guides) == ["kiosk-1"]
        hub.pass_(1)
        (payload,) = told(hub, TOPICS.kiosk("kiosk-1"))
        seen = msgspec.json.decode(payload, type=KioskState)
        assert seen.guide_since == state.guides["kiosk-1"]


def test_an_emergency_and_a_notice_outlive_restarts_and_midnight_until_they_are_ended(
    tmp_path: Path,
):
    with hub_in(tmp_path) as hub:
        ready(hub)
        hub.ask("supervisor-1", FIRE)
        hub.ask("supervisor-1", PostNotice(text="下午停电"))
        before = hall_state(hub.coordinator.queue)
        assert (before.emergency, before.notice) == ("请有序离开", "下午停电")
        hub.restart()
        assert hall_state(hub.coordinator.queue) == before
        hub.hands.pass_(24 * 3600)
        hub.coordinator.tick()
        assert hub.coordinator.queue.day > MONDAY
        hub.restart()
        assert hall_state(hub.coordinator.queue) == before
        assert refusal(hub.ask("kiosk-1", IssueTicket(service="pension"))) is Refusal.EMERGENCY
        hub.ask("supervisor-1", EndEmergency())
        hub.ask("supervisor-1", PostNotice(text=""))
        hub.restart()
        assert hall_state(hub.coordinator.queue) == HallState()
        assert not hub.journal.verify()


def test_a_day_of_a_journal_from_before_begins_in_calm():
    # As it was written when nobody could declare anything.
    row = b'{"type":"DayOpened","day":"2026-11-23","last_call":7,"secret":"s"}'
    opened = msgspec.json.decode(row, type=DayOpened)
    assert (opened.emergency.text, opened.notice.text) == ("", "")
    assert msgspec.json.encode(opened) == row, "nor does it say more than it did"


def test_a_calm_day_says_no_more_than_it_did(tmp_path: Path):
    with hub_in(tmp_path) as hub:
        hub.hands.pass_(24 * 3600)
        hub.coordinator.tick()
        bodies = [row.body for row in hub.journal.rows() if row.kind == "DayOpened"]
    assert len(bodies) == 2
    assert not [body for body in bodies if "emergency" in body or "notice" in body]

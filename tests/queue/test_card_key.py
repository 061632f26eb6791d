"""The laws of the day's key: one for a day, in one private file, told to the boards with card readers alone, and gone."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

import broker.hub
from broker.card_key import CardKeys, key_ahead, person_of
from broker.hub import NO_LIMIT, Hub
from broker.messages import CardKey, IssueTicket
from broker.session import Address
from firmware.hal.card_reader.day_key import DayKey
from tests.queue.halls import MONDAY, TUESDAY
from tests.queue.lines import FakeSession
from tests.queue.mistakes import SAMPLE, changed
from tests.queue.ports import hub_in

LIMITED = changed("rating_s = ", "one_per_person = true\nrating_s = ")
TOPIC = "jiaohao/sample/state/card_key/kiosk-1"
NIGHT_S = 15 * 3600.0
TLS: Any = object()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "card.key"


def key_of(keys: CardKeys, day: str) -> str:
    key = keys.of(day)
    assert key is not None, keys.fault
    assert key.day == day
    return key.key


# --- the file ----------------------------------------------------------------------------------------


def test_a_day_has_one_key_also_after_a_restart_and_the_next_another(path: Path):
    keys = CardKeys(path)
    monday = key_of(keys, MONDAY)
    assert len(monday) == 64
    assert key_of(keys, MONDAY) == key_of(CardKeys(path), MONDAY) == monday
    assert key_of(keys, TUESDAY) != monday
    assert key_of(CardKeys(path), MONDAY) != monday, "a key that is thrown away does not come back"


def test_its_file_is_the_hubs_alone_and_an_old_key_is_overwritten_where_it_stood(path: Path):
    monday = key_of(CardKeys(path), MONDAY)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    other_name = path.with_name("what the disk still has")
    os.link(path, other_name)
    key_of(CardKeys(path), TUESDAY)
    assert set(other_name.read_bytes()) == {0}
    assert monday.encode() not in path.read_bytes()
    assert [file.name for file in path.parent.iterdir() if file != other_name] == ["card.key"]


def test_a_key_that_others_could_read_or_that_is_none_is_replaced_and_told_without_it(
    path: Path, caplog: pytest.LogCaptureFixture
):
    monday = key_of(CardKeys(path), MONDAY)
    path.chmod(0o644)
    after = key_of(CardKeys(path), MONDAY)
    assert after != monday
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_bytes(b'{"type":"CardKey","day":"' + MONDAY.encode() + b'","key":"short"}')
    assert key_of(CardKeys(path), MONDAY) not in (monday, after)
    assert "can be read or written by others" in caplog.text
    assert "is no key" in caplog.text
    assert monday not in caplog.text
    assert "short" not in caplog.text


def test_a_disk_that_takes_no_key_is_a_fault_in_words_and_no_key_is_used_that_is_not_on_it(
    tmp_path: Path,
):
    folder = tmp_path / "not there yet"
    keys = CardKeys(folder / "card.key")
    assert keys.of(MONDAY) is None
    assert "tickets are not limited by person" in keys.fault
    folder.mkdir()
    monday = key_of(keys, MONDAY)
    assert keys.fault == ""
    assert key_of(CardKeys(folder / "card.key"), MONDAY) == monday


def test_what_nobody_needs_is_thrown_away_and_an_old_one_that_stays_is_told(path: Path):
    keys = CardKeys(path)
    key_of(keys, MONDAY)
    keys.forget()
    keys.forget()
    assert not path.exists()
    path.mkdir()
    keys.forget()
    assert "cannot be thrown away" in keys.fault


def test_a_key_made_ahead_is_the_one_of_its_day_and_gone_with_it(path: Path):
    today = key_of(CardKeys(path), MONDAY)
    assert key_ahead(path.parent, MONDAY).key == today
    ahead = key_ahead(path.parent, TUESDAY)
    assert ahead.key != today
    assert key_ahead(path.parent, TUESDAY) == ahead
    made = path.with_name(f"card-{TUESDAY}.key")
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert key_of(CardKeys(path), MONDAY) == today
    assert key_of(CardKeys(path), TUESDAY) == ahead.key
    assert not made.exists()
    other_name = path.with_name("what the disk still has")
    os.link(path, other_name)
    key_of(CardKeys(path), "2026-11-25")
    assert set(other_name.read_bytes()) == {0}


def test_keys_made_ahead_for_days_that_never_opened_are_gone_too(path: Path):
    for day in (MONDAY, TUESDAY, "2026-12-24"):
        key_ahead(path.parent, day)
    keys = CardKeys(path)
    key_of(keys, "2026-11-30")
    assert [file.name for file in path.parent.glob("card-*.key")] == ["card-2026-12-24.key"]
    keys.forget()
    assert not [*path.parent.glob("*.key")]


def test_a_card_is_known_at_a_reader_as_it_was_when_it_was_booked_with():
    key = CardKey(day=TUESDAY, key="5f" * 32)
    reader = DayKey(date.fromisoformat(key.day), bytes.fromhex(key.key))
    assert person_of(key, "11010519491231002X") == reader.person("11010519491231002X")


# --- the hub -----------------------------------------------------------------------------------------


class HubInHand:
    """The hub with its clock and the other end of its line in the test's hand."""

    def __init__(self, hub: Hub, pass_: Any) -> None:
        self._hub, self._pass = hub, pass_
        self.session = cast("FakeSession", hub._session)
        self.coordinator = hub._coordinator

    def pass_(self, seconds: float) -> None:
        self._pass(seconds)
        self._hub._keep_time()

    def keys(self) -> list[CardKey]:
        """Those that were given since the last look, each to kiosk-1 and kept for its next connect."""
        given = [
            (topic, payload, retain)
            for topic, payload, retain in self.session.published
            if b"CardKey" in payload or "card_key" in topic
        ]
        assert all(topic == TOPIC and retain for topic, _, retain in given)
        self.session.published.clear()
        return [msgspec.json.decode(payload, type=CardKey) for _, payload, _ in given]

    def problems(self) -> tuple[str, ...]:
        return self._hub._problems(self.coordinator.now())


@contextmanager
def a_hub(
    folder: Path, monkeypatch: pytest.MonkeyPatch, text: str = LIMITED, tls: Any = TLS
) -> Iterator[HubInHand]:
    with hub_in(folder, text) as port:
        monkeypatch.setattr(broker.hub, "Session", FakeSession)
        monkeypatch.setattr("broker.hub.time.monotonic", lambda: port.hands.monotonic)
        hub = Hub(port.coordinator, Address("nowhere", 1), "boot", tls, folder=folder)
        hub_in_hand = HubInHand(hub, port.hands.pass_)
        hub_in_hand.pass_(1)
        yield hub_in_hand


def test_the_hub_gives_the_key_to_the_board_with_the_card_reader_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with a_hub(tmp_path, monkeypatch) as hub:
        (first,) = hub.keys()
        assert first.day == hub.coordinator.queue.day
        hub.pass_(31)
        assert hub.keys() == [first]
        hub._hub._heard("up")  # its line was away
        hub.pass_(0)
        assert hub.keys() == [first]
        assert hub.problems() == ()
    with a_hub(tmp_path, monkeypatch) as hub:
        assert hub.keys() == [first], "a restarted hub knows everybody still"


def test_when_the_day_opens_the_new_key_is_given_at_once_and_the_old_one_is_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with a_hub(tmp_path, monkeypatch) as hub:
        hub.pass_(NIGHT_S - 3)
        monday, again = hub.keys()
        assert monday == again
        hub.pass_(1)
        assert hub.keys() == []
        hub.pass_(1)
        (tuesday,) = hub.keys()
        assert (monday.day, tuesday.day) == (MONDAY, TUESDAY)
        assert tuesday.key != monday.key
    assert not [file for file in tmp_path.iterdir() if monday.key.encode() in file.read_bytes()]


def test_over_a_plain_line_there_is_no_key_and_the_technician_reads_that_persons_do_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with a_hub(tmp_path, monkeypatch):
        assert (tmp_path / "card.key").exists()
    with a_hub(tmp_path, monkeypatch, tls=None) as hub:
        assert hub.keys() == []
        assert hub.problems() == (NO_LIMIT,)
    assert not (tmp_path / "card.key").exists()


def test_where_no_rule_limits_tickets_by_person_there_is_no_key_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with a_hub(tmp_path, monkeypatch, SAMPLE) as hub:
        assert hub.keys() == []
        assert hub.problems() == ()
    assert not (tmp_path / "card.key").exists()


def test_a_disk_that_takes_no_key_stops_nothing_but_the_limit_and_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "card.key.part").mkdir()
    with a_hub(tmp_path, monkeypatch) as hub:
        assert hub.keys() == []
        (told,) = hub.problems()
        assert "tickets are not limited by person" in told
        (tmp_path / "card.key.part").rmdir()
        hub.pass_(31)
        assert len(hub.keys()) == 1
        assert hub.problems() == ()


def test_the_key_is_in_no_row_no_answer_no_other_state_and_no_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    caplog.set_level("DEBUG")
    with hub_in(tmp_path, LIMITED) as port:
        monkeypatch.setattr(broker.hub, "Session", FakeSession)
        hub = Hub(port.coordinator, Address("nowhere", 1), "boot", TLS, folder=tmp_path)
        hub._keep_time()
        hub._heard("up")
        session = cast("FakeSession", hub._session)
        request = port.request("kiosk-1", IssueTicket(service="pension", person="0d" * 32))
        hub._answer([("jiaohao/sample/command/kiosk-1", msgspec.json.encode(request))])
        hub._answer([("jiaohao/sample/command/kiosk-1", b"{junk")])
        hub._keep_time()
        key = msgspec.json.decode((tmp_path / "card.key").read_bytes(), type=CardKey).key
    others = [payload for topic, payload, _ in session.published if topic != TOPIC]
    files = [file for file in tmp_path.iterdir() if file.name != "card.key"]
    assert len(others) > 5
    assert any(file.name == "journal.db" for file in files)
    everything = b"\n".join([*others, *(file.read_bytes() for file in files)])
    for secret in (key.encode(), bytes.fromhex(key)):
        assert secret not in everything
    assert key not in caplog.text

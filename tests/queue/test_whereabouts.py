"""The laws of a hub that moves: looked for only after a while without it, believed only once its certificate is seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from broker.session import Address, Session
from broker.whereabouts import PATIENCE_S, Place, Whereabouts, read_place, write_place

OLD = Place(host="192.168.1.10", server_name="hub.example", port=8883, desk_port=8884)
NEW = Place(host="192.168.1.77", server_name="hub.example", port=8883, desk_port=8884)
STRANGER = Place(host="192.168.1.66", server_name="hub.example", port=8883, desk_port=8884)


class Stage:
    """A board that tries once a second; `there` is where the hub is."""

    def __init__(self, said: Place = OLD, last: Place | None = None) -> None:
        self.now, self.there = 0.0, said
        self.announced: tuple[Place, ...] = ()
        self.looked: list[float] = []
        self.kept: list[Place] = []
        self.tried: list[str] = []
        self.whereabouts = Whereabouts(said, last, self._find, self.kept.append, lambda: self.now)

    def _find(self) -> tuple[Place, ...]:
        self.looked.append(self.now)
        self.now += 3
        return self.announced

    def until_reached(self, most_s: float = 300) -> None:
        end = self.now + most_s
        while self.now < end:
            address = self.whereabouts.next()
            self.tried.append(address.host)
            if address == self.there.address:
                self.whereabouts.reached()
                return
            self.now += 1
        raise AssertionError(f"not reached; tried {self.tried}")


def test_a_hub_that_is_where_it_was_is_never_looked_for():
    stage = Stage()
    for _ in range(3):
        stage.until_reached()
        stage.now += 3600
    assert (stage.looked, stage.kept) == ([], [])


def test_a_hub_that_is_away_for_a_while_is_waited_for():
    stage = Stage()
    stage.until_reached()
    stage.there = NEW
    for _ in range(int(PATIENCE_S)):
        assert stage.whereabouts.next() == OLD.address
        stage.now += 1
    assert stage.looked == []


def test_a_hub_that_moved_is_found_and_its_place_kept():
    stage = Stage()
    stage.until_reached()
    stage.there, stage.announced = NEW, (NEW,)
    stage.until_reached()
    assert stage.kept == [NEW]
    assert stage.now < PATIENCE_S + 10
    assert stage.whereabouts.tried == NEW.address
    stage.until_reached()
    assert stage.kept == [NEW]


def test_whoever_else_announces_himself_gets_a_try_and_nothing_more():
    stage = Stage()
    stage.until_reached()
    stage.there, stage.announced = NEW, (STRANGER, NEW, STRANGER)
    stage.until_reached()
    assert stage.kept == [NEW]


def test_a_stranger_who_never_stops_does_not_keep_the_hub_away():
    stage = Stage()
    stage.there, stage.announced = NEW, (STRANGER,) * 8
    with pytest.raises(AssertionError, match="not reached"):
        stage.until_reached(200)
    tries = stage.tried.count(OLD.host)
    assert tries > 100, "most tries are at the place that is known"
    stage.there = OLD
    stage.until_reached(10)
    assert stage.kept == []


def test_the_place_in_the_settings_stays_a_candidate():
    stage = Stage(last=NEW)
    stage.there = OLD
    stage.until_reached()
    assert stage.tried[0] == NEW.host
    assert stage.kept == [OLD]


def test_what_was_found_by_other_settings_does_not_count():
    other = Place(host="10.0.0.1", server_name="another.example")
    stage = Stage(last=other)
    stage.until_reached()
    assert stage.tried == [OLD.host]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_a_hub_on_this_machine_is_not_looked_for(host: str):
    stage = Stage(Place(host=host, server_name=host))
    stage.there = NEW
    with pytest.raises(AssertionError, match="not reached"):
        stage.until_reached(200)
    assert stage.looked == []


def test_no_network_and_no_disk_stop_nothing():
    def fails(*_: Any) -> Any:
        raise OSError("no")

    now = [0.0]
    whereabouts = Whereabouts(OLD, NEW, fails, fails, lambda: now[0])
    assert whereabouts.next() == NEW.address
    now[0] = 31
    assert whereabouts.next() == OLD.address
    whereabouts.reached()
    assert whereabouts.next() == OLD.address


def test_a_place_that_was_kept_is_read_again_and_junk_is_none(tmp_path: Path):
    path = tmp_path / "hub.json"
    assert read_place(path) is None
    write_place(path, NEW)
    assert read_place(path) == NEW
    for junk in (b"", b"{}", b'{"host": "a b", "server_name": "x"}', b"\xff"):
        path.write_bytes(junk)
        assert read_place(path) is None


def test_without_tls_nobody_is_looked_for():
    whereabouts = Stage().whereabouts
    nothing = cast("Any", None)
    with pytest.raises(ValueError, match="anybody could say that he is the hub"):
        Session(
            Address("127.0.0.1", 1883),
            "board",
            subscribe=(),
            will=("t", b""),
            on_up=nothing,
            on_down=nothing,
            on_message=nothing,
            whereabouts=whereabouts,
        )

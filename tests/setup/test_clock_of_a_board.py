"""A board's clock: after a power cut it starts where it was last seen, and never behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from firmware.onboard.last_seen import EVERY_S, catch_up, remember
from firmware.onboard.places import Places

NOW = 1_800_000_000.0


class Chip:
    """The machine's clock, as it starts without a battery."""

    def __init__(self, at: float) -> None:
        self.at = at

    def wall(self) -> float:
        return self.at

    def set_clock(self, _which: int, at: float) -> None:
        self.at = at


@pytest.fixture
def places(tmp_path: Path) -> Places:
    (tmp_path / "home").mkdir()
    return Places(tmp_path / "home", tmp_path / "boot", tmp_path / "run")


def started(places: Places, at: float) -> float:
    chip = Chip(at)
    assert catch_up(places, chip.wall, chip.set_clock) is (chip.at != at)
    return chip.at


def test_a_clock_that_starts_in_the_past_goes_on_where_it_was_last_seen(places: Places):
    remember(places, lambda: NOW)
    assert started(places, 0.0) == NOW


def test_one_that_is_right_is_left(places: Places):
    remember(places, lambda: NOW)
    assert started(places, NOW + 5) == NOW + 5


def test_a_board_that_has_seen_no_time_yet_takes_what_there_is(places: Places):
    assert started(places, 5.0) == 5.0


def test_it_is_written_down_once_an_hour(places: Places):
    remember(places, lambda: NOW)
    remember(places, lambda: NOW + EVERY_S - 1)
    assert started(places, 0.0) == NOW
    remember(places, lambda: NOW + EVERY_S)
    assert started(places, 0.0) == NOW + EVERY_S


def test_a_clock_that_was_far_ahead_and_was_set_right_does_not_come_back(places: Places):
    remember(places, lambda: NOW + 10**9)
    remember(places, lambda: NOW)
    assert started(places, 0.0) == NOW

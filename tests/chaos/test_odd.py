"""What happens when a hall is slow and odd: each has a defined outcome, and it is the test's name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.slow import (
    boards_disk,
    clock_jumps,
    disk_full,
    disk_read_only,
    mute_broker,
    slow_fsync,
    twins,
)
from tests.chaos.stampede import stampede
from tests.chaos.test_crash import assert_clean

pytestmark = pytest.mark.needs("mosquitto")


def test_with_the_hubs_disk_full_nothing_is_answered_the_technician_is_told_and_room_heals_it(
    tmp_path: Path,
):
    assert_clean(disk_full(tmp_path, "mosquitto", "1", times=1))


def test_with_the_hubs_disk_read_only_nothing_is_answered_and_the_technician_is_told(
    tmp_path: Path,
):
    assert_clean(disk_read_only(tmp_path, "mosquitto", "1", times=1))


def test_with_a_boards_disk_dead_presses_go_on_and_no_call_is_spoken_late(tmp_path: Path):
    assert_clean(boards_disk(tmp_path, "mosquitto", "1", times=1))


def test_with_an_fsync_of_a_second_every_press_is_answered_once_within_four(tmp_path: Path):
    assert_clean(slow_fsync(tmp_path, "mosquitto", "1", seconds=6))


def test_a_clock_that_jumps_an_hour_stops_nobody_and_the_journals_time_never_goes_back(
    tmp_path: Path,
):
    assert_clean(clock_jumps(tmp_path, "mosquitto", "1"))


def test_a_broker_that_says_nothing_is_noticed_and_left_in_order_and_come_back_to(tmp_path: Path):
    assert_clean(mute_broker(tmp_path, "mosquitto", "1"))


def test_of_two_boards_with_one_identity_neither_loses_or_doubles_a_press_and_it_is_told(
    tmp_path: Path,
):
    assert_clean(twins(tmp_path, "mosquitto", "1"))


def test_two_hundred_boards_that_come_back_at_once_are_all_answered_each_once(tmp_path: Path):
    assert_clean(stampede(tmp_path, "mosquitto", "1", times=2))

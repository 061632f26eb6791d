"""The laws of kill -9, in a short form: some steps of each process of a busy hall. All steps, many seeds: make chaos."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.chaos.crash import STEPS, crash
from tests.chaos.cut_off import STEPS_ALONE, cut_off
from tests.chaos.hall import TEXT
from tests.chaos.network import NETWORK
from tests.chaos.result import Result, table

BROKERS = [
    pytest.param("mosquitto", marks=pytest.mark.needs("mosquitto")),
    pytest.param("embedded"),
]


def assert_clean(*results: Result) -> None:
    print(table(list(results)), file=sys.stderr)
    assert [trouble for result in results for trouble in result.troubles] == []


@pytest.mark.needs("mosquitto")
@pytest.mark.parametrize("victim", ["hub", "kiosk-1", "counter-1", "hall-1"])
def test_whoever_is_killed_at_a_step_nothing_answered_is_lost_nothing_doubled_and_all_show_the_truth(
    victim: str, tmp_path: Path
):
    assert_clean(crash(tmp_path, victim, "mosquitto", "1", steps=3, at_random=1))


@pytest.mark.parametrize("broker", BROKERS)
def test_a_killed_broker_takes_nothing_with_it_and_what_it_remembers_is_believed_by_nobody(
    broker: str, tmp_path: Path
):
    assert_clean(crash(tmp_path, "broker", broker, "1", at_random=3))


def test_over_the_embedded_broker_too_a_killed_coordinator_loses_and_doubles_nothing(
    tmp_path: Path,
):
    assert_clean(crash(tmp_path, "hub", "embedded", "2", steps=3, at_random=1))


@pytest.mark.needs("mosquitto")
def test_a_kiosk_killed_while_it_works_alone_gives_no_number_twice_and_all_of_them_join_the_line(
    tmp_path: Path,
):
    assert_clean(cut_off(tmp_path, "mosquitto", "1", steps=3, at_random=1))


def test_the_plan_of_the_chaos_is_what_it_says():
    """A step that is misspelt would never be reached, a rule that is not replaced would let stale calls pass."""
    assert "call_valid_s = 5" in TEXT
    assert all(len(set(steps)) == len(steps) for steps in (*STEPS.values(), STEPS_ALONE))
    assert all(fault.lasts_s < 15 for fault in NETWORK.values())

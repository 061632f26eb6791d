"""Eight days of twelve counters in seconds: nothing grows but the journal, and what is retained is what it says."""

from __future__ import annotations

from pathlib import Path

from tests.chaos.soak import days, slope
from tests.chaos.test_crash import assert_clean


def test_after_eight_days_nothing_has_grown_but_the_journal_and_midnight_agrees_with_it(
    tmp_path: Path,
):
    assert_clean(days(tmp_path, "1", 8))


def test_a_slope_is_what_grows_a_step():
    assert slope([5, 5, 5]) == 0
    assert slope([1, 3, 5]) == 2

"""A year: open on the days the calendar says, busier or quieter by the profile, one journal for all of it."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import date
from random import Random

import msgspec
import pytest

from broker.journal import Journal
from broker.loading import SettingsFault, parse
from broker.read_journal import main as read_journal
from broker.settings import Opening
from broker.simulate.calendar import adopt, busyness, days_of, with_holidays
from broker.simulate.cli import main
from broker.simulate.port import Rules
from broker.simulate.profile import Year
from broker.simulate.year import run_year
from tests.queue.halls import text_of
from tests.simulate.plain import plain

SESSIONS: dict[str, object] = {"sessions": ["09:00-12:00"]}


def opened(opening: Opening, year: int) -> dict[date, bool]:
    return dict(days_of(with_holidays(opening, "CN", year), year))


def test_a_chinese_year_has_its_holidays_and_its_moved_working_days():
    days = opened(Opening(), 2026)
    assert date(2026, 2, 17) not in days  # Spring Festival, a Tuesday
    assert date(2026, 2, 14) in days  # a Saturday, worked for it
    assert date(2026, 10, 1) not in days
    assert date(2026, 3, 18) in days
    assert date(2026, 3, 21) not in days  # a Saturday like others
    assert 240 <= len(days) <= 256


def test_the_first_day_after_a_holiday_is_known_but_no_monday_is_one():
    days = opened(Opening(), 2026)
    assert [day for day in days if day.month == 10 and days[day]] == [date(2026, 10, 8)]
    assert not days[date(2026, 3, 16)]


def test_a_hall_that_names_its_days_keeps_them():
    opening = Opening(closed_days=(date(2026, 3, 18),))
    days = opened(opening, 2026)
    assert date(2026, 3, 18) not in days
    assert date(2026, 10, 1) in days


def test_the_days_are_written_into_the_settings_by_which_the_rules_go():
    text = text_of(opening=SESSIONS)
    hall = parse(text)
    opening = with_holidays(hall.opening, "CN", 2026)
    adopted, new = adopt(hall, text, opening)
    assert parse(new) == adopted
    assert adopted.opening == opening
    assert date(2026, 10, 1) in opening.closed_days
    assert date(2026, 2, 14) in opening.open_days
    assert msgspec.structs.replace(adopted, opening=hall.opening) == hall


def test_a_hall_that_is_always_open_keeps_its_settings():
    text = text_of()
    hall = parse(text)
    assert adopt(hall, text, with_holidays(hall.opening, "CN", 2026)) == (hall, text)


def test_an_opening_that_cannot_be_added_to_is_told():
    text = 'opening = { sessions = ["09:00-12:00"] }\n' + text_of()
    hall = parse(text)
    with pytest.raises(SettingsFault, match="as a table"):
        adopt(hall, text, with_holidays(hall.opening, "CN", 2026))


def test_each_factor_multiplies_the_arrivals():
    year = Year(
        months=(1.0, 0.5) + (1.0,) * 10,
        weekdays=(2.0,) + (1.0,) * 6,
        after_holiday=3.0,
        growth=0.1,
    )
    rng = Random(1)
    begin = date(2026, 1, 1)
    assert busyness(year, begin, rng, after_holiday=False) == 1.0
    assert busyness(year, begin, rng, after_holiday=True) == 3.0
    monday = date(2026, 2, 2)
    assert busyness(year, monday, rng, after_holiday=False) == pytest.approx(
        0.5 * 2 * (1 + 0.1 * 32 / 365)
    )


def test_chance_leaves_the_average_as_it_is():
    year = Year(day_cv=0.2)
    rng = Random(1)
    draws = [busyness(year, date(2026, 5, 5), rng, after_holiday=False) for _ in range(4000)]
    mean = sum(draws) / len(draws)
    assert mean == pytest.approx(1, abs=0.015)
    assert (sum((d - mean) ** 2 for d in draws) / len(draws)) ** 0.5 == pytest.approx(
        0.2, abs=0.015
    )


def test_a_year_has_each_open_day_and_its_months_add_up():
    scenario = plain(2, 1, half_hours=4, year=Year(months=(2.0,) * 6 + (1.0,) * 6))
    days = list(days_of(with_holidays(Opening(), "CN", 2026), 2026))
    done: list[date] = []
    port = Rules(scenario.hall, scenario.text, 1)
    months, whole = run_year(port, scenario.profile, days, 1, done.append)
    assert done == [day for day, _ in days]
    assert list(months) == [f"2026-{month:02d}" for month in range(1, 13)]
    assert whole.days == len(done) == sum(figures.days for figures in months.values())
    assert whole.all.issued == sum(figures.all.issued for figures in months.values())
    half = [sum(figures.all.issued for figures in list(months.values())[i : i + 6]) for i in (0, 6)]
    assert 1.6 * half[1] < half[0] < 2.4 * half[1]


def test_a_years_journal_has_its_days_and_other_commands_read_it(tmp_path, capsys):
    scenario = plain(1, 0.5, half_hours=2)
    path = tmp_path / "profile.toml"
    (tmp_path / "hall.toml").write_text(scenario.text, encoding="utf-8")
    path.write_bytes(_toml(scenario.profile))
    folder = tmp_path / "year"
    assert main([str(path), "--year", "2026", "--journal", str(folder)]) == 0
    out = capsys.readouterr().out
    assert "调休" not in out
    days = int(re.search(r"(\d+) open days", out)[1])  # type: ignore[index]
    assert read_journal(["--data", str(folder), "--verify"]) == 0
    with closing(Journal(folder / "journal.db")) as journal:
        rows = list(journal.rows())
        kinds = [row.kind for row in rows]
    assert kinds.count("DayOpened") == days
    assert kinds.count("DayClosed") == days - 1
    assert kinds[:2] == ["SettingsAdopted", "DayOpened"]
    assert (
        len({row.command_id for row in rows if row.kind == "TicketIssued"})
        == kinds.count("TicketIssued")
        > 50
    )
    assert main([str(path), "--year", "2026", "--journal", str(folder)]) == 1
    assert "exists already" in capsys.readouterr().err


def test_a_year_whose_moved_working_days_are_not_known_says_so(tmp_path, capsys):
    scenario = plain(1, 0.1, half_hours=1)
    (tmp_path / "hall.toml").write_text(scenario.text, encoding="utf-8")
    path = tmp_path / "profile.toml"
    path.write_bytes(_toml(scenario.profile))
    assert main([str(path), "--year", "2090"]) == 0
    assert "No moved working days (调休) of 2090 are known" in capsys.readouterr().out


def _toml(profile) -> bytes:
    """The tables of a plain profile, as a file has them."""
    service, shift = profile.services[0], profile.counters[0]
    lines = [
        'hall = "hall.toml"',
        "date = 2026-03-18",
        "[[services]]",
        f'id = "{service.id}"',
        'service_min = { spread = "exponential", mean = 1 }',
        f'arrivals = {{ begin = "00:30", per_half_hour = {list(service.arrivals.per_half_hour)} }}',
        "[[counters]]",
        f"number = {shift.number}",
        'opens = "00:30"',
        'closes = "02:00"',
    ]
    return "\n".join(lines).encode()

"""What is wrong with a profile or a DAY.csv is said with file, line and column, and nothing runs."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from random import Random

import pytest

from broker.loading import SettingsFault
from broker.simulate.cli import main
from broker.simulate.day_csv import read_day
from broker.simulate.scenario import Scenario, load_scenario

HALLS = Path(str(files("broker") / "halls"))
PROFILE = (HALLS / "twelve-day.toml").read_text(encoding="utf-8")


def place(text: str, at: str) -> tuple[int, int]:
    """The line and column at which `at` first stands."""
    before = text[: text.index(at)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


@pytest.mark.parametrize(
    ("was", "becomes", "at", "says"),
    [
        ("seed = 1", "sed = 1", "sed", "unknown key 'sed'; did you mean 'seed'?"),
        ("seed = 1", "seed = ", "\n\n[classes]", "this is not TOML"),
        ('id = "fund"', 'id = "found"', 'id = "found"', "did you mean 'fund'?"),
        ('id = "fund"', 'id = "residence"', None, "'residence' stands here twice"),
        ("mean = 3.0, cv", "mean = -3.0, cv", "mean = -3.0", "'mean' must be more than 0"),
        ('"gamma", mean = 10', '"gama", mean = 10', 'spread = "gama"', "did you mean 'gamma'?"),
        ("least = 15, most = 45", "least = 50, most = 45", "most = 45", "at least what 'least' is"),
        ("recalls = 2", "recalls = -1", "recalls = -1", "'recalls' must be at least 0"),
        ("elderly = 0.07", "elderly = 1.07", "elderly", "at most 1"),
        ("disabled = 0.01", "disabled = 0.98", "[classes]", "more than 1 together"),
        ("elderly = 0.07", "elderley = 0.07", "elderley", "did you mean 'elderly'?"),
        ('to = "tax"', 'to = "taxes"', 'to = "taxes"', "no other service of this profile"),
        ("number = 12", "number = 13", "number = 13", "13 is no counter of the hall"),
        ("number = 12", "number = 1\n", None, "counter 1 stands here twice"),
        ('closes = "16:00"', 'closes = "08:00"', 'closes = "08:00"', "before it opens"),
        ('closes = "16:00"', 'closes = "25:00"', 'closes = "25:00"', "must be a time of day"),
        ('at = "10:15", minutes', 'at = "12:10", minutes', 'at = "12:00"', "out of order"),
        ("date = 2026-03-18", 'date = "soon"', "date", "'date' must be a date"),
        (
            "months = [0.95, ",
            "months = [",
            "months = [",
            "must have at least 12 entries; it has 11",
        ),
        ("levels = { very_satisfied", "levels = { glad", "glad", "unknown key 'glad'; known here"),
        ("date = 2026-03-18", "date = 2026-03-15", "date", "closed on 2026-03-15, a Sunday"),
        ('begin = "08:30"', 'begin = "23:30"', "per_half_hour", "go on after midnight"),
        ('hall = "twelve.toml"', 'hall = "eleven.toml"', 'hall = "eleven', "there is no file"),
        ('begin = "08:30", ', "", None, "the key 'begin' is missing here"),
    ],
)
def test_a_wrong_profile_is_refused_with_its_place(tmp_path, was, becomes, at, says):
    (tmp_path / "twelve.toml").write_text(
        (HALLS / "twelve.toml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    path = tmp_path / "day.toml"
    assert was in PROFILE
    text = PROFILE.replace(was, becomes, 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsFault) as fault:
        load_scenario(path)
    first = fault.value.lines[0]
    assert says in first
    if at is not None:
        line, column = place(text, at)
        assert first.startswith(f"{path}:{line}:{column}: "), first


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario(HALLS / "twelve-day.toml")


def read(text: str, scenario: Scenario, tmp_path: Path):
    path = tmp_path / "DAY.csv"
    path.write_text(text, encoding="utf-8")
    return read_day(path, scenario, scenario.profile.date, Random(1))


HEADER = "arrives,service,class,appointment,service_min,no_show\n"
GOOD = "08:30,social,,,,\n"


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        ("", "1:1", "the column 'arrives' is missing"),
        ("arrives\n08:30\n", "1:8", "the column 'service' is missing"),
        (
            "arrives,servce\n08:30,social\n",
            "1:9",
            "unknown column 'servce'; did you mean 'service'?",
        ),
        ("arrives,service,service\n", "1:17", "stands here twice"),
        (HEADER, "2:1", "nobody comes"),
        (HEADER + "-08:30,social,,,,\n", "2:1", "is negative"),
        (HEADER + "8.30,social,,,,\n", "2:1", "no time of day"),
        (HEADER + "24:10,social,,,,\n", "2:1", "no time of day"),
        (HEADER + GOOD + "08:29,social,,,,\n", "3:1", "earlier than 08:30:00 in the lines above"),
        (
            HEADER + GOOD + "08:31,socal,,,,\n",
            "3:7",
            "no service of the profile; did you mean 'social'?",
        ),
        (HEADER + '08:31,"social, old",,,,\n', "2:7", "no service of the profile"),
        (
            HEADER + "08:31,social,elder,,,\n",
            "2:14",
            "no priority class of the hall; did you mean 'elderly'?",
        ),
        (HEADER + "08:31,social,,9,,\n", "2:15", "no time of day"),
        (HEADER + "08:31,social,,,-4,\n", "2:16", "a service cannot take a negative time"),
        (HEADER + "08:31,social,,,four,\n", "2:16", "no number of minutes"),
        (HEADER + "08:31,social,,,nan,\n", "2:16", "1440 minutes at the most"),
        (HEADER + "08:31,social,,,4,maybe\n", "2:18", "neither yes nor no"),
        (HEADER + "08:31,social,,,4,no,x\n", "2:21", "7 cells under 6 columns"),
        (HEADER + "08:31\n", "2:6", "no service of the profile"),
        (HEADER + GOOD + '08:31,"social,,,,\n', "3:7", "this quotation mark is not closed"),
    ],
)
def test_a_wrong_csv_is_refused_with_its_place(tmp_path, scenario, text, where, says):
    with pytest.raises(SettingsFault) as fault:
        read(text, scenario, tmp_path)
    assert fault.value.lines[0].startswith(f"{tmp_path / 'DAY.csv'}:{where}: ")
    assert says in fault.value.lines[0]


def test_a_csv_in_the_encoding_of_the_office_is_refused_with_its_place(tmp_path, scenario):
    path = tmp_path / "DAY.csv"
    path.write_bytes((HEADER + GOOD).encode() + "08:31,办税,,,,\n".encode("gb18030"))
    with pytest.raises(SettingsFault, match=r"DAY\.csv:3:7: this is not UTF-8; save the file"):
        read_day(path, scenario, scenario.profile.date, Random(1))


def test_every_mistake_of_a_csv_is_named_up_to_twenty(tmp_path, scenario):
    with pytest.raises(SettingsFault) as fault:
        read(HEADER + "08:30,nothing,,,-1,\n" * 15, scenario, tmp_path)
    assert len(fault.value.lines) == 21
    assert fault.value.lines[-1].endswith("and 10 more")


def test_a_csv_says_what_is_so_and_the_lot_draws_the_rest(tmp_path, scenario):
    text = "\ufeff" + HEADER + "08:30:05,tax,elderly,,4.5,no\n\n" + '"09:00","social",,09:30,,yes\n'
    first, second = read(text, scenario, tmp_path)
    assert (first.service, first.green, first.service_ms, first.no_show) == (
        "tax",
        "elderly",
        270_000,
        False,
    )
    assert (second.service, second.green, second.no_show) == ("social", "", True)
    assert second.arrives - first.arrives == (29 * 60 + 55) * 1000
    assert second.slot - second.arrives == 30 * 60_000
    assert second.slot_ends - second.slot == 30 * 60_000
    assert second.service_ms > 0


@pytest.mark.parametrize("name", ["nothing.csv", "nothing.toml"])
def test_a_file_that_is_not_there_is_said_and_status_1(tmp_path, capsys, name):
    assert main([str(tmp_path / name)]) == 1
    assert f"{tmp_path / name}: cannot be read" in capsys.readouterr().err


def test_the_help_names_every_column_and_a_profile_to_begin_with(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    told = "".join(capsys.readouterr().out.split())
    assert all(column in told for column in HEADER.strip().split(","))
    assert str(HALLS / "twelve-day.toml") in told


def test_options_that_contradict_each_other_are_refused(capsys):
    for argv in (
        ["a.csv", "--year"],
        ["--year", "--plot", "x.png"],
        ["a.toml", "--profile", "b.toml"],
        ["--plot", "day.txt"],
        ["--plot", "day"],
        ["--plot", "no folder/day.png"],
    ):
        with pytest.raises(SystemExit) as stopped:
            main(argv)
        assert stopped.value.code == 2
    assert "usage" in capsys.readouterr().err

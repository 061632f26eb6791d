"""What `jiaohao simulate` prints and draws: the figures of the day, with every name in it, and nothing cut."""

from __future__ import annotations

import doctest
import re
from random import Random
from statistics import fmean, stdev

import pytest
from PIL import Image

from broker.messages import TicketCalled, TicketIssued, Wait
from broker.reports.visit import Called, Visit
from broker.simulate import cells, figures, profile, spread
from broker.simulate.cli import main
from broker.simulate.course import course_of
from broker.simulate.figures import Estimates, heard, waits_of
from broker.simulate.spread import (
    Constant,
    Exponential,
    Gamma,
    Lognormal,
    Spread,
    Uniform,
    drawer,
    mean_of,
)
from tests.simulate.plain import plain, run

MINUTE_MS = 60_000


@pytest.mark.parametrize("module", [cells, figures, profile, spread])
def test_the_examples_in_the_docstrings_hold(module):
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize(
    ("wanted", "cv"),
    [
        (Constant(value=3), 0.0),
        (Uniform(least=2, most=6), 4 / 12**0.5 / 4),
        (Exponential(mean=4), 1.0),
        (Lognormal(mean=5, cv=0.7), 0.7),
        (Gamma(mean=2, cv=0.5), 0.5),
    ],
)
def test_a_spread_has_its_mean_and_its_cv(wanted: Spread, cv: float):
    rng, draw = Random(1), drawer(wanted, MINUTE_MS)
    draws = [draw(rng) / MINUTE_MS for _ in range(40_000)]
    assert min(draws) >= 0
    assert fmean(draws) == pytest.approx(mean_of(wanted), rel=0.02)
    assert stdev(draws) / fmean(draws) == pytest.approx(cv, rel=0.04)


def test_p90_is_a_wait_that_nine_of_ten_did_not_exceed():
    waits = waits_of(minute * MINUTE_MS for minute in range(1, 21))
    assert waits is not None
    assert (waits.n, waits.mean, waits.median, waits.p90, waits.longest) == (20, 10.5, 10.5, 18, 20)
    assert waits_of(()) is None


def visit(least: int, most: int, waited_min: float) -> Visit:
    issued = TicketIssued(
        ticket="A001",
        service="pension",
        kiosk="kiosk-1",
        issued_at=0,
        ahead=0,
        wait=Wait(least, most),
    )
    called = TicketCalled(ticket="A001", counter=1, call=1, rule="arrival", candidates=1)
    calls = [Called(round(waited_min * MINUTE_MS), called)]
    return Visit(issued, "pension", 0, calls=calls)


def test_an_estimate_is_measured_against_the_first_call():
    estimates = Estimates()
    for one in (visit(4, 8, 6.0), visit(4, 8, 8.4), visit(4, 8, 8.6), visit(4, 8, 2.0)):
        estimates.add(one)
    assert (estimates.tickets, estimates.inside) == (4, 2)
    assert (estimates.sooner, estimates.later) == (1, 1)
    assert estimates.error == pytest.approx(0 + 2.4 + 2.6 + 4)


def test_the_course_of_a_day_knows_who_waits_and_who_works():
    scenario = plain(1, 20, service_min=Constant(value=2), half_hours=2)
    floor = run(scenario).floor
    course = course_of(floor.told)
    assert max(course.open) == 1
    assert course.open[0] == 0
    visits = heard(floor).visits.values()
    for minute, waiting in zip(course.minutes, course.waiting, strict=True):
        here = [v for v in visits if v.issued.issued_at < minute <= v.calls[0].at]
        assert waiting["pension"] == len(here)


def test_the_sample_day_is_printed_and_drawn(tmp_path, capsys):
    """Any glyph that the font does not have would be a warning, and warnings are errors here."""
    picture = tmp_path / "day.png"
    assert main(["--plot", str(picture)]) == 0
    out = capsys.readouterr().out
    for word in (
        "示范政务服务大厅",
        "办税服务",
        "老年人",
        "P90",
        "green_counter",
        "nobody_waiting",
        "Estimates:",
    ):
        assert word in out
    numbers = [int(n) for n in re.findall(r"^│ (\d+) ", out, re.MULTILINE)]
    assert numbers == list(range(1, 13))
    with Image.open(picture) as image:
        assert image.size == (1440, 1080)
        edge = [image.getpixel(at) for x in range(0, 1440, 3) for at in ((x, 0), (x, 1079))]
        edge += [image.getpixel(at) for y in range(0, 1080, 3) for at in ((0, y), (1439, y))]
        assert {pixel[:3] for pixel in edge} == {(255, 255, 255)}  # type: ignore[index]


def test_a_csv_is_played_through_the_coordinator_as_by_the_rules(tmp_path, capsys):
    lines = ["arrives,service,class,service_min,no_show"]
    lines += [
        f"{9 + n // 60:02d}:{n % 60:02d},tax,{'elderly' if n % 5 == 0 else ''},4,{'yes' if n == 7 else 'no'}"
        for n in range(40)
    ]
    path = tmp_path / "DAY.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert main([str(path)]) == 0
    alone = capsys.readouterr().out
    assert main([str(path), "--through-coordinator"]) == 0
    assert capsys.readouterr().out == alone
    assert "40 visitors come" in alone
    assert main([str(path), "--seed", "9"]) == 0
    assert capsys.readouterr().out != alone

"""A picture of a simulated day: who came, who waited, how many counters worked, and how long the waits were."""

from __future__ import annotations

from collections import Counter as Tally
from collections import defaultdict
from datetime import date
from math import ceil
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING

from broker.reports.visits import Visits
from broker.settings import Hall
from broker.simulate.course import Course
from broker.simulate.figures import waits_of
from broker.simulate.visitor import HALF_HOUR_MS, MINUTE_MS, midnight

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_day"]

HOUR_MS = 60 * MINUTE_MS


def draw_day(path: Path, hall: Hall, day: date, course: Course, visits: Visits) -> None:
    """Write a picture, of the kind that its name ends in. Raises ImportError without matplotlib, OSError if the file cannot be written."""
    from matplotlib import font_manager, rc_context
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine
    from matplotlib.ticker import FuncFormatter, MaxNLocator
    from pylopdf_fonts_zh_cn import sans_path

    font_manager.fontManager.addfont(str(sans_path()))
    family = font_manager.FontProperties(fname=str(sans_path())).get_name()
    begins = midnight(day, hall.hall.timezone)

    with rc_context({"font.family": family, "font.size": 10, "axes.unicode_minus": False}):
        figure = Figure(figsize=(12, 9), layout=ConstrainedLayoutEngine(w_pad=0.2, h_pad=0.1))
        arrivals, waiting, waits = figure.subplots(3, 1, sharex=True)
        figure.suptitle(f"{hall.hall.name}  {day.isoformat()}", fontsize=15)
        _arrivals(arrivals, hall, begins, visits)
        _waiting(waiting, hall, begins, course)
        _waits(waits, begins, visits)
        for axes in (arrivals, waiting, waits):
            axes.grid(axis="y", alpha=0.3)
            axes.set_ylim(bottom=0, top=max(1.0, axes.get_ylim()[1]))
        for people in (arrivals, waiting):
            people.yaxis.set_major_locator(MaxNLocator(integer=True))
        waits.xaxis.set_major_locator(MaxNLocator(nbins=12, steps=[1, 2, 5, 10], integer=True))
        waits.xaxis.set_major_formatter(FuncFormatter(lambda hour, _: f"{hour:02.0f}:00"))
        first, last = _working_hours(course, begins)
        waits.set_xlim(first, last)
        figure.savefig(path, dpi=120)


def _working_hours(course: Course, begins: int) -> tuple[float, float]:
    """From the first to the last hour in which somebody waited or worked."""
    busy = [
        minute
        for minute, waiting, working in zip(
            course.minutes, course.waiting, course.open, strict=True
        )
        if waiting or working
    ]
    first, last = (busy[0], busy[-1]) if busy else (course.minutes[0], course.minutes[-1])
    return (first - begins) // HOUR_MS, ceil((last - begins) / HOUR_MS)


def _arrivals(axes: Axes, hall: Hall, begins: int, visits: Visits) -> None:
    tally: Tally[tuple[str, int]] = Tally(
        (visit.issued.service, (visit.issued.issued_at - begins) // HALF_HOUR_MS)
        for visit in visits.visits.values()
    )
    slots = sorted({slot for _, slot in tally})
    below = dict.fromkeys(slots, 0)
    for service in hall.services:
        heights = [tally[service.id, slot] for slot in slots]
        lefts = [slot / 2 for slot in slots]
        bottoms = list(below.values())
        axes.bar(lefts, heights, 0.48, bottom=bottoms, align="edge", label=service.name)
        below = {slot: below[slot] + tally[service.id, slot] for slot in slots}
    axes.set_ylabel("每半小时取号\ntickets per half hour")
    axes.legend(loc="upper left", bbox_to_anchor=(1.05, 1), frameon=False)


def _waiting(axes: Axes, hall: Hall, begins: int, course: Course) -> None:
    hours = [(minute - begins) / HOUR_MS for minute in course.minutes]
    lines = [[waiting[service.id] for waiting in course.waiting] for service in hall.services]
    axes.stackplot(hours, lines, labels=[service.name for service in hall.services], alpha=0.9)
    axes.set_ylabel("等候人数\nwaiting")
    counters = axes.twinx()
    counters.step(hours, course.open, where="post", color="black", linewidth=1.2)
    counters.set_ylim(0, len(hall.counters) * 1.15)
    counters.set_ylabel("开放窗口（黑线）\ncounters open (line)")


def _waits(axes: Axes, begins: int, visits: Visits) -> None:
    by_slot: defaultdict[int, list[int]] = defaultdict(list)
    for visit in visits.visits.values():
        if visit.wait_ms is not None:
            by_slot[(visit.issued.issued_at - begins) // HALF_HOUR_MS].append(visit.wait_ms)
    slots = sorted(by_slot)
    middles = [slot / 2 + 0.25 for slot in slots]
    means = [fmean(by_slot[slot]) / MINUTE_MS for slot in slots]
    ninths = [waits.p90 for slot in slots if (waits := waits_of(by_slot[slot]))]
    axes.plot(middles, means, marker="o", label="平均 mean")
    axes.plot(middles, ninths, marker="v", linestyle="--", label="90% 不超过 P90")
    axes.set_ylabel("等候分钟（按取号时间）\nminutes waited (by time of ticket)")
    axes.legend(loc="upper left", bbox_to_anchor=(1.05, 1), frameon=False)

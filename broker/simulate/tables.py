"""The figures as tables for a terminal; what they mean is written in the headings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.console import Console, Group, RenderableType
from rich.table import Table

from broker.reports.desk import Doing
from broker.reports.visit import End
from broker.settings import Hall
from broker.simulate.figures import Counts, Figures, share_engaged, waits_of

__all__ = ["print_day", "print_year"]

NONE = "—"
HOUR_MS = 3_600_000


def print_day(console: Console, hall: Hall, figures: Figures) -> None:
    console.print(
        Group(
            _visitors(hall, figures),
            _counters(hall, figures),
            _rules(figures),
            *_refused(figures),
            _estimates(figures),
        )
    )


def print_year(console: Console, hall: Hall, months: Mapping[str, Figures], whole: Figures) -> None:
    table = _table("The year by month", "month", "days", *COUNTED, "engaged")
    for month, figures in months.items():
        table.add_row(
            month, str(figures.days), *_counted(figures.all), _percent(figures.utilisation)
        )
    table.add_section()
    table.add_row("year", str(whole.days), *_counted(whole.all), _percent(whole.utilisation))
    console.print(table)
    print_day(console, hall, whole)


COUNTED = (
    "tickets",
    "served",
    "no-show",
    "cancelled",
    "left over",
    "mean",
    "median",
    "P90",
    "longest",
)


def _counted(counts: Counts) -> tuple[str, ...]:
    """One cell for each of COUNTED; waits in minutes."""
    ends = counts.ends
    left = ends[End.OPEN] + ends[End.SETTLED] + ends[End.VOIDED]
    waits = waits_of(counts.waits)
    minutes = (waits.mean, waits.median, waits.p90, waits.longest) if waits else None
    return (
        str(counts.issued),
        str(ends[End.CLOSED]),
        str(ends[End.NO_SHOW]),
        str(ends[End.CANCELLED]),
        str(left),
        *([f"{value:.1f}" for value in minutes] if minutes else [NONE] * 4),
    )


def _visitors(hall: Hall, figures: Figures) -> Table:
    table = _table(
        "Visitors, and how long those who were served had waited (minutes)", "", *COUNTED
    )
    for service in hall.services:
        if service.id in figures.by_service:
            name = f"{service.id} {service.name}"
            table.add_row(name, *_counted(figures.by_service[service.id]))
    table.add_section()
    for name in ("walk_in", "appointment", *hall.priority_class):
        if name in figures.by_class:
            priority = hall.priority_class.get(name)
            label = f"{name} {priority.name}" if priority else name
            table.add_row(label, *_counted(figures.by_class[name]))
    table.add_section()
    table.add_row("all", *_counted(figures.all))
    return table


def _counters(hall: Hall, figures: Figures) -> Table:
    table = _table(
        "Counters (engaged: the share of the time that was not paused)",
        *("counter", "served", "engaged h", "idle h", "paused h", "engaged"),
    )
    for number in sorted(figures.spent):
        spent, settings = figures.spent[number], hall.counter[number]
        mark = " green" if settings.green else ""
        table.add_row(
            f"{number}{mark}",
            str(figures.turns[number]),
            *(f"{spent[d] / HOUR_MS:.1f}" for d in (Doing.ENGAGED, Doing.IDLE, Doing.PAUSED)),
            _percent(share_engaged(spent)),
        )
    table.add_section()
    table.add_row("all", str(figures.turns.total()), "", "", "", _percent(figures.utilisation))
    return table


def _rules(figures: Figures) -> Table:
    table = _table("Rules by which tickets were called", "rule", "calls", "share")
    calls = figures.rules.total()
    for rule, times in figures.rules.most_common():
        table.add_row(rule, str(times), _percent(times / calls))
    return table


def _refused(figures: Figures) -> Iterable[RenderableType]:
    if figures.refused:
        table = _table("Refused by the rules", "command", "reason", "times")
        table.columns[1].justify = "left"
        for (command, code), times in figures.refused.most_common():
            table.add_row(command, code, str(times))
        yield table


def _estimates(figures: Figures) -> str:
    estimates = figures.estimates
    if not estimates.tickets:
        return "No wait was estimated."
    inside, sooner, later = (
        _percent(share / estimates.tickets)
        for share in (estimates.inside, estimates.sooner, estimates.later)
    )
    return (
        f"Estimates: {estimates.tickets} tickets had one. The first call came within the range on the ticket for"
        f" {inside}, sooner for {sooner}, later for {later};\nthe middle of the range was off by"
        f" {estimates.error / estimates.tickets:.1f} minutes on the average."
    )


def _table(title: str, first: str, *others: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column(first, no_wrap=True)
    for name in others:
        table.add_column(name, justify="right")
    return table


def _percent(share: float) -> str:
    return f"{share:.0%}"

"""How far a hall is with a release, as a table on the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.table import Table
from rich.text import Text

from broker.updates.rollout import Rollout, Standing
from broker.updates.stages import Stage
from broker.updates.wanted import Release, Report

__all__ = ["progress"]

PAINTS = {
    Standing.LATER: "dim",
    Standing.TOLD: "yellow",
    Standing.AWAY: "magenta",
    Standing.DONE: "green",
    Standing.FAILED: "bold red",
    Standing.NOT_FOR_IT: "magenta",
}


def progress(
    stages: Sequence[Stage],
    rollout: Rollout,
    releases: Mapping[str, Release | None],
    reports: Mapping[str, Report],
    now: int,
) -> Table:
    """One line a board, in the order in which they are told; `now` in ms."""
    table = Table(title=_title(rollout))
    for head in ("stage", "board", "runs", "is to run", "state", "heard", "what it says"):
        table.add_column(head, overflow="fold")
    for stage in stages:
        for board in stage.boards:
            report, release, how = reports.get(board), releases[board], rollout.standings[board]
            table.add_row(
                stage.name,
                board,
                report.release if report else "?",
                release.name if release else "",
                Text(_state(how, report, release), PAINTS[how]),
                _ago(now - report.at) if report else "never",
                report.sentence if report else "",
            )
    return table


def _title(rollout: Rollout) -> str:
    done = sum(how is Standing.DONE for how in rollout.standings.values())
    return f"{done} of {len(rollout.standings)} boards run it"


def _state(how: Standing, report: Report | None, release: Release | None) -> str:
    """The board's own word where it is about this release."""
    if how in {Standing.TOLD, Standing.FAILED} and report and release:
        about = release.name in {report.wanted, report.release}
        return report.state if about else how
    return how


def _ago(ms: int) -> str:
    seconds = max(0, ms) // 1000
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"

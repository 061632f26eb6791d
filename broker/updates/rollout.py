"""How far a hall is with a release: what each board's last word means, and who is given it next; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from broker.updates.stages import CANARY, Stage
from broker.updates.wanted import Release, Report

__all__ = ["AWAY_MS", "Rollout", "Standing", "standing"]

# A slow board says nothing for as long as it unpacks a release; one that says nothing for longer is switched off.
AWAY_MS = 20 * 60_000
FAILED = frozenset({"went back", "refused"})


class Standing(StrEnum):
    """Of one board, with one release."""

    LATER = "later"
    TOLD = "told"
    AWAY = "away"
    DONE = "runs it"
    FAILED = "failed"
    NOT_FOR_IT = "needs another bundle"


def standing(release: Release | None, report: Report | None, now: int, told_at: int) -> Standing:
    """`release` is what the board is to run, None if there is none for it; times in ms."""
    if release is None:
        return Standing.NOT_FOR_IT
    if report is not None:
        if report.release == release.name and report.state == "runs":
            return Standing.DONE
        if report.wanted == release.name and report.state in FAILED and report.at >= told_at:
            return Standing.FAILED
    heard = report.at if report else 0
    return Standing.AWAY if now - max(heard, told_at) > AWAY_MS else Standing.TOLD


@dataclass(frozen=True, slots=True)
class Rollout:
    """Where a hall stands; `current` is None once it is over, and then `stopped` says whom it stopped at."""

    standings: Mapping[str, Standing]
    current: Stage | None
    stopped: tuple[str, ...]

    @property
    def told(self) -> tuple[str, ...]:
        """Who is to be told now, or was."""
        return tuple(
            board
            for board, how in self.standings.items()
            if how not in {Standing.LATER, Standing.NOT_FOR_IT}
        )

    @staticmethod
    def at(
        stages: Sequence[Stage],
        releases: Mapping[str, Release | None],
        reports: Mapping[str, Report],
        now: int,
        told: Mapping[str, int],
    ) -> Rollout:
        """`told` is since when each board has been told, in ms; who was not is told from now on.

        A stage is over once all its boards run the release, or are away; without the canary none begins. One that
        failed ends all.
        """
        standings: dict[str, Standing] = {}
        current: Stage | None = None
        failed: list[str] = []
        for stage in stages:
            for board in stage.boards:
                if current is None and not failed:
                    since = told.get(board, now)
                    how = standing(releases.get(board), reports.get(board), now, since)
                else:
                    how = Standing.LATER
                standings[board] = how
            if current is None and not failed:
                failed = [one for one in stage.boards if standings[one] is Standing.FAILED]
                over = {Standing.DONE, Standing.NOT_FOR_IT}
                over |= set() if stage.name == CANARY else {Standing.AWAY}
                if not failed and not all(standings[one] in over for one in stage.boards):
                    current = stage
        return Rollout(standings, None if failed else current, tuple(failed))

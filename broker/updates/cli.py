"""`jiaohao update hall|board`, `jiaohao rollback`: gives the boards a release, one first, and shows how far they are."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from rich.console import Console
from rich.live import Live
from rich.table import Table

from broker.backup.owner import owned_as
from broker.loading import SettingsFault, load
from broker.settings import Hall
from broker.updates.bundle_file import BundleFault, keep, read_bundle
from broker.updates.rollout import Rollout, Standing
from broker.updates.stages import Stage, stages
from broker.updates.table import progress
from broker.updates.wanted import (
    HUB,
    Release,
    Report,
    Wanted,
    read_reports,
    read_wanted,
    write_wanted,
)

__all__ = ["Course", "main", "rollback"]

LOOK_S = 2.0


@dataclass(slots=True)
class Course:
    """One rollout, from the first board to the last. `wall` in seconds since 1970."""

    hall: Hall
    desk: Path
    stages: Sequence[Stage]
    releases: Mapping[str, Release | None]
    console: Console
    wall: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    _told: dict[str, int] = field(default_factory=dict)

    def run(self, *, wait: bool = True) -> int:
        """0 once every board runs it or was away, 1 if it stopped at one. Raises OSError, ValueError."""
        live = self.console.is_terminal
        shown: dict[str, Standing] = {}
        with Live(console=self.console, auto_refresh=False) if live else nullcontext() as table:
            while True:
                rollout, reports = self._look()
                if table is not None:
                    table.update(self._table(rollout, reports), refresh=True)
                else:
                    self._say_changes(shown, rollout, reports)
                if rollout.current is None or not wait:
                    break
                self.sleep(LOOK_S)
        return self._end(rollout, reports)

    def _look(self) -> tuple[Rollout, dict[str, Report]]:
        """Where it stands now; who is new in it is told."""
        now, reports = int(self.wall() * 1000), read_reports(self.desk)
        rollout = Rollout.at(self.stages, self.releases, reports, now, self._told)
        new = {
            board: release
            for board in rollout.told
            if board not in self._told and (release := self.releases[board])
        }
        if new:
            wanted = read_wanted(self.desk)
            write_wanted(self.desk, Wanted(boards={**wanted.boards, **new}))
            owned_as(self.desk.parent, self.desk)
            self._told |= dict.fromkeys(new, now)
        return rollout, reports

    def _table(self, rollout: Rollout, reports: Mapping[str, Report]) -> Table:
        return progress(self.stages, rollout, self.releases, reports, int(self.wall() * 1000))

    def _say_changes(
        self, shown: dict[str, Standing], rollout: Rollout, reports: Mapping[str, Report]
    ) -> None:
        """For a log: a line for each board whose standing is another than before."""
        for board, how in rollout.standings.items():
            if shown.get(board) is not how and how is not Standing.LATER:
                report = reports.get(board)
                sentence = f": {report.sentence}" if report and report.sentence else ""
                self.console.print(f"{board}: {how}{sentence}", soft_wrap=True, highlight=False)
            shown[board] = how

    def _end(self, rollout: Rollout, reports: Mapping[str, Report]) -> int:
        say = self.console.print
        for board in rollout.stopped:
            say(
                f"stopped: {board} {reports[board].state}: {reports[board].sentence}. The boards after it were told nothing;"
                " see what is wrong with the release, make a new bundle and begin again",
                soft_wrap=True,
            )
        named = {how: [b for b, one in rollout.standings.items() if one is how] for how in Standing}
        if named[Standing.AWAY]:
            say(
                f"away: {', '.join(named[Standing.AWAY])}. They take it as soon as they are back",
                soft_wrap=True,
            )
        if named[Standing.NOT_FOR_IT]:
            say(
                f"no bundle for: {', '.join(named[Standing.NOT_FOR_IT])}. Make one for their target, and give both files",
                soft_wrap=True,
            )
        return 1 if rollout.stopped else 0


def main(argv: list[str]) -> int:
    """`jiaohao update`: exit status 0 if all went well, 1 if it stopped at a board, 2 if nothing could begin."""
    parser = argparse.ArgumentParser(
        prog="jiaohao update",
        description="Give the boards of a hall a release. A board takes it while nobody is served there, tries it for a"
        " minute, and goes back by itself if it does not run well; then nobody after it is given it.",
    )
    parser.add_argument("what", choices=("hall", "board"))
    parser.add_argument(
        "names",
        nargs="+",
        metavar="FILE",
        help="hall: the bundles, one for each kind of board; board: its id, then the bundle",
    )
    parser.add_argument("--canary", default="", help="the board that tries it first")
    parser.add_argument(
        "--again", action="store_true", help="also where it was tried and did not run well"
    )
    parser.add_argument(
        "--pub", type=Path, action="append", help="release.pub; as on this hub if not given"
    )
    _add_common(parser)
    options = parser.parse_args(argv)
    try:
        hall, desk = load(options.hall), options.data / "desk"
        only = options.names.pop(0) if options.what == "board" else ""
        found = [_taken(Path(name), options) for name in options.names]
        reports = read_reports(desk)
        if only:
            _check_board(hall, only, reports)
            order: tuple[Stage, ...] = (Stage("board", (only,)),)
        else:
            order = stages(hall, options.canary, hub=HUB in reports)
        releases = {board: _for(board, found, reports) for stage in order for board in stage.boards}
        return Course(hall, desk, order, releases, Console()).run(wait=not options.no_wait)
    except KeyboardInterrupt:
        sys.stderr.write("who was told goes on; the same command again goes on with the others\n")
        return 1
    except (SettingsFault, BundleFault, OSError, ValueError) as fault:
        sys.stderr.write(f"jiaohao update: {fault}\n")
        return 2


def rollback(argv: list[str]) -> int:
    """`jiaohao rollback`: the boards go back to the release that they ran before; exit status as `update`."""
    parser = argparse.ArgumentParser(
        prog="jiaohao rollback",
        description="Let boards go back to the release that they ran before, which they still have. It is tried like any other.",
    )
    parser.add_argument("boards", nargs="*", help="their ids")
    parser.add_argument("--all", action="store_true", help="every board, and the hub")
    _add_common(parser)
    options = parser.parse_args(argv)
    try:
        hall, desk = load(options.hall), options.data / "desk"
        reports = read_reports(desk)
        boards = options.boards or [
            *(b.id for b in hall.boards),
            *([HUB] if HUB in reports else []),
        ]
        if not options.boards and not options.all:
            raise ValueError("which boards? Name them, or say --all")
        for board in options.boards:
            _check_board(hall, board, reports)
        releases = {board: _before(reports.get(board)) for board in boards}
        without = [board for board in boards if releases[board] is None]
        if without:
            sys.stderr.write(f"nothing to go back to is known of: {', '.join(without)}\n")
        order = (Stage("rollback", tuple(board for board in boards if board not in without)),)
        return Course(hall, desk, order, releases, Console()).run(wait=not options.no_wait)
    except KeyboardInterrupt:
        return 1
    except (SettingsFault, OSError, ValueError) as fault:
        sys.stderr.write(f"jiaohao rollback: {fault}\n")
        return 2


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--hall", type=Path, required=True, help="hall.toml")
    parser.add_argument("--data", type=Path, default=Path("var"), help="the hub's folder")
    parser.add_argument(
        "--no-wait", action="store_true", help="tell who is first, and wait for nobody"
    )


def _taken(path: Path, options: argparse.Namespace) -> Release:
    """The bundle, checked, where the desk gives it from."""
    data: Path = options.data
    keys = options.pub or [
        data.resolve().parent / name for name in ("release.pub", "release-next.pub")
    ]
    there = [key.read_bytes() for key in keys if key.is_file()]
    if not there:
        raise BundleFault(f"there is no {keys[0]} to check releases with: name one with --pub")
    release = read_bundle(path, there)
    keep(path, release, data / "desk")
    owned_as(data, data / "desk")
    return (
        msgspec.structs.replace(release, again=int(time.time() * 1000))
        if options.again
        else release
    )


def _check_board(hall: Hall, board: str, reports: Mapping[str, Report]) -> None:
    known = [one.id for one in hall.boards] + ([HUB] if HUB in reports else [])
    if board not in known:
        raise ValueError(f"there is no board {board!r} in hall.toml; there are: {', '.join(known)}")


def _for(board: str, found: Sequence[Release], reports: Mapping[str, Report]) -> Release | None:
    """The bundle for what the board says that it is; of one that never said it, the first."""
    report = reports.get(board)
    if report is None or not report.machine:
        return found[0]
    fitting = (one for one in found if (one.machine, one.python) == (report.machine, report.python))
    return next(fitting, None)


def _before(report: Report | None) -> Release | None:
    """By name alone: the board has it."""
    if report is None or not report.previous:
        return None
    return Release(
        name=report.previous,
        file="",
        sha256="",
        size=0,
        counter=0,
        version=report.previous.rpartition("-")[0],
        machine=report.machine,
        python=report.python,
    )

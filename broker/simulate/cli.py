"""`jiaohao simulate`: a day, or a year of days, of a hall in virtual time; it prints what visitors would live through."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from broker.journal import Journal
from broker.loading import SettingsFault
from broker.simulate.calendar import adopt, days_of, with_holidays
from broker.simulate.course import course_of
from broker.simulate.day import begins_at, run_day
from broker.simulate.day_csv import NEEDED, OPTIONAL, read_day
from broker.simulate.figures import Figures, heard
from broker.simulate.plot import draw_day
from broker.simulate.port import Port, Rules, ThroughCoordinator, new_journal
from broker.simulate.scenario import Scenario, load_scenario
from broker.simulate.tables import print_day, print_year
from broker.simulate.visitor import visitors_of
from broker.simulate.year import rare_collection, run_year

__all__ = ["main"]

SAMPLE = "halls/twelve-day.toml"
PICTURES = (".png", ".svg", ".pdf")


def main(argv: list[str]) -> int:
    """Exit status 0 if the simulation ran, 1 if a file is wrong, 2 if the question is."""
    options = _options(argv)
    console = Console(width=None if sys.stdout.isatty() else 140)
    try:
        with ExitStack() as opened:
            if options.year is None:
                _day(options, console, opened)
            else:
                _year(options, console, opened)
    except (SettingsFault, OSError) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    except ImportError as fault:
        sys.stderr.write(f"--plot needs matplotlib: run `pip install 'jiaohao[plots]'` ({fault})\n")
        return 1
    return 0


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="jiaohao simulate",
        description="Play days of a hall in virtual time by its own rules; without arguments, the sample day.",
        epilog=f"A DAY.csv has a line a visitor, in order of time, under a header with {', '.join(NEEDED)}"
        f" and, where wanted, {', '.join(OPTIONAL)}: 08:30:15,tax,elderly,09:00,4.5,no."
        f" What it leaves empty is drawn by the profile. A PROFILE.toml to begin with: {files('broker') / SAMPLE}".replace(
            "%", "%%"
        ),
    )
    parser.add_argument(
        "source",
        nargs="?",
        type=Path,
        metavar="DAY.csv|PROFILE.toml",
        help="real arrivals, or a profile",
    )
    parser.add_argument(
        "--profile",
        type=Path,
        help="the hall and its clerks for a DAY.csv; the sample's if not given",
    )
    parser.add_argument(
        "--seed", type=int, help="another seed, another day; as in the profile if not given"
    )
    parser.add_argument(
        "--year", nargs="?", type=int, const=0, metavar="YEAR", help="every open day of a year"
    )
    parser.add_argument(
        "--plot", type=Path, metavar="FILE.png", help="draw the day; .svg and .pdf, too"
    )
    parser.add_argument(
        "--journal",
        type=Path,
        metavar="FOLDER",
        help="write a new journal there, which every other command can read",
    )
    parser.add_argument(
        "--through-coordinator",
        action="store_true",
        help="have the real coordinator write each command into its journal (slow, the same events)",
    )
    options = parser.parse_args(argv)
    is_csv = options.source is not None and options.source.suffix.lower() == ".csv"
    if options.source is not None and not is_csv:
        if options.profile is not None:
            parser.error("give a profile once: as PROFILE.toml, or with --profile beside a DAY.csv")
        options.profile, options.source = options.source, None
    if options.plot is not None:
        _check_picture(parser, options.plot)
    if options.year is not None:
        if is_csv:
            parser.error("a DAY.csv is one day: leave out --year")
        if options.plot is not None:
            parser.error("--plot draws one day: leave out --year")
        if options.year and not date.min.year < options.year < date.max.year:
            parser.error(f"{options.year} is no year")
    return options


def _check_picture(parser: argparse.ArgumentParser, path: Path) -> None:
    """Before a day is played for it in vain."""
    if path.suffix.lower() not in PICTURES:
        parser.error(f"--plot draws {', '.join(PICTURES)}; {path} is none of them")
    if not path.parent.is_dir():
        parser.error(f"--plot: there is no folder {path.parent}")


def _scenario(path: Path | None) -> Scenario:
    if path is not None:
        return load_scenario(path)
    with as_file(files("broker") / SAMPLE) as sample:
        return load_scenario(sample)


def _day(options: argparse.Namespace, console: Console, opened: ExitStack) -> None:
    scenario = _scenario(options.profile)
    profile, hall = scenario.profile, scenario.hall
    seed = profile.seed if options.seed is None else options.seed
    day = profile.date
    rng = Random(f"{seed} {day}")
    visitors = (
        visitors_of(profile, hall.hall.timezone, day, 1.0, rng)
        if options.source is None
        else read_day(options.source, scenario, day, rng)
    )
    starts = begins_at(profile, hall.hall.timezone, day, visitors)
    port = _port(options, scenario, seed, starts, opened)
    console.print(f"{hall.hall.name}, {day} ({day:%A}), seed {seed}: {len(visitors)} visitors come")
    floor = run_day(port, profile, day, visitors, f"{seed} {day} floor")
    visits = heard(floor)
    figures = Figures()
    figures.add(floor, visits)
    print_day(console, hall, figures)
    if options.plot is not None:
        draw_day(options.plot, hall, day, course_of(floor.told), visits)
        console.print(f"{options.plot}: the day, drawn")
    _say_journal(options, console)


def _year(options: argparse.Namespace, console: Console, opened: ExitStack) -> None:
    scenario = _scenario(options.profile)
    profile = scenario.profile
    seed = profile.seed if options.seed is None else options.seed
    year = options.year or profile.date.year
    opening = with_holidays(scenario.hall.opening, profile.year.holidays, year)
    hall, text = adopt(scenario.hall, scenario.text, opening)
    days = list(days_of(opening, year))
    if not days:
        raise SettingsFault((f"{hall.hall.name} is open on no day of {year}: see [opening]",))
    starts = begins_at(profile, hall.hall.timezone, days[0][0], ())
    port = _port(options, Scenario(hall, text, profile), seed, starts, opened)
    console.print(f"{hall.hall.name}, {year}, seed {seed}: {len(days)} open days")
    if profile.year.holidays and not (opening.open_days or scenario.hall.opening.closed_days):
        console.print(
            f"No moved working days (调休) of {year} are known; write them into [opening] as open_days."
        )
    with _progress(len(days)) as progress, rare_collection():
        task = progress.add_task("", total=len(days))
        months, whole = run_year(
            port,
            profile,
            days,
            seed,
            lambda day: progress.update(task, advance=1, description=f"{day}"),
        )
    print_year(console, hall, months, whole)
    _say_journal(options, console)


def _port(
    options: argparse.Namespace, scenario: Scenario, seed: int, starts: int, opened: ExitStack
) -> Port:
    hall, text = scenario.hall, scenario.text
    if not options.through_coordinator:
        journal = _journal(options.journal, opened) if options.journal is not None else None
        return Rules(hall, text, seed, journal)
    folder = options.journal
    if folder is None:
        folder = Path(opened.enter_context(TemporaryDirectory(prefix="jiaohao-")))
    return ThroughCoordinator(hall, text, seed, _journal(folder, opened), starts)


def _journal(folder: Path, opened: ExitStack) -> Journal:
    return opened.enter_context(closing(new_journal(folder / "journal.db")))


def _say_journal(options: argparse.Namespace, console: Console) -> None:
    if options.journal is not None:
        console.print(
            f"{options.journal / 'journal.db'}: read it with `jiaohao journal --data {options.journal}`"
        )


@contextmanager
def _progress(days: int) -> Iterator[Progress]:
    """On the standard error, so that the tables can be piped."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(
        *columns, console=Console(stderr=True), transient=True, disable=days < 2
    ) as progress:
        yield progress

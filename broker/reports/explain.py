"""`jiaohao explain TICKET`: when and why a ticket was called when it was, in sentences; it changes nothing."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path

from broker.journal import JournalFault
from broker.loading import SettingsFault, parse
from broker.messages import SettingsAdopted
from broker.queue import Queue
from broker.reports.days import Days
from broker.reports.story import Story, story_of
from broker.reports.telling import tell

__all__ = ["main"]


class Unknown(LookupError):
    """The journal does not hold what was asked for."""


def main(argv: list[str]) -> int:
    """Exit status 0 if the ticket was found, else 1."""
    parser = argparse.ArgumentParser(
        prog="jiaohao explain",
        description="Tell when and why a ticket was called when it was: in Chinese for the visitor, in English for staff.",
    )
    parser.add_argument("ticket", help="its number, as A017")
    parser.add_argument("--data", type=Path, default=Path("var"), help="folder of the journal")
    parser.add_argument(
        "--day", default="", help="as 2026-11-24; if not given, the newest day with this number"
    )
    options = parser.parse_args(argv)
    ticket = options.ticket.strip().upper()
    try:
        with closing(Days(options.data / "journal.db")) as days:
            day = _day(days, ticket, options.day)
            story = _story(days, ticket, day)
    except (JournalFault, Unknown) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    try:
        for language in tell(story):
            sys.stdout.write("\n".join([f"{ticket}  {day}", *language, "", ""]))
    except BrokenPipeError:
        return 0  # whoever read the lines has seen enough
    return 0


def _day(days: Days, ticket: str, wanted: str) -> str:
    """The day that is meant."""
    if not days.names:
        raise Unknown(f"{days.path}: no day has been opened in this journal")
    if wanted and wanted not in days.names:
        first, last = days.names[0], days.names[-1]
        raise Unknown(f"{days.path}: there is no day {wanted!r}; it has {first} to {last}")
    if wanted and not days.has(wanted, ticket):
        raise Unknown(f"{days.path}: no ticket {ticket!r} was given on {wanted}")
    day = wanted or days.newest_with(ticket)
    if not day:
        raise Unknown(
            f"{days.path}: no ticket {ticket!r} was ever given; write it as it stands on the paper, such as A017"
        )
    return day


def _story(days: Days, ticket: str, day: str) -> Story:
    events = days.events(day)
    settings, _ = next(events)
    if not isinstance(settings, SettingsAdopted):
        raise Unknown(f"{days.path}: the settings of {day} are not in the journal")
    try:
        queue = Queue(parse(settings.text, f"settings of {day}"))
    except SettingsFault as fault:
        raise Unknown(f"this software cannot use the settings of that day:\n{fault}") from fault
    story = story_of(ticket, queue, events)
    if story is None:
        raise Unknown(f"{days.path}: no ticket {ticket!r} was given on {day}")
    return story

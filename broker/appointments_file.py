"""`jiaohao appointments`: books the appointments of a CSV file; importing it twice changes nothing."""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter as Tally
from collections.abc import Iterator
from datetime import datetime
from hashlib import blake2s
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from broker.ask import moment
from broker.hub_line import HubLine, NoAnswer, add_options, hall_of, open_line
from broker.loading import SettingsFault
from broker.messages import AppointmentBooked, BookAppointment, CommandRefused, Event
from broker.settings import Hall
from broker.sheet import Row, read_sheet
from broker.wrong_values import meant

__all__ = ["import_all", "main", "read_appointments"]

NEEDED = ("code", "service", "starts", "ends")
LONGEST_CODE = 40
HASH = re.compile("[0-9a-f]{32,64}")

Wanted = tuple[Row, BookAppointment]


def main(argv: list[str]) -> int:
    """Exit status 0 if every appointment is booked, 1 if some were refused, 2 if nothing or not all could be asked."""
    parser = argparse.ArgumentParser(
        prog="jiaohao appointments",
        description="Book the appointments of a CSV file with the columns code, service, starts, ends, and"
        " person (a keyed hash of your own, which no card is compared with); times as 2026-11-25 09:30.",
    )
    parser.add_argument("file", type=Path, help="the CSV file, UTF-8")
    add_options(parser)
    options = parser.parse_args(argv)
    try:
        hall = hall_of(options)
        now = datetime.now(ZoneInfo(hall.hall.timezone))
        source = f"{now:%Y-%m-%d %H:%M:%S.%f} {options.file.name}"[:40]
        wanted = read_appointments(options.file, hall, source)
        with open_line(hall, options) as line:
            return import_all(line, wanted)
    except (SettingsFault, OSError) as fault:
        sys.stderr.write(f"{fault}\n")
        return 2


def import_all(line: HubLine, wanted: list[Wanted]) -> int:
    """Ask for each in turn, and print what became of it; the exit status."""
    tally: Tally[str] = Tally()
    for row, command in wanted:
        try:
            result, why = _result(command, line.ask(command, _id(command)))
        except NoAnswer as fault:
            sys.stderr.write(
                f"{row.file}:{row.line}: {fault}\nImport the file again: what is booked stays so.\n"
            )
            return 2
        tally[result] += 1
        sys.stdout.write(f"{row.file}:{row.line}: {command.code} {result}{why}\n")
    told = (f"{tally[result]} {result}" for result in ("booked", "known already", "refused"))
    sys.stdout.write(f"{', '.join(told)}\n")
    return 1 if tally["refused"] else 0


def _id(command: BookAppointment) -> str:
    """From what is wished alone: the same wish is answered as it was the first time."""
    wish = msgspec.json.encode(msgspec.structs.replace(command, source=""))
    return f"book-{blake2s(wish, digest_size=16).hexdigest()}"


def _result(command: BookAppointment, events: tuple[Event, ...]) -> tuple[str, str]:
    match events:
        case (CommandRefused(reason=reason), *_):
            return "refused", f": {reason}"
        case (AppointmentBooked(appointment=booked), *_) if booked.source != command.source:
            return "known already", ""
        case _:
            return "booked", ""


# --- reading -------------------------------------------------------------------------------------------


def read_appointments(path: Path, hall: Hall, source: str) -> list[Wanted]:
    """The appointments of a file. Raises SettingsFault with every cell that is wrong."""
    rows = read_sheet(path, NEEDED, ("person",))
    if not rows:
        raise SettingsFault((f"{path}:2:1: there is no appointment below the header",))
    zone = ZoneInfo(hall.hall.timezone)
    seen: dict[str, int] = {}
    problems = [problem for row in rows for problem in _wrong(row, hall, zone, seen)]
    if problems:
        raise SettingsFault(tuple(problems))
    return [
        (
            row,
            BookAppointment(
                code=row.cells["code"],
                service=row.cells["service"],
                starts=moment(row.cells["starts"], zone),
                ends=moment(row.cells["ends"], zone),
                person=row.cells.get("person", ""),
                source=source,
            ),
        )
        for row in rows
    ]


def _wrong(row: Row, hall: Hall, zone: ZoneInfo, seen: dict[str, int]) -> Iterator[str]:
    """What is wrong with a row; `seen` are the lines of the codes before it."""
    code, service = row.cells["code"], row.cells["service"]
    if not 0 < len(code) <= LONGEST_CODE:
        yield row.wrong("code", f"must have 1 to {LONGEST_CODE} characters")
    elif code in seen:
        yield row.wrong("code", f"{code!r} stands in line {seen[code]} already")
    seen.setdefault(code, row.line)
    if service not in hall.service:
        yield row.wrong("service", f"{service!r} is no service{meant(service, hall.service)}")
    times = []
    for column in ("starts", "ends"):
        try:
            times.append(moment(row.cells[column], zone))
        except ValueError as fault:
            yield row.wrong(column, str(fault))
    if len(times) == 2 and times[0] >= times[1]:
        yield row.wrong("ends", "is not after the beginning")
    person = row.cells.get("person", "")
    if person and not HASH.fullmatch(person):
        # The cell is not repeated here: it may be what must never be kept.
        yield row.wrong("person", "must be a keyed hash in hex, never a number or a name")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

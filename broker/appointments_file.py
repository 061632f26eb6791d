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
from broker.card_key import key_ahead, person_of
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
        " person (a keyed hash of your own, which no card is compared with) or card (the number of the identity"
        " card that finds it at a kiosk; it is kept nowhere, and only the hub's own machine can take it);"
        " times as 2026-11-25 09:30.",
    )
    parser.add_argument("file", type=Path, help="the CSV file, UTF-8")
    parser.add_argument(
        "--data", type=Path, default=Path("var"), help="the hub's folder, for the column card"
    )
    add_options(parser)
    options = parser.parse_args(argv)
    try:
        hall = hall_of(options)
        now = datetime.now(ZoneInfo(hall.hall.timezone))
        source = f"{now:%Y-%m-%d %H:%M:%S.%f} {options.file.name}"[:40]
        wanted = read_appointments(options.file, hall, source, options.data)
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


def read_appointments(path: Path, hall: Hall, source: str, hub: Path = Path()) -> list[Wanted]:
    """The appointments of a file; `hub` is where the hub's keys for cards are. Raises SettingsFault with every cell that
    is wrong, OSError where there is no key.
    """
    rows = read_sheet(path, NEEDED, ("person", "card"))
    if not rows:
        raise SettingsFault((f"{path}:2:1: there is no appointment below the header",))
    zone = ZoneInfo(hall.hall.timezone)
    seen: dict[str, int] = {}
    problems = [problem for row in rows for problem in _wrong(row, hall, zone, seen)]
    if problems:
        raise SettingsFault(tuple(problems))
    if any(row.cells.get("card") for row in rows) and not (hub / "journal.db").is_file():
        raise SettingsFault(
            (f"{path}: the column card is for the hub's own machine: {hub} is no hub's --data",)
        )
    return [
        (
            row,
            BookAppointment(
                code=row.cells["code"],
                service=row.cells["service"],
                starts=moment(row.cells["starts"], zone),
                ends=moment(row.cells["ends"], zone),
                person=row.cells.get("person", "") or _by_card(row, zone, hub),
                source=source,
            ),
        )
        for row in rows
    ]


def _by_card(row: Row, zone: ZoneInfo, hub: Path) -> str:
    """Whom the card belongs to by the key of the day on which it will be laid on a reader."""
    number = row.cells.get("card", "").upper()
    if not number:
        return ""
    starts = datetime.fromtimestamp(moment(row.cells["starts"], zone) / 1000, zone)
    return person_of(key_ahead(hub, starts.date().isoformat()), number)


def _is_card(number: str) -> bool:
    """Whether it is an identity card's number, its last sign included (GB 11643).

    >>> _is_card("11010519491231002X"), _is_card("110105194912310021")
    (True, False)
    """
    if not re.fullmatch("[0-9]{17}[0-9X]", number):
        return False
    weighed = sum(int(sign) * (2 ** (17 - place) % 11) for place, sign in enumerate(number[:17]))
    return "10X98765432"[weighed % 11] == number[17]


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
    card = row.cells.get("card", "").upper()
    if card and not hall.rules.appointment_by_card:
        yield row.wrong("card", "needs appointment_by_card = true under [rules]")
    elif card and not _is_card(card):
        yield row.wrong("card", "is not the number of an identity card")
    elif card and person:
        yield row.wrong("card", "and person are two ways to say who it is; leave one out")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""`jiaohao ask`: a person's console on the command line: one command to the hub, and in words what was written down."""

from __future__ import annotations

import argparse
import re
import sys
import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any, get_args
from zoneinfo import ZoneInfo

import msgspec

from broker.hub_line import add_options, hall_of, open_line
from broker.loading import SettingsFault
from broker.messages import (
    CommandRefused,
    CommandRejected,
    DeviceCommand,
    Event,
    Millis,
    Refusal,
    Wait,
)
from broker.queue.rights import check_sender
from broker.settings import Hall
from broker.wrong_values import meant, wrong

__all__ = ["Misspelt", "command_of", "in_words", "listing", "main", "moment"]

COMMANDS: dict[str, type[DeviceCommand]] = {kind.__name__: kind for kind in get_args(DeviceCommand)}
TIMES = {
    "called_at",
    "issued_at",
    "since",
    "pressed_at",
    "starts",
    "ends",
    "slot",
    "until",
    "rate_until",
    "again",
}


class Misspelt(ValueError):
    """The words are no command; one sentence a line."""


def main(argv: list[str]) -> int:
    """Exit status 0 if the hub did it, 1 if it refused, 2 if it was not asked or gave no answer."""
    parser = argparse.ArgumentParser(
        prog="jiaohao ask",
        description="Ask the hub as a guide or supervisor does, for example:"
        " jiaohao ask --hall hall.toml --as supervisor-1 CallTicket counter=3 ticket=A017 reason=...",
    )
    add_options(parser)
    parser.add_argument("--list", action="store_true", help="what this console may ask, and how")
    parser.add_argument("command", nargs="?", help="as in --list")
    parser.add_argument(
        "fields", nargs="*", help="field=value; times as 2026-11-25 09:30, or 09:30"
    )
    options = parser.parse_args(argv)
    try:
        hall = hall_of(options)
        zone = ZoneInfo(hall.hall.timezone)
        if options.list or options.command is None:
            sys.stdout.write(listing(hall, options.console))
            return 0
        command = command_of(options.command, options.fields, zone)
        with open_line(hall, options) as line:
            events = line.ask(command, uuid.uuid4().hex)
    except (SettingsFault, Misspelt, OSError) as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    refused = [event for event in events if isinstance(event, CommandRefused)]
    for refusal in refused:
        sys.stderr.write(f"refused ({refusal.code}): {refusal.reason}\n")
    for event in () if refused else events:
        sys.stdout.write(f"{in_words(event, zone)}\n")
    return 1 if refused else 0


# --- from words to a command ---------------------------------------------------------------------------


def command_of(name: str, fields: list[str], zone: ZoneInfo) -> DeviceCommand:
    """The command that `field=value` words mean. Raises Misspelt."""
    kind = COMMANDS.get(name)
    if kind is None:
        raise Misspelt(f"{name!r} is no command{meant(name, COMMANDS)}")
    known = {field.name: field for field in msgspec.structs.fields(kind)}
    values: dict[str, Any] = {}
    problems: list[str] = []
    for word in fields:
        field, equals, text = word.partition("=")
        if not equals:
            problems.append(f"{word!r} is no field=value; with spaces in it, put it in quotes")
        elif field not in known:
            problems.append(f"{name} has no field {field!r}{meant(field, known)}")
        else:
            values[field], said = _value(known[field].type, field, text, zone)
            problems += said
    missing = [f for f in known.values() if f.required and f.name not in values]
    if missing and not problems:
        problems += [f"{name} needs {field.name}=..." for field in missing]
    if problems:
        raise Misspelt("\n".join([*problems, f"it is written as: {_usage(kind)}"]))
    return msgspec.convert(values, kind)


def _value(wanted: Any, field: str, text: str, zone: ZoneInfo) -> tuple[Any, list[str]]:
    """The value that a text stands for, and what is wrong with it."""
    if wanted == Millis:
        today = f"{datetime.now(zone):%Y-%m-%d} " if re.fullmatch(r"\d?\d:\d\d", text) else ""
        try:
            return moment(today + text, zone), []
        except ValueError:
            return None, [f"{field}: {text!r} is no time; write it as 2026-11-25 09:30, or 09:30"]
    words: object = text
    if get_args(wanted)[1:] == (...,):
        words = text.split(",") if text else []
    try:
        return msgspec.to_builtins(msgspec.convert(words, wanted, strict=False)), []
    except msgspec.ValidationError:
        # Said by those who know how; they take a number in quotes for a text.
        number = int(text) if re.fullmatch(r"-?[0-9]{1,18}", text) else words
        return None, [problem.sentence for problem in wrong(number, wanted, (field,))]


def moment(text: str, zone: ZoneInfo) -> int:
    """Milliseconds of a local time, as 2026-11-25 09:30. Raises ValueError with a sentence.

    >>> moment("2026-11-25 09:30", ZoneInfo("Asia/Shanghai"))
    1795570200000
    """
    # A spreadsheet writes 2026/11/25 9:30, with or without seconds.
    for form in ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"):
        with suppress(ValueError):
            local = datetime.strptime(text.replace("/", "-"), form).replace(tzinfo=zone)
            return int(local.timestamp() * 1000)
    raise ValueError(f"{text!r} is no time; write it as 2026-11-25 09:30")


# --- in words ------------------------------------------------------------------------------------------


def listing(hall: Hall, console: str) -> str:
    """What a console may ask, with the fields; those in brackets may be left out."""
    return "".join(
        f"{_usage(kind)}\n" + (f"    {first}\n" if (first := _first_line(kind)) else "")
        for kind in COMMANDS.values()
        if _may(hall, console, kind)
    )


def _may(hall: Hall, console: str, kind: type[DeviceCommand]) -> bool:
    needed = (field.name for field in msgspec.structs.fields(kind) if field.required)
    blank: Any = dict.fromkeys(needed, "")
    try:
        check_sender(hall, kind(**blank), console)
    except CommandRejected as rejected:
        return rejected.code is not Refusal.NOT_YOURS
    return True


def _usage(kind: type[DeviceCommand]) -> str:
    fields = (
        f"{field.name}=" if field.required else f"[{field.name}=]"
        for field in msgspec.structs.fields(kind)
    )
    return " ".join((kind.__name__, *fields))


def _first_line(kind: type[DeviceCommand]) -> str:
    return (kind.__doc__ or "").strip().partition("\n")[0]


def in_words(event: Event, zone: ZoneInfo) -> str:
    """An event as a line: what happened, then all that is known of it."""
    happened = re.sub(r"(?<!^)(?=[A-Z])", " ", type(event).__name__).lower()
    return ": ".join(filter(None, (happened, ", ".join(_facts(event, zone)))))


def _facts(known: msgspec.Struct, zone: ZoneInfo) -> Iterator[str]:
    for field in msgspec.structs.fields(known):
        value, name = getattr(known, field.name), field.name.replace("_", " ")
        if value in (field.default, "", None):
            continue
        match value:
            case Wait(least=least, most=most):
                yield f"{name} {least} to {most} min"
            case msgspec.Struct():
                yield from _facts(value, zone)
            case True:
                yield name
            case (int(), *_):
                pass  # a place in line, of which only the hub can make sense
            case tuple():
                yield f"{name} {' '.join(value)}"
            case int() if field.name in TIMES:
                yield f"{name} {datetime.fromtimestamp(value / 1000, zone):%Y-%m-%d %H:%M}"
            case _:
                yield f"{name} {value}"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""Reads hall.toml and says in words what is wrong with it: file, line, and the likely meaning of a misspelt key."""

from __future__ import annotations

import re
import tomllib
import zoneinfo
from collections import Counter as Tally
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any, TypeVar

import msgspec

from broker.settings import Device, Hall, Kind
from broker.wrong_values import Steps, in_plain_words, meant, steps_of, struct_in

__all__ = ["Problem", "SettingsFault", "check", "convert", "load", "parse"]

T = TypeVar("T")

# What the devices fill into each phrase; the others are said as they stand.
FILLED = {
    "call_shown": ("ticket", "counter"),
    "call_spoken": ("ticket", "counter"),
    "serving": ("ticket", "counter"),
    "idle": ("counter", "service"),
    "paused": ("counter", "reason"),
    "closed": ("counter",),
    "taken": ("ticket",),
    "ahead": ("ahead",),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where in the settings' tree, and a sentence."""

    steps: Steps
    sentence: str


class SettingsFault(ValueError):
    """hall.toml cannot be used; `lines` says everything that is wrong, one sentence a line."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def load(path: Path) -> Hall:
    """The hall that a file describes. Raises SettingsFault."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise SettingsFault((f"{path}: cannot be read: {fault}",)) from fault
    return parse(text, str(path))


def parse(text: str, name: str = "hall.toml") -> Hall:
    """The hall that a text describes. Raises SettingsFault."""
    hall, problems = check(text, name)
    if hall is None or problems:
        raise SettingsFault(problems)
    return hall


def check(text: str, name: str = "hall.toml") -> tuple[Hall | None, tuple[str, ...]]:
    """The hall, if its tables can be read at all, and every problem as `file:line: sentence`."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        line = re.search(r"line (\d+)", str(fault))
        where = f"{name}:{line[1]}" if line else name
        return None, (f"{where}: this is not TOML: {fault}",)
    hall, problems = convert(raw, Hall)
    if hall is not None:
        problems = [*problems, *_disagreements(hall)]
    return hall, locate(problems, text, name)


def locate(problems: list[Problem], text: str, name: str) -> tuple[str, ...]:
    """Problems as `file:line: sentence`, in the order of their lines."""
    if not problems:
        return ()
    from broker.toml_lines import line_of  # a parser that only a fault needs

    lines = line_of(text)

    def line(steps: Steps) -> int:
        while steps and steps not in lines:
            steps = steps[:-1]
        return lines.get(steps, 1)

    found = sorted((line(problem.steps), problem.sentence) for problem in problems)
    return tuple(f"{name}:{number}: {sentence}" for number, sentence in found)


# --- types -----------------------------------------------------------------------------------------


def convert(raw: object, wanted: type[T], steps: Steps = ()) -> tuple[T | None, list[Problem]]:
    """`raw` as `wanted`, or every problem on the way there; unknown keys are all named, not only the first."""
    problems = list(_misspelt(raw, wanted, steps))
    if problems:
        return None, problems
    try:
        return msgspec.convert(raw, wanted), []
    except msgspec.ValidationError as fault:
        sentence, _, path = str(fault).partition(" - at `$")
        below = steps_of(path, raw, wanted)
        return None, [Problem(steps + below, in_plain_words(sentence, raw, wanted, below))]


def _misspelt(raw: object, wanted: Any, steps: Steps) -> Iterator[Problem]:
    """Every key that the type does not know, deep."""
    wanted = struct_in(wanted, raw)
    if isinstance(raw, list):
        for index, item in enumerate(raw):
            yield from _misspelt(item, wanted, (*steps, index))
        return
    if not isinstance(raw, dict) or wanted is None:
        return
    known: dict[str, Any] = {
        field.encode_name: field.type for field in msgspec.structs.fields(wanted)
    }
    tag = wanted.__struct_config__.tag_field
    for key, value in raw.items():
        if key in known:
            yield from _misspelt(value, known[key], (*steps, key))
        elif key != tag:
            yield Problem((*steps, key), f"unknown key {key!r}{meant(key, known)}")


# --- sense -----------------------------------------------------------------------------------------


def _disagreements(hall: Hall) -> Iterator[Problem]:
    """What each table says well alone, but not together."""
    yield from _twice("services", "id", [s.id for s in hall.services], "two services are called")
    yield from _twice(
        "services", "prefix", [s.prefix for s in hall.services], "two services have the prefix"
    )
    yield from _twice("zones", "id", [z.id for z in hall.zones], "two zones are called")
    yield from _twice(
        "counters",
        "number",
        [c.number for c in hall.counters],
        "there are two counters with the number",
    )
    yield from _twice("boards", "id", [b.id for b in hall.boards], "two boards are called")
    yield from _services_and_counters(hall)
    yield from _keys_and_repeats(hall)
    yield from _boards(hall)
    try:
        zoneinfo.ZoneInfo(hall.hall.timezone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        yield Problem(
            ("hall", "timezone"),
            f"unknown time zone {hall.hall.timezone!r}; China's is 'Asia/Shanghai'",
        )
    for phrase in msgspec.structs.fields(hall.phrases):
        yield from _placeholders(phrase.name, getattr(hall.phrases, phrase.name))


def _twice(table: str, key: str, values: list[Any], sentence: str) -> Iterator[Problem]:
    tally = Tally(values)
    seen: set[Any] = set()
    for index, value in enumerate(values):
        if value in seen:
            yield Problem(
                (table, index, key),
                f"{sentence} {value!r} ({tally[value]} times in all); each must be its own",
            )
        seen.add(value)


def _services_and_counters(hall: Hall) -> Iterator[Problem]:
    zones = {zone.id for zone in hall.zones}
    for index, counter in enumerate(hall.counters):
        for place, service in enumerate(counter.services):
            if service not in hall.service:
                yield Problem(
                    ("counters", index, "services", place),
                    f"counter {counter.number} serves {service!r}, which is no service{meant(service, hall.service)}",
                )
        if counter.zone not in zones:
            yield Problem(
                ("counters", index, "zone"),
                f"counter {counter.number} stands in {counter.zone!r}, which is no zone{meant(counter.zone, zones)}",
            )
    for index, service_ in enumerate(hall.services):
        if not hall.counters_for(service_.id):
            yield Problem(
                ("services", index, "id"),
                f"no counter serves {service_.id!r}: its visitors would wait for ever; add it to a counter's services",
            )


def _keys_and_repeats(hall: Hall) -> Iterator[Problem]:
    for index, service in enumerate(hall.services):
        if service.id == "green":
            yield Problem(
                ("services", index, "id"),
                "a service cannot be called 'green': the kiosk's key of the green channel has that name; choose another",
            )
    for index, counter in enumerate(hall.counters):
        for place, name in enumerate(counter.services):
            if name in counter.services[:place]:
                yield Problem(
                    ("counters", index, "services", place),
                    f"counter {counter.number} serves {name!r} twice; write it once",
                )


def _boards(hall: Hall) -> Iterator[Problem]:
    homes: dict[str, str] = {}
    panels: dict[tuple[Kind, int], str] = {}
    for b, board in enumerate(hall.boards):
        for d, device in enumerate(board.devices):
            here: Steps = ("boards", b, "devices", d)
            if device.id in homes:
                yield Problem(
                    (*here, "id"),
                    f"device {device.id!r} stands on two boards, {homes[device.id]!r} and {board.id!r}",
                )
            homes[device.id] = board.id
            if device.kind in (Kind.CALLER_PANEL, Kind.RATING_PAD):
                if device.counter not in hall.counter:
                    yield Problem(
                        (*here, "counter"),
                        f"device {device.id!r} needs the number of its counter; {device.counter} is none"
                        f" (there are {', '.join(map(str, sorted(hall.counter)))})",
                    )
                other = panels.setdefault((device.kind, device.counter), device.id)
                if other != device.id:
                    yield Problem(
                        (*here, "counter"),
                        f"counter {device.counter} has two of {device.kind}: {other!r} and {device.id!r}",
                    )
            yield from _where(hall, device, here)
    if not hall.boards:
        yield Problem((), "there is no board: no device of this hall would run; add [[boards]]")
        return
    for index, counter in enumerate(hall.counters):
        if (Kind.CALLER_PANEL, counter.number) not in panels:
            yield Problem(
                ("counters", index, "number"),
                f"the caller panel of counter {counter.number} is on no board: nobody could call there;"
                f' add a device of kind "caller_panel" to one of [[boards]]',
            )
    if not any(d.kind is Kind.TICKET_KIOSK for d in hall.device.values()):
        yield Problem(
            (),
            'no ticket kiosk is on any board: nobody could take a ticket; add a device of kind "ticket_kiosk"',
        )


def _where(hall: Hall, device: Device, here: Steps) -> Iterator[Problem]:
    """A `counter` or a `zone` that the device's kind does not read promises what will not happen."""
    at_counter = device.kind in (Kind.CALLER_PANEL, Kind.RATING_PAD)
    in_zone = device.kind in (Kind.ANNOUNCER, Kind.HALL_DISPLAY)
    for key, given, read in (
        ("counter", device.counter, at_counter),
        ("zone", device.zone, in_zone),
    ):
        if given and not read:
            yield Problem(
                (*here, key),
                f"{key!r} has no meaning for {device.id!r}, of kind {device.kind}; take it out",
            )
    zones = [zone.id for zone in hall.zones]
    if in_zone and device.zone and device.zone not in zones:
        yield Problem(
            (*here, "zone"),
            f"device {device.id!r} stands in {device.zone!r}, which is no zone{meant(device.zone, zones)}",
        )


def _placeholders(name: str, template: str) -> Iterator[Problem]:
    """A placeholder that the device does not fill would stop it in the middle of the day."""
    filled = FILLED.get(name, ())
    try:
        found = list(Formatter().parse(template))
    except ValueError as fault:
        yield Problem(
            ("phrases", name), f"the phrase {name!r} has a brace too many or too few: {fault}"
        )
        return
    for _, word, spec, sign in found:
        if word is not None and (word not in filled or spec or sign):
            written = word + (f"!{sign}" if sign else "") + (f":{spec}" if spec else "")
            known = ", ".join(f"{{{word}}}" for word in filled) or "none"
            yield Problem(
                ("phrases", name),
                f"the phrase {name!r} has the placeholder {{{written}}}, which nothing fills; it knows {known}",
            )

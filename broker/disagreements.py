"""What each table of hall.toml says well alone, but not together with the others; types are checked before."""

from __future__ import annotations

import zoneinfo
from collections import Counter as Tally
from collections.abc import Iterator
from functools import lru_cache
from string import Formatter
from typing import Any

from broker.items import Catalogue
from broker.phrases import Table, each_phrase, filled
from broker.promises import broken_promises
from broker.settings import AT_COUNTER, Device, Hall, Kind
from broker.wrong_values import Problem, Steps, meant

__all__ = ["disagreements"]


def disagreements(hall: Hall) -> Iterator[Problem]:
    """Every one of them, with where it stands."""
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
    yield from _twice("classes", "id", [c.id for c in hall.classes], "two classes are called")
    yield from _twice(
        "rating_reasons", "id", [r.id for r in hall.rating_reasons], "two rating reasons are called"
    )
    yield from _twice("pauses", "id", [p.id for p in hall.pauses], "two pauses are called")
    yield from _twice("clerks", "id", [c.id for c in hall.clerks], "two clerks have the number")
    yield from _twice("consoles", "id", [c.id for c in hall.consoles], "two consoles are called")
    yield from _twice("groups", "id", [g.id for g in hall.groups], "two groups are called")
    yield from _groups(hall)
    yield from _services_and_counters(hall)
    yield from _keys_and_repeats(hall)
    yield from _boards(hall)
    yield from _consoles(hall)
    yield from broken_promises(hall)
    if hall.catalogue != Catalogue():
        yield Problem(
            ("catalogue",),
            'the catalogue stands in a file of its own; name it under [hall]: catalogue = "catalogue.toml"',
        )
    try:
        zoneinfo.ZoneInfo(hall.hall.timezone)
    # OSError: the name is that of a folder of zones, or endless.
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        yield Problem(
            ("hall", "timezone"),
            f"unknown time zone {hall.hall.timezone!r}; China's is 'Asia/Shanghai'",
        )
    for table, phrases in (("phrases", hall.phrases), ("english", hall.english)):
        yield from _unfilled(table, phrases)


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


def _groups(hall: Hall) -> Iterator[Problem]:
    known = {group.id for group in hall.groups}
    for index, service in enumerate(hall.services):
        if service.group and service.group not in known:
            yield Problem(
                ("services", index, "group"),
                f"{service.id!r} is listed under {service.group!r}, which is no group{meant(service.group, known)}",
            )


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
                other = homes[device.id]
                yield Problem(
                    (*here, "id"),
                    f"device {device.id!r} stands twice on board {board.id!r}; give each its own id"
                    if other == board.id
                    else f"device {device.id!r} stands on two boards, {other!r} and {board.id!r}",
                )
            homes[device.id] = board.id
            of_counter = device.kind in AT_COUNTER
            if of_counter or (device.kind is Kind.ANNOUNCER and device.counter):
                if device.counter not in hall.counter:
                    yield Problem(
                        (*here, "counter"),
                        f"device {device.id!r} needs the number of its counter; {device.counter} is none"
                        f" (there are {', '.join(map(str, sorted(hall.counter)))})",
                    )
                first = panels.setdefault((device.kind, device.counter), device.id)
                if first != device.id:
                    yield Problem(
                        (*here, "counter"),
                        f"counter {device.counter} has two of {device.kind}: {first!r} and {device.id!r}",
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
    voices = [d for d in hall.device.values() if d.kind is Kind.ANNOUNCER]
    yield from _two_voices(hall)
    if hall.rules.announce_english and not any("voice_en" in d.hardware for d in voices):
        yield Problem(
            ("rules", "announce_english"),
            "no announcer could say a call in English: give those that are to a part 'voice_en'",
        )
    if not any(d.kind is Kind.TICKET_KIOSK for d in hall.device.values()):
        yield Problem(
            (),
            'no ticket kiosk is on any board: nobody could take a ticket; add a device of kind "ticket_kiosk"',
        )


def _two_voices(hall: Hall) -> Iterator[Problem]:
    """Two announcers of one counter would speak its calls at once, and nobody would understand either."""
    speaks: dict[int, str] = {}
    for b, board in enumerate(hall.boards):
        for d, device in enumerate(board.devices):
            if device.kind is not Kind.ANNOUNCER or device.counter:
                continue
            others = {speaks.setdefault(n, device.id) for n in hall.announced_by(device)}
            for other in sorted(others - {device.id}):
                yield Problem(
                    ("boards", b, "devices", d, "zone" if device.zone else "id"),
                    f"the announcers {other!r} and {device.id!r} would speak the same calls at once; give each a zone of its own",
                )


def _consoles(hall: Hall) -> Iterator[Problem]:
    """A console speaks for itself, as a board does, so it needs a name of its own."""
    boards = {board.id for board in hall.boards}
    for index, console in enumerate(hall.consoles):
        for kind, others in (("board", boards), ("device", hall.device)):
            if console.id in others:
                yield Problem(
                    ("consoles", index, "id"),
                    f"the console {console.id!r} is called as a {kind} is; give it a name of its own",
                )
                break


def _where(hall: Hall, device: Device, here: Steps) -> Iterator[Problem]:
    """A `counter` or a `zone` that the device's kind does not read promises what will not happen."""
    at_counter = device.kind in (*AT_COUNTER, Kind.ANNOUNCER)
    in_zone = device.kind in (Kind.ANNOUNCER, Kind.HALL_DISPLAY)
    for key, given, read in (
        ("counter", device.counter, at_counter),
        ("zone", device.zone, in_zone),
        ("zones", device.zones, device.kind is Kind.HALL_DISPLAY),
    ):
        if given and not read:
            yield Problem(
                (*here, key),
                f"{key!r} has no meaning for {device.id!r}, of kind {device.kind}; take it out",
            )
    if device.kind is Kind.ANNOUNCER and device.counter and device.zone:
        yield Problem(
            (*here, "zone"),
            f"the announcer {device.id!r} speaks for counter {device.counter} alone, or for a zone: take one of them out",
        )
    zones = [zone.id for zone in hall.zones]
    if in_zone and device.zone and device.zone not in zones:
        yield Problem(
            (*here, "zone"),
            f"device {device.id!r} stands in {device.zone!r}, which is no zone{meant(device.zone, zones)}",
        )
    if device.kind is not Kind.HALL_DISPLAY:
        return
    for place, zone in enumerate(device.zones):
        if zone not in zones:
            yield Problem(
                (*here, "zones", place),
                f"device {device.id!r} shows {zone!r}, which is no zone{meant(zone, zones)}",
            )
        elif zone in device.zones[:place]:
            yield Problem(
                (*here, "zones", place), f"device {device.id!r} shows {zone!r} twice; write it once"
            )
    if device.zone and device.zones:
        yield Problem(
            (*here, "zones"),
            f"device {device.id!r} has 'zone' and 'zones'; write all that it shows into 'zones'",
        )


@lru_cache(maxsize=4)
def _unfilled(table: str, phrases: Table) -> tuple[Problem, ...]:
    """Of hundreds of phrases a hall changes a few, if any; so most are looked at once, however many halls are read."""
    each = each_phrase(phrases)
    return tuple(found for path, phrase in each for found in _placeholders(table, path, phrase))


def _placeholders(table: str, path: tuple[str, ...], template: str) -> Iterator[Problem]:
    """A placeholder that the device does not fill would stop it in the middle of the day."""
    fills, name = filled(path), ".".join(path)
    try:
        found = list(Formatter().parse(template))
    except ValueError as fault:
        yield Problem(
            (table, *path), f"the phrase {name!r} has a brace too many or too few: {fault}"
        )
        return
    for _, word, spec, sign in found:
        if word is not None and (word not in fills or spec or sign):
            written = word + (f"!{sign}" if sign else "") + (f":{spec}" if spec else "")
            known = ", ".join(f"{{{word}}}" for word in fills) or "none"
            yield Problem(
                (table, *path),
                f"the phrase {name!r} has the placeholder {{{written}}}, which nothing fills; it knows {known}",
            )

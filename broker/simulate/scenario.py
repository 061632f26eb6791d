"""What is simulated: a hall and a profile that fits it, read from files; every mistake with file, line and column."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from broker.loading import SettingsFault, convert, load, locate, not_toml, read
from broker.queue.opening import hours_of
from broker.settings import Hall
from broker.simulate.devices import devices_of
from broker.simulate.profile import HALF_HOURS, Arrivals, Profile, Shift, minute_of
from broker.simulate.spread import Uniform
from broker.wrong_values import Problem, Steps, meant

__all__ = ["Scenario", "load_scenario"]


@dataclass(frozen=True, slots=True)
class Scenario:
    """`text` is the whole hall.toml, as the journal will hold it."""

    hall: Hall
    text: str
    profile: Profile


def load_scenario(path: Path) -> Scenario:
    """The hall and the profile that a profile's file names. Raises SettingsFault."""
    text = read(path)
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise SettingsFault((not_toml(str(fault), text, str(path)),)) from fault
    profile, problems = convert(raw, Profile)
    if profile is None:
        raise SettingsFault(locate(problems, text, str(path)))
    hall_path = path.parent / profile.hall
    if not hall_path.is_file():
        missing = Problem(
            ("hall",), f"there is no file {hall_path}; name the hall.toml to simulate"
        )
        raise SettingsFault(locate([missing], text, str(path)))
    hall = load(hall_path)
    problems = list(_disagreements(profile, hall, raw))
    if problems:
        raise SettingsFault(locate(problems, text, str(path)))
    return Scenario(hall, read(hall_path), profile)


# --- sense -----------------------------------------------------------------------------------------


def _disagreements(profile: Profile, hall: Hall, raw: Mapping[str, Any]) -> Iterator[Problem]:
    """What the profile says that the hall, or the profile itself, contradicts."""
    day = datetime.combine(profile.date, time.min, ZoneInfo(hall.hall.timezone))
    if not any(hours_of(hall, service, day) for service in hall.services):
        yield Problem(
            ("date",), f"the hall is closed on {day:%Y-%m-%d, a %A}: see [opening] in its hall.toml"
        )
    yield from _services(profile, hall)
    yield from _classes(profile, hall)
    yield from _shifts(profile, hall)
    yield from _backward(raw, ())
    if profile.appointments and not hall.console:
        yield Problem(
            ("appointments",),
            "nobody could book them: the hall has no console; add [[consoles]] to hall.toml",
        )
    if not sum(profile.ratings.levels.values()):
        yield Problem(("ratings", "levels"), "no level is ever pressed: give one a number above 0")


def _services(profile: Profile, hall: Hall) -> Iterator[Problem]:
    known = [service.id for service in profile.services]
    worked = {shift.number for shift in profile.counters}
    for index, service in enumerate(profile.services):
        here: Steps = ("services", index)
        if service.id not in hall.service:
            yield Problem(
                (*here, "id"),
                f"{service.id!r} is no service of the hall{meant(service.id, hall.service)}",
            )
        elif not worked.intersection(hall.counters_for(service.id)):
            yield Problem(
                (*here, "id"),
                f"no counter of this profile serves {service.id!r}: its visitors would wait for ever",
            )
        if service.id in known[:index]:
            yield Problem((*here, "id"), f"the service {service.id!r} stands here twice")
        if service.arrivals and _ends(service.arrivals) > HALF_HOURS:
            yield Problem(
                (*here, "arrivals", "per_half_hour"),
                f"the half hours of {service.id!r} go on after midnight: begin earlier, or write fewer",
            )
        to = service.transfer.to if service.transfer else ""
        if to and (to not in known or to == service.id):
            others = [other for other in known if other != service.id]
            yield Problem(
                (*here, "transfer", "to"),
                f"{to!r} is no other service of this profile{meant(to, others)}",
            )


def _ends(arrivals: Arrivals) -> float:
    """How many half hours after midnight the last ones have come."""
    return minute_of(arrivals.begin) / 30 + len(arrivals.per_half_hour)


def _classes(profile: Profile, hall: Hall) -> Iterator[Problem]:
    for name in profile.classes:
        if name not in hall.priority_class:
            yield Problem(
                ("classes", name),
                f"{name!r} is no priority class of the hall{meant(name, hall.priority_class)}",
            )
    if sum(profile.classes.values()) > 1:
        yield Problem(("classes",), "the shares of the classes are more than 1 together")


def _shifts(profile: Profile, hall: Hall) -> Iterator[Problem]:
    worked: set[int] = set()
    for index, shift in enumerate(profile.counters):
        if shift.number in worked:
            yield Problem(
                ("counters", index, "number"), f"counter {shift.number} stands here twice"
            )
        worked.add(shift.number)
        yield from _shift(shift, ("counters", index), hall)


def _shift(shift: Shift, here: Steps, hall: Hall) -> Iterator[Problem]:
    if shift.number in hall.counter and shift.number not in devices_of(hall).panels:
        yield Problem(
            (*here, "number"), f"counter {shift.number} has no caller panel: its clerk cannot call"
        )
    elif shift.number not in hall.counter:
        counters = ", ".join(map(str, sorted(hall.counter)))
        yield Problem(
            (*here, "number"), f"{shift.number} is no counter of the hall (there are {counters})"
        )
    if minute_of(shift.opens) >= minute_of(shift.closes):
        yield Problem(
            (*here, "closes"), f"counter {shift.number} closes at {shift.closes}, before it opens"
        )
        return
    free_from = shift.opens
    for index, one in enumerate(shift.breaks):
        if not free_from <= one.at < shift.closes:
            yield Problem(
                (*here, "breaks", index, "at"),
                f"the break at {one.at} is out of order: it must begin between {free_from} and {shift.closes}",
            )
            return
        ends = minute_of(one.at) + one.minutes
        free_from = f"{ends // 60:02d}:{ends % 60:02d}"


def _backward(raw: object, steps: Steps) -> Iterator[Problem]:
    """Every uniform spread whose end lies before its begin."""
    if isinstance(raw, Mapping):
        if raw.get("spread") == Uniform.__struct_config__.tag and raw["least"] > raw["most"]:
            yield Problem((*steps, "most"), "'most' must be at least what 'least' is")
        for key, value in raw.items():
            yield from _backward(value, (*steps, key))
    elif isinstance(raw, list):
        for index, value in enumerate(raw):
            yield from _backward(value, (*steps, index))

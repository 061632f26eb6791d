"""What each line of a catalogue says well alone, but not together with others or with the hall; and what is merely old."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from broker.items import AT_ONCE, Catalogue, Item, Material, duration
from broker.settings import Hall
from broker.wrong_values import Problem, Steps, meant

__all__ = ["disagreements", "is_numbered", "notes", "numbers_taken_out", "twice"]

NUMBER = re.compile(r"^[（(]?(\d{1,2})(?:[、．)）]|\.(?!\d))\s*")


def is_numbered(lines: Sequence[str]) -> bool:
    """Whether the lines carry the numbers 1, 2, 3 … themselves.

    >>> is_numbered(["1. 申请", "2. 受理"]), is_numbered(["3个工作日内受理"])
    (True, False)
    """
    numbers = [int(found[1]) if (found := NUMBER.match(line)) else 0 for line in lines]
    return bool(lines) and numbers == list(range(1, len(lines) + 1))


def numbers_taken_out(lines: Sequence[str]) -> tuple[str, ...]:
    """Lines as they are, without the numbers 1, 2, 3 … if they carry them."""
    if not is_numbered(lines):
        return tuple(lines)
    return numbers_taken_out([NUMBER.sub("", line) for line in lines])


def disagreements(catalogue: Catalogue, hall: Hall) -> Iterator[Problem]:
    """Every one of them, with where it stands."""
    yield from twice("groups", [group.id for group in catalogue.groups], "group")
    yield from twice("items", [item.id for item in catalogue.items], "item")
    groups = [group.id for group in catalogue.groups]
    for index, item in enumerate(catalogue.items):
        here: Steps = ("items", index)
        if item.group not in groups:
            yield Problem(
                (*here, "group"), f"{item.group!r} is no group{meant(item.group, groups)}"
            )
        yield from _in_the_hall(item, hall, here)
        yield from _in_itself(item, here)


def twice(table: str, ids: Sequence[str], what: str) -> Iterator[Problem]:
    """Where an id stands that stood before."""
    for index, one in enumerate(ids):
        if one in ids[:index]:
            yield Problem(
                (table, index, "id"), f"there is another {what} {one!r}; give each its own id"
            )


def _in_the_hall(item: Item, hall: Hall, here: Steps) -> Iterator[Problem]:
    known = item.service in hall.service
    if not known:
        yield Problem(
            (*here, "service"),
            f"{item.service!r} is no service of the hall, so nobody could queue for it{meant(item.service, hall.service)}",
        )
    for place, number in enumerate(item.counters):
        where: Steps = (*here, "counters", place)
        if number not in hall.counter:
            there = ", ".join(map(str, sorted(hall.counter)))
            yield Problem(where, f"there is no counter {number}; there are {there}")
        elif known and number not in hall.counters_for(item.service):
            yield Problem(
                where,
                f"counter {number} does not serve {item.service!r};"
                f" {', '.join(map(str, hall.counters_for(item.service)))} do",
            )
    zones = [zone.id for zone in hall.zones]
    if item.zone and item.zone not in zones:
        yield Problem((*here, "zone"), f"{item.zone!r} is no zone{meant(item.zone, zones)}")


def _in_itself(item: Item, here: Steps) -> Iterator[Problem]:
    if item.statutory and item.promised != AT_ONCE:
        (promised, unit), (statutory, of) = duration(item.promised), duration(item.statutory)
        if item.statutory == AT_ONCE or (unit == of and promised > statutory):
            yield Problem(
                (*here, "promised"),
                f"the promised {item.promised} are longer than the {item.statutory} of the law",
            )
    for key, steps in (("steps", item.steps), ("agency", item.agency.steps if item.agency else ())):
        if is_numbered(steps):
            where = (*here, key, "steps") if key == "agency" else (*here, key)
            yield Problem(where, "pages number the steps themselves; take the numbers out")
    yield from _materials(item.materials, (*here, "materials"))
    if item.agency:
        yield from _materials(item.agency.materials, (*here, "agency", "materials"))


def _materials(materials: Iterable[Material], here: Steps) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for place, one in enumerate(materials):
        if not one.originals and not one.copies:
            yield Problem(
                (*here, place, "originals"),
                f"neither originals nor copies of {one.name!r} are asked for; say how many, or take it out",
            )
        if (one.name, one.when) in seen:
            yield Problem(
                (*here, place, "name"), f"{one.name!r} stands here twice; put them together"
            )
        seen.add((one.name, one.when))


# --- what is no mistake --------------------------------------------------------------------------------


def notes(hall: Hall, today: date) -> Iterator[str]:
    """What the keeper of a catalogue in order should know on this day."""
    catalogue, months = hall.catalogue, hall.rules.catalogue_old_months
    old = [item.id for item in catalogue.items if _is_old(item.reviewed, today, months)]
    if old:
        yield (
            f"last reviewed {months} months ago or longer: {', '.join(old)};"
            " look each through, and write the day, the reviewer and the next version"
        )
    later = [item.id for item in catalogue.items if item.valid_from > today]
    if later:
        yield f"not valid yet, so nowhere shown: {', '.join(later)}"
    early = [item.id for item in catalogue.items if item.reviewed > today]
    if early:
        yield f"reviewed on a day that has not come: {', '.join(early)}"
    with_items = {item.service for item in catalogue.items}
    for service in hall.services:
        if service.checklist and service.id in with_items:
            yield (
                f"the checklist of {service.id!r} in hall.toml is not printed: the catalogue has its materials; take it out"
            )


def _is_old(reviewed: date, today: date, months: int) -> bool:
    """Whether so many months have gone by, by the calendar.

    >>> _is_old(date(2025, 11, 25), date(2026, 11, 25), 12), _is_old(date(2025, 11, 26), date(2026, 11, 25), 12)
    (True, False)
    """
    past = (today.year - reviewed.year) * 12 + today.month - reviewed.month
    return past > months or (past == months and today.day >= reviewed.day)

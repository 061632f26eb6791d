"""What a hall's settings promise its visitors and could not keep: counters, hours, quotas; devices are elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from broker.settings import Counter, Hall, Service, Session, span
from broker.wrong_values import Problem, Steps, meant

__all__ = ["broken_promises"]


def broken_promises(hall: Hall) -> Iterator[Problem]:
    """Every one of them, with where it stands."""
    for index, counter in enumerate(hall.counters):
        yield from _counter(hall, counter, ("counters", index))
    for index, service in enumerate(hall.services):
        here: Steps = ("services", index)
        yield from _served(hall, service, here)
        yield from _sessions(service.sessions, (*here, "sessions"))
        yield from _quotas(hall, service, here)
        if service.prefix == hall.rules.hand_prefix:
            yield Problem(
                (*here, "prefix"),
                f"{service.id!r} has the prefix of numbers written by hand; give it, or 'hand_prefix' of [rules], another letter",
            )
    yield from _sessions(hall.opening.sessions, ("opening", "sessions"))
    yield from _days(hall)


# --- counters -----------------------------------------------------------------------------------------


def _counter(hall: Hall, counter: Counter, here: Steps) -> Iterator[Problem]:
    name, zones = f"counter {counter.number}", {zone.id for zone in hall.zones}
    if not counter.services and not counter.comprehensive:
        yield Problem(
            (*here, "number"),
            f"{name} serves nothing; name its services, or write comprehensive = true",
        )
    for place, name_of in enumerate(counter.services):
        service = hall.service.get(name_of)
        if service is None or service.zone not in zones:
            continue  # general, or told where it is misspelt
        where: Steps = (*here, "services", place)
        if counter.comprehensive:
            yield Problem(
                where,
                f"{name} is comprehensive, and {name_of!r} is special, of zone {service.zone!r}; take one of them out",
            )
        elif counter.zone != service.zone:
            yield Problem(
                where,
                f"{name} stands in {counter.zone!r}, and {name_of!r} is special: only counters of {service.zone!r} serve it",
            )


def _served(hall: Hall, service: Service, here: Steps) -> Iterator[Problem]:
    zones = [zone.id for zone in hall.zones]
    if service.zone and service.zone not in zones:
        yield Problem(
            (*here, "zone"),
            f"service {service.id!r} has the zone {service.zone!r}, which is none{meant(service.zone, zones)}",
        )
    counters = hall.counters_for(service.id)
    if not counters:
        yield Problem(
            (*here, "id"),
            f"no counter serves {service.id!r}: its visitors would wait for ever; add it to a counter's services",
        )
    elif all(hall.counter[number].green for number in counters):
        yield Problem(
            (*here, "id"),
            f"only green counters serve {service.id!r}: behind the green channel its other visitors might wait for ever;"
            " let one counter that serves it not be green",
        )


# --- hours and quotas ---------------------------------------------------------------------------------


def _sessions(sessions: tuple[Session, ...], here: Steps) -> Iterator[Problem]:
    for place, session in enumerate(sessions):
        starts, ends = span(session)
        if ends <= starts:
            yield Problem((*here, place), f"the session {session} ends before it begins")
    for place, (one, next_) in enumerate(pairwise(sessions), start=1):
        (starts, ends), (begins, _) = span(one), span(next_)
        if begins < starts:
            yield Problem(
                (*here, place), f"the session {next_} is earlier than {one}; write it first"
            )
        elif begins < ends:
            yield Problem((*here, place), f"the session {next_} begins before {one} has ended")


def _quotas(hall: Hall, service: Service, here: Steps) -> Iterator[Problem]:
    if 0 < service.quota_day < service.quota_slot:
        yield Problem(
            (*here, "quota_slot"),
            f"'quota_slot' gives {service.quota_slot} tickets of {service.id!r}, more than the {service.quota_day} of the whole day",
        )
    for session in service.sessions or hall.opening.sessions:
        starts, ends = span(session)
        if 0 < ends - starts <= service.last_ticket_min:
            yield Problem(
                (*here, "last_ticket_min"),
                f"the session {session} is no longer than the {service.last_ticket_min} minutes before its end"
                f" in which no ticket of {service.id!r} is given: there would be none",
            )


def _days(hall: Hall) -> Iterator[Problem]:
    opening = hall.opening
    for place, day in enumerate(opening.open_days):
        if day in opening.closed_days:
            yield Problem(
                ("opening", "open_days", place), f"{day} is an open day and a closed day; which?"
            )

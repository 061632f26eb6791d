"""When tickets of a service may be had: opening hours, last tickets, slots; from settings and the hour alone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from broker.messages import CommandRejected, Refusal
from broker.settings import Hall, Service, span

__all__ = ["check_open", "closing", "hours_of", "local", "next_open", "slot_of", "told_from"]

YEAR = 366


def local(hall: Hall, at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, ZoneInfo(hall.hall.timezone))


def _works(hall: Hall, day: date) -> bool:
    """Whether the hall is open at all that day."""
    opening = hall.opening
    if day in opening.open_days:
        return True
    return day.isoweekday() in opening.weekdays and day not in opening.closed_days


def next_open(hall: Hall, service: Service, now: datetime) -> datetime | None:
    """The first moment from `now` on at which a ticket may be had; None if there is none within a year."""
    sessions = _sessions(hall, service)
    if not sessions:
        return now
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for days in range(YEAR):
        day = midnight + timedelta(days)
        for starts, ends in sessions if _works(hall, day.date()) else ():
            if now < day + timedelta(minutes=ends - service.last_ticket_min):
                return max(now, day + timedelta(minutes=starts))
    return None


def check_open(hall: Hall, service: Service, at: int) -> None:
    """Raises CommandRejected where no ticket may be had at `at`, and says when one can."""
    now = local(hall, at)
    opens = next_open(hall, service, now)
    if opens == now:
        return
    again, when = told_from(now, opens)
    minute = now.hour * 60 + now.minute
    inside = any(starts <= minute < ends for starts, ends in _sessions(hall, service))
    if inside and _works(hall, now.date()):
        raise CommandRejected(
            Refusal.LAST_TICKET_GIVEN,
            f"the last ticket of {service.id!r} is given {service.last_ticket_min} minutes before the end; {when}",
            again=again,
        )
    raise CommandRejected(
        Refusal.NOT_OPEN, f"no tickets of {service.id!r} are given now; {when}", again=again
    )


def told_from(now: datetime, opens: datetime | None) -> tuple[int, str]:
    """When tickets are given again, in ms (0: nobody knows) and in words."""
    if opens is None:
        return 0, "nor on any day within a year"
    when = opens.strftime("%H:%M" if opens.date() == now.date() else "%Y-%m-%d %H:%M")
    return round(opens.timestamp() * 1000), f"again from {when}"


def closing(hall: Hall, service: Service, now: datetime) -> datetime | None:
    """When the last session of the day ends; None on a day that has none, and where it is always open."""
    sessions = _sessions(hall, service)
    if not sessions or not _works(hall, now.date()):
        return None
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(minutes=sessions[-1][1])


def hours_of(
    hall: Hall, service: Service, midnight: datetime
) -> tuple[tuple[datetime, datetime], ...]:
    """From when until when tickets are given on the day that begins at `midnight`."""
    sessions = _sessions(hall, service)
    if not sessions:
        return ((midnight, midnight + timedelta(days=1)),)
    if not _works(hall, midnight.date()):
        return ()
    return tuple(
        (
            midnight + timedelta(minutes=starts),
            midnight + timedelta(minutes=ends - service.last_ticket_min),
        )
        for starts, ends in sessions
    )


def slot_of(service: Service, now: datetime) -> int:
    """The minute of the day at which the slot of `slot_min` minutes that `now` falls into begins."""
    minute = now.hour * 60 + now.minute
    return minute - minute % service.slot_min


def _sessions(hall: Hall, service: Service) -> tuple[tuple[int, int], ...]:
    """As minutes of the day; that they stand in order is seen to when settings are read."""
    return tuple(map(span, service.sessions or hall.opening.sessions))

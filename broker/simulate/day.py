"""One simulated day, whole: visitors and clerks on the floor, from the first tick to the last counter's closing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from simpy import Environment

from broker.settings import Hall
from broker.simulate.clerk import Clerk
from broker.simulate.floor import Floor, Life
from broker.simulate.port import Port
from broker.simulate.profile import Profile, minute_of
from broker.simulate.visitor import HALF_HOUR_MS, MINUTE_MS, Visitor, midnight

__all__ = ["begins_at", "run_day"]


def begins_at(profile: Profile, zone: str, day: date, visitors: Sequence[Visitor]) -> int:
    """When the hub is switched on: half an hour before the first clerk or visitor."""
    opens = min(minute_of(shift.opens) for shift in profile.counters) * MINUTE_MS
    first = midnight(day, zone) + opens
    arrivals = (visitor.arrives for visitor in visitors[:1])
    return max(min(first, *arrivals, first) - HALF_HOUR_MS, midnight(day, zone))


def run_day(
    port: Port, profile: Profile, day: date, visitors: Sequence[Visitor], seed: str
) -> Floor:
    """The floor at the day's end. `visitors` are in the order in which they come; `seed` is for all others."""
    zone = port.queue.hall.hall.timezone
    env = Environment(begins_at(profile, zone, day, visitors))
    floor = Floor(env, port, profile, Random(seed))
    floor.tick()
    floor.book(visitors)
    floor.at_work = len(profile.counters)
    for shift in profile.counters:
        env.process(Clerk(floor, shift, midnight(day, zone)).work())
    env.process(floor.door(visitors))
    env.process(_ticks(floor, midnight(day, zone) + _closing_minute(port.queue.hall) * MINUTE_MS))
    # Nobody is served into tomorrow; who still waits then is settled by the next day's beginning.
    env.run(until=midnight(day + timedelta(days=1), zone) - 1)
    port.end_day()
    return floor


def _ticks(floor: Floor, closing: int) -> Life:
    """What the hub does by itself: each second in a real one, each minute here: so it costs little."""
    while True:
        working = floor.at_work or floor.now <= closing
        yield floor.env.timeout(MINUTE_MS if working else HALF_HOUR_MS)
        floor.tick()


def _closing_minute(hall: Hall) -> int:
    """The minute in which the last session of the day ends; 0 where the hall has none."""
    own = (session for service in hall.services for session in service.sessions)
    return max((minute_of(s.partition("-")[2]) for s in (*hall.opening.sessions, *own)), default=0)

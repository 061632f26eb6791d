"""A visitor as the lot, or a DAY.csv, makes one: when they come, what for, and how they will behave; decided beforehand."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable
from datetime import date, datetime, time
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

from msgspec import Struct

from broker.messages import Level
from broker.simulate.profile import Profile, ServiceProfile, minute_of
from broker.simulate.spread import Constant, drawer

__all__ = ["Lots", "Visitor", "midnight", "visitors_of"]

SECOND_MS = 1000
MINUTE_MS = 60_000
HALF_HOUR_MS = 30 * MINUTE_MS

Draw = Callable[[Random], int]


class Visitor(Struct, frozen=True, kw_only=True, gc=False):
    """Times in ms, `arrives` and `slot` (0 without an appointment) since the epoch; what is 0 does not happen.

    After `service_ms` they go on to `transfer_to` for `then_ms`, or, half served, are away for `away_ms`.
    """

    arrives: int
    service: str
    service_ms: int
    green: str = ""
    appointment: str = ""
    slot: int = 0
    slot_ends: int = 0
    walking_ms: int = 0
    no_show: bool = False
    back_after_ms: int = 0
    patience_ms: int = 0
    transfer_to: str = ""
    then_ms: int = 0
    away_ms: int = 0
    level: Level | None = None
    rates_after_ms: int = 0


def midnight(day: date, zone: str) -> int:
    """When a day begins, in ms since the epoch."""
    return round(datetime.combine(day, time(), ZoneInfo(zone)).timestamp()) * 1000


class Lots:
    """Everything that is drawn about visitors, by the profile of their service."""

    def __init__(self, profile: Profile) -> None:
        behaviour, ratings = profile.behaviour, profile.ratings
        self._profile = profile
        self._service = {one.id: _ServiceLots(one) for one in profile.services}
        self._classes = tuple(profile.classes)
        self._class_shares = tuple(accumulate(profile.classes.values()))
        self._walking = drawer(behaviour.walking_s, SECOND_MS)
        self._patience = drawer(behaviour.patience_min, MINUTE_MS)
        self._back = drawer(behaviour.back_after_min, MINUTE_MS)
        self._levels = tuple(ratings.levels)
        self._level_shares = tuple(accumulate(ratings.levels.values()))
        self._rates_after = drawer(ratings.after_s, SECOND_MS)

    def visitor(
        self,
        rng: Random,
        service: str,
        arrives: int,
        slot: tuple[int, int] = (0, 0),
        *,
        green: str | None = None,
        service_ms: int | None = None,
        no_show: bool | None = None,
    ) -> Visitor:
        """One who comes at `arrives`; what is given is not drawn."""
        lots = self._service[service]
        own = lots.profile
        absent = rng.random() < own.no_show if no_show is None else no_show
        transfer = own.transfer if own.transfer and rng.random() < own.transfer.share else None
        hold = not transfer and own.hold is not None and rng.random() < own.hold.share
        return Visitor(
            arrives=arrives,
            service=service,
            service_ms=lots.service(rng) if service_ms is None else service_ms,
            green=self._green(rng) if green is None else green,
            appointment=f"{rng.getrandbits(48):012x}" if slot[0] else "",
            slot=slot[0],
            slot_ends=slot[1],
            walking_ms=self._walking(rng),
            no_show=absent,
            back_after_ms=self._back(rng) if absent and rng.random() < own.comes_back else 0,
            patience_ms=self._patience(rng) if own.gives_up and rng.random() < own.gives_up else 0,
            transfer_to=transfer.to if transfer else "",
            then_ms=self._service[transfer.to].service(rng) if transfer else 0,
            away_ms=lots.away(rng) if hold else 0,
            level=self._level(rng),
            rates_after_ms=self._rates_after(rng),
        )

    def _green(self, rng: Random) -> str:
        if not self._classes:
            return ""
        place = bisect(self._class_shares, rng.random())
        return self._classes[place] if place < len(self._classes) else ""

    def _level(self, rng: Random) -> Level | None:
        """Which key of the pad they press; None for those who press none."""
        if rng.random() >= self._profile.ratings.share:
            return None
        place = bisect(self._level_shares, rng.random() * self._level_shares[-1])
        return self._levels[min(place, len(self._levels) - 1)]


class _ServiceLots:
    def __init__(self, profile: ServiceProfile) -> None:
        self.profile = profile
        self.service: Draw = drawer(profile.service_min, MINUTE_MS)
        away = profile.hold.away_min if profile.hold else Constant(value=0)
        self.away: Draw = drawer(away, MINUTE_MS)


def visitors_of(
    profile: Profile, zone: str, day: date, factor: float, rng: Random
) -> list[Visitor]:
    """All who come on a day, in the order in which they come; `factor` multiplies how many are expected."""
    lots, begins = Lots(profile), midnight(day, zone)
    visitors = [
        lots.visitor(rng, service.id, *_appointed(profile, rng, begins, arrives))
        for service in profile.services
        for arrives in _arrivals(service, begins, factor, rng)
    ]
    return sorted(visitors, key=lambda visitor: visitor.arrives)


def _arrivals(service: ServiceProfile, begins: int, factor: float, rng: Random) -> list[int]:
    """A Poisson process whose rate is constant within each half hour."""
    arrivals: list[int] = []
    if service.arrivals is None:
        return arrivals
    starts = begins + minute_of(service.arrivals.begin) * MINUTE_MS
    for expected in service.arrivals.per_half_hour:
        rate = expected * factor / HALF_HOUR_MS
        at = rng.expovariate(rate) if rate else HALF_HOUR_MS
        while at < HALF_HOUR_MS:
            arrivals.append(starts + round(at))
            at += rng.expovariate(rate)
        starts += HALF_HOUR_MS
    return arrivals


def _appointed(
    profile: Profile, rng: Random, begins: int, arrives: int
) -> tuple[int, tuple[int, int]]:
    """When they really come, and the slot they have booked, if any."""
    rules = profile.appointments
    if rules is None or rng.random() >= rules.share:
        return arrives, (0, 0)
    length = rules.slot_min * MINUTE_MS
    starts = arrives - (arrives - begins) % length
    if rng.random() < rules.late:
        return starts + drawer(rules.late_s, SECOND_MS)(rng), (starts, starts + length)
    return starts - drawer(rules.early_s, SECOND_MS)(rng), (starts, starts + length)

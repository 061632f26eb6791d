"""The numbers a kiosk was lent for today: what it may give out of them while it is alone, and when it borrows more."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from broker.messages import (
    BlockLent,
    BorrowBlock,
    CommandRefused,
    Event,
    IssueTicket,
    Millis,
    QueueState,
    Refusal,
    ReportIssuedAlone,
    ServiceState,
)
from broker.settings import Hall
from firmware.device import Past, Print, Remember

__all__ = ["Lent", "Loan", "Stops"]

LOAN, STOPS = "lent:", "stops"

# What the hub said before the outage and nothing lent can tell; opening hours are lent with the numbers.
HOLDS = {Refusal.EMERGENCY, Refusal.ISSUING_STOPPED, Refusal.QUOTA_OF_DAY, Refusal.QUOTA_OF_SLOT}


class Loan(Struct, frozen=True, kw_only=True):
    """All that a kiosk was lent of a service for one day; the first `given` of `numbers` are given out.

    Each number has the code for its paper; tickets are given within `hours`, as in BlockLent.
    """

    day: str
    numbers: dict[str, str]
    given: int = 0
    hours: tuple[tuple[Millis, Millis], ...] = ()
    until: Millis = 0

    @property
    def left(self) -> int:
        return len(self.numbers) - self.given


class Stops(Struct, frozen=True, kw_only=True):
    """Which services had no tickets when the hub was last heard on `day`: why, and from when again (0: not today)."""

    day: str = ""
    services: dict[str, tuple[Refusal, Millis]] = {}


class Lent:
    """A number counts as given before anybody sees it: what `give` wants remembered goes to the disk first."""

    def __init__(self, hall: Hall, past: Past) -> None:
        self._hall, self._zone = hall, ZoneInfo(hall.hall.timezone)
        self._loans = {
            name.removeprefix(LOAN): loan
            for name, value in past.remembered.items()
            if name.startswith(LOAN) and (loan := _decoded(value, Loan))
        }
        self._stops = _decoded(past.remembered.get(STOPS, ""), Stops) or Stops()
        self._asked = {c.service for c in past.kept if isinstance(c, BorrowBlock)}
        self._refused: dict[str, str] = {}
        # A clock without a battery may have gone back over a power cut; an order of issue does not.
        reported = (c.issued_at for c in past.kept if isinstance(c, ReportIssuedAlone))
        self._last = max(reported, default=0)

    # --- borrowing ------------------------------------------------------------------------------------

    def borrows(self, now: int) -> tuple[BorrowBlock, ...]:
        """What to ask the hub for now: each service once until it is answered, and once refused not again that day."""
        rules, today = self._hall.rules.alone, self._day(now)
        wanted = [
            service.id
            for service in self._hall.services
            if service.id not in self._asked
            and self._refused.get(service.id) != today
            and self._left(service.id, now) < min(rules.again, rules.block)
        ]
        self._asked.update(wanted)
        return tuple(BorrowBlock(service=service) for service in wanted)

    def answered(
        self, command: BorrowBlock, events: tuple[Event, ...], now: int
    ) -> tuple[Remember, ...]:
        self._asked.discard(command.service)
        match events:
            case (BlockLent() as block, *_):
                return (self._take(block),)
            case (CommandRefused(), *_):
                self._refused[command.service] = self._day(now)
            case _:
                pass
        return ()

    def _take(self, block: BlockLent) -> Remember:
        known = self._loans.get(block.service)
        same_day = known is not None and known.day == block.day
        loan = Loan(
            day=block.day,
            numbers={**(known.numbers if known and same_day else {}), **block.numbers},
            given=known.given if known and same_day else 0,
            hours=block.hours,
            until=block.until,
        )
        return self._set(block.service, loan)

    def _set(self, service: str, loan: Loan) -> Remember:
        self._loans[service] = loan
        return Remember(LOAN + service, msgspec.json.encode(loan).decode())

    # --- what is known of today ------------------------------------------------------------------------

    def note(self, queue: QueueState, now: int) -> tuple[Remember, ...]:
        """Keep what the hub says of services without tickets, if it is new."""
        stops = Stops(
            day=self._day(now),
            services={
                service: (state.refused, state.again)
                for service, state in queue.services.items()
                if state.refused in HOLDS
            },
        )
        if stops.services == self._stops.services and (
            not stops.services or stops.day == self._stops.day
        ):
            return ()
        self._stops = stops
        return (Remember(STOPS, msgspec.json.encode(stops).decode()),)

    def lends(self, now: int) -> bool:
        """Whether anything was lent for today, be it all given out by now."""
        return any(self._today(service.id, now) for service in self._hall.services)

    def state(self, now: int) -> QueueState:
        """What can be had of this kiosk alone, as the hub would say it; how many wait nobody knows."""
        return QueueState(
            services={s.id: self._state(s.id, now) for s in self._hall.services},
        )

    def _state(self, service: str, now: int) -> ServiceState:
        loan = self._today(service, now)
        if loan is None:
            return ServiceState(refused=Refusal.NOT_LENT)
        stopped, again = self._stops.services.get(service, (None, 0))
        if stopped and self._stops.day == loan.day and (not again or now < again):
            return ServiceState(refused=stopped, again=again)
        opens = next((starts for starts, ends in loan.hours if now < ends), None)
        if opens is None or now < opens:
            return ServiceState(refused=Refusal.NOT_OPEN, again=opens or 0)
        return ServiceState(refused=None if loan.left else Refusal.NUMBERS_EXHAUSTED)

    def _today(self, service: str, now: int) -> Loan | None:
        loan = self._loans.get(service)
        if loan is None or loan.day != self._day(now) or now >= loan.until:
            return None
        return loan

    def is_of_today(self, report: ReportIssuedAlone, now: int) -> bool:
        return report.day == self._day(now)

    def _left(self, service: str, now: int) -> int:
        loan = self._today(service, now)
        return loan.left if loan else 0

    def _day(self, now: int) -> str:
        return datetime.fromtimestamp(now / 1000, self._zone).date().isoformat()

    # --- giving out ------------------------------------------------------------------------------------

    def give(
        self, wanted: IssueTicket, now: int
    ) -> tuple[Remember, ReportIssuedAlone, Print] | None:
        """The next number: what is to be remembered, then reported, then printed; None where none can be had."""
        if self.state(now).services[wanted.service].refused is not None:
            return None
        loan = self._loans[wanted.service]
        number = list(loan.numbers)[loan.given]
        self._last = max(now, self._last + 1)
        report = ReportIssuedAlone(
            ticket=number,
            service=wanted.service,
            day=loan.day,
            issued_at=self._last,
            green=wanted.green,
            item=wanted.item,
            agent=wanted.agent,
            english=wanted.english,
        )
        given = msgspec.structs.replace(loan, given=loan.given + 1)
        return self._set(wanted.service, given), report, self.paper(report)

    def paper(self, report: ReportIssuedAlone) -> Print:
        """What a visitor gets for a number that was given out alone."""
        loan = self._loans.get(report.service)
        known = loan.numbers if loan and loan.day == report.day else {}
        return Print(
            report.ticket,
            report.service,
            0,
            report.issued_at,
            report.green,
            code=known.get(report.ticket, ""),
            alone=True,
            item=report.item,
            agent=report.agent,
            english=report.english,
        )


Kind = TypeVar("Kind", Loan, Stops)


def _decoded(value: str, kind: type[Kind]) -> Kind | None:
    """None for what another version of this kiosk wrote: a block less is no harm, a wrong number is."""
    try:
        return msgspec.json.decode(value, type=kind)
    except msgspec.DecodeError:
        return None

"""A clerk at a counter: opens, calls, waits, serves, pauses and goes home; whom Next calls is the rules' business."""

from __future__ import annotations

from collections import deque
from math import ceil

from broker.messages import (
    CallNext,
    CloseCounter,
    CloseTicket,
    HoldTicket,
    MarkNoShow,
    OpenCounter,
    PauseCounter,
    Recall,
    ResumeCounter,
    Serve,
    TicketCalled,
    TicketClosed,
    TicketRecalled,
    Transfer,
)
from broker.simulate.floor import Floor, Guest, Life
from broker.simulate.profile import Break, Shift, minute_of
from broker.simulate.spread import drawer
from broker.simulate.visitor import MINUTE_MS, SECOND_MS

__all__ = ["Clerk"]


class Clerk:
    """`midnight` is when the day began, in ms since the epoch."""

    def __init__(self, floor: Floor, shift: Shift, midnight: int) -> None:
        hall, behaviour = floor.queue.hall, floor.profile.behaviour
        self._floor, self._env, self._rng = floor, floor.env, floor.rng
        self._shift, self._midnight = shift, midnight
        self._number = shift.number
        self._panel = floor.devices.panels[shift.number]
        self._serve_key = hall.counter[shift.number].serve_key
        self._recalls = min(behaviour.recalls, hall.rules.recall_limit)
        self._reaction = drawer(behaviour.reaction_s, SECOND_MS)
        self._recall_after = drawer(behaviour.recall_after_s, SECOND_MS)
        self._late = drawer(behaviour.late_opening_s, SECOND_MS)
        self._breaks: deque[Break] = deque()
        self._over = False

    def work(self) -> Life:
        """The whole day of this counter."""
        yield from self._until(self._at(self._shift.opens) + self._late(self._rng))
        self._floor.ask(OpenCounter(counter=self._number), self._panel)
        for one in self._shift.breaks:
            self._env.process(self._wish(one))
        self._env.process(self._go_home())
        while not self._over or self._shift.stays:
            if self._breaks and not self._over:
                yield from self._pause(self._breaks.popleft())
            guest = self._call()
            if guest is not None:
                yield from (self._miss(guest) if guest.absent else self._serve(guest))
            elif self._over and not self._floor.away[self._number]:
                break
            else:
                yield self._floor.bell(self._number)
            reaction = self._reaction(self._rng)
            if reaction:
                yield self._env.timeout(reaction)
        self._floor.ask(CloseCounter(counter=self._number), self._panel)
        self._floor.at_work -= 1

    # --- the hours ------------------------------------------------------------------------------------

    def _at(self, clock: str) -> int:
        return self._midnight + minute_of(clock) * MINUTE_MS

    def _until(self, at: int) -> Life:
        yield self._env.timeout(max(0, at - self._floor.now))

    def _wish(self, one: Break) -> Life:
        yield from self._until(self._at(one.at))
        self._breaks.append(one)
        self._floor.ring(self._number)

    def _go_home(self) -> Life:
        yield from self._until(self._at(self._shift.closes))
        self._over = True
        self._floor.ring(self._number)

    def _pause(self, one: Break) -> Life:
        """As long as it was planned for, also where it begins late."""
        pause = PauseCounter(counter=self._number, reason=one.reason, minutes=one.minutes)
        self._floor.ask(pause, self._panel)
        # Whoever this clerk got up for may be called by the others.
        self._floor.ring_all()
        yield self._env.timeout(one.minutes * MINUTE_MS)
        self._floor.ask(ResumeCounter(counter=self._number), self._panel)

    # --- one ticket -----------------------------------------------------------------------------------

    def _call(self) -> Guest | None:
        called = self._floor.ask(CallNext(counter=self._number), self._panel)[-1]
        if not isinstance(called, TicketCalled):
            return None
        self._floor.announce(self._number, called.call, 0)
        return self._floor.guests[called.ticket]

    def _miss(self, guest: Guest) -> Life:
        for _ in range(self._recalls):
            yield self._env.timeout(self._recall_after(self._rng))
            recalled = self._floor.ask(Recall(counter=self._number), self._panel)[-1]
            if isinstance(recalled, TicketRecalled):
                self._floor.announce(self._number, recalled.call, recalled.recall)
        yield self._env.timeout(self._recall_after(self._rng))
        self._floor.ask(MarkNoShow(counter=self._number), self._panel)
        self._floor.missed(guest)

    def _serve(self, guest: Guest) -> Life:
        if guest.visitor.walking_ms:
            yield self._env.timeout(guest.visitor.walking_ms)
        if self._serve_key:
            self._floor.ask(Serve(counter=self._number), self._panel)
        away, guest.away_ms = guest.away_ms, 0
        now = ceil(guest.left_ms / 2) if away else guest.left_ms
        guest.left_ms -= now
        yield self._env.timeout(now)
        if away:
            self._floor.ask(HoldTicket(counter=self._number), self._panel)
            self._floor.held(guest, self._number, away)
        elif guest.transfer_to:
            self._transfer(guest)
        else:
            closed = self._floor.ask(CloseTicket(counter=self._number), self._panel)[-1]
            if isinstance(closed, TicketClosed):
                self._floor.rate(closed, guest)

    def _transfer(self, guest: Guest) -> None:
        to, guest.transfer_to = guest.transfer_to, ""
        guest.left_ms = guest.visitor.then_ms
        self._floor.ask(Transfer(counter=self._number, to_service=to), self._panel)

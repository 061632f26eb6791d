"""The numbers that a kiosk makes paper for, and how far each is: under way, failed, come, given up; it prints nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from broker.messages import TicketIssued, UnprintedTicket
from firmware.device import Print

__all__ = ["InHand", "Paper", "first_paper"]

REMEMBERED = 500

Key = tuple[str, int, int]
"""A ticket, when it was issued (numbers come again every day), and which copy of it."""


class Paper(StrEnum):
    """How far the paper of a number in hand is."""

    PRINTING = "printing"
    FAILED = "failed"
    CAME = "came"
    GIVEN_UP = "given_up"


@dataclass(slots=True)
class Held:
    """`failed` once a print of it did."""

    print: Print
    paper: Paper
    failed: bool = False

    @property
    def settled(self) -> bool:
        return self.paper in (Paper.CAME, Paper.GIVEN_UP)


class InHand:
    """`owed` is what the hub says this kiosk owes paper for."""

    def __init__(self) -> None:
        self.owed: tuple[UnprintedTicket, ...] = ()
        self._held: dict[Key, Held] = {}

    @property
    def printing(self) -> bool:
        return any(held.paper is Paper.PRINTING for held in self._held.values())

    def begins(self, paper: Print) -> None:
        known = self._held.pop(_key(paper), None)
        self._held[_key(paper)] = Held(paper, Paper.PRINTING, failed=bool(known and known.failed))
        self._forget()

    def restore(self, paper: Print, how_far: Paper) -> None:
        """A number that this kiosk gave out alone in an earlier life."""
        self._held[_key(paper)] = Held(paper, how_far)

    def drop(self, ticket: str, issued_at: int) -> None:
        """Never print this number: it was taken back before any paper of it was begun."""
        nothing = Print(ticket, "", 0, issued_at)
        self._held[_key(nothing)] = Held(nothing, Paper.GIVEN_UP)

    def _forget(self) -> None:
        """Settled numbers are remembered for a while: a late state may still list them."""
        settled = [key for key, held in self._held.items() if held.settled]
        for key in settled[: max(0, len(settled) - REMEMBERED)]:
            del self._held[key]

    def came(self, paper: Print) -> None:
        self._held[_key(paper)].paper = Paper.CAME

    def fails(self, paper: Print) -> bool:
        """Whether it is the first failure of this paper."""
        held = self._held[_key(paper)]
        first, held.paper, held.failed = not held.failed, Paper.FAILED, True
        return first

    def next(self, *, owed: bool = True) -> Print | None:
        """What to print now: paper that failed, or that an earlier life of this kiosk, or a wish for a copy, left owed.

        Not `owed`: only numbers that are this kiosk's beyond doubt.
        """
        for held in self._held.values():
            if held.paper is Paper.FAILED and not self._newer_is_owed(held):
                # Whatever came out of the first try, the next one is a second: it says so.
                return replace(held.print, again=True)
        for one in self.owed if owed else ():
            if (one.ticket, one.issued_at, one.copy) not in self._held:
                return _again(one)
        return None

    def _newer_is_owed(self, held: Held) -> bool:
        """A later copy takes the place of one that failed."""
        ticket, issued_at, copy = _key(held.print)
        newer = any(
            (o.ticket, o.issued_at) == (ticket, issued_at) and o.copy > copy for o in self.owed
        )
        if newer:
            held.paper = Paper.GIVEN_UP
        return newer

    def is_printing(self, ticket: str) -> bool:
        return any(h.paper is Paper.PRINTING for h in self._of(ticket))

    def gives_up(self, ticket: str) -> bool:
        """Try no more; whether there was anything to give up."""
        failed = [held for held in self._of(ticket) if held.paper is Paper.FAILED]
        for held in failed:
            held.paper = Paper.GIVEN_UP
        return bool(failed)

    def has_come(self, ticket: str) -> bool:
        """Whether some paper of this number came out here: then a visitor holds it."""
        newest = max((held.print.issued_at for held in self._of(ticket)), default=0)
        return any(
            held.paper is Paper.CAME and held.print.issued_at == newest for held in self._of(ticket)
        )

    def _of(self, ticket: str) -> list[Held]:
        return [held for held in self._held.values() if held.print.ticket == ticket]


def first_paper(issued: TicketIssued) -> Print:
    return Print(
        issued.ticket,
        issued.service,
        issued.ahead,
        issued.issued_at,
        issued.green,
        slot=issued.slot,
        code=issued.code,
        wait=issued.wait,
        item=issued.item,
        agent=issued.agent,
        english=issued.english,
    )


def _key(paper: Print) -> Key:
    return paper.ticket, paper.issued_at, paper.copy


def _again(owed: UnprintedTicket) -> Print:
    return Print(
        owed.ticket,
        owed.service,
        owed.ahead,
        owed.issued_at,
        owed.green,
        again=True,
        slot=owed.slot,
        code=owed.code,
        wait=owed.wait,
        copy=owed.copy,
        alone=owed.alone,
        item=owed.item,
        agent=owed.agent,
        english=owed.english,
    )

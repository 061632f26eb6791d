"""What a kiosk does on its own word: numbers that wait for the disk before they are printed, wishes taken back."""

from __future__ import annotations

from collections.abc import Iterator

from broker.messages import (
    CommandWithdrawn,
    Event,
    IssueTicket,
    ReportIssuedAlone,
    ReportPrinted,
    VoidTicket,
    Withdraw,
)
from firmware.device import Effect, Past, Print, Send, StartTimer
from firmware.ticket_kiosk.in_hand import InHand, Paper
from firmware.ticket_kiosk.lent import Lent

__all__ = ["KEPT", "OwnWord"]

KEPT = "kept"
KEPT_S = 10.0


class OwnWord:
    """A number goes from `give` to the disk, and once it is there from `kept` to the printer; one at a time."""

    def __init__(self, lent: Lent, papers: InHand, past: Past) -> None:
        self._lent, self._papers = lent, papers
        self._giving: Print | None = None
        self._taking_back = {c.command_id for c in past.kept if isinstance(c, Withdraw)}
        self._past = past

    def recall(self, now: int) -> None:
        """Take up the numbers of today that were given out in an earlier life; yesterday's visitors have gone home."""
        for report, how_far in _left_over(self._past):
            if self._lent.is_of_today(report, now):
                self._papers.restore(self._lent.paper(report), how_far)

    # --- numbers that were lent -------------------------------------------------------------------------

    def give(self, wanted: IssueTicket, now: int) -> tuple[Effect, ...]:
        """What writes the next number down; nothing where none can be had."""
        given = self._lent.give(wanted, now)
        if given is None:
            return ()
        remember, report, self._giving = given
        return (remember, Send(report, None), StartTimer(KEPT, KEPT_S))

    def kept(self, report: ReportIssuedAlone) -> Print | None:
        """What to print now that it is written down; None where its visitor was sent away meanwhile."""
        if self._giving is None or self._giving.ticket != report.ticket:
            return None
        paper, self._giving = self._giving, None
        return paper

    def is_too_slow(self) -> bool:
        """Wait no longer for the disk; whether anybody did."""
        if self._giving is None:
            return False
        self._papers.drop(self._giving.ticket, self._giving.issued_at)
        self._giving = None
        return True

    @property
    def gives(self) -> bool:
        """Whether a number is on its way to the disk."""
        return self._giving is not None

    # --- wishes that were taken back ----------------------------------------------------------------------

    @property
    def takes_back(self) -> bool:
        """Whether some of what the hub says is owed may have been taken back."""
        return bool(self._taking_back)

    def take_back(self, command_id: str) -> Send:
        self._taking_back.add(command_id)
        return Send(Withdraw(command_id=command_id), None)

    def taken_back(self, command_id: str, events: tuple[Event, ...]) -> None:
        self._taking_back.discard(command_id)
        for event in events:
            if isinstance(event, CommandWithdrawn) and event.ticket:
                # A state from before may still list it.
                self._papers.drop(event.ticket, event.issued_at)


def _left_over(past: Past) -> Iterator[tuple[ReportIssuedAlone, Paper]]:
    """The numbers given out alone that the hub has not heard of: where no paper is known to have come it is owed."""
    printed = {c.ticket for c in past.kept if isinstance(c, ReportPrinted)}
    voided = {c.ticket for c in past.kept if isinstance(c, VoidTicket)}
    for report in past.kept:
        if isinstance(report, ReportIssuedAlone):
            came = Paper.CAME if report.ticket in printed else Paper.FAILED
            yield report, Paper.GIVEN_UP if report.ticket in voided else came

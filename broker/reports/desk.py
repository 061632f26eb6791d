"""What a counter did, in milliseconds: idle, engaged, paused; whom it served stands with the visits."""

from __future__ import annotations

from collections import Counter as Tally
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["Desk", "Doing"]


class Doing(StrEnum):
    """What a counter is doing; `engaged` from a call until it has done with the ticket."""

    CLOSED = "closed"
    IDLE = "idle"
    ENGAGED = "engaged"
    PAUSED = "paused"


@dataclass(slots=True)
class Desk:
    """A counter: `doing` what, since when, by whom and with which `ticket`; `spent` are the ms of all that it did before."""

    clerk: str = ""
    ticket: str = ""
    doing: Doing = Doing.CLOSED
    since: int = 0
    spent: Tally[Doing] = field(default_factory=Tally)

    def engages(self, ticket: str, at: int) -> None:
        """Unless it is engaged with another one: of what it did alone it may be told after it has gone on."""
        if self.doing is not Doing.ENGAGED:
            self.turns_to(Doing.ENGAGED, at)
            self.ticket = ticket

    def has_done_with(self, ticket: str, at: int) -> None:
        if self.ticket == ticket:
            self.turns_to(Doing.IDLE, at)

    def turns_to(self, doing: Doing, at: int) -> None:
        self.ticket = ""
        at = max(at, self.since)
        if self.doing is not Doing.CLOSED:
            self.spent[self.doing] += at - self.since
        self.doing, self.since = doing, at

    def spent_until(self, at: int) -> Tally[Doing]:
        """The ms it was idle, engaged and paused, with what it is doing at `at`."""
        spent = self.spent.copy()
        if self.doing is not Doing.CLOSED:
            spent[self.doing] += at - self.since
        return spent

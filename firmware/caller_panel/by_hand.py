"""What a clerk types and does while the panel is alone: a number, its call, its end; each counts once it is on the disk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from broker.messages import (
    Act,
    CounterState,
    CounterStatus,
    DeviceCommand,
    Phase,
    ReportDoneAlone,
)
from broker.phrases import spoken_counter, spoken_ticket
from broker.settings import Counter, Hall, NextWhileServing
from firmware.device import Effect, Say, Send

__all__ = ["DIGITS", "PREFIX", "ByHand", "letters"]

DIGITS = tuple("0123456789")
PREFIX = "prefix"
LONGEST = 4

Effects = tuple[Effect, ...]


def letters(hall: Hall, counter: int) -> tuple[str, ...]:
    """What numbers begin with: those of the counter's own services first, those written by hand last."""
    served = hall.served[counter]
    own = [service.prefix for service in hall.services if service.id in served]
    others = [service.prefix for service in hall.services]
    return tuple(dict.fromkeys([*own, *others, hall.rules.hand_prefix]))


class ByHand:
    """`ticket` and `phase` are what the counter has; `message` says why a key did nothing, until the next one.

    `untold` is what the hub has not answered yet: as long as there is any, the counter is as it says here.
    """

    def __init__(self, hall: Hall, counter: Counter, kept: Iterable[DeviceCommand] = ()) -> None:
        """`kept` is what the board's disk has from an earlier life, and nobody has answered."""
        self._hall, self._counter = hall, counter
        self._letters = letters(hall, counter.number)
        self._letter, self._typed = 0, ""
        self._writing: list[DeviceCommand] = []
        self._day = ""
        self._alone, self._acted = True, False
        self.untold: list[DeviceCommand] = []
        self.ticket, self.phase, self.message = "", Phase.IDLE, ""
        for report in kept:
            if isinstance(report, ReportDoneAlone):
                self.untold.append(report)
                self._did(report)

    # --- with the hub's word, and without ---------------------------------------------------------------

    def goes_on_from(self, state: CounterState | None) -> None:
        """Without the hub from now on: what the counter had by its last word it still has."""
        self._alone = True
        if self._acted or self.untold:
            return
        self.ticket, self.phase = (state.ticket, state.phase) if state else ("", Phase.IDLE)
        self._day = ""

    def ends(self) -> None:
        """The hub can be asked again."""
        self._alone, self._acted = False, False
        self._typed, self.message = "", ""

    @property
    def decides(self) -> bool:
        """Whether the counter's state is the one here, and not the hub's."""
        return self._acted or bool(self.untold)

    def state(self) -> CounterState:
        return CounterState(
            counter=self._counter.number,
            status=CounterStatus.OPEN,
            phase=self.phase,
            ticket=self.ticket,
        )

    # --- typing -----------------------------------------------------------------------------------------

    @property
    def letter(self) -> str:
        return self._letters[self._letter]

    @property
    def typed(self) -> str:
        """As the clerk reads it; empty before the first digit."""
        return self.letter + self._typed if self._typed else ""

    @property
    def number(self) -> str:
        """The number that was typed, in the form of all others: A and 17 is A017. Empty if it is none."""
        if not self._typed.strip("0"):
            return ""
        digits = (s.digits for s in self._hall.services if s.prefix == self.letter)
        width = next(digits, 0) or self._hall.rules.number_digits
        return f"{self.letter}{int(self._typed):0{width}d}"

    # --- keys -------------------------------------------------------------------------------------------

    def pressed(self, key: str, now: int) -> Effects:
        self.message = ""
        if self._writing:
            return ()
        match key:
            case _ if key in DIGITS:
                self._typed = (self._typed + key)[:LONGEST]
            case "undo" | "prefix" if self._typed:
                self._typed = ""
            case "prefix":
                self._letter = (self._letter + 1) % len(self._letters)
            case "undo":
                pass
            case "next":
                return self._next(now)
            case "recall" if self.phase is Phase.CALLED:
                return (self._say(recall=1),)
            case "serve" if self.phase is Phase.CALLED:
                return self._does(Act.SERVED, self.ticket, now)
            case "no_show" if self.phase is Phase.CALLED:
                return self._does(Act.NO_SHOW, self.ticket, now)
            case "close" if self._has_come:
                return self._does(Act.CLOSED, self.ticket, now)
            case "close" if self.phase is Phase.CALLED:
                self.message = "请先按到达"
            case "recall" | "serve" | "no_show" | "close":
                self.message = "尚未叫号" if self.phase is Phase.IDLE else "该号办理中"
            case _:
                self.message = "与主机断开 此键暂不可用"
        return ()

    @property
    def _has_come(self) -> bool:
        """Whether the service can end; a counter without a serve key tells of it only then."""
        called = self.phase is Phase.CALLED and not self._counter.serve_key
        return called or self.phase is Phase.SERVING

    def _next(self, now: int) -> Effects:
        number = self.number
        if not number:
            self.message = "请先键入号码"
            return ()
        if self.phase is not Phase.IDLE and number == self.ticket:
            self.message = "该号已在本窗口"
            return ()
        if self.phase is Phase.CALLED and self._counter.serve_key:
            self.message = "请先按到达或过号"
            return ()
        ends: Effects = ()
        if self.phase is not Phase.IDLE:
            if self._hall.rules.next_while_serving is NextWhileServing.REFUSE:
                self.message = "请先结束当前号"
                return ()
            ends = self._does(Act.CLOSED, self.ticket, now)
        self._typed = ""
        return (*ends, *self._does(Act.CALLED, number, now))

    def _does(self, act: Act, ticket: str, now: int) -> Effects:
        zone = ZoneInfo(self._hall.hall.timezone)
        today = datetime.fromtimestamp(now / 1000, zone).date().isoformat()
        report = ReportDoneAlone(
            counter=self._counter.number,
            ticket=ticket,
            day=today if act is Act.CALLED else self._day or today,
            act=act,
            done_at=now,
        )
        self._writing.append(report)
        self.untold.append(report)
        return (Send(report, None),)

    # --- once it is on the disk, and once the hub has it ------------------------------------------------------

    def kept(self, report: ReportDoneAlone) -> Effects:
        """Only now it is so, and may be shown and said."""
        if report not in self._writing:
            return ()
        self._writing.remove(report)
        self._acted = self._alone  # a slow disk may have it only when the hub is back
        self._did(report)
        return (self._say(recall=0),) if report.act is Act.CALLED else ()

    def _did(self, report: ReportDoneAlone) -> None:
        match report.act:
            case Act.CALLED:
                self.ticket, self.phase, self._day = report.ticket, Phase.CALLED, report.day
            case Act.SERVED:
                self.ticket, self.phase, self._day = report.ticket, Phase.SERVING, report.day
            case Act.CLOSED | Act.NO_SHOW:
                self.ticket, self.phase = "", Phase.IDLE

    def told(self, report: ReportDoneAlone) -> None:
        if report in self.untold:
            self.untold.remove(report)

    def _say(self, recall: int) -> Say:
        phrases, number = self._hall.phrases, self._counter.number
        text = phrases.call_spoken.format(
            ticket=spoken_ticket(self.ticket, phrases.one_as), counter=spoken_counter(number)
        )
        return Say(text, number, call=0, recall=recall, mark=0)

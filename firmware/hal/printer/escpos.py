"""An ESC/POS ticket printer: asks before it prints, keeps to deadlines, and waits for proof of paper."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.buses.line import Line, open_line
from firmware.hal.buses.places import Place
from firmware.hal.printer import EscposSettings, Paper, PrintFault, Proof
from firmware.hal.printer.commands import (
    ANSWER_IN_ORDER,
    EJECT,
    EMPTY_BUFFER,
    INITIALIZE,
    RECOVER,
    RETRACT,
)
from firmware.hal.printer.conversation import Conversation
from firmware.hal.printer.job import Job, end_of_paper, make_job

__all__ = ["EscposPrinter", "Patience"]

_ASK_AGAIN_SECONDS = 0.5
_CUT_SECONDS = 0.5
_USUAL_ROWS_PER_SECOND = 1200.0  # 150 mm/s
_SLOWEST_ROWS_PER_SECOND = 400.0
_SLACK = 1.3  # over the time that the bytes need on the wire

_LOOK_AT_MOUTH_SECONDS = 0.5
_SENTENCES = {
    Trouble.NO_ANSWER: "does not answer: look at its power and its cable",
    Trouble.OFFLINE: "is offline: look at its lamps, then switch it off and on",
    Trouble.PAPER_NEAR_END: "is near the end of its paper: bring a new roll",
    Trouble.PAPER_OUT: "has no paper: put in a new roll and close the cover",
    Trouble.COVER_OPEN: "has its cover open: close it",
    Trouble.CUTTER: "has its cutter stuck: open the cover, take out the scrap, switch it off and on",
    Trouble.JAM: "has a paper jam: open the cover and take out the paper",
    Trouble.OVERHEATED: "is too hot: it goes on by itself when it has cooled down",
    Trouble.TICKET_NOT_TAKEN: "holds a ticket that nobody took: take it out of its mouth",
    Trouble.BROKEN: "reports an error it cannot mend: switch it off and on, else replace it",
}


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait for the answers about its health, and for a print beyond the printer's slowest pace."""

    answers: float = 0.8
    more: float = 4.0


class EscposPrinter:
    """A Printer over any port: opens it when first asked, and anew after each fault."""

    def __init__(
        self,
        settings: EscposSettings,
        *,
        patience: Patience | None = None,
        opened: Callable[[Place], Line] = open_line,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._traits = settings.traits
        self._patience = patience or Patience()
        self._open, self._now = opened, now
        self._talk: Conversation | None = None
        self._jobs = 0
        self._unsettled: Job | None = None
        self._met = self._inherits = False
        self._offered_at: float | None = None

    def health(self) -> Health:
        health = self._health()
        if Trouble.TICKET_NOT_TAKEN not in health.troubles:
            self._offered_at = None
        elif self._offered_at is None:
            self._offered_at = self._now()
        if self._may_still_take_it():
            others = tuple(one for one in health.troubles if one is not Trouble.TICKET_NOT_TAKEN)
            return Health(health.usable, others)
        return health

    def name(self) -> str:
        """What the printer calls itself (GS I), for the technician; empty where it does not say. Raises HardwareFault."""
        try:
            return self._opened().name(self._now() + self._patience.answers)
        except OSError as fault:
            self._hang_up()
            where = f"The ticket printer on {self._settings.port}"
            raise HardwareFault(
                f"{where} {_SENTENCES[Trouble.NO_ANSWER]}.", Trouble.NO_ANSWER
            ) from fault

    def print(self, paper: Paper) -> Proof:
        self._jobs += 1
        job = make_job(paper, self._settings, self._jobs)
        health = self.health()
        if not health.usable:
            raise self._fault(health.troubles[0], started=False)
        started = False
        try:
            talk = self._opened()
            self._clear_mouth(talk)
            if not self._met:
                self._inherits |= self._is_in_a_command(talk)
                self._met = True
            if left := self._unsettled or (job if self._inherits else None):
                self._clear(talk, left)
            before = talk.sent
            try:
                return self._print(talk, job)
            finally:
                started = talk.sent > before
        except OSError as fault:
            trouble = fault.trouble if isinstance(fault, HardwareFault) else Trouble.NO_ANSWER
            if started:
                self._unsettled = job
            self._hang_up()
            raise self._fault(trouble, started=started) from fault

    def clear(self) -> None:
        # Once it has printed it knows itself what it left there.
        self._inherits |= not self._met

    def close(self) -> None:
        if self._talk:
            self._talk.close()
            self._talk = None

    def _opened(self) -> Conversation:
        if not self._talk:
            self._talk = Conversation(
                self._open(self._settings.place),
                near_end_sensor=self._traits.near_end,
                full_status=self._traits.full_status,
                now=self._now,
            )
        return self._talk

    def _health(self) -> Health:
        try:
            health = self._opened().health(self._now() + self._patience.answers)
        except OSError:
            health = Health(usable=False, troubles=(Trouble.NO_ANSWER,))
        if Trouble.NO_ANSWER in health.troubles:
            self._hang_up()
        return health

    def _may_still_take_it(self) -> bool:
        """Whether a ticket lies in the mouth since so short a time that its visitor may be about to take it."""
        since = self._offered_at
        return since is not None and self._now() - since < self._settings.take_seconds

    def _clear_mouth(self, talk: Conversation) -> None:
        """Let the visitor before take his ticket; then do with it what the profile says."""
        while self._may_still_take_it():
            talk.hear(_LOOK_AT_MOUTH_SECONDS)
            if not self._is_well(talk):
                raise HardwareFault("it fell silent", Trouble.NO_ANSWER)
        if self._offered_at is not None and self._traits.untaken != "leave":
            away = RETRACT if self._traits.untaken == "retract" else EJECT
            talk.send(away, self._now() + self._patience.answers)
        self._offered_at = None

    def _hang_up(self) -> None:
        if self._talk:
            self._talk.abandon()
            self._talk = None

    def _clear(self, talk: Conversation, unsettled: Job) -> None:
        """Rid the printer of what an unproven print left in it; a fragment is cut off as waste."""
        # A picture cut short swallows whatever follows; white fills it up, and means nothing elsewhere.
        rest = bytes(unsettled.longest_command)
        empty = EMPTY_BUFFER if self._traits.empties_buffer else b""
        waste = empty + rest + RECOVER + INITIALIZE + end_of_paper(self._traits)
        talk.begin()
        talk.send(waste, self._now() + self._allowed(talk, len(waste), unsettled.rows))
        self._unsettled, self._inherits = None, False

    def _is_in_a_command(self, talk: Conversation) -> bool:
        """Whether an earlier life of this board left it waiting for the rest of a picture, which swallows what comes."""
        if self._traits.proof == "estimated" or not talk.answers:
            return False
        deadline = self._now() + self._patience.answers
        talk.begin()
        talk.send(ANSWER_IN_ORDER, deadline)
        while not talk.in_order and (left := deadline - self._now()) > 0:
            talk.hear(left)
        return not talk.in_order

    def _print(self, talk: Conversation, job: Job) -> Proof:
        allowed = self._allowed(talk, len(job.content), job.rows)
        talk.begin()
        talk.send(job.content, self._now() + allowed)
        deadline = self._now() + allowed
        if self._traits.proof == "estimated" or not talk.answers:
            self._wait_about(talk, job, deadline)
            return Proof.ESTIMATED
        self._wait_for_proof(talk, job, deadline)
        return Proof.PRINTED

    def _allowed(self, talk: Conversation, size: int, rows: int) -> float:
        on_the_wire = size * talk.seconds_per_byte * _SLACK
        return on_the_wire + rows / _SLOWEST_ROWS_PER_SECOND + self._patience.more

    def _usual(self, talk: Conversation, job: Job) -> float:
        on_the_wire = len(job.content) * talk.seconds_per_byte
        return max(on_the_wire, job.rows / _USUAL_ROWS_PER_SECOND) + _CUT_SECONDS

    def _wait_for_proof(self, talk: Conversation, job: Job, deadline: float) -> None:
        ask_at = self._now() + self._usual(talk, job)
        while not self._is_proven(talk, job):
            talk.refuse_reported_troubles()
            now = self._now()
            if now >= deadline:
                raise HardwareFault("it never said that the ticket came out", Trouble.NO_ANSWER)
            if now >= ask_at:
                self._is_well(talk)
                now = self._now()
                ask_at = now + _ASK_AGAIN_SECONDS
            talk.hear(max(0.0, min(ask_at, deadline) - now))

    def _is_proven(self, talk: Conversation, job: Job) -> bool:
        if self._traits.proof == "id" and job.id not in talk.finished:
            return False
        return talk.in_order == job.in_order

    def _wait_about(self, talk: Conversation, job: Job, deadline: float) -> None:
        """Without proof: wait as long as such a ticket takes, then see that the printer is well."""
        ready = self._now() + self._usual(talk, job)
        while (left := ready - self._now()) > 0:
            talk.refuse_reported_troubles()
            if talk.answers:
                talk.hear(left)
            else:
                time.sleep(left)
        while not self._is_well(talk):
            talk.refuse_reported_troubles()
            if self._now() >= deadline:
                raise HardwareFault("it fell silent", Trouble.NO_ANSWER)

    def _is_well(self, talk: Conversation) -> bool:
        """Whether it says that all is well; False for silence, as the question may wait behind the ticket."""
        health = talk.health(self._now() + self._patience.answers)
        if Trouble.TICKET_NOT_TAKEN not in health.troubles:
            self._offered_at = None
        if not health.usable and Trouble.NO_ANSWER not in health.troubles:
            raise HardwareFault("it stopped in the middle", health.troubles[0])
        return health.usable

    def _fault(self, trouble: Trouble, *, started: bool) -> PrintFault:
        ticket = (
            "the ticket may have come out in part; print it again, marked as a copy"
            if started
            else "nothing was printed"
        )
        sentence = f"The ticket printer on {self._settings.port} {_SENTENCES[trouble]} ({ticket})."
        return PrintFault(sentence, trouble, started=started)

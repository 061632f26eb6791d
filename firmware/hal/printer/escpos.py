"""An ESC/POS ticket printer: asks before it prints, keeps to deadlines, and waits for proof of paper."""

from __future__ import annotations

import time
from dataclasses import dataclass
from zlib import crc32

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.buses.line import open_line
from firmware.hal.printer import Bitmap, EscposSettings, Paper, PrintFault, Proof
from firmware.hal.printer.commands import (
    ANSWER_IN_ORDER,
    CUT,
    EMPTY_BUFFER,
    INITIALIZE,
    RECOVER,
    REPORT_TROUBLES,
    answer_when_printed,
    feed,
    is_picture,
    motion_units,
)
from firmware.hal.printer.conversation import Conversation
from firmware.hal.printer.raster import encode

__all__ = ["EscposPrinter", "Patience"]

_ASK_AGAIN_SECONDS = 0.5
_CUT_SECONDS = 0.5
_USUAL_ROWS_PER_SECOND = 1200.0  # 150 mm/s
_SLOWEST_ROWS_PER_SECOND = 400.0
_SLACK = 1.3  # over the time that the bytes need on the wire

_TEAR_OFF_ROWS = 200  # 25 mm, from the head to the edge of the case

_SENTENCES = {
    Trouble.NO_ANSWER: "does not answer: look at its power and its cable",
    Trouble.OFFLINE: "is offline: look at its lamps, then switch it off and on",
    Trouble.PAPER_NEAR_END: "is near the end of its paper: bring a new roll",
    Trouble.PAPER_OUT: "has no paper: put in a new roll and close the cover",
    Trouble.COVER_OPEN: "has its cover open: close it",
    Trouble.CUTTER: "has its cutter stuck: open the cover, take out the scrap, switch it off and on",
    Trouble.JAM: "has a paper jam: open the cover and take out the paper",
    Trouble.OVERHEATED: "is too hot: it goes on by itself when it has cooled down",
    Trouble.BROKEN: "reports an error it cannot mend: switch it off and on, else replace it",
}


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait for the answers about its health, and for a print beyond the printer's slowest pace."""

    answers: float = 0.8
    more: float = 4.0


@dataclass(frozen=True, slots=True)
class _Job:
    """One ticket as bytes, with the questions in it by whose answers the printer proves it.

    `in_order` is how many times it asks to be answered in order: after each picture, so that a printer
    which lost its power, and with it a part of the ticket, owes an answer; else its tail would be proof.
    """

    content: bytes
    id: bytes
    in_order: int
    rows: int
    longest_command: int


class EscposPrinter:
    """A Printer over any port: opens it when first asked, and anew after each fault."""

    def __init__(self, settings: EscposSettings, *, patience: Patience | None = None) -> None:
        self._settings = settings
        self._patience = patience or Patience()
        self._talk: Conversation | None = None
        self._jobs = 0
        self._unsettled: _Job | None = None

    def health(self) -> Health:
        deadline = time.monotonic() + self._patience.answers
        try:
            health = self._opened().health(deadline)
        except OSError:
            health = Health(usable=False, troubles=(Trouble.NO_ANSWER,))
        if Trouble.NO_ANSWER in health.troubles:
            self._hang_up()
        return health

    def print(self, paper: Paper) -> Proof:
        job = self._job(paper)
        health = self.health()
        if not health.usable:
            raise self._fault(health.troubles[0], started=False)
        started = False
        try:
            talk = self._opened()
            if self._unsettled:
                self._clear(talk, self._unsettled)
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

    def close(self) -> None:
        if self._talk:
            self._talk.close()
            self._talk = None

    def _opened(self) -> Conversation:
        if not self._talk:
            near_end = self._settings.near_end
            self._talk = Conversation(open_line(self._settings.place), near_end_sensor=near_end)
        return self._talk

    def _hang_up(self) -> None:
        if self._talk:
            self._talk.abandon()
            self._talk = None

    def _job(self, paper: Paper) -> _Job:
        # Pillow takes a while and some memory, which a kiosk that only waits can do without.
        from firmware.hal.printer.drawing import draw

        settings = self._settings
        ticket = draw(paper, settings.width)
        self._jobs += 1
        job_id = _job_id(ticket, self._jobs)
        commands = [INITIALIZE, motion_units(settings.dots_per_inch)]
        if settings.reports:
            commands.append(REPORT_TROUBLES)
        for command in encode(ticket):
            commands.append(command)
            if settings.proof != "estimated" and is_picture(command):
                commands.append(ANSWER_IN_ORDER)
        commands.append(self._end())
        if settings.proof == "status":
            commands.append(ANSWER_IN_ORDER)
        if settings.proof == "id":
            commands.append(answer_when_printed(job_id))
        return _Job(
            content=b"".join(commands),
            id=job_id,
            in_order=commands.count(ANSWER_IN_ORDER),
            rows=ticket.height,
            longest_command=max(map(len, commands)),
        )

    def _end(self) -> bytes:
        return CUT if self._settings.cutter else feed(_TEAR_OFF_ROWS)

    def _clear(self, talk: Conversation, unsettled: _Job) -> None:
        """Rid the printer of what an unproven print left in it; a fragment is cut off as waste."""
        # A picture cut short swallows whatever follows; white fills it up, and means nothing elsewhere.
        rest = bytes(unsettled.longest_command)
        waste = EMPTY_BUFFER + rest + RECOVER + INITIALIZE + self._end()
        talk.begin()
        talk.send(waste, time.monotonic() + self._allowed(talk, len(waste), unsettled.rows))
        self._unsettled = None

    def _print(self, talk: Conversation, job: _Job) -> Proof:
        allowed = self._allowed(talk, len(job.content), job.rows)
        talk.begin()
        talk.send(job.content, time.monotonic() + allowed)
        deadline = time.monotonic() + allowed
        if self._settings.proof == "estimated" or not talk.answers:
            self._wait_about(talk, job, deadline)
            return Proof.ESTIMATED
        self._wait_for_proof(talk, job, deadline)
        return Proof.PRINTED

    def _allowed(self, talk: Conversation, size: int, rows: int) -> float:
        on_the_wire = size * talk.seconds_per_byte * _SLACK
        return on_the_wire + rows / _SLOWEST_ROWS_PER_SECOND + self._patience.more

    def _usual(self, talk: Conversation, job: _Job) -> float:
        on_the_wire = len(job.content) * talk.seconds_per_byte
        return max(on_the_wire, job.rows / _USUAL_ROWS_PER_SECOND) + _CUT_SECONDS

    def _wait_for_proof(self, talk: Conversation, job: _Job, deadline: float) -> None:
        ask_at = time.monotonic() + self._usual(talk, job)
        while not self._is_proven(talk, job):
            talk.refuse_reported_troubles()
            now = time.monotonic()
            if now >= deadline:
                raise HardwareFault("it never said that the ticket came out", Trouble.NO_ANSWER)
            if now >= ask_at:
                self._is_well(talk)
                now = time.monotonic()
                ask_at = now + _ASK_AGAIN_SECONDS
            talk.hear(max(0.0, min(ask_at, deadline) - now))

    def _is_proven(self, talk: Conversation, job: _Job) -> bool:
        if self._settings.proof == "id" and job.id not in talk.finished:
            return False
        return talk.in_order == job.in_order

    def _wait_about(self, talk: Conversation, job: _Job, deadline: float) -> None:
        """Without proof: wait as long as such a ticket takes, then see that the printer is well."""
        ready = time.monotonic() + self._usual(talk, job)
        while (left := ready - time.monotonic()) > 0:
            talk.refuse_reported_troubles()
            if talk.answers:
                talk.hear(left)
            else:
                time.sleep(left)
        while not self._is_well(talk):
            talk.refuse_reported_troubles()
            if time.monotonic() >= deadline:
                raise HardwareFault("it fell silent", Trouble.NO_ANSWER)

    def _is_well(self, talk: Conversation) -> bool:
        """Whether it says that all is well; False for silence, as the question may wait behind the ticket."""
        health = talk.health(time.monotonic() + self._patience.answers)
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


def _job_id(ticket: Bitmap, job: int) -> bytes:
    """Four printable characters that differ from those of the jobs before."""
    number = crc32(ticket.rows, job)
    return bytes(0x21 + (number >> shift) % 90 for shift in (0, 8, 16, 24))

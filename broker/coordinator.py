"""The coordinator: decide, commit, apply, publish. It alone decides, and nobody hears of anything before it is committed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from secrets import token_hex
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from broker.clock import HubClock
from broker.journal import Journal, JournalFault, Record
from broker.messages import (
    AdoptSettings,
    Answer,
    Command,
    CommandRefused,
    CommandRejected,
    CommandWithdrawn,
    DeedNoted,
    Event,
    JournalRestored,
    NoteClockStep,
    NoteDeed,
    NoteRestore,
    OpenDay,
    Refusal,
    Request,
    Withdraw,
)
from broker.queue import Queue, decide, due
from broker.settings import Hall

__all__ = ["Coordinator"]

log = logging.getLogger(__name__)


class Coordinator:
    """Requests in, answers out; the queue in memory is always what the journal says, and `changed` what moved.

    It knows no MQTT: `broker.hub` carries its requests and answers.
    """

    def __init__(
        self,
        hall: Hall,
        text: str,
        journal: Journal,
        clock: HubClock,
        new_secret: Callable[[], str] = token_hex,
        *,
        admit: Callable[[Request, int], None] = lambda _request, _now: None,
    ) -> None:
        """`admit` raises CommandRejected if the person who asks is not who they say (see `broker.staff`)."""
        self._configured, self._text = hall, text
        self._journal, self._clock, self._new_secret = journal, clock, new_secret
        self._admit = admit
        self.queue = Queue(hall)
        self.fault = ""
        self.changed: list[Event] = []
        self.listening_since = clock.now()
        """When devices could be heard (again), in the hub's time: `broker.hub` moves it when its line was away."""
        self.voiceless: frozenset[int] = frozenset()
        """The counters that no voice can speak for now, as `broker.hub` hears of it."""
        self._step = 0
        self._restored = False
        self._restore()

    def _restore(self) -> None:
        """Make the queue what the journal says it is. Raises JournalFault; nothing is decided until it succeeds."""
        self._restored = False
        queue = Queue(self._configured)
        for event, at in self._journal.replay():
            queue.apply(event, at)
        self.queue, self._restored = queue, True

    def _can_decide(self) -> bool:
        """Whether the queue is what the journal says; after a failed commit it is made so again, if the disk lets us."""
        if not self._restored:
            try:
                self._restore()
            except JournalFault as fault:
                log.error("%s", fault)
                self.fault = str(fault)
        return self._restored

    def start(self) -> None:
        """Adopt the settings, open the day. Raises JournalFault."""
        self._tell_itself((AdoptSettings(text=self._text),))
        self.tick()
        if self.fault:
            raise JournalFault(self.fault)

    def tick(self) -> None:
        """Do what is due without anybody asking: a new day, a lapsed rating, a clock that jumped."""
        self._note_clock(self._clock.compare())
        if not self._can_decide():
            return
        now = self._clock.now()
        commands: list[Command] = list(due(self.queue, now, self.listening_since, self.voiceless))
        if self._step:
            commands.append(NoteClockStep(by_ms=self._step))
        day = (
            datetime.fromtimestamp(now / 1000, ZoneInfo(self.queue.hall.hall.timezone))
            .date()
            .isoformat()
        )
        if day > self.queue.day:
            commands.append(OpenDay(day=day, secret=self._new_secret()))
        if self._tell_itself(commands):
            self._step = 0

    def _note_clock(self, step: int) -> None:
        """A jump is kept until it is written down."""
        self._step += step
        if step:
            log.warning(
                "the system's clock jumped by %d ms; see that the hub's time source is right", step
            )

    def _tell_itself(self, commands: Iterable[Command]) -> bool:
        now = self._clock.now()
        records: list[Record] = []
        for command in commands:
            self._apply(decide(self.queue, command, now), now, records)
        return self._commit(records)

    def handle(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer requests that arrived together: one commit for all, an answer to each, in their order."""
        if not self._can_decide():
            return [self._not_now(request.command_id) for request in requests]
        now = self._clock.now()
        records: list[Record] = []
        answers: list[Answer] = []
        fresh: dict[str, Answer] = {}
        self._journal.begin()
        for request in requests:
            answer = fresh.get(request.command_id) or self._known(request.command_id)
            if answer is None:
                answer = self._answer(request, now, records, fresh)
            answers.append(answer)
        if self._commit(records):
            return answers
        return [
            self._not_now(answer.command_id) if answer.command_id in fresh else answer
            for answer in answers
        ]

    def _answer(
        self, request: Request, now: int, records: list[Record], fresh: dict[str, Answer]
    ) -> Answer:
        """Decide; the answer joins the `fresh` ones of this batch."""
        withdrawn, known = "", None
        if isinstance(request.command, Withdraw):
            withdrawn = request.command.command_id
            known = fresh.get(withdrawn) or self._known(withdrawn)
            if known and known.not_now:
                return Answer(command_id=request.command_id, not_now=known.not_now)
        events = self._decide(request, now, known.events if known else ())
        if known is None and any(isinstance(event, CommandWithdrawn) for event in events):
            # Should the withdrawn command come yet, this is the answer it gets.
            reason = "it was taken back before it came"
            refused = CommandRefused(code=Refusal.WITHDRAWN, reason=reason)
            self._apply((refused,), now, records, replace(request, command_id=withdrawn))
            fresh[withdrawn] = Answer(command_id=withdrawn, events=(refused,))
        self._apply(events, now, records, request)
        fresh[request.command_id] = Answer(command_id=request.command_id, events=events)
        return fresh[request.command_id]

    def _known(self, command_id: str) -> Answer | None:
        try:
            events = self._journal.answer(command_id)
        except JournalFault as fault:
            return Answer(command_id=command_id, not_now=str(fault))
        return Answer(command_id=command_id, events=events) if events else None

    def _not_now(self, command_id: str) -> Answer:
        return Answer(command_id=command_id, not_now=self.fault)

    def _decide(self, request: Request, now: int, known: tuple[Event, ...]) -> tuple[Event, ...]:
        try:
            if request.expires is not None and request.expires < now:
                late = now - request.expires
                raise CommandRejected(
                    Refusal.STALE,
                    f"{type(request.command).__name__} came {late} ms too late; press again",
                )
            self._admit(request, now)
            return decide(self.queue, request.command, now, request.device, known)
        except CommandRejected as rejected:
            return (
                CommandRefused(
                    code=rejected.code,
                    reason=rejected.reason,
                    ticket=rejected.ticket,
                    again=rejected.again,
                ),
            )

    def _apply(
        self,
        events: tuple[Event, ...],
        now: int,
        records: list[Record],
        request: Request | None = None,
    ) -> None:
        """Let the next command of the batch see these events; if the commit fails, all of them are undone."""
        command_id, sender = (request.command_id, _sender(request)) if request else ("", "")
        for event in events:
            self.queue.apply(event, now)
            records.append(
                Record(
                    event=event, at=now, day=self.queue.day, command_id=command_id, sender=sender
                )
            )

    def _commit(self, records: list[Record]) -> bool:
        """True once the records are on the disk; else the queue is again what the journal says."""
        if not records:
            self._journal.end()
            return True
        try:
            self._journal.write(records)
        except JournalFault as fault:
            log.error("%s", fault)
            self.fault = str(fault)
            self._restored = False
            self._can_decide()
            return False
        self.fault = ""
        self.changed += [record.event for record in records]
        return True

    def note(self, told: Iterable[tuple[str, NoteDeed | NoteRestore]]) -> bool:
        """Write down what was done beside the queue, each under its id and once; False if the disk does not let us."""
        if not self._can_decide():
            return False
        now = self._clock.now()
        records: list[Record] = []
        for command_id, command in told:
            known = self._known(command_id) or Answer(command_id=command_id)
            if known.not_now:
                return False
            # A device that asked under this id before has not made it known.
            done = any(isinstance(event, DeedNoted | JournalRestored) for event in known.events)
            for event in () if done else decide(self.queue, command, now):
                self.queue.apply(event, now)
                day = self.queue.day
                records.append(Record(event=event, at=now, day=day, command_id=command_id))
        return self._commit(records) if records else True

    def now(self) -> int:
        """The hub's time, which heartbeats carry and expiries are measured by."""
        return self._clock.now()

    def take_changed(self) -> list[Event]:
        """The events committed since the last call."""
        changed, self.changed = self.changed, []
        return changed

    def problems(self) -> tuple[str, ...]:
        """What the technician should know, as sentences."""
        ahead = self._clock.ahead_ms
        clock = f"the hub's clock was set back by {ahead / 1000:.0f} s; its time runs on until the clock has caught up: check the time source"
        return tuple(
            sentence for sentence in (self.fault, clock if ahead > 2000 else "") if sentence
        )


def _sender(request: Request) -> str:
    """Who asked, as the journal says it: the device, and who sat at it."""
    return f"{request.device}/{request.staff}" if request.staff else request.device

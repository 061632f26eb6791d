"""The hub's run loop: takes commands from the session, has them decided together, sends answers and states. No rule lives here."""

from __future__ import annotations

import argparse
import logging
import math
import queue
import signal
import ssl
import sys
import time
import uuid
from pathlib import Path

import msgspec

from broker.clock import HubClock
from broker.coordinator import Coordinator
from broker.deeds import Deeds
from broker.identity import open_identity
from broker.journal import Journal
from broker.loading import SettingsFault, parse, read
from broker.lock import hold
from broker.messages import (
    JUNK,
    Answer,
    BadMessage,
    CommandRefused,
    CounterState,
    Event,
    HubState,
    Refusal,
    Request,
    TicketIssued,
)
from broker.mosquitto import COORDINATOR
from broker.parent import when_parent_ends
from broker.queue import counter_state, kiosk_state, queue_state
from broker.refused import Refusals, read_word, sentences
from broker.session import Address, Session
from broker.settings import Kind
from broker.staff import Door
from broker.topics import Topics

__all__ = ["Hub", "main"]

log = logging.getLogger(__name__)

BATCH = 256
HEARTBEAT_S = 1.0
LAZY_S = 0.2
REFRESH_S = 30.0
MAX_PAYLOAD = 16_384
RECALLED = 20_000  # rows of the journal: some hours of a large hall

# What no board of a hall is ever told: somebody plays a device that they are not.
FORBIDDEN = {
    Refusal.NOT_YOURS: "rights",
    Refusal.NOT_LENT: "rights",
    Refusal.WRONG_PIN: "pin",
    Refusal.LOCKED: "pin",
}

Inbox = queue.SimpleQueue[tuple[str, bytes] | str]


class Hub:
    """One thread thinks; the session's thread only posts to the inbox."""

    def __init__(
        self,
        coordinator: Coordinator,
        address: Address,
        boot: str,
        tls: ssl.SSLContext | None = None,
        folder: Path | None = None,
    ) -> None:
        """`folder` is where the broker says what it refused, and where PINs and authority are."""
        self._coordinator, self._boot = coordinator, boot
        self._refusals, self._folder, self._line = Refusals(), folder, ""
        self._deeds = Deeds(folder) if folder else None
        hall = coordinator.queue.hall
        self._hall, self._topics = hall, Topics(hall.hall.id)
        self._inbox: Inbox = queue.SimpleQueue()
        self._decode = msgspec.json.Decoder(Request).decode
        self._decode_id = msgspec.json.Decoder(_OnlyId).decode
        self._encode = msgspec.json.Encoder().encode
        self._running = True
        self._due = {"heartbeat": 0.0, "lazy": math.inf, "refresh": 0.0}
        self._lazy: set[str] = set()
        self._shown: dict[int, CounterState] = {}
        self._session = Session(
            address,
            f"{hall.hall.id}-hub",
            subscribe=(self._topics.every_command,),
            will=(self._topics.hub, self._encode(HubState(boot=boot, up=False))),
            on_up=lambda: self._inbox.put("up"),
            on_down=self._inbox.put,
            on_message=lambda topic, payload: self._inbox.put((topic, payload)),
            tls=tls,
        )

    def run(self) -> None:
        self._session.start()
        while self._running:
            batch = self._take()
            for word in (item for item in batch if isinstance(item, str)):
                self._heard(word)
            messages = [item for item in batch if not isinstance(item, str)]
            if messages:
                self._answer(messages)
            self._keep_time()
        self._session.publish(
            self._topics.hub, self._encode(HubState(boot=self._boot, up=False)), retain=True
        )
        self._session.stop()

    def stop(self) -> None:
        self._running = False
        self._inbox.put("stopping")

    def _take(self) -> list[tuple[str, bytes] | str]:
        """What waits in the inbox, all that came together, or nothing once something is due."""
        wait = max(0.0, min(self._due.values()) - time.monotonic())
        batch: list[tuple[str, bytes] | str] = []
        try:
            batch.append(self._inbox.get(timeout=wait))
            while len(batch) < BATCH:
                batch.append(self._inbox.get_nowait())
        except queue.Empty:
            pass
        return batch

    def _heard(self, word: str) -> None:
        if word == "up":
            log.info("connected to the broker")
            self._due["heartbeat"] = self._due["refresh"] = 0.0
        elif word not in ("stopping", self._line):
            log.warning("%s; trying again", word)
        self._line = word

    # --- commands in, answers and urgent states out -------------------------------------------------

    def _answer(self, messages: list[tuple[str, bytes]]) -> None:
        asked: list[tuple[str, Request]] = []
        for topic, payload in messages:
            board = self._topics.last_level(topic)
            try:
                asked.append((board, self._read(board, payload)))
            except BadMessage as bad:
                self._refuse(board, payload, str(bad))
        answers = self._coordinator.handle([request for _, request in asked])
        # States first: they are what the clerk and the visitor look at.
        self._show(self._coordinator.take_changed())
        for (board, request), answer in zip(asked, answers, strict=True):
            self._count(board, request, answer)
            self._session.publish(self._topics.answer(board), self._encode(answer))

    def _read(self, board: str, payload: bytes) -> Request:
        if len(payload) > MAX_PAYLOAD:
            raise BadMessage(f"{len(payload)} bytes are more than a command has")
        try:
            request = self._decode(payload)
        except JUNK as fault:
            raise BadMessage(f"no command of this hall: {fault}") from fault
        if self._hall.board_of.get(request.device) != board:
            raise BadMessage(
                f"the board speaks for {request.device!r}, which it does not host by the hub's settings"
            )
        return request

    def _count(self, board: str, request: Request, answer: Answer) -> None:
        """What a device asked that only another may: the technician is to see it."""
        for event in answer.events:
            if isinstance(event, CommandRefused) and event.code in FORBIDDEN:
                who = f"{request.device} of board {board}"
                self._refusals.note(
                    who, FORBIDDEN[event.code], event.reason, self._coordinator.now()
                )

    def _refuse(self, board: str, payload: bytes, reason: str) -> None:
        """Log and drop; if the junk has an id, tell its sender, so that it stops asking."""
        log.warning("message from board %r dropped: %s", board, reason)
        self._refusals.note(f"board {board}", "message", reason, self._coordinator.now())
        try:
            command_id = self._decode_id(payload[:MAX_PAYLOAD]).command_id
        except JUNK:
            return
        refused = CommandRefused(code=Refusal.BAD_MESSAGE, reason=reason)
        answer = Answer(command_id=command_id, events=(refused,))
        self._session.publish(self._topics.answer(board), self._encode(answer))

    def _show(self, events: list[Event]) -> None:
        """Publish the counters that moved at once; what nobody watches by the second waits for `_keep_time`."""
        for counter in {event.counter for event in events if hasattr(event, "counter")}:
            self._show_counter(counter)
        for event in events:
            match event:
                case TicketIssued(kiosk=kiosk):
                    self._owe(kiosk)
                case CommandRefused():
                    pass
                case _:
                    ticket = self._coordinator.queue.tickets.get(getattr(event, "ticket", ""))
                    self._owe(ticket.kiosk if ticket else "")

    def _owe(self, kiosk: str) -> None:
        """The waiting counts moved, and what this kiosk owes paper for."""
        if not self._lazy:
            self._due["lazy"] = time.monotonic() + LAZY_S
        self._lazy.add(kiosk)

    def _show_counter(self, counter: int) -> None:
        if counter in self._hall.counter:
            state = self._shown[counter] = counter_state(self._coordinator.queue, counter)
            self._session.publish(self._topics.counter(counter), self._encode(state), retain=True)

    # --- what is due ----------------------------------------------------------------------------------

    def _keep_time(self) -> None:
        now = time.monotonic()
        if now >= self._due["heartbeat"]:
            self._due["heartbeat"] = now + HEARTBEAT_S
            day = self._coordinator.queue.day
            self._coordinator.tick()
            if self._deeds and self._coordinator.note(self._deeds.fresh()):
                self._deeds.noted()
            self._show(self._coordinator.take_changed())
            if self._coordinator.queue.day != day:
                self._due["refresh"] = 0.0
            self._beat()
        if now >= self._due["refresh"]:
            self._due["refresh"] = now + REFRESH_S
            self._show_all()
        if now >= self._due["lazy"]:
            self._show_lazy()

    def _beat(self) -> None:
        at = self._coordinator.now()
        state = HubState(boot=self._boot, at=at, problems=self._problems(at))
        self._session.publish(self._topics.hub, self._encode(state), retain=True)

    def _problems(self, at: int) -> tuple[str, ...]:
        """What the technician should know, as sentences."""
        refused = self._refusals.all(at)
        if self._folder is not None:
            refused += read_word(self._folder)
        return self._coordinator.problems() + sentences(refused, self._hall.hall.timezone)

    def _show_lazy(self) -> None:
        queue_ = self._coordinator.queue
        for counter in self._hall.counter:
            # Whom a counter waits for, or has on hold, may change without its doing anything.
            if counter_state(queue_, counter) != self._shown.get(counter):
                self._show_counter(counter)
        for kiosk in self._lazy - {""}:
            self._session.publish(
                self._topics.kiosk(kiosk), self._encode(kiosk_state(queue_, kiosk)), retain=True
            )
        self._session.publish(
            self._topics.queue,
            self._encode(queue_state(queue_, self._coordinator.now())),
            retain=True,
        )
        self._lazy.clear()
        self._due["lazy"] = math.inf

    def _show_all(self) -> None:
        for counter in self._hall.counter:
            self._show_counter(counter)
        kiosks = (
            device.id for device in self._hall.device.values() if device.kind is Kind.TICKET_KIOSK
        )
        self._lazy.update(kiosks)
        self._show_lazy()


class _OnlyId(msgspec.Struct):
    command_id: str


def main(argv: list[str]) -> int:
    """`jiaohao coordinator`: run the hub's coordinator until it is told to stop."""
    parser = argparse.ArgumentParser(
        prog="jiaohao coordinator", description="Run the coordinator of a hall."
    )
    parser.add_argument("--hall", type=Path, required=True, help="hall.toml")
    parser.add_argument(
        "--broker", type=Address.parse, help="host:port; as in hall.toml if not given"
    )
    parser.add_argument("--data", type=Path, default=Path("var"), help="folder of the journal")
    parser.add_argument(
        "--identity", type=Path, help="the hub's own, from `jiaohao ca`; then over TLS"
    )
    parser.add_argument("--until-eof", action="store_true", help="end when the standard input ends")
    options = parser.parse_args(argv)
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    try:
        tls = open_identity(options.identity, COORDINATOR) if options.identity else None
        lock = hold(options.data / "coordinator.lock", "another coordinator")
        text = read(options.hall)
        hall = parse(text, str(options.hall))
        journal = Journal(options.data / "journal.db")
        clock = HubClock(time.time, time.monotonic, not_before=journal.last_at)
        door = Door(hall, options.data)
        door.recall(journal.rows(after=max(0, journal.seq - RECALLED)))
        coordinator = Coordinator(hall, text, journal, clock, admit=door.admit)
        coordinator.start()
    except (OSError, SettingsFault) as fault:
        sys.stderr.write(f"the coordinator cannot start: {fault}\n")
        return 1
    port = hall.broker.tls_port if options.identity else hall.broker.port
    address = options.broker or Address(hall.broker.host, port)
    hub = Hub(coordinator, address, uuid.uuid4().hex[:8], tls, options.data)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: hub.stop())
    if options.until_eof:
        when_parent_ends(hub.stop)
    hub.run()
    journal.close()
    lock.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

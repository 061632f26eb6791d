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
from collections.abc import Iterable
from pathlib import Path
from time import sleep

import msgspec

from broker.backup.marks import refuse_half_done, to_note
from broker.backup.word import read_word as read_backup_word
from broker.backup.word import sentences as backup_sentences
from broker.boot_faults import boot_faults
from broker.busy import Busy
from broker.card_key import KEY_FILE, CardKeys
from broker.clock import HubClock
from broker.coordinator import Coordinator
from broker.deeds import Deeds
from broker.hosts import REMEMBERED_DAYS
from broker.identity import open_identity
from broker.intake import MAX_PAYLOAD, Intake
from broker.journal import Journal, JournalFault
from broker.loading import SettingsFault, parse, read
from broker.lock import hold
from broker.messages import (
    JUNK,
    Answer,
    BadMessage,
    CommandRefused,
    Event,
    GuideAnswered,
    GuideCalled,
    HallEvent,
    HubState,
    Presence,
    Request,
    State,
    TicketCalled,
    TicketIssued,
    TicketRecalled,
)
from broker.mosquitto import COORDINATOR
from broker.notify import System
from broker.parent import when_parent_ends
from broker.pulse import Pulse
from broker.queue import UNTAKEN_AFTER_MS
from broker.refused import read_word, sentences
from broker.session import Address, Session
from broker.showing import Showing
from broker.staff import Door
from broker.topics import Topics
from broker.voices import Voices
from broker.watchdog import Vitals, Watchdog, watchdog_of_this_service

__all__ = ["Hub", "main"]

log = logging.getLogger(__name__)

BATCH = 256
HEARTBEAT_S = 1.0
LAZY_S = 0.2
REFRESH_S = 30.0
BACK_MS = 1500  # as long as boards may need to find a broker again that was away
NEVER = 2**62
APART_S = 0.0005  # a board that hears its answer while it begins to show the state does both later
NO_LIMIT = (
    "tickets are not limited by person, nor appointments found by card: the day's key for card readers does not travel in the clear;"
    " give hub and boards their --identity"
)
RECALLED = 20_000  # rows of the journal: some hours of a large hall

Inbox = queue.SimpleQueue[tuple[str, bytes] | str]


class Hub:
    """One thread thinks; the session's thread only posts to the inbox."""

    def __init__(
        self,
        coordinator: Coordinator,
        address: Address,
        boot: str,
        tls: ssl.SSLContext | None = None,
        *,
        folder: Path | None = None,
        earlier: Iterable[str] = (),
        watchdog: Watchdog | None = None,
    ) -> None:
        """`folder` is where the broker says what it refused, and where PINs, authority and the day's key are.

        `earlier` are texts of settings, by which another board may have hosted a device: see `broker.hosts`.
        """
        hall = coordinator.queue.hall
        self._coordinator, self._boot = coordinator, boot
        self._intake, self._folder = Intake(hall, earlier), folder
        self._line, self._disk = "not connected yet", boot_faults()
        self._watchdog, self._pulse = watchdog or Watchdog(System({})), Pulse("line")
        self._deeds = Deeds(folder) if folder else None
        self._hall, self._topics = hall, Topics(hall.hall.id)
        self._voices = Voices(hall)
        self._card_keys = CardKeys(folder / KEY_FILE) if folder else None
        self._encrypted = tls is not None
        self._inbox: Inbox = queue.SimpleQueue()
        self._decode_presence = msgspec.json.Decoder(Presence).decode
        self._encode = msgspec.json.Encoder().encode
        self._running = True
        self._busy = Busy.of_this_service()
        self._due = {"heartbeat": 0.0, "lazy": math.inf, "refresh": 0.0}
        self._looks: list[float] = []
        """When to look whether a call was taken up, or one that was is without its voice now."""
        coordinator.listening_since = NEVER
        self._lazy: set[str] = set()
        self._showing = Showing(hall, self._keep)
        self._session = Session(
            address,
            f"{hall.hall.id}-hub",
            subscribe=(self._topics.every_command, self._topics.every_presence),
            will=(self._topics.hub, self._encode(HubState(boot=boot, up=False))),
            on_up=lambda: self._inbox.put("up"),
            on_down=self._inbox.put,
            on_message=lambda topic, payload: self._inbox.put((topic, payload)),
            tls=tls,
            pulse=self._pulse,
        )

    def run(self) -> None:
        self._session.start()
        while self._running:
            batch = self._take()
            for word in (item for item in batch if isinstance(item, str)):
                self._heard(word)
            messages = [item for item in batch if not isinstance(item, str)]
            commands = [item for item in messages if not self._saw_board(*item)]
            if commands:
                self._answer(commands)
            self._keep_time()
        self._watchdog.stopping()
        self._keep(self._topics.hub, HubState(boot=self._boot, up=False))
        self._session.stop()

    def stop(self) -> None:
        self._running = False
        self._inbox.put("stopping")

    def _take(self) -> list[tuple[str, bytes] | str]:
        """What waits in the inbox, all that came together, or nothing once something is due."""
        due = min(*self._due.values(), *self._looks, self._watchdog.due)
        wait = max(0.0, due - time.monotonic())
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
            self._coordinator.listening_since = self._coordinator.now() + BACK_MS
        elif word != "stopping":
            self._coordinator.listening_since = NEVER
            if word != self._line:
                log.warning("%s; trying again", word)
        self._line = word

    def _saw_board(self, topic: str, payload: bytes) -> bool:
        """Whether it was a board's presence: a call that its voices cannot speak any more is told to the clerk at once."""
        board = self._topics.last_level(topic)
        if topic != self._topics.presence(board):
            return False
        try:
            self._voices.hear(board, self._decode_presence(payload[:MAX_PAYLOAD]))
        except JUNK:
            return True  # a technician's console shows it as it is
        if self._voices.away != self._coordinator.voiceless:
            self._coordinator.voiceless = self._voices.away
            self._looks.append(0.0)
        return True

    # --- commands in, answers and urgent states out -------------------------------------------------

    def _answer(self, messages: list[tuple[str, bytes]]) -> None:
        asked: list[tuple[str, Request]] = []
        for topic, payload in messages:
            board = self._topics.last_level(topic)
            try:
                asked.append((board, self._intake.read(board, payload)))
            except BadMessage as bad:
                told = self._intake.refuse(board, payload, str(bad), self._coordinator.now())
                if told is not None:
                    self._tell(board, told)
        answers = self._coordinator.handle([request for _, request in asked])
        # States first: they are what the clerk and the visitor look at.
        self._show(self._coordinator.take_changed())
        if len(asked) == 1:
            sleep(APART_S)
        for (board, request), answer in zip(asked, answers, strict=True):
            self._intake.count(board, request, answer, self._coordinator.now())
            self._tell(board, answer)

    def _tell(self, board: str, answer: Answer) -> None:
        self._session.publish(self._topics.answer(board), self._encode(answer))

    def _show(self, events: list[Event]) -> None:
        """Publish the counters that moved at once, and what all must know; what nobody watches by the second waits for `_keep_time`."""
        queue_ = self._coordinator.queue
        if any(isinstance(event, HallEvent) for event in events):
            self._showing.whole_hall(queue_)
        for counter in {event.counter for event in events if hasattr(event, "counter")}:
            self._showing.counter(queue_, counter)
        for event in events:
            match event:
                case (
                    TicketIssued(kiosk=kiosk)
                    | GuideCalled(kiosk=kiosk)
                    | GuideAnswered(kiosk=kiosk)
                ):
                    self._owe(kiosk)
                case CommandRefused():
                    pass
                case _:
                    ticket = queue_.tickets.get(getattr(event, "ticket", ""))
                    self._owe(ticket.kiosk if ticket else "")
            if isinstance(event, TicketCalled | TicketRecalled):
                away = event.counter in self._voices.away
                self._looks.append(time.monotonic() + (0 if away else UNTAKEN_AFTER_MS / 1000))

    def _owe(self, kiosk: str) -> None:
        """The waiting counts moved, and what this kiosk owes paper for."""
        if not self._lazy:
            self._due["lazy"] = time.monotonic() + LAZY_S
        self._lazy.add(kiosk)

    def _keep(self, topic: str, state: State) -> None:
        self._session.publish(topic, self._encode(state), retain=True)

    # --- what is due ----------------------------------------------------------------------------------

    def _keep_time(self) -> None:
        now = time.monotonic()
        if now >= self._due["heartbeat"]:
            self._due["heartbeat"] = now + HEARTBEAT_S
            self._do_what_is_due()
            self._beat()
        elif self._looks and now >= min(self._looks):
            self._do_what_is_due()
        if now >= self._due["refresh"]:
            self._due["refresh"] = now + REFRESH_S
            self._show_all()
        if now >= self._due["lazy"]:
            self._show_lazy()
        if now >= self._watchdog.due:
            line = "" if self._line == "up" else self._line
            fault = self._coordinator.fault
            vitals = Vitals(link=not line, why=line, parts={"journal": not fault})
            self._watchdog.look(now, (self._pulse,), vitals)

    def _do_what_is_due(self) -> None:
        now, day = time.monotonic(), self._coordinator.queue.day
        self._coordinator.tick()
        if self._deeds and self._coordinator.note(self._deeds.fresh()):
            self._deeds.noted()
        self._looks = [at for at in self._looks if at > now]
        self._show(self._coordinator.take_changed())
        if self._coordinator.queue.day != day:
            self._due["refresh"] = 0.0

    def _beat(self) -> None:
        self._busy.be(any(desk.ticket for desk in self._coordinator.queue.desks.values()))
        at = self._coordinator.now()
        state = HubState(boot=self._boot, at=at, problems=self._problems(at))
        self._keep(self._topics.hub, state)

    def _problems(self, at: int) -> tuple[str, ...]:
        """What the technician should know, as sentences."""
        refused = self._intake.refused(at)
        zone, backup = self._hall.hall.timezone, None
        if self._folder is not None:
            refused += read_word(self._folder)
            backup = read_backup_word(self._folder)
        no_limit = NO_LIMIT if self._hall.keyed_boards and not self._encrypted else ""
        key = self._card_keys.fault if self._card_keys else ""
        about_keys = tuple(filter(None, (no_limit, key)))
        kept = backup_sentences(backup, self._hall.backup, at, zone)
        return (
            self._coordinator.problems() + self._disk + about_keys + kept + sentences(refused, zone)
        )

    def _show_lazy(self) -> None:
        coordinator = self._coordinator
        self._showing.lines(coordinator.queue, self._lazy - {""}, coordinator.now())
        self._lazy.clear()
        self._due["lazy"] = math.inf

    def _show_all(self) -> None:
        self._showing.all(self._coordinator.queue, self._coordinator.now())
        self._lazy.clear()
        self._due["lazy"] = math.inf
        self._give_card_key()

    def _give_card_key(self) -> None:
        """To the boards that need it, each on a topic of its own; without TLS to nobody, and then there is none."""
        if self._card_keys is None:
            return
        if not (self._encrypted and self._hall.keyed_boards):
            self._card_keys.forget()
            return
        key = self._card_keys.of(self._coordinator.queue.day)
        if key is None:
            return
        for board in self._hall.keyed_boards:
            self._keep(self._topics.card_key(board), key)


def _make_room(journal: Journal) -> None:
    try:
        journal.make_room()
    except JournalFault as fault:
        log.warning("%s", fault)


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
        refuse_half_done(options.data)
        text = read(options.hall)
        hall = parse(text, str(options.hall))
        journal = Journal(options.data / "journal.db")
        _make_room(journal)
        clock = HubClock(time.time, time.monotonic, not_before=journal.last_at)
        door = Door(hall, options.data)
        door.recall(journal.rows(after=max(0, journal.seq - RECALLED)))
        coordinator = Coordinator(hall, text, journal, clock, admit=door.admit)
        coordinator.start()
        if not coordinator.note(to_note(options.data)):
            raise JournalFault(coordinator.fault)
        earlier = journal.adopted(coordinator.now() - REMEMBERED_DAYS * 24 * 3600 * 1000)
    except (OSError, SettingsFault) as fault:
        sys.stderr.write(f"the coordinator cannot start: {fault}\n")
        return 1
    port = hall.broker.tls_port if options.identity else hall.broker.port
    address = options.broker or Address(hall.broker.host, port)
    hub = Hub(
        coordinator,
        address,
        uuid.uuid4().hex[:8],
        tls,
        folder=options.data,
        earlier=earlier,
        watchdog=watchdog_of_this_service(),
    )
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

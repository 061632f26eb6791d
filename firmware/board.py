"""One Pi, one process, one identity: hosts the devices that its settings name. It wires; it decides nothing."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from msgspec.structs import asdict, replace

from broker.boot_faults import boot_faults
from broker.busy import Busy
from broker.hearing import Unanswered
from broker.identity import open_identity
from broker.link import Link, Word
from broker.loading import SettingsFault
from broker.lock import hold
from broker.notify import System
from broker.outbox import Outbox
from broker.pulse import Pulse
from broker.session import Address, Session
from broker.settings import Board, Hall, Kind
from broker.topics import Topics
from broker.watchdog import Vitals, Watchdog, watchdog_of_this_service
from broker.whereabouts import NAME as PLACE
from broker.whereabouts import SEARCH_S, Place, Whereabouts, read_place, write_place
from firmware.check import load, notes, with_catalogue, with_photos
from firmware.daemon import Inbox, Timers, Worker
from firmware.device import (
    Effect,
    Event,
    Failed,
    PartHealth,
    Past,
    Remember,
    Send,
    StartTimer,
    TimerFired,
)
from firmware.hal import Trouble
from firmware.hosted import Hosted, Opener
from firmware.parts import open_parts

__all__ = ["BoardLoop", "Opener", "main", "run_board"]

log = logging.getLogger(__name__)

Value = TypeVar("Value", int, str)


@dataclass(frozen=True, slots=True)
class _Marked:
    """An effect that is done at most once, and is marked on the disk now; `until` is in the hub's time."""

    device: str
    worker: Worker
    effect: Effect
    until: int


class BoardLoop:
    """The one thread that thinks: takes from the inbox, lets the device think, hands its effects on."""

    def __init__(
        self,
        hall: Hall,
        board: Board,
        data: Path,
        opener: Opener,
        open_session: Callable[..., Session] = Session,
        *,
        watchdog: Watchdog | None = None,
        line: Pulse | None = None,
    ) -> None:
        """`line` is the pulse of the session's own thread; the watchdog is fed while it and all others beat."""
        self._watchdog = watchdog or Watchdog(System({}))
        self._line, self._usable = line, dict[str, bool]()
        self._inbox: Inbox[tuple[str, Event] | _Marked | Word | None] = Inbox()
        self._timers = Timers()
        self._running = True
        self._outbox = Outbox(data / f"{board.id}.db")
        self._hall = hall
        self._busy = Busy.of_this_service()
        self.link = Link(
            board=board.id,
            boot=uuid.uuid4().hex[:8],
            topics=Topics(hall.hall.id),
            outbox=self._outbox,
            post=self._inbox.post,
            new_id=lambda: uuid.uuid4().hex,
            monotonic=time.monotonic,
            wall=time.time,
            open_session=open_session,
        )
        self._devices = {
            device.id: Hosted(
                hall,
                device,
                opener,
                self._past_of(device.id),
                self._post_for(device.id),
            )
            for device in board.devices
        }

    def _past_of(self, device: str) -> Past:
        kept = tuple(
            request.command for request in self._outbox.waiting() if request.device == device
        )
        marks, remembered = self._outbox.marks(), self._outbox.remembered()
        return Past(_own(marks, device), _own(remembered, device), kept)

    def _post_for(self, device: str) -> Callable[[Event], None]:
        return lambda event: self._inbox.post((device, event))

    def run(self, address: Address) -> None:
        devices = [self._hall.device[name] for name in self._devices]
        counters = {number for device in devices for number in self._hall.watched_by(device)}
        kiosks = tuple(device.id for device in devices if device.kind is Kind.TICKET_KIOSK)
        for name, hosted in self._devices.items():
            for worker in hosted.workers:
                worker.start()
            self._do(name, hosted.mind.start())
        keyed = self.link.board in self._hall.keyed_boards
        self.link.start(address, tuple(sorted(counters)), kiosks, keyed=keyed)
        while self._running:
            self._turn()
        self._watchdog.stopping()
        self.link.stop()
        for hosted in self._devices.values():
            for worker in hosted.workers:
                worker.stop()
        self._outbox.close()

    def stop(self) -> None:
        """From any thread, or a signal."""
        self._running = False
        self._inbox.post(None)

    def _turn(self) -> None:
        due = min(self.link.next_tick(), self._timers.next() or float("inf"), self._watchdog.due)
        item = self._inbox.take(due - time.monotonic())
        if isinstance(item, tuple):
            self._hear(*item)
        elif isinstance(item, _Marked):
            self._do_marked(item)
        elif item is not None:
            for device, heard in self.link.hear(item):
                self._hear(device, heard)
        for device, heard in self.link.tick():
            self._hear(device, heard)
        for device, name in self._timers.fired(time.monotonic()):
            self._hear(device, TimerFired(name))
        self._busy.be(any(hosted.mind.serving for hosted in self._devices.values()))
        if (now := time.monotonic()) >= self._watchdog.due:
            self._watchdog.look(now, self._pulses(), self._vitals())

    def _pulses(self) -> list[Pulse]:
        """Of every thread but this one, which shows that it lives by looking."""
        workers = [worker for hosted in self._devices.values() for worker in hosted.workers]
        found = [pulse for worker in workers for pulse in worker.pulses]
        return [*([self._line] if self._line else []), self._outbox.pulse, *found]

    def _vitals(self) -> Vitals:
        why = self.link.why_alone
        return Vitals(link=not why, why=why, parts=dict(self._usable))

    def _hear(self, device: str, event: Event) -> None:
        """Let a device (or, unnamed, all of them) hear an event; one bad device stops no other."""
        for name in [device] if device else list(self._devices):
            if isinstance(event, PartHealth):
                self.link.report(f"{name} {event.part}", tuple(event.health.troubles))
                self._usable[f"{name} {event.part}"] = event.health.usable
            hosted = self._devices.get(name)
            if hosted is None:
                continue
            try:
                effects = hosted.mind.handle(event, self.link.hub_time())
            except Exception:
                log.exception("%s failed at %r and goes on; please report this", name, event)
            else:
                self._do(name, effects)

    def _do(self, device: str, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            match effect:
                case Send(command=command, lives_s=lives_s):
                    refused = self.link.ask(device, command, lives_s)
                    if refused:
                        self._inbox.post((device, Unanswered(refused.command, refused.why)))
                case Remember(name=name, value=value):
                    self._outbox.remember(f"{device}/{name}", value)
                case StartTimer(name=name, seconds=seconds):
                    self._timers.start(device, name, seconds, time.monotonic())
                case _:
                    self._hand_on(device, effect)

    def _hand_on(self, device: str, effect: Effect) -> None:
        hosted = self._devices[device]
        marked = hosted.wiring.once.get(type(effect))
        for worker in hosted.doing(effect):
            if marked is None:
                worker.do(effect)
            else:
                name, until = marked(effect)
                done = _Marked(device, worker, effect, until)
                self._outbox.mark(f"{device}/{name}", until, partial(self._inbox.post, done))

    def _do_marked(self, marked: _Marked) -> None:
        """A card can stall for longer than a call is valid: what is too late by now is not done any more."""
        if self.link.hub_time() < marked.until:
            marked.worker.do(marked.effect)
        else:
            late = Failed(marked.effect, "the board's disk was too slow for it", Trouble.BROKEN)
            self._hear(marked.device, late)


def _own(all_: dict[str, Value], device: str) -> dict[str, Value]:
    """Of what stands under "device/name" that of one device, by name."""
    return {
        name.removeprefix(f"{device}/"): value
        for name, value in all_.items()
        if name.startswith(f"{device}/")
    }


def run_board(
    hall: Hall,
    board: str,
    *,
    broker: tuple[str, int],
    data: Path,
    open_part: Opener | None = None,
    identity: Path | None = None,
    server_name: str = "",
) -> None:
    """Run a board until SIGTERM or SIGINT. `open_part` opens each part, else its real hardware is opened.

    `identity` is the board's folder by which the broker knows it; without one the line is plain, for trying.
    `server_name` is the name that the broker's certificate must have, if that is not where it is.
    """
    found = next((b for b in hall.boards if b.id == board), None)
    if found is None:
        known = ", ".join(b.id for b in hall.boards)
        raise ValueError(f"there is no board {board!r} in hall.toml; there are: {known}")
    lock = hold(data / f"{board}.lock", f"board {board!r}")
    pulse = Pulse("line")
    line: Callable[..., Session] = Session
    if identity:
        line = _line(
            hall, board, broker, data, identity=identity, server_name=server_name or broker[0]
        )
    loop = BoardLoop(
        hall,
        found,
        data,
        open_part or open_parts(),
        partial(line, pulse=pulse),
        watchdog=watchdog_of_this_service(),
        line=pulse,
    )
    loop.link.report("disk", boot_faults())
    if threading.current_thread() is threading.main_thread():
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: loop.stop())
    loop.run(Address(*broker))
    lock.close()


def _line(
    hall: Hall, board: str, broker: tuple[str, int], data: Path, *, identity: Path, server_name: str
) -> Callable[..., Session]:
    """How a board with an identity reaches its broker: it finds the hub again where that has moved to."""
    tls = open_identity(identity, board)
    host, port = broker
    desk_port = hall.broker.desk_port
    said = Place(host=host, server_name=server_name, port=port, desk_port=desk_port)

    def look() -> tuple[Place, ...]:
        from broker.finding import find

        return tuple(replace(said, **asdict(one)) for one in find(hall.hall.id, SEARCH_S))

    last, keep = read_place(data / PLACE), partial(write_place, data / PLACE)
    whereabouts = Whereabouts(said, last, look, keep, time.monotonic)
    return partial(Session, tls=tls, whereabouts=whereabouts)


def main(argv: list[str]) -> int:
    """`jiaohao board`: run the devices of one board on real hardware."""
    parser = argparse.ArgumentParser(
        prog="jiaohao board", description="Run one board of a hall on this machine's hardware."
    )
    parser.add_argument("--hall", type=Path, required=True, help="hall.toml")
    parser.add_argument("--board", required=True, help="the board's id in hall.toml")
    parser.add_argument(
        "--broker", type=Address.parse, help="host:port; as in hall.toml if not given"
    )
    parser.add_argument(
        "--server-name", default="", help="the name in the broker's certificate, if not its address"
    )
    parser.add_argument(
        "--data", type=Path, default=Path("var"), help="folder of the board's durable log"
    )
    parser.add_argument(
        "--identity", type=Path, help="folder that `jiaohao ca` made for this board; then over TLS"
    )
    options = parser.parse_args(argv)
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    try:
        hall = with_catalogue(load(options.hall, options.board), options.hall, options.board)
        hall = with_photos(hall, options.hall)
        for note in notes(hall, options.board):
            log.warning("%s", note)
        port = hall.broker.tls_port if options.identity else hall.broker.port
        address = options.broker or Address(hall.broker.host, port)
        run_board(
            hall,
            options.board,
            broker=(address.host, address.port),
            data=options.data,
            open_part=open_parts(options.hall.parent),
            identity=options.identity,
            server_name=options.server_name,
        )
    except (OSError, SettingsFault) as fault:
        sys.stderr.write(f"the board cannot start:\n{fault}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

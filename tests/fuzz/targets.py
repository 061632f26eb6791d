"""What is fuzzed: the hub, a board's link, every device's mind, and the settings; each takes one odd input after another."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Any, Protocol, cast

import msgspec

from broker.clock import HubClock
from broker.coordinator import Coordinator
from broker.hearing import Alone, Answered, Cause, Kept, Together, Unanswered
from broker.hub import Hub
from broker.journal import Journal
from broker.loading import check, parse
from broker.messages import (
    Answer,
    CounterState,
    DeviceCommand,
    Event,
    KioskState,
    Presence,
    QueueState,
    Request,
    State,
)
from broker.session import Address, Session
from broker.settings import Hall
from firmware.announcer.announcer import Announcer
from firmware.caller_panel.panel import CallerPanel
from firmware.counter_display.display import CounterDisplay
from firmware.device import Effect, KeyPressed, Thinking, TimerFired
from firmware.hall_display.display import HallDisplay
from firmware.rating_pad.pad import RatingPad
from firmware.ticket_kiosk.kiosk import TicketKiosk
from tests.fuzz.buses import InBxkFrames, InFf68Frames, InStripFrames
from tests.fuzz.printers import FromPrinters
from tests.fuzz.readers import FromCardReaders, FromKeyboards, FromScanners, FromTouchScreens
from tests.fuzz.shapes import bent, noise, shaped
from tests.queue.halls import NINE
from tests.queue.lines import ANSWER, PRESENCE, TOPICS, BoardOnTheLine

__all__ = ["TARGETS", "Target"]

SAMPLE = files("broker").joinpath("halls", "sample.toml").read_text(encoding="utf-8")
TICKETS = ("A001", "A002", "B001", "C001")


class Target(Protocol):
    """`feed` takes one input; an exception is a crash. `close` ends it, and finds what must hold afterwards."""

    def feed(self, random: Random) -> None: ...

    def close(self) -> None: ...


class SilentSession:
    """A session that goes nowhere."""

    def publish(self, topic: str, payload: bytes, **_how: object) -> None:
        assert topic.startswith("jiaohao/")
        assert msgspec.json.decode(payload) is not None


class AtTheHub:
    """Odd requests, to a real hub on a real journal; several share a commit, as they do on a busy day."""

    BATCH = 25

    def __init__(self, folder: Path) -> None:
        hall = parse(SAMPLE)
        self._now = NINE / 1000
        self._journal = Journal(folder / "journal.db")
        clock = HubClock(lambda: self._now, lambda: self._now)
        self._coordinator = Coordinator(hall, SAMPLE, self._journal, clock)
        self._coordinator.start()
        self._hub = Hub(self._coordinator, Address("nowhere", 1), "boot")
        self._hub._session = cast("Session", SilentSession())
        self._batch: list[tuple[str, bytes]] = []
        self._devices = [*hall.board_of, "nobody"]
        self._board_of = hall.board_of
        self._words = (*hall.service, *TICKETS, "green", "elderly", self._coordinator.queue.day)

    def feed(self, random: Random) -> None:
        self._batch.append(self._message(random))
        if len(self._batch) < self.BATCH:
            return
        batch, self._batch = self._batch, []
        self._now += random.random() * 30
        self._hub._answer(batch)
        self._coordinator.tick()
        self._hub._show(self._coordinator.take_changed())
        assert self._coordinator.fault == ""

    def _message(self, random: Random) -> tuple[str, bytes]:
        device = random.choice(self._devices)
        board = self._board_of.get(device, "nobody")
        if random.random() < 0.1:
            return f"jiaohao/sample/command/{board}", noise(random)
        request = {
            "command_id": f"f{random.randrange(10**6)}",
            "device": device,
            "command": shaped(random, DeviceCommand, self._words),
        }
        payload = msgspec.json.encode(request)
        return f"jiaohao/sample/command/{board}", bent(
            random, payload
        ) if random.random() < 0.3 else payload

    def close(self) -> None:
        again = Coordinator(
            parse(SAMPLE), SAMPLE, self._journal, HubClock(lambda: self._now, lambda: self._now)
        )
        assert again.queue == self._coordinator.queue, "the replay is not the live state"
        assert self._journal.verify() == ""
        self._journal.close()


class OnTheLine:
    """Odd messages to a board's link: answers, presences, states, and what is none of them."""

    def __init__(self, folder: Path) -> None:
        self._line = BoardOnTheLine(folder)
        self._line.connect()
        self._topics = [ANSWER, PRESENCE, TOPICS.hub, TOPICS.queue, TOPICS.counter(1), "x", ""]

    def feed(self, random: Random) -> None:
        kind = random.choice((Answer, Presence, State, Event, Request))
        payload = msgspec.json.encode(shaped(random, kind, (*TICKETS, "c1", "c2", "counter-1")))
        if random.random() < 0.4:
            payload = bent(random, payload)
        self._line.session.on_message(random.choice(self._topics), payload)
        self._line.heard()
        self._line.hands.pass_(random.random())
        self._line.link.tick()
        self._line.session.published.clear()

    def close(self) -> None:
        self._line.outbox.close()


class InTheMind:
    """Any state, answer, key or silence, in any order, to every device; whatever a link can tell them."""

    def __init__(self, _folder: Path) -> None:
        hall = parse(SAMPLE)
        self._hall = hall
        self._minds: list[Thinking] = [
            TicketKiosk(hall, "kiosk-1"),
            *(CallerPanel(hall, counter) for counter in hall.counters),
            RatingPad(hall.phrases, 1, hall.rules.rating_correct_s),
            Announcer(hall, hall.counters_in("main"), {}),
            HallDisplay(hall, hall.counters_in("")),
            CounterDisplay(hall, hall.counter[1]),
        ]
        self._effects: list[tuple[Effect, ...]] = [mind.start() for mind in self._minds]
        self._decode_state = msgspec.json.Decoder(State).decode
        self._decode_events = msgspec.json.Decoder(tuple[Event, ...]).decode
        self._decode_command = msgspec.json.Decoder(DeviceCommand).decode
        keys = {
            key
            for device in hall.device.values()
            for key in device.hardware.get("keys", {}).get("keys", {})
        }
        self._keys = [
            *sorted(keys),
            "",
            "nonsense",
            "transfer:",
            "transfer:99999",
            "hold:any",
            "help",
        ]
        self._words = (*hall.service, *TICKETS, "kiosk-1")

    def feed(self, random: Random) -> None:
        event = self._event(random)
        for mind in self._minds:
            effects = mind.handle(event, NINE + random.randrange(10**7))
            assert isinstance(effects, tuple)

    def _event(self, random: Random) -> Any:
        def heard(kind: Any, decode: Callable[[bytes], Any]) -> Any:
            while True:
                try:
                    return decode(msgspec.json.encode(shaped(random, kind, self._words)))
                except msgspec.ValidationError:
                    continue

        match random.randrange(8):
            case 0 | 1:
                return KeyPressed(random.choice(self._keys))
            case 2:
                return TimerFired(
                    random.choice(("message", "home", "again", "void:A001 1", "blink", "kept", ""))
                )
            case 3:
                away = Alone("the hub is silent", random.choice(list(Cause)))
                return random.choice((away, Together()))
            case 4:
                command = heard(DeviceCommand, self._decode_command)
                events = heard(tuple[Event, ...], self._decode_events)
                return random.choice(
                    (
                        Answered(command, events),
                        Unanswered(command, "silence", random.choice(("", "c1"))),
                        Kept("kiosk-1", command),
                    )
                )
            case _:
                kind = random.choice((CounterState, QueueState, KioskState, State))
                return heard(kind, self._decode_state)

    def close(self) -> None:
        pass


class InTheSettings:
    """hall.toml with words changed, lost, doubled: a sentence with file and line, or a hall."""

    def __init__(self, _folder: Path) -> None:
        self._lines = SAMPLE.splitlines(keepends=True)

    def feed(self, random: Random) -> None:
        lines = list(self._lines)
        where = random.randrange(len(lines))
        match random.randrange(4):
            case 0:
                del lines[where]
            case 1:
                lines[where:where] = [random.choice(lines)]
            case 2:
                lines[where] = lines[where].replace(
                    "=", random.choice(("= -", "= 9e9 #", "", "= [] #"))
                )
            case _:
                lines[where] = bent(random, lines[where].encode()).decode(errors="replace")
        hall, problems = check("".join(lines), "hall.toml")
        assert isinstance(hall, Hall) or problems
        assert all(problem.startswith("hall.toml") for problem in problems), problems

    def close(self) -> None:
        pass


# How many of a hundred inputs go to each; of the parsers, which are quick, each gets them all.
TARGETS: dict[str, tuple[Callable[[Path], Target], int]] = {
    "hub": (AtTheHub, 35),
    "link": (OnTheLine, 30),
    "devices": (InTheMind, 30),
    "settings": (InTheSettings, 5),
    "printers": (FromPrinters, 100),
    "card readers": (FromCardReaders, 100),
    "scanners": (FromScanners, 100),
    "keyboards": (FromKeyboards, 100),
    "touch screens": (FromTouchScreens, 100),
    "bxk": (InBxkFrames, 100),
    "ff68": (InFf68Frames, 100),
    "strip": (InStripFrames, 100),
}

"""Twenty calls at once through the real announcer and a sound card, in real time."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pygame
import pytest

from broker.hearing import Together
from broker.messages import ReportAnnounced
from broker.phrases import spoken_counter, spoken_ticket
from broker.settings import Hall
from firmware.announcer.announcer import Announcer
from firmware.announcer.hardware import Hardware, wiring
from firmware.daemon import Worker
from firmware.device import Done, Event, Say, Send
from firmware.hal import Health
from firmware.hal.voice import ClipsSettings, Voice
from firmware.hal.voice.clips import ClipVoice
from tests.devices.among import NOW
from tests.devices.conftest import hall
from tests.devices.panels import called
from tests.ear import Ear, pack_of_tones

__all__ = ["hall"]

COUNTERS = tuple(range(1, 21))
VALID_MS = 4_000
SOON = 10.0
NUMBER = {counter: f"A{counter:03}" for counter in COUNTERS}
PIECES = {
    counter: (
        "请A",
        f"{spoken_ticket(NUMBER[counter][1:])}号",
        f"到{spoken_counter(counter)}号窗口",
    )
    for counter in COUNTERS
}
TEXTS = ["请A", *(text for pieces in PIECES.values() for text in pieces[1:])]


class Zone:
    """The announcer's mind and its worker, as a board has them; this thread thinks."""

    def __init__(
        self, hall: Hall, pack: Path, heard_by: Callable[[Voice], Voice] = lambda voice: voice
    ) -> None:
        settings = ClipsSettings(pack=str(pack))
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._mind = Announcer(hall, COUNTERS, {})
        self._began = time.monotonic()
        does = wiring(hall, Hardware(voice=settings)).parts["voice"]
        self.worker = Worker("voice", lambda: heard_by(ClipVoice(settings)), does, self._events.put)
        self.worker.start()
        self.begun: list[tuple[Say, int]] = []
        self.announced: list[int] = []

    def now(self) -> int:
        return NOW + round((time.monotonic() - self._began) * 1000)

    def think(self, event: Event) -> None:
        for effect in self._mind.handle(event, self.now()):
            match effect:
                case Say():
                    self.begun.append((effect, self.now()))
                    self.worker.do(effect)
                case Send(command=ReportAnnounced(counter=counter)):
                    self.announced.append(counter)
                case _:
                    pass

    def until_quiet(self) -> None:
        """Think until what was begun has been said."""
        while len(self.announced) < len(self.begun):
            event = self._events.get(timeout=SOON)
            if isinstance(event, Done):
                self.think(event)


def test_a_burst_of_twenty_is_said_in_order_one_at_a_time_and_what_is_over_is_dropped(
    hall: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    ear = Ear(tmp_path, TEXTS, monkeypatch, fast=False)
    zone = Zone(hall, pack_of_tones(tmp_path / "pack", TEXTS))
    zone.think(Together())
    until = zone.now() + VALID_MS
    for counter in COUNTERS:
        zone.think(called(counter, NUMBER[counter], seq=counter, until=until + counter))
    zone.until_quiet()
    spoken = [say.counter for say, _ in zone.begun]
    # Each takes half a second, said twice; the last of twenty would come after ten.
    # Each is valid a moment longer than the one before it: one whose turn comes at its end may be dropped.
    assert spoken == sorted(set(spoken))
    assert 2 <= len(spoken) < len(COUNTERS)
    assert zone.announced == spoken
    assert all(at < say.mark for say, at in zone.begun)

    zone.think(called(20, "A001", seq=21, until=zone.now() + VALID_MS))
    zone.until_quiet()
    assert zone.announced == [*spoken, 20]
    zone.worker.stop()

    heard = ear.heard()
    said = [pieces for counter in spoken for pieces in (PIECES[counter],) * 2]
    said += [("请A", PIECES[1][1], PIECES[20][2])] * 2
    assert [tone.text for tone in heard] == [text for pieces in said for text in pieces]
    assert all(tone.alone for tone in heard)
    pygame.mixer.quit()


class Clock:
    """A voice with a clock beside it: what it said from when to when, and how many sounds the card played at most at once."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self.said: list[tuple[str, float, float]] = []
        self.most_at_once = 0

    def say(self, text: str, cut: threading.Event | None = None) -> None:
        began, over = time.monotonic(), threading.Event()
        watcher = threading.Thread(target=self._watch, args=(over,))
        watcher.start()
        self._voice.say(text, cut)
        over.set()
        watcher.join()
        self.said.append((text, began, time.monotonic()))

    def _watch(self, over: threading.Event) -> None:
        while not over.wait(0.002):
            channels = map(pygame.mixer.Channel, range(pygame.mixer.get_num_channels()))
            busy = sum(channel.get_busy() for channel in channels)
            self.most_at_once = max(self.most_at_once, busy)

    def health(self) -> Health:
        return self._voice.health()

    def close(self) -> None:
        self._voice.close()


def test_on_the_dummy_card_a_burst_takes_its_time_in_order_and_never_two_sound_at_once(
    hall: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    pygame.mixer.quit()
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")  # takes sound in real time, as a card does
    clocks: list[Clock] = []

    def timed(voice: Voice) -> Voice:
        clocks.append(Clock(voice))
        return clocks[-1]

    zone = Zone(hall, pack_of_tones(tmp_path / "pack", TEXTS), timed)
    zone.think(Together())
    until = zone.now() + 1_500
    for counter in COUNTERS:
        zone.think(called(counter, NUMBER[counter], seq=counter, until=until + counter))
    zone.until_quiet()
    zone.worker.stop()
    pygame.mixer.quit()

    (clock,) = clocks
    spoken = [say.counter for say, _ in zone.begun]
    # Each is valid a moment longer than the one before it: one whose turn comes at its end may be dropped.
    assert spoken == sorted(set(spoken))
    assert 1 <= len(spoken) < len(COUNTERS), "the rest was over before its turn"
    assert zone.announced == spoken
    assert [text for text, _, _ in clock.said] == [say.text for say, _ in zone.begun for _ in "12"]
    clips, pauses = 3 * 0.06, 0.02 + 0.04
    assert all(ended - began >= clips + pauses for _, began, ended in clock.said)
    assert all(first[2] <= second[1] for first, second in pairwise(clock.said))
    assert clock.most_at_once == 1

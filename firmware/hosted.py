"""The devices that a board hosts: each with its mind and a worker for every part; the one place that knows all kinds."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import msgspec

from broker.pulse import Pulse
from broker.settings import Device, Hall, Kind
from firmware.daemon import Worker
from firmware.device import NO_PAST, Effect, Event, KeyPressed, Past, Thinking, Wiring

__all__ = ["Hosted", "Opener", "thinking"]

Opener = Callable[[Device, str, Any], Any]


def thinking(hall: Hall, device: Device, past: Past = NO_PAST) -> Thinking:
    """The mind of a device, with what it has of its earlier life."""
    # Of the rooms only those are read whose devices are here: a counter's board has no memory for a kiosk's pages.
    match device.kind:
        case Kind.TICKET_KIOSK:
            from firmware.ticket_kiosk.kiosk import TicketKiosk

            return TicketKiosk(hall, device.id, past)
        case Kind.CALLER_PANEL:
            from firmware.caller_panel.hardware import can_type
            from firmware.caller_panel.panel import CallerPanel

            counter = hall.counter[device.counter]
            return CallerPanel(hall, counter, types=can_type(device), past=past)
        case Kind.RATING_PAD:
            from firmware.rating_pad.pad import RatingPad
            from firmware.rating_pad.pages import PadPages

            return RatingPad(
                hall.phrases,
                device.counter,
                hall.rules.rating_correct_s,
                pages=PadPages(hall, hall.counter[device.counter])
                if "screen" in device.hardware
                else None,
                speaks="voice" in device.hardware,
            )
        case Kind.ANNOUNCER:
            from firmware.announcer.announcer import Announcer

            return Announcer(
                hall,
                hall.announced_by(device),
                past.marks,
                english=hall.rules.announce_english and "voice_en" in device.hardware,
                desk_of=hall.watched_by(device),
            )
        case Kind.HALL_DISPLAY:
            from firmware.hall_display.display import HallDisplay

            return HallDisplay(hall, hall.watched_by(device))
        case Kind.COUNTER_DISPLAY:
            from firmware.counter_display.display import CounterDisplay

            return CounterDisplay(hall, hall.counter[device.counter])


class Hosted:
    """A device on this board: its mind, its parts' workers."""

    def __init__(
        self,
        hall: Hall,
        device: Device,
        opener: Opener,
        past: Past,
        post: Callable[[Event], None],
    ) -> None:
        room = import_module(f"firmware.{device.kind}.hardware")
        hardware = msgspec.convert(device.hardware, room.Hardware)
        self.mind = thinking(hall, device, past)
        self.wiring: Wiring = room.wiring(hall, hardware)
        self.workers = [
            Worker(
                name=part,
                opened=_opened(opener, device, part, settings),
                does=self.wiring.parts[part],
                post=post,
                listen=_listen(post, self.wiring.hears.get(part, KeyPressed)),
                pulse=Pulse(f"{device.id} {part}"),
            )
            for part in self.wiring.parts
            if (settings := getattr(hardware, part)) is not None
        ]

    def doing(self, effect: Effect) -> tuple[Worker, ...]:
        """Those whose parts do it: none where the device does without, all the voices for a prompt."""
        return tuple(worker for worker in self.workers if worker.does(effect))


def _opened(opener: Opener, device: Device, part: str, settings: object) -> Callable[[], Any]:
    return lambda: opener(device, part, settings)


def _listen(post: Callable[[Event], None], heard: Callable[[Any], Event]) -> Callable[[Any], None]:
    """Hear a part that tells something by itself: keys, a touch screen, a scanner."""

    def listen(part: Any) -> None:
        if hasattr(part, "listen"):
            part.listen(lambda said: post(heard(said)))

    return listen

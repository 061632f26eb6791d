"""The devices that a board hosts: each with its mind and a worker for every part; the one place that knows all kinds."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import msgspec

from broker.settings import Device, Hall, Kind
from firmware.announcer import hardware as announcer
from firmware.announcer.announcer import Announcer
from firmware.caller_panel import hardware as caller_panel
from firmware.caller_panel.panel import CallerPanel
from firmware.counter_display import hardware as counter_display
from firmware.counter_display.display import CounterDisplay
from firmware.daemon import Worker
from firmware.device import NO_PAST, Effect, Event, KeyPressed, Past, Thinking, Wiring
from firmware.hall_display import hardware as hall_display
from firmware.hall_display.display import HallDisplay
from firmware.rating_pad import hardware as rating_pad
from firmware.rating_pad.pad import RatingPad
from firmware.rating_pad.pages import PadPages
from firmware.ticket_kiosk import hardware as ticket_kiosk
from firmware.ticket_kiosk.kiosk import TicketKiosk

__all__ = ["ROOMS", "Hosted", "Opener", "thinking"]

Opener = Callable[[Device, str, Any], Any]

ROOMS: dict[Kind, ModuleType] = {
    Kind.TICKET_KIOSK: ticket_kiosk,
    Kind.CALLER_PANEL: caller_panel,
    Kind.RATING_PAD: rating_pad,
    Kind.ANNOUNCER: announcer,
    Kind.HALL_DISPLAY: hall_display,
    Kind.COUNTER_DISPLAY: counter_display,
}


def thinking(hall: Hall, device: Device, past: Past = NO_PAST) -> Thinking:
    """The mind of a device, with what it has of its earlier life."""
    match device.kind:
        case Kind.TICKET_KIOSK:
            return TicketKiosk(hall, device.id, past)
        case Kind.CALLER_PANEL:
            counter = hall.counter[device.counter]
            return CallerPanel(hall, counter, types=caller_panel.can_type(device), past=past)
        case Kind.RATING_PAD:
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
            return Announcer(
                hall,
                hall.announced_by(device),
                past.marks,
                english=hall.rules.announce_english and "voice_en" in device.hardware,
                desk_of=hall.watched_by(device),
            )
        case Kind.HALL_DISPLAY:
            return HallDisplay(hall, hall.watched_by(device))
        case Kind.COUNTER_DISPLAY:
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
        room = ROOMS[device.kind]
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

"""What every device should show by the journal: the devices' own thinking, fresh, fed with the states the journal leads to."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from broker.hearing import Together
from broker.journal import Journal
from broker.messages import State
from broker.queue import Queue, counter_state, kiosk_state, queue_state
from broker.settings import Device, Hall, Kind
from firmware.device import Draw, Effect, LightLamp, Show
from firmware.hosted import thinking
from tests.chaos.diaries import Diaries

__all__ = ["differences", "queue_by_journal"]


def queue_by_journal(hall: Hall, path: Path) -> Queue:
    queue = Queue(hall)
    with closing(Journal(path)) as journal:
        for event, at in journal.replay():
            queue.apply(event, at)
    return queue


def differences(hall: Hall, path: Path, diaries: Diaries, boards: tuple[str, ...]) -> list[str]:
    """A sentence for each device that shows something else than the journal says; settled tells stay out."""
    queue = queue_by_journal(hall, path)
    with closing(Journal(path)) as journal:
        now = journal.last_at
    # What may be undone, and who is to rate, is over some time after what was written down last.
    written = path.with_name(path.name + "-wal")
    if written.exists():
        now += int((time.time() - written.stat().st_mtime) * 1000)
    states: list[State] = [counter_state(queue, number) for number in hall.counter]
    states.append(queue_state(queue, now))
    found = []
    for board in hall.boards:
        if board.id not in boards:
            continue
        for device in board.devices:
            own = [*states, *([kiosk_state(queue, device.id)])]
            for part, wanted in _wanted(hall, device, own, now).items():
                stands = diaries.shows(device.id, part)
                if _still(stands) != wanted:
                    found.append(f"{device.id} {part} shows {stands}, the journal says {wanted}")
    return found


def _wanted(hall: Hall, device: Device, states: list[State], now: int) -> dict[str, Any]:
    mind = thinking(hall, device)
    effects: list[Effect] = list(mind.start())
    for event in (Together(), *states):
        effects += mind.handle(event, now)
    wanted: dict[str, Any] = {}
    for effect in effects:
        match effect:
            case Show(text=text):
                wanted["led"] = text
            case LightLamp(lamp=lamp, light=light) if "lamps" in device.hardware:
                wanted.setdefault("lamps", {})[lamp] = str(light)
            case Draw(page=page) if device.kind is Kind.HALL_DISPLAY:
                wanted["screen"] = _still(msgspec.json.decode(msgspec.json.encode(page)))
            case _:
                pass
    return wanted


def _still(shown: Any) -> Any:
    """A page without what goes on with time alone: its clock, and whether a call still moves."""
    if not isinstance(shown, dict):
        return shown
    return {name: value for name, value in shown.items() if name not in ("clock", "date", "moving")}

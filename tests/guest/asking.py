"""What the run asks a machine, again and again until it is so: a slow machine needs its time."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import TypeVar

from tests.guest.hall import Hall
from tests.guest.machine import Machine, NoGuest

__all__ = ["press", "release_of", "set_up", "until"]

T = TypeVar("T")

AGAIN_S = 10.0
HEALTH = "/run/jiaohao/health.json"


def until(machine: Machine, what: str, found: Callable[[], T]) -> T:
    """Raises NoGuest, with what the machine says of itself, if its patience ends."""
    end = time.monotonic() + machine.patience_s
    while not (now := found()):
        if time.monotonic() > end:
            state = machine.look("systemctl", "status", "--no-pager", "jiaohao-*")
            log = machine.look("journalctl", "--no-pager", "--lines=60", "--output=cat")
            raise NoGuest(f"waited {machine.patience_s:.0f} s in vain: {what}\n{state}\n{log}")
        time.sleep(0.1)
    return now


def set_up(machine: Machine) -> str:
    """The card's STATUS.txt once it says that the machine is set up."""

    def said() -> str:
        text = machine.look("cat", "/boot/firmware/jiaohao/STATUS.txt")
        return text if "is set up" in text else ""

    return until(machine, "the first boot is done", said)


def release_of(machine: Machine) -> str:
    """What runs; a board that starts has not said it yet."""

    def said() -> str:
        text = machine.look("cat", HEALTH).strip()
        return str(json.loads(text)["release"]) if text.startswith("{") else ""

    return until(machine, "a release says that it runs", said)


def press(
    machine: Machine, hall: Hall, key: tuple[str, str], what: str, found: Callable[[], object]
) -> float:
    """As a person does: again where nothing comes of it, for a slow machine's board may miss a short stroke.

    `key` is an emulated device and a key of it. Hands back the seconds from the last press on.
    """
    pressed = 0.0

    def comes() -> object:
        nonlocal pressed
        if time.monotonic() > pressed + AGAIN_S:
            pressed = time.monotonic()
            hall.press(*key)
        return found()

    until(machine, what, comes)
    return time.monotonic() - pressed

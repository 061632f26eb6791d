"""The clock starts no earlier than it was last seen: a Pi has none that goes on without power, and a clock of last year takes no certificate of this."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from firmware.onboard.durable import write_durably
from firmware.onboard.places import Places

__all__ = ["catch_up", "remember"]

EVERY_S = 3600.0
"""A card is not to be written twice a minute for this."""


def remember(places: Places, wall: Callable[[], float] = time.time) -> None:
    """How late it is, about; also once somebody has set the clock back. Raises OSError."""
    now = wall()
    if not 0 <= now - _last_seen(places) < EVERY_S:
        write_durably(places.clock, b"")
        os.utime(places.clock, (now, now))


def catch_up(
    places: Places,
    wall: Callable[[], float] = time.time,
    set_clock: Callable[[int, float], None] = time.clock_settime,
) -> bool:
    """Whether the clock was behind, and is no more. Raises OSError."""
    last = _last_seen(places)
    if wall() >= last:
        return False
    set_clock(time.CLOCK_REALTIME, last)
    return True


def _last_seen(places: Places) -> float:
    try:
        return places.clock.stat().st_mtime
    except FileNotFoundError:
        return 0.0

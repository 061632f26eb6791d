"""The lock between who serves visitors and who would start everything anew."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from firmware.onboard.places import Places

__all__ = ["while_idle"]


@contextmanager
def while_idle(places: Places) -> Iterator[bool]:
    """False if a visitor is being served; else nobody begins with one as long as this is held."""
    places.run.mkdir(parents=True, exist_ok=True)
    # Its folder belongs to another user, who could have put a link there.
    file = os.open(places.busy, os.O_RDONLY | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(file)

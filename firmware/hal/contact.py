"""One contact - a key, a panic button, an input - as presses: bounces, holding, the cable of one that rests closed; no pins, no clock."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated

from msgspec import Meta

from firmware.hal.debounce import Debouncer

__all__ = ["Contact", "HoldMs", "check_names"]

HoldMs = Annotated[int, Meta(ge=0, le=10_000)]
_CUT_SECONDS = (
    5.0  # nobody presses that long; a button that stays in when it is hit is to be told, too
)


class Contact:
    """Takes a contact's levels as they were seen, edges and samples alike, in order of time.

    A press is as the Debouncer says, and where `hold` seconds are asked, that it lasts so long. What rests closed
    (`normally_closed`) is pressed by opening, so that a cut cable presses too. How a contact is seen first is no press.

    >>> key = Contact(quiet=0.03)
    >>> [key.feed(0.0, closed=False), key.feed(0.1, closed=True)]
    [False, True]
    >>> panic = Contact(quiet=0.03, hold=2.0, normally_closed=True)
    >>> [panic.feed(at, closed=at < 1) for at in (0.0, 1.0, 2.0, 3.0, 4.0)]
    [False, False, False, True, False]
    """

    def __init__(self, quiet: float, *, hold: float = 0.0, normally_closed: bool = False) -> None:
        self._quiet, self._hold, self._normally_closed = quiet, hold, normally_closed
        self._debouncer: Debouncer | None = None
        self._pressed_at: float | None = None  # a press that has not lasted long enough yet
        self._down_since = self._up_since = float("inf")
        self.cut = False
        """Whether a contact that rests closed was open from the start, or longer than one presses: look at its cable."""

    @property
    def down(self) -> bool:
        """Whether it was pressed when it was last seen."""
        return self._debouncer is not None and self._debouncer.down

    def feed(self, at: float, closed: bool) -> bool:
        """The contact was seen closed or open at `at` seconds; True if that makes a press, once for each."""
        down = closed is not self._normally_closed
        if self._debouncer is None:
            self._debouncer = Debouncer(self._quiet, down=down)
            self.cut = down and self._normally_closed
            return False
        if down and not self._debouncer.down:
            self._down_since = at
        elif self._debouncer.down and not down:
            self._up_since = at
        pressed = self._debouncer.feed(at, down)
        if not down:
            self.cut = False
        elif self._normally_closed and at - self._down_since >= _CUT_SECONDS:
            self.cut = True
        return pressed if not self._hold else self._held(at, down=down, pressed=pressed)

    def _held(self, at: float, *, down: bool, pressed: bool) -> bool:
        if pressed:
            self._pressed_at = at
        elif not down and at - self._up_since >= self._quiet:
            self._pressed_at = None
        if self._pressed_at is None or not down or at - self._pressed_at < self._hold:
            return False
        self._pressed_at = None
        return True


def check_names(
    keys: Collection[str], normally_closed: Collection[str], hold_ms: Mapping[str, int]
) -> None:
    """Raises ValueError, a sentence, if what is said of a key is said of none."""
    for field, names in (("normally_closed", normally_closed), ("hold_ms", hold_ms)):
        if strange := [name for name in names if name not in keys]:
            raise ValueError(f"{field} names {', '.join(strange)}, which keys does not have")

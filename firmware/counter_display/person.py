"""Who sits at a counter, as far as the hall's settings tell visitors."""

from __future__ import annotations

from broker.settings import Hall
from firmware.hal.screen import Person

__all__ = ["person_of"]


def person_of(hall: Hall, clerk: str) -> Person | None:
    """A clerk by number, or by the text that the settings have instead; None for nobody."""
    if not clerk:
        return None
    known = hall.clerk.get(clerk)
    if known is None:
        return Person(name=clerk)
    number = hall.phrases.counter_display.number.format(number=known.id)
    return Person(
        name=known.name or number,
        number=number if known.name else "",
        post=known.post,
        promise=known.promise,
        photo=known.photo,
    )

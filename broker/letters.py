"""Which letters of tickets a voice says so that they are understood, as measured with the shipped packs (docs/voice.md)."""

from __future__ import annotations

from collections.abc import Iterator

from broker.settings import Hall

__all__ = ["CLEAR", "notes"]

CLEAR = "ABCKMNSVWX"
"""Offered by default: each was written down rightly in two of three announcements or more, in Mandarin and in English."""


def notes(hall: Hall) -> Iterator[str]:
    """Each letter of the hall's tickets that is easily misheard, and which could stand in its place."""
    used = {service.prefix: f"service {service.id!r}" for service in hall.services}
    used.setdefault(hall.rules.hand_prefix, "numbers written by hand ('hand_prefix' of [rules])")
    free = [letter for letter in CLEAR if letter not in used]
    for letter, whose in used.items():
        if letter not in CLEAR:
            yield (
                f"{letter} of {whose} is easily misheard when it is called;"
                f" clearer letters are free: {', '.join(free) or 'none'}"
            )

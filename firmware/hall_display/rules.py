"""The rules by which the hall calls, as its display publishes them to visitors; made from the settings in force."""

from __future__ import annotations

from broker.phrases import Phrases
from broker.settings import Hall, NoShowMode
from firmware.hal.screen import Label

__all__ = ["published"]


def published(hall: Hall) -> Label:
    """Who goes before whom, for how long, and what becomes of who was missed: a sentence in each language."""
    return Label(_sentence(hall, hall.phrases), _sentence(hall, hall.english))


def _sentence(hall: Hall, phrases: Phrases) -> str:
    told, rules = phrases.hall_display, hall.rules
    first = told.first.format(most=rules.priority_in_a_row)
    if any(counter.green for counter in hall.counters):
        first += told.but_green
    missed = {
        NoShowMode.VOID: told.missed_void,
        NoShowMode.CALLS: told.missed_calls,
        NoShowMode.MINUTES: told.missed_minutes,
        NoShowMode.BACK: told.missed_back,
        NoShowMode.GUIDE: told.missed_guide,
    }[rules.no_show.mode]
    return told.rules.format(first=first, missed=missed.format(keep=rules.no_show.keep))

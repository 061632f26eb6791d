"""The hall display's table: a row for each counter, by zones where there are several; never which of them is shown."""

from __future__ import annotations

from collections.abc import Mapping

from broker.messages import CounterState
from broker.settings import Hall
from firmware.functions import functions
from firmware.hal.screen import CounterRow
from firmware.hall_words import rests, status_word

__all__ = ["Rows"]


class Rows:
    """The rows of some counters: in the order of the hall's zones, then as hall.toml has them."""

    def __init__(self, hall: Hall, counters: tuple[int, ...]) -> None:
        self._hall = hall
        zones = {zone.id: place for place, zone in enumerate(hall.zones)}
        self.counters = tuple(sorted(counters, key=lambda n: zones[hall.counter[n].zone]))
        here = {hall.counter[number].zone for number in counters}
        # One zone needs no name: it stands where its display hangs.
        self._names = {
            zone.id: " ".join(filter(None, (zone.name, zone.english)))
            for zone in hall.zones
            if len(here) > 1
        }

    def of(
        self, states: Mapping[int, CounterState], newest: CounterState | None
    ) -> tuple[CounterRow, ...]:
        """A counter of which nothing was heard yet shows as closed."""
        return tuple(
            self._row(
                states.get(counter, CounterState(counter=counter)),
                fresh=newest is not None and newest.counter == counter,
            )
            for counter in self.counters
        )

    def _row(self, state: CounterState, *, fresh: bool) -> CounterRow:
        hall, counter = self._hall, state.counter
        words = hall.phrases.hall_display
        return CounterRow(
            counter=words.counter.format(counter=counter),
            ticket=state.ticket,
            status=status_word(words, state),
            services="、".join(functions(hall, counter)),
            fresh=fresh,
            english=status_word(hall.english.hall_display, state),
            zone=self._names.get(hall.counter[counter].zone, ""),
            off=rests(state),
        )

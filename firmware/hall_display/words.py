"""What a hall display says, in Chinese and small in English beside it: nobody has to wait for his language's turn."""

from __future__ import annotations

from broker.messages import CounterState
from broker.settings import Hall
from firmware.hal.screen import HallLabels, Label

__all__ = ["Words"]


class Words:
    """The phrases of one hall; `of` are the Chinese ones, `english` the English ones."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self.of, self.english = hall.phrases.hall_display, hall.english.hall_display
        self.listen = Label(self.of.listen, self.english.listen)
        self.labels = HallLabels(
            calling=Label(self.of.calling, self.english.calling),
            before=Label(self.of.before, self.english.before),
            counter=Label(self.of.window, self.english.window),
            ticket=Label(self.of.ticket, self.english.ticket),
            status=Label(self.of.status, self.english.status),
            waiting=Label(self.of.waiting, self.english.waiting),
            missed=Label(self.of.missed, self.english.missed),
        )

    def call(self, state: CounterState | None) -> str:
        if state is None:
            return ""
        return self._hall.phrases.call_shown.format(ticket=state.ticket, counter=state.counter)

    def call_in_english(self, state: CounterState | None) -> str:
        if state is None:
            return ""
        return self._hall.english.call_shown.format(ticket=state.ticket, counter=state.counter)

    def counter(self, number: int) -> str:
        return self.of.counter.format(counter=number)

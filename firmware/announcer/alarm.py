"""The sentence of an emergency, as a voice repeats it from its first moment until it ends; it says nothing else meanwhile."""

from __future__ import annotations

from firmware.device import Effect, StartTimer, Warn

__all__ = ["AGAIN", "AGAIN_S", "Alarm"]

AGAIN = "alarm"
AGAIN_S = 30.0


class Alarm:
    """`text` is empty while there is no emergency."""

    def __init__(self) -> None:
        self.text = ""
        self._is_due = False

    def heard(self, text: str) -> bool:
        """Whether this is news."""
        if text == self.text:
            return False
        self.text, self._is_due = text, bool(text)
        return True

    def again(self) -> None:
        self._is_due = bool(self.text)

    def next(self) -> tuple[Warn, Effect] | None:
        """What to speak now, if it is due; the next time counts from here."""
        if not self._is_due:
            return None
        self._is_due = False
        return Warn(self.text), StartTimer(AGAIN, AGAIN_S)

"""The pages of a rating pad with a screen, in Chinese with the English below; none of them tells which face was touched."""

from __future__ import annotations

from broker.messages import Level
from broker.phrases import Language
from broker.settings import Counter, Hall
from firmware.hal.screen import Mood, PadKey, PadPage, Tone

__all__ = ["CORRECT", "DONE", "REASON", "PadPages"]

CORRECT, DONE = "correct", "done"
REASON = "reason:"
MOODS = {
    Level.VERY_SATISFIED: Mood.DELIGHTED,
    Level.SATISFIED: Mood.PLEASED,
    Level.FAIRLY_SATISFIED: Mood.CONTENT,
    Level.DISSATISFIED: Mood.DISPLEASED,
    Level.VERY_DISSATISFIED: Mood.UPSET,
}
NO_KEY = PadKey("", "")


class PadPages:
    """`clerk` is who sits there now, as far as the counter's state tells; else as the settings do."""

    def __init__(self, hall: Hall, counter: Counter) -> None:
        self._hall = hall
        self._phrases, self._english = hall.phrases, hall.phrases_in(Language.ENGLISH)
        self._number = counter.number
        self._counter = hall.phrases.rating_pad.counter.format(counter=counter.number)
        self.clerk = counter.clerk

    def idle(self) -> PadPage:
        here = self._english.rating_pad.counter.format(counter=self._number)
        small = (self._phrases.rating_pad.idle, self._english.rating_pad.idle)
        return PadPage(here, self._counter, "\n".join(small), self.clerk)

    def faces(self, *, again: bool) -> PadPage:
        """The five, to be touched; `again` to correct what was touched."""
        large, small = self._both("again") if again else (self._phrases.rate, self._english.rate)
        faces = tuple(
            PadKey(level.value, *self._both(level.value), mood) for level, mood in MOODS.items()
        )
        return PadPage(self._counter, large, small, self.clerk, faces)

    def thanks(self, chosen: tuple[str, ...], *, correctable: bool) -> PadPage:
        """Alike after every rating: what may be corrected still, and added."""
        tags = tuple(
            PadKey(f"{REASON}{one.id}", one.name, one.english, chosen=one.id in chosen)
            for one in self._hall.rating_reasons
        )
        add, add_small = self._both("add") if tags else ("", "")
        return PadPage(
            self._counter,
            self._phrases.thanks,
            self._english.thanks,
            self.clerk,
            tags_title=add,
            tags_small=add_small,
            tags=tags,
            foot=(
                PadKey(CORRECT, *self._both("correct")) if correctable else NO_KEY,
                PadKey(DONE, *self._both("done" if chosen or not tags else "skip")),
            ),
        )

    def emergency(self, text: str) -> PadPage:
        return PadPage(self._counter, text, clerk=self.clerk, tone=Tone.STOP)

    def _both(self, phrase: str) -> tuple[str, str]:
        chinese, english = self._phrases.rating_pad, self._english.rating_pad
        return getattr(chinese, phrase), getattr(english, phrase)

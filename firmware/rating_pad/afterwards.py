"""What a visitor may still do after a rating, at a pad with a screen: correct it, add what it is about, go."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace as changed

from broker.messages import GiveReasons, Rate

__all__ = ["Afterwards"]


@dataclass(frozen=True, slots=True)
class Afterwards:
    """Of the rating `rate`, until the page closes. `correcting_since` is when its correction was asked for, 0 for never."""

    rate: Rate
    chosen: tuple[str, ...] = ()
    correctable: bool = True
    correcting_since: int = 0

    def toggled(self, reason: str) -> Afterwards:
        """With a reason more, or one less: another touch takes it back."""
        rest = tuple(one for one in self.chosen if one != reason)
        return changed(self, chosen=rest if reason in self.chosen else (*rest, reason))

    def reasons(self) -> GiveReasons | None:
        """What is to be written down when the page closes; of every rating, whatever its level."""
        if not self.chosen:
            return None
        return GiveReasons(
            counter=self.rate.counter,
            day=self.rate.day,
            ticket=self.rate.ticket,
            reasons=self.chosen,
        )

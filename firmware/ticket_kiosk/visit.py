"""One visitor at the kiosk: language, manner, class and person, and the way through its pages; gone with the next one."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace

from broker.phrases import Language
from firmware.hal.screen import Manner
from firmware.ticket_kiosk.keys import HOME

__all__ = ["Step", "Visit"]


@dataclass(frozen=True, slots=True)
class Step:
    """A page by the key that leads to it; `turned` is which of its screens, from 0."""

    key: str
    turned: int = 0


@dataclass(slots=True)
class Visit:
    """`green` is the priority class, `person` the keyed hash of whose the next ticket is, both empty for most.

    `typed` are the signs of a code, `wrong` once it was another's; `at` is the key that the tactile keys stand on.
    """

    language: Language = Language.CHINESE
    manner: Manner = Manner.USUAL
    green: str = ""
    person: str = field(default="", repr=False)
    path: tuple[Step, ...] = (Step(HOME),)
    typed: str = ""
    wrong: bool = False
    at: str = ""

    @property
    def here(self) -> Step:
        return self.path[-1]

    @property
    def is_english(self) -> bool:
        return self.language is Language.ENGLISH

    @property
    def is_plain(self) -> bool:
        """Whether nothing of a visitor is there that the next one could find."""
        return self == Visit()

    def to(self, key: str) -> None:
        """A page further, or back to one that the way went through."""
        way = next(
            (self.path[:n] for n, step in enumerate(self.path) if step.key == key), self.path
        )
        self.path = (*way, Step(key))
        self._arrives()

    def back(self) -> None:
        self.path = self.path[:-1] or (Step(HOME),)
        self._arrives()

    def turn(self, screens: int, by: int) -> None:
        """To another of the screens of the page that is shown."""
        turned = max(0, min(self.here.turned + by, screens - 1))
        self.path = (*self.path[:-1], replace(self.here, turned=turned))
        self.at = ""

    def goes_home(self) -> None:
        """Whoever it is stays: language and manner do; what was chosen does not."""
        self.path = (Step(HOME),)
        self.forgets()
        self._arrives()

    def forgets(self) -> None:
        """Class and person are for one ticket."""
        self.green = self.person = ""

    def ends(self) -> None:
        for one, fresh in ((f.name, getattr(Visit(), f.name)) for f in fields(self)):
            setattr(self, one, fresh)

    def _arrives(self) -> None:
        self.typed = self.at = ""
        self.wrong = False

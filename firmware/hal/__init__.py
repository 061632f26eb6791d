"""The hardware abstraction: one Protocol per kind, one file per model; faults that say what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["STALL_S", "HardwareFault", "Health", "Trouble"]

STALL_S = 30.0
"""How long a part's own thread may be still before it counts as dead: each turn of one takes a second or two."""


class Trouble(StrEnum):
    """What can be wrong with a part, in one word that settings, screens and states share."""

    NO_ANSWER = "no_answer"
    OFFLINE = "offline"
    PAPER_NEAR_END = "paper_near_end"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    CUTTER = "cutter"
    JAM = "jam"
    OVERHEATED = "overheated"
    CONTACT_OPEN = "contact_open"
    TICKET_NOT_TAKEN = "ticket_not_taken"
    WRONG_SIZE = "wrong_size"
    NO_FONT = "no_font"
    BAD_THEME = "bad_theme"
    NO_PICTURE = "no_picture"
    NO_TOUCH = "no_touch"
    UNSAID = "unsaid"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Health:
    """How a part is: `usable` says whether work may be given to it; `troubles` says why not, or what comes."""

    usable: bool = True
    troubles: tuple[Trouble, ...] = ()


class HardwareFault(OSError):
    """A part broke: one sentence for the technician - what happened, where, what to do next."""

    def __init__(self, sentence: str, trouble: Trouble = Trouble.BROKEN) -> None:
        super().__init__(sentence)
        self.trouble = trouble

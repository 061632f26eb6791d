"""The hall's hours and rules; each number is the hall's own choice."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Annotated

from msgspec import Meta

from broker.settings.table import Settings

__all__ = [
    "Alone",
    "AtClosing",
    "NextWhileServing",
    "NoShow",
    "NoShowMode",
    "Opening",
    "Rules",
    "Session",
    "span",
]


Session = Annotated[
    str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)\Z")
]
"""Opening hours as "09:00-12:00", by the hall's local time."""


@lru_cache
def span(session: Session) -> tuple[int, int]:
    """When opening hours begin and end, in minutes of the day."""
    hours = [part.split(":") for part in session.split("-")]
    (starts, ends) = (int(hour) * 60 + int(minute) for hour, minute in hours)
    return starts, ends


class AtClosing(StrEnum):
    """What becomes of those who still wait when the day's last session ends."""

    SERVE_ON = "serve_on"
    CANCEL = "cancel"


class Opening(Settings, frozen=True):
    """When tickets are given; no sessions means always. `open_days` are working days at week-ends (调休)."""

    sessions: tuple[Session, ...] = ()
    weekdays: tuple[Annotated[int, Meta(ge=1, le=7)], ...] = (1, 2, 3, 4, 5)
    closed_days: tuple[date, ...] = ()
    open_days: tuple[date, ...] = ()
    at_closing: AtClosing = AtClosing.SERVE_ON


class NextWhileServing(StrEnum):
    CLOSE = "close"
    REFUSE = "refuse"


class NoShowMode(StrEnum):
    """What becomes of a ticket whose visitor did not come."""

    VOID = "void"
    CALLS = "calls"
    MINUTES = "minutes"
    BACK = "back"
    GUIDE = "guide"


class NoShow(Settings, frozen=True):
    """`keep` counts calls of its service, minutes, or places back, by `mode`; after `times` no-shows it is void.

    A ticket that comes back waits behind `behind` others; 0 gives it its old place.
    """

    mode: NoShowMode = NoShowMode.GUIDE
    keep: Annotated[int, Meta(ge=1, le=480)] = 5
    times: Annotated[int, Meta(ge=1, le=9)] = 3
    behind: Annotated[int, Meta(ge=0, le=50)] = 0

    @property
    def at_kiosk(self) -> bool:
        """Whether missed numbers are kept for their visitors, who bring them back at a kiosk without a guide."""
        return self.mode in (NoShowMode.CALLS, NoShowMode.MINUTES)


class Alone(Settings, frozen=True):
    """What a kiosk may do while it cannot ask the hub: give out `block` numbers of each service (0: none) in its own
    series; it borrows as many `again` as soon as it has fewer left than that. How many there are is a matter of digits.
    """

    block: Annotated[int, Meta(ge=0, le=200)] = 20
    again: Annotated[int, Meta(ge=1, le=200)] = 10


class Rules(Settings, frozen=True):
    """The hall's rules; each number is the hall's own choice, none comes from the standard.

    `priority_in_a_row` calls of one counter may pass over the same rank; `appointment_early_min` before its time
    an appointment may take its ticket, and `appointment_late_min` after it still counts. A ticket lists the materials
    of its service's items if they are at most `checklist_materials`, else those that all of them need; an item reviewed `catalogue_old_months` ago is old.
    `materials_first`: on a kiosk's screen a service shows what to bring before it gives a ticket.
    `appointment_by_card`: who booked with an identity card gets the ticket by laying it on a kiosk's reader.
    With `announce_english` a call is said in English, too, after the Chinese.
    """

    number_digits: Annotated[int, Meta(ge=3, le=4)] = 3
    recall_limit: Annotated[int, Meta(ge=0, le=9)] = 3
    double_press_ms: Annotated[int, Meta(ge=0, le=5000)] = 800
    press_expires_s: Annotated[int, Meta(ge=2, le=120)] = 10
    call_valid_s: Annotated[int, Meta(ge=5, le=600)] = 60
    undo_s: Annotated[int, Meta(ge=0, le=60)] = 10
    priority_in_a_row: Annotated[int, Meta(ge=1, le=20)] = 3
    next_while_serving: NextWhileServing = NextWhileServing.CLOSE
    no_show: NoShow = NoShow()
    one_per_person: bool = False
    appointment_by_card: bool = False
    appointment_early_min: Annotated[int, Meta(ge=0, le=240)] = 15
    appointment_late_min: Annotated[int, Meta(ge=0, le=240)] = 15
    alone: Alone = Alone()
    hand_prefix: Annotated[str, Meta(pattern=r"^[A-Z]\Z")] = "X"
    rating_s: Annotated[int, Meta(ge=10, le=120)] = 20
    rating_correct_s: Annotated[int, Meta(ge=0, le=30)] = 3
    late_rating_days: Annotated[int, Meta(ge=0, le=30)] = 5
    checklist_materials: Annotated[int, Meta(ge=0, le=60)] = 6
    catalogue_old_months: Annotated[int, Meta(ge=1, le=120)] = 12
    materials_first: bool = True
    announce_english: bool = False

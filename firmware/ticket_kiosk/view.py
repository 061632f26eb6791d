"""What a page is made of: the hall, what is known of it now, and the words and manner of the visitor it is for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from broker.hearing import Cause
from broker.items import Item
from broker.messages import QueueState, ServiceState
from broker.settings import Hall, PriorityClass
from firmware.hal import Health, Trouble
from firmware.hal.screen import Manner
from firmware.ticket_kiosk.words import Words

__all__ = ["View"]


@dataclass(frozen=True, slots=True)
class View:
    """`queue` is what can be had; `alone` is why the hub cannot be asked, None while it can; `now` is the hub's time.

    `guide_called`: one is on the way.
    """

    hall: Hall
    words: Words
    manner: Manner
    queue: QueueState | None
    alone: Cause | None
    printer: Health | None
    now: int
    guide_called: bool = False

    @property
    def today(self) -> date:
        return self.words.moment(self.now).date()

    def service(self, service: str) -> ServiceState | None:
        return self.queue.services.get(service) if self.queue else None

    def items(self, service: str) -> tuple[Item, ...]:
        return self.hall.catalogue.of_service(service, self.today)

    def item(self, item: str) -> Item | None:
        return next((one for one in self.valid_items if one.id == item), None)

    @property
    def valid_items(self) -> tuple[Item, ...]:
        return tuple(one for one in self.hall.catalogue.items if one.valid_from <= self.today)

    def priority_class(self, green: str) -> PriorityClass | None:
        return self.hall.priority_class.get(green)

    def has(self, trouble: Trouble) -> bool:
        return self.printer is not None and trouble in self.printer.troubles

    @property
    def few(self) -> bool:
        """Whether this visitor is spared every choice that a ticket does not need."""
        return self.manner in (Manner.LARGE, Manner.HEARD)

    @property
    def notice(self) -> str:
        """Where to complain, and what staff should know."""
        home, phone = self.words.phrases.home, self.hall.hall.phone
        told = home.phone.format(phone=phone) if phone else ""
        return "　".join(filter(None, (told, self.for_staff)))

    @property
    def for_staff(self) -> str:
        """Why the hub cannot be asked, and what to do soon; empty while all is well."""
        alone = self.words.cause(self.alone) if self.alone is not None else ""
        near = self.words.phrases.stopped.near_end if self.has(Trouble.PAPER_NEAR_END) else ""
        return "　".join(filter(None, (alone, near)))

    @property
    def soon(self) -> tuple[str, ...]:
        """What a visitor should do though tickets can be had."""
        return (self.words.phrases.stopped.take_it,) if self.has(Trouble.TICKET_NOT_TAKEN) else ()

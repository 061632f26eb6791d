"""The whole of a hall."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated

from msgspec import Meta

from broker.items import Catalogue, Identifier
from broker.phrases import English, Language, Phrases
from broker.settings.backup import Backup
from broker.settings.devices import AT_COUNTER, Board, Broker, Device, Enrolment, Kind
from broker.settings.people import REASONS, Clerk, Console, PauseReason, RatingReason, Staff
from broker.settings.rules import Opening, Rules
from broker.settings.services import CLASSES, Counter, PriorityClass, Service, ServiceGroup, Zone
from broker.settings.table import InEnglish, Settings

__all__ = ["Hall", "HallInfo"]


class HallInfo(Settings, frozen=True):
    """`id` stands in topics; `phone` is where visitors complain; `catalogue` is a file beside hall.toml.

    `opinion_box` is where the box stands, `feedback` an address where opinions may be written: for the kiosk's page.
    """

    id: Identifier
    name: Annotated[str, Meta(min_length=1, max_length=40)]
    phone: str = ""
    timezone: str = "Asia/Shanghai"
    web: str = ""
    catalogue: str = ""
    opinion_box: Annotated[str, Meta(max_length=40)] = ""
    feedback: Annotated[str, Meta(max_length=200)] = ""
    english: InEnglish = ""


class Hall(Settings, frozen=True, dict=True):
    """One hall, whole. Its `catalogue` comes from a file of its own, never from hall.toml."""

    hall: HallInfo
    services: Annotated[tuple[Service, ...], Meta(min_length=1)]
    zones: Annotated[tuple[Zone, ...], Meta(min_length=1)]
    counters: Annotated[tuple[Counter, ...], Meta(min_length=1)]
    groups: tuple[ServiceGroup, ...] = ()
    clerks: tuple[Clerk, ...] = ()
    boards: tuple[Board, ...] = ()
    consoles: tuple[Console, ...] = ()
    staff: tuple[Staff, ...] = ()
    opening: Opening = Opening()
    rules: Rules = Rules()
    classes: tuple[PriorityClass, ...] = CLASSES
    pauses: tuple[PauseReason, ...] = ()
    rating_reasons: tuple[RatingReason, ...] = REASONS
    phrases: Phrases = Phrases()
    english: English = English()
    broker: Broker = Broker()
    enrolment: Enrolment = Enrolment()
    backup: Backup = Backup()
    catalogue: Catalogue = Catalogue()

    def phrases_in(self, language: Language) -> Phrases:
        return self.phrases if language is Language.CHINESE else self.english

    @cached_property
    def service(self) -> dict[str, Service]:
        return {service.id: service for service in self.services}

    @cached_property
    def counter(self) -> dict[int, Counter]:
        return {counter.number: counter for counter in self.counters}

    @cached_property
    def clerk(self) -> dict[str, Clerk]:
        return {clerk.id: clerk for clerk in self.clerks}

    @cached_property
    def board_of(self) -> dict[str, str]:
        """The board that hosts each device; a console speaks for itself."""
        hosted = {device.id: board.id for board in self.boards for device in board.devices}
        return hosted | {console.id: console.id for console in self.consoles}

    @cached_property
    def device(self) -> dict[str, Device]:
        return {device.id: device for board in self.boards for device in board.devices}

    @cached_property
    def console(self) -> dict[str, Console]:
        return {console.id: console for console in self.consoles}

    @cached_property
    def person(self) -> dict[str, Staff]:
        return {one.id: one for one in self.staff}

    @cached_property
    def rated_counters(self) -> frozenset[int]:
        """The counters with a pad."""
        pads = (d for d in self.device.values() if d.kind is Kind.RATING_PAD)
        return frozenset(pad.counter for pad in pads)

    @cached_property
    def announced_counters(self) -> frozenset[int]:
        """The counters whose calls a voice is there to speak."""
        voices = (d for d in self.device.values() if d.kind is Kind.ANNOUNCER)
        return frozenset(number for voice in voices for number in self.announced_by(voice))

    def announced_by(self, announcer: Device) -> tuple[int, ...]:
        """The counters that an announcer speaks for: its own, or those of its zone that have none of their own."""
        if announcer.counter:
            return (announcer.counter,)
        numbers = self.counters_in(announcer.zone)
        return tuple(number for number in numbers if number not in self._with_own_voice)

    @cached_property
    def _with_own_voice(self) -> frozenset[int]:
        return frozenset(d.counter for d in self.device.values() if d.kind is Kind.ANNOUNCER)

    @cached_property
    def keyed_boards(self) -> tuple[str, ...]:
        """The boards whose card readers need the day's key: none where nobody has to be known by it."""
        return tuple(
            board.id
            for board in self.boards
            if (self.rules.one_per_person or self.rules.appointment_by_card)
            and any("card_reader" in device.hardware for device in board.devices)
        )

    @cached_property
    def priority_class(self) -> dict[str, PriorityClass]:
        return {one.id: one for one in self.classes}

    @cached_property
    def rating_reason(self) -> dict[str, RatingReason]:
        return {one.id: one for one in self.rating_reasons}

    @cached_property
    def served(self) -> dict[int, frozenset[str]]:
        """The services that each counter serves, comprehensive ones with all that have no zone of their own."""
        general = {service.id for service in self.services if not service.zone}
        return {
            c.number: frozenset(general.union(c.services) if c.comprehensive else c.services)
            for c in self.counters
        }

    def counters_for(self, service: str) -> tuple[int, ...]:
        return tuple(number for number, served in self.served.items() if service in served)

    def watched_by(self, device: Device) -> tuple[int, ...]:
        """The counters whose state a device follows."""
        if device.kind is Kind.COUNTER_DISPLAY:
            # Of its neighbours it tells visitors which are open while it is paused.
            return (device.counter, *self.alike(device.counter))
        if device.kind in AT_COUNTER or device.counter:
            return (device.counter,)
        if device.zones:
            return tuple(number for zone in device.zones for number in self.counters_in(zone))
        return () if device.kind is Kind.TICKET_KIOSK else self.counters_in(device.zone)

    def alike(self, counter: int) -> tuple[int, ...]:
        """The other counters that serve some of its services, those first that serve most of them."""
        served = self.served.get(counter, frozenset())
        shared = {n: len(served & others) for n, others in self.served.items() if n != counter}
        return tuple(sorted((n for n in shared if shared[n]), key=lambda n: -shared[n]))

    def counters_in(self, zone: str) -> tuple[int, ...]:
        """The counters of a zone; the empty zone is the whole hall."""
        return self._by_zone.get(zone, ())

    @cached_property
    def _by_zone(self) -> dict[str, tuple[int, ...]]:
        zones = ("", *(zone.id for zone in self.zones))
        return {
            zone: tuple(c.number for c in self.counters if zone in ("", c.zone)) for zone in zones
        }

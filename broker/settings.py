"""hall.toml, typed: services, counters, zones, rules, phrases, boards and their devices; never hardware's own settings."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from broker.items import Catalogue, Identifier
from broker.phrases import English, Language, Phrases

Port = Annotated[int, Meta(ge=1, le=65535)]


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of hall.toml: what it does not know it refuses."""


InEnglish = Annotated[str, Meta(max_length=60)]
"""A name in English; empty where the Chinese one stands on English pages, too."""


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


class PriorityClass(Settings, frozen=True):
    """Who may take the green channel."""

    id: Identifier
    name: Annotated[str, Meta(min_length=1, max_length=24)]
    english: InEnglish = ""


CLASSES = (
    PriorityClass(id="green", name="绿色通道", english="Green channel"),
    PriorityClass(id="military", name="军人", english="Military"),
    PriorityClass(id="elderly", name="老年人", english="60 or over"),
    PriorityClass(id="disabled", name="残疾人", english="Disabled"),
    PriorityClass(id="pregnant", name="孕妇", english="Pregnant"),
)


class ServiceGroup(Settings, frozen=True):
    """Under what a kiosk lists services that are too many for one page."""

    id: Identifier
    name: Annotated[str, Meta(min_length=1, max_length=24)]
    english: InEnglish = ""


class Service(Settings, frozen=True):
    """What one queues for; `prefix` starts its numbers; `checklist` is printed on the ticket if the catalogue has no item of it.

    A service with a `zone` is special: only counters of that zone serve it, and no comprehensive one elsewhere.
    `sessions` are its own opening hours; a quota of 0 is none. `digits` 0 is as the hall's rules say. `group` is one of
    the hall's, for its kiosks.
    """

    id: Identifier
    prefix: Annotated[str, Meta(pattern=r"^[A-Z]\Z")]
    name: Annotated[str, Meta(min_length=1, max_length=24)]
    checklist: tuple[str, ...] = ()
    zone: str = ""
    sessions: tuple[Session, ...] = ()
    last_ticket_min: Annotated[int, Meta(ge=0, le=240)] = 0
    quota_day: Annotated[int, Meta(ge=0, le=9999)] = 0
    quota_slot: Annotated[int, Meta(ge=0, le=9999)] = 0
    slot_min: Annotated[int, Meta(ge=5, le=240)] = 30
    digits: Literal[0, 3, 4] = 0
    group: str = ""
    english: InEnglish = ""


class Zone(Settings, frozen=True):
    id: Identifier
    name: Annotated[str, Meta(min_length=1, max_length=24)]
    english: InEnglish = ""


class Counter(Settings, frozen=True):
    """`green` serves the green channel first; `serve_key` False: the visitor is taken as come when the service ends.

    A `comprehensive` counter (综合窗口) serves every service that has no zone of its own, besides its `services`.
    """

    number: Annotated[int, Meta(ge=1, le=999)]
    zone: str
    services: tuple[str, ...] = ()
    comprehensive: bool = False
    clerk: str = ""
    green: bool = False
    serve_key: bool = True


class Kind(StrEnum):
    TICKET_KIOSK = "ticket_kiosk"
    CALLER_PANEL = "caller_panel"
    RATING_PAD = "rating_pad"
    ANNOUNCER = "announcer"
    HALL_DISPLAY = "hall_display"


class Role(StrEnum):
    """Who sits at a console."""

    GUIDE = "guide"
    SUPERVISOR = "supervisor"


class Console(Settings, frozen=True):
    """A place where a person of the hall asks: a guide at the door, or a supervisor, who may do more."""

    id: Identifier
    role: Role = Role.GUIDE


class Staff(Settings, frozen=True):
    """A person of the hall who proves by a PIN who they are; the PIN itself stands elsewhere, as a hash."""

    id: Identifier
    name: Annotated[str, Meta(max_length=24)] = ""
    role: Role = Role.GUIDE


class PauseReason(Settings, frozen=True):
    """Why a counter may pause, as visitors read it; the planned return is `minutes` later."""

    id: Identifier
    name: Annotated[str, Meta(min_length=1, max_length=12)]
    minutes: Annotated[int, Meta(ge=0, le=480)] = 0
    english: InEnglish = ""


class RatingReason(Settings, frozen=True):
    """What a rating is about, by a press. A neutral word: the pad offers it after every rating, or it would tell which."""

    id: Identifier
    name: Annotated[str, Meta(min_length=1, max_length=8)]
    english: InEnglish = ""


REASONS = (
    RatingReason(id="attitude", name="服务态度", english="Attitude"),
    RatingReason(id="speed", name="办理效率", english="Speed"),
    RatingReason(id="skill", name="业务能力", english="Skill"),
    RatingReason(id="explanation", name="告知说明", english="Explanation"),
    RatingReason(id="wait", name="等候时间", english="Waiting time"),
    RatingReason(id="integrity", name="廉洁自律", english="Integrity"),
    RatingReason(id="place", name="环境设施", english="Facilities"),
    RatingReason(id="other", name="其他", english="Other"),
)


class Device(Settings, frozen=True):
    """A device on a board. `hardware` is by part; its types belong to the device's own room.

    An announcer speaks for a `zone`, or for one `counter`, whose calls then no other one speaks.
    """

    id: Identifier
    kind: Kind
    counter: int = 0
    zone: str = ""
    hardware: dict[str, Any] = {}


class Board(Settings, frozen=True):
    """One that was replaced stays here without devices as long as it may still hand in what it kept."""

    id: Identifier
    devices: tuple[Device, ...] = ()


class Broker(Settings, frozen=True):
    """Where boards find the broker: at `tls_port` with an identity, at `port` without one, for trying.

    `names` are other addresses and host names of the same box, for its certificate.
    """

    host: Annotated[str, Meta(pattern=r"^[A-Za-z0-9.:-]{1,253}\Z")] = "127.0.0.1"
    port: Port = 1883
    tls_port: Port = 8883
    names: tuple[Annotated[str, Meta(pattern=r"^[A-Za-z0-9.:-]{1,253}\Z")], ...] = ()


class Hall(Settings, frozen=True, dict=True):
    """One hall, whole. Its `catalogue` comes from a file of its own, never from hall.toml."""

    hall: HallInfo
    services: Annotated[tuple[Service, ...], Meta(min_length=1)]
    zones: Annotated[tuple[Zone, ...], Meta(min_length=1)]
    counters: Annotated[tuple[Counter, ...], Meta(min_length=1)]
    groups: tuple[ServiceGroup, ...] = ()
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
        """The boards whose card readers need the day's key: none where tickets are not limited by person."""
        return tuple(
            board.id
            for board in self.boards
            if self.rules.one_per_person
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
        if device.kind in (Kind.CALLER_PANEL, Kind.RATING_PAD) or device.counter:
            return (device.counter,)
        return () if device.kind is Kind.TICKET_KIOSK else self.counters_in(device.zone)

    def counters_in(self, zone: str) -> tuple[int, ...]:
        """The counters of a zone; the empty zone is the whole hall."""
        return self._by_zone.get(zone, ())

    @cached_property
    def _by_zone(self) -> dict[str, tuple[int, ...]]:
        zones = ("", *(zone.id for zone in self.zones))
        return {
            zone: tuple(c.number for c in self.counters if zone in ("", c.zone)) for zone in zones
        }

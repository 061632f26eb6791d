"""Twenty thousand touches at random, and all that a hall does meanwhile: no page is a dead end, none breaks its form."""

from __future__ import annotations

import random
import re
from dataclasses import replace as replace_page
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

import broker
from broker.catalogue.toml_file import furnished
from broker.hearing import Alone, Answered, Kept, Together, Unanswered
from broker.loading import load
from broker.messages import (
    BorrowBlock,
    CallGuide,
    CommandRefused,
    GuideCalled,
    HallState,
    IssueTicket,
    QueueState,
    Refusal,
    ReportIssuedAlone,
    Reprint,
    ReturnTicket,
    ServiceState,
    TicketIssued,
)
from broker.phrases import Language
from broker.settings import Hall, NoShow, NoShowMode, ServiceGroup
from firmware.device import (
    CardShown,
    CheckPrinter,
    CodeScanned,
    Done,
    Draw,
    Event,
    Failed,
    KeyPressed,
    PartHealth,
    Print,
    PrintNotice,
    PrintTest,
    Prompt,
    Send,
    StartTimer,
    TimerFired,
)
from firmware.hal import Health, Trouble
from firmware.hal.screen import KioskPage, Manner, PygameScreenSettings
from firmware.hal.screen.pygame_brush import PygameLetters
from firmware.hal.screen.pygame_screen import arrange, font_of
from firmware.ticket_kiosk.keys import BACK, HOME, STANDING
from firmware.ticket_kiosk.kiosk import TicketKiosk
from firmware.ticket_kiosk.paging import CHOICES, COLUMNS, ROWS, SIGNS, rows_of
from tests.devices.among import NOW
from tests.devices.kiosks import KIOSK
from tests.looks.kiosk_samples import SCREENS
from tests.looks.laws import kiosk_faults

HAN = re.compile("[\u4e00-\u9fff]")
EXIT = "Please leave"
SAMPLE = Path(broker.__file__).parent / "halls" / "sample.toml"
SCANS = ("YY-0031", "20231115/A017/K7Q2MX", "https://pay.example/1", "")


def sample() -> Hall:
    hall, _ = furnished(load(SAMPLE), SAMPLE)
    items = tuple(replace(one, valid_from=date(2023, 1, 1)) for one in hall.catalogue.items)
    rules = replace(hall.rules, no_show=NoShow(mode=NoShowMode.MINUTES, keep=30))
    catalogue = replace(hall.catalogue, items=items, notice="")
    return replace(hall, catalogue=catalogue, rules=rules)


def large() -> Hall:
    """Sixty services in groups; those of the sample keep their items."""
    hall = sample()
    more = tuple(
        replace(
            hall.services[0],
            id=f"s{n}",
            name=f"业务{n}",
            english=f"Service {n}",
            group="one" if n % 2 else "",
            checklist=("身份证",) if n % 3 else (),
        )
        for n in range(56)
    )
    groups = (ServiceGroup(id="one", name="一类", english="One"),)
    return replace(hall, services=(*hall.services, *more), groups=groups)


class Walk:
    """A kiosk, what it waits for, and chance."""

    def __init__(self, hall: Hall, seed: int) -> None:
        self._hall, self._chance = hall, random.Random(seed)
        self._waits: list[Event] = []
        self._timers: set[str] = set()
        self._alone = self._ill = True
        self._emergency = False
        self.page = KioskPage("")
        self._language = Language.CHINESE
        self.seen: set[str] = set()
        self.issued = 0
        self._kiosk = TicketKiosk(hall, KIOSK)
        for effect in self._kiosk.start():
            self._take(effect)
        self._mends()

    def _tell(self, event: Event) -> None:
        for effect in self._kiosk.handle(event, NOW):
            self._take(effect)
        self._holds()

    def _take(self, effect: object) -> None:
        match effect:
            case Draw(page=KioskPage() as page):
                self.page = page
            case StartTimer(name=name, seconds=seconds):
                (self._timers.add if seconds > 0 else self._timers.discard)(name)
            case CheckPrinter():
                self._waits.append(self._well_or_ill(effect))
            case Print() | PrintNotice() | PrintTest():
                self._waits.append(self._well_or_ill(effect))
            case Send(command=command, lives_s=lives_s):
                if isinstance(command, ReportIssuedAlone):
                    self._waits.append(Kept(KIOSK, command))
                elif lives_s is not None:
                    self._waits.append(self._answer(command))
            case Prompt(text=text, language=language):
                assert language is Language.CHINESE or not HAN.search(text), text
            case _:
                pass

    def _well_or_ill(self, effect: CheckPrinter | Print | PrintNotice | PrintTest) -> Event:
        if self._chance.random() > 0.1:
            return Done(effect)
        return Failed(effect, "The paper is jammed.", Trouble.JAM)

    def _answer(self, command: object) -> Event:
        assert isinstance(command, IssueTicket | Reprint | ReturnTicket | CallGuide | BorrowBlock)
        if self._chance.random() < 0.2:
            return Unanswered(command, "no answer", "ask-1")
        if isinstance(command, CallGuide):
            return Answered(command, (GuideCalled(kiosk=KIOSK, since=NOW),))
        if isinstance(command, IssueTicket) and self._chance.random() < 0.7:
            self.issued += 1
            assert not command.service or command.service in self._hall.service
            issued = TicketIssued(
                ticket=f"A{self.issued % 1000:03}",
                service=command.service or "pension",
                kiosk=KIOSK,
                issued_at=NOW + self.issued,
                ahead=3,
            )
            return Answered(command, (issued,))
        code = self._chance.choice([*Refusal])
        return Answered(command, (CommandRefused(code=code, reason="-", ticket="A001"),))

    # --- what every page keeps -----------------------------------------------------------------------

    def _holds(self) -> None:
        page = self.page
        stops = [key.key for key in (*page.keys, *page.foot)]
        assert page.title
        assert len(set(stops)) == len(stops)
        assert all(key.label for key in (*page.keys, *page.foot))
        types = any(key.startswith("code:") for key in stops)
        assert len(page.keys) <= (SIGNS if types else CHOICES)[page.manner]
        assert len(page.foot) <= 6
        if page.manner is Manner.HEARD and page.keys:
            assert page.at in stops
        rows = sum(
            1 + sum(rows_of(line, COLUMNS[page.manner]) for line in section.lines)
            for section in page.sections
        )
        assert rows <= ROWS[page.manner]
        leaves = {HOME, BACK} & set(stops)
        is_home = any(key.startswith("manner:") for key in stops)
        on_its_way = bool(self._waits) or "home" in self._timers
        assert leaves or is_home or on_its_way or self._is_stopped, page
        if any(key.label == "中文" for key in page.foot):
            self._is_english(page)

    @property
    def _is_stopped(self) -> bool:
        """Staff see to it: the hall, the line, the printer, its roll."""
        by_roll = self.page.title == self._hall.phrases.kiosk.roll.title
        return self._alone or self._ill or self._emergency or by_roll

    def _is_english(self, page: KioskPage) -> None:
        texts = [page.title, *page.lines, *(section.heading for section in page.sections)]
        for key in (*page.keys, *page.foot):
            texts += [key.label, key.note] if key.label != "中文" else []
        assert not HAN.search("".join(texts)), texts

    # --- chance -----------------------------------------------------------------------------------------

    def step(self) -> None:
        chance = self._chance
        self.seen.add(self.page.title)
        stops = [key.key for key in (*self.page.keys, *self.page.foot)]
        if self._waits and chance.random() < 0.6:
            event = self._waits.pop(0)
            self._ill |= isinstance(event, Failed)
            self._tell(event)
        elif stops and chance.random() < 0.8:
            tickets = [key for key in stops if key.startswith("take:")]
            often = tickets and chance.random() < 0.3
            self._tell(KeyPressed(chance.choice(tickets if often else stops)))
        elif chance.random() < 0.6:
            keys = (*STANDING, *self._hall.service, "take:pension", "x", "code:A", "item:none")
            self._tell(KeyPressed(chance.choice(keys)))
        elif chance.random() < 0.5:
            self._mends()
        else:
            self._tell(self._event())

    def _mends(self) -> None:
        for event in (HallState(), PartHealth("printer", Health()), Together()):
            self._tell(event)
        self._alone = self._ill = self._emergency = False

    def _event(self) -> Event:
        chance = self._chance
        match chance.randrange(9):
            case 0:
                return CardShown("5f" * 32, elderly=chance.random() < 0.5)
            case 1:
                return CodeScanned(chance.choice(SCANS))
            case 2:
                refused = chance.choice([None, None, None, *Refusal])
                states = {
                    s.id: ServiceState(
                        waiting=2, refused=refused if chance.random() < 0.9 else None
                    )
                    for s in self._hall.services
                }
                return QueueState(services=states, missed=("A007", "B008"))
            case 3:
                self._emergency = not self._emergency
                return HallState(emergency=EXIT if self._emergency else "")
            case 4:
                self._alone = not self._alone
                return Alone("gone") if self._alone else Together()
            case 5:
                self._ill = not self._ill
                trouble = chance.choice([Trouble.JAM, Trouble.PAPER_OUT, Trouble.COVER_OPEN])
                health = Health(usable=False, troubles=(trouble,)) if self._ill else Health()
                return PartHealth("printer", health)
            case _ if self._timers:
                name = chance.choice(sorted(self._timers))
                self._timers.discard(name)
                return TimerFired(name)
            case _:
                return TimerFired("look")


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("hall", [sample(), large()], ids=["sample", "sixty"])
def test_no_touch_leads_where_nothing_leads_on(hall: Hall, seed: int):
    walk = Walk(hall, seed)
    for _ in range(2500):
        walk.step()
    assert len(walk.seen) > 40, "it has been nearly everywhere"
    assert walk.issued >= 5


@pytest.mark.parametrize("hall", [sample(), large()], ids=["sample", "sixty"])
def test_the_pages_that_chance_finds_keep_the_laws_of_looks_on_every_screen(hall: Hall):
    import pygame

    pygame.font.init()
    letters = PygameLetters(font_of(PygameScreenSettings()))
    walk = Walk(hall, 11)
    found: dict[object, KioskPage] = {}
    for _ in range(1500):
        walk.step()
        page = replace_page(walk.page, left_s=0)
        found.setdefault((page.manner, page.title, page.keys, page.sections), page)
    for page in random.Random(3).sample([*found.values()], 60):
        for settings in SCREENS.values():
            assert kiosk_faults(page, arrange(page, settings, letters), settings) == ()


def test_the_same_touches_lead_to_the_same_pages():
    one, other = (Walk(sample(), 7) for _ in range(2))
    for _ in range(300):
        one.step()
        other.step()
    assert one.seen == other.seen

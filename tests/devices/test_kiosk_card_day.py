"""The key of the day at the kiosk: handed to its card reader, for that day alone, whoever is away."""

from __future__ import annotations

from datetime import date

import pytest

from broker.hearing import Alone, Together
from broker.messages import CardKey, HubState, IssueTicket
from broker.settings import Hall
from firmware.daemon import Worker
from firmware.device import CardShown, KeyPressed, PartHealth, TimerFired, UseCardKey
from firmware.hal.card_reader import Card
from firmware.hal.card_reader.day_key import DayKey
from firmware.ticket_kiosk.hardware import Hardware, wiring
from firmware.ticket_kiosk.kiosk import TicketKiosk
from hal_mocks.card_reader import MockCardReader
from tests.devices.among import NOW, Effects, asks, page, when
from tests.devices.kiosks import CHECKED, ready
from tests.devices.test_kiosk_scan import CALM, with_rules

# NOW is this day in the hall's time, at 6:13.
TODAY, TOMORROW = "2023-11-15", "2023-11-16"
MIDNIGHT = NOW + ((17 * 60 + 46) * 60 + 40) * 1000
KEY, NEXT_KEY = CardKey(day=TODAY, key="5e" * 32), CardKey(day=TOMORROW, key="6f" * 32)
PERSON = "0d" * 32
BEAT = HubState(boot="hub-1", at=1)


@pytest.fixture
def limited(hall: Hall) -> Hall:
    return with_rules(hall, one_per_person=True)


def used(effects: Effects) -> list[UseCardKey]:
    return [effect for effect in effects if isinstance(effect, UseCardKey)]


def issued(kiosk: TicketKiosk, now: int = NOW) -> IssueTicket:
    (asked,) = asks(when(kiosk, KeyPressed("pension"), CHECKED, now=now))
    assert isinstance(asked, IssueTicket)
    return asked


def test_the_key_goes_to_the_reader_once_however_often_it_is_heard(limited: Hall):
    kiosk = ready(limited)
    assert used(when(kiosk, BEAT)) == []
    assert used(when(kiosk, KEY)) == [UseCardKey(TODAY, KEY.key)]
    assert used(when(kiosk, KEY)) == []
    assert used(when(kiosk, BEAT)) == []


def test_a_new_day_brings_its_key_though_the_kiosks_time_is_a_moment_behind_or_ahead(limited: Hall):
    for now in (MIDNIGHT - 50, MIDNIGHT + 50):
        kiosk = ready(limited)
        when(kiosk, KEY)
        told = used(when(kiosk, NEXT_KEY, now=now))
        assert told == [UseCardKey(TOMORROW, NEXT_KEY.key)]
        assert used(when(kiosk, BEAT, now=MIDNIGHT + 60_000)) == []


def test_a_kiosk_alone_keeps_the_key_to_the_end_of_its_day_and_not_a_moment_longer(limited: Hall):
    kiosk = ready(limited)
    when(kiosk, KEY, Alone("the hub is silent"))
    assert used(when(kiosk, TimerFired("look"), now=MIDNIGHT - 1)) == []
    assert used(when(kiosk, TimerFired("look"), now=MIDNIGHT)) == [UseCardKey(TOMORROW, "")]
    assert used(when(kiosk, TimerFired("look"), now=MIDNIGHT + 1)) == []
    # Yesterday's, which a broker without its hub may still have, is not taken up again.
    assert used(when(kiosk, KEY, now=MIDNIGHT + 2)) == []
    told = used(when(kiosk, Together(), NEXT_KEY, now=MIDNIGHT + 3))
    assert told == [UseCardKey(TOMORROW, NEXT_KEY.key)]


def test_who_laid_a_card_before_midnight_takes_no_old_hash_into_the_new_day(limited: Hall):
    kiosk = ready(limited)
    when(kiosk, KEY, CardShown(PERSON, elderly=True))
    assert issued(kiosk, MIDNIGHT - 1).person == PERSON
    kiosk = ready(limited)
    when(kiosk, KEY, CardShown(PERSON, elderly=True))
    shown = page(when(kiosk, NEXT_KEY, now=MIDNIGHT))
    assert shown.lines == ("老年人优先：请选择业务", "请收好您的身份证")
    assert issued(kiosk, MIDNIGHT) == IssueTicket(service="pension", green="elderly")


def test_without_a_key_the_old_have_their_class_and_everybody_a_ticket_as_without_a_card(
    limited: Hall,
):
    kiosk = ready(limited)
    when(kiosk, CardShown("", elderly=True))
    assert issued(kiosk) == IssueTicket(service="pension", green="elderly")
    kiosk = ready(limited)
    assert page(when(kiosk, CardShown("", elderly=False))).title == "取号不用身份证"
    assert issued(kiosk) == IssueTicket(service="pension")


def test_while_a_card_counts_for_a_person_the_page_goes_back_to_calm_when_its_key_goes(
    limited: Hall,
):
    kiosk = ready(limited)
    when(kiosk, KEY)
    assert page(when(kiosk, CardShown(PERSON, elderly=False))).lines == (*CALM, "请收好您的身份证")
    assert page(when(kiosk, NEXT_KEY, now=MIDNIGHT)).lines == CALM


def test_the_key_stands_in_no_repr_of_what_hears_or_does_it():
    for held in (KEY, UseCardKey(TODAY, KEY.key), DayKey(date(2023, 11, 15), b"\x5e" * 32)):
        assert KEY.key not in repr(held)
        assert repr(b"\x5e" * 32) not in repr(held)


def test_a_reader_that_broke_is_given_the_newest_key_again(hall: Hall):
    """As every state: the worker that opens it anew hands it over."""
    readers: list[MockCardReader] = []
    came: list[Card] = []

    def opened() -> MockCardReader:
        readers.append(MockCardReader())
        readers[-1].listen(came.append)
        return readers[-1]

    does = wiring(hall, Hardware(printer=None, screen=None, keys=None)).parts["card_reader"]  # type: ignore[arg-type]  # of no concern to its card reader
    posted: list[PartHealth] = []
    worker = Worker("card_reader", opened, does, posted.append)  # type: ignore[arg-type]  # a reader posts nothing else
    for key in ("5e" * 32, "6f" * 32):
        worker.do(UseCardKey(TODAY, key))
    for _ in range(2):
        assert worker._open(None)
        while worker._jobs:
            worker._work(worker._jobs.popleft())
        worker._close()
    number = PERSON
    for reader in readers:
        reader.listen(came.append)
        reader.lay(Card(number, elderly=False))
    expected = DayKey(date(2023, 11, 15), bytes.fromhex("6f" * 32)).person(number)
    assert [card.person for card in came] == [expected] * 2

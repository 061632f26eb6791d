"""What a kiosk may rely on of any card reader; tests/wires keeps the real driver to the same promises."""

from __future__ import annotations

import queue
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import pytest

from firmware.hal import Health
from firmware.hal.card_reader import Card, CardReader
from firmware.hal.card_reader.day_key import DayKey
from hal_mocks.card_reader import MockCardReader

DAY = date(2026, 11, 25)
KEY, OTHER = DayKey(DAY, b"\x01" * 32), DayKey(date(2026, 11, 26), b"\x02" * 32)


class World(Protocol):
    """What happens to a reader; `lay` puts the card of somebody there, "young" or "old"."""

    def lay(self, who: str) -> None: ...
    def take_away(self) -> None:
        """And wait until it can have noticed."""

    def break_down(self) -> None: ...
    def repair(self) -> None: ...
    def settle(self) -> None:
        """Wait until what was shown by now is posted, if it will be."""

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait for what must come within 5 seconds."""


@dataclass(frozen=True)
class Setup:
    reader: CardReader
    world: World


class Inbox:
    """Where cards go, from whatever thread."""

    def __init__(self) -> None:
        self._came: queue.SimpleQueue[Card] = queue.SimpleQueue()
        self.post = self._came.put

    def take(self) -> Card:
        return self._came.get(timeout=5)

    def rest(self) -> list[Card]:
        rest = []
        while not self._came.empty():
            rest.append(self._came.get())
        return rest


class CardReaderPromises:
    """Collected through its heirs, each with a fixture `setup`."""

    def test_a_card_is_posted_once_however_long_it_lies_there(self, setup: Setup):
        inbox = Inbox()
        setup.reader.listen(inbox.post)
        setup.world.lay("old")
        assert inbox.take().elderly
        setup.world.settle()
        assert inbox.rest() == []

    def test_cards_are_posted_in_order_and_people_are_told_apart(self, setup: Setup):
        inbox = Inbox()
        setup.reader.use(KEY)
        setup.reader.listen(inbox.post)
        came = []
        for who in ("old", "young", "old"):
            setup.world.lay(who)
            came.append(inbox.take())
            setup.world.take_away()
        assert [card.elderly for card in came] == [True, False, True]
        assert came[0] == came[2]
        assert came[0].person != came[1].person
        assert inbox.rest() == []

    def test_without_a_key_nobody_is_known_and_each_card_is_posted_all_the_same(self, setup: Setup):
        inbox = Inbox()
        setup.reader.listen(inbox.post)
        for who in ("old", "young"):
            setup.world.lay(who)
            assert inbox.take() == Card("", elderly=who == "old")
            setup.world.take_away()
        setup.reader.use(KEY)
        setup.world.lay("young")
        assert len(inbox.take().person) == 64
        setup.world.take_away()
        setup.reader.use(DayKey(DAY, b""))
        setup.world.lay("old")
        assert inbox.take() == Card("", elderly=True)
        assert inbox.rest() == []

    def test_people_are_strangers_by_another_key_and_the_same_again_by_the_same(self, setup: Setup):
        inbox = Inbox()
        setup.reader.listen(inbox.post)
        persons = []
        for key in (KEY, OTHER, KEY):
            setup.reader.use(key)
            setup.world.lay("young")
            persons.append(inbox.take().person)
            setup.world.take_away()
        assert persons[0] == persons[2] != persons[1]

    def test_a_card_that_lies_there_when_the_key_changes_is_not_posted_again(self, setup: Setup):
        inbox = Inbox()
        setup.reader.use(KEY)
        setup.reader.listen(inbox.post)
        setup.world.lay("young")
        inbox.take()
        setup.reader.use(OTHER)
        setup.world.settle()
        assert inbox.rest() == []

    def test_a_card_that_lies_there_from_the_start_is_posted(self, setup: Setup):
        inbox = Inbox()
        setup.world.lay("young")
        setup.reader.listen(inbox.post)
        assert not inbox.take().elderly

    def test_a_broken_reader_says_so_and_posts_what_lies_there_when_it_is_repaired(
        self, setup: Setup
    ):
        inbox = Inbox()
        setup.reader.listen(inbox.post)
        assert setup.reader.health() == Health()
        setup.world.break_down()
        setup.world.until(lambda: not setup.reader.health().usable)
        assert setup.reader.health().troubles
        setup.world.lay("old")
        setup.world.settle()
        assert inbox.rest() == []
        setup.world.repair()
        assert inbox.take().elderly
        setup.world.until(lambda: setup.reader.health() == Health())
        setup.world.settle()
        assert inbox.rest() == []

    def test_a_card_that_lies_there_while_the_reader_is_broken_is_not_posted_twice(
        self, setup: Setup
    ):
        inbox = Inbox()
        setup.reader.listen(inbox.post)
        setup.world.lay("old")
        inbox.take()
        setup.world.break_down()
        setup.world.until(lambda: not setup.reader.health().usable)
        setup.world.repair()
        setup.world.until(lambda: setup.reader.health() == Health())
        setup.world.settle()
        assert inbox.rest() == []

    def test_after_close_nothing_is_posted_and_closing_twice_does_no_harm(self, setup: Setup):
        inbox = Inbox()
        setup.reader.listen(inbox.post)
        setup.reader.close()
        setup.reader.close()
        setup.world.lay("old")
        setup.world.settle()
        assert inbox.rest() == []


class MockWorld:
    def __init__(self, mock: MockCardReader) -> None:
        self._mock = mock
        self.take_away, self.break_down, self.repair = (
            mock.take_away,
            mock.break_down,
            mock.repair,
        )

    def lay(self, who: str) -> None:
        self._mock.lay(Card(person=who.encode().hex() * 8, elderly=who == "old"))

    def settle(self) -> None:
        pass

    def until(self, holds: Callable[[], bool]) -> None:
        assert holds()


class TestMockCardReader(CardReaderPromises):
    @pytest.fixture
    def setup(self) -> Setup:
        mock = MockCardReader()
        return Setup(mock, MockWorld(mock))

    def test_the_watcher_hears_of_each_card_after_it_is_remembered(self):
        memory: list[list[Card]] = []
        mock = MockCardReader(watcher=lambda: memory.append(list(mock.shown)))
        mock.listen(Inbox().post)
        mock.lay(Card(person="ab", elderly=False))
        assert memory == [[Card(person="", elderly=False)]]

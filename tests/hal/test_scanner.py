"""What a kiosk may rely on of any scanner; tests/wires keeps the real drivers to the same promises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import pytest

from firmware.hal import Health
from firmware.hal.scanner import Scanner
from hal_mocks.scanner import MockScanner
from tests.hal.keypads import Inbox

TICKET = "https://hall.example/20261125/A017/7KQ4"
APPOINTMENT = "yy-0042~*?"


class World(Protocol):
    """What happens before a scanner and to it."""

    def hold(self, code: str) -> None:
        """Hold a code before it, and take it away."""

    def break_down(self) -> None: ...
    def repair(self) -> None: ...
    def settle(self) -> None:
        """Wait until what was shown is posted, if it will be, and so long that the next showing is a new one."""

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait for what must come within 5 seconds."""


@dataclass(frozen=True)
class Setup:
    scanner: Scanner
    world: World


class ScannerPromises:
    """Collected through its heirs, each with a fixture `setup`."""

    def test_each_showing_is_posted_once_and_in_order(self, setup: Setup):
        inbox = Inbox()
        setup.scanner.listen(inbox.post)
        for code in (TICKET, APPOINTMENT, TICKET, TICKET):
            setup.world.hold(code)
            assert inbox.take() == code
            setup.world.settle()
        assert inbox.rest() == []

    def test_a_well_scanner_is_usable_though_nothing_is_shown(self, setup: Setup):
        setup.scanner.listen(Inbox().post)
        setup.world.settle()
        assert setup.scanner.health() == Health()

    def test_a_broken_scanner_says_so_and_reads_on_when_it_is_repaired(self, setup: Setup):
        inbox = Inbox()
        setup.scanner.listen(inbox.post)
        setup.world.hold(TICKET)
        inbox.take()
        setup.world.break_down()
        setup.world.until(lambda: not setup.scanner.health().usable)
        assert setup.scanner.health().troubles
        setup.world.repair()
        setup.world.until(lambda: setup.scanner.health() == Health())
        setup.world.hold(APPOINTMENT)
        assert inbox.take() == APPOINTMENT
        assert inbox.rest() == []

    def test_after_close_nothing_is_posted_and_closing_twice_does_no_harm(self, setup: Setup):
        inbox = Inbox()
        setup.scanner.listen(inbox.post)
        setup.scanner.close()
        setup.scanner.close()
        setup.world.hold(TICKET)
        setup.world.settle()
        assert inbox.rest() == []


class MockWorld:
    def __init__(self, mock: MockScanner) -> None:
        self.hold, self.break_down, self.repair = mock.hold, mock.break_down, mock.repair

    def settle(self) -> None:
        pass

    def until(self, holds: Callable[[], bool]) -> None:
        assert holds()


class TestMockScanner(ScannerPromises):
    @pytest.fixture
    def setup(self) -> Setup:
        mock = MockScanner()
        return Setup(mock, MockWorld(mock))

    def test_a_broken_mock_scanner_reads_nothing(self):
        mock, inbox = MockScanner(), Inbox()
        mock.listen(inbox.post)
        mock.break_down()
        mock.hold(TICKET)
        mock.repair()
        mock.hold("社保")
        mock.hold(APPOINTMENT)
        assert inbox.rest() == mock.told == [APPOINTMENT]

    def test_the_watcher_hears_of_each_code_after_it_is_remembered(self):
        memory: list[list[str]] = []
        mock = MockScanner(watcher=lambda: memory.append(list(mock.told)))
        mock.listen(Inbox().post)
        mock.hold(TICKET)
        assert memory == [[TICKET]]

"""What a device may rely on of any keypad: the mock and the one on the Pi's pins, which are gpiozero's mock pins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from gpiozero.pins.mock import MockFactory

from firmware.hal import Health
from firmware.hal.keypad import GpioKeypadSettings, Keypad
from firmware.hal.keypad.gpio import GpioKeypad
from hal_mocks.keypad import MockKeypad
from tests.hal.keypads import KEYS, Inbox, tap


@dataclass(frozen=True)
class Setup:
    keypad: Keypad
    press: Callable[[str], None]


class KeypadPromises:
    """Collected through its heirs, each with a fixture `setup`."""

    def test_each_press_is_posted_once_under_its_name_and_in_order(self, setup: Setup):
        inbox = Inbox()
        setup.keypad.listen(inbox.post)
        for key in ("next", "recall", "next", "no_show"):
            setup.press(key)
        assert [inbox.take() for _ in range(4)] == ["next", "recall", "next", "no_show"]
        setup.keypad.close()
        assert inbox.rest() == []

    def test_after_close_nothing_is_posted(self, setup: Setup):
        inbox = Inbox()
        setup.keypad.listen(inbox.post)
        setup.keypad.close()
        setup.press("next")
        assert inbox.rest() == []

    def test_a_well_keypad_is_usable_before_and_while_it_listens(self, setup: Setup):
        assert setup.keypad.health() == Health()
        setup.keypad.listen(Inbox().post)
        assert setup.keypad.health() == Health()

    def test_closing_twice_does_no_harm(self, setup: Setup):
        setup.keypad.listen(Inbox().post)
        setup.keypad.close()
        setup.keypad.close()


class TestMockKeypad(KeypadPromises):
    @pytest.fixture
    def setup(self) -> Setup:
        mock = MockKeypad()
        return Setup(mock, mock.press)

    def test_a_broken_mock_keypad_says_so_and_posts_nothing(self):
        mock, inbox = MockKeypad(), Inbox()
        mock.listen(inbox.post)
        mock.break_down()
        mock.press("next")
        assert not mock.health().usable
        mock.repair()
        mock.press("recall")
        assert inbox.rest() == mock.told == ["recall"]

    def test_the_watcher_hears_of_each_press_after_it_is_remembered(self):
        memory: list[list[str]] = []
        mock = MockKeypad(watcher=lambda: memory.append(list(mock.told)))
        mock.listen(Inbox().post)
        mock.press("next")
        assert memory == [["next"]]


class TestGpioKeypad(KeypadPromises):
    @pytest.fixture
    def setup(self) -> Iterator[Setup]:
        pins = MockFactory()
        keypad = GpioKeypad(GpioKeypadSettings(keys=KEYS, debounce_ms=0), pins)
        yield Setup(keypad, lambda key: tap(pins, key))
        keypad.close()

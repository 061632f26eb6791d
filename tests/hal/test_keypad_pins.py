"""What the keypad on the Pi's pins adds: bounces, lost edges, held keys, pins that fail or are another's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from gpiozero.pins.mock import MockFactory

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.keypad import GpioKeypadSettings
from firmware.hal.keypad.gpio import GpioKeypad
from tests.hal.keypads import KEYS, HeldPin, Inbox, LivePin, keypad_on, tap


@pytest.fixture
def pins() -> MockFactory:
    return MockFactory(pin_class=LivePin)


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def keypad(pins: MockFactory, inbox: Inbox) -> Iterator[GpioKeypad]:
    keypad = keypad_on(pins)
    keypad.listen(inbox.post)
    yield keypad
    keypad.close()


def test_a_bouncing_contact_is_posted_once(pins, inbox):
    keypad = keypad_on(pins, debounce_ms=500)
    keypad.listen(inbox.post)
    for _ in range(20):
        tap(pins, "next")
    tap(pins, "recall")
    assert [inbox.take(), inbox.take()] == ["next", "recall"]
    pins.pin(KEYS["next"]).wait_until_sampled()
    keypad.close()
    assert inbox.rest() == []


def test_a_held_key_is_posted_once(pins, inbox, keypad):
    pins.pin(KEYS["next"]).drive_low()
    pins.pin(KEYS["next"]).wait_until_sampled()
    keypad.close()
    assert inbox.rest() == ["next"]


def test_a_key_that_is_held_at_the_start_posts_nothing_until_pressed_anew(inbox):
    pins = MockFactory(pin_class=HeldPin)
    keypad = keypad_on(pins)
    keypad.listen(inbox.post)
    pins.pin(KEYS["next"]).wait_until_sampled()
    pins.pin(KEYS["next"]).drive_high()
    pins.pin(KEYS["next"]).wait_until_sampled()
    pins.pin(KEYS["next"]).drive_low()
    assert inbox.take() == "next"
    keypad.close()
    assert inbox.rest() == []


def test_a_press_whose_edge_is_lost_is_found_by_sampling(pins, inbox, keypad):
    pins.pin(KEYS["next"]).change_unseen(False)
    assert inbox.take() == "next"
    keypad.close()
    assert inbox.rest() == []


def test_after_a_lost_release_the_next_press_counts(pins, inbox, keypad):
    pin = pins.pin(KEYS["next"])
    pin.drive_low()
    assert inbox.take() == "next"
    pin.change_unseen(True)
    pin.wait_until_sampled()
    pin.drive_low()
    assert inbox.take() == "next"


def test_keys_that_join_their_pin_to_3_volts_count_when_high(pins, inbox):
    keypad = keypad_on(pins, pull_up=False, sample_seconds=3600)
    keypad.listen(inbox.post)
    pin = pins.pin(KEYS["next"])
    for _ in ("when it was claimed", "when listening began"):
        pin.reads.get(timeout=5)
    for _ in range(2):
        pin.drive_high()
        assert inbox.take() == "next"
        pin.drive_low()
    keypad.close()
    assert inbox.rest() == []


def test_while_a_key_is_down_a_lost_release_is_found_soon(inbox):
    pins = MockFactory(pin_class=HeldPin)
    keypad = keypad_on(pins, sample_seconds=3600)
    keypad.listen(inbox.post)
    pins.pin(KEYS["next"]).wait_until_sampled()
    keypad.close()
    pins.reset()


def test_a_post_that_fails_ends_neither_thread_nor_later_presses(pins, caplog):
    inbox = Inbox()

    def post(key: str) -> None:
        inbox.post(key)
        if key == "next":
            raise ValueError("full")

    keypad = keypad_on(pins)
    keypad.listen(post)
    tap(pins, "next")
    tap(pins, "recall")
    assert [inbox.take(), inbox.take()] == ["next", "recall"]
    assert keypad.health().usable
    keypad.close()
    assert "Nobody took the press of key 'next'" in caplog.text


def test_pins_that_cannot_be_read_show_in_its_health_until_they_can_be_again(pins, keypad, caplog):
    pin = pins.pin(KEYS["no_show"])
    pin.fails = True
    pin.wait_until_sampled()
    assert keypad.health() == Health(usable=False, troubles=(Trouble.BROKEN,))
    pin.fails = False
    pin.wait_until_sampled()
    assert keypad.health() == Health()
    assert caplog.text.count("cannot be read") == 1


def test_a_key_that_must_be_held_posts_nothing_when_it_is_tapped(pins, inbox):
    keypad = keypad_on(pins, hold_ms={"next": 10_000})
    keypad.listen(inbox.post)
    tap(pins, "next")
    tap(pins, "recall")
    assert inbox.take() == "recall"
    pins.pin(KEYS["next"]).wait_until_sampled()
    keypad.close()
    assert inbox.rest() == []


def test_a_key_that_must_be_held_posts_once_while_it_is_down(pins, inbox):
    keypad = keypad_on(pins, hold_ms={"next": 20})
    keypad.listen(inbox.post)
    pins.pin(KEYS["next"]).drive_low()
    assert inbox.take() == "next"
    pins.pin(KEYS["next"]).wait_until_sampled()
    keypad.close()
    assert inbox.rest() == []


def test_a_contact_that_rests_closed_is_posted_when_it_opens(inbox):
    pins = MockFactory(pin_class=HeldPin)
    keypad = keypad_on(pins, normally_closed=tuple(KEYS))
    keypad.listen(inbox.post)
    assert keypad.health() == Health()
    pins.pin(KEYS["next"]).drive_high()
    assert inbox.take() == "next"
    assert keypad.health() == Health()  # as after any press
    pins.pin(KEYS["next"]).drive_low()
    pins.pin(KEYS["next"]).drive_high()
    assert inbox.take() == "next"
    keypad.close()


def test_a_cable_that_is_cut_from_the_start_shows_in_its_health_until_it_is_whole(pins, inbox):
    keypad = keypad_on(pins, normally_closed=("no_show",))
    keypad.listen(inbox.post)
    pin = pins.pin(KEYS["no_show"])
    assert keypad.health() == Health(troubles=(Trouble.CONTACT_OPEN,))
    tap(pins, "next")
    assert inbox.take() == "next"
    pin.drive_low()
    pin.wait_until_sampled()
    assert keypad.health() == Health()
    keypad.close()
    assert inbox.rest() == []


def test_keys_whose_edges_have_ended_are_heard_by_sampling_alone_and_say_so(
    pins, inbox, keypad, caplog
):
    pin = pins.pin(KEYS["next"])
    for _ in range(2):  # as when the thread that calls back has died
        pin.change_unseen(False)
        assert inbox.take() == "next"
        pin.change_unseen(True)
        pin.wait_until_sampled()
    assert keypad.health() == Health(troubles=(Trouble.BROKEN,))
    assert caplog.text.count("edges do not come any more") == 1
    pins.pin(KEYS["recall"]).change_unseen(False)
    assert inbox.take() == "recall"


def test_one_edge_proves_that_edges_come(pins, inbox, keypad):
    pin = pins.pin(KEYS["next"])
    for _ in range(2):
        pin.change_unseen(False)
        assert inbox.take() == "next"
        pin.change_unseen(True)
        pin.wait_until_sampled()
    tap(pins, "recall")
    assert inbox.take() == "recall"
    assert keypad.health() == Health()


def test_a_closed_keypad_gives_its_pins_back(pins):
    keypad_on(pins).close()
    keypad_on(pins).close()


def test_a_pin_that_another_device_has_is_a_fault_that_names_key_and_pin(pins):
    first = keypad_on(pins)
    settings = GpioKeypadSettings(keys={"help": 5, "open": 17})
    with pytest.raises(HardwareFault, match=r"key 'open' cannot have GPIO17"):
        GpioKeypad(settings, pins)
    # The one that failed keeps none of the pins that it had claimed.
    GpioKeypad(GpioKeypadSettings(keys={"help": 5}), pins).close()
    first.close()

"""Fingers out of the kernel's events: the first counts, at finger-down, wherever and however often it comes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware.hal.buses.input_device import Axis
from firmware.hal.buses.input_events import BY_TOUCH, InputEvents
from firmware.hal.screen.fingers import Fingers, Point, Taps
from firmware.hal.screen.touch_panel import on_panel
from hal_mocks.wires.touch import TouchMachine


class Screen:
    def __init__(self, bits: Any = 64, *, several: bool = True) -> None:
        self.machine = TouchMachine(bits, several=several)
        self.events = InputEvents(24 if bits == 64 else 16, BY_TOUCH)
        self.fingers = Fingers()

    def came(self) -> list[Point]:
        points = []
        while chunk := self.machine.passed(0.0):
            points += [self.fingers.feed(event) for event in self.events.feed(chunk)]
        return [point for point in points if point is not None]


@pytest.fixture(params=[(64, True), (64, False), (32, True), (32, False)])
def screen(request) -> Screen:
    bits, several = request.param
    return Screen(bits, several=several)


def test_a_finger_counts_once_where_it_came_down_not_where_it_slid_or_left(screen):
    screen.machine.down(100, 200)
    screen.machine.slide(150, 260)
    screen.machine.lift()
    assert screen.came() == [Point(100, 200)]


def test_a_touch_on_the_very_same_place_counts_again(screen):
    for _ in range(3):
        screen.machine.tap(100, 200)
    assert screen.came() == [Point(100, 200)] * 3


def test_a_second_finger_beside_the_first_is_nothing():
    screen = Screen()
    screen.machine.down(100, 200)
    screen.machine.down(900, 900, finger=1)
    screen.machine.slide(910, 900, finger=1)
    screen.machine.lift()
    screen.machine.lift(1)
    screen.machine.tap(300, 400)
    assert screen.came() == [Point(100, 200), Point(300, 400)]


def test_of_two_fingers_that_come_in_one_moment_the_first_counts():
    screen = Screen()
    screen.machine.down(100, 200, finger=2)
    screen.machine.down(900, 900, finger=1)
    assert screen.came() == [Point(100, 200)]


def test_after_lost_events_only_a_finger_on_an_empty_screen_is_sure():
    screen = Screen()
    screen.machine.down(5, 5)
    screen.came()
    screen.machine.overrun()
    screen.machine.slide(100, 200)
    assert screen.came() == []
    screen.machine.lift()
    screen.machine.tap(300, 400)
    assert screen.came() == [Point(300, 400)]


def test_a_place_that_is_not_told_anew_is_where_the_axes_were_at_the_start():
    fingers = Fingers(700, 800)
    machine = TouchMachine(several=False)
    machine._told = {(-1, 0): 700}
    machine.tap(700, 900)
    events = InputEvents(24, BY_TOUCH).feed(machine.passed(0.0))
    assert [point for event in events if (point := fingers.feed(event))] == [Point(700, 900)]


moves = st.lists(
    st.tuples(st.sampled_from(["down", "slide", "lift"]), st.integers(0, 4), st.integers(0, 4095)),
    max_size=30,
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(moves=moves)
def test_whatever_fingers_do_each_time_an_empty_screen_is_touched_counts_once(moves):
    screen = Screen()
    down: list[int] = []
    expected: list[Point] = []
    for deed, finger, at in moves:
        if deed == "down" and finger not in down:
            if not down:
                expected.append(Point(at, 4095 - at))
            down.append(finger)
            screen.machine.down(at, 4095 - at, finger)
        elif deed == "slide" and finger in down:
            screen.machine.slide(at, at, finger)
        elif deed == "lift" and finger in down:
            down.remove(finger)
            screen.machine.lift(finger)
    assert screen.came() == expected


AXES = (Axis(0, 0, 4095), Axis(0, 100, 1123))


@pytest.mark.parametrize(
    ("rotate", "point", "pixel"),
    [
        (0, Point(0, 100), (0, 0)),
        (0, Point(4095, 1123), (1919, 1079)),
        (90, Point(0, 100), (1919, 0)),
        (180, Point(0, 100), (1919, 1079)),
        (270, Point(0, 100), (0, 1079)),
        (0, Point(-50, 5000), (0, 1079)),
    ],
)
def test_a_corner_of_the_touch_screen_is_the_corner_of_the_panel_under_it(rotate, point, pixel):
    assert on_panel(point, AXES, rotate, (1920, 1080)) == pixel


def test_a_bounce_is_no_second_touch_and_a_quick_hand_elsewhere_is():
    taps = Taps(near=40)
    assert taps.new(Point(500, 500), 10.00)
    assert not taps.new(Point(520, 490), 10.19)
    assert taps.new(Point(500, 600), 10.19)
    assert taps.new(Point(500, 600), 10.40)

"""Home again after a minute: the last seconds are shown, any touch begins anew."""

from __future__ import annotations

from broker.messages import Refusal
from broker.settings import Hall
from firmware.device import KeyPressed, StartTimer, TimerFired
from tests.devices.among import page, when
from tests.devices.kiosks import CHECKED, ready, refusal

TICK, HOME = TimerFired("tick"), TimerFired("home")


def test_the_last_twenty_seconds_are_shown_one_by_one(full: Hall):
    kiosk = ready(full)
    effects = when(kiosk, KeyPressed("service:pension"))
    assert {StartTimer("home", 60.0), StartTimer("tick", 40.0)} <= set(effects)
    assert page(effects).left_s == 0
    shown = []
    for _ in range(20):
        effects = when(kiosk, TICK)
        shown.append(page(effects).left_s)
    assert shown == list(range(20, 0, -1))
    assert StartTimer("tick", 1) not in effects
    assert page(when(kiosk, HOME)).left_s == 0


def test_any_touch_begins_anew(full: Hall):
    kiosk = ready(full)
    when(kiosk, KeyPressed("service:pension"), TICK, TICK)
    effects = when(kiosk, KeyPressed("for:pension-claim"))
    assert {StartTimer("home", 60.0), StartTimer("tick", 40.0)} <= set(effects)
    assert page(effects).left_s == 0
    assert page(when(kiosk, TICK)).left_s == 20


def test_large_type_and_the_audio_guide_show_the_last_thirty_of_two_minutes(full: Hall):
    kiosk = ready(full)
    for key in ("manner:large", "key:next"):
        effects = when(kiosk, KeyPressed(key))
        assert {StartTimer("home", 120.0), StartTimer("tick", 90.0)} <= set(effects)
        assert page(when(kiosk, TICK)).left_s == 30
        when(kiosk, HOME)


def test_a_page_that_stays_for_less_shows_its_seconds_from_the_first(full: Hall):
    kiosk = ready(full)
    effects = when(kiosk, KeyPressed("pension"), CHECKED, refusal(Refusal.QUOTA_OF_DAY))
    assert {StartTimer("home", 8.0), StartTimer("tick", 1)} <= set(effects)
    assert page(effects).left_s == 8
    assert page(when(kiosk, TICK)).left_s == 7


def test_at_home_and_while_a_number_comes_nothing_is_counted(full: Hall):
    kiosk = ready(full)
    assert StartTimer("tick", 0) in when(kiosk, KeyPressed("page:home"))
    when(kiosk, KeyPressed("service:pension"), KeyPressed("bring:pension"))
    effects = when(kiosk, KeyPressed("take:pension"))
    assert {StartTimer("home", 0), StartTimer("tick", 0)} <= set(effects)
    assert page(effects).left_s == 0

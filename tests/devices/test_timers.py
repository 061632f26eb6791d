"""Timers and the inbox: what a board's loop waits for."""

from __future__ import annotations

import threading

from firmware.daemon import Inbox, Timers


def test_a_timer_fires_once_when_its_time_has_come():
    timers = Timers()
    timers.start("pad-1", "lamp", 2.0, now=100.0)
    assert timers.next() == 102.0
    assert timers.fired(101.9) == []
    assert timers.fired(102.0) == [("pad-1", "lamp")]
    assert timers.fired(103.0) == []
    assert timers.next() is None


def test_a_timer_started_again_starts_anew():
    timers = Timers()
    timers.start("pad-1", "lamp", 2.0, now=100.0)
    timers.start("pad-1", "lamp", 20.0, now=101.0)
    assert timers.fired(120.9) == []
    assert timers.fired(121.0) == [("pad-1", "lamp")]


def test_a_timer_of_no_time_is_stopped():
    timers = Timers()
    timers.start("kiosk-1", "home", 60.0, now=0.0)
    timers.start("kiosk-1", "home", 0, now=1.0)
    assert timers.next() is None
    timers.start("kiosk-1", "home", 0, now=1.0)
    assert timers.fired(1000.0) == []


def test_timers_of_one_name_belong_each_to_its_device():
    timers = Timers()
    timers.start("kiosk-1", "home", 1.0, now=0.0)
    timers.start("kiosk-2", "home", 2.0, now=0.0)
    timers.start("kiosk-1", "home", 0, now=0.5)
    assert timers.fired(5.0) == [("kiosk-2", "home")]


def test_timers_that_are_due_together_fire_soonest_first():
    timers = Timers()
    timers.start("a", "late", 3.0, now=0.0)
    timers.start("b", "soon", 1.0, now=0.0)
    timers.start("a", "then", 2.0, now=0.0)
    assert timers.next() == 1.0
    assert timers.fired(9.0) == [("b", "soon"), ("a", "then"), ("a", "late")]


def test_the_inbox_keeps_the_order_in_which_things_were_posted():
    inbox: Inbox[int] = Inbox()
    for number in range(3):
        inbox.post(number)
    assert [inbox.take(0) for _ in range(4)] == [0, 1, 2, None]


def test_a_deadline_that_has_passed_does_not_stop_the_inbox():
    inbox: Inbox[str] = Inbox()
    assert inbox.take(-3.0) is None


def test_any_thread_may_post_and_wakes_the_one_that_waits():
    inbox: Inbox[str] = Inbox()
    threads = [threading.Thread(target=inbox.post, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    assert {inbox.take(5.0), inbox.take(5.0)} == {"a", "b"}
    for thread in threads:
        thread.join()

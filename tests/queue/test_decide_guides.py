"""The laws of a visitor's call for a guide: open since the first press until a guide answers, each kiosk for itself."""

from __future__ import annotations

from broker.messages import AnswerGuide, CallGuide, GuideAnswered, GuideCalled, OpenDay, Refusal
from broker.queue import Queue, hall_state, kiosk_state
from tests.queue.halls import NINE, SECOND, TUESDAY, Day, day

CALL = CallGuide(kiosk="kiosk-1")
ANSWER = AnswerGuide(kiosk="kiosk-1")


def since(today: Day) -> tuple[int, dict[str, int]]:
    """What the kiosk sees, and what everybody does."""
    return kiosk_state(today.queue, "kiosk-1").guide_since, hall_state(today.queue).guides


def test_a_call_is_open_until_a_guide_answers_it_whose_console_is_kept():
    today = day()
    assert today.ask(CALL, "kiosk-1") == (GuideCalled(kiosk="kiosk-1", since=NINE),)
    assert since(today) == (NINE, {"kiosk-1": NINE})
    assert today.ask(ANSWER, "guide-1") == (GuideAnswered(kiosk="kiosk-1", by="guide-1"),)
    assert since(today) == (0, {})


def test_pressing_again_while_it_is_open_changes_nothing():
    today = day()
    today.ask(CALL, "kiosk-1")
    today.later(SECOND)
    assert today.refuses(CALL, "kiosk-1") is Refusal.ALREADY_SO
    assert since(today) == (NINE, {"kiosk-1": NINE})


def test_what_is_not_open_cannot_be_answered():
    today = day()
    assert today.refuses(ANSWER, "guide-1") is Refusal.ALREADY_SO
    today.ask(CALL, "kiosk-1")
    today.ask(ANSWER, "guide-1")
    assert today.refuses(ANSWER, "guide-1") is Refusal.ALREADY_SO


def test_kiosks_call_each_for_itself():
    today = day()
    today.ask(CALL, "kiosk-1")
    today.ask(CallGuide(kiosk="kiosk-2"), "kiosk-2")
    today.ask(ANSWER, "guide-1")
    assert since(today) == (0, {"kiosk-2": NINE})


def test_a_call_that_is_open_at_midnight_is_over_with_the_day_for_its_visitor_has_gone():
    today = day()
    today.ask(CALL, "kiosk-1")
    *_, opened = today.ask(OpenDay(day=TUESDAY))
    fresh = Queue(today.queue.hall)
    fresh.apply(opened, today.at)
    assert since(today) == (0, {})
    assert hall_state(fresh).guides == {}

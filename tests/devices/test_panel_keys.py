"""From a key to a command: which, how long it lives, and what the clerk reads when nothing came of it."""

from __future__ import annotations

import re

import pytest

from broker.hearing import Alone, Together, Unanswered
from broker.messages import (
    CallNext,
    CloseTicket,
    CounterClosed,
    CounterOpened,
    CounterState,
    DeviceCommand,
    MarkNoShow,
    OpenCounter,
    PauseCounter,
    Recall,
    Refusal,
    ResumeCounter,
    Serve,
    TicketCalled,
    TicketClosed,
    Transfer,
)
from broker.settings import Hall
from firmware.caller_panel.panel import CallerPanel
from firmware.device import KeyPressed, Send, StartTimer, Tell, TimerFired
from tests.devices.among import NOW, asks, clerk, when
from tests.devices.panels import (
    answer,
    called,
    idle,
    panel_of,
    paused,
    refusal,
    serving,
    waiting,
)

NEXT = KeyPressed("next")
CALL_NEXT = CallNext(counter=1)
CALLED_A001 = TicketCalled(ticket="A001", counter=1, call=1, rule="oldest", candidates=1)


@pytest.mark.parametrize(
    ("key", "command"),
    [
        ("next", CallNext(counter=1)),
        ("recall", Recall(counter=1)),
        ("serve", Serve(counter=1)),
        ("close", CloseTicket(counter=1)),
        ("no_show", MarkNoShow(counter=1)),
        ("pause", PauseCounter(counter=1)),
        ("transfer:card", Transfer(counter=1, to_service="card")),
        ("transfer:3", Transfer(counter=1, to_counter=3)),
    ],
)
def test_each_key_is_one_command_that_goes_stale(hall: Hall, key: str, command: DeviceCommand):
    panel = panel_of(hall)
    assert panel.handle(KeyPressed(key), NOW) == (Send(command, 10),)


def test_a_panel_speaks_for_its_own_counter(hall: Hall):
    assert asks(when(panel_of(hall, 3), KeyPressed("recall"))) == [Recall(counter=3)]


def test_next_at_a_closed_counter_opens_it(hall: Hall):
    panel = panel_of(hall, state=CounterState(counter=1))
    assert panel.handle(NEXT, NOW) == (Send(OpenCounter(counter=1), 10),)
    opened = answer(OpenCounter(counter=1), CounterOpened(counter=1))
    assert clerk(when(panel, opened)) == "窗口已开放 请按下一位"
    assert asks(when(panel, idle(), NEXT)) == [CALL_NEXT]


def test_pause_at_a_paused_counter_resumes_it(hall: Hall):
    panel = panel_of(hall, state=paused())
    assert panel.handle(KeyPressed("pause"), NOW) == (Send(ResumeCounter(counter=1), 10),)


def test_a_key_that_means_nothing_is_told_and_not_sent(hall: Hall):
    panel = panel_of(hall)
    assert when(panel, KeyPressed("coffee")) == (StartTimer("message", 4.0), Tell("此键未设置"))


# --- one press at a time ---------------------------------------------------------------------------


def test_while_a_press_has_no_answer_another_does_nothing(hall: Hall):
    panel = panel_of(hall)
    when(panel, NEXT)
    assert when(panel, NEXT) == ()
    assert when(panel, KeyPressed("pause")) == ()


def test_an_answer_frees_the_keys(hall: Hall):
    panel = panel_of(hall)
    when(panel, NEXT, answer(CALL_NEXT, CALLED_A001), called())
    assert asks(when(panel, KeyPressed("serve"))) == [Serve(counter=1)]


def test_a_refusal_frees_the_keys(hall: Hall):
    panel = panel_of(hall)
    when(panel, NEXT, refusal(CALL_NEXT, Refusal.NOBODY_WAITING))
    assert asks(when(panel, NEXT)) == [CALL_NEXT]


def test_silence_frees_the_keys_and_is_told(hall: Hall):
    panel = panel_of(hall)
    effects = when(panel, NEXT, Unanswered(CALL_NEXT, "no answer"))
    assert effects == (StartTimer("message", 4.0), Tell("主机无应答 请稍后再按"))
    assert asks(when(panel, NEXT)) == [CALL_NEXT]


def test_a_press_that_still_counts_is_not_doubled_by_a_short_outage(hall: Hall):
    panel = panel_of(hall)
    when(panel, NEXT, Alone("the hub is silent"), Together())
    assert when(panel, NEXT) == ()


def test_a_state_alone_does_not_free_the_keys(hall: Hall):
    panel = panel_of(hall)
    when(panel, NEXT, called())
    assert when(panel, NEXT) == ()


# --- what the clerk is told ------------------------------------------------------------------------


@pytest.mark.parametrize("code", Refusal)
def test_every_refusal_is_told_in_chinese(hall: Hall, code: Refusal):
    panel = panel_of(hall)
    told = clerk(when(panel, NEXT, refusal(CALL_NEXT, code)))
    assert re.fullmatch(r"[一-鿿 ]+", told)


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (Refusal.NOBODY_WAITING, "无人等候"),
        (Refusal.RECALL_LIMIT, "重呼已达上限 请按过号"),
        (Refusal.STALE, "按键已过时 请再按"),
        (Refusal.COUNTER_BUSY, "请先结束当前号"),
        (Refusal.NUMBERS_EXHAUSTED, "主机拒绝了此操作"),
    ],
)
def test_a_refusal_says_what_to_do(hall: Hall, code: Refusal, sentence: str):
    assert clerk(when(panel_of(hall), NEXT, refusal(CALL_NEXT, code))) == sentence


def test_close_without_a_ticket_does_not_send_the_clerk_to_the_serve_key(hall: Hall):
    close = CloseTicket(counter=1)
    press = KeyPressed("close")
    not_serving = refusal(close, Refusal.NOT_SERVING)
    assert clerk(when(panel_of(hall), press, not_serving)) == "尚未叫号"
    assert clerk(when(panel_of(hall, state=called()), press, not_serving)) == "请先按到达"


def test_what_was_told_vanishes(hall: Hall):
    panel = panel_of(hall)
    effects = when(panel, waiting(pension=2), NEXT, refusal(CALL_NEXT, Refusal.COUNTER_BUSY))
    assert StartTimer("message", 4.0) in effects
    assert clerk(when(panel, serving())) == "请先结束当前号"
    assert clerk(when(panel, TimerFired("message"))) == "A001办理中 等候2人"


def test_what_was_told_makes_way_for_the_next_press(hall: Hall):
    panel = panel_of(hall)
    when(panel, NEXT, refusal(CALL_NEXT, Refusal.NOBODY_WAITING), NEXT)
    assert clerk(when(panel, answer(CALL_NEXT, CALLED_A001), called())) == "已呼叫A001 等候0人"


def test_a_next_that_only_ended_a_service_says_that_nobody_waits(hall: Hall):
    panel = panel_of(hall, state=serving())
    ended = TicketClosed(ticket="A001", counter=1)
    assert clerk(when(panel, NEXT, answer(CALL_NEXT, ended))) == "无人等候"


def test_a_success_needs_no_words(hall: Hall):
    panel = panel_of(hall)
    assert when(panel, NEXT, answer(CALL_NEXT, CALLED_A001)) == ()
    closed = answer(CloseTicket(counter=1), CounterClosed(counter=1))
    assert when(panel, KeyPressed("close"), closed) == ()


def test_alone_a_press_is_left_to_the_link_and_its_silence_is_told(hall: Hall):
    panel = panel_of(hall)
    effects = when(panel, Alone("gone"), NEXT)
    assert asks(effects) == [CALL_NEXT]
    assert clerk(when(panel, Unanswered(CALL_NEXT, "gone"))) == "主机无应答 请稍后再按"


# --- a small panel ---------------------------------------------------------------------------------


def test_without_a_serve_key_next_and_close_follow_a_call_directly(hall: Hall):
    panel = panel_of(hall, 3, called(3))
    assert asks(when(panel, KeyPressed("close"))) == [CloseTicket(counter=3)]
    panel = panel_of(hall, 3, called(3))
    assert asks(when(panel, NEXT)) == [CallNext(counter=3)]


def test_a_panel_that_knows_no_state_yet_takes_its_counter_for_closed(hall: Hall):
    panel = CallerPanel(hall, hall.counter[1])
    panel.start()
    assert asks(when(panel, Together(), NEXT)) == [OpenCounter(counter=1)]

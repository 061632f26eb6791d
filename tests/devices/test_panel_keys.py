"""From a key to a command: which, how long it lives, and what the clerk reads when nothing came of it."""

from __future__ import annotations

import re

import pytest

from broker.hearing import Alone, Together, Unanswered
from broker.messages import (
    CallNext,
    CallUndone,
    CloseTicket,
    CounterClosed,
    CounterOpened,
    CounterState,
    DeviceCommand,
    Event,
    HoldTicket,
    MarkNoShow,
    NoShowMarked,
    OpenCounter,
    PauseCounter,
    Recall,
    Refusal,
    ResumeCounter,
    ReturnTicket,
    Serve,
    TicketCalled,
    TicketClosed,
    TicketHeld,
    TicketReopened,
    TicketReturned,
    TicketTransferred,
    TicketVoided,
    Transfer,
    UndoCall,
)
from broker.settings import Hall
from firmware.caller_panel.panel import CallerPanel
from firmware.caller_panel.texts import REFUSED, TRANSFER_REFUSED, UNTOLD
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
HELD = TicketHeld(ticket="A001", counter=1, to_counter=1)
CALLED_A001 = TicketCalled(ticket="A001", counter=1, call=1, rule="oldest", candidates=1)


@pytest.mark.parametrize(
    ("key", "command"),
    [
        ("next", CallNext(counter=1)),
        ("recall", Recall(counter=1)),
        ("serve", Serve(counter=1)),
        ("close", CloseTicket(counter=1)),
        ("no_show", MarkNoShow(counter=1)),
        ("undo", UndoCall(counter=1)),
        ("hold", HoldTicket(counter=1)),
        ("hold:any", HoldTicket(counter=1, anywhere=True)),
        ("pause", PauseCounter(counter=1)),
        ("pause:lunch", PauseCounter(counter=1, reason="午休", minutes=60)),
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


@pytest.mark.parametrize("key", ["pause", "pause:lunch", "pause:paper"])
def test_any_pause_key_at_a_paused_counter_resumes_it(hall: Hall, key: str):
    panel = panel_of(hall, state=paused(reason="午休"))
    assert panel.handle(KeyPressed(key), NOW) == (Send(ResumeCounter(counter=1), 10),)


@pytest.mark.parametrize("key", ["hold", "hold:any"])
def test_hold_at_a_free_counter_brings_back_who_was_held_longest(hall: Hall, key: str):
    panel = panel_of(hall, state=idle(held=("A001", "B001")))
    assert asks(when(panel, KeyPressed(key))) == [ReturnTicket(ticket="A001")]


def test_hold_holds_while_somebody_is_at_the_counter_though_others_are_held(hall: Hall):
    panel = panel_of(hall, state=serving(ticket="B001", held=("A001",)))
    assert asks(when(panel, KeyPressed("hold"))) == [HoldTicket(counter=1)]


@pytest.mark.parametrize("key", ["coffee", "pause:coffee"])
def test_a_key_that_means_nothing_is_told_and_not_sent(hall: Hall, key: str):
    panel = panel_of(hall)
    assert when(panel, KeyPressed(key)) == (StartTimer("message", 4.0), Tell("此键未设置"))


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


def test_a_key_that_goes_to_and_fro_is_not_taken_back_by_a_second_touch(hall: Hall):
    panel = panel_of(hall, state=serving())
    hold, back = HoldTicket(counter=1), ReturnTicket(ticket="A001")
    when(panel, KeyPressed("hold"), idle(held=("A001",)), answer(hold, HELD))
    soon = hall.rules.double_press_ms
    assert when(panel, KeyPressed("hold"), now=NOW + soon - 1) == ()
    assert asks(when(panel, KeyPressed("hold"), now=NOW + soon)) == [back]


def test_a_state_alone_does_not_free_the_keys(hall: Hall):
    panel = panel_of(hall)
    when(panel, NEXT, called())
    assert when(panel, NEXT) == ()


# --- what the clerk is told ------------------------------------------------------------------------


# What is about taking tickets and rating alone: no key of a panel can lead there.
ELSEWHERE = {
    Refusal.UNKNOWN_CLASS,
    Refusal.UNKNOWN_APPOINTMENT,
    Refusal.UNKNOWN_KIOSK,
    Refusal.WRONG_CODE,
    Refusal.RATING_CLOSED,
    Refusal.ALREADY_RATED,
    Refusal.NUMBERS_EXHAUSTED,
    Refusal.NOT_OPEN,
    Refusal.LAST_TICKET_GIVEN,
    Refusal.ISSUING_STOPPED,
    Refusal.QUOTA_OF_DAY,
    Refusal.QUOTA_OF_SLOT,
    Refusal.HAS_TICKET,
    Refusal.TOO_EARLY,
    Refusal.STAFF_ONLY,
    Refusal.WRONG_PIN,
    Refusal.LOCKED,
    Refusal.WITHDRAWN,
    Refusal.NOT_LENT,
}
TO_CARD = Transfer(counter=1, to_service="card")


@pytest.mark.parametrize("code", Refusal)
@pytest.mark.parametrize("command", [CALL_NEXT, TO_CARD])
def test_every_refusal_is_told_in_chinese(hall: Hall, code: Refusal, command: DeviceCommand):
    told = clerk(when(panel_of(hall), NEXT, refusal(command, code)))
    assert re.fullmatch(r"[一-鿿 ]+", told)
    assert len(told) <= 12, "a clerk reads it at a glance, not passing by"
    assert (told == UNTOLD) == (code in ELSEWHERE)


def test_no_two_refusals_read_alike():
    sentences = [*REFUSED.values(), *TRANSFER_REFUSED.values(), UNTOLD]
    assert len(set(sentences)) == len(sentences)


@pytest.mark.parametrize(
    ("command", "events", "told"),
    [
        (UndoCall(counter=1), (CallUndone(ticket="A002", counter=1),), "已撤销呼叫A002"),
        (
            UndoCall(counter=1),
            (CallUndone(ticket="A002", counter=1), TicketReopened(ticket="A001", counter=1)),
            "已撤销呼叫A002 A001继续办理",
        ),
        (HoldTicket(counter=1), (HELD,), "A001已挂起"),
        (
            HoldTicket(counter=1, anywhere=True),
            (TicketHeld(ticket="A001", counter=1),),
            "A001已挂起 任一窗口可办",
        ),
        (
            ReturnTicket(ticket="A001"),
            (TicketReturned(ticket="A001", place=(1, 1, 0)),),
            "A001恢复等候",
        ),
        (
            TO_CARD,
            (TicketTransferred(ticket="A001", counter=1, to_service="card"),),
            "A001已转出",
        ),
        (MarkNoShow(counter=1), (NoShowMarked(ticket="A001", counter=1),), "A001已记过号"),
        (
            MarkNoShow(counter=1),
            (NoShowMarked(ticket="A001", counter=1), TicketVoided(ticket="A001", reason="thrice")),
            "A001已记过号 A001已作废",
        ),
    ],
)
def test_a_clerk_is_told_what_became_of_a_ticket_that_left_the_counter(
    hall: Hall, command: DeviceCommand, events: tuple[Event, ...], told: str
):
    panel = panel_of(hall, state=called())
    assert clerk(when(panel, answer(command, *events))) == told


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


def test_a_transfer_to_a_closed_counter_does_not_blame_this_one(hall: Hall):
    there = Transfer(counter=1, to_counter=3)
    press = KeyPressed("transfer:3")
    closed = refusal(there, Refusal.COUNTER_CLOSED)
    assert clerk(when(panel_of(hall, state=serving()), press, closed)) == "对方窗口未开放"


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
    assert clerk(when(panel, Unanswered(CALL_NEXT, "gone"))) == "与主机断开 线路中断 请稍候"


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

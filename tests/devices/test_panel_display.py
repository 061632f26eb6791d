"""What stands over the counter, before the clerk and on the keys: all of it from the counter's state."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from broker.hearing import Alone, Cause, Together
from broker.messages import CounterState, CounterStatus, Heard, Rule
from broker.settings import Hall
from firmware.caller_panel.panel import CallerPanel
from firmware.caller_panel.texts import RULES
from firmware.device import LightLamp, Show, StartTimer, Tell, TimerFired
from firmware.hal.lamps import Light
from tests.devices.among import NOW, bar, clerk, lamps, when
from tests.devices.panels import called, idle, panel_of, paused, serving, waiting

CLOSED = CounterState(counter=1)
HALF_PAST_ONE = int(
    datetime(2026, 11, 24, 13, 30, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1000
)


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (CLOSED, "1号窗口 未开放"),
        (idle(), "1号窗口 综合业务"),
        (called(), "请A001号到1号窗口"),
        (called(recall=2), "请A001号到1号窗口"),
        (serving(), "A001号 正在办理"),
        (paused(), "暂停服务 请到其他窗口"),
        (paused(reason="取件"), "暂停服务 取件 请到其他窗口"),
        (paused(reason="午休", until=HALF_PAST_ONE), "暂停服务 午休 13:30恢复 请到其他窗口"),
        (paused(until=HALF_PAST_ONE), "暂停服务 13:30恢复 请到其他窗口"),
    ],
)
def test_the_bar_shows_the_state(hall: Hall, state: CounterState, text: str):
    assert bar(when(panel_of(hall), state)) == text


def test_the_bar_of_an_idle_counter_names_its_clerk_where_the_halls_phrase_says_so(hall: Hall):
    words = replace(hall.phrases, idle="{counter}号窗口 {clerk} {post}")
    named = replace(hall, phrases=words)
    assert bar(when(panel_of(named), replace(idle(), clerk="012"))) == "1号窗口 王芳 综合受理岗"
    assert bar(when(panel_of(named), replace(idle(), clerk="工号 7"))) == "1号窗口 工号 7"
    assert bar(when(panel_of(named), replace(idle(), clerk=""))) == "1号窗口"


def test_an_idle_counter_that_serves_some_services_names_them(hall: Hall):
    assert bar(when(panel_of(hall, 2), idle(2))) == "2号窗口 养老保险、社保卡业务"


@pytest.mark.parametrize(
    ("counter", "text"),
    [(1, "1号窗口 综合业务"), (8, "8号窗口 户籍与居住证、证照领取"), (12, "12号窗口 办税服务")],
)
def test_a_comprehensive_counter_says_so_and_any_other_names_what_it_serves(
    twelve: Hall, counter: int, text: str
):
    assert bar(when(panel_of(twelve, counter), idle(counter))) == text


def test_the_bar_does_not_change_because_the_hub_is_gone(hall: Hall):
    panel = panel_of(hall, state=called())
    assert bar(when(panel, Alone("gone"))) == "请A001号到1号窗口"


def test_before_any_state_the_counter_shows_as_closed(hall: Hall):
    effects = CallerPanel(hall, hall.counter[1]).start()
    assert bar(effects) == "1号窗口 未开放"
    assert clerk(effects) == "与主机断开 线路中断 请稍候"
    assert set(lamps(effects).values()) == {Light.OFF}


def test_another_counters_state_changes_nothing(hall: Hall):
    assert when(panel_of(hall), called(2)) == ()


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (CLOSED, "按下一位开放窗口"),
        (idle(), "等候5人"),
        (called(), "已呼叫A001 等候5人"),
        (called(recall=2), "已呼叫A001 重呼2次 等候5人"),
        (called(heard=Heard.YES), "已呼叫A001 等候5人"),
        (serving(), "A001办理中 等候5人"),
        (called(rule="green_first"), "已呼叫A001 绿色通道 等候5人"),
        (called(rule="supervisor"), "已呼叫A001 值班长叫号 等候5人"),
        (called(rule="green_first", recall=1), "已呼叫A001 重呼1次 等候5人"),
        (called(rule="by_a_newer_hub"), "已呼叫A001 等候5人"),
        (idle(own=2), "等候7人"),
        (idle(held=("A001", "B001")), "等候5人 挂起2人"),
        (serving(held=("B001",)), "A001办理中 等候5人 挂起1人"),
        (paused(), "已暂停 再按恢复"),
        (paused(reason="午休", until=HALF_PAST_ONE), "已暂停 午休 至13:30 再按恢复"),
    ],
)
def test_the_clerk_reads_the_state_and_who_waits(hall: Hall, state: CounterState, text: str):
    assert clerk(when(panel_of(hall), waiting(pension=2, card=3), state)) == text


def test_every_rule_has_a_word_for_the_clerk(hall: Hall):
    assert set(RULES) == set(Rule)
    panel = panel_of(hall)
    for rule in Rule:
        assert RULES[rule] in clerk(when(panel, called(rule=rule)))


def test_a_clerk_is_told_when_nobody_heard_the_call(hall: Hall):
    told = clerk(when(panel_of(hall), called(heard=Heard.NO)))
    assert told == "A001 语音未播出 请口头叫号"


def test_only_those_who_wait_for_this_counter_are_counted(hall: Hall):
    panel = panel_of(hall, 2)
    told = clerk(when(panel, waiting(pension=1, card=2, employment=4, relations=8)))
    assert told == "等候3人"


def test_a_comprehensive_counter_counts_everybody_but_those_of_special_zones(twelve: Hall):
    told = clerk(when(panel_of(twelve, 1), waiting(social=1, fund=2, tax=100)))
    assert told == "等候3人"


def test_a_panel_alone_says_so_and_recovers(hall: Hall):
    panel = panel_of(hall)
    assert clerk(when(panel, Alone("gone", Cause.HUB))) == "与主机断开 主机停机 请稍候"
    assert clerk(when(panel, Alone("gone", Cause.SILENCE))) == "与主机断开 主机无响应 请稍候"
    assert clerk(when(panel, Together())) == "等候0人"


# --- lamps -----------------------------------------------------------------------------------------

NAMES = ("next", "serve", "close", "undo", "hold", "pause", "pause:lunch", "pause:paper")
DARK = dict.fromkeys(NAMES, Light.OFF)


@pytest.mark.parametrize(
    ("state", "lit"),
    [
        (CLOSED, {}),
        (idle(), {"next": Light.ON}),
        (called(), {"serve": Light.BLINK}),
        (serving(), {"close": Light.ON, "next": Light.ON}),
        (called(undo_until=NOW + 1), {"serve": Light.BLINK, "undo": Light.ON}),
        (called(undo_until=NOW), {"serve": Light.BLINK}),
        (idle(held=("A001",)), {"next": Light.ON, "hold": Light.ON}),
        (serving(held=("A001",)), {"close": Light.ON, "next": Light.ON}),
        (paused(), {"pause": Light.ON}),
        (paused(reason="午休"), {"pause": Light.ON, "pause:lunch": Light.ON}),
    ],
)
def test_lamps_mark_the_keys_that_lead_on(hall: Hall, state: CounterState, lit: dict[str, Light]):
    panel = panel_of(hall)
    assert lamps(when(panel, waiting(card=1), state)) == DARK | lit


def test_next_is_dark_while_nobody_waits(hall: Hall):
    assert lamps(when(panel_of(hall), waiting(), idle())) == DARK


def test_next_is_lit_for_who_waits_for_this_counter_alone(hall: Hall):
    assert lamps(when(panel_of(hall), waiting(), idle(own=1)))["next"] is Light.ON


def test_the_undo_lamp_goes_out_when_it_is_too_late(hall: Hall):
    panel = panel_of(hall)
    effects = when(panel, called(undo_until=NOW + 7_000))
    assert StartTimer("undo", 7.0) in effects
    assert lamps(effects)["undo"] is Light.ON
    assert lamps(when(panel, TimerFired("undo")))["undo"] is Light.OFF


def test_without_a_serve_key_the_close_key_leads_on_from_a_call(hall: Hall):
    lit = lamps(when(panel_of(hall, 3), called(3)))
    assert lit["close"] is Light.ON


def test_alone_no_lamp_invites_a_press(hall: Hall):
    panel = panel_of(hall, state=called())
    assert lamps(when(panel, Alone("gone"))) == DARK


def test_one_state_is_one_text_for_each_eye(hall: Hall):
    effects = panel_of(hall).handle(called(), NOW)
    assert [type(effect) for effect in effects] == [Show, *[LightLamp] * len(NAMES), Tell]


def test_a_counter_that_closes_goes_dark(hall: Hall):
    panel = panel_of(hall, state=serving())
    closed = CounterState(counter=1, status=CounterStatus.CLOSED)
    assert lamps(when(panel, closed)) == DARK

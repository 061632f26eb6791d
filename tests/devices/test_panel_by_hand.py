"""The laws of a panel alone: the clerk calls the number he types; it is shown and said once it is on the disk, and told."""

from __future__ import annotations

import msgspec
import pytest

from broker.hearing import Alone, Cause, Kept, Together, Unanswered
from broker.messages import (
    Act,
    CalledTwice,
    CallNext,
    CommandRefused,
    CounterState,
    DeviceCommand,
    DoneAlone,
    Refusal,
    ReportDoneAlone,
)
from broker.settings import Hall, NextWhileServing
from firmware.caller_panel.by_hand import letters
from firmware.caller_panel.panel import CallerPanel
from firmware.device import Failed, KeyPressed, Past, Say, Send
from firmware.hal import Trouble
from firmware.hal.lamps import Light
from tests.devices.among import NOW, Effects, asks, bar, clerk, lamps, of, when
from tests.devices.panels import answer, called, idle, serving

DAY = "2023-11-15"  # NOW, in Shanghai
SAY = Say("请A零一七号，到一号窗口", counter=1, call=0, recall=0, mark=0)


def alone(
    hall: Hall, counter: int = 1, state: CounterState | None = None, *, types: bool = True
) -> CallerPanel:
    panel = CallerPanel(hall, hall.counter[counter], types=types)
    panel.start()
    when(panel, Together(), state or idle(counter), Alone("the hub is silent", Cause.SILENCE))
    return panel


def press(panel: CallerPanel, *keys: str, now: int = NOW) -> Effects:
    return when(panel, *map(KeyPressed, keys), now=now)


def done(act: Act, ticket: str = "A017", counter: int = 1, at: int = NOW) -> ReportDoneAlone:
    return ReportDoneAlone(counter=counter, ticket=ticket, day=DAY, act=act, done_at=at)


def keep(panel: CallerPanel, report: DeviceCommand) -> Effects:
    return when(panel, Kept("panel-1", report))


def does(panel: CallerPanel, *keys: str, now: int = NOW) -> Effects:
    """Keys, and the disk that keeps what came of them; what the last of it led to."""
    effects = press(panel, *keys, now=now)
    for report in asks(effects):
        effects = keep(panel, report)
    return effects


def fact(report: ReportDoneAlone) -> DoneAlone:
    return msgspec.convert(msgspec.structs.asdict(report), DoneAlone)


# --- typing and calling --------------------------------------------------------------------------------


def test_a_number_is_called_when_it_is_on_the_disk_and_not_before(hall: Hall):
    panel = alone(hall)
    assert clerk(press(panel, "0", "1", "7")) == "脱机 A017 按下一位呼叫"
    effects = press(panel, "next")
    assert of(Send, effects) == [Send(done(Act.CALLED), None)]
    assert of(Say, effects) == []
    assert bar(effects) == "1号窗口 综合业务" != bar(keep(panel, asks(effects)[0]))


def test_what_is_called_by_hand_is_shown_and_said_at_the_counter(hall: Hall):
    effects = does(alone(hall), "1", "7", "next")
    assert of(Say, effects) == [SAY]
    assert bar(effects) == "请A017号到1号窗口"
    assert clerk(effects) == "脱机 已呼叫A017 按到达或过号"
    assert lamps(effects)["serve"] is Light.BLINK


@pytest.mark.parametrize(
    ("keys", "number"),
    [
        (("7",), "A007"),
        (("0", "0", "7"), "A007"),
        (("1", "2", "3", "4"), "A1234"),
        (("1", "2", "3", "4", "5"), "A1234"),
        (("prefix", "9", "0", "1"), "B901"),
        (("prefix",) * 4 + ("3",), "X003"),
        (("prefix",) * 5 + ("3",), "A003"),
        (("9", "undo", "4"), "A004"),
        (("9", "prefix", "4"), "A004"),
        (("9", "prefix", "prefix", "4"), "B004"),
    ],
)
def test_a_number_is_typed_as_it_stands_on_the_paper(
    hall: Hall, keys: tuple[str, ...], number: str
):
    assert asks(press(alone(hall), *keys, "next")) == [done(Act.CALLED, number)]


@pytest.mark.parametrize("keys", [(), ("0",), ("0", "0", "0"), ("7", "undo")])
def test_without_a_number_nobody_is_called(hall: Hall, keys: tuple[str, ...]):
    effects = press(alone(hall), *keys, "next")
    assert asks(effects) == []
    assert clerk(effects) == "请先键入号码"


def test_the_letters_of_its_own_services_come_first_and_those_written_by_hand_last(hall: Hall):
    assert letters(hall, 1) == ("A", "B", "C", "K", "X")
    assert letters(hall, 3) == ("B", "C", "K", "A", "X")


def test_a_panel_that_cannot_type_says_why_it_is_alone_and_calls_nobody(hall: Hall):
    panel = alone(hall, types=False)
    assert clerk(panel.handle(Alone("gone", Cause.LINE), NOW)) == "与主机断开 线路中断 请稍候"
    (send,) = of(Send, press(panel, "next"))
    assert isinstance(send.command, CallNext)
    assert send.lives_s is not None, "which the link does not even send"


@pytest.mark.parametrize("cause", Cause)
def test_the_clerk_reads_why_and_what_to_do(hall: Hall, cause: Cause):
    text = clerk(when(alone(hall), Alone("gone", cause)))
    assert text.startswith("与主机断开 ")
    assert text.endswith(" 键入号码A 按下一位")


def test_at_its_start_without_a_hub_a_panel_calls_by_hand_too(hall: Hall):
    panel = CallerPanel(hall, hall.counter[1], types=True)
    assert bar(panel.start()) == "1号窗口 未开放"
    assert bar(does(panel, "1", "7", "next")) == "请A017号到1号窗口"


# --- going on ------------------------------------------------------------------------------------------


def test_a_service_alone_goes_from_call_to_end(hall: Hall):
    panel = alone(hall)
    does(panel, "1", "7", "next")
    assert asks(press(panel, "close")) == []
    assert clerk(press(panel, "close")) == "请先按到达"
    assert bar(does(panel, "serve")) == "A017号 正在办理"
    effects = press(panel, "close", now=NOW + 60_000)
    assert asks(effects) == [done(Act.CLOSED, at=NOW + 60_000)]
    assert bar(keep(panel, asks(effects)[0])) == "1号窗口 综合业务"


def test_who_does_not_come_is_a_no_show(hall: Hall):
    panel = alone(hall)
    does(panel, "1", "7", "next")
    effects = press(panel, "no_show")
    assert asks(effects) == [done(Act.NO_SHOW)]
    assert "键入号码" in clerk(keep(panel, asks(effects)[0]))


def test_what_the_hub_had_called_goes_on(hall: Hall):
    panel = alone(hall, state=serving(ticket="A001"))
    effects = press(panel, "1", "7", "next")
    assert asks(effects) == [done(Act.CLOSED, "A001"), done(Act.CALLED)]
    keep(panel, asks(effects)[0])
    assert bar(keep(panel, asks(effects)[1])) == "请A017号到1号窗口"


def test_a_called_one_is_first_ended_as_with_the_hub(hall: Hall):
    panel = alone(hall, state=called(ticket="A001"))
    assert clerk(press(panel, "1", "7", "next")) == "请先按到达或过号"
    small = alone(hall, 3, called(3, "C001"))
    effects = press(small, "1", "7", "next")
    assert asks(effects) == [done(Act.CLOSED, "C001", 3), done(Act.CALLED, "B017", 3)]


def test_where_the_hall_wants_services_ended_first_next_does_not(hall: Hall):
    rules = msgspec.structs.replace(hall.rules, next_while_serving=NextWhileServing.REFUSE)
    panel = alone(msgspec.structs.replace(hall, rules=rules), state=serving(ticket="A001"))
    assert clerk(press(panel, "1", "7", "next")) == "请先结束当前号"


def test_recall_says_it_once_more_and_tells_nobody(hall: Hall):
    panel = alone(hall)
    assert clerk(press(panel, "recall")) == "尚未叫号"
    does(panel, "1", "7", "next")
    effects = press(panel, "recall")
    assert [say.recall for say in of(Say, effects)] == [1]
    assert asks(effects) == []


def test_the_number_that_the_counter_has_is_not_called_anew(hall: Hall):
    panel = alone(hall)
    does(panel, "1", "7", "next")
    assert clerk(press(panel, "1", "7", "next")) == "该号已在本窗口"


def test_a_slow_disk_takes_one_press_at_a_time(hall: Hall):
    panel = alone(hall)
    press(panel, "1", "7", "next")
    assert asks(press(panel, "1", "8", "next")) == []


@pytest.mark.parametrize("key", ["hold", "pause", "transfer:card", "pause:lunch"])
def test_other_keys_need_the_hub(hall: Hall, key: str):
    effects = press(alone(hall), key)
    assert asks(effects) == []
    assert clerk(effects) == "与主机断开 此键暂不可用"


def test_a_press_under_way_is_waited_for(hall: Hall):
    panel = CallerPanel(hall, hall.counter[1], types=True)
    when(panel, Together(), idle())
    (asked,) = asks(press(panel, "next"))
    effects = when(panel, Alone("gone"), *map(KeyPressed, ("1", "7", "next")))
    assert asks(effects) == []
    assert clerk(effects) == "上一按键未应答 请稍候再按"
    when(panel, Unanswered(asked, "gone"))
    assert asks(press(panel, "next")) == [done(Act.CALLED)]


def test_a_silent_voice_at_the_counter_is_told(hall: Hall):
    panel = alone(hall)
    does(panel, "1", "7", "next")
    assert clerk(when(panel, Failed(SAY, "silent", Trouble.BROKEN))) == "语音未播出 请口头叫号"


def test_a_panel_that_starts_anew_goes_on_where_its_disk_left_it(hall: Hall):
    kept = (done(Act.CALLED, "A001"), done(Act.CLOSED, "A001"), done(Act.CALLED))
    panel = CallerPanel(hall, hall.counter[1], types=True, past=Past(kept=kept))
    effects = panel.start()
    assert bar(effects) == "请A017号到1号窗口"
    assert of(Say, effects) == [], "it was said"
    assert asks(press(panel, "serve")) == [done(Act.SERVED)]
    when(panel, Together())
    assert asks(press(panel, "next")) == [], "which would overtake what it did alone"
    for report in (*kept, done(Act.SERVED)):
        when(panel, answer(report, fact(report)))
    assert len(asks(press(panel, "next"))) == 1


# --- the hub is back -----------------------------------------------------------------------------------


def test_until_all_is_told_the_counter_is_as_it_was_alone_and_no_press_overtakes(hall: Hall):
    panel = alone(hall)
    does(panel, "1", "7", "next")
    does(panel, "serve")
    effects = when(panel, Together(), idle())
    assert bar(effects) == "A017号 正在办理"
    assert clerk(effects) == "正在补报脱机叫号 请稍候"
    assert set(lamps(effects).values()) == {Light.OFF}
    assert asks(press(panel, "close")) == []
    first, second = done(Act.CALLED), done(Act.SERVED)
    assert "补报" in clerk(when(panel, answer(first, fact(first))))
    effects = when(panel, serving(ticket="A017"), answer(second, fact(second)))
    assert bar(effects) == "A017号 正在办理"
    assert len(asks(press(panel, "close"))) == 1


def test_together_again_the_hubs_word_counts(hall: Hall):
    panel = alone(hall)
    does(panel, "1", "7", "next")
    report = done(Act.CALLED)
    assert bar(when(panel, Together(), answer(report, fact(report)), idle())) == "1号窗口 综合业务"
    assert clerk(press(panel, "4")) == "已联机 请按下一位"


def test_who_was_called_twice_is_told_to_the_clerk(hall: Hall):
    panel = alone(hall)
    does(panel, "1", "7", "next")
    report = done(Act.CALLED)
    twice = CalledTwice(ticket="A017", counter=1, other=2, was="closed", alone_at=NOW)
    told = when(panel, Together(), answer(report, fact(report), twice))
    assert clerk(told) == "A017 2号窗口已叫 已记录例外"


def test_what_the_hub_refuses_ends_the_waiting_too(hall: Hall):
    panel = alone(hall)
    does(panel, "1", "7", "next")
    refused = CommandRefused(code=Refusal.NOT_YOURS, reason="a reason for the log")
    told = when(panel, Together(), answer(done(Act.CALLED), refused))
    assert clerk(told) == "脱机叫号未能补报 请报修"
    assert len(asks(press(panel, "next"))) == 1


def test_alone_again_before_all_was_told_the_counter_goes_on_where_it_was(hall: Hall):
    panel = alone(hall)
    does(panel, "1", "7", "next")
    when(panel, Together(), idle(), Alone("gone again"))
    assert asks(press(panel, "serve")) == [done(Act.SERVED)]


def test_alone_and_together_without_a_press_changes_nothing(hall: Hall):
    panel = alone(hall, state=called(ticket="A001"))
    assert bar(when(panel, KeyPressed("1"), Together())) == "请A001号到1号窗口"
    assert bar(when(panel, idle())) == "1号窗口 综合业务"


def test_the_end_of_a_service_is_told_for_the_day_it_was_called_on(hall: Hall):
    panel = alone(hall)
    does(panel, "1", "7", "next")
    does(panel, "serve")
    (report,) = asks(press(panel, "close", now=NOW + 86_400_000))
    assert isinstance(report, ReportDoneAlone)
    assert report.day == DAY

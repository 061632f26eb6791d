"""The hall display's laws: all of it from retained states, and no redraw where nothing changed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from broker.hearing import Alone, Together
from broker.messages import CounterState, HallState, Heard, QueueState, ServiceState
from broker.settings import Device, Hall, Kind, NoShow, NoShowMode
from firmware.device import Draw, Event, KeyPressed, StartTimer, TimerFired
from firmware.hal.screen import Called, CounterRow, Label, ServiceRow, Tone
from firmware.hall_display.display import HallDisplay
from tests.devices.among import NOW, hall_page, of, when
from tests.devices.panels import called, idle, paused, serving, waiting


def display_of(hall: Hall, counters: tuple[int, ...] = (1, 2, 3)) -> HallDisplay:
    display = HallDisplay(hall, counters)
    display.start()
    when(display, Together())
    return display


def rows(page_rows: tuple[CounterRow, ...]) -> list[tuple[str, str, str]]:
    return [(row.counter.removesuffix("号窗口"), row.ticket, row.status) for row in page_rows]


def test_before_any_state_every_counter_shows_as_closed(hall: Hall):
    display = HallDisplay(hall, (1, 2, 3))
    page = hall_page(display.start())
    assert page.title == "示范人力资源和社会保障服务大厅"
    assert page.call == ""
    assert rows(page.counters) == [("1", "", "未开放"), ("2", "", "未开放"), ("3", "", "未开放")]


def test_every_counter_has_a_row_that_says_what_it_does(hall: Hall):
    display = display_of(hall)
    when(display, idle(1), called(2, "B001"))
    assert rows(hall_page(when(display, serving(3, "C001"))).counters) == [
        ("1", "", "空闲"),
        ("2", "B001", "请到窗口"),
        ("3", "C001", "正在办理"),
    ]
    assert rows(hall_page(when(display, paused(3))).counters)[2] == ("3", "", "暂停服务")


def test_a_row_names_the_counters_services(hall: Hall):
    page = hall_page(when(display_of(hall), idle(2)))
    assert page.counters[1].services == "养老保险、社保卡业务"


def test_a_row_of_a_comprehensive_counter_says_so_and_special_ones_keep_their_name(twelve: Hall):
    page = hall_page(when(display_of(twelve, (1, 8, 12)), idle(1)))
    assert [row.services for row in page.counters] == [
        "综合业务",
        "户籍与居住证、证照领取",
        "办税服务",
    ]


def test_the_newest_call_is_large(hall: Hall):
    display = display_of(hall)
    assert hall_page(when(display, called(1, "A001", seq=7))).call == "请A001号到1号窗口"
    page = hall_page(when(display, called(3, "C001", seq=9)))
    assert page.call == "请C001号到3号窗口"
    assert [row.fresh for row in page.counters] == [False, False, True]
    page = hall_page(when(display, called(2, "B001", seq=8)))
    assert page.call == "请C001号到3号窗口"
    page = hall_page(when(display, called(1, "A002", seq=10)))
    assert page.call == "请A002号到1号窗口"


def test_when_the_newest_call_is_over_the_one_before_it_is_large(hall: Hall):
    display = display_of(hall)
    when(display, called(1, "A001", seq=7), called(3, "C001", seq=9))
    assert hall_page(when(display, serving(3, "C001"))).call == "请A001号到1号窗口"
    assert hall_page(when(display, idle(1))).call == ""


def test_a_call_moves_for_a_moment_and_a_recall_moves_again(hall: Hall):
    display = display_of(hall)
    stands_ms = hall.rules.call_valid_s * 1000
    first = called(1, "A001", seq=7, until=NOW + stands_ms)
    assert hall_page(when(display, first)).moving == "7.0"
    other = called(2, "B001", seq=8, until=NOW + 9_000 + stands_ms)
    assert hall_page(when(display, other, now=NOW + 9_000)).moving == "8.0"
    again = called(1, "A001", seq=7, recall=1, until=NOW + 20_000 + stands_ms)
    page = hall_page(when(display, again, now=NOW + 20_000))
    assert (page.call, page.moving) == ("请A001号到1号窗口", "7.1")
    assert hall_page(when(display, TimerFired("minute"), now=NOW + 40_000)).moving == ""


def test_a_display_that_meets_an_old_call_shows_it_still(hall: Hall):
    page = hall_page(when(display_of(hall), called(until=NOW + 30_000)))
    assert (page.call, page.moving) == ("请A001号到1号窗口", "")


def test_the_calls_before_the_newest_stand_below_it(hall: Hall):
    display = display_of(hall)
    when(display, called(1, "A001", seq=7), called(3, "C001", seq=9))
    page = hall_page(when(display, called(2, "B001", seq=8)))
    assert page.earlier == (Called("B001", "2号窗口"), Called("A001", "1号窗口"))


def test_missed_numbers_are_told(hall: Hall):
    state = QueueState(services={}, missed=("A003", "B001"))
    assert hall_page(when(display_of(hall), state)).missed == ("A003", "B001")


def test_a_display_says_all_in_chinese_and_english(hall: Hall):
    page = hall_page(when(display_of(hall), called(1, "A001")))
    assert page.call_english == "Ticket A001 to counter 1"
    assert page.labels.missed == Label("过号", "Missed")
    assert page.counters[0].english == "Please come"


def test_counters_of_several_zones_stand_under_their_names(twelve: Hall):
    page = hall_page(when(display_of(twelve, tuple(twelve.counter)), idle(1)))
    names = [f"{zone.name} {zone.english}" for zone in twelve.zones]
    assert list(dict.fromkeys(row.zone for row in page.counters)) == names
    alone = hall_page(when(display_of(twelve, twelve.counters_in(twelve.zones[0].id)), idle(1)))
    assert {row.zone for row in alone.counters} == {""}


def test_a_display_of_several_zones_shows_those_alone(twelve: Hall):
    zones = tuple(zone.id for zone in twelve.zones)
    device = Device(id="both", kind=Kind.HALL_DISPLAY, zones=zones[::-1])
    assert sorted(twelve.watched_by(device)) == sorted(twelve.counter)
    device = Device(id="one", kind=Kind.HALL_DISPLAY, zones=zones[1:])
    assert twelve.watched_by(device) == twelve.counters_in(zones[1])


def test_a_display_of_a_zone_tells_who_waits_for_its_counters_alone(hall: Hall):
    page = hall_page(when(display_of(hall, (2,)), waiting(pension=1, employment=2)))
    assert [service.name for service in page.services] == ["养老保险"]


def test_of_too_many_services_who_waits_is_counted_by_group(sixty: Hall):
    everybody = QueueState(services={s.id: ServiceState(waiting=2) for s in sixty.services})
    page = hall_page(when(display_of(sixty), everybody))
    assert [(row.name, row.waiting) for row in page.services] == [
        (group.name, 20) for group in sixty.groups
    ]
    loose = replace(sixty.services[0], group="")
    page = hall_page(
        when(display_of(replace(sixty, services=(loose, *sixty.services[1:]))), everybody)
    )
    assert page.services[-1] == ServiceRow("", "其他业务", 2, "Other services")


def test_of_too_many_services_without_groups_the_fullest_are_told(sixty: Hall):
    hall = replace(sixty, groups=())
    states = {s.id: ServiceState(waiting=n) for n, s in enumerate(hall.services)}
    page = hall_page(when(display_of(hall), QueueState(services=states)))
    assert [row.waiting for row in page.services] == [*range(36, 60)]


def test_who_waits_is_counted_by_service(hall: Hall):
    page = hall_page(when(display_of(hall), waiting(pension=12, employment=0)))
    assert page.services == (
        ServiceRow("A", "养老保险", 12, "Pension insurance"),
        ServiceRow("C", "就业与失业", 0, "Employment"),
    )


@pytest.mark.parametrize(
    ("mode", "says"),
    [
        (NoShowMode.VOID, "过号作废，请重新取号"),
        (NoShowMode.CALLS, "过号后同业务再叫7个号之内可报到"),
        (NoShowMode.MINUTES, "过号后7分钟内可报到"),
        (NoShowMode.BACK, "过号后自动后移7位"),
        (NoShowMode.GUIDE, "过号请咨询工作人员"),
    ],
)
def test_the_rules_in_force_are_published_on_the_display(hall: Hall, mode: NoShowMode, says: str):
    rules = replace(hall.rules, priority_in_a_row=5, no_show=NoShow(mode=mode, keep=7))
    page = hall_page(when(display_of(replace(hall, rules=rules)), idle(1)))
    assert page.rules.text == (
        "按取号先后叫号；绿色通道、到时的预约优先，同一窗口连续优先不超过5次（绿色通道窗口除外）；"
        + says
    )
    plain = tuple(replace(counter, green=False) for counter in hall.counters)
    page = hall_page(when(display_of(replace(hall, counters=plain)), idle(1)))
    assert "连续优先不超过3次；" in page.rules.text
    assert "at most 3 times in a row at a counter; " in page.rules.english


def test_those_whom_the_end_of_the_day_sends_home_are_told(hall: Hall):
    over = {s.id: ServiceState(sent_home=s.id == "card") for s in hall.services}
    display = display_of(hall)
    page = hall_page(when(display, QueueState(services=over)))
    assert page.notice == "社保卡业务今日办理已结束，未叫到的号已取消，请改日再来"
    over = {s.id: ServiceState(sent_home=True) for s in hall.services}
    page = hall_page(when(display, QueueState(services=over)))
    assert page.notice == "今日办理已结束，未叫到的号已取消，请改日再来"


def test_a_notice_of_the_supervisor_stands_in_the_strip_before_all_but_that_it_is_old(hall: Hall):
    display = display_of(hall)
    over = QueueState(services={s.id: ServiceState(sent_home=True) for s in hall.services})
    page = hall_page(when(display, HallState(notice="下午系统维护", since=NOW)))
    assert page.notice == "下午系统维护"
    page = hall_page(when(display, over))
    assert page.notice.startswith("下午系统维护；今日办理已结束")
    page = hall_page(when(display, Alone("the hub is silent")))
    assert page.notice.startswith("显示可能不是最新")


def test_a_display_alone_says_that_it_may_be_old(hall: Hall):
    display = display_of(hall)
    when(display, called())
    page = hall_page(when(display, Alone("the hub is silent")))
    # The hub may have been silent for five seconds by now.
    assert page.notice == "显示可能不是最新（截至06:13），请听工作人员叫号"
    assert page.tone is Tone.WAIT
    assert page.call == "请A001号到1号窗口"
    later = when(display, TimerFired("minute"), now=NOW + 600_000)
    assert hall_page(later).notice == page.notice
    assert hall_page(later).clock == "06:23"
    healed = hall_page(when(display, Together(), now=NOW + 600_000))
    assert (healed.tone, healed.notice) == (Tone.CALM, "")


def test_a_display_that_never_heard_the_hub_names_no_time(hall: Hall):
    page = hall_page(HallDisplay(hall, (1, 2, 3)).start())
    assert page.notice == "显示可能不是最新，请听工作人员叫号"
    assert (page.clock, page.date) == ("", "")


def test_the_clock_goes_by_the_hubs_time_minute_by_minute(hall: Hall):
    display = HallDisplay(hall, (1, 2, 3))
    display.start()
    at = 1_700_000_040_000  # a full minute
    effects = when(display, Together(), now=at - 20_000)
    assert StartTimer("minute", 20.0) in effects
    assert hall_page(effects).clock == "06:13"
    effects = when(display, TimerFired("minute"), now=at)
    assert StartTimer("minute", 60.0) in effects
    assert (hall_page(effects).clock, hall_page(effects).date) == ("06:14", "11月15日 星期三")


def test_a_display_of_a_zone_shows_its_own_counters(hall: Hall):
    display = display_of(hall, (2,))
    assert when(display, called(1)) == ()
    assert [row.counter for row in hall_page(when(display, called(2, "B001"))).counters] == [
        "2号窗口"
    ]


def test_an_emergency_covers_everything_until_it_ends(hall: Hall):
    display = display_of(hall)
    usual = hall_page(when(display, called(1, "A001")))
    alarm = HallState(emergency="请撤离大厅", since=NOW)
    page = hall_page(when(display, alarm))
    assert (page.tone, page.emergency) == (Tone.STOP, "请撤离大厅")
    assert page.emergency_note.text == "06:13起 请听从工作人员安排"
    assert (page.moving, page.notice) == ("", "")
    # What goes on underneath is not for visitors' eyes now.
    assert when(display, serving(1, "A001"), called(1, "A001"), Alone("the hub is silent")) == ()
    assert hall_page(when(display, Together(), HallState())) == usual


# --- no redraw where nothing changed ---------------------------------------------------------------


def test_the_same_states_again_draw_nothing(hall: Hall):
    display = display_of(hall)
    when(display, called(), waiting(card=1))
    assert when(display, called()) == ()
    assert when(display, waiting(card=1)) == ()
    assert when(display, Together()) == ()


def test_what_visitors_do_not_see_draws_nothing(hall: Hall):
    display = display_of(hall)
    when(display, called(), Alone("the hub is silent"))
    assert when(display, called(heard=Heard.YES)) == ()
    assert when(display, Alone("the hub is down")) == ()
    assert when(display, KeyPressed("next")) == ()


EVENTS: tuple[Event, ...] = (
    Alone("gone"),
    Together(),
    waiting(card=3),
    waiting(pension=1, card=2),
    *(idle(n) for n in (1, 2, 3)),
    *(called(n, f"A00{n}", seq=n) for n in (1, 2, 3)),
    called(1, "A009", seq=9),
    called(1, "A009", seq=9, recall=1, heard=Heard.NO),
    *(serving(n, f"A00{n}") for n in (1, 2, 3)),
    paused(2),
    CounterState(counter=3),
    CounterState(counter=77),
)


@settings(max_examples=60)
@given(events=st.lists(st.sampled_from(EVENTS), max_size=25))
def test_a_page_follows_from_the_newest_states_alone_whatever_came_before(
    hall: Hall, events: list[Event]
):
    display = HallDisplay(hall, (1, 2, 3))
    pages = [effect.page for effect in of(Draw, display.start())]
    for event in events:
        pages += [effect.page for effect in of(Draw, display.handle(event, NOW))]
    assert all(page != after for page, after in pairwise(pages))

    line = [event for event in events if isinstance(event, Alone | Together)]
    states = [event for event in events if not isinstance(event, Alone | Together)]
    newest = {(type(event), getattr(event, "counter", 0)): event for event in states}
    reborn = HallDisplay(hall, (1, 2, 3))
    drawn = of(Draw, reborn.start())
    once = [Together()] if any(isinstance(event, Together) for event in line) else []
    for event in [*newest.values(), *once, *line[-1:]]:
        drawn += of(Draw, reborn.handle(event, NOW))
    assert drawn[-1].page == pages[-1]

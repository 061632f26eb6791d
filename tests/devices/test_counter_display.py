"""The counter display's laws: its counter's state, who sits there, what is promised; where to go while it rests."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from broker.hearing import Alone, Together
from broker.messages import CounterState, CounterStatus, HallState, Heard
from broker.settings import Clerk, Device, Hall, Kind, PauseReason
from firmware.check import load, with_catalogue, with_photos
from firmware.counter_display.display import CounterDisplay
from firmware.counter_display.hardware import Hardware, wiring
from firmware.device import Draw, KeyPressed, StartTimer, TimerFired
from firmware.hal.screen import CounterPage, Label, Person, PygameScreenSettings, Tone
from hal_mocks.screen import MockScreen
from tests.devices.among import NOW, counter_page, of, when
from tests.devices.panels import called, idle, paused, serving, waiting

HALF_PAST_ONE = 1_700_026_200_000


def display_of(hall: Hall, number: int = 1) -> CounterDisplay:
    display = CounterDisplay(hall, hall.counter[number])
    display.start()
    when(display, Together())
    return display


def test_before_any_state_the_counter_shows_as_closed_and_nobody_sits_there(hall: Hall):
    page = counter_page(CounterDisplay(hall, hall.counter[1]).start())
    assert page.counter == Label("1号窗口", "Counter 1")
    assert page.status == Label("未开放", "Closed")
    assert page.functions == "综合业务"
    assert page.person is None
    assert page.notice == "显示可能不是最新，请听工作人员叫号"


def test_it_shows_whom_its_counter_calls_and_serves(hall: Hall):
    display = display_of(hall)
    page = counter_page(when(display, called(1, "A001", seq=7)))
    assert (page.ticket, page.status.text, page.moving) == ("A001", "请到本窗口", "7.0")
    page = counter_page(when(display, serving(1, "A001")))
    assert (page.ticket, page.status, page.moving) == ("A001", Label("正在办理", "In service"), "")
    page = counter_page(when(display, idle(1)))
    assert (page.ticket, page.status.text) == ("", "请等候叫号")


def test_a_clerk_is_told_by_number_name_post_and_promise(hall: Hall):
    page = counter_page(when(display_of(hall), replace(idle(1), clerk="012")))
    assert page.person == Person(
        "王芳", "工号 012", "综合受理岗", "一次告知、限时办结，材料齐全当场受理"
    )


def test_who_is_not_in_the_settings_table_is_told_by_the_text_that_stands_for_them(hall: Hall):
    page = counter_page(when(display_of(hall, 2), idle(2)))
    assert page.person == Person("工号 025")
    page = counter_page(when(display_of(hall, 2), replace(idle(2), clerk="李师傅")))
    assert page.person == Person("李师傅")
    nameless = replace(hall, clerks=(Clerk(id="012"),))
    page = counter_page(when(display_of(nameless), replace(idle(1), clerk="012")))
    assert page.person == Person("工号 012")


def test_a_paused_counter_says_why_until_when_and_which_open_counters_serve_the_same(hall: Hall):
    hall = replace(hall, pauses=(PauseReason(id="lunch", name="午休", english="Lunch"),))
    display = display_of(hall)
    page = counter_page(when(display, paused(1, "午休", HALF_PAST_ONE)))
    assert page.status.text == "暂停服务"
    assert page.lines == (
        Label("午休", "Lunch"),
        Label("预计13:30恢复", "back at about 13:30"),
        Label("请到其他窗口办理", "Please use another counter"),
    )
    page = counter_page(when(display, idle(2), idle(3)))
    assert page.lines[-1] == Label("请到2、3号窗口办理", "Please go to counter 2, 3")
    assert counter_page(when(display, paused(3))).lines[-1].text == "请到2号窗口办理"


def test_alone_it_sends_nobody_to_a_counter_that_may_be_closed_by_now(hall: Hall):
    display = display_of(hall)
    when(display, idle(2), CounterState(counter=1))
    page = counter_page(when(display, Alone("the hub is silent")))
    assert page.lines == (Label("请到其他窗口办理", "Please use another counter"),)


def test_alone_it_says_since_when_it_may_be_old_and_heals(hall: Hall):
    display = display_of(hall)
    when(display, called(1, "A001"))
    page = counter_page(when(display, Alone("the hub is silent")))
    assert (page.tone, page.ticket) == (Tone.WAIT, "A001")
    assert page.notice == "显示可能不是最新（截至06:13），请听工作人员叫号"
    page = counter_page(when(display, Together()))
    assert (page.tone, page.notice) == (Tone.CALM, "")


@pytest.fixture(scope="module")
def told() -> Hall:
    """The sample hall as a board with a counter display has it: with its catalogue."""
    path = Path(__file__).parents[2] / "broker" / "halls" / "sample.toml"
    return with_catalogue(load(path), path, "counter-1")


def test_the_standard_of_what_is_served_comes_from_the_catalogue(told: Hall):
    state = replace(serving(1, "A001"), service="pension")
    now = 1_800_000_000_000  # all items of the catalogue are valid then
    display = display_of(told)
    standard = counter_page(when(display, state, now=now)).standard
    items = [item for item in told.catalogue.items if item.service == "pension"]
    assert len(items) > 1
    assert standard is not None
    assert standard.heading == Label("承诺办理时限", "Time limits")
    assert standard.rows == tuple((item.label, item.promised) for item in items)
    standard = counter_page(when(display, replace(state, item=items[1].id), now=now)).standard
    assert standard is not None
    assert standard.heading.text == items[1].name
    assert counter_page(when(display, idle(1), now=now)).standard is None


def test_what_is_promised_is_turned_on_until_another_visitor_or_none_is_there(told: Hall):
    state = replace(serving(1, "A001"), service="pension")
    now = 1_800_000_000_000
    display = display_of(told)
    assert StartTimer("turn", 6.0) in when(display, state, now=now)
    for turn in (1, 2):
        effects = when(display, TimerFired("turn"), now=now)
        assert StartTimer("turn", 6.0) in effects
        standard = counter_page(effects).standard
        assert standard is not None
        assert standard.turn == turn
    standard = counter_page(when(display, replace(state, service="card"), now=now)).standard
    assert standard is not None
    assert standard.turn == 0
    assert StartTimer("turn", 0) in when(display, idle(1), now=now)
    assert when(display, TimerFired("turn"), now=now) == (StartTimer("turn", 0),)


def test_of_a_service_with_one_item_limit_fee_and_result_are_told(told: Hall):
    item = told.catalogue.items[0]
    alone = replace(told, catalogue=replace(told.catalogue, items=(item,)))
    state = replace(serving(1, "A001"), service=item.service)
    standard = counter_page(when(display_of(alone), state, now=1_800_000_000_000)).standard
    assert standard is not None
    assert standard.heading == Label(item.name, item.name_en)
    assert standard.rows == (
        ("办理时限", item.promised),
        ("收费", item.fee),
        ("办理结果", item.result),
    )


def test_a_counter_display_follows_its_counter_and_those_that_serve_the_same(twelve: Hall):
    display = Device(id="over", kind=Kind.COUNTER_DISPLAY, counter=12)
    watched = twelve.watched_by(display)
    assert watched[0] == 12
    assert set(watched[1:]) == {
        number
        for number, served in twelve.served.items()
        if number != 12 and served & twelve.served[12]
    }


# --- the photo -------------------------------------------------------------------------------------


def shown(hall: Hall, photo: str) -> Person:
    screen = MockScreen()
    page = CounterPage(Label(), "", Label(), person=Person("王芳", photo=photo))
    hardware = Hardware(screen=PygameScreenSettings())
    wiring(hall, hardware).parts["screen"][Draw](screen, Draw(page))
    current = screen.current
    assert isinstance(current, CounterPage)
    assert current.person is not None
    return current.person


def test_a_photo_is_shown_if_it_is_a_picture_and_else_a_silhouette(hall: Hall, tmp_path: Path):
    photo, text = tmp_path / "012.png", tmp_path / "013.png"
    photo.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))
    text.write_text("no picture")
    assert shown(hall, str(photo)).photo == str(photo)
    for none in (str(text), str(tmp_path / "absent.jpg"), str(tmp_path), ""):
        assert shown(hall, none).photo == ""


def test_photos_lie_beside_the_halls_file_unless_they_say_otherwise(hall: Hall, tmp_path: Path):
    clerks = (Clerk(id="1", photo="photos/1.jpg"), Clerk(id="2", photo="/srv/2.jpg"), Clerk(id="3"))
    found = with_photos(replace(hall, clerks=clerks), tmp_path / "hall.toml")
    assert [clerk.photo for clerk in found.clerks] == [
        str(tmp_path / "photos/1.jpg"),
        "/srv/2.jpg",
        "",
    ]


def test_an_emergency_covers_everything_until_it_ends(hall: Hall):
    display = display_of(hall)
    usual = counter_page(when(display, called(1, "A001")))
    alarm = HallState(emergency="请撤离大厅", since=NOW)
    page = counter_page(when(display, alarm))
    assert (page.tone, page.emergency) == (Tone.STOP, "请撤离大厅")
    assert page.emergency_note.text == "06:13起 请听从工作人员安排"
    assert (page.moving, page.notice) == ("", "")
    # What goes on underneath is not for visitors' eyes now.
    assert when(display, serving(1, "A001"), called(1, "A001"), Alone("the hub is silent")) == ()
    assert counter_page(when(display, Together(), HallState())) == usual


# --- no redraw where nothing changed ---------------------------------------------------------------


def test_what_visitors_do_not_see_draws_nothing(hall: Hall):
    display = display_of(hall)
    when(display, called(1, "A001"), idle(2))
    assert when(display, called(1, "A001", heard=Heard.YES)) == ()
    assert when(display, paused(2)) == ()
    assert when(display, waiting(card=1)) == ()
    assert when(display, KeyPressed("next")) == ()
    assert when(display, Together()) == ()


EVENTS: tuple[CounterState | Alone | Together, ...] = (
    Together(),
    Alone("gone"),
    idle(1),
    called(1, "A001", seq=1),
    serving(1, "A001"),
    paused(1, "午休", HALF_PAST_ONE),
    CounterState(counter=1, status=CounterStatus.CLOSED),
    idle(2),
    paused(2),
    idle(3),
    CounterState(counter=77),
)


@settings(max_examples=60)
@given(events=st.lists(st.sampled_from(EVENTS), max_size=25))
def test_a_page_follows_from_the_newest_states_alone_whatever_came_before(
    hall: Hall, events: list[CounterState | Alone | Together]
):
    display = CounterDisplay(hall, hall.counter[1])
    pages = [effect.page for effect in of(Draw, display.start())]
    for event in events:
        pages += [effect.page for effect in of(Draw, display.handle(event, NOW))]
    assert all(page != after for page, after in pairwise(pages))

    line = [event for event in events if isinstance(event, Alone | Together)]
    newest = {event.counter: event for event in events if isinstance(event, CounterState)}
    once = [Together()] if any(isinstance(event, Together) for event in line) else []
    reborn = CounterDisplay(hall, hall.counter[1])
    drawn = of(Draw, reborn.start())
    for event in [*newest.values(), *once, *line[-1:]]:
        drawn += of(Draw, reborn.handle(event, NOW))
    assert drawn[-1].page == pages[-1]

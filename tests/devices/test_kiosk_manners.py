"""The kiosk for those who see badly, sit in a wheelchair or do not see at all: how many touches, what is spoken, how long."""

from __future__ import annotations

from collections import deque

import pytest
from msgspec.structs import replace

from broker.messages import IssueTicket, QueueState, Refusal, ServiceState, TicketIssued
from broker.phrases import Language
from broker.settings import Hall
from firmware.device import (
    CardShown,
    Done,
    Effect,
    KeyPressed,
    Print,
    Prompt,
    StartTimer,
    TimerFired,
)
from firmware.hal.screen import KioskPage, Manner
from firmware.ticket_kiosk.keys import CHOOSE, GO_BACK, LARGE, LOW, NEXT, PREVIOUS, TACTILE, USUAL
from firmware.ticket_kiosk.kiosk import TicketKiosk
from tests.devices.among import NOW, asks, page, when
from tests.devices.kiosks import A001, CHECKED, KIOSK, PRINTED_A001, answer, ready

PERSON = "5f" * 32


def said(effects: tuple[Effect, ...]) -> list[str]:
    return [effect.text for effect in effects if isinstance(effect, Prompt)]


def names(shown: KioskPage) -> list[str]:
    return [key.key for key in (*shown.keys, *shown.foot)]


def home(kiosk: TicketKiosk) -> KioskPage:
    return page(when(kiosk, KeyPressed("page:home")))


def touches_to_a_ticket(hall: Hall, begin: tuple[str, ...], service: str) -> int:
    """The fewest touches, `begin` among them, that ask for a ticket of the service."""
    waiting = deque([begin])
    seen = set()
    while waiting:
        keys = waiting.popleft()
        kiosk = ready(hall)
        effects: tuple[Effect, ...] = when(kiosk, KeyPressed("page:home"))
        for key in keys:
            effects = when(kiosk, KeyPressed(key))
        asked = asks(when(kiosk, CHECKED))
        if any(isinstance(one, IssueTicket) and one.service == service for one in asked):
            return len(keys)
        shown = page(effects)
        if asked or shown in seen:
            continue
        seen.add(shown)
        ahead = [key.key for key in shown.keys] + ["page:more"]
        waiting += [(*keys, key) for key in ahead if key in names(shown)]
    raise AssertionError(f"no way to {service}")


# --- large type -----------------------------------------------------------------------------------------


def test_an_old_visitor_has_a_ticket_after_three_touches_the_first_for_large_type(
    full: Hall, hall: Hall
):
    for one in (full, hall):
        for service in one.services:
            assert touches_to_a_ticket(one, (LARGE,), service.id) <= 3


def test_where_services_stand_in_groups_it_is_three_from_the_large_home(sixty: Hall):
    few = replace(
        sixty,
        services=tuple(s for s in sixty.services if int(s.id[1:]) < 16),
        groups=sixty.groups[:4],
    )
    few = replace(
        few,
        services=tuple(replace(s, group=f"g{n // 4 + 1}") for n, s in enumerate(few.services)),
    )
    for service in few.services:
        assert touches_to_a_ticket(few, (LARGE,), service.id) - 1 <= 3


def test_everybody_has_a_ticket_after_three_touches_and_knows_what_to_bring(full: Hall):
    for service in full.services:
        assert touches_to_a_ticket(full, (), service.id) == 3


@pytest.mark.parametrize("begin", [KeyPressed(LARGE), CardShown(PERSON, elderly=True)])
def test_large_type_is_had_by_one_touch_or_by_card_with_few_choices(full: Hall, begin):
    kiosk = ready(full)
    shown = page(when(kiosk, begin))
    assert shown.manner is Manner.LARGE
    assert [key.key for key in shown.keys] == [f"service:{s.id}" for s in full.services]
    assert "page:call" in names(shown)
    assert USUAL in names(shown)


def test_large_type_has_no_more_than_four_choices_on_any_screen(full: Hall):
    kiosk = ready(full)
    for way in (["page:more"], ["page:more", "page:guide"], ["page:more", "page:more"]):
        when(kiosk, KeyPressed("page:home"))
        shown = page(when(kiosk, KeyPressed(LARGE)))
        for key in way:
            shown = page(when(kiosk, KeyPressed(key)))
            assert len(shown.keys) <= 4


def test_each_page_in_large_type_is_spoken_once(full: Hall):
    kiosk = ready(full)
    assert said(when(kiosk, KeyPressed(LARGE))) == [
        f"{full.hall.name}，请选择要办理的业务",
    ]
    assert said(when(kiosk, QueueState(services={"card": ServiceState(waiting=3)}))) == []
    (text,) = said(when(kiosk, KeyPressed("service:card")))
    assert "居民身份证 原件" in text
    (text,) = said(when(kiosk, KeyPressed("take:card")))
    assert "正在取号" in text
    issued = TicketIssued(ticket="B007", service="card", kiosk=KIOSK, issued_at=NOW, ahead=3)
    when(kiosk, CHECKED, answer(issued))
    effects = when(kiosk, Done(Print("B007", "card", 3, NOW)))
    assert said(effects) == ["您已领取B零零七号，前方等待3人，请取走号票，留意叫号"]


def test_who_needs_longer_has_twice_the_time(full: Hall):
    kiosk = ready(full)
    for manner in (LARGE, NEXT):
        when(kiosk, KeyPressed(manner))
        assert StartTimer("home", 120.0) in when(kiosk, KeyPressed("service:card"))
        when(kiosk, TimerFired("home"))
    assert StartTimer("home", 60.0) in when(kiosk, KeyPressed(LOW))


def test_the_manner_of_one_visitor_is_not_the_next_ones(full: Hall):
    kiosk = ready(full)
    when(kiosk, KeyPressed(LARGE), KeyPressed("page:language"))
    effects = when(kiosk, TimerFired("home"))
    assert page(effects).manner is Manner.USUAL
    assert page(effects).title == full.hall.name
    assert said(effects) == [""]


def test_home_leaves_an_old_visitor_in_large_type(full: Hall):
    kiosk = ready(full)
    when(kiosk, KeyPressed(LARGE), KeyPressed("service:card"))
    assert home(kiosk).manner is Manner.LARGE


# --- a wheelchair, everybody ----------------------------------------------------------------------------


def test_low_keys_are_had_by_one_touch_on_every_page_and_left_by_one(full: Hall):
    kiosk = ready(full)
    assert page(when(kiosk, KeyPressed(LOW))).manner is Manner.LOW
    for key in ("service:pension", "for:pension-claim", "page:language"):
        assert page(when(kiosk, KeyPressed(key))).manner is Manner.LOW
    assert USUAL in names(home(kiosk))
    assert page(when(kiosk, KeyPressed(USUAL))).manner is Manner.USUAL


def test_usually_the_voice_says_the_number_and_nothing_else(full: Hall):
    kiosk = ready(full)
    for key in ("service:pension", "bring:pension", "take:pension"):
        assert said(when(kiosk, KeyPressed(key))) == []
    when(kiosk, CHECKED, answer(A001))
    assert said(when(kiosk, Done(PRINTED_A001))) == ["您已领取A零零一号，前方等待3人"]


def test_in_english_it_is_said_in_english(full: Hall):
    kiosk = ready(full)
    when(kiosk, KeyPressed("page:language"), KeyPressed("pension"), CHECKED, answer(A001))
    effects = when(kiosk, Done(PRINTED_A001))
    assert Prompt("Your number is A 0 0 1, 3 waiting ahead of you", Language.ENGLISH) in effects


# --- who does not see ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", TACTILE)
def test_any_tactile_key_begins_the_audio_guide_and_says_how_it_goes(full: Hall, key: str):
    kiosk = ready(full)
    effects = when(kiosk, KeyPressed(key))
    assert page(effects).manner is Manner.HEARD
    assert page(effects).at == "service:pension"
    (text,) = said(effects)
    assert "确认键进入" in text
    assert text.endswith("养老保险")


def walk(kiosk: TicketKiosk, key: str) -> tuple[Effect, ...]:
    """Go with the tactile keys until the page's key is the one that is spoken of, and choose it."""
    shown = kiosk_page(kiosk)
    for _ in range(100):
        if shown.at == key:
            return when(kiosk, KeyPressed(CHOOSE))
        shown = page(when(kiosk, KeyPressed(NEXT)))
    raise AssertionError(f"{key} is not among the keys of {shown.title}")


def kiosk_page(kiosk: TicketKiosk) -> KioskPage:
    """The page as it stands: two moves that undo each other draw it."""
    return page(when(kiosk, KeyPressed(NEXT), KeyPressed(PREVIOUS)))


def test_with_four_keys_every_service_is_reached(full: Hall, sixty: Hall):
    for service in full.services:
        kiosk = ready(full)
        when(kiosk, KeyPressed(NEXT))
        walk(kiosk, f"service:{service.id}")
        walk(kiosk, f"take:{service.id}")
        assert asks(when(kiosk, CHECKED)) == [IssueTicket(service=service.id)]
    last = sixty.services[-1]
    kiosk = ready(sixty)
    when(kiosk, KeyPressed(NEXT))
    walk(kiosk, f"services:{last.group}")
    assert f"service:{last.id}" in page(walk_to(kiosk, f"service:{last.id}")).at


def walk_to(kiosk: TicketKiosk, key: str) -> tuple[Effect, ...]:
    effects: tuple[Effect, ...] = ()
    for _ in range(100):
        effects = when(kiosk, KeyPressed(NEXT))
        if page(effects).at == key:
            return effects
    raise AssertionError(key)


def test_with_four_keys_everything_else_is_reached(full: Hall):
    for way in (
        ("page:guide", "guide:card", "item:card-loss"),
        ("page:agency", "agents:pension", "agent:pension-flexible"),
        ("page:complaint",),
        ("page:appointment",),
        ("page:language",),
    ):
        kiosk = ready(full)
        when(kiosk, KeyPressed(NEXT))
        for key in way:
            effects = walk(kiosk, key)
        assert said(effects)
    kiosk = ready(full)
    when(kiosk, KeyPressed(NEXT))
    assert asks(walk(kiosk, "page:call"))


def test_each_move_speaks_the_key_and_why_it_cannot_be_had(full: Hall):
    kiosk = ready(full)
    when(kiosk, QueueState(services={"card": ServiceState(refused=Refusal.QUOTA_OF_DAY)}))
    when(kiosk, KeyPressed(NEXT))
    effects = when(kiosk, KeyPressed(NEXT))
    assert said(effects) == ["社保卡业务，今日号已取完"]
    assert page(effects).at == "service:card"
    assert [key.key for key in page(effects).keys] == ["service:card"]
    assert said(when(kiosk, KeyPressed(PREVIOUS))) == ["养老保险"]


def test_the_keys_go_round(full: Hall):
    kiosk = ready(full)
    first = page(when(kiosk, KeyPressed(NEXT))).at
    last = page(when(kiosk, KeyPressed(PREVIOUS))).at
    assert last != first
    assert page(when(kiosk, KeyPressed(NEXT))).at == first


def test_the_back_key_goes_one_page_back_and_at_home_begins_anew(full: Hall):
    kiosk = ready(full)
    when(kiosk, KeyPressed(NEXT))
    walk(kiosk, "page:guide")
    walk(kiosk, "guide:card")
    assert page(when(kiosk, KeyPressed(GO_BACK))).title == "办事指南"
    assert page(when(kiosk, KeyPressed(GO_BACK))).title == full.hall.name
    shown = page(when(kiosk, KeyPressed(GO_BACK)))
    assert (shown.title, shown.manner) == (full.hall.name, Manner.HEARD)


def test_long_text_is_read_section_by_section(full: Hall):
    kiosk = ready(full)
    when(kiosk, KeyPressed(NEXT))
    walk(kiosk, "page:guide")
    walk(kiosk, "guide:card")
    effects = walk(kiosk, "item:card-loss")
    assert [section.heading for section in page(effects).sections] == ["办理时限"]
    effects = walk(kiosk, "page:more")
    assert [section.heading for section in page(effects).sections] == ["收费"]
    assert "收费" in said(effects)[0]


def test_who_sees_leaves_the_audio_guide_by_one_touch(full: Hall):
    kiosk = ready(full)
    shown = page(when(kiosk, KeyPressed(NEXT)))
    assert USUAL in names(shown)
    effects = when(kiosk, KeyPressed(USUAL))
    assert page(effects).manner is Manner.USUAL
    assert said(effects) == [""]

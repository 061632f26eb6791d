"""A missed number comes back at the kiosk by the code on its paper, where the hall's rules let it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from broker.hearing import Answered, Unanswered
from broker.messages import (
    CODE_LENGTH,
    CODE_SIGNS,
    CommandRefused,
    QueueState,
    Refusal,
    ReturnTicket,
    TicketReturned,
)
from broker.queue.numbers import code_of
from broker.settings import Hall, NoShow, NoShowMode
from firmware.device import CheckPrinter, Event, KeyPressed, Print, TimerFired
from firmware.hal.screen import KioskPage, PygameScreenSettings, Tone
from firmware.ticket_kiosk.hardware import paper
from firmware.ticket_kiosk.keys import CHECK_IN, HOME
from firmware.ticket_kiosk.kiosk import TicketKiosk
from tests.devices.among import asks, page, when
from tests.devices.kiosks import ready
from tests.looks.laws import FINGER_DP

CODE = code_of("a secret", "A017")
BACK = ReturnTicket(ticket="A017", code=CODE)
MISSED = QueueState(services={}, missed=("A017", "B004"))
# The sizes of kiosks' screens.
SIZES = ((1080, 1920), (1920, 1080), (1280, 800), (800, 480))


def with_mode(hall: Hall, mode: NoShowMode, behind: int = 0) -> Hall:
    return replace(
        hall, rules=replace(hall.rules, no_show=NoShow(mode=mode, keep=30, behind=behind))
    )


@pytest.fixture(scope="module")
def keeping(hall: Hall) -> Hall:
    """The sample hall, if it kept missed numbers for half an hour."""
    return with_mode(hall, NoShowMode.MINUTES)


def kiosk_of(hall: Hall) -> TicketKiosk:
    kiosk = ready(hall)
    when(kiosk, MISSED)
    return kiosk


def typed(code: str) -> tuple[Event, ...]:
    return tuple(KeyPressed(f"code:{sign}") for sign in code)


def asked(hall: Hall) -> TicketKiosk:
    """A kiosk on which the visitor of A017 has just typed his code."""
    kiosk = kiosk_of(hall)
    when(kiosk, KeyPressed(CHECK_IN), KeyPressed("missed:A017"), *typed(CODE))
    return kiosk


def labels(shown: KioskPage) -> list[str]:
    return [key.label for key in shown.keys]


def feet(shown: KioskPage) -> list[str]:
    return [key.key for key in shown.foot]


@pytest.mark.parametrize("mode", NoShowMode)
def test_the_way_back_is_offered_where_the_rules_open_it_and_somebody_was_missed(
    hall: Hall, mode: NoShowMode
):
    opens = mode in (NoShowMode.CALLS, NoShowMode.MINUTES)
    kiosk = ready(with_mode(hall, mode))
    assert (CHECK_IN in feet(page(when(kiosk, MISSED)))) == opens
    assert CHECK_IN not in feet(page(when(kiosk, QueueState(services={}))))


def test_a_touch_on_the_number_and_its_code_ask_for_it_back(keeping: Hall):
    kiosk = kiosk_of(keeping)
    assert labels(page(when(kiosk, KeyPressed(CHECK_IN)))) == ["A017", "B004"]
    shown = page(when(kiosk, KeyPressed("missed:A017")))
    assert labels(shown) == [*CODE_SIGNS, "删除", "清空", "重选"]
    effects = when(kiosk, *typed(CODE[:-1]))
    assert asks(effects) == []
    assert page(effects).typed == " ".join([*CODE[:-1], "_"])
    effects = when(kiosk, *typed(CODE[-1]))
    assert asks(effects) == [BACK]
    assert page(effects).keys == ()
    assert CheckPrinter() not in effects


def test_a_sign_can_be_taken_back(keeping: Hall):
    kiosk = kiosk_of(keeping)
    wrong = "7" if CODE[2] != "7" else "6"
    effects = when(
        kiosk,
        KeyPressed(CHECK_IN),
        KeyPressed("missed:A017"),
        *typed(CODE[:2] + wrong),
        KeyPressed("code:erase"),
        *typed(CODE[2:]),
    )
    assert asks(effects) == [BACK]


def test_all_signs_can_be_taken_back_and_another_number_be_chosen(keeping: Hall):
    kiosk = kiosk_of(keeping)
    when(kiosk, KeyPressed(CHECK_IN), KeyPressed("missed:B004"), *typed(CODE[:4]))
    assert page(when(kiosk, KeyPressed("code:clear"))).typed == "_ _ _ _ _ _"
    when(kiosk, *typed(CODE[:4]), KeyPressed(CHECK_IN), KeyPressed("missed:A017"))
    assert asks(when(kiosk, *typed(CODE))) == [BACK]


@pytest.mark.parametrize(
    ("behind", "says"), [(0, "按原取号时间排队"), (3, "至多排在同业务3人之后")]
)
def test_who_is_back_reads_where_and_the_next_visitor_may_touch(hall: Hall, behind: int, says: str):
    kiosk = asked(with_mode(hall, NoShowMode.MINUTES, behind))
    back = TicketReturned(ticket="A017", place=(1, 1, 0))
    shown = page(when(kiosk, Answered(BACK, (back,))))
    assert (shown.title, shown.large, shown.tone) == ("报到成功", "A017", Tone.GOOD)
    assert says in shown.lines
    assert "养老保险" in labels(shown)


def test_a_wrong_code_may_be_typed_again(keeping: Hall):
    kiosk = asked(keeping)
    shown = page(when(kiosk, refused(Refusal.WRONG_CODE)))
    assert (shown.title, shown.typed) == ("报到码不符，请核对后再输入", "_ _ _ _ _ _")
    assert asks(when(kiosk, *typed(CODE))) == [BACK]


@pytest.mark.parametrize("code", Refusal)
def test_every_refusal_says_what_to_do_and_leads_home(keeping: Hall, code: Refusal):
    shown = page(when(asked(keeping), refused(code)))
    assert shown.lines or shown.typed
    assert HOME in [key.key for key in (*shown.keys, *shown.foot)]


def test_a_hub_that_does_not_answer_is_said(keeping: Hall):
    shown = page(when(asked(keeping), Unanswered(BACK, "the hub is silent")))
    assert "没有应答" in shown.lines[0]
    assert shown.tone is Tone.STOP


def test_the_code_of_one_visitor_is_forgotten_with_the_next(keeping: Hall):
    kiosk = kiosk_of(keeping)
    when(kiosk, KeyPressed(CHECK_IN), KeyPressed("missed:A017"), *typed(CODE[:3]))
    when(kiosk, TimerFired("home"), KeyPressed(CHECK_IN))
    shown = page(when(kiosk, KeyPressed("missed:B004")))
    assert shown.typed == "_ _ _ _ _ _"


def test_an_answer_that_comes_late_does_not_hide_the_number_of_the_next_visitor(keeping: Hall):
    kiosk = asked(keeping)
    when(kiosk, KeyPressed("pension"))
    assert when(kiosk, Unanswered(BACK, "the hub is silent")) == ()


def test_the_code_stands_on_the_paper_where_a_kiosk_asks_for_it(hall: Hall, keeping: Hall):
    ticket = Print("A017", "pension", 3, 1_700_000_000_000, code=CODE)
    assert paper(keeping, ticket).footer == f"过号报到码 {CODE}"
    assert paper(hall, ticket).footer == ""


def test_every_code_of_the_hub_can_be_typed():
    for number in range(300):
        code = code_of("a secret", f"A{number:03}")
        assert len(code) == CODE_LENGTH
        assert set(code) <= set(CODE_SIGNS)


KEYS = st.sampled_from(
    [
        CHECK_IN,
        HOME,
        "missed:A017",
        "missed:B004",
        "code:erase",
        "code:clear",
        "code:A",
        "code:7",
        "pension",
    ]
)


@settings(max_examples=50)
@given(keys=st.lists(KEYS, max_size=40))
def test_no_order_of_touches_asks_with_anything_but_a_whole_code(keeping: Hall, keys: list[str]):
    kiosk = kiosk_of(keeping)
    for key in keys:
        for command in asks(when(kiosk, KeyPressed(key))):
            assert isinstance(command, ReturnTicket)
            assert command.ticket in MISSED.missed
            assert len(command.code) == CODE_LENGTH


@pytest.mark.parametrize("size", SIZES)
def test_every_sign_is_as_large_as_a_finger_on_every_screen(keeping: Hall, size: tuple[int, int]):
    import pygame

    from firmware.hal.screen.pygame_brush import PygameLetters
    from firmware.hal.screen.pygame_screen import arrange, font_of

    pygame.font.init()
    screen = PygameScreenSettings(width=size[0], height=size[1])
    kiosk = kiosk_of(keeping)
    shown = page(when(kiosk, KeyPressed(CHECK_IN), KeyPressed("missed:A017")))
    areas = arrange(shown, screen, PygameLetters(font_of(screen))).keys
    assert {key.key for key in (*shown.keys, *shown.foot)} == {area.key for area in areas}
    finger = FINGER_DP * screen.dp
    assert min(min(area.box.w, area.box.h) for area in areas) >= finger


def refused(code: Refusal) -> Answered:
    return Answered(BACK, (CommandRefused(code=code, reason="an English reason for the log"),))

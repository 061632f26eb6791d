"""The laws of looks of the displays in the hall: the hall display, read across it, and the one over each counter."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest
from fontTools.ttLib import TTFont

from firmware.hal.screen import (
    Called,
    CounterPage,
    CounterRow,
    HallLabels,
    HallPage,
    Label,
    Person,
    PygameScreenSettings,
    ServiceRow,
    Standard,
    Tone,
)
from firmware.hal.screen.drawing import Box, Drawing, Shape
from firmware.hal.screen.lettering import digits
from firmware.hal.screen.pygame_brush import PygameLetters
from firmware.hal.screen.pygame_screen import arrange, font_of
from tests.looks.laws import faults

HALLS = ((1920, 1080), (1080, 1920), (3840, 2160), (1280, 720))
COUNTERS = ((1024, 600), (800, 480), (1280, 400), (480, 800), (600, 1024))
MM_PER_INCH = 25.4
STATUS = (
    ("请到窗口", "Please come"),
    ("正在办理", "In service"),
    ("空闲", "Free"),
    ("暂停服务", "Paused"),
    ("未开放", "Closed"),
)
NAMES = ("养老保险", "社保卡业务", "不动产登记受理", "城乡居民养老保险关系转移接续")
ENGLISH = ("Pension", "Social security card", "Real estate", "Transfer of pensions")
LABELS = HallLabels(
    calling=Label("正在呼叫", "Now calling"),
    before=Label("稍早呼叫", "Called before"),
    counter=Label("窗口", "Counter"),
    ticket=Label("号码", "Ticket"),
    status=Label("状态", "Status"),
    waiting=Label("等候人数", "Waiting"),
    missed=Label("过号", "Missed"),
)
RULES = Label(
    "按取号先后叫号；绿色通道、到时的预约优先，同一窗口连续优先不超过3次；过号后30分钟内可报到",
    "In order of arrival; green channel and due appointments go first, at most 3 times in a row at"
    " a counter; a missed number is kept for 30 minutes",
)
ALARM = "请立即停止办理，听从工作人员指挥，从最近的安全出口有序撤离大厅"
NOTE = Label("10:31起 请听从工作人员安排", "Since 10:31: please follow the staff")


@pytest.fixture(scope="module")
def letters() -> PygameLetters:
    import pygame

    pygame.font.init()
    return PygameLetters(font_of(PygameScreenSettings()))


def hall_settings(size: tuple[int, int]) -> PygameScreenSettings:
    return PygameScreenSettings(width=size[0], height=size[1], diagonal_in=55)


def hall_page(counters: int, services: int, zones: int = 1) -> HallPage:
    """Numbers of counters have three digits, tickets four; each fifth counter calls."""
    rows = tuple(
        CounterRow(
            f"{n + 101}号窗口",
            f"A{1000 + n}" if n % 5 < 2 else "",
            STATUS[n % 5][0],
            NAMES[n % 4],
            fresh=n == 0,
            english=STATUS[n % 5][1],
            zone=f"{'甲乙丙'[n * zones // counters]}区 Zone" if zones > 1 else "",
            off=n % 5 > 2,
        )
        for n in range(counters)
    )
    return HallPage(
        "示范人力资源和社会保障服务大厅",
        "请A1000号到101号窗口",
        rows,
        tuple(
            ServiceRow("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[n], NAMES[n % 4], n * 40, ENGLISH[n % 4])
            for n in range(services)
        ),
        "今日下午系统维护，17:00后暂停办理，请合理安排时间",
        english="Model Hall of Human Resources and Social Security",
        call_english="Ticket A1000 to counter 101",
        moving="7.0",
        earlier=tuple(Called(f"A{1000 + n}", f"{n + 101}号窗口") for n in (5, 10, 15)),
        missed=tuple(f"B{1000 + n}" for n in range(20)),
        rules=RULES,
        clock="10:32",
        date="11月29日 星期日",
        labels=LABELS,
    )


HALL_PAGES = {
    "small": hall_page(3, 4),
    "twelve": hall_page(12, 6, 2),
    "largest": hall_page(40, 24),
    "largest in zones": hall_page(40, 24, 3),
    "old": replace(hall_page(12, 6), tone=Tone.WAIT, notice="显示可能不是最新（截至10:27）"),
    "nobody called": replace(
        hall_page(12, 6),
        call="",
        counters=tuple(replace(row, fresh=False) for row in hall_page(12, 6).counters),
        listen=Label("请留意显示与语音叫号", "Please watch and listen for your number"),
    ),
    "emergency": replace(hall_page(3, 4), tone=Tone.STOP, emergency=ALARM, emergency_note=NOTE),
}


def laid(
    page: HallPage | CounterPage, settings: PygameScreenSettings, letters: PygameLetters
) -> Drawing:
    return arrange(page, settings, letters)


def shown(drawing: Drawing) -> list[str]:
    return [words.text for words in drawing.words]


@pytest.mark.parametrize("size", HALLS, ids=str)
@pytest.mark.parametrize("name", HALL_PAGES)
def test_nothing_on_a_hall_display_is_cut_overlaps_or_is_faint(letters, name, size):
    settings = hall_settings(size)
    assert faults(laid(HALL_PAGES[name], settings, letters), settings) == ()


def digits_mm(size_px: int, settings: PygameScreenSettings) -> float:
    """Height of a digit of that size: what the font's own outline of 0 has, in pixels of the panel's pitch."""
    with TTFont(font_of(settings), lazy=True) as font:
        zero = font["CFF "].cff[0].CharStrings[font.getBestCmap()[ord("1")]]
        bounds = zero.calcBounds(font.getGlyphSet())
        ems = (bounds[3] - bounds[1]) / font["head"].unitsPerEm
    pitch = settings.diagonal_in * MM_PER_INCH / math.hypot(settings.width, settings.height)
    return float(ems * size_px * pitch)


@pytest.mark.parametrize("size", HALLS, ids=str)
@pytest.mark.parametrize("name", ["small", "twelve", "largest", "largest in zones", "old"])
def test_at_55_inches_the_called_number_is_100_mm_high_and_the_largest_word(letters, name, size):
    settings = hall_settings(size)
    drawing = laid(HALL_PAGES[name], settings, letters)
    largest = max(drawing.words, key=lambda words: words.size)
    assert largest.text == "A1000"
    assert digits_mm(largest.size, settings) >= 100


@pytest.mark.parametrize("size", HALLS, ids=str)
@pytest.mark.parametrize("name", ["small", "twelve", "largest", "largest in zones"])
def test_a_hall_display_shows_all_counters_services_and_strips(letters, name, size):
    page = HALL_PAGES[name]
    texts = shown(laid(page, hall_settings(size), letters))
    for row in page.counters:
        assert digits(row.counter) in texts
        assert row.ticket in texts or not row.ticket
        assert row.status in texts
    for service in page.services:
        assert str(service.waiting) in texts
    for zone in {row.zone for row in page.counters if row.zone}:
        assert zone in texts
    together = "".join(texts)
    for text in (page.title, page.notice, page.rules.text, page.clock, page.date, page.missed[0]):
        assert text in together
    assert "".join(page.rules.english.split()) in "".join(together.split())


@pytest.mark.parametrize("size", HALLS, ids=str)
def test_a_call_has_a_sign_in_its_row_and_the_notice_one_of_its_own(letters, size):
    drawing = laid(HALL_PAGES["twelve"], hall_settings(size), letters)
    row = next(words.box for words in drawing.words if words.text == "101" and words.strong)
    arrows = [sign.box for sign in drawing.signs if sign.shape is Shape.ARROW]
    assert any(arrow.y < row.bottom and row.y < arrow.bottom for arrow in arrows)
    assert Shape.NOTICE in {sign.shape for sign in drawing.signs}


@pytest.mark.parametrize("size", HALLS, ids=str)
def test_a_call_moves_while_it_is_fresh_and_each_call_anew(letters, size):
    settings = hall_settings(size)
    (pulse,) = laid(HALL_PAGES["small"], settings, letters).pulses
    (again,) = laid(replace(HALL_PAGES["small"], moving="7.1"), settings, letters).pulses
    assert pulse.name != again.name
    card = next(panel for panel in laid(CALLED, COUNTER, letters).panels if panel.edge_width > 4)
    (over,) = laid(CALLED, COUNTER, letters).pulses
    assert over.box == card.box
    assert not laid(replace(HALL_PAGES["small"], moving=""), settings, letters).pulses
    assert not laid(replace(CALLED, moving=""), COUNTER, letters).pulses


@pytest.mark.parametrize("size", HALLS, ids=str)
def test_the_rows_of_a_zone_stand_together_under_its_name(letters, size):
    rows = tuple(replace(row, fresh=False) for row in HALL_PAGES["twelve"].counters)
    page = replace(HALL_PAGES["twelve"], call="", earlier=(), counters=rows)
    drawing = laid(page, hall_settings(size), letters)
    heads = {words.text: words.box.y for words in drawing.words if words.text.endswith("Zone")}
    numbers = {words.text: words.box.y for words in drawing.words if words.strong}
    for row in page.counters:
        above = [zone for zone, y in heads.items() if y < numbers[digits(row.counter)]]
        assert max(above, key=lambda zone: heads[zone]) == row.zone


@pytest.mark.parametrize("size", [*HALLS, *COUNTERS], ids=str)
def test_an_emergency_leaves_nothing_else_to_be_read(letters, size):
    settings = PygameScreenSettings(width=size[0], height=size[1])
    for page in (HALL_PAGES["emergency"], COUNTER_PAGES["emergency"]):
        drawing = laid(page, settings, letters)
        texts = shown(drawing)
        assert ALARM in "".join(texts)
        assert not {"A1000", "101", "A1017", "养老保险", "王芳"} & set(texts)
        assert Shape.STOP in {sign.shape for sign in drawing.signs}
        whole = Box(0, 0, *size)
        spoken = [words for words in drawing.words if words.text in ALARM]
        assert sum(words.box.h for words in spoken) >= whole.h // 5


# --- the display over a counter --------------------------------------------------------------------

WANG = Person("王芳", "工号 012", "综合受理岗", "一次告知、限时办结，材料齐全当场受理")
ITEM = Standard(
    Label("灵活就业人员参保登记", "Registration of the flexibly employed"),
    (("办理时限", "即时办结"), ("收费", "不收费"), ("办理结果", "参保登记表")),
)
LIMITS = Standard(
    Label("承诺办理时限", "Time limits"),
    (
        ("养老待遇申领", "15个工作日"),
        ("关系转移接续", "10个工作日"),
        ("待遇资格认证", "即时办结"),
        ("权益记录查询打印", "即时办结"),
    ),
)
MANY = Standard(
    Label(
        "城乡居民基本养老保险关系转移接续申请与登记",
        "Transfer of pension insurance between regions",
    ),
    tuple((f"{n}号事项名称很长", "补换卡工本费按当地价格部门规定收取") for n in range(1, 9)),
)
CALLED = CounterPage(
    Label("112号窗口", "Counter 112"),
    "养老保险、社保卡业务、不动产登记受理",
    Label("请到本窗口", "Please come here"),
    "A1017",
    person=WANG,
    standard=LIMITS,
    moving="7.0",
)
COUNTER = PygameScreenSettings(width=1024, height=600)
COUNTER_PAGES = {
    "called": CALLED,
    "serving": replace(CALLED, status=Label("正在办理", "In service"), moving="", standard=ITEM),
    "idle": replace(CALLED, status=Label("请等候叫号", "Please wait"), ticket="", standard=None),
    "a number alone": replace(CALLED, person=Person("工号 025")),
    "nobody known": replace(CALLED, person=None),
    "paused": replace(
        CALLED,
        ticket="",
        standard=None,
        status=Label("暂停服务", "Paused"),
        lines=(
            Label("午休", "Lunch"),
            Label("预计13:30恢复", "back at about 13:30"),
            Label("请到102、103、104、105号窗口办理", "Please go to counter 102, 103, 104, 105"),
        ),
    ),
    "closed and old": replace(
        CALLED,
        ticket="",
        standard=None,
        person=None,
        status=Label("未开放", "Closed"),
        lines=(Label("请到其他窗口办理", "Please use another counter"),),
        tone=Tone.WAIT,
        notice="显示可能不是最新（截至10:27），请听工作人员叫号",
    ),
    "emergency": replace(CALLED, tone=Tone.STOP, emergency=ALARM, emergency_note=NOTE),
}


@pytest.mark.parametrize("size", COUNTERS, ids=str)
@pytest.mark.parametrize("name", COUNTER_PAGES)
def test_nothing_over_a_counter_is_cut_overlaps_is_faint_or_too_small(letters, name, size):
    settings = PygameScreenSettings(width=size[0], height=size[1])
    assert faults(laid(COUNTER_PAGES[name], settings, letters), settings) == ()


@pytest.mark.parametrize("size", COUNTERS, ids=str)
@pytest.mark.parametrize("name", [name for name in COUNTER_PAGES if name != "emergency"])
def test_a_counter_shows_its_number_function_person_and_what_goes_on(letters, name, size):
    page = COUNTER_PAGES[name]
    together = "".join(
        shown(laid(page, PygameScreenSettings(width=size[0], height=size[1]), letters))
    )
    texts = [digits(page.counter.text), page.functions, page.status.text, page.ticket, page.notice]
    texts += [line.text for line in page.lines]
    if page.person:
        texts += [page.person.name, page.person.number, page.person.post, page.person.promise]
    if page.standard:
        texts += [page.standard.heading.text]
    for text in texts:
        assert text in together


@pytest.mark.parametrize("size", COUNTERS, ids=str)
@pytest.mark.parametrize("told", [ITEM, LIMITS, MANY], ids=["item", "limits", "many"])
def test_all_that_is_promised_stands_over_a_counter_in_turn_and_each_row_whole(letters, told, size):
    settings = PygameScreenSettings(width=size[0], height=size[1])
    page = replace(CALLED, standard=told)
    first = "".join(shown(laid(page, settings, letters)))
    turns = next((int(pages) for pages in re.findall(r"1/(\d)", first)), 1)
    seen: list[str] = []
    for turn in range(turns):
        there = replace(page, standard=replace(told, turn=turn + 5 * turns))
        drawing = laid(there, settings, letters)
        assert faults(drawing, settings) == ()
        together = "".join(shown(drawing))
        seen += [name for name, value in told.rows if name + value in together]
    assert seen == [name for name, _ in told.rows]


@pytest.mark.parametrize("size", COUNTERS, ids=str)
def test_over_a_counter_the_number_called_is_by_far_the_largest_word(letters, size):
    drawing = laid(CALLED, PygameScreenSettings(width=size[0], height=size[1]), letters)
    number, *others = sorted(drawing.words, key=lambda words: -words.size)
    assert number.text == "A1017"
    assert number.size >= 1.6 * others[0].size


@pytest.mark.parametrize("size", COUNTERS, ids=str)
def test_who_has_no_photo_has_a_silhouette(letters, size):
    settings = PygameScreenSettings(width=size[0], height=size[1])
    photographed = laid(replace(CALLED, person=replace(WANG, photo="012.png")), settings, letters)
    assert [picture.file for picture in photographed.pictures] == ["012.png"]
    assert Shape.PERSON not in {sign.shape for sign in photographed.signs}
    assert Shape.PERSON in {sign.shape for sign in laid(CALLED, settings, letters).signs}
    nobody = laid(COUNTER_PAGES["nobody known"], settings, letters)
    assert Shape.PERSON not in {sign.shape for sign in nobody.signs}

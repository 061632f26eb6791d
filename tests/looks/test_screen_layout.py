"""The layouts' laws: nothing cut, nothing overlapping, nothing off the screen, every colour legible."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware.hal.screen import (
    CounterRow,
    HallPage,
    KioskKey,
    KioskPage,
    Page,
    PygameScreenSettings,
    ServiceRow,
    Tone,
)
from firmware.hal.screen.drawing import Box, Drawing
from firmware.hal.screen.lettering import digits
from firmware.hal.screen.pygame_brush import PygameLetters
from firmware.hal.screen.pygame_screen import arrange, font_of
from firmware.hal.screen.theme import HALL, KIOSK, LARGE, contrast, tone_band, tone_sign
from firmware.hal.screen.theme_file import shipped
from firmware.hal.screen.typesetting import Style, Typesetter, line_height

KIOSKS = ((1080, 1920), (1920, 1080), (1280, 800), (800, 480), (480, 800))
HALLS = ((1920, 1080), (1080, 1920), (1280, 720))
NAMES = (
    "社会保险",
    "不动产登记受理",
    "城乡居民养老保险关系转移接续",
    "工程建设项目审批综合受理窗口",
    "Tax 税务",
)
STATES = ("办理中", "空闲", "暂停服务", "请到窗口", "")


@pytest.fixture(scope="module")
def letters() -> PygameLetters:
    import pygame

    pygame.font.init()
    return PygameLetters(font_of(PygameScreenSettings()))


def _laid(page: Page, size: tuple[int, int], letters: PygameLetters) -> Drawing:
    return arrange(page, PygameScreenSettings(width=size[0], height=size[1]), letters)


def _assert_orderly(drawing: Drawing, size: tuple[int, int]) -> None:
    whole = Box(0, 0, *size)
    marks = [words.box for words in drawing.words] + [sign.box for sign in drawing.signs]
    for box in (*marks, *(panel.box for panel in drawing.panels)):
        assert whole.holds(box), box
    for one, other in itertools.combinations(marks, 2):
        assert not one.overlaps(other), (one, other)
    for a, b in itertools.combinations(drawing.keys, 2):
        assert not a.box.overlaps(b.box)


short = st.text(st.sampled_from("请到三号窗口办理社会保险A1，。0 7（）x"), max_size=24)
wild = st.text(max_size=60)
keys = st.lists(
    st.builds(
        KioskKey,
        st.sampled_from(["a", "b"]),
        st.sampled_from(NAMES) | short,
        st.sampled_from(["", "等待 3 人", "等待 128 人"]),
        st.booleans(),
        st.booleans(),
    ),
    max_size=16,
).map(tuple)
kiosk_pages = st.builds(
    KioskPage,
    short | wild,
    st.sampled_from(["", "A017", "A1017", "社会保险综合服务"]) | wild,
    st.lists(short | wild, max_size=5).map(tuple),
    keys,
    st.sampled_from(Tone),
    st.just("") | short | wild,
)
hall_pages = st.builds(
    HallPage,
    short,
    st.sampled_from(["", "请A1017号到112号窗口"]) | wild,
    st.lists(
        st.builds(
            CounterRow,
            st.integers(1, 999).map("{}号窗口".format) | short,
            st.sampled_from(["", "A017", "B1017"]),
            st.sampled_from(STATES),
            st.sampled_from(("", *NAMES)) | wild,
            st.booleans(),
        ),
        max_size=60,
    ).map(tuple),
    st.lists(
        st.builds(
            ServiceRow,
            st.sampled_from("ABCDEF"),
            st.sampled_from(NAMES) | wild,
            st.integers(0, 9999),
        ),
        max_size=14,
    ).map(tuple),
    st.just("") | short | wild,
    st.sampled_from(Tone),
)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(page=kiosk_pages, size=st.sampled_from(KIOSKS))
def test_on_no_kiosk_page_do_marks_overlap_or_leave_the_screen(letters, page, size):
    drawing = _laid(page, size, letters)
    _assert_orderly(drawing, size)
    assert [area.key for area in drawing.keys] == [key.key for key in page.keys]


@settings(max_examples=20, deadline=None, derandomize=True)
@given(page=hall_pages, size=st.sampled_from(HALLS))
def test_on_no_hall_page_do_marks_overlap_or_leave_the_screen(letters, page, size):
    _assert_orderly(_laid(page, size, letters), size)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(text=short.filter(str.strip), size=st.integers(9, 240), strong=st.booleans())
def test_type_is_never_wider_than_it_was_measured(letters, text, size, strong):
    box = Box(0, 0, letters.width(text, size, strong=strong) + 9, line_height(size))
    style = Style(size, size, (0, 0, 0), (255, 255, 255), strong=strong)
    for words in Typesetter(letters).set((text,), box, style):
        assert words.whole
        assert letters.line(words, 0).get_width() <= words.box.w


def _services(count: int) -> tuple[KioskKey, ...]:
    return tuple(
        KioskKey(f"s{n}", NAMES[n % 4], f"等待 {n * 9} 人", enabled=n != 1) for n in range(count)
    )


@pytest.mark.parametrize("size", KIOSKS)
@pytest.mark.parametrize("count", [1, 2, 4, 6])
def test_keys_are_as_large_as_a_finger_and_their_labels_are_whole(letters, size, count):
    drawing = _laid(KioskPage("请选择业务", keys=_services(count), notice="优先"), size, letters)
    finger = 60 * min(size) // 480
    assert all(min(area.box.w, area.box.h) >= finger for area in drawing.keys)
    assert all(words.whole for words in drawing.words)


@pytest.mark.parametrize("size", KIOSKS)
def test_the_number_taken_is_by_far_the_largest_word(letters, size):
    page = KioskPage(
        "取号成功",
        "A1017",
        ("前方等待 3 人，预计 12 分钟",),
        (KioskKey("home", "返回"),),
        Tone.GOOD,
    )
    number, *others = sorted(_laid(page, size, letters).words, key=lambda words: -words.size)
    assert number.text == "A1017"
    assert number.size >= 1.8 * others[0].size


@pytest.mark.parametrize("size", KIOSKS)
def test_what_went_wrong_is_told_in_large_type_whatever_may_be_touched_then(letters, size):
    lines = ("社会保障", "该业务今日号已取完，请改日再来或提前预约")
    page = KioskPage(
        "暂时不能取号", "", lines, (KioskKey("home", "返回"),), Tone.STOP, "电话 12345"
    )
    told = [words for words in _laid(page, size, letters).words if words.text in "".join(lines)]
    assert "".join(words.text for words in told) == "".join(lines)
    assert min(words.size for words in told) >= 30 * min(size) / 480


def _hall(count: int, *, fresh: int = 1) -> HallPage:
    rows = tuple(
        CounterRow(f"{n + 98}号窗口", f"A{1000 + n}", STATES[n % 4], NAMES[n % 4], n == fresh)
        for n in range(count)
    )
    services = tuple(ServiceRow("ABCDEF"[n], NAMES[n % 4], n * 400) for n in range(6))
    return HallPage("大厅", f"请A1001号到{fresh + 98}号窗口", rows, services, "过号请重新排队")


@pytest.mark.parametrize("size", HALLS)
@pytest.mark.parametrize("count", [3, 12, 30, 60])
def test_every_counter_is_on_the_hall_display_and_whole(letters, size, count):
    page = _hall(count)
    drawing = _laid(page, size, letters)
    texts = [words.text for words in drawing.words]
    assert all(words.whole for words in drawing.words)
    for row in page.counters:
        assert digits(row.counter) in texts
        assert row.ticket in texts
    smallest = 22 if count <= 12 else 12
    assert min(words.size for words in drawing.words) >= smallest * min(size) / 1080


@pytest.mark.parametrize("size", HALLS)
def test_the_newest_call_is_the_largest_and_its_row_has_a_sign(letters, size):
    page = _hall(12, fresh=7)
    drawing = _laid(page, size, letters)
    assert max(drawing.words, key=lambda words: words.size).text == "A1007"
    row = [words.box for words in drawing.words if words.text == "105"][-1]
    calm = _laid(HallPage("大厅", "", page.counters[:7]), size, letters)
    assert any(s.box.y < row.bottom and row.y < s.box.bottom for s in drawing.signs)
    assert not calm.signs


def test_of_two_fresh_counters_the_one_that_is_called_is_shown_large(letters):
    rows = (
        CounterRow("1号窗口", "A001", "请到窗口", fresh=True),
        CounterRow("2号窗口", "B002", "请到窗口", fresh=True),
    )
    drawing = _laid(HallPage("大厅", "请B002号到2号窗口", rows), (1920, 1080), letters)
    assert max(drawing.words, key=lambda words: words.size).text == "B002"


def test_lines_break_after_commas_and_never_between_a_number_and_what_it_counts(letters):
    style = Style(40, 40, (0, 0, 0), (255, 255, 255), rows=3)
    typesetter = Typesetter(letters)

    def lines(text: str, width: int) -> list[str]:
        return [words.text for words in typesetter.set((text,), Box(0, 0, width, 400), style)]

    assert lines("请到咨询台取号，工作人员会帮助您。", 400) == [
        "请到咨询台取号，",
        "工作人员会帮助您。",
    ]
    for width in range(200, 420, 20):
        assert any("12 分钟" in line for line in lines("大约等候12 分钟以上", width))
        assert any("12号窗口" in line for line in lines("请您持票前往12号窗口", width))


def test_a_sentence_that_fits_at_no_size_is_cut_openly(letters):
    style = Style(40, 30, (0, 0, 0), (255, 255, 255))
    (words,) = Typesetter(letters).set(("很长的话" * 30,), Box(0, 0, 200, 50), style)
    assert words.text.endswith("…")
    assert not words.whole


def test_main_type_stands_out_7_to_1_and_all_other_type_4_5_to_1():
    colour = shipped().colour
    bands = [tone_band(tone) for tone in Tone]
    for theme in (KIOSK, HALL, LARGE):
        cards = (theme.bare, theme.card, theme.other_card, theme.fresh, theme.notice)
        for ink in (*cards, *bands):
            assert contrast(colour(ink.main), colour(ink.ground)) >= 7
            assert contrast(colour(ink.quiet), colour(ink.ground)) >= 4.5
        assert contrast(colour(theme.off.main), colour(theme.off.ground)) >= 4.5
        for ground in (theme.card.ground, theme.other_card.ground, theme.bare.ground):
            assert contrast(colour(theme.accent), colour(ground)) >= 4.5
    for band in bands:  # a large word in the tone's colour on a card
        assert contrast(colour(band.ground), colour(KIOSK.card.ground)) >= 7


def test_every_tone_but_calm_has_a_sign_of_its_own(letters):
    signs = [tone_sign(tone) for tone in Tone]
    assert len(set(signs)) == len(signs)
    for tone in (Tone.GOOD, Tone.WAIT, Tone.STOP):
        for page in (KioskPage("题", tone=tone), HallPage("题", tone=tone)):
            shapes = [sign.shape for sign in _laid(page, (1920, 1080), letters).signs]
            assert tone_sign(tone) in shapes

"""The laws of a rating pad's pages: five faces alike, keys for fingers that stay where they are, nothing cut or overlapping."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pygame
import pytest

import broker
from broker.loading import load
from broker.messages import Level
from broker.settings import RatingReason
from firmware.hal.screen import Mood, PadPage, PygameScreenSettings
from firmware.hal.screen.drawing import Box, Drawing, Shape
from firmware.hal.screen.pygame_brush import PygameLetters
from firmware.hal.screen.pygame_screen import arrange, font_of
from firmware.hal.screen.signs import MARKS, Disc, Stroke
from firmware.rating_pad.pages import CORRECT, PadPages
from tests.looks.laws import faults

SIZES = ((800, 480), (1024, 600), (480, 800))
HALL = load(Path(broker.__file__).parent / "halls" / "sample.toml")
LONGEST = tuple(
    RatingReason(id=f"r{n}", name="窗口服务态度意见", english="Attitude of the clerk")
    for n in range(8)
)
WARNING = (
    "大厅发生紧急情况，请听从工作人员指挥，带好随身物品，从最近的安全出口有序离开，不要使用电梯"
)
MOODS = [Shape(mood.value) for mood in Mood]


def pages_of(**changes: object) -> PadPages:
    return PadPages(msgspec.structs.replace(HALL, **changes), HALL.counter[3])


PAGES = pages_of()
ALL = {
    "idle": PAGES.idle(),
    "faces": PAGES.faces(again=False),
    "again": PAGES.faces(again=True),
    "thanks": PAGES.thanks((), correctable=True),
    "chosen": PAGES.thanks(("attitude", "other"), correctable=False),
    "long": pages_of(rating_reasons=LONGEST).thanks(("r1",), correctable=True),
    "one": pages_of(rating_reasons=LONGEST[:1]).thanks((), correctable=True),
    "bare": pages_of(rating_reasons=()).thanks((), correctable=True),
    "emergency": PAGES.emergency(WARNING),
    "short emergency": PAGES.emergency("请有序离开"),
}
every_page = pytest.mark.parametrize("page", ALL.values(), ids=ALL)
every_size = pytest.mark.parametrize("size", SIZES, ids=[f"{w}x{h}" for w, h in SIZES])


@pytest.fixture(scope="module")
def letters() -> PygameLetters:
    pygame.font.init()
    return PygameLetters(font_of(PygameScreenSettings()))


def laid(page: PadPage, size: tuple[int, int], letters: PygameLetters) -> Drawing:
    return arrange(page, PygameScreenSettings(width=size[0], height=size[1]), letters)


@every_page
@every_size
def test_nothing_is_wrong_with_the_looks_of_any_page(letters, page, size):
    settings = PygameScreenSettings(width=size[0], height=size[1])
    assert faults(arrange(page, settings, letters), settings) == ()


@every_page
@every_size
def test_every_key_has_its_place_and_stands_apart_from_the_next(letters, page, size):
    drawing = laid(page, size, letters)
    gap = 8 * min(size) // 480
    for area in drawing.keys:
        grown = Box(area.box.x, area.box.y, area.box.w + gap, area.box.h + gap)
        assert not any(grown.overlaps(other.box) for other in drawing.keys if other is not area)
    shown = [key.key for key in (*page.faces, *page.tags, *page.foot) if key.label]
    assert [area.key for area in drawing.keys] == shown


@every_size
def test_all_five_faces_look_alike_in_size_and_weight_and_differ_by_more_than_colour(letters, size):
    drawing = laid(PAGES.faces(again=False), size, letters)
    assert [sign.shape for sign in drawing.signs if sign.shape in MOODS] == MOODS
    faces = [sign for sign in drawing.signs if sign.shape in MOODS]
    assert len({(sign.box.w, sign.box.h, sign.ink, sign.ground) for sign in faces}) == 1
    keys = {level.value for level in Level}
    cells = [area.box for area in drawing.keys if area.key in keys]
    assert len(cells) == 5
    assert len({(cell.w, cell.h) for cell in cells}) == 1
    panels = [panel for panel in drawing.panels if panel.box in cells]
    assert len({(panel.fill, panel.edge, panel.edge_width) for panel in panels}) == 1
    for phrases in (HALL.phrases.rating_pad, HALL.english.rating_pad):
        names = {getattr(phrases, level.value) for level in Level}
        looks = {(w.size, w.strong, w.ink) for w in drawing.words if w.text in names}
        assert names <= {words.text for words in drawing.words}
        assert len(looks) == 1


def test_no_face_is_drawn_heavier_than_another():
    for one in MOODS:
        strokes = [mark for mark in MARKS[one] if isinstance(mark, Stroke)]
        discs = [mark for mark in MARKS[one] if isinstance(mark, Disc)]
        assert {stroke.width for stroke in strokes} == {6.5}
        assert discs == [mark for mark in MARKS[MOODS[0]] if isinstance(mark, Disc)]
    assert len({MARKS[mood] for mood in MOODS}) == 5


@every_size
def test_the_faces_stand_in_the_order_of_the_levels(letters, size):
    areas = laid(PAGES.faces(again=False), size, letters).keys
    assert [area.key for area in areas] == [level.value for level in Level]
    places = [(area.box.x, area.box.y) for area in areas]
    assert places == sorted(places)


@every_size
def test_no_key_moves_under_a_finger_when_another_goes_or_is_chosen(letters, size):
    def places(page: PadPage) -> dict[str, Box]:
        return {area.key: area.box for area in laid(page, size, letters).keys}

    before = places(PAGES.thanks((), correctable=True))
    later = places(PAGES.thanks((), correctable=False))
    assert before.items() - later.items() == {(CORRECT, before[CORRECT])}
    assert places(PAGES.thanks(("wait", "other"), correctable=True)) == before


@every_size
def test_what_is_chosen_has_a_sign_and_not_its_colour_alone(letters, size):
    def checks(chosen: tuple[str, ...]) -> int:
        drawing = laid(PAGES.thanks(chosen, correctable=True), size, letters)
        return sum(sign.shape is Shape.CHECK for sign in drawing.signs)

    assert [checks(()), checks(("wait",)), checks(("wait", "other"))] == [0, 1, 2]


@every_size
def test_the_sentence_is_the_largest_that_is_read(letters, size):
    for page in (PAGES.faces(again=False), PAGES.thanks((), correctable=True)):
        largest = max(laid(page, size, letters).words, key=lambda words: words.size)
        assert largest.text == page.large

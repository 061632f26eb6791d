"""What is drawn anew: only what changed, and there the same pixels as if all had been drawn; what moves, and when it ends."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from firmware.hal.screen import CounterRow, HallPage, PygameScreenSettings
from firmware.hal.screen.changes import changed
from firmware.hal.screen.drawing import (
    Align,
    Box,
    Code,
    Drawing,
    Panel,
    Picture,
    Pulse,
    Shape,
    Sign,
    Words,
)
from firmware.hal.screen.glass import Glass
from firmware.hal.screen.pulsing import FRAME_SECONDS, moved
from firmware.hal.screen.pygame_brush import Brush, PygameLetters
from firmware.hal.screen.pygame_window import arrange, font_of
from firmware.hal.screen.theme import contrast

SIZE = 240, 180
COLOURS = st.sampled_from([(255, 255, 255), (0, 0, 0), (11, 74, 127), (255, 215, 94)])


@pytest.fixture(scope="module")
def letters() -> PygameLetters:
    pygame.font.init()
    return PygameLetters(font_of(PygameScreenSettings()))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    Image.new("RGBA", (60, 20), (200, 30, 30, 120)).save(folder / "logo.png")
    return folder


class Pane:
    """A glass without a window, and what was brought to its panel."""

    def __init__(self, letters: PygameLetters, folder: Path, turned: int, size: Any = SIZE) -> None:
        panel = size[::-1] if turned in {90, 270} else size
        self.surface = pygame.Surface(panel, depth=32)
        self.brush = Brush(self.surface, turned, letters, folder)
        self.flipped: list[list[pygame.Rect]] = []
        self.glass = Glass(self.brush, self.flipped.append)

    def pixels(self) -> bytes:
        return pygame.image.tobytes(self.surface, "RGB")

    def strokes_of(self, drawing: Drawing, now: float = 0.0) -> int:
        before = self.brush.strokes
        self.glass.show(drawing, now)
        return self.brush.strokes - before


boxes = st.builds(
    Box,
    st.integers(-20, SIZE[0]),
    st.integers(-20, SIZE[1]),
    st.integers(0, 120),
    st.integers(0, 90),
)
panels = st.builds(
    Panel, boxes, COLOURS, st.integers(0, 30), st.none() | COLOURS, st.integers(0, 12)
)
framed = st.builds(
    Panel,
    st.builds(
        Box, st.integers(0, 90), st.integers(0, 60), st.integers(50, 140), st.integers(50, 110)
    ),
    COLOURS,
    st.integers(0, 24),
    COLOURS,
    st.integers(1, 9),
)
words = st.builds(
    Words,
    boxes,
    st.sampled_from(["A017", "请到3号窗口", "j", ""]),
    st.integers(8, 60),
    COLOURS,
    COLOURS,
    st.sampled_from(Align),
    st.booleans(),
)
signs = st.builds(
    Sign, boxes.filter(lambda box: box.w and box.h), st.sampled_from(Shape), COLOURS, COLOURS
)
pictures = st.builds(Picture, boxes, st.sampled_from(["logo.png", "gone.png"]))
codes = st.builds(Code, boxes, st.sampled_from(["A017", "check"]), COLOURS, COLOURS)


def several(of: Any) -> Any:
    return st.lists(of, max_size=3).map(tuple)


drawings = st.builds(
    Drawing,
    st.sampled_from([(255, 255, 255), (9, 23, 37)]),
    several(panels),
    several(words),
    several(signs),
    pictures=several(pictures),
    codes=several(codes),
)


@st.composite
def pairs(draw: Any) -> tuple[Drawing, Drawing]:
    """Two pages that share most of what is on them, in this order or in another."""
    one, other = draw(drawings), draw(drawings)
    kept = {
        name: tuple(draw(st.permutations(getattr(one, name) + getattr(other, name)[:1])))
        if draw(st.booleans())
        else getattr(one, name)
        for name in ("panels", "words", "signs", "pictures", "codes")
    }
    if draw(st.booleans()):
        # Another edge alone, as when a card pulses.
        card = draw(framed)
        one = replace(one, panels=(*one.panels, card))
        kept["panels"] = (*one.panels[:-1], replace(card, edge=draw(COLOURS)))
    return one, draw(st.sampled_from([other, replace(one, **kept)]))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(pair=pairs(), turned=st.sampled_from([0, 90, 180, 270]))
def test_a_part_drawn_anew_has_the_same_pixels_as_all_of_it(letters, folder, pair, turned):
    once, anew = Pane(letters, folder, turned), Pane(letters, folder, turned)
    for page in pair:
        once.glass.show(page, 0.0)
    anew.brush.draw(pair[1])
    assert once.pixels() == anew.pixels()


@settings(max_examples=50, deadline=None, derandomize=True)
@given(pair=pairs())
def test_areas_to_draw_lie_on_the_page_and_not_over_each_other(pair):
    page = Box(0, 0, *SIZE)
    areas = changed(pair[0], pair[1], page)
    assert all(page.holds(area) and area.w and area.h for area in areas)
    assert not any(a.overlaps(b) for n, a in enumerate(areas) for b in areas[n + 1 :])
    assert changed(pair[1], pair[1], page) == ()
    assert changed(None, pair[1], page) == (page,)


def _hall(ticket: str = "A001") -> HallPage:
    rows = tuple(CounterRow(f"{n}号窗口", f"B{n:03}", "正在办理", "社会保险") for n in range(1, 12))
    return HallPage("大厅", "", (CounterRow("12号窗口", ticket, "正在办理", "税务"), *rows))


@pytest.fixture
def hall(letters: PygameLetters, folder: Path) -> tuple[Pane, Any]:
    setting = PygameScreenSettings(width=1920, height=1080)
    pane = Pane(letters, folder, 0, (1920, 1080))

    def laid(page: HallPage) -> Drawing:
        return arrange(page, setting, letters)

    return pane, laid


def test_nothing_is_drawn_and_nothing_flipped_when_nothing_changed(hall):
    pane, laid = hall
    assert pane.strokes_of(laid(_hall())) > 40
    assert pane.strokes_of(laid(_hall())) == 0
    pane.glass.move(9.0)
    assert len(pane.flipped) == 1
    assert not pane.glass.moving(9.0)


def test_of_a_row_that_changed_only_its_number_is_drawn_and_flipped(hall):
    pane, laid = hall
    before, after = laid(_hall()), laid(_hall("A002"))
    pane.glass.show(before, 0.0)
    number = next(words.box for words in after.words if words.text == "A002")
    # The card under the number, and the number.
    assert pane.strokes_of(after) == 2
    assert pane.flipped[1:] == [[pygame.Rect(number.x, number.y, number.w, number.h)]]


def test_after_a_flip_that_failed_all_of_it_is_drawn_again(letters, folder):
    pane = Pane(letters, folder, 0)
    page = Drawing((0, 0, 0), (Panel(Box(0, 0, 9, 9), (255, 255, 255)),))
    broken = [True]

    def flip(areas: list[pygame.Rect]) -> None:
        if broken:
            broken.clear()
            raise pygame.error("lost")
        pane.flipped.append(areas)

    glass = Glass(pane.brush, flip)
    with pytest.raises(pygame.error):
        glass.show(page, 0.0)
    glass.show(page, 0.0)
    assert pane.flipped == [[pygame.Rect(0, 0, *SIZE)]]


BOX = Box(20, 20, 120, 80)
PULSE = Pulse("A017", BOX, (0, 0, 0), seconds=3.0, swing=10)
PULSING = Drawing(
    (0, 0, 0),
    (Panel(BOX, (10, 20, 30), 8, (255, 255, 255), 4),),
    signs=(Sign(Box(50, 40, 30, 30), Shape.ARROW, (255, 255, 255), (10, 20, 30)),),
    pulses=(PULSE,),
)


def test_what_is_new_moves_for_its_time_and_then_costs_nothing(letters, folder):
    pane = Pane(letters, folder, 0)
    pane.glass.show(PULSING, 100.0)
    seen = set()
    now = 100.0
    while pane.glass.moving(now):
        now += FRAME_SECONDS
        pane.glass.move(now)
        seen.add(pane.pixels())
    assert len(seen) >= 4
    assert 103.0 <= now <= 103.0 + 2 * FRAME_SECONDS
    still, flips = Pane(letters, folder, 0), len(pane.flipped)
    still.brush.draw(replace(PULSING, pulses=()))
    assert pane.pixels() == still.pixels()
    pane.glass.move(200.0)
    assert len(pane.flipped) == flips


def test_a_step_of_what_moves_draws_the_edge_and_the_sign_not_the_page(letters, folder):
    pane = Pane(letters, folder, 0)
    pane.glass.show(PULSING, 0.0)
    pane.glass.move(0.5)
    (_, step) = pane.flipped
    assert sum(area.w * area.h for area in step) < BOX.w * BOX.h
    assert all(BOX.holds(Box(*area)) for area in step)


def test_a_pulse_of_the_page_before_goes_on_and_does_not_begin_anew(letters, folder):
    pane = Pane(letters, folder, 0)
    pane.glass.show(PULSING, 0.0)
    other = replace(PULSING, panels=(*PULSING.panels, Panel(Box(0, 150, 9, 9), (1, 1, 1))))
    pane.glass.show(other, 2.0)
    assert pane.glass.moving(2.9)
    pane.glass.move(3.1)
    assert not pane.glass.moving(3.1)
    pane.glass.show(replace(other, pulses=(replace(PULSE, name="A018"),)), 3.2)
    assert pane.glass.moving(5.0)


def test_no_pulse_flashes_more_than_three_times_a_second():
    """A flash is a pair of opposite changes of brightness (WCAG 2.2, 2.3.1)."""
    for offset in (0.0, 0.03, 0.11):
        edges = [
            moved(PULSING, {"A017": offset + n * FRAME_SECONDS}).panels[0].edge
            for n in range(int(3 / FRAME_SECONDS))
        ]
        bright = [contrast(edge, (0, 0, 0)) for edge in edges if edge]
        turns = sum(
            (b > a) != (c > b) for a, b, c in zip(bright, bright[1:], bright[2:], strict=False)
        )
        assert 2 <= turns <= 3 * 2 * 3


def test_a_fresh_call_moves_and_a_page_without_one_is_still(letters):
    setting = PygameScreenSettings(width=1920, height=1080)
    fresh = CounterRow("3号窗口", "A017", "请到窗口", fresh=True)
    page = HallPage("大厅", "请A017号到3号窗口", (fresh,), moving="7.0")
    calling = arrange(page, setting, letters)
    (pulse,) = calling.pulses
    assert moved(calling, {pulse.name: 0.5}) != calling
    assert arrange(_hall(), setting, letters).pulses == ()

"""The kiosk's looks on every screen, in every manner and both languages, measured on its most extreme pages."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from firmware.hal.screen import KioskPage, Manner, PygameScreenSettings
from firmware.hal.screen.drawing import Box, Drawing
from firmware.hal.screen.pygame_brush import PygameLetters
from firmware.hal.screen.pygame_screen import arrange, font_of
from tests.looks.kiosk_samples import PAGES, SCREENS, chinese
from tests.looks.laws import FINGER_DP, faults, kiosk_faults


@pytest.fixture(scope="module")
def letters() -> PygameLetters:
    import pygame

    pygame.font.init()
    return PygameLetters(font_of(PygameScreenSettings()))


def _laid(page: KioskPage, screen: str, letters: PygameLetters) -> Drawing:
    return arrange(page, SCREENS[screen], letters)


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_keeps_every_law_of_looks(letters, name, screen):
    assert kiosk_faults(PAGES[name], _laid(PAGES[name], screen, letters), SCREENS[screen]) == ()


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("manner", [Manner.USUAL, Manner.LARGE, Manner.LOW])
def test_a_foot_key_stands_in_the_same_place_on_every_page(letters, manner, screen):
    places: dict[str, set[Box]] = {}
    for page in PAGES.values():
        if page.manner is not manner:
            continue
        boxes = {area.key: area.box for area in _laid(page, screen, letters).keys}
        for key in page.foot:
            places.setdefault(key.key, set()).add(boxes[key.key])
    assert {"page:back", "page:more", "page:language"} <= set(places)
    assert all(len(boxes) == 1 for boxes in places.values())


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("manner", Manner)
def test_the_title_stands_still_while_the_seconds_run_down(letters, manner, screen):
    def title(left_s: int) -> list[tuple[str, Box]]:
        page = replace(chinese(4), left_s=left_s, manner=manner)
        words = _laid(page, screen, letters).words
        return [(one.text, one.box) for one in words if one.text != str(left_s)]

    assert title(120) == title(60) == title(9) == title(1)


@pytest.mark.parametrize("screen", SCREENS)
def test_elders_read_larger_type(letters, screen):
    # They are asked less at a time, for which there is more room.
    usual, large = (
        _laid(page, screen, letters).words
        for page in (chinese(8), replace(chinese(4), manner=Manner.LARGE))
    )
    sizes = [{words.text: words.size for words in page} for page in (usual, large)]
    assert sizes[1]["请选择要办理的业务"] > sizes[0]["请选择要办理的业务"]
    assert sizes[1]["咨询投诉电话 0571-12345"] > sizes[0]["咨询投诉电话 0571-12345"]
    assert sizes[1]["大字版"] >= sizes[0]["大字版"]
    assert sizes[1]["社会保险"] >= sizes[0]["社会保险"]
    assert min(sizes[1].values()) > min(sizes[0].values())


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("manner", Manner)
@pytest.mark.parametrize("typed", ["_", "7 7 7 _ _ _", "YY-20261130-0031-ABCDEFG"])
def test_what_is_typed_of_a_code_stands_out_from_all_that_is_told(letters, manner, screen, typed):
    page = replace(PAGES["digits"], manner=manner, typed=typed, at="code:7")
    words = _laid(page, screen, letters).words
    (code,) = (one for one in words if one.text == typed)
    told = [one.size for one in words if one.text and one.text in "".join(page.lines)]
    assert code.strong
    assert code.size >= (1.3 if len(typed) < 12 else 0.9) * max(told)


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("count", [1, 2, 3, 30, 60])
def test_of_all_that_can_be_heard_one_stands_out(letters, screen, count):
    page = replace(chinese(count), manner=Manner.HEARD, at=f"s{count - 1}")
    drawing = _laid(page, screen, letters)
    boxes = {area.key: area.box for area in drawing.keys if area.key.startswith("s")}
    chosen = boxes.pop(page.at)
    assert kiosk_faults(page, drawing, SCREENS[screen]) == ()
    assert len(boxes) == min(2, count - 1)
    assert all(chosen.w * chosen.h >= 2.5 * box.w * box.h for box in boxes.values())
    place = f"{count} / {count}"
    assert (place in [words.text for words in drawing.words]) == (count > 1)


@pytest.mark.parametrize("screen", SCREENS)
def test_sixty_services_on_one_page_all_have_their_place(letters, screen):
    page = chinese(60)
    drawing = _laid(page, screen, letters)
    whole = Box(0, 0, SCREENS[screen].width, SCREENS[screen].height)
    assert {key.key for key in page.keys} <= {area.key for area in drawing.keys}
    assert all(whole.holds(area.box) for area in drawing.keys)
    assert not any("overlaps" in fault for fault in faults(drawing, SCREENS[screen]))


def test_a_finger_is_nine_and_a_half_millimetres_on_every_panel():
    for screen in SCREENS.values():
        diagonal = (screen.width**2 + screen.height**2) ** 0.5
        inches = {32.0, 21.5, 10.1, 7.0}
        assert round(diagonal / screen.dp / 160, 1) in inches
    one = PygameScreenSettings(width=800, height=480, diagonal_in=7)
    other = PygameScreenSettings(width=800, height=480, diagonal_in=3.5)
    assert other.dp == 2 * one.dp
    assert pytest.approx(9.5, abs=0.05) == FINGER_DP / 160 * 25.4
    assert PygameScreenSettings(width=1366, height=768).dp == pytest.approx(120 / 160)


@pytest.mark.parametrize("screen", SCREENS)
def test_a_page_is_arranged_long_before_the_next_picture_of_the_panel(letters, screen):
    pages = [page for name, page in PAGES.items() if "home" in name or "bring" in name]
    for page in pages:
        _laid(page, screen, letters)  # widths are measured once

    def seconds(page: KioskPage) -> float:
        began = time.thread_time()
        _laid(page, screen, letters)
        return time.thread_time() - began

    for page in pages:
        assert min(seconds(page) for _ in range(5)) < 0.010

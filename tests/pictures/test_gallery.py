"""The laws of looks, kept by every page of every screen there is; nothing is drawn for that."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import pytest

from firmware.hal.screen import KioskPage
from firmware.hal.screen.theme_file import shipped
from tests.pictures.chosen import CHOSEN
from tests.pictures.gallery import gallery
from tests.pictures.halls import HALLS
from tests.pictures.kiosk_ways import ways
from tests.pictures.shot import Shot, letters

# A way that a manner does not have: with few services none leads to their list, and large type asks less.
NO_WAY = {"groups", "services", "bring-unsure"}
PARTS = 8


@pytest.fixture(scope="module")
def shots() -> tuple[Shot, ...]:
    return tuple(gallery())


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_of_every_screen_keeps_every_law_of_looks(shots: tuple[Shot, ...], part: int):
    type_ = letters()
    broken = {shot.name: shot.faults(type_) for shot in shots[part::PARTS]}
    assert {name: found for name, found in broken.items() if found} == {}


def test_in_the_largest_type_of_a_theme_pages_keep_the_laws_of_looks(shots: tuple[Shot, ...]):
    type_, usual = letters(), shipped()
    larger = replace(usual, look=replace(usual.look, scale=1.4))
    broken = {shot.name: shot.faults(type_, larger) for shot in shots[::11]}
    assert {name: found for name, found in broken.items() if found} == {}


def test_every_state_has_its_page_in_every_manner_and_language(shots: tuple[Shot, ...]):
    names = {shot.page_name for shot in shots if shot.device == "ticket_kiosk"}
    lacking = defaultdict(list)
    for hall_name, hall in HALLS.items():
        for manner in ("usual", "large", "low", "heard"):
            for language in ("zh", "en"):
                for state in ways(hall):
                    if f"{hall_name}-{manner}-{language}-{state}" not in names:
                        lacking[state].append((hall_name, manner, language))
    assert set(lacking) <= NO_WAY
    assert all(("hard", "usual", "zh") not in where for where in lacking.values())


def test_each_state_has_a_page_of_its_own(shots: tuple[Shot, ...]):
    """Two ways that lead to the same page would hide that one of them has gone wrong."""
    pages: dict[KioskPage, list[str]] = defaultdict(list)
    for shot in shots:
        if isinstance(shot.page, KioskPage) and shot.size == "800x480":
            hall, manner, language, state = shot.page_name.split("-", 3)
            if (hall, manner, language) == ("sample", "usual", "zh"):
                pages[shot.page].append(state)
    alike = {tuple(sorted(names)) for names in pages.values() if len(names) > 1}
    # A code that means nothing looks the same, whoever wrote it.
    assert alike == {("appointment-unknown", "unknown-code")}


def test_every_name_is_there_once(shots: tuple[Shot, ...]):
    names = [shot.name for shot in shots]
    assert len(set(names)) == len(names)
    assert set(CHOSEN) <= set(names)

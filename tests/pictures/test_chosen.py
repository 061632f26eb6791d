"""The committed pictures: each is as its page is drawn now, and all of them together are small."""

from __future__ import annotations

import pytest

from tests.pictures.chosen import CHOSEN, FOLDER, difference, file_of, kept
from tests.pictures.gallery import gallery
from tests.pictures.shot import Shot, letters

MEAN, STRONG = 1.5, 0.004
MOST_BYTES = 2_500_000
OTHERS = {"virtual-hall"}


@pytest.fixture(scope="module")
def shots() -> dict[str, Shot]:
    return {shot.name: shot for shot in gallery() if shot.name in CHOSEN}


@pytest.mark.parametrize("name", CHOSEN)
def test_a_committed_picture_is_as_its_page_is_drawn_now(shots: dict[str, Shot], name: str):
    """If this fails after a change of looks: `make pictures ARGS=--keep`, look at what changed, and commit it."""
    mean, strong = difference(file_of(name).read_bytes(), shots[name].png(letters()))
    assert (mean < MEAN, strong < STRONG) == (True, True), (mean, strong)


def test_another_page_or_a_moved_word_is_another_picture(shots: dict[str, Shot]):
    type_ = letters()
    taken, printing, home = (
        shots[f"ticket_kiosk-sample-usual-zh-{state}-800x480"].png(type_)
        for state in ("taken", "printing", "home")
    )
    assert difference(kept(taken), taken) < (MEAN, STRONG)
    for other in (printing, home):
        mean, strong = difference(kept(taken), other)
        assert mean > 3 * MEAN
        assert strong > 3 * STRONG


def test_only_the_chosen_ones_are_kept_and_they_are_small():
    files = {file.stem: file for file in FOLDER.glob("*.png")}
    assert set(files) == {*CHOSEN, *OTHERS}
    assert sum(files[name].stat().st_size for name in CHOSEN) < MOST_BYTES

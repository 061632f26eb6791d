"""What a listener mishears is taken otherwise, the take that it understands stays, and nothing else is touched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from firmware.hal.voice.pack import Pack
from firmware.studio.levels import Samples
from firmware.studio.measure import drawn, measure
from firmware.studio.options import Asked
from firmware.studio.retake import Rehearsal, heard_in, retake
from firmware.studio.shelf import Shelf
from firmware.studio.wanted import Mandarin, Numbers, Wanted
from tests.ear import RATE, pack_of_tones, tone
from tests.studio.test_measure import TEXTS, Ears

GIVEN = Asked(
    "请{ticket}号，到{counter}号窗口",
    Mandarin(),
    ("A", "B"),
    Numbers(last=3),
    (1, 2, 3, 4),
    ("感谢您的评价",),
)
EARS = Ears()


class Takes:
    """An engine whose takes of a text are the tones of other texts, in this order."""

    rate, maker, licence, provenance = RATE, "the tests", "Apache-2.0", "sines"

    def __init__(self, **takes: list[str]) -> None:
        self._takes = takes
        self.asked: list[str] = []

    def speak(self, text: str) -> Samples:
        raise AssertionError(f"{text} is there already")

    def takes(self, text: str) -> Iterator[Samples]:
        for one in self._takes.get(text, []):
            self.asked.append(one)
            yield tone(TEXTS.index(one), 0.06)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A pack that says three where two is meant."""
    folder = pack_of_tones(tmp_path / "pack", TEXTS)
    two, three = (Pack(folder).manifest.clips[f"零零{n}号"] for n in "二三")
    (folder / two).write_bytes((folder / three).read_bytes())
    return folder


def retaken(folder: Path, engine: Takes) -> tuple[int, set[str]]:
    """How many pieces were replaced, and which texts sound otherwise than before."""
    before = {text: Pack(folder).clip(text) for text in TEXTS}
    shelf = Shelf(folder, msgspec.structs.replace(Pack(folder).manifest, clips={}))
    count = retake(engine, GIVEN, shelf, Rehearsal(Pack(folder), EARS, 2))
    after = Pack(folder)
    return count, {text for text in TEXTS if after.clip(text) != before[text]}


def all_right(folder: Path) -> bool:
    judged = measure(Pack(folder), drawn(GIVEN, 40, seed=9), EARS, "zh")
    return all(one.score.digits and one.score.letter and one.score.counter for one in judged)


def test_what_is_misheard_is_taken_otherwise_until_it_is_understood(folder):
    engine = Takes(零零二号=["零零一号", "零零二号", "零零三号"])
    assert not all_right(folder)
    assert retaken(folder, engine) == (1, {"零零二号"})
    assert engine.asked == ["零零一号", "零零二号"]  # after the one that is right no other is made
    assert all_right(folder)


def test_a_piece_without_a_better_take_stays_as_it_was(folder):
    assert retaken(folder, Takes(零零二号=["零零一号"])) == (0, set())
    assert not all_right(folder)


def test_a_piece_that_is_understood_is_not_taken_again(tmp_path):
    folder = pack_of_tones(tmp_path / "clear", TEXTS)
    engine = Takes(零零一号=["零零三号"], 请A=["请B"], 到四号窗口=["到三号窗口"])
    assert retaken(folder, engine) == (0, set())
    assert engine.asked == []


@pytest.mark.parametrize("piece", GIVEN.pieces()[:-1], ids=lambda piece: piece.name)
def test_a_piece_is_heard_in_announcements_that_hold_it_the_same_each_time(piece):
    announced = heard_in(GIVEN, piece, 5)
    assert len(announced) == 5
    assert announced == heard_in(GIVEN, piece, 5)
    assert all(piece.text in one.text for one in announced)


def test_sentences_and_pairs_are_in_no_announcement_of_three_digits():
    assert heard_in(GIVEN, GIVEN.pieces()[-1], 5) == ()
    assert heard_in(GIVEN, Wanted("pair-17", "一七号"), 5) == ()

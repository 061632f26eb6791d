"""A pack is measured as the hall hears it: announcements by lot, joined as a board joins them, each written down by a listener."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from firmware.hal.voice.pack import Pack
from firmware.hal.voice.planning import NoPieces
from firmware.studio import measure as measuring
from firmware.studio.measure import drawn, joined, main, measure
from firmware.studio.ogg import decoded
from firmware.studio.options import Asked
from firmware.studio.wanted import Mandarin, Numbers
from tests.ear import RATE, pack_of_tones, tones_of

TEXTS = ["请A", "请B", *(f"零零{n}号" for n in "一二三"), *(f"到{n}号窗口" for n in "一二三四")]
GIVEN = Asked(
    "请{ticket}号，到{counter}号窗口", Mandarin(), ("A", "B"), Numbers(last=3), (1, 2, 3, 4), ()
)
FEW = ("--letters", "AB", "--numbers", "3", "--counters", "1-4")


class Ears:
    """A listener that knows the tones of the pack, and is deaf to `lost`."""

    def __init__(self, *lost: str) -> None:
        self._lost = lost

    def hear(self, wav: bytes) -> str:
        samples, rate = decoded(wav)
        assert rate == RATE
        heard = [one.text for one in tones_of(samples, TEXTS)]
        return "".join(text for text in heard if text not in self._lost)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return pack_of_tones(tmp_path / "pack", TEXTS)


def test_a_clear_pack_has_all_right(folder):
    for one in measure(Pack(folder), drawn(GIVEN, 40, seed=1), Ears(), "zh"):
        assert one.written == one.said.text.replace("，", "")
        assert (one.score.letter, one.score.digits, one.score.counter) == (True, True, True)


def test_pauses_are_those_of_the_manifest(folder):
    samples, _ = decoded(joined(Pack(folder), "请A零零一号，到一号窗口"))
    first, second, third = tones_of(samples, TEXTS)
    assert second.begins - first.begins - first.seconds == pytest.approx(0.02, abs=0.011)
    assert third.begins - second.begins - second.seconds == pytest.approx(0.04, abs=0.011)


def test_a_seed_draws_the_same_and_another_seed_others():
    assert drawn(GIVEN, 20, seed=1) == drawn(GIVEN, 20, seed=1) != drawn(GIVEN, 20, seed=2)
    assert {said.letter for said in drawn(GIVEN, 40, seed=1)} == {"A", "B"}
    assert {said.counter for said in drawn(GIVEN, 40, seed=1)} == {1, 2, 3, 4}


def test_a_letter_that_nobody_hears_is_counted_by_letter_and_the_pack_does_not_pass(
    folder, monkeypatch, capsys
):
    monkeypatch.setattr(measuring, "Whisper", lambda _language: Ears("请B"))
    assert main([str(folder), *FEW, "--announcements", "60"]) == 1
    out = capsys.readouterr().out
    announced = drawn(GIVEN, 60, seed=1)
    with_b = sum(said.letter == "B" for said in announced)
    assert f"│ B      │ 0     │ {with_b} │" in out
    assert f"letter {100 * (60 - with_b) / 60:.1f} %" in out
    assert "digits 100.0 %, counter 100.0 %" in out
    assert "letter: fewer than 80 % right" in out


def test_a_clear_pack_passes(folder, monkeypatch, capsys):
    monkeypatch.setattr(measuring, "Whisper", lambda _language: Ears())
    assert main([str(folder), *FEW, "--announcements", "10", "--show"]) == 0
    assert "digits 100.0 %, counter 100.0 %, letter 100.0 %; character error 0.0 %" in (
        out := capsys.readouterr().out
    )
    assert drawn(GIVEN, 10, seed=1)[0].text in out


def test_a_pack_that_lacks_what_is_drawn_is_told(folder, monkeypatch, capsys):
    monkeypatch.setattr(measuring, "Whisper", lambda _language: Ears())
    assert main([str(folder), "--letters", "C", *FEW[2:]]) == 1
    assert "no pieces for '请C" in capsys.readouterr().out
    with pytest.raises(NoPieces):
        joined(Pack(folder), "请C零零一号")


def test_without_a_recogniser_it_says_how_to_have_one(folder, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "faster_whisper", None)
    assert main([str(folder), *FEW]) == 1
    assert "pip install 'jiaohao[measure]'" in capsys.readouterr().out

"""The law that the font of every screen and bitmap ticket has each sign of all that the hall says."""

from __future__ import annotations

import pylopdf_fonts_zh_cn
import pytest
from fontTools.ttLib import TTFont

from broker.phrases import English, Phrases, each_phrase


@pytest.fixture(scope="module")
def signs() -> frozenset[str]:
    with TTFont(pylopdf_fonts_zh_cn.sans_path(), lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))


@pytest.mark.parametrize("table", [Phrases(), English()], ids=["chinese", "english"])
def test_the_font_has_every_sign_of_every_phrase(table: Phrases, signs: frozenset[str]):
    lacking = {".".join(path): set(phrase) - signs for path, phrase in each_phrase(table)}
    assert {path: left for path, left in lacking.items() if left} == {}

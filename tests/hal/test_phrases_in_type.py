"""The law that the font of every screen and bitmap ticket has each sign of all that the hall says."""

from __future__ import annotations

import pylopdf_fonts_zh_cn
import pytest
from fontTools.ttLib import TTFont

from broker.phrases import English, Phrases, each_phrase

SIGNS = frozenset(map(chr, TTFont(pylopdf_fonts_zh_cn.sans_path(), lazy=True).getBestCmap()))


@pytest.mark.parametrize("table", [Phrases(), English()], ids=["chinese", "english"])
def test_the_font_has_every_sign_of_every_phrase(table: Phrases):
    lacking = {".".join(path): set(phrase) - SIGNS for path, phrase in each_phrase(table)}
    assert {path: signs for path, signs in lacking.items() if signs} == {}

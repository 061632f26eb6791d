"""The laws of what the hall says: the examples in the docstrings hold, and nobody is spoken to rudely."""

from __future__ import annotations

import doctest
import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import product
from pathlib import Path
from types import CodeType

import msgspec
import pytest

from broker.phrases import (
    English,
    Phrases,
    Table,
    each_phrase,
    spoken_counter,
    spoken_ticket,
)
from broker.queue.life import LIFE, diagram

# 服务忌语: what a public service hall never says; and begging for praise, which 好差评 forbids.
BANNED = (
    "不知道", "不清楚", "不归我管", "不关我", "没看见", "看不见吗", "急什么", "着急", "等着", "快点", "赶紧",
    "下班了", "自己看", "没办法", "不能办", "不行", "找别人", "找领导", "去投诉", "投诉吧", "随便", "烦", "废话", "喊什么",
    "没空", "没时间", "说过了", "必须", "禁止", "错误操作", "非法", "好评", "五星", "满分", "满意请按",
)  # fmt: skip

CHINESE = {".".join(path): phrase for path, phrase in each_phrase(Phrases())}
ENGLISH = {".".join(path): phrase for path, phrase in each_phrase(English())}
NOT_TRANSLATED = {"one_as"}  # how Mandarin says a digit
ROOT = Path(__file__).parents[2]
HAN = re.compile("[\u4e00-\u9fff]")


def chinese_in(module: Path) -> Iterator[str]:
    """Every Chinese text that a module's code, not its comments or docstrings, can say or show."""
    text = module.read_text(encoding="utf-8")
    if HAN.search(text):
        # At 2 the compiler leaves docstrings out.
        code = compile(text, str(module), "exec", dont_inherit=True, optimize=2)
        yield from filter(HAN.search, texts_in(code.co_consts))


def texts_in(constants: Iterable[object]) -> Iterator[str]:
    for constant in constants:
        match constant:
            case str():
                yield constant
            case CodeType():
                yield from texts_in(constant.co_consts)
            case tuple() | frozenset():
                yield from texts_in(constant)


SPEAKING = {
    str(module.relative_to(ROOT)): texts
    for room in ("broker", "firmware")
    for module in sorted((ROOT / room).rglob("*.py"))
    if (texts := tuple(chinese_in(module)))
}


@pytest.mark.parametrize(
    "module", ["broker.phrases.spoken", "broker.address", "broker.wrong_values"]
)
def test_the_examples_in_the_docstrings_hold(module: str):
    found = doctest.testmod(import_module(module))
    assert found.attempted > 0
    assert found.failed == 0


@pytest.mark.parametrize("module", SPEAKING)
def test_nothing_that_is_said_or_shown_is_banned(module: str):
    said = "\n".join(SPEAKING[module])
    assert [word for word in BANNED if word in said] == []


def test_the_table_of_phrases_and_the_panel_are_among_those_that_speak():
    rooms = {Path(module).parent.name for module in SPEAKING}
    assert {"phrases", "caller_panel"} <= rooms


@pytest.mark.parametrize("phrase", CHINESE)
def test_a_phrase_shouts_not_asks_not_and_shows_no_programs_words(phrase: str):
    words = re.sub(r"\{\w+\}", "", CHINESE[phrase])
    assert words
    assert not re.search("[A-Za-z!！?？…]", words)


@pytest.mark.parametrize("phrase", sorted(set(CHINESE) - NOT_TRANSLATED))
def test_every_phrase_is_translated(phrase: str):
    assert ENGLISH[phrase].strip()
    assert ENGLISH[phrase] != CHINESE[phrase]
    assert ENGLISH[phrase].isascii()
    assert not re.search("[!?]", ENGLISH[phrase])


@pytest.mark.parametrize("phrase", sorted(set(CHINESE) - NOT_TRANSLATED))
def test_a_translation_leaves_nothing_out(phrase: str):
    def places(text: str) -> set[str]:
        return set(re.findall(r"\{(\w+)\}", text))

    assert places(ENGLISH[phrase]) == places(CHINESE[phrase])


def tables(table: Table) -> Iterator[Table]:
    yield table
    for field in msgspec.structs.fields(table):
        if isinstance(inner := getattr(table, field.name), Table):
            yield from tables(inner)


def test_no_english_table_inherits_a_chinese_phrase():
    for table in tables(English()):
        own = vars(type(table))["__annotations__"]
        assert {field.name for field in msgspec.structs.fields(table)} - NOT_TRANSLATED == set(own)


def test_the_rating_is_asked_for_neutrally():
    assert Phrases().rate == "请您对本次服务作出评价"


def test_every_ticket_is_spoken_sign_by_sign():
    for prefix, number in product("AZ", (1, 10, 999, 1234)):
        for one_as in ("一", "幺"):
            spoken = spoken_ticket(f"{prefix}{number:03}", one_as)
            assert len(spoken) == len(f"{prefix}{number:03}")
            assert spoken[0] == prefix
            assert not any(sign.isdecimal() for sign in spoken)
            assert ("1" in str(number)) == (one_as in spoken)


def test_every_counter_has_a_spoken_number_of_its_own():
    spoken = [spoken_counter(number) for number in range(1, 1000)]
    assert len(set(spoken)) == 999
    assert all(set(one) <= set("零一二三四五六七八九十百") for one in spoken)
    assert not any(one.endswith("零") or "零零" in one for one in spoken)


def test_the_diagram_of_a_tickets_life_has_every_step_of_the_table():
    lines = diagram().splitlines()
    assert len(lines) == len(LIFE) + 2
    assert "    called --> no_show: NoShowMarked" in lines

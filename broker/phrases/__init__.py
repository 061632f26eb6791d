"""What the hall says and shows: one table of phrases per language, each phrase a setting of hall.toml.

A phrase is a template; what its placeholders are filled with is what the Chinese table's own one has, and `ALSO_FILLED`.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from string import Formatter

from broker.phrases.chinese import Day, Phrases
from broker.phrases.english import English
from broker.phrases.rules import RULE_SENTENCES
from broker.phrases.spoken import (
    english_counter,
    english_ticket,
    spoken_counter,
    spoken_ticket,
)
from broker.phrases.table import Table

__all__ = [
    "RULE_SENTENCES",
    "Day",
    "English",
    "Language",
    "Phrases",
    "Table",
    "each_phrase",
    "english_counter",
    "english_ticket",
    "filled",
    "spoken_counter",
    "spoken_ticket",
]

ALSO_FILLED = {
    **dict.fromkeys(("serving", "paused", "paused_until"), ("counter",)),
    "idle": ("clerk", "post", "promise"),
}
"""What a hall may write into a phrase though the usual one has no place for it."""


class Language(StrEnum):
    """The languages that visitors choose from; each has its table."""

    CHINESE = "zh"
    ENGLISH = "en"


def each_phrase(table: Table, *above: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Give every phrase of a table and of those in it, with its path."""
    for name in table.__struct_fields__:
        match getattr(table, name):
            case Table() as inner:
                yield from each_phrase(inner, *above, name)
            case phrase:
                yield (*above, name), phrase


@cache
def filled(path: tuple[str, ...]) -> tuple[str, ...]:
    """The placeholders that the devices fill in a phrase."""
    usual = _USUAL[path]
    own = (name for _, name, _, _ in Formatter().parse(usual) if name)
    return tuple(dict.fromkeys((*own, *ALSO_FILLED.get(".".join(path), ()))))


_USUAL = dict(each_phrase(Phrases()))

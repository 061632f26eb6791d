"""The options by which the studio's commands say which pieces a pack is to have, and whose voice it is."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from broker.phrases import English as EnglishPhrases
from broker.phrases import Language, Phrases, each_phrase
from broker.settings import Hall
from firmware.check import load
from firmware.studio.wanted import English, Mandarin, Numbers, Spelling, Wanted, wanted

__all__ = ["Asked", "add_pieces", "asked", "ranges"]

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
TABLES = {Language.CHINESE: Phrases(), Language.ENGLISH: EnglishPhrases()}
TESTS = {Language.CHINESE: "测试", Language.ENGLISH: "Test"}
"""What `jiaohao hardware test` has a voice say first."""

SILENT = (("one_as",), ("day",), ("hall_display",), ("kiosk", "paper"))
"""Where a table's phrases are no sentences of a voice."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An announcement as it is spoken, and what varies in it."""

    template: str
    spelling: Spelling
    prefixes: tuple[str, ...]
    numbers: Numbers
    counters: tuple[int, ...]
    sentences: tuple[str, ...]

    def pieces(self) -> tuple[Wanted, ...]:
        return wanted(
            self.template,
            self.spelling,
            prefixes=self.prefixes,
            numbers=self.numbers,
            counters=self.counters,
            sentences=self.sentences,
        )


def add_pieces(parser: argparse.ArgumentParser) -> None:
    which = parser.add_argument_group(
        "which pieces", "of a hall, or A to Z, 001 to 999, counters 1 to 40"
    )
    which.add_argument("--hall", type=Path, help="hall.toml: its letters, counters and phrases")
    which.add_argument("--language", choices=("zh", "en"), default="zh")
    which.add_argument("--call", help="the announcement, with {ticket} and {counter}")
    which.add_argument("--letters", help="letters of tickets, such as ABC")
    which.add_argument("--numbers", type=int, metavar="LAST", help="the highest number of a day")
    which.add_argument(
        "--digits", type=lengths, help="how many a number has: 3, 4, or 3,4 where both are used"
    )
    which.add_argument(
        "--pairs",
        action="store_true",
        help="numbers in pairs of digits: 110 clips in place of 999; four digits always are",
    )
    which.add_argument("--counters", type=ranges, help="such as 1-12,20")
    which.add_argument(
        "--calls",
        action="store_true",
        help="the announcement alone, without the sentences of the phrase table",
    )
    which.add_argument("--sentences", type=Path, help="a file with further sentences, one a line")


def asked(options: argparse.Namespace) -> Asked:
    """What the options name, else what the hall has, else what most halls have. Raises SettingsFault, OSError."""
    hall = load(options.hall) if options.hall else None
    language = Language(options.language)
    phrases = hall.phrases_in(language) if hall else TABLES[language]
    digits = options.digits or (_digits(hall) if hall else (3,))
    # In a hall with numbers of four digits pairs say those of three as well: a tenth of the clips.
    in_pairs = options.pairs or (not options.digits and 4 in digits)
    lines = options.sentences.read_text(encoding="utf-8").splitlines() if options.sentences else ()
    more = [line.strip() for line in lines if line.strip()]
    return Asked(
        template=options.call or phrases.call_spoken,
        spelling=English() if language is Language.ENGLISH else Mandarin(phrases.one_as),
        prefixes=tuple(options.letters or (_letters(hall) if hall else LETTERS)),
        numbers=Numbers(digits, options.numbers or 10 ** max(digits) - 1, 3 if in_pairs else 4),
        counters=options.counters
        or (tuple(sorted(one.number for one in hall.counters)) if hall else tuple(range(1, 41))),
        sentences=(TESTS[language], *(() if options.calls else _whole(phrases)), *more),
    )


def _whole(phrases: Phrases) -> Iterator[str]:
    """The sentences of the table that are said as they stand, by whichever device."""
    for path, phrase in each_phrase(phrases):
        silent = any(path[: len(one)] == one for one in SILENT)
        if not silent and "{" not in phrase and any(map(str.isalpha, phrase)):
            yield phrase


def lengths(text: str) -> tuple[int, ...]:
    """How many digits numbers have.

    >>> lengths("3,4")
    (3, 4)
    """
    found = sorted(set(text.split(",")))
    if not set(found) <= {"3", "4"}:
        raise argparse.ArgumentTypeError(f"{text!r} is neither 3 nor 4 nor 3,4")
    return tuple(map(int, found))


def ranges(text: str) -> tuple[int, ...]:
    """Numbers and ranges of them.

    >>> ranges("1-3,12")
    (1, 2, 3, 12)
    """
    found: set[int] = set()
    for part in text.split(","):
        bounds = re.fullmatch(r"(\d{1,3})(?:-(\d{1,3}))?", part.strip())
        if bounds is None:
            raise argparse.ArgumentTypeError(f"{part!r} is no number and no range such as 1-12")
        found.update(range(int(bounds[1]), int(bounds[2] or bounds[1]) + 1))
    return tuple(sorted(found))


def _letters(hall: Hall) -> Iterable[str]:
    return sorted({service.prefix for service in hall.services} | {hall.rules.hand_prefix})


def _digits(hall: Hall) -> tuple[int, ...]:
    usual = hall.rules.number_digits
    return tuple(sorted({usual} | {service.digits or usual for service in hall.services}))

"""Which texts a voice pack needs: the hall's announcement cut into pieces that hold one letter, number or counter each."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from string import Formatter
from typing import ClassVar, Protocol

from broker.phrases import english_counter, english_ticket, spoken_counter, spoken_ticket

__all__ = ["English", "Mandarin", "Numbers", "Spelling", "Wanted", "announcements", "wanted"]

_SIGNS = re.compile(r"[，、；：。！？,;:.!?]")
# Between a number and the counter the classifier belongs to the number: 零一七号 | 到三号窗口.
_OF_THE_NUMBER = "号"


class Variable(StrEnum):
    LETTER = "letter"
    NUMBER = "number"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A piece; `name` is its file's, without the ending."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """The tickets' numbers, 1 to `last`, whole: 999 clips; or in pairs: 零 | 一七号, 110 clips for the same.

    `digits` are how many a number has, or may have; in pairs come those with `paired_from` or more.
    """

    digits: tuple[int, ...] = (3,)
    last: int = 999
    paired_from: int = 4


class Spelling(Protocol):
    """How a language says what varies; `joint` stands between a ticket's letter and its digits."""

    joint: ClassVar[str]

    def letter(self, letter: str) -> str: ...
    def digits(self, digits: str) -> str: ...
    def counter(self, number: int) -> str: ...


@dataclass(frozen=True, slots=True)
class Mandarin:
    joint: ClassVar[str] = ""
    one_as: str = "一"

    def letter(self, letter: str) -> str:
        return letter

    def digits(self, digits: str) -> str:
        return spoken_ticket(digits, self.one_as)

    def counter(self, number: int) -> str:
        return spoken_counter(number)


class English:
    """As one reads it aloud.

    >>> English().digits("017"), [English().counter(n) for n in (3, 12, 20, 41, 101)]
    ('zero one seven', ['three', 'twelve', 'twenty', 'forty-one', 'one hundred and one'])
    """

    joint: ClassVar[str] = " "

    def letter(self, letter: str) -> str:
        return letter

    def digits(self, digits: str) -> str:
        return english_ticket(digits)

    def counter(self, number: int) -> str:
        return english_counter(number)


@dataclass(frozen=True, slots=True)
class _Piece:
    before: str
    variable: Variable | None
    after: str


def wanted(
    template: str,
    spelling: Spelling,
    *,
    prefixes: Iterable[str],
    numbers: Numbers,
    counters: Iterable[int],
    sentences: Iterable[str] = (),
) -> tuple[Wanted, ...]:
    """Every piece of the announcement `template`, and `sentences` whole; each text once. Raises ValueError.

    >>> some = wanted("请{ticket}号，到{counter}号窗口", Mandarin(), prefixes="A", numbers=Numbers(last=1), counters=[3])
    >>> [(one.name, one.text) for one in some]
    [('letter-a', '请A'), ('number-001', '零零一号'), ('counter-3', '到三号窗口')]
    """
    prefixes, counters = tuple(prefixes), tuple(counters)
    found: dict[str, str] = {}
    for place, piece in enumerate(_pieces(template)):
        for name, text in _spelled(piece, spelling, prefixes, numbers, counters):
            found.setdefault(text, name if name not in found.values() else f"{name}-{place}")
    for sentence in sentences:
        # By its text: a table that grows must not give a clip that is there the name of another.
        found.setdefault(sentence, f"sentence-{zlib.crc32(sentence.encode()):08x}")
    return tuple(Wanted(name, text) for text, name in found.items())


def announcements(
    template: str, spelling: Spelling, tickets: Iterable[tuple[str, str, int]]
) -> Iterator[str]:
    """What an announcer says for each (letter, digits, counter)."""
    for letter, digits, counter in tickets:
        ticket = f"{spelling.letter(letter)}{spelling.joint}{spelling.digits(digits)}"
        yield template.format(ticket=ticket, counter=spelling.counter(counter))


def _pieces(template: str) -> Iterator[_Piece]:
    """The template cut at its signs, and so that no piece holds two variables."""
    for section in _sections(template):
        before = ""
        gathered: list[_Piece] = []
        for token in section:
            if isinstance(token, Variable):
                gathered.append(_Piece(before, token, ""))
                before = ""
            elif gathered and token.startswith(_OF_THE_NUMBER):
                last = gathered[-1]
                gathered[-1] = _Piece(last.before, last.variable, _OF_THE_NUMBER)
                before = token.removeprefix(_OF_THE_NUMBER)
            else:
                before = token
        if gathered:
            last = gathered[-1]
            yield from gathered[:-1]
            yield _Piece(last.before, last.variable, last.after + before)
        elif before.strip():
            yield _Piece(before, None, "")


def _sections(template: str) -> Iterator[list[str | Variable]]:
    section: list[str | Variable] = []
    for literal, field, _, _ in Formatter().parse(template):
        first, *more = _SIGNS.split(literal)
        section.append(first)
        for text in more:
            yield section
            section = [text]
        match field:
            case "ticket":
                section += [Variable.LETTER, Variable.NUMBER]
            case "counter":
                section.append(Variable.COUNTER)
            case None:
                pass
            case _:
                raise ValueError(f"no voice pack has pieces for {{{field}}} of {template!r}")
    yield section


def _spelled(
    piece: _Piece,
    spelling: Spelling,
    prefixes: Iterable[str],
    numbers: Numbers,
    counters: Iterable[int],
) -> Iterator[tuple[str, str]]:
    """(name, text) of a piece with each value of what varies in it."""
    before, after = piece.before.lstrip(), piece.after.rstrip()
    match piece.variable:
        case Variable.LETTER:
            for letter in prefixes:
                text = f"{before}{spelling.letter(letter)}{after}"
                yield f"letter-{letter.lower()}", text.strip()
        case Variable.COUNTER:
            for number in counters:
                yield f"counter-{number}", f"{before}{spelling.counter(number)}{after}".strip()
        case Variable.NUMBER:
            paired = [length for length in numbers.digits if length >= numbers.paired_from]
            for length in paired:
                for first in range(min(10 ** (length - 2), numbers.last // 100 + 1)):
                    digits = f"{first:0{length - 2}}"
                    yield f"first-{digits}", f"{before}{spelling.digits(digits)}".strip()
            for second in range(min(100, numbers.last + 1) if paired else 0):
                yield f"pair-{second:02}", f"{spelling.digits(f'{second:02}')}{after}".strip()
            for length in (one for one in numbers.digits if one not in paired):
                for number in range(1, min(10**length, numbers.last + 1)):
                    digits = f"{number:0{length}}"
                    yield f"number-{digits}", f"{before}{spelling.digits(digits)}{after}".strip()
        case None:
            text = before.strip()
            yield f"words-{len(text)}", text

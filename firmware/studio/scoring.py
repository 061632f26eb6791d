"""What a recogniser wrote against what was said: letter, digits and counter of an announcement; hears nothing itself."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from broker.phrases.spoken import ONES, TENS

__all__ = ["Said", "Score", "error", "score"]

_DIGITS = {
    **{str(n): str(n) for n in range(10)},
    **dict(zip("零一二三四五六七八九", "0123456789", strict=True)),
    "〇": "0",
    "幺": "1",
    "么": "1",
    "两": "2",
    "兩": "2",
}
_NAMES = {"JAY": "J", "KAY": "K", "EX": "X"}
_NUMERALS = "".join(_DIGITS) + "十百"
_TENS_BY_SOUND = (
    ("時期", "十七"),
    ("时期", "十七"),
    ("時", "十"),
    ("时", "十"),
)  # alike to the last tone
_MANDARIN_COUNTER = re.compile(rf"([{_NUMERALS}時时期]+)(?:[号號]?窗|[号號]\w口)")
_ENGLISH_COUNTER = re.compile(r"counter (?:number )?((?:[a-z]+|\d+)(?: (?:[a-z]+|\d+))*)")
_UNITS = {word: number for number, word in enumerate(ONES)} | {"to": 2, "too": 2, "for": 4, "oh": 0}
_TENS = {word: 10 * number for number, word in enumerate(TENS, 2)}


@dataclass(frozen=True, slots=True)
class Said:
    """An announcement, and what varies in it."""

    text: str
    letter: str
    digits: str
    counter: int


@dataclass(frozen=True, slots=True)
class Score:
    letter: bool
    digits: bool
    counter: bool
    error: float


def score(said: Said, written: str, language: str) -> Score:
    """As a strict listener judges: digits one by one, a counter as a number, a letter by its name.

    What sounds alike is the same: 到时号 is 到十号, Jay is J, and a counter's number counts where the word 窗口 is written otherwise, such as 传口.

    >>> said = Said("请A零一七号，到十二号窗口", "A", "017", 12)
    >>> score(said, "請 A017 號, 到12號窗口。", "zh")
    Score(letter=True, digits=True, counter=True, error=0.0)
    """
    plain = _english if language == "en" else _mandarin
    letter, digits, counter = plain(_folded(written))
    return Score(
        letter == said.letter,
        digits == said.digits,
        counter == said.counter,
        error(_canonical(said.text), _canonical(written)),
    )


def error(wanted: str, heard: str) -> float:
    """Signs to change, leave out or put in, for each sign that is wanted.

    >>> error("请A零", "请零"), error("请A", "请A")
    (0.3333333333333333, 0.0)
    """
    row = list(range(len(heard) + 1))
    for down, sign in enumerate(wanted, 1):
        diagonal, row[0] = row[0], down
        for across, other in enumerate(heard, 1):
            cost = min(row[across] + 1, row[across - 1] + 1, diagonal + (sign != other))
            diagonal, row[across] = row[across], cost
    return row[-1] / max(1, len(wanted))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _mandarin(text: str) -> tuple[str, str, int]:
    text = re.sub(r"[^\w]", "", text).upper()
    found = list(_MANDARIN_COUNTER.finditer(text))
    ticket = text[: found[-1].start()] if found else text
    letters = "".join(_NAMES.get(word, word) for word in re.findall(r"[A-Z]+", ticket))
    digits = "".join(_DIGITS.get(sign, sign) for sign in ticket if sign in _NUMERALS)
    return letters, digits, _number(found[-1][1]) if found else 0


def _number(numerals: str) -> int:
    """A counter, said or written either way."""
    total = last = 0
    for sound, number in _TENS_BY_SOUND:
        numerals = numerals.replace(sound, number)
    for sign in (one for one in numerals if one in _NUMERALS):
        if sign in "十百":
            total += (last or 1) * (100 if sign == "百" else 10)
            last = 0
        else:
            last = last * 10 + int(_DIGITS[sign])
    return total + last


def _english(text: str) -> tuple[str, str, int]:
    text = re.sub(r"[^\w]+", " ", re.sub(r"(?<=\w)'(?=\w)", "", text)).lower().strip()
    found = _ENGLISH_COUNTER.search(text)
    words = (text[: found.start()] if found else text).split()
    ticket = words[words.index("ticket") + 1 :] if "ticket" in words else words
    while ticket and ticket[-1] in ("please", "go", "to"):
        ticket.pop()
    first = re.match(r"([a-z])(\d*)$", ticket[0]) if ticket else None
    letter = first[1].upper() if first else ""
    rest = [*([first[2]] if first and first[2] else []), *ticket[bool(first) :]]
    digits = "".join(str(_UNITS.get(word, word)) for word in rest)
    return letter, digits, _english_number(found[1].split()) if found else 0


def _english_number(words: list[str]) -> int:
    total = 0
    for word in words:
        if word.isdecimal():
            total += int(word)
        elif word == "hundred":
            total *= 100
        elif word in _TENS or word in _UNITS:
            total += _TENS.get(word, _UNITS.get(word, 0))
        elif word != "and":
            break
    return total


def _canonical(text: str) -> str:
    """The text with numbers in one spelling, so that only what was heard otherwise counts."""
    plain = re.sub(r"[^\w]", "", _folded(text)).upper().replace("號", "号").replace("請", "请")
    return re.sub(rf"[{_NUMERALS}]+", lambda run: _run(run[0]), plain)


def _run(numerals: str) -> str:
    if set(numerals) & set("十百"):
        return str(_number(numerals))
    return "".join(_DIGITS[sign] for sign in numerals)

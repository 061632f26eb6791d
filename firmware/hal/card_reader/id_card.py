"""What of a card's text the hall makes use of: the number and the date of birth; a name is not even read. Pure.

Four layouts of 256 bytes, UTF-16LE, told apart by the letter at byte 248: residents (blank), residents from Hong Kong,
Macao and Taiwan (J), foreigners since 2017 (I) and since 2023 (Y). By GA 467 and the readers' makers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

__all__ = ["Holder", "holder", "is_60", "is_number", "text_of"]

_TEXT_SIZE = 256
_KIND = slice(248, 250)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_OF_18 = re.compile(r"[0-9]{17}[0-9X]")
_OF_2017 = re.compile(r"[A-Z]{3}[0-9]{12}")  # has a check digit by a rule that is not public


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a card. Neither is ever shown."""

    number: str = field(repr=False)
    born: date = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Layout:
    number: slice
    born: slice


_RESIDENT = _Layout(number=slice(122, 158), born=slice(36, 52))
_LAYOUTS = {
    "": _RESIDENT,
    "J": _RESIDENT,
    "I": _Layout(number=slice(122, 152), born=slice(220, 236)),
    "Y": _RESIDENT,
}


def text_of(data: bytes) -> bytes | None:
    """Take the text out of the answer to READ, and leave the photo; None if there is none."""
    size = int.from_bytes(data[:2])
    if size != _TEXT_SIZE or len(data) < 4 + size:
        return None
    return data[4 : 4 + size]


def holder(text: bytes) -> Holder | None:
    """Read a card's text; None for a misread one, or a card of a kind that is not known. Never raises."""
    layout = _LAYOUTS.get(_letters(text[_KIND]))
    if layout is None or len(text) != _TEXT_SIZE:
        return None
    number, born = _letters(text[layout.number]).upper(), _day(_letters(text[layout.born]))
    if born is None or not is_number(number):
        return None
    return Holder(number, born)


def is_number(number: str) -> bool:
    """Whether a number can be one: its check digit is right (GB 11643), or it is of the foreigners' cards of 2017.

    >>> [is_number(n) for n in ("140109199001011233", "140109199001011234", "14010919900101123")]
    [True, False, False]
    """
    if not _OF_18.fullmatch(number):
        return bool(_OF_2017.fullmatch(number))
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return number[17] == _CHECKS[total % 11]


def is_60(born: date, today: date) -> bool:
    """Whether somebody is 60 or over: from the sixtieth birthday on.

    >>> is_60(date(1966, 11, 25), date(2026, 11, 25)), is_60(date(1966, 11, 26), date(2026, 11, 25))
    (True, False)
    """
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day)) >= 60


def _letters(field_: bytes) -> str:
    return field_.decode("utf-16-le", "replace").strip(" \0")


def _day(digits: str) -> date | None:
    if not re.fullmatch(r"[0-9]{8}", digits):
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None

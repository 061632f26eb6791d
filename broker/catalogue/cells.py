"""What a person means by what stands in a cell, however the spreadsheet has typed it; no workbook is known here."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from unicodedata import normalize

from broker.catalogue.agreement import numbers_taken_out
from broker.catalogue.columns import NO, YES, Form

__all__ = ["is_blank", "meaning"]

DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
ASKED_FOR_DATE = "write the date as 2026-10-01"
YES_OR_NO = {YES: True, "是": True, "√": True, NO: False, "否": False, "×": False}


def is_blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def meaning(cell: object, form: Form) -> object:
    """The value of a cell that is not blank. Raises ValueError with a sentence that says what to do.

    >>> meaning("１２", Form.NUMBER), meaning(3.0, Form.NUMBER), meaning("1、3", Form.NUMBERS)
    (12, 3, [1, 3])
    >>> meaning("２０２６年１０月１日", Form.DATE), meaning(12333, Form.TEXT)
    (datetime.date(2026, 10, 1), '12333')
    """
    match form:
        case Form.TEXT:
            return _text(cell)
        case Form.WORD:
            return re.sub(r"\s", "", normalize("NFKC", _text(cell)))
        case Form.LINES:
            return _lines(cell)
        case Form.STEPS:
            return list(numbers_taken_out(_lines(cell)))
        case Form.NUMBER:
            return _number(cell)
        case Form.NUMBERS:
            return _numbers(cell)
        case Form.DATE:
            return _date(cell)
        case Form.YES:
            word = normalize("NFKC", _text(cell))
            if word not in YES_OR_NO:
                raise ValueError(f"{word!r} is neither {YES} nor {NO}; write one of them")
            return YES_OR_NO[word]


def _text(cell: object) -> str:
    match cell:
        case str():
            return cell.strip()
        case bool():
            raise ValueError(f"{cell} is no text; write words")
        case int():
            return str(cell)
        case float():
            return str(int(cell)) if cell.is_integer() else str(cell)
        case _:
            raise ValueError(
                f"the spreadsheet has made a date of this, {cell}; format the cell as text, and write it again"
            )


def _lines(cell: object) -> list[str]:
    lines = _text(cell).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [line.strip() for line in lines if line.strip()]


def _number(cell: object) -> int:
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if isinstance(cell, int) and not isinstance(cell, bool):
        return cell
    if isinstance(cell, str) and re.fullmatch(r"[0-9]{1,9}", written := _plain(cell)):
        return int(written)
    raise ValueError(f"{cell!s} is no whole number; write digits alone")


def _numbers(cell: object) -> list[int]:
    if isinstance(cell, str):
        return [_number(part) for part in re.split(r"[、,;\s]+", _plain(cell).strip("、,;"))]
    try:
        return [_number(cell)]
    except ValueError:
        raise ValueError(
            f"{cell} is no list of numbers; format the cell as text, and write them as 1、3"
        ) from None


def _date(cell: object) -> date:
    match cell:
        case datetime():
            if cell.time() != time():
                raise ValueError(f"{cell} has a time of day; {ASKED_FOR_DATE}")
            return cell.date()
        case date():
            return cell
        case str() if found := DAY.fullmatch(re.sub(r"\s", "", _plain(cell))):
            year, month, day = map(int, found.groups())
            try:
                return date(year, month, day)
            except ValueError:
                raise ValueError(
                    f"there is no day {cell.strip()} in the calendar; {ASKED_FOR_DATE}"
                ) from None
        case _:
            raise ValueError(f"{cell!s} is no date; {ASKED_FOR_DATE}")


def _plain(written: str) -> str:
    """Full-width digits and signs as half-width ones."""
    return normalize("NFKC", written).strip()

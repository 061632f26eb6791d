"""Cuts what a page has to say into screens: so many choices, so many rows of text, the same on every size of screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from firmware.hal.screen import KioskKey, KioskPage, Manner, Section

__all__ = ["CHOICES", "COLUMNS", "ROWS", "SIGNS", "Sheet", "cut", "rows_of"]

CHOICES = {Manner.USUAL: 8, Manner.LOW: 8, Manner.LARGE: 4, Manner.HEARD: 1000}
"""Keys on one screen. Who hears them goes from one to the next."""
SIGNS = {Manner.USUAL: 36, Manner.LOW: 18, Manner.LARGE: 18, Manner.HEARD: 1000}
"""The same of keys with one sign each, to type a code, and those beside them."""
ROWS = {Manner.USUAL: 10, Manner.LOW: 6, Manner.LARGE: 6, Manner.HEARD: 6}
"""Rows of text on one screen, headings with them; beside a QR code `BESIDE` fewer."""
COLUMNS = {Manner.USUAL: 36, Manner.LOW: 36, Manner.LARGE: 22, Manner.HEARD: 22}
"""How many Chinese signs a row of text has."""
BESIDE = 5


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page before it is cut: `choices` go on over its screens, `stays` are keys on each of them.

    A page has choices or text that go on, not both. `types`: its choices have one sign each. `foot` are small keys of
    its own.
    """

    page: KioskPage
    choices: tuple[KioskKey, ...] = ()
    stays: tuple[KioskKey, ...] = ()
    foot: tuple[KioskKey, ...] = ()
    types: bool = False


def cut(sheet: Sheet, manner: Manner) -> tuple[KioskPage, ...]:
    """The screens of a page, at least one; a QR code stands on the first."""
    choices, stays = sheet.choices, sheet.stays
    if choices:
        room = SIGNS[manner] if sheet.types else CHOICES[manner]
        many = max(1, room - len(stays))
        parts = [choices[n : n + many] for n in range(0, len(choices), many)]
        return tuple(replace(sheet.page, keys=(*part, *stays)) for part in parts)
    texts = list(_screens(sheet.page, manner)) or [()]
    first, *others = (replace(sheet.page, keys=stays, sections=text) for text in texts)
    return (first, *(replace(one, code="", code_note="") for one in others))


def _screens(page: KioskPage, manner: Manner) -> Iterator[tuple[Section, ...]]:
    room = max(2, ROWS[manner] - (BESIDE if page.code else 0))
    screen: list[Section] = []
    left = room
    for section in page.sections:
        if screen and manner is Manner.HEARD:
            yield tuple(screen)
            screen, left = [], ROWS[manner]
        for line in _pieces(section.lines, COLUMNS[manner], max(2, ROWS[manner] - 1 - BESIDE)):
            rows = rows_of(line, COLUMNS[manner])
            begun = bool(screen) and screen[-1].heading == section.heading
            if screen and rows + (0 if begun else 1) > left:
                yield tuple(screen)
                screen, left, begun = [], ROWS[manner], False
            if begun:
                screen[-1] = Section(section.heading, (*screen[-1].lines, line))
            else:
                screen.append(Section(section.heading, (line,)))
                left -= 1
            left -= rows
    if screen:
        yield tuple(screen)


def _pieces(lines: Sequence[str], columns: int, rows: int) -> Iterator[str]:
    """The lines, those that are too long for any screen in pieces."""
    for line in lines:
        rest = line
        while rows_of(rest, columns) > rows:
            most = columns * (rows - 1)
            end = max((rest.rfind(sign, 0, most) + 1 for sign in "。；，、 "), default=0) or most
            yield rest[:end]
            rest = rest[end:]
        if rest:
            yield rest


def rows_of(line: str, columns: int) -> int:
    """How many rows a line takes; what is not Chinese is about half as wide.

    >>> rows_of("一二三", 2), rows_of("abcd", 2), rows_of("", 2)
    (2, 2, 1)
    """
    width = sum(1.0 if sign > "\u2e80" else 0.55 for sign in line)
    return max(1, -int(-width // columns))

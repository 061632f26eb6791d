"""Where a page differs from the one before it, so that only there it is drawn anew; draws nothing. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

from firmware.hal.screen.drawing import Box, Drawing, Panel

__all__ = ["changed"]

_MOST_BOXES = 16  # each costs a look through the whole drawing
_FEW = 6  # beyond it one looks whether they have only moved up or down
_MOST_SHARE = 0.6  # of the page; beyond it all of it is as cheap


class _Placed(Protocol):
    @property
    def box(self) -> Box: ...


One = TypeVar("One", bound=_Placed)


def changed(old: Drawing | None, new: Drawing, page: Box) -> tuple[Box, ...]:
    """Boxes, none over another, that hold every pixel in which the drawings can differ; () if there is none."""
    if old is None or old.ground != new.ground:
        return (page,)
    boxes = [
        *_panels(old.panels, new.panels),
        *_differing(old.pictures, new.pictures),
        *_differing(old.codes, new.codes),
        *_differing(old.words, new.words),
        *_differing(old.signs, new.signs),
    ]
    apart = _apart(_within(boxes, page))
    if len(apart) > _MOST_BOXES or sum(b.w * b.h for b in apart) > _MOST_SHARE * page.w * page.h:
        return (page,)
    return tuple(apart)


def _differing(old: Sequence[One], new: Sequence[One]) -> Iterator[Box]:
    return (one.box for one in _changes(old, new))


def _changes(old: Sequence[One], new: Sequence[One]) -> list[One]:
    """What is only in one of the two; all of both where what they share has changed its order."""
    if len(old) == len(new):
        # Most often a few of them say something else at the same place.
        apart = [pair for pair in zip(old, new, strict=True) if pair[0] != pair[1]]
        if len(apart) <= _FEW:
            return [one for pair in apart for one in pair]
    before, after = Counter(old), Counter(new)
    gone, come = before - after, after - before
    stayed = [one for one in old if not gone[one]]
    if stayed != [one for one in new if not come[one]]:
        return [*old, *new]
    return [*gone, *come]


def _panels(old: Sequence[Panel], new: Sequence[Panel]) -> Iterator[Box]:
    """Of a panel that has another edge alone only the edge."""
    alone: dict[tuple[object, ...], list[Panel]] = {}
    for panel in _changes(old, new):
        alone.setdefault((panel.box, panel.fill, panel.radius, panel.edge_width), []).append(panel)
    for (_, _, _, width), panels in alone.items():
        panel = panels[0]
        if len(panels) == 2 and all(one.edge is not None for one in panels) and width:
            yield from _frame(panel.box, max(panel.radius, panel.edge_width))
        else:
            yield panel.box


def _frame(box: Box, thick: int) -> Iterator[Box]:
    if 2 * thick >= min(box.w, box.h):
        yield box
        return
    middle = box.under(thick).upper(box.h - 2 * thick)
    yield box.upper(thick)
    yield box.under(box.h - thick)
    yield middle.left(thick)
    yield middle.beside(middle.w - thick)


def _within(boxes: list[Box], page: Box) -> Iterator[Box]:
    for box in boxes:
        left, top = max(box.x, page.x), max(box.y, page.y)
        right, bottom = min(box.right, page.right), min(box.bottom, page.bottom)
        if left < right and top < bottom:
            yield Box(left, top, right - left, bottom - top)


def _apart(boxes: Iterator[Box]) -> list[Box]:
    """The same area, or more: boxes that lie over each other become the one around them."""
    apart: list[Box] = []
    for new in boxes:
        box = new
        while over := [other for other in apart if other.overlaps(box)]:
            apart = [other for other in apart if other not in over]
            box = _around([box, *over])
        apart.append(box)
    return apart


def _around(boxes: Sequence[Box]) -> Box:
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
    return Box(left, top, right - left, bottom - top)

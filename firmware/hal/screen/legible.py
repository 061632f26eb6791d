"""Whether all of a page can be read and touched as it is laid out: whole, large enough, nothing over anything else. Pure."""

from __future__ import annotations

from firmware.hal.screen.drawing import Drawing
from firmware.hal.screen.pages import KioskPage, Manner, Page

__all__ = ["ELDERS_TYPE_DP", "FINGER_DP", "TYPE_DP", "legible"]

TYPE_DP, ELDERS_TYPE_DP, FINGER_DP = 14, 18, 60
"""Type that most people read at arm's length, and those who see little; a key that no finger misses. 160ths of an inch."""


def legible(page: Page, drawing: Drawing, dp: float) -> bool:
    """`dp` is how many pixels a 160th of an inch has."""
    large = isinstance(page, KioskPage) and page.manner is Manner.LARGE
    least = (ELDERS_TYPE_DP if large else TYPE_DP) * dp
    if not all(words.whole and words.size >= least for words in drawing.words):
        return False
    if not all(min(key.box.w, key.box.h) >= FINGER_DP * dp for key in drawing.keys):
        return False
    boxes = [one.box for one in drawing.words]
    boxes += [one.box for one in drawing.signs] + [one.box for one in drawing.codes]
    if not all(box.w and box.h for box in boxes):
        return False
    return not any(one.overlaps(other) for n, one in enumerate(boxes) for other in boxes[:n])

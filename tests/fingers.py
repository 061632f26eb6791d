"""A finger on a real screen's glass: which of a touch screen's own numbers lie under a key that the page shows now."""

from __future__ import annotations

from typing import Any

from firmware.hal.screen import PygameScreenSettings

__all__ = ["finger_on"]


def finger_on(
    screen: Any, settings: PygameScreenSettings, key: str, extent: int
) -> tuple[int, int]:
    """The middle of a key, however panel and touch screen are turned; StopIteration if the page has no such key.

    `extent` is how many numbers each of the touch screen's axes has.
    """
    glass = screen._window.glass
    box = next(area.box for area in glass._page.keys if area.key == key)
    pixel = glass._brush.rect(box).center
    x, y = ((at + 0.5) / most for at, most in zip(pixel, screen._window.size, strict=True))
    assert settings.touch
    match settings.touch.rotate:
        case 90:
            x, y = y, 1 - x
        case 180:
            x, y = 1 - x, 1 - y
        case 270:
            x, y = 1 - y, x
    return int(x * extent), int(y * extent)

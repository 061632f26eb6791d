"""Every page of every device that has a screen, in each manner, language and size."""

from __future__ import annotations

from collections.abc import Iterator

from tests.pictures.counters import counters
from tests.pictures.displays import displays
from tests.pictures.kiosks import kiosks
from tests.pictures.pads import pads
from tests.pictures.shot import Shot

__all__ = ["gallery"]


def gallery() -> Iterator[Shot]:
    yield from kiosks()
    yield from displays()
    yield from counters()
    yield from pads()

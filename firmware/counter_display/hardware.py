"""The counter display's part: a screen, which also reads the photo of who sits there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from msgspec import Struct

from broker.loading import Problem
from broker.settings import Device, Hall
from firmware.device import Draw, Wiring
from firmware.hal.screen import CounterPage, Page, Screen, ScreenSettings

__all__ = ["Hardware", "problems", "wiring"]

PICTURES = (b"\x89PNG", b"\xff\xd8\xff")


class Hardware(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    screen: ScreenSettings


def problems(_hall: Hall, _device: Device, _hardware: Hardware) -> tuple[Problem, ...]:
    """None: nothing here has a name that its thinking must know."""
    return ()


def _draw(screen: Screen, effect: Draw) -> None:
    screen.show(_with_photo_or_none(effect.page))


def _with_photo_or_none(page: Page) -> Page:
    """A photo that cannot be read is none: then a silhouette stands in its place."""
    if isinstance(page, CounterPage) and page.person and not _is_picture(page.person.photo):
        return replace(page, person=replace(page.person, photo=""))
    return page


def _is_picture(photo: str) -> bool:
    if not photo:
        return False
    try:
        with Path(photo).open("rb") as file:
            return file.read(4).startswith(PICTURES)
    except OSError:
        return False


def wiring(_hall: Hall, _hardware: Hardware) -> Wiring:
    return Wiring(parts={"screen": {Draw: _draw}}, once={})

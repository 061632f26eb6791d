"""What stands around every page, in the same place: back, home, page on, language; and for who listens, the one key they are on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from broker.phrases import Language
from firmware.hal.screen import KeySign, KioskKey, KioskPage, Manner
from firmware.ticket_kiosk.keys import BACK, HOME, LANGUAGE, LESS, MORE, USUAL
from firmware.ticket_kiosk.paging import Sheet, cut
from firmware.ticket_kiosk.view import View
from firmware.ticket_kiosk.visit import Visit
from firmware.ticket_kiosk.words import NAMES

__all__ = ["Shown", "about_a_wish", "language", "other_language", "shown"]


@dataclass(frozen=True, slots=True)
class Shown:
    """A page as it stands on the screen. `stops` are all its keys in the order in which tactile keys go through them."""

    page: KioskPage
    stops: tuple[KioskKey, ...]
    screens: int = 1

    @property
    def at(self) -> KioskKey | None:
        return next((key for key in self.stops if key.key == self.page.at), None)


def shown(view: View, visit: Visit, sheet: Sheet) -> Shown:
    """The screen of a sheet that the visitor has turned to."""
    screens = cut(sheet, view.manner)
    turned = min(visit.here.turned, len(screens) - 1)
    foot = (*_ways(view, visit, turned, len(screens)), *sheet.foot, language(view))
    return _seen_or_heard(view, visit, replace(screens[turned], foot=foot), len(screens))


def about_a_wish(view: View, visit: Visit, page: KioskPage) -> Shown:
    """A page that stands over all others for a while; its keys are its own."""
    return _seen_or_heard(view, visit, page, 1)


def other_language(language: Language) -> Language:
    """The one that its key leads to."""
    known = list(Language)
    return known[(known.index(language) + 1) % len(known)]


def language(view: View) -> KioskKey:
    """Its key says the other one's own name."""
    return KioskKey(LANGUAGE, NAMES[other_language(view.words.language)], sign=KeySign.LANGUAGE)


def _ways(view: View, visit: Visit, turned: int, screens: int) -> Iterator[KioskKey]:
    says, deep = view.words.phrases.keys, len(visit.path) - 1
    if deep:
        yield KioskKey(BACK, says.back, sign=KeySign.BACK)
    if deep > 1:
        yield KioskKey(HOME, says.home, sign=KeySign.HOME)
    if screens > 1:
        yield KioskKey(LESS, says.less, enabled=turned > 0, sign=KeySign.EARLIER)
        yield KioskKey(MORE, says.more, enabled=turned < screens - 1, sign=KeySign.LATER)


def _seen_or_heard(view: View, visit: Visit, page: KioskPage, screens: int) -> Shown:
    whole = replace(page, manner=view.manner)
    if view.manner is not Manner.HEARD:
        return Shown(whole, (*page.keys, *page.foot), screens)
    ways = tuple(key for key in page.foot if key.enabled or key.key not in (MORE, LESS))
    stops = (*page.keys, *ways)
    at = next((key for key in stops if key.key == visit.at), stops[0] if stops else None)
    if at is None:
        return Shown(whole, (), screens)
    # Who sees the screen finds the one key that the voice speaks of, and the way out.
    end = tuple(key for key in page.foot if key.key == USUAL and key != at)
    return Shown(replace(whole, keys=(at,), foot=end, at=at.key), stops, screens)

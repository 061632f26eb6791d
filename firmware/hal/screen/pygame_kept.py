"""What was rendered once and is kept while it is in use, as far as a board's memory allows."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

import pygame

__all__ = ["Kept"]

_KEPT_BYTES = 6_000_000  # about two full pages of type and signs


class Kept:
    def __init__(self, most: int = _KEPT_BYTES) -> None:
        self._kept: OrderedDict[object, pygame.Surface] = OrderedDict()
        self._bytes, self._most = 0, most

    def get(self, key: object, make: Callable[[], pygame.Surface]) -> pygame.Surface:
        """What has this key, made now if it is not there; what was not used for longest is forgotten."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found
        made = self._kept[key] = make()
        self._bytes += _bytes(made)
        while self._bytes > self._most and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= _bytes(oldest)
        return made


def _bytes(surface: pygame.Surface) -> int:
    return surface.get_pitch() * surface.get_height()

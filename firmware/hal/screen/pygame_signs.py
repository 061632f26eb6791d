"""Draws signs out of their discs and strokes, smoothed; knows no place on a page."""

from __future__ import annotations

import itertools
import math

import pygame

from firmware.hal.screen.drawing import Colour, Sign, colour_of
from firmware.hal.screen.signs import MARKS, Disc, Stroke

__all__ = ["sign_picture"]

_FINER = 4  # signs are drawn this much larger and smoothed down


def sign_picture(sign: Sign, side: int) -> pygame.Surface:
    """A square of `side` pixels."""
    large = pygame.Surface((side * _FINER, side * _FINER), depth=32)
    large.fill(colour_of(sign.ground))
    _trace(large, sign)
    return pygame.transform.smoothscale(large, (side, side))


def _trace(large: pygame.Surface, sign: Sign) -> None:
    unit = large.get_width() / 100

    def disc(x: float, y: float, radius: float, colour: Colour) -> None:
        pygame.draw.circle(large, colour, (x * unit, y * unit), radius * unit)

    for mark in MARKS[sign.shape]:
        colour = colour_of(sign.ground if mark.bare else sign.ink)
        match mark:
            case Disc(x=x, y=y, radius=radius):
                disc(x, y, radius, colour)
            case Stroke(width=width, points=points):
                for (ax, ay), (bx, by) in itertools.pairwise(points):
                    length = math.hypot(bx - ax, by - ay)
                    dx, dy = (by - ay) / length * width / 2, (ax - bx) / length * width / 2
                    corners = (
                        (ax + dx, ay + dy),
                        (bx + dx, by + dy),
                        (bx - dx, by - dy),
                        (ax - dx, ay - dy),
                    )
                    pygame.draw.polygon(large, colour, [(x * unit, y * unit) for x, y in corners])
                for x, y in points:
                    disc(x, y, width / 2, colour)

"""Pictures from files, QR codes and round corners as surfaces that are kept; knows no place on a page."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pygame

from firmware.hal.screen.drawing import Code, Colour, Picture, colour_of
from firmware.hal.screen.pygame_kept import Kept

__all__ = ["Pictures", "ratio_of"]

_QUIET = 4  # modules of ground around a QR code
_MOST = 8_000_000  # pixels of a picture that is read whole; of a JPEG less is read


class Pictures:
    """Files are looked for in `folder`. `missing` holds, by what was to be drawn, why it was not."""

    def __init__(self, kept: Kept, folder: Path) -> None:
        self._kept, self._folder = kept, folder
        self.missing: dict[Picture | Code, str] = {}

    def picture(self, picture: Picture, turned: int) -> pygame.Surface | None:
        """A picture as large as its box allows; None if there is none."""
        path = self._folder / picture.file
        size = picture.box.w, picture.box.h

        def made() -> pygame.Surface:
            return pygame.transform.rotate(_fitted(path, size), -turned)

        # One that was copied anew is another one.
        return self._made(
            picture, made, lambda: ("picture", path, path.stat().st_mtime_ns, size, turned)
        )

    def code(self, code: Code, turned: int) -> pygame.Surface | None:
        side = min(code.box.w, code.box.h)

        def made() -> pygame.Surface:
            return pygame.transform.rotate(_qr(code, side), -turned)

        return self._made(
            code, made, lambda: ("code", code.text, side, code.ink, code.ground, turned)
        )

    def corner(self, radius: int, fill: Colour) -> pygame.Surface:
        """A disc, `radius` pixels on each side of its middle row and column; its quarters are the corners."""
        return self._kept.get(("corner", radius, fill), lambda: _disc(radius, fill))

    def _made(
        self,
        what: Picture | Code,
        make: Callable[[], pygame.Surface],
        key: Callable[[], object],
    ) -> pygame.Surface | None:
        try:
            made = self._kept.get(key(), make)
        except Exception as fault:  # noqa: BLE001 - whatever a broken file makes of its reader, the page goes on
            self.missing[what] = str(fault) or type(fault).__name__
            return None
        self.missing.pop(what, None)
        return made


def ratio_of(file: Path) -> float:
    """How many times as wide as high a picture is. Raises OSError."""
    from PIL import Image

    with Image.open(file, formats=("PNG", "JPEG")) as image:
        return image.width / image.height


def _fitted(path: Path, size: tuple[int, int]) -> pygame.Surface:
    # Not pygame's own reader: it would unpack a camera's picture in full, more than a board may have.
    from PIL import Image, ImageOps

    with Image.open(path, formats=("PNG", "JPEG")) as image:
        image.draft("RGB", size)
        if image.width * image.height > _MOST:
            raise ValueError(f"{path} is too large: save it with at most {_MOST:,} pixels")
        upright = ImageOps.exif_transpose(image).convert("RGBA")
        fitted = ImageOps.contain(upright, size)
    return pygame.image.frombytes(fitted.tobytes(), fitted.size, "RGBA")


def _qr(code: Code, side: int) -> pygame.Surface:
    import segno

    matrix = segno.make(code.text, error="m", micro=False, boost_error=False).matrix
    modules = len(matrix) + 2 * _QUIET
    small = pygame.Surface((modules, modules), depth=32)
    small.fill(colour_of(code.ground))
    for y, row in enumerate(matrix, _QUIET):
        for x, dark in enumerate(row, _QUIET):
            if dark:
                small.set_at((x, y), colour_of(code.ink))
    if modules > side:
        raise ValueError(f"a QR code of {modules} modules has no room in {side} pixels")
    return pygame.transform.scale_by(small, side // modules)


def _disc(radius: int, fill: Colour) -> pygame.Surface:
    side = range(-radius, radius + 1)
    alphas = (
        round(255 * max(0.0, min(1.0, radius + 0.5 - math.hypot(x, y)))) for y in side for x in side
    )
    pixels = b"".join(bytes((*fill, alpha)) for alpha in alphas)
    return pygame.image.frombytes(pixels, (len(side), len(side)), "RGBA")

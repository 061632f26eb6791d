"""The type of a screen: measured, and rendered line by line; where its file is lost, the next best."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import pygame
import pylopdf_fonts_zh_cn

from firmware.hal import HardwareFault, Trouble
from firmware.hal.screen.drawing import Words, colour_of
from firmware.hal.screen.pygame_kept import Kept

__all__ = ["PygameLetters", "open_letters"]

_MEASURE = 500  # ems are measured this large, so that rounding to pixels disappears
_KEPT_WIDTHS = 4_000  # texts; fitting asks for the same ones at many sizes


class PygameLetters:
    """One face of type, or two; rendered lines are kept while they are in use. Raises HardwareFault.

    Without a `strong` face what is strong is struck twice.
    """

    def __init__(self, font: Path, strong: Path | None = None) -> None:
        self._face = _opened(font)
        self._strong = _opened(strong) if strong else None
        self._ems: dict[tuple[str, bool], float] = {}
        self._widths: dict[tuple[str, bool], float] = {}
        self.kept = Kept()

    def width(self, text: str, size: int, *, strong: bool) -> int:
        """Pixels at most: hinting rounds each advance to a pixel, kerning only narrows."""
        own = strong and self._strong is not None
        ems = self._widths.get((text, own))
        if ems is None:
            if len(self._widths) >= _KEPT_WIDTHS:
                self._widths.clear()
            ems = self._widths[text, own] = sum(self._em(letter, own) for letter in text)
        return math.ceil(ems * size + len(text) / 2) + 1 + self._thickening(size, strong)

    def _em(self, letter: str, own: bool) -> float:
        em = self._ems.get((letter, own))
        if em is None:
            face = self._of(own)
            face.set_point_size(_MEASURE)
            # The size of a line counts ink that leans out of its advance, as in "f" and "j".
            em = self._ems[letter, own] = face.size(letter)[0] / _MEASURE
        return em

    def line(self, words: Words, turned: int) -> pygame.Surface:
        """A line on its ground, as high as its box and no wider, `turned` degrees clockwise."""
        box = words.box
        look = (words.size, words.strong, words.ink, words.ground)
        return self.kept.get(
            ("line", words.text, *look, box.w, box.h, turned),
            lambda: pygame.transform.rotate(self._render(words), -turned),
        )

    def _render(self, words: Words) -> pygame.Surface:
        face = self._of(words.strong)
        face.set_point_size(words.size)
        type_ = face.render(words.text, True, colour_of(words.ink))
        extra = self._thickening(words.size, words.strong)
        width = min(type_.get_width() + extra, words.box.w)
        line = pygame.Surface((width, words.box.h), depth=32)
        line.fill(colour_of(words.ground))
        # The baseline lies one em below the box's upper edge.
        top = words.size - face.get_ascent()
        # Struck twice, a little apart: the face has no bold, and pygame's own clogs Han characters.
        for shift in {0, extra // 2, extra}:
            line.blit(type_, (shift, top))
        return line

    def _of(self, strong: bool) -> pygame.font.Font:
        return self._strong if strong and self._strong else self._face

    def _thickening(self, size: int, strong: bool) -> int:
        """None below 20 pixels, where it would clog."""
        return round(size / 40) if strong and self._strong is None else 0


def open_letters(
    wanted: Path | None, strong: Path | None, tell: Callable[[Trouble, str], None]
) -> PygameLetters:
    """The type that is wanted, or Noto Sans SC, or pygame's own; `tell` hears what is done without."""
    last = pygame.font.get_default_font()
    for font, bold in _choices(wanted, strong):
        try:
            return PygameLetters(font, bold)
        except HardwareFault as fault:
            tell(Trouble.NO_FONT, str(fault))
    # Without a Chinese character, but a number is a number.
    return PygameLetters(Path(pygame.__file__).with_name(last))


def _choices(wanted: Path | None, strong: Path | None) -> Iterator[tuple[Path, Path | None]]:
    noto = pylopdf_fonts_zh_cn.sans_path()
    if wanted or strong:
        yield wanted or noto, strong
    if wanted and strong:
        yield wanted, None
    yield noto, None


def _opened(font: Path) -> pygame.font.Font:
    """Look at the first bytes: SDL_ttf may crash the whole board on a file that is no font."""
    try:
        with font.open("rb") as file:
            mark = file.read(4)
    except OSError as error:
        raise _unreadable(font, error.strerror or str(error)) from error
    if mark == b"ttcf":
        # Face 0 of a Noto CJK collection is Japanese, and pygame can open no other.
        raise HardwareFault(
            f"The screen's font {font} is a collection of faces; give a single .otf or .ttf of"
            " Simplified Chinese in `font`, or leave it empty.",
            Trouble.NO_FONT,
        )
    if mark not in {b"OTTO", b"true", b"\x00\x01\x00\x00"}:
        raise _unreadable(font, "it is no OpenType font")
    try:
        return pygame.font.Font(font, _MEASURE)
    except (OSError, pygame.error) as error:
        raise _unreadable(font, str(error)) from error


def _unreadable(font: Path, why: str) -> HardwareFault:
    return HardwareFault(
        f"The screen's font {font} cannot be read: {why}. Set `font` to a file of Simplified Chinese,"
        " or leave it empty; if it is empty, install the package pylopdf-fonts-zh-cn again.",
        Trouble.NO_FONT,
    )

"""The strips of a kiosk's page: the band with its title, sign and the seconds left, and the notice."""

from __future__ import annotations

from dataclasses import dataclass, replace

from firmware.hal.screen import KioskPage, Manner
from firmware.hal.screen.drawing import Align, Box, Drawing, Panel, Shape, Sign
from firmware.hal.screen.kiosk_sheet import Sheet
from firmware.hal.screen.theme import tone_band, tone_sign
from firmware.hal.screen.typesetting import Style, line_height

__all__ = ["Band", "Notice"]


@dataclass(frozen=True, slots=True)
class Band:
    sheet: Sheet
    page: KioskPage

    @property
    def height(self) -> int:
        sheet = self.sheet
        if sheet.upright:
            return sheet.px(108 if sheet.large else 104)
        return sheet.px(70 if sheet.large else 64)

    def drawing(self, box: Box) -> Drawing:
        sheet, colours = self.sheet, tone_band(self.page.tone)
        drawing = Drawing(colours.ground, (Panel(box, colours.ground),))
        inner = box.inset(sheet.px(20), sheet.px(8))
        if self.page.left_s > 0:
            # Its place is kept whatever the number, so that the title stands still.
            left = inner.beside(inner.w - self._left_width)
            drawing += self._left(left)
            inner = inner.left(inner.w - left.w - sheet.px(12))
        shape = tone_sign(self.page.tone)
        if shape:
            side = sheet.px(52 if sheet.upright else 42)
            place = inner.left(side)
            drawing += Drawing(
                colours.ground,
                signs=(Sign(place.square(side), shape, colours.main, colours.ground),),
            )
            inner = inner.beside(side + sheet.px(16))
        logo, inner = sheet.look.in_band(inner)
        drawing += Drawing(colours.ground, pictures=logo)
        style = sheet.style(38 if sheet.upright else 32, colours, rows=2, strong=True)
        words = sheet.typesetter.set((self.page.title,), inner, style)
        return drawing + Drawing(colours.ground, words=words)

    @property
    def _left_width(self) -> int:
        widest = self.sheet.typesetter.letters.width("000", self._left_size, strong=True)
        return widest + self.sheet.px(34)

    @property
    def _left_size(self) -> int:
        return self.sheet.type(26)

    def _left(self, box: Box) -> Drawing:
        """The seconds until the page for the next visitor, after an hourglass."""
        sheet, colours = self.sheet, tone_band(self.page.tone)
        side, size = sheet.px(24), self._left_size
        sign = Sign(box.left(side).square(side), Shape.HOURGLASS, colours.main, colours.ground)
        style = Style(size, size, colours.main, colours.ground, Align.LEFT, strong=True)
        text = str(min(999, self.page.left_s))
        words = sheet.typesetter.set((text,), box.beside(sheet.px(32)), style)
        return Drawing(colours.ground, words=words, signs=(sign,))


@dataclass(frozen=True, slots=True)
class Notice:
    """What concerns everybody, in a strip above the foot; above the keys where these lie low."""

    sheet: Sheet
    text: str

    @property
    def height(self) -> int:
        if not self.text:
            return 0
        sheet, style = self.sheet, self._style
        inner = Box(0, 0, sheet.width - 2 * sheet.px(20), sheet.height)
        one = sheet.fits((self.text,), inner, replace(style, rows=1))
        lines = 1 if one >= style.smallest and one * 5 >= style.largest * 4 else 2
        return line_height(one if lines == 1 else style.smallest) * lines + 2 * sheet.px(6)

    @property
    def _style(self) -> Style:
        sheet = self.sheet
        align = Align.CENTRE if sheet.upright or sheet.manner is Manner.LOW else Align.LEFT
        return sheet.style(17 if sheet.large else 19, sheet.theme.notice, rows=2, align=align)

    def drawing(self, box: Box) -> Drawing:
        ground = self.sheet.theme.notice.ground
        if not self.text:
            return Drawing(ground)
        inner = box.inset(self.sheet.px(20), self.sheet.px(6))
        words = self.sheet.typesetter.set((self.text,), inner, self._style)
        return Drawing(ground, (Panel(box, ground),), words)

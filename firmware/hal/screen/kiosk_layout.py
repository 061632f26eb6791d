"""Places a kiosk's page on any screen: a band, a message, keys large enough for any hand, a notice."""

from __future__ import annotations

from dataclasses import dataclass, replace

from firmware.hal.screen import KioskKey, KioskPage, Tone
from firmware.hal.screen.drawing import Align, Box, Drawing, KeyArea, Panel, Shape, Sign, Words
from firmware.hal.screen.theme import KIOSK, Ink, tone_band, tone_sign
from firmware.hal.screen.typesetting import Letters, Style, Typesetter, line_height

__all__ = ["arrange_kiosk"]


def arrange_kiosk(page: KioskPage, width: int, height: int, letters: Letters) -> Drawing:
    """Lay a page out on `width` by `height` pixels; every key has its place, whatever the page holds."""
    return _Kiosk(page, width, height, Typesetter(letters)).drawing()


@dataclass(frozen=True, slots=True)
class _Kiosk:
    page: KioskPage
    width: int
    height: int
    typesetter: Typesetter

    def px(self, units: float) -> int:
        """Pixels for `units` of a 480th of the shorter side: 18 is the smallest type, 60 a finger's key."""
        return max(1, round(units * min(self.width, self.height) / 480))

    @property
    def upright(self) -> bool:
        return self.height > self.width

    def drawing(self) -> Drawing:
        whole = Box(0, 0, self.width, self.height)
        band = whole.upper(self.px(88 if self.upright else 76))
        notice = whole.under(self.height - (self._notice_height() if self.page.notice else 0))
        body = whole.under(band.h).upper(self.height - band.h - notice.h)
        drawing = Drawing(KIOSK.bare.ground) + self._band(band)
        if self.page.notice:
            drawing += self._notice(notice)
        message, keys = self._split(body.inset(self.px(18), self.px(14)))
        return drawing + self._message(message) + self._keys(keys)

    def _band(self, box: Box) -> Drawing:
        colours, shape = tone_band(self.page.tone), tone_sign(self.page.tone)
        signs: tuple[Sign, ...] = ()
        inner = box.inset(self.px(20), self.px(8))
        if shape:
            side = self.px(48)
            signs = (Sign(inner.left(side).square(side), shape, colours.main, colours.ground),)
            inner = inner.beside(side + self.px(16))
        align = Align.LEFT if shape or not self.upright else Align.CENTRE
        style = Style(
            self.px(38), self.px(18), colours.main, colours.ground, align, rows=2, strong=True
        )
        words = self.typesetter.set((self.page.title,), inner, style)
        return Drawing(colours.ground, (Panel(box, colours.ground),), words, signs)

    def _notice_height(self) -> int:
        style, box = self._notice_style(), Box(0, 0, self.width, self.height).inset(self.px(20), 0)
        size = style.smallest
        one = self.typesetter.size((self.page.notice,), box, replace(style, rows=1))
        return line_height(one or size) * (1 if one else 2) + self.px(14)

    def _notice_style(self) -> Style:
        colours = KIOSK.notice
        return Style(self.px(22), self.px(18), colours.main, colours.ground, rows=2)

    def _notice(self, box: Box) -> Drawing:
        inner = box.inset(self.px(20), self.px(6))
        words = self.typesetter.set((self.page.notice,), inner, self._notice_style())
        return Drawing(KIOSK.notice.ground, (Panel(box, KIOSK.notice.ground),), words)

    def _split(self, body: Box) -> tuple[Box, Box]:
        """Share the body between message and keys; keys lie low, where a wheelchair reaches them."""
        page, gap = self.page, self.px(14)
        if not page.keys:
            return body, body.under(body.h)
        if not page.large and not page.lines:
            return body.upper(0), body
        # What is told, above all what went wrong, comes before what may be touched next.
        tells = bool(page.large) or page.tone is not Tone.CALM
        if tells and not self.upright and len(page.keys) * self.px(70) <= body.h:
            message = body.left(body.w * 3 // 5)
            return message, body.beside(message.w + gap)
        if tells:
            few = min(3, len(page.keys)) * self.px(104)
            height = max(self._least_keys(body), min(few, body.h // 2))
        else:
            lines = len(page.lines) * line_height(self.px(26)) + self.px(28)
            height = max(self._least_keys(body), body.h - min(lines, body.h // 3) - gap)
        height = min(height, body.h - gap)
        return body.upper(body.h - height - gap), body.under(body.h - height)

    def _least_keys(self, body: Box) -> int:
        """Height for all keys, each as large as a finger needs, but never the whole body."""
        columns = max(1, body.w // self.px(200))
        rows = -(-len(self.page.keys) // columns)
        return min(rows * self.px(72), body.h * 4 // 5)

    def _message(self, box: Box) -> Drawing:
        page, colours = self.page, KIOSK.card
        drawing = Drawing(KIOSK.bare.ground)
        if not (page.large or page.lines) or not box.h:
            return drawing
        drawing += Drawing(
            colours.ground, (Panel(box, colours.ground, self.px(14), KIOSK.edge, self.px(1.5)),)
        )
        inner = box.inset(self.px(20), self.px(10))
        shape = tone_sign(page.tone)
        tone = tone_band(page.tone).ground
        if shape and not page.large and inner.h > self.px(220):
            place = inner.upper(inner.h * 9 // 20)
            side = min(self.px(150), place.h * 3 // 4)
            low = place.under(place.h - side - self.px(14)).upper(side)
            sign = Sign(low.square(side), shape, tone, colours.ground)
            drawing += Drawing(colours.ground, signs=(sign,))
            inner = inner.under(place.h)
        if page.large:
            place = inner.upper(inner.h if not page.lines else inner.h * 11 // 20)
            # A ticket's number is read from afar; a service's name only has to be read.
            largest = self.px(230 if len(page.large) <= 6 else 100)
            style = Style(
                largest, self.px(36), tone, colours.ground, middle=0.7, rows=2, strong=True
            )
            drawing += Drawing(
                colours.ground, words=self.typesetter.set((page.large,), place, style)
            )
            inner = inner.under(place.h)
        return drawing + Drawing(colours.ground, words=self._lines(inner, lonely=not page.large))

    def _lines(self, box: Box, *, lonely: bool) -> tuple[Words, ...]:
        colours = KIOSK.card
        style = Style(
            self.px(46 if lonely else 38),
            self.px(18),
            colours.main,
            colours.ground,
            middle=0.2,
            rows=2,
            gap=0.35,
        )
        # Two lines each read best; more only if the type would get small.
        if not self.typesetter.size(self.page.lines, box, replace(style, smallest=self.px(26))):
            style = replace(style, rows=4)
        return self.typesetter.set(self.page.lines, box, style)

    def _keys(self, box: Box) -> Drawing:
        keys, drawing = self.page.keys, Drawing(KIOSK.bare.ground)
        if not keys:
            return drawing
        columns = max(range(1, min(len(keys), 9) + 1), key=lambda n: self._fitness(box, n))
        cells = self._cells(box, columns)[: len(keys)]
        labels = self._label_style(cells)
        for key, cell in zip(keys, cells, strict=True):
            drawing += self._key(key, cell, labels)
        return drawing

    def _cells(self, box: Box, columns: int) -> tuple[Box, ...]:
        rows = -(-len(self.page.keys) // columns)
        gap = self.px(12) if box.h > rows * self.px(60) else self.px(5)
        height = min(box.h, rows * self.px(150) + (rows - 1) * gap)
        above = (box.h - height) // (1 if self._has_message else 2)
        return box.under(above).upper(height).grid(columns, rows, gap)

    @property
    def _has_message(self) -> bool:
        return bool(self.page.large or self.page.lines)

    def _fitness(self, box: Box, columns: int) -> float:
        """Rate a number of columns: large labels and keys that a finger hits; no empty places."""
        cells = self._cells(box, columns)
        cell, spare = cells[0], len(cells) - len(self.page.keys)
        finger = min(1.0, cell.h / self.px(60)) * min(1.0, cell.w / self.px(60))
        label = self._label_style(cells).largest
        return finger**3 * label * (1 - 0.2 * min(spare, 4)) * (1 - 0.04 * columns)

    def _label_style(self, cells: tuple[Box, ...]) -> Style:
        align = Align.LEFT if self._wide(cells[0]) else Align.CENTRE
        largest = self.px(48)
        if any(key.note for key in self.page.keys):
            largest = min(largest, cells[0].h * 2 // 5)  # the note needs air, too
        style = Style(
            largest, self.px(18), KIOSK.card.main, KIOSK.card.ground, align, rows=2, strong=True
        )
        places = tuple(
            (key.label, self._areas(key, cell)[1])
            for key, cell in zip(self.page.keys, cells, strict=False)
        )
        sizes = self.typesetter.same_size(places, replace(style, smallest=self.px(9)))
        return replace(sizes, smallest=min(style.smallest, sizes.largest))

    def _wide(self, cell: Box) -> bool:
        return cell.w * 2 > cell.h * 5 and cell.w > self.px(240)

    def _areas(self, key: KioskKey, cell: Box) -> tuple[Box, Box, Box]:
        """Where a key's sign, label and note go: beside each other if wide, else below each other."""
        inner = cell.inset(self.px(12), self.px(5))
        sign = inner.left(0)
        side = min(self.px(34), inner.h * 3 // 5)
        if self._wide(cell):
            inner = inner.inset(self.px(6), 0)
            sign = inner.beside(inner.w - side).square(side)
            inner = inner.left(inner.w - side - self.px(12))
        elif key.chosen or not key.enabled:
            side = min(self.px(26), inner.h // 2, inner.w // 3)
            sign = inner.left(side).square(side)
            inner = inner.beside(side + self.px(6))
        if not key.note:
            return sign, inner, inner.under(inner.h)
        label = inner.upper(inner.h * 13 // 20)
        return sign, label, inner.under(label.h)

    def _key(self, key: KioskKey, cell: Box, labels: Style) -> Drawing:
        colours, edge = self._key_colours(key)
        panel = Panel(cell, colours.ground, self.px(12), edge, self.px(2) if edge else 0)
        sign, label, note = self._areas(key, cell)
        shape = Shape.CHECK if key.chosen else Shape.CHEVRON if key.enabled else Shape.STOP
        ink = KIOSK.accent if shape is Shape.CHEVRON else colours.main
        signs = (Sign(sign, shape, ink, colours.ground),) if sign.w else ()
        style = replace(
            labels,
            ink=colours.main,
            ground=colours.ground,
            strong=True,
            middle=0.75 if key.note else 0.5,
        )
        words = self.typesetter.set((key.label,), label, style)
        notes = replace(
            style,
            largest=max(1, min(self.px(28), labels.largest * 7 // 10)),
            smallest=self.px(12),
            ink=colours.quiet,
            strong=False,
            middle=0.2,
        )
        words += self.typesetter.set((key.note,), note, notes)
        return Drawing(colours.ground, (panel,), words, signs, (KeyArea(cell, key.key),))

    def _key_colours(self, key: KioskKey) -> tuple[Ink, tuple[int, int, int] | None]:
        if not key.enabled:
            return KIOSK.off, None
        if key.chosen:
            return KIOSK.fresh, None
        return KIOSK.card, KIOSK.accent

"""Places a rating pad's page on any screen: whose counter it is, a sentence, five faces alike, or tags and keys."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from firmware.hal.screen import PadKey, PadPage
from firmware.hal.screen.drawing import Align, Box, Drawing, KeyArea, Panel, Shape, Sign, Words
from firmware.hal.screen.theme import KIOSK, PLAIN, Ink, Look, tone_band, tone_sign
from firmware.hal.screen.typesetting import Letters, Style, Typesetter

__all__ = ["arrange_pad"]

_CLAUSE = re.compile("(?<=[，。；！,;])")


def arrange_pad(
    page: PadPage, width: int, height: int, letters: Letters, look: Look = PLAIN
) -> Drawing:
    """Lay a page out on `width` by `height` pixels; every key that has a label has its place."""
    return _Pad(page, width, height, Typesetter(letters, look.smallest), look).drawing()


@dataclass(frozen=True, slots=True)
class _Pad:
    page: PadPage
    width: int
    height: int
    typesetter: Typesetter
    look: Look = PLAIN

    def px(self, units: float) -> int:
        """Pixels for `units` of a 480th of the shorter side: 14 is the smallest type, 60 a finger's key."""
        return max(1, round(units * self.look.scale * min(self.width, self.height) / 480))

    @property
    def upright(self) -> bool:
        return self.height > self.width

    def drawing(self) -> Drawing:
        page = self.page
        whole = Box(0, 0, self.width, self.height)
        band = whole.upper(self.px(60))
        body = whole.under(band.h).inset(self.px(18), self.px(14))
        drawing = Drawing(KIOSK.bare.ground) + self._band(band)
        if page.faces:
            sentence = body.upper(self.px(112 if self.upright else 88))
            return (
                drawing + self._said(sentence) + self._faces(body.under(sentence.h + self.px(10)))
            )
        if page.tags or page.foot:
            return drawing + self._thanks(body)
        return drawing + self._alone(body)

    # --- whose counter ------------------------------------------------------------------------------

    def _band(self, box: Box) -> Drawing:
        colours = tone_band(self.page.tone)
        logo, inner = self.look.in_band(box.inset(self.px(22), self.px(8)))
        left = inner.left(inner.w // 2)
        style = Style(
            self.px(30), self.px(16), colours.main, colours.ground, Align.LEFT, strong=True
        )
        words = self.typesetter.set((self.page.counter,), left, style)
        signs: tuple[Sign, ...] = ()
        if self.page.clerk:
            right = inner.beside(left.w + self.px(12))
            quiet = replace(style, largest=self.px(24), align=Align.RIGHT, strong=False)
            side = self.px(24)
            clerk = self.typesetter.set((self.page.clerk,), right.beside(side + self.px(10)), quiet)
            words += clerk
            if clerk:
                at = Box(clerk[0].box.x - side - self.px(10), box.y, side, box.h).square(side)
                signs = (Sign(at, Shape.PERSON, colours.main, colours.ground),)
        return Drawing(colours.ground, (Panel(box, colours.ground),), words, signs, pictures=logo)

    # --- one sentence alone: nobody is asked, all are warned, or thanked and offered nothing more ---------

    def _alone(self, body: Box) -> Drawing:
        colours, tone = KIOSK.card, self.page.tone
        panel = Panel(body, colours.ground, self.px(14), KIOSK.edge, self.px(1.5))
        drawing = Drawing(KIOSK.bare.ground, (panel,))
        inner = body.inset(self.px(24), self.px(20))
        if shape := tone_sign(tone):
            place = inner.upper(inner.h * 34 // 100)
            sign = Sign(place.square(self.px(104)), shape, tone_band(tone).ground, colours.ground)
            drawing += Drawing(colours.ground, signs=(sign,))
            inner = inner.under(place.h)
        if not self.page.small:
            return drawing + Drawing(colours.ground, words=self._clauses(inner))
        upper = inner.upper(inner.h * 60 // 100)
        large = Style(
            self.px(150), self.px(24), KIOSK.accent, colours.ground, middle=0.8, strong=True
        )
        words = self.typesetter.set((self.page.large,), upper, large)
        below = inner.under(upper.h)
        for share, size, line in zip(
            (42, 100), (30, 22), self.page.small.split("\n"), strict=False
        ):
            row = below.upper(below.h * share // 100)
            style = replace(large, largest=self.px(size), smallest=self.px(14), ink=colours.quiet)
            style = replace(style, middle=1.0 if share < 100 else 0.2, rows=2, strong=False)
            words += self.typesetter.set((line,), row, style)
            below = below.under(row.h)
        return drawing + Drawing(colours.ground, words=words)

    def _clauses(self, box: Box) -> tuple[Words, ...]:
        """A sentence that must be understood at a glance: a line for each of its clauses, if they fit."""
        colours = KIOSK.card
        style = Style(self.px(64), self.px(30), colours.main, colours.ground, gap=0.3, strong=True)
        clauses = tuple(filter(None, _CLAUSE.split(self.page.large)))
        if self.typesetter.size(clauses, box, style):
            return self.typesetter.set(clauses, box, style)
        return self.typesetter.set((self.page.large,), box, replace(style, rows=8))

    # --- the five faces ------------------------------------------------------------------------------

    def _said(self, box: Box) -> Drawing:
        """The sentence, and the same in English below it."""
        colours = KIOSK.bare
        upper = box.upper(box.h * 64 // 100)
        style = Style(
            self.px(42), self.px(20), colours.main, colours.ground, middle=0.6, rows=2, strong=True
        )
        words = self.typesetter.set((self.page.large,), upper, style)
        small = replace(
            style,
            largest=self.px(20),
            smallest=self.px(14),
            ink=colours.quiet,
            middle=0.4,
            strong=False,
        )
        words += self.typesetter.set((self.page.small,), box.under(upper.h), small)
        return Drawing(colours.ground, words=words)

    def _faces(self, box: Box) -> Drawing:
        faces, gap = self.page.faces, self.px(12)
        cells = box.grid(1, len(faces), gap) if self.upright else box.grid(len(faces), 1, gap)
        areas = [self._face_areas(cell) for cell in cells]
        labels = self._same(faces, [label for _, label, _ in areas], self.px(38), notes=False)
        notes = self._same(faces, [note for _, _, note in areas], self.px(20), notes=True)
        drawing = Drawing(KIOSK.bare.ground)
        for face, cell, (sign, label, note) in zip(faces, cells, areas, strict=True):
            drawing += self._card(face, cell, KIOSK.card)
            if face.mood:
                mark = Sign(sign, Shape(face.mood.value), KIOSK.accent, KIOSK.card.ground)
                drawing += Drawing(KIOSK.card.ground, signs=(mark,))
            drawing += self._labelled(face, (label, note), (labels, notes), KIOSK.card)
        return drawing

    def _face_areas(self, cell: Box) -> tuple[Box, Box, Box]:
        """Where a face, its word and the English go: beside each other in a row, else below each other."""
        inner = cell.inset(self.px(5), self.px(8))
        if self.upright:
            side = min(inner.h, self.px(92))
            face = inner.left(side + self.px(48)).square(side)
            words = inner.beside(side + self.px(60))
            return face, words.upper(words.h * 60 // 100), words.under(words.h * 60 // 100)
        side = min(inner.w, inner.h * 52 // 100) * 94 // 100
        face = inner.upper(inner.h * 60 // 100)
        words = inner.under(face.h).upper(inner.h * 32 // 100)
        return face.square(side), words.upper(words.h * 58 // 100), words.under(words.h * 58 // 100)

    # --- thanks, and what may be added -------------------------------------------------------------------

    def _thanks(self, body: Box) -> Drawing:
        page = self.page
        foot = body.under(body.h - self.px(64))
        above = body.upper(body.h - foot.h - self.px(12))
        drawing = self._foot(foot)
        if not page.tags:
            return self._alone(above) + drawing
        sentence = above.upper(self.px(104 if self.upright else 84))
        rest = above.under(sentence.h + self.px(4))
        title = rest.upper(self.px(58 if self.upright else 34))
        return (
            self._said(sentence)
            + self._tags_title(title)
            + self._tags(rest.under(title.h + self.px(6)))
            + drawing
        )

    def _tags_title(self, box: Box) -> Drawing:
        colours, page = KIOSK.bare, self.page
        style = Style(self.px(22), self.px(14), colours.main, colours.ground)
        if self.upright:
            upper = box.upper(box.h * 58 // 100)
            small = replace(style, largest=self.px(17), smallest=self.px(12), ink=colours.quiet)
            return Drawing(
                colours.ground,
                words=self.typesetter.set((page.tags_title,), upper, style)
                + self.typesetter.set((page.tags_small,), box.under(upper.h), small),
            )
        one = f"{page.tags_title}  {page.tags_small}"
        return Drawing(colours.ground, words=self.typesetter.set((one,), box, style))

    def _tags(self, box: Box) -> Drawing:
        tags = self.page.tags
        columns = 2 if self.upright else min(4, len(tags))
        rows = -(-len(tags) // columns)
        gap = self.px(10)
        height = min(box.h, rows * self.px(100) + (rows - 1) * gap)
        cells = box.upper(height).grid(columns, rows, gap)[: len(tags)]
        return self._keys(tags, cells, self.px(28))

    def _foot(self, box: Box) -> Drawing:
        """Each key in its own place, the first left, the last right; none moves when another goes."""
        cells = box.grid(len(self.page.foot), 1, self.px(14)) if self.page.foot else ()
        return self._keys(self.page.foot, cells, self.px(27))

    def _keys(self, keys: tuple[PadKey, ...], cells: tuple[Box, ...], largest: int) -> Drawing:
        areas = [self._key_areas(cell) for cell in cells]
        labels = self._same(keys, [label for _, label, _ in areas], largest, notes=False)
        notes = self._same(keys, [note for _, _, note in areas], self.px(17), notes=True)
        drawing = Drawing(KIOSK.bare.ground)
        for key, cell, (sign, label, note) in zip(keys, cells, areas, strict=True):
            if not key.label:
                continue
            colours = KIOSK.fresh if key.chosen else KIOSK.card
            drawing += self._card(key, cell, colours)
            drawing += self._labelled(key, (label, note), (labels, notes), colours)
            if key.chosen:
                mark = Sign(sign, Shape.CHECK, colours.main, colours.ground)
                drawing += Drawing(colours.ground, signs=(mark,))
        return drawing

    def _key_areas(self, cell: Box) -> tuple[Box, Box, Box]:
        """A place for the sign of what is chosen, the label, the English; all as if it were chosen."""
        inner = cell.inset(self.px(10), self.px(6))
        upper = inner.upper(inner.h * 58 // 100)
        side = min(self.px(24), inner.w // 5)
        low = upper.left(side).under(upper.h // 6)
        return low.square(side), upper.inset(side + self.px(4), 0), inner.under(upper.h)

    # --- what all keys have --------------------------------------------------------------------------------

    def _card(self, key: PadKey, cell: Box, colours: Ink) -> Drawing:
        edge = KIOSK.accent
        panel = Panel(cell, colours.ground, self.px(14), edge, self.px(2))
        return Drawing(colours.ground, (panel,), keys=(KeyArea(cell, key.key),))

    def _labelled(
        self, key: PadKey, boxes: tuple[Box, Box], styles: tuple[Style, Style], colours: Ink
    ) -> Drawing:
        """A key's word, and the English below it."""
        inks = (colours.main, colours.quiet)
        words = tuple(
            one
            for text, box, style, ink in zip(
                (key.label, key.note), boxes, styles, inks, strict=True
            )
            for one in self.typesetter.set(
                (text,), box, replace(style, ink=ink, ground=colours.ground)
            )
        )
        return Drawing(colours.ground, words=words)

    def _same(
        self, keys: tuple[PadKey, ...], boxes: list[Box], largest: int, *, notes: bool
    ) -> Style:
        """One size for what stands on all keys."""
        colours = KIOSK.card
        row = self.upright and bool(self.page.faces)
        style = Style(
            largest,
            self.px(12),
            colours.main,
            colours.ground,
            Align.LEFT if row else Align.CENTRE,
            middle=0.25 if notes else 0.8,
            strong=not notes,
        )
        texts = (
            (key.note if notes else key.label, box) for key, box in zip(keys, boxes, strict=True)
        )
        return self.typesetter.same_size(tuple(texts), style)

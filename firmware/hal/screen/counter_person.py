"""Places who sits at a counter, with a photo or a silhouette, and what is promised of an item; in any box."""

from __future__ import annotations

from dataclasses import dataclass, replace

from firmware.hal.screen.drawing import Align, Box, Drawing, Panel, Picture, Shape, Sign, Words
from firmware.hal.screen.lettering import Lettering
from firmware.hal.screen.pages import Person, Standard
from firmware.hal.screen.theme import HALL
from firmware.hal.screen.typesetting import Style, Typesetter, line_height

__all__ = ["PersonCard", "standard"]

PHOTO = 150  # height beside the words; as wide as three quarters of it


@dataclass(frozen=True, slots=True)
class PersonCard:
    """`scale` is 1 where the shorter side of a wide screen has 600 pixels."""

    person: Person
    typesetter: Typesetter
    scale: float

    def px(self, units: float) -> int:
        return max(1, round(units * self.scale))

    def least(self, width: int) -> int:
        """Height at which the photo stands beside the words, and the promise below both."""
        height = self.px(PHOTO) + 2 * self.px(14)
        if self.person.promise:
            height += self._promise_rows(width - 2 * self.px(18)) * line_height(self.px(24))
            height += self.px(10)
        return height

    def _promise_rows(self, width: int) -> int:
        one = Style(self.px(24), self.px(24), (0, 0, 0), (0, 0, 0))
        box = Box(0, 0, width, 10_000)
        fits = (
            n
            for n in (1, 2, 3)
            if self.typesetter.size((self.person.promise,), box, replace(one, rows=n))
        )
        return next(fits, 3)

    def drawing(self, box: Box) -> Drawing:
        colours = HALL.card
        drawing = Drawing(HALL.bare.ground, (Panel(box, colours.ground, self.px(20)),))
        inner = box.inset(self.px(18), self.px(14))
        style = Style(self.px(44), self.px(16), colours.main, colours.ground, Align.LEFT, rows=2)
        promise = inner.under(inner.h)
        if self.person.promise:
            rows = self._promise_rows(inner.w)
            promise = inner.under(inner.h - rows * line_height(self.px(24)))
            inner = inner.upper(inner.h - promise.h - self.px(10))
        if inner.h >= self.px(300) and inner.h > inner.w * 3 // 4:
            return drawing + self._below_each_other(inner, style) + self._promise(promise, style)
        return drawing + self._side_by_side(inner, style) + self._promise(promise, style)

    def _side_by_side(self, box: Box, style: Style) -> Drawing:
        height = min(box.h, box.w * 4 // 9, self.px(230))
        photo = box.left(height * 3 // 4).under((box.h - height) // 2).upper(height)
        return self._photo(photo) + self._names(box.beside(photo.w + self.px(18)), style)

    def _below_each_other(self, box: Box, style: Style) -> Drawing:
        names = self.px(150)
        height = min(box.h - names, box.w)
        side = height * 3 // 4
        photo = Box(box.x + (box.w - side) // 2, box.y, side, height)
        below = box.under(height + self.px(8))
        return self._photo(photo) + self._names(below, replace(style, align=Align.CENTRE))

    def _photo(self, box: Box) -> Drawing:
        colours = HALL.notice
        panel = Panel(box, colours.ground, self.px(14))
        if self.person.photo:
            picture = Picture(box.inset(self.px(4), self.px(4)), self.person.photo)
            return Drawing(colours.ground, (panel,), pictures=(picture,))
        side = min(box.w, box.h) * 8 // 10
        low = box.under(box.h - side)
        sign = Sign(low.square(side), Shape.PERSON, colours.quiet, colours.ground)
        return Drawing(colours.ground, (panel,), signs=(sign,))

    def _names(self, box: Box, style: Style) -> Drawing:
        """Name, number and post below each other, as many as there are; a long post on two lines."""
        person = self.person
        texts = [(person.name, 44, True), (person.number, 28, False), (person.post, 28, False)]
        told = [(text, self.px(size), strong) for text, size, strong in texts if text]
        rows = [self._rows(text, box.w, size, strong=strong) for text, size, strong in told]
        height = sum(n * line_height(size) for n, (_, size, _) in zip(rows, told, strict=True))
        shrink = min(1.0, box.h / height) if height else 1.0
        y = box.y + max(0, int(box.h - height * shrink) // 2)
        words: tuple[Words, ...] = ()
        for n, (text, size, strong) in zip(rows, told, strict=True):
            own = max(8, int(size * shrink))
            high = int(n * line_height(size) * shrink)
            ink = style.ink if strong else HALL.card.quiet
            line = replace(style, largest=own, rows=n, strong=strong, ink=ink)
            words += self.typesetter.set((text,), Box(box.x, y, box.w, high), line)
            y += high
        return Drawing(style.ground, words=words)

    def _rows(self, text: str, width: int, size: int, *, strong: bool) -> int:
        return 1 if self.typesetter.letters.width(text, size, strong=strong) <= width else 2

    def _promise(self, box: Box, style: Style) -> Drawing:
        line = replace(style, largest=self.px(24), rows=3, ink=HALL.accent)
        return Drawing(style.ground, words=self.typesetter.set((self.person.promise,), box, line))


def standard(told: Standard, box: Box, typesetter: Typesetter, scale: float) -> Drawing:
    """Rows of what is promised, each whole; what each is stands at their left. Those without room come in turn."""

    def px(units: float) -> int:
        return max(1, round(units * scale))

    colours = HALL.other_card
    lettering = Lettering(typesetter)
    inner = box.inset(px(18), px(10))
    style = Style(px(26), px(16), colours.main, colours.ground, Align.LEFT, rows=2, strong=True)
    quiet = replace(style, ink=colours.quiet, strong=False)
    # Room for which of how many pages this is, whether there are more or not: so the rest stands still.
    mark = typesetter.letters.width("8/8", px(22), strong=False) + px(12)
    place = inner.left(inner.w - mark)
    runs = lettering.fit(lettering.label(told.heading, px(24)), place.w)
    if runs:
        head = place.upper(line_height(px(26)))
        words = lettering.set(runs, head, style, quiet)
    else:
        # A long name of an item takes lines rather than small type.
        own = replace(style, largest=px(22), rows=4, middle=0.0)
        words = typesetter.set((told.heading.text,), place.upper(inner.h * 55 // 100), own)
        head = place.upper(max((one.box.bottom for one in words), default=place.y) - place.y)
    rows = _Rows(typesetter, inner.under(head.h + px(4)), px(24), px(16), style)
    pages = rows.pages(told.rows)
    if len(pages) > 1:
        turn = f"{told.turn % len(pages) + 1}/{len(pages)}"
        corner = inner.beside(place.w).upper(line_height(px(26)))
        words += typesetter.set((turn,), corner, replace(quiet, largest=px(22), align=Align.RIGHT))
    if pages:
        words += pages[told.turn % len(pages)]
    return Drawing(colours.ground, (Panel(box, colours.ground, px(16)),), words)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of a name and a value in a box, set `size` large, `gap` apart, and smaller before they are parted."""

    typesetter: Typesetter
    box: Box
    size: int
    gap: int
    style: Style

    def pages(self, rows: tuple[tuple[str, str], ...]) -> tuple[tuple[Words, ...], ...]:
        """As many rows on each as stand there whole."""
        pages, rest = [], rows
        while rest:
            words, count = self._page(rest)
            pages.append(words)
            rest = rest[count:]
        return tuple(pages)

    def _page(self, rows: tuple[tuple[str, str], ...]) -> tuple[tuple[Words, ...], int]:
        widths = [self.typesetter.letters.width(name, self.size, strong=False) for name, _ in rows]
        names = min(max(widths), self.box.w * 55 // 100)
        words: tuple[Words, ...] = ()
        rest = self.box
        for number, row in enumerate(rows):
            left = len(rows) - number
            room = min(rest.h, max(rest.h // left, line_height(self.size)))
            set_ = self._row(row, rest.upper(room), names)
            if not set_ and number:
                return words, number
            set_ = set_ or self._alone(row)
            words += set_
            bottom = max((one.box.bottom for one in set_), default=rest.bottom)
            rest = rest.under(bottom - rest.y + 2)
        return words, len(rows)

    def _row(self, row: tuple[str, str], place: Box, names: int) -> tuple[Words, ...]:
        """Both texts of it at the same size, beside each other; nothing where they do not stand there whole."""
        name, value = row
        style = replace(self.style, largest=self.size, rows=3, middle=0.0)
        right = place.beside(names + self.gap)
        size = min(
            self.typesetter.size((value,), right, style),
            self.typesetter.size((name,), place.left(names), replace(style, strong=False)),
        )
        if not size:
            return ()
        fixed = replace(style, largest=size)
        quiet = replace(fixed, ink=HALL.other_card.quiet, strong=False)
        words = self.typesetter.set((name,), place.left(names), quiet)
        return words + self.typesetter.set((value,), right, fixed)

    def _alone(self, row: tuple[str, str]) -> tuple[Words, ...]:
        """A row that has no room beside its name has all of it below."""
        name, value = row
        style = replace(self.style, largest=self.size, rows=2, middle=0.0)
        quiet = replace(style, ink=HALL.other_card.quiet, strong=False)
        words = self.typesetter.set((name,), self.box.upper(self.box.h // 3), quiet)
        top = max((one.box.bottom for one in words), default=self.box.y) - self.box.y
        return words + self.typesetter.set((value,), self.box.under(top), replace(style, rows=9))

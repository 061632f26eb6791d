"""The strips of a hall display below its calls: who waits for what, missed numbers, the notice, the rules of the queue."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from firmware.hal.screen.drawing import Align, Box, Drawing, Panel, Shape, Sign, Words
from firmware.hal.screen.lettering import Lettering
from firmware.hal.screen.pages import HallPage, ServiceRow, Tone
from firmware.hal.screen.theme import HALL, Ink, tone_band
from firmware.hal.screen.typesetting import Style, Typesetter, line_height

__all__ = ["Strips"]

USUAL = 8
"""Signs of a service's name, up to which all are set at one size."""


@dataclass(frozen=True)
class Strips:
    """Each strip tells how high it is on a page so wide; one with nothing to tell has no height."""

    page: HallPage
    typesetter: Typesetter
    scale: float
    upright: bool

    def px(self, units: float) -> int:
        return max(1, round(units * self.scale))

    @property
    def _lettering(self) -> Lettering:
        return Lettering(self.typesetter)

    # --- the rules -----------------------------------------------------------------------------------

    def rules_height(self, width: int) -> int:
        rules, box = self.page.rules, Box(0, 0, width, 10_000).inset(self.px(36), 0)
        if not rules.text:
            return 0
        chinese, english = self._rule_styles()
        height = self._rows(rules.text, box, chinese) + self._rows(rules.english, box, english)
        return height + self.px(16)

    def _rows(self, text: str, box: Box, style: Style) -> int:
        """Height of a text on as few lines as it needs at its largest size, three at most."""
        for rows in (1, 2, 3):
            exact = replace(style, rows=rows, smallest=style.largest)
            if not text or self.typesetter.size((text,), box, exact):
                return rows * line_height(style.largest) if text else 0
        return 3 * line_height(style.largest)

    def _rule_styles(self) -> tuple[Style, Style]:
        colours = HALL.bare
        chinese = Style(self.px(30), self.px(22), colours.main, colours.ground, rows=3)
        return chinese, replace(
            chinese, largest=self.px(22), smallest=self.px(18), ink=colours.quiet
        )

    def rules(self, box: Box) -> Drawing:
        rules, inner = self.page.rules, box.inset(self.px(36), self.px(8))
        chinese, english = self._rule_styles()
        upper = inner.upper(self._rows(rules.text, inner, chinese))
        words = self.typesetter.set((rules.text,), upper, chinese)
        words += self.typesetter.set((rules.english,), inner.under(upper.h), english)
        return Drawing(HALL.bare.ground, words=words)

    # --- the notice ------------------------------------------------------------------------------------

    def notice_height(self, width: int) -> int:
        if not self.page.notice:
            return 0
        style, inner = self._notice_style(), Box(0, 0, width, 10_000).inset(self.px(80), 0)
        one = self.typesetter.size((self.page.notice,), inner, replace(style, rows=1))
        size = one or self.px(34)
        return line_height(size) * (1 if one else 2) + self.px(20)

    def _notice_style(self) -> Style:
        colours = self._notice_colours
        return Style(self.px(44), self.px(30), colours.main, colours.ground, rows=2, strong=True)

    @property
    def _notice_colours(self) -> Ink:
        return tone_band(Tone.WAIT)

    def notice(self, box: Box) -> Drawing:
        colours, side = self._notice_colours, min(self.px(48), box.h * 2 // 3)
        inner = box.inset(self.px(36), self.px(6))
        shape = Shape.CLOCK if self.page.tone is Tone.WAIT else Shape.NOTICE
        sign = Sign(inner.left(side).square(side), shape, colours.main, colours.ground)
        place = inner.beside(side + self.px(24))
        style = replace(self._notice_style(), align=Align.LEFT)
        words = self.typesetter.set((self.page.notice,), place, style)
        return Drawing(colours.ground, (Panel(box, colours.ground),), words, (sign,))

    # --- missed numbers ------------------------------------------------------------------------------

    def missed_height(self) -> int:
        return self.px(56) if self.page.missed else 0

    def missed(self, box: Box) -> Drawing:
        """The newest first, as many as are whole on one line."""
        colours, size = HALL.other_card, self.px(32)
        inner = box.inset(self.px(20), self.px(2))
        style = Style(size, size, colours.main, colours.ground, Align.LEFT)
        quiet = replace(style, ink=colours.quiet)
        runs = self._lettering.label(self.page.labels.missed, self.px(28))
        runs = self._lettering.fit(runs, inner.w // 3)
        words = self._lettering.set(runs, inner, style, quiet)
        rest = inner.beside(self._lettering.width(runs) + (self.px(28) if runs else 0))
        for ticket in self.page.missed:
            width = self.typesetter.letters.width(ticket, size, strong=True)
            if width > rest.w:
                break
            words += self.typesetter.set(
                (ticket,), rest.left(width), replace(style, strong=True, ink=HALL.accent)
            )
            rest = rest.beside(width + self.px(26))
        return Drawing(colours.ground, (Panel(box, colours.ground, self.px(14)),), words)

    # --- who waits for what ----------------------------------------------------------------------------

    def services_height(self, width: int, most: int) -> int:
        if not self.page.services:
            return 0
        return self._services_form(width, most)[1]

    def _services_head(self) -> int:
        return self.px(36) if self.page.labels.waiting.text else 0

    def _services_form(self, width: int, most: int) -> tuple[int, int]:
        """In how many columns and how high: names that are read, then the fewest rows."""
        count, best = len(self.page.services), (0.0, 1, most)
        for columns in range(1, min(count, max(1, width // self.px(230))) + 1):
            rows = -(-count // columns)
            if columns > 1 and -(-count // (columns - 1)) == rows:
                continue  # no row less, and narrower
            height = min(rows * self.px(84 if self._english else 66) + self._services_head(), most)
            cells = self._cells(Box(0, 0, width, height), columns)
            longest = self._longest(cells)
            size = min(self._name_style(cells).largest, self.px(28)) + min(longest, self.px(22))
            poor = (cells[0].h < self.px(34)) + 2 * (longest == 0)
            worth = size - 0.02 * height - 1000 * poor
            if worth >= best[0]:
                best = (worth, columns, height)
        return best[1:]

    @property
    def _english(self) -> bool:
        return any(service.english for service in self.page.services)

    def _cells(self, box: Box, columns: int) -> tuple[Box, ...]:
        rows = -(-len(self.page.services) // columns)
        place = box.under(self._services_head())
        return place.grid(columns, rows, self.px(8))[: len(self.page.services)]

    def _names(self, cells: tuple[Box, ...], *, english: bool) -> tuple[tuple[str, Box], ...]:
        return tuple(
            (service.name, self._name_areas(self._areas(cell)[1], english=english)[0])
            for service, cell in zip(self.page.services, cells, strict=True)
        )

    def _longest(self, cells: tuple[Box, ...]) -> int:
        """The size that the longest name would have to be set at; 0 if it would be cut."""
        style = replace(self._name_style(cells), largest=self.px(28))
        names = self._names(cells, english=False)
        return min(self.typesetter.size((name,), place, style) for name, place in names)

    def _name_style(self, cells: tuple[Box, ...]) -> Style:
        """The size at which usual names are whole, a longer one is set smaller; in English below, if all of them fit."""
        colours, english = HALL.other_card, self._in_english(cells)
        style = Style(self.px(36), self.px(12), colours.main, colours.ground, Align.LEFT, rows=2)
        names = self._names(cells, english=english)
        usual = tuple((name, place) for name, place in names if len(name) <= USUAL) or names
        return self.typesetter.same_size(usual, style)

    def _english_style(self, cells: tuple[Box, ...], smallest: int) -> Style:
        colours = HALL.other_card
        style = Style(self.px(20), smallest, colours.quiet, colours.ground, Align.LEFT, middle=0.2)
        places = tuple(
            (service.english, self._name_areas(self._areas(cell)[1], english=True)[1])
            for service, cell in zip(self.page.services, cells, strict=True)
        )
        return self.typesetter.same_size(places, style)

    def _in_english(self, cells: tuple[Box, ...]) -> bool:
        high = self._english and cells[0].h >= self.px(62)
        return high and self._english_style(cells, self.px(8)).largest >= self.px(16)

    def services(self, box: Box) -> Drawing:
        columns, _ = self._services_form(box.w, box.h)
        cells = self._cells(box, columns)
        bare = Style(self.px(24), self.px(16), HALL.bare.quiet, HALL.bare.ground, Align.LEFT)
        runs = self._lettering.label(self.page.labels.waiting, self.px(24))
        head = box.upper(self._services_head())
        drawing = Drawing(HALL.bare.ground, words=self._lettering.set(runs, head, bare))
        style = self._name_style(cells)
        english = self._english_style(cells, self.px(16)) if self._in_english(cells) else None
        for service, cell in zip(self.page.services, cells, strict=True):
            drawing += self._service(service, cell, style, english)
        return drawing

    def _areas(self, cell: Box) -> tuple[Box, Box, Box, Box]:
        """Where prefix, name, the sign for people and their number go."""
        inner = cell.inset(self.px(14), self.px(3))
        size, width = self._figure_size(cell), self.typesetter.letters.width
        side = min(size * 3 // 5, inner.h)
        prefix, count = self._widest
        number = width(count, size, strong=True)
        left = inner.left(width(prefix, size, strong=True))
        right = inner.beside(inner.w - number)
        person = inner.beside(inner.w - number - side - self.px(8)).left(side).square(side)
        name = inner.beside(left.w + self.px(10))
        return left, name.left(person.x - self.px(6) - name.x), person, right

    @staticmethod
    def _name_areas(place: Box, *, english: bool) -> tuple[Box, Box]:
        """Where the Chinese name goes, and below it the English one."""
        upper = place.upper(place.h * 30 // 50 if english else place.h)
        return upper, place.under(upper.h)

    @cached_property
    def _widest(self) -> tuple[str, str]:
        """The widest prefix and the longest number of people."""
        prefixes = {service.prefix for service in self.page.services}
        wide = max(prefixes, key=lambda one: self.typesetter.letters.width(one, 100, strong=True))
        return wide, max((str(service.waiting) for service in self.page.services), key=len)

    def _figure_size(self, cell: Box) -> int:
        return max(8, min(self.px(46), cell.h * 12 // 20))

    def _service(
        self, service: ServiceRow, cell: Box, style: Style, english: Style | None
    ) -> Drawing:
        prefix, name, person, number = self._areas(cell)
        chinese, below = self._name_areas(name, english=english is not None)
        size = self._figure_size(cell)
        figure = replace(style, largest=size, smallest=size, rows=1, strong=True)
        accent = replace(figure, ink=HALL.accent)
        words: tuple[Words, ...] = self.typesetter.set((service.prefix,), prefix, accent)
        high = replace(style, middle=0.8) if english and service.english else style
        words += self.typesetter.set((service.name,), chinese, high)
        if english:
            words += self.typesetter.set((service.english,), below, english)
        count = replace(figure, align=Align.RIGHT)
        words += self.typesetter.set((str(service.waiting),), number, count)
        sign = Sign(person, Shape.PERSON, HALL.other_card.quiet, style.ground)
        return Drawing(style.ground, (Panel(cell, style.ground, self.px(12)),), words, (sign,))

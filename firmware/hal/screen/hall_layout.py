"""Places the hall display's page: the newest call as large as can be, the counters, who waits, a notice."""

from __future__ import annotations

from dataclasses import dataclass, replace

from firmware.hal.screen import CounterRow, HallPage, ServiceRow
from firmware.hal.screen.drawing import Align, Box, Drawing, Panel, Pulse, Shape, Sign
from firmware.hal.screen.hall_table import Table
from firmware.hal.screen.theme import HALL, PLAIN, Look, tone_band, tone_sign
from firmware.hal.screen.typesetting import Letters, Style, Typesetter

__all__ = ["arrange_hall"]


def arrange_hall(
    page: HallPage, width: int, height: int, letters: Letters, look: Look = PLAIN
) -> Drawing:
    """Lay a page out on `width` by `height` pixels; every counter has its row."""
    return _Hall(page, width, height, Typesetter(letters, look.smallest), look).drawing()


@dataclass(frozen=True, slots=True)
class _Hall:
    page: HallPage
    width: int
    height: int
    typesetter: Typesetter
    look: Look = PLAIN

    def px(self, units: float) -> int:
        """Pixels for `units` of a 1080th of the shorter side."""
        return max(1, round(units * self.look.scale * min(self.width, self.height) / 1080))

    def drawing(self) -> Drawing:
        whole = Box(0, 0, self.width, self.height)
        band = whole.upper(self.px(104))
        notice = whole.under(self.height - (self.px(92) if self.page.notice else 0))
        body = whole.under(band.h).upper(self.height - band.h - notice.h)
        body = body.inset(self.px(28), self.px(24))
        drawing = Drawing(HALL.bare.ground) + self._band(band)
        if self.page.notice:
            drawing += self._notice(notice)
        if self.page.services:
            strip = self._services_height(body)
            drawing += self._services(body.under(body.h - strip))
            body = body.upper(body.h - strip - self.px(20))
        return drawing + self._calls(body)

    def _band(self, box: Box) -> Drawing:
        colours, shape = tone_band(self.page.tone), tone_sign(self.page.tone)
        signs: tuple[Sign, ...] = ()
        inner = box.inset(self.px(36), self.px(8))
        if shape:
            side = self.px(64)
            signs = (Sign(inner.left(side).square(side), shape, colours.main, colours.ground),)
            inner = inner.beside(side + self.px(24))
        style = Style(
            self.px(56), self.px(28), colours.main, colours.ground, Align.LEFT, rows=2, strong=True
        )
        logo, inner = self.look.in_band(inner)
        words = self.typesetter.set((self.page.title,), inner, style)
        return Drawing(colours.ground, (Panel(box, colours.ground),), words, signs, pictures=logo)

    def _notice(self, box: Box) -> Drawing:
        colours = HALL.notice
        style = Style(self.px(46), self.px(28), colours.main, colours.ground, rows=2)
        words = self.typesetter.set((self.page.notice,), box.inset(self.px(36), self.px(6)), style)
        return Drawing(colours.ground, (Panel(box, colours.ground),), words)

    def _newest(self) -> CounterRow | None:
        """The fresh row that the call names; two counters may have called within a moment."""
        fresh = [row for row in self.page.counters if row.fresh]
        named = [row for row in fresh if row.ticket and row.ticket in self.page.call]
        return next(iter(named or fresh), None)

    def _calls(self, body: Box) -> Drawing:
        """The newest call beside the table or above it, whichever lets the table be larger."""
        newest, gap = self._newest(), self.px(24)
        table = Table(
            self.page.counters,
            self.typesetter,
            self.look.scale * min(self.width, self.height) / 1080,
        )
        if not table.rows:
            return self._call(body, None) if self.page.call else self._idle(body)
        if newest is None and not self.page.call:
            return table.drawing(table.plan(body))
        above = body.upper(body.h * (3 if body.h > body.w else 4) // 10)
        call, plan = above, table.plan(body.under(above.h + gap))
        if body.w > body.h:
            beside = body.left(body.w * 42 // 100)
            other = table.plan(body.beside(beside.w + gap))
            # Beside the table the call is larger, and wins as long as the table can be read from afar.
            if other.worth * (1.4 if other.size >= self.px(28) else 1.0) > plan.worth:
                call, plan = beside, other
        return self._call(call, newest) + table.drawing(plan)

    def _idle(self, box: Box) -> Drawing:
        """Fill a page without counters with the hall's name, so that it does not look broken."""
        colours = HALL.bare
        style = Style(self.px(150), self.px(48), colours.quiet, colours.ground, rows=3)
        return Drawing(colours.ground, words=self.typesetter.set((self.page.title,), box, style))

    def _call(self, box: Box, newest: CounterRow | None) -> Drawing:
        colours = HALL.card
        drawing = Drawing(
            HALL.bare.ground,
            (Panel(box, colours.ground, self.px(28), HALL.accent, self.px(8)),),
            pulses=(Pulse(self.page.call, box, colours.ground, swing=self.px(14)),),
        )
        inner = box.inset(self.px(36), self.px(22))
        style = Style(self.px(300), self.px(48), colours.main, colours.ground, strong=True)
        if newest is None:
            words = self.typesetter.set((self.page.call,), inner, replace(style, rows=2))
            return drawing + Drawing(colours.ground, words=words)
        if self.page.call:
            sentence = inner.under(inner.h * 7 // 10)
            small = replace(style, largest=self.px(84), smallest=self.px(32), rows=2, strong=False)
            words = self.typesetter.set((self.page.call,), sentence, small)
            drawing += Drawing(colours.ground, words=words)
            inner = inner.upper(inner.h - sentence.h)
        if inner.w < inner.h * 2:
            return drawing + self._stacked(inner, newest, style)
        return drawing + self._abreast(inner, newest, style)

    def _stacked(self, box: Box, newest: CounterRow, style: Style) -> Drawing:
        ticket = box.upper(box.h * 10 // 20)
        side = min(self.px(90), box.h // 8)
        arrow = box.under(ticket.h).upper(side).square(side)
        counter = box.under(ticket.h + side)
        return self._pair(newest, (ticket, arrow, counter), Shape.ARROW_DOWN, style)

    def _abreast(self, box: Box, newest: CounterRow, style: Style) -> Drawing:
        side = min(self.px(150), box.w // 10)
        ticket = box.left((box.w - 2 * side) // 2)
        arrow = box.beside(ticket.w).left(2 * side).square(side)
        counter = box.beside(ticket.w + 2 * side)
        return self._pair(newest, (ticket, arrow, counter), Shape.ARROW, style)

    def _pair(
        self, newest: CounterRow, places: tuple[Box, Box, Box], shape: Shape, style: Style
    ) -> Drawing:
        ticket, arrow, counter = places
        called = replace(style, ink=HALL.accent)
        words = self.typesetter.set((newest.ticket,), ticket, called)
        beside = replace(
            style, largest=max((word.size * 9 // 10 for word in words), default=style.largest)
        )
        words += self.typesetter.set((newest.counter,), counter, beside)
        return Drawing(
            style.ground, words=words, signs=(Sign(arrow, shape, style.ink, style.ground),)
        )

    def _services_columns(self, strip: Box) -> int:
        count = len(self.page.services)
        if count * self.px(76) <= strip.h and self.width < self.height:
            return min(count, 2)
        return min(count, max(1, strip.w // self.px(440)))

    def _services_height(self, body: Box) -> int:
        rows = -(-len(self.page.services) // self._services_columns(body.upper(body.h // 5)))
        return min(rows * self.px(84), body.h * 3 // 10)

    def _services(self, box: Box) -> Drawing:
        services, gap = self.page.services, self.px(14)
        columns = self._services_columns(box)
        rows = -(-len(services) // columns)
        cells = box.grid(columns, rows, gap)[: len(services)]
        colours = HALL.other_card
        style = Style(self.px(40), self.px(22), colours.quiet, colours.ground, Align.LEFT, rows=2)
        names = tuple(
            (service.name, self._service_areas(cell)[1])
            for service, cell in zip(services, cells, strict=True)
        )
        style = self.typesetter.same_size(names, replace(style, smallest=self.px(16)))
        drawing = Drawing(HALL.bare.ground)
        for service, cell in zip(services, cells, strict=True):
            drawing += self._service(service, cell, style)
        return drawing

    def _service_areas(self, cell: Box) -> tuple[Box, Box, Box, Box]:
        """Where prefix, name, the sign for people and their number go."""
        inner = cell.inset(self.px(14), self.px(4))
        size = self._figure_size(cell)
        side = min(size * 3 // 4, inner.h)
        widest = max((str(service.waiting) for service in self.page.services), key=len)
        number = self.typesetter.letters.width(widest, size, strong=True)
        prefix = inner.left(
            max(self._prefix_width(service.prefix, size) for service in self.page.services)
        )
        right = inner.beside(inner.w - number)
        person = inner.beside(inner.w - number - side - self.px(8)).left(side).square(side)
        name = inner.beside(prefix.w + self.px(12))
        name = name.left(person.x - self.px(12) - name.x)
        return prefix, name, person, right

    def _figure_size(self, cell: Box) -> int:
        return max(8, min(self.px(48), cell.h * 7 // 12))

    def _prefix_width(self, prefix: str, size: int) -> int:
        return self.typesetter.letters.width(prefix, size, strong=True)

    def _service(self, service: ServiceRow, cell: Box, style: Style) -> Drawing:
        prefix, name, person, number = self._service_areas(cell)
        size = self._figure_size(cell)
        figure = replace(style, largest=size, rows=1, strong=True, align=Align.LEFT)
        words = self.typesetter.set((service.prefix,), prefix, replace(figure, ink=HALL.accent))
        words += self.typesetter.set((service.name,), name, style)
        count = replace(figure, ink=HALL.bare.main, align=Align.RIGHT)
        words += self.typesetter.set((str(service.waiting),), number, count)
        return Drawing(
            style.ground,
            (Panel(cell, style.ground, self.px(14)),),
            words,
            (Sign(person, Shape.PERSON, style.ink, style.ground),),
        )

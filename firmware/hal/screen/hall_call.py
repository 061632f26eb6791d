"""Places the newest call on a hall display, so that it is read across the hall, and the calls before it below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from firmware.hal.screen.drawing import Align, Box, Drawing, Panel, Pulse, Shape, Sign, Words
from firmware.hal.screen.lettering import Lettering
from firmware.hal.screen.pages import Called, CounterRow, HallPage
from firmware.hal.screen.theme import HALL
from firmware.hal.screen.typesetting import Style, Typesetter, line_height

__all__ = ["CALLED", "CallCard"]

CALLED = 220
"""Least size of the called number, in 1080ths of the shorter side: digits of 102 mm on 55 inches, read at 20 m."""
_LARGEST = 330
_BEFORE = 66  # height of a call before the newest
_HEAD = 44


@dataclass(frozen=True, slots=True)
class CallCard:
    """`newest` is the row of the counter that called; a call without one is told as a sentence alone.

    A `brief` card leaves the sentences out, since it says the same in large, and needs no calls before.
    """

    page: HallPage
    newest: CounterRow | None
    typesetter: Typesetter
    scale: float
    brief: bool = False

    def px(self, units: float) -> int:
        return max(1, round(units * self.scale))

    @property
    def _lettering(self) -> Lettering:
        return Lettering(self.typesetter)

    def least(self, width: int) -> int:
        """Height at which the number is as large as it must be, and calls before it have a line."""
        inner = width - 2 * self.px(30)
        abreast = self._abreast_width(self.px(CALLED)) <= inner
        number = line_height(self.px(CALLED)) if abreast else round(self.px(CALLED) * 1.95)
        rest = self.px(_HEAD) + self._foot_height() + 2 * self.px(14)
        return number + rest + (0 if self.brief else self._before_height(1))

    def drawing(self, box: Box) -> Drawing:
        """The card, and below it as many of the calls before as there is room for, all in one form."""
        room = box.h - replace(self, brief=True).least(box.w) - self._foot_height()
        columns = max(1, min(3, box.w // self.px(330))) if box.w > box.h else 1
        rows = max(0, min(3, (room - self.px(12)) // self.px(_BEFORE + 8)))
        shown = min(len(self.page.earlier), columns * rows)
        rows = -(-shown // columns)
        height = self._before_height(rows)
        card = box.upper(box.h - height)
        drawing = self._card(card)
        if rows:
            place = box.under(card.h + self.px(12))
            drawing += self._before(
                self.page.earlier[:shown], place.grid(columns, rows, self.px(8))
            )
        return drawing

    def _before_height(self, rows: int) -> int:
        return rows * self.px(_BEFORE + 8) + self.px(4) if rows and self.page.earlier else 0

    def _foot_height(self) -> int:
        if not self.page.call or self.brief:
            return 0
        return line_height(self.px(40)) + (
            line_height(self.px(26)) if self.page.call_english else 0
        )

    def _card(self, box: Box) -> Drawing:
        colours, page = HALL.card, self.page
        calls = bool(page.call or self.newest)
        edge = HALL.accent if calls else HALL.edge
        pulses = (Pulse(page.moving, box, colours.ground, swing=self.px(14)),)
        drawing = Drawing(
            HALL.bare.ground,
            (Panel(box, colours.ground, self.px(26), edge, self.px(8 if calls else 2)),),
            pulses=pulses if page.moving else (),
        )
        inner = box.inset(self.px(30), self.px(14))
        style = Style(self.px(40), self.px(24), colours.main, colours.ground, rows=2)
        quiet = replace(style, ink=colours.quiet)
        if not calls:
            return drawing + Drawing(colours.ground, words=self._listen(inner, style, quiet))
        if self.newest is None:
            large = replace(style, largest=self.px(110), strong=True)
            return drawing + Drawing(
                colours.ground, words=self.typesetter.set((page.call,), inner, large)
            )
        head = inner.upper(self.px(_HEAD))
        runs = self._lettering.label(page.labels.calling, self.px(30))
        words = self._lettering.set(runs, head, replace(style, align=Align.LEFT), quiet)
        inner = inner.under(head.h)
        foot = inner.under(inner.h - self._foot_height())
        inner = inner.upper(inner.h - foot.h)
        words += self._sentences(foot, style, quiet)
        return drawing + Drawing(colours.ground, words=words) + self._number(inner, style)

    def _listen(self, box: Box, style: Style, quiet: Style) -> tuple[Words, ...]:
        listen = self.page.listen
        large, small = replace(style, largest=self.px(64)), replace(quiet, largest=self.px(34))
        upper = box.upper(box.h * 11 // 20)
        return self.typesetter.set(
            (listen.text,), upper, replace(large, middle=0.9)
        ) + self.typesetter.set((listen.english,), box.under(upper.h), replace(small, middle=0.1))

    def _sentences(self, box: Box, style: Style, quiet: Style) -> tuple[Words, ...]:
        page = self.page
        if not box.h:
            return ()
        chinese = box.upper(line_height(self.px(40))) if page.call_english else box
        return self.typesetter.set(
            (page.call,), chinese, replace(style, rows=1, smallest=self.px(20))
        ) + self.typesetter.set(
            (page.call_english,),
            box.under(chinese.h),
            replace(quiet, largest=self.px(26), smallest=self.px(16), rows=1),
        )

    # --- ticket and counter -----------------------------------------------------------------------

    def _number(self, box: Box, style: Style) -> Drawing:
        """Ticket, arrow and counter: abreast or below each other, whichever is larger."""
        top = self.px(_LARGEST)
        abreast = self._largest(
            top, lambda size: line_height(size) <= box.h and self._abreast_width(size) <= box.w
        )
        stacked = self._largest(
            top,
            lambda size: (
                line_height(size) + line_height(self._second(size)) <= box.h
                and max(self._ticket_width(size), self._below_width(size)) <= box.w
            ),
        )
        if abreast >= stacked:
            return self._abreast(box, abreast, style)
        return self._below_each_other(box, stacked, style)

    @staticmethod
    def _largest(top: int, fits: Callable[[int], bool]) -> int:
        least = 8
        while least < top:
            middle = (least + top + 1) // 2
            least, top = (middle, top) if fits(middle) else (least, middle - 1)
        return least

    @staticmethod
    def _second(size: int) -> int:
        return max(8, size * 11 // 20)

    def _ticket_width(self, size: int) -> int:
        ticket = self.newest.ticket if self.newest else ""
        return self.typesetter.letters.width(ticket, size, strong=True)

    def _counter_width(self, size: int) -> int:
        counter = self.newest.counter if self.newest else ""
        return self._lettering.width(self._lettering.figure(counter, size))

    def _abreast_width(self, size: int) -> int:
        return self._ticket_width(size) + size * 8 // 10 + self._counter_width(size * 9 // 10)

    def _below_width(self, size: int) -> int:
        second = self._second(size)
        return second * 12 // 10 + self._counter_width(second)

    def _abreast(self, box: Box, size: int, style: Style) -> Drawing:
        row = box.under((box.h - line_height(size)) // 2).upper(line_height(size))
        row = row.beside((row.w - self._abreast_width(size)) // 2)
        ticket = row.left(self._ticket_width(size))
        gap = size * 8 // 10
        arrow = row.beside(ticket.w).left(gap).square(size // 2)
        return self._ticket(ticket, size, style) + self._counter(
            arrow, row.beside(ticket.w + gap), size * 9 // 10, style
        )

    def _below_each_other(self, box: Box, size: int, style: Style) -> Drawing:
        second = self._second(size)
        height = line_height(size) + line_height(second)
        place = box.under((box.h - height) // 2).upper(height)
        ticket = place.upper(line_height(size))
        row = place.under(ticket.h)
        row = row.beside((row.w - self._below_width(size)) // 2)
        gap = second * 12 // 10
        arrow = row.left(gap - second // 3).square(second * 7 // 10)
        return self._ticket(ticket, size, style) + self._counter(
            arrow, row.beside(gap), second, style
        )

    def _ticket(self, box: Box, size: int, style: Style) -> Drawing:
        called = replace(style, ink=HALL.accent, largest=size, smallest=size, strong=True, rows=1)
        ticket = self.newest.ticket if self.newest else ""
        return Drawing(style.ground, words=self.typesetter.set((ticket,), box, called))

    def _counter(self, arrow: Box, box: Box, size: int, style: Style) -> Drawing:
        runs = self._lettering.figure(self.newest.counter if self.newest else "", size)
        words = self._lettering.set(runs, box, replace(style, align=Align.LEFT))
        sign = Sign(arrow, Shape.ARROW, HALL.accent, style.ground)
        return Drawing(style.ground, words=words, signs=(sign,))

    # --- the calls before -----------------------------------------------------------------------------

    def _before(self, calls: tuple[Called, ...], cells: tuple[Box, ...]) -> Drawing:
        drawing = Drawing(HALL.bare.ground)
        for call, cell in zip(calls, cells, strict=False):
            drawing += self._earlier(call, cell)
        return drawing

    def _earlier(self, call: Called, cell: Box) -> Drawing:
        colours = HALL.card
        inner = cell.inset(self.px(22), self.px(3))
        size = min(self.px(46), inner.h * 4 // 5)
        style = Style(size, size // 2, HALL.accent, colours.ground, Align.LEFT, strong=True)
        half = (inner.w - size) // 2
        words = self.typesetter.set((call.ticket,), inner.left(half), style)
        arrow = inner.beside(half).left(size).square(size * 6 // 10)
        runs = self._lettering.figure(call.counter, size)
        place = inner.beside(half + size + size // 4)
        words += self._lettering.set(runs, place, replace(style, ink=colours.main))
        sign = Sign(arrow, Shape.ARROW, colours.quiet, colours.ground)
        return Drawing(colours.ground, (Panel(cell, colours.ground, self.px(14)),), words, (sign,))

"""The table of counters on the hall display: columns, row form and type chosen so that the type is largest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from firmware.hal.screen import CounterRow
from firmware.hal.screen.drawing import Align, Box, Drawing, Panel, Shape, Sign
from firmware.hal.screen.theme import HALL
from firmware.hal.screen.typesetting import Style, Typesetter, line_height

__all__ = ["Plan", "Table"]


class _Services(StrEnum):
    """Where a row names what its counter does."""

    BESIDE = "beside"
    BELOW = "below"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Plan:
    """How a table is set in its box; `worth` compares plans: size of type, less without services."""

    box: Box
    columns: int
    size: int
    services: _Services

    @property
    def worth(self) -> float:
        match self.services:
            case _Services.BELOW:
                return self.size
            case _Services.BESIDE:  # there they are set small
                return self.size * 0.9
            case _Services.NOWHERE:
                return self.size * 0.65


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of counters; `scale` is 1 on a screen whose shorter side has 1080 pixels."""

    rows: tuple[CounterRow, ...]
    typesetter: Typesetter
    scale: float

    def px(self, units: float) -> int:
        return max(1, round(units * self.scale))

    def plan(self, box: Box) -> Plan:
        """Find the columns and the row form with the largest type."""
        most = min(len(self.rows), 8)
        best = Plan(box, most, 8, _Services.NOWHERE)
        named = any(row.services for row in self.rows)
        for services in _Services if named else (_Services.NOWHERE,):
            for columns in range(1, most + 1):
                best = self._larger(Plan(box, columns, self.px(84), services), best)
        return best

    def _larger(self, plan: Plan, best: Plan) -> Plan:
        """Give the plan at the largest size that fits, if that is worth more than the best so far."""
        least = best.size
        while replace(plan, size=least).worth <= best.worth:
            least += 1
        if least > plan.size or not self._fits(replace(plan, size=least)):
            return best
        most = plan.size
        while least < most:
            middle = (least + most + 1) // 2
            if self._fits(replace(plan, size=middle)):
                least = middle
            else:
                most = middle - 1
        return replace(plan, size=least)

    def drawing(self, plan: Plan) -> Drawing:
        drawing = Drawing(HALL.bare.ground)
        cells = self._cells(plan)
        down = len(cells) // plan.columns
        small = self._services_style(plan, cells[0])
        # Downwards, then to the next column: as people look for their counter.
        for number, row in enumerate(self.rows):
            column, line = divmod(number, down)
            cell = cells[line * plan.columns + column]
            drawing += self._row(row, cell, plan, small, odd=line % 2 == 1)
        return drawing

    def _cells(self, plan: Plan) -> tuple[Box, ...]:
        down = -(-len(self.rows) // plan.columns)
        gap = self.px(10) if down <= 8 else self.px(5)
        height = min(plan.box.h, down * self.px(184))
        return plan.box.upper(height).grid(plan.columns, down, gap)

    def _second(self, size: int) -> int:
        """Size of the type for status and services."""
        return max(size * 2 // 3, min(size, self.px(20)))

    def _widths(self, size: int) -> tuple[int, int, int]:
        """Columns for counter, ticket and status, each as wide as its widest entry."""
        width = self.typesetter.letters.width
        return (
            max(width(text, size, strong=True) for text in {row.counter for row in self.rows}),
            max(width(text, size, strong=True) for text in {row.ticket for row in self.rows}),
            max(
                width(text, self._second(size), strong=False)
                for text in {row.status for row in self.rows}
            ),
        )

    def _areas(self, cell: Box, plan: Plan) -> tuple[Box, Box, Box, Box, Box]:
        """Where the sign of a fresh row, counter, ticket, status and services go."""
        size = plan.size
        gap = max(4, size // 2)
        inner = cell.inset(max(4, size // 3), max(1, min(self.px(10), cell.h // 16)))
        line, services = inner, inner.under(inner.h)
        if plan.services is _Services.BELOW:
            line = inner.upper(inner.h * 11 // 18)
            services = inner.under(line.h)
        side = size * 3 // 5 if any(row.fresh for row in self.rows) else 0
        sign = line.left(side).square(side)
        rest = line.beside(side + gap // 2 if side else 0)
        areas = []
        for width in self._widths(size):
            areas.append(rest.left(width))
            rest = rest.beside(width + (gap if width else 0))
        if plan.services is _Services.BESIDE:
            services = rest
        else:
            services = services.beside(areas[0].x - inner.x)
        return sign, areas[0], areas[1], areas[2], services

    def _fits(self, plan: Plan) -> bool:
        cell = self._cells(plan)[0]
        _, _, _, status, services = self._areas(cell, plan)
        if line_height(plan.size) > status.h or status.w < self._widths(plan.size)[2]:
            return False
        if plan.services is _Services.NOWHERE:
            return True
        style = replace(self._services_range(plan), largest=self._services_range(plan).smallest)
        return all(self.typesetter.size((text,), services, style) for text in self._named())

    def _named(self) -> tuple[str, ...]:
        """Services of all rows, once each, the longest first: the first to fail to fit."""
        return tuple(sorted({row.services for row in self.rows if row.services}, key=len))[::-1]

    def _services_range(self, plan: Plan) -> Style:
        beside = plan.services is _Services.BESIDE
        smallest = max(self.px(24), plan.size * 2 // 5)
        return Style(
            max(smallest, self._second(plan.size)),
            smallest,
            HALL.card.quiet,
            HALL.card.ground,
            Align.LEFT,
            middle=0.5 if beside else 0.1,
            rows=2 if beside else 1,
        )

    def _services_style(self, plan: Plan, cell: Box) -> Style:
        *_, place = self._areas(cell, plan)
        places = tuple((text, place) for text in self._named())
        return self.typesetter.same_size(places, self._services_range(plan))

    def _row(self, row: CounterRow, cell: Box, plan: Plan, small: Style, *, odd: bool) -> Drawing:
        colours = HALL.fresh if row.fresh else HALL.other_card if odd else HALL.card
        sign, counter, ticket, status, services = self._areas(cell, plan)
        main = Style(plan.size, plan.size, colours.main, colours.ground, Align.LEFT, strong=True)
        called = main if row.fresh else replace(main, ink=HALL.accent)
        size = self._second(plan.size)
        second = replace(main, largest=size, smallest=size, strong=False)
        words = self.typesetter.set((row.counter,), counter, main)
        words += self.typesetter.set((row.ticket,), ticket, called)
        words += self.typesetter.set((row.status,), status, second)
        if plan.services is not _Services.NOWHERE:
            small = replace(small, ink=colours.quiet, ground=colours.ground)
            words += self.typesetter.set((row.services,), services, small)
        signs = (Sign(sign, Shape.ARROW, colours.main, colours.ground),) if row.fresh else ()
        radius = min(self.px(14), cell.h // 4)
        return Drawing(colours.ground, (Panel(cell, colours.ground, radius),), words, signs)

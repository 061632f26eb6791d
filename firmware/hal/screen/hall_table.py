"""The table of counters on the hall display: columns, row form and type chosen so that the type is largest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import groupby

from firmware.hal.screen.drawing import Align, Box, Drawing, Panel, Shape, Sign, Words
from firmware.hal.screen.lettering import Lettering, Run, digits
from firmware.hal.screen.pages import CounterRow, HallLabels, Label
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
    """How a table is set in its box; `worth` compares plans: size of type, less without services, more with English."""

    box: Box
    columns: int
    size: int
    services: _Services
    english: bool = False

    @property
    def worth(self) -> float:
        told = 1.25 if self.english else 1.0
        match self.services:
            case _Services.BELOW:
                return self.size * told
            case _Services.BESIDE:  # there they are set small
                return self.size * told * 0.9
            case _Services.NOWHERE:
                return self.size * told * 0.65


@dataclass(frozen=True, slots=True)
class _Areas:
    """Where the parts of a row go: the counter's number on its chip, ticket, sign of a fresh row, status, services."""

    chip: Box
    ticket: Box
    sign: Box
    status: Box
    services: Box


@dataclass(frozen=True)
class Table:
    """Rows of counters; `scale` is 1 on a screen whose shorter side has 1080 pixels."""

    rows: tuple[CounterRow, ...]
    typesetter: Typesetter
    scale: float
    labels: HallLabels

    def px(self, units: float) -> int:
        return max(1, round(units * self.scale))

    @property
    def _lettering(self) -> Lettering:
        return Lettering(self.typesetter)

    # --- the best form -------------------------------------------------------------------------------

    def plan(self, box: Box) -> Plan:
        """Find the columns and the row form with the largest type."""
        most = min(len(self.rows), 8)
        best = Plan(box, most, 8, _Services.NOWHERE)
        named = any(row.services for row in self.rows)
        english = any(row.english for row in self.rows)
        for services in _Services if named else (_Services.NOWHERE,):
            for columns in range(1, most + 1):
                best = self._larger(Plan(box, columns, self.px(92), services), best)
                told = Plan(box, columns, self.px(92), services, english)
                # Where type is small already, English would make it smaller for everybody.
                if english and self._fits(replace(told, size=self.px(34))):
                    best = self._larger(told, best)
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

    def _fits(self, plan: Plan) -> bool:
        areas = self._areas(self._cells(plan)[0], plan)
        wanted, high = self._widths(plan)[2], line_height(self._second(plan.size))
        if self._stacked(plan):
            high += line_height(self._third(plan.size))
        if line_height(plan.size) > areas.ticket.h or areas.status.w < wanted:
            return False
        if high > areas.status.h:
            return False
        if plan.services is _Services.NOWHERE:
            return True
        style = replace(self._services_range(plan), largest=self._services_range(plan).smallest)
        return all(self.typesetter.size((text,), areas.services, style) for text in self._named)

    # --- places --------------------------------------------------------------------------------------

    def _head_height(self) -> int:
        return self.px(40) if self.labels.counter.text else 0

    def _zone_height(self, lines: int) -> int:
        return self.px(54 if lines <= 10 else 38)

    def _cells(self, plan: Plan) -> tuple[Box, ...]:
        """A cell for each row: down the columns of its zone, as people look for their counter."""
        return tuple(cell for _, _, cells in self._places(plan) for cell in cells)

    def _places(self, plan: Plan) -> tuple[tuple[str, Box, tuple[Box, ...]], ...]:
        """Each zone with where its name and its rows stand; without a name it has no place for one."""
        groups = self._groups
        downs = [-(-count // plan.columns) for _, count in groups]
        gap = self.px(8) if sum(downs) <= 8 else self.px(4)
        named = sum(bool(zone) for zone, _ in groups)
        high = self._zone_height(sum(downs))
        room = plan.box.h - self._head_height() - named * high - gap * sum(downs)
        height = max(1, min(room // sum(downs), self.px(176)))
        across = self.px(14)
        width = (plan.box.w - across * (plan.columns - 1)) // plan.columns
        y, places = plan.box.y + self._head_height(), []
        for (zone, count), down in zip(groups, downs, strict=True):
            name = Box(plan.box.x, y, plan.box.w, high if zone else 0)
            y = name.bottom
            cells = tuple(
                Box(
                    plan.box.x + (number // down) * (width + across),
                    y + (number % down) * (height + gap),
                    width,
                    height,
                )
                for number in range(count)
            )
            y += down * (height + gap)
            places.append((zone, name, cells))
        return tuple(places)

    def _second(self, size: int) -> int:
        """Size of the type for status and services."""
        return max(size * 13 // 20, min(size, self.px(20)))

    def _third(self, size: int) -> int:
        """Size of the type for a status in English, below the Chinese one."""
        return max(self.px(18), self._second(size) * 6 // 10)

    def _stacked(self, plan: Plan) -> bool:
        """Whether English stands below the status; below a row's first line stand its services."""
        return plan.english and plan.services is not _Services.BELOW

    def _status(self, row: CounterRow, plan: Plan) -> tuple[Run, ...]:
        beside = plan.english and not self._stacked(plan)
        label = Label(row.status, row.english if beside else "")
        return self._lettering.label(label, self._second(plan.size), strong=False)

    @cached_property
    def _widest(self) -> tuple[str, str, str, str]:
        """Of counters, tickets, status and its English the widest: at any size, since type only grows."""

        def widest(texts: set[str], *, strong: bool) -> str:
            return max(
                texts, key=lambda text: self.typesetter.letters.width(text, 100, strong=strong)
            )

        return (
            widest({digits(row.counter) for row in self.rows}, strong=True),
            widest({row.ticket or "A000" for row in self.rows}, strong=True),
            widest({row.status for row in self.rows}, strong=False),
            widest({row.english for row in self.rows}, strong=False),
        )

    @cached_property
    def _heads_wide(self) -> tuple[int, int]:
        """What the heads of the first two columns need at least, without their English."""
        chip, ticket = (
            self._lettering.width(self._lettering.label(Label(label.text), self.px(22)))
            for label in (self.labels.counter, self.labels.ticket)
        )
        return chip, ticket

    def _widths(self, plan: Plan) -> tuple[int, int, int]:
        """Columns for counter, ticket and status, each as wide as its widest entry."""
        width, size = self.typesetter.letters.width, plan.size
        counter, ticket, status, english = self._widest
        over_chip, over_ticket = self._heads_wide
        chip = max(width(counter, size, strong=True), over_chip - size * 3 // 5)
        row = CounterRow(counter, ticket, status, english=english)
        told = self._lettering.width(self._status(row, plan))
        if self._stacked(plan):
            told = max(told, width(english, self._third(size), strong=False))
        return (
            chip + size * 4 // 5,
            max(width(ticket, size, strong=True), over_ticket),
            told,
        )

    def _areas(self, cell: Box, plan: Plan) -> _Areas:
        size = plan.size
        gap = max(4, size * 9 // 20)
        chip_width, ticket_width, status_width = self._widths(plan)
        edge = max(2, min(self.px(6), cell.h // 12))
        chip = cell.left(chip_width).inset(edge, edge)
        rest = cell.beside(chip_width + gap).inset(0, max(1, min(self.px(8), cell.h // 16)))
        rest = rest.left(rest.w - gap)
        line, services = rest, rest.under(rest.h)
        if plan.services is _Services.BELOW:
            line = rest.upper(rest.h * 12 // 20)
            services = rest.under(line.h)
        ticket = line.left(ticket_width)
        line = line.beside(ticket.w + gap)
        side = size * 11 // 20
        sign = line.left(side).square(side)
        line = line.beside(side + gap // 2)
        status = line.left(status_width)
        if plan.services is _Services.BESIDE:
            services = line.beside(status_width + gap)
        return _Areas(chip, ticket, sign, status, services)

    @cached_property
    def _named(self) -> tuple[str, ...]:
        """Services of all rows, once each, the longest first: the first to fail to fit."""
        return tuple(sorted({row.services for row in self.rows if row.services}, key=len))[::-1]

    @cached_property
    def _groups(self) -> tuple[tuple[str, int], ...]:
        """The zones in their order, each with how many rows it has."""
        return tuple((zone, len(list(rows))) for zone, rows in groupby(self.rows, lambda r: r.zone))

    def _services_range(self, plan: Plan) -> Style:
        beside = plan.services is _Services.BESIDE
        smallest = max(self.px(24), plan.size * 2 // 5)
        return Style(
            max(smallest, self._second(plan.size) * 9 // 10),
            smallest,
            HALL.card.quiet,
            HALL.card.ground,
            Align.LEFT,
            middle=0.5 if beside else 0.1,
            rows=2 if beside else 1,
        )

    def _services_style(self, plan: Plan, cell: Box) -> Style:
        place = self._areas(cell, plan).services
        places = tuple((text, place) for text in self._named)
        return self.typesetter.same_size(places, self._services_range(plan))

    def height(self, plan: Plan) -> int:
        """How much of its box the table takes."""
        return max(cell.bottom for cell in self._cells(plan)) - plan.box.y

    # --- what is drawn ---------------------------------------------------------------------------------

    def drawing(self, plan: Plan) -> Drawing:
        drawing = self._heads(plan)
        small = self._services_style(plan, self._cells(plan)[0])
        rows = iter(self.rows)
        for zone, name, cells in self._places(plan):
            if zone:
                drawing += self._zone(zone, name)
            for cell, row in zip(cells, rows, strict=False):
                drawing += self._row(row, cell, plan, small)
        return drawing

    def _heads(self, plan: Plan) -> Drawing:
        """What each column is, over the first row of every column."""
        colours, labels = HALL.bare, self.labels
        style = Style(self.px(22), self.px(22), colours.quiet, colours.ground, Align.LEFT)
        words: tuple[Words, ...] = ()
        if self._head_height():
            tops = {cell.x: cell for cell in reversed(self._cells(plan))}
            for cell in tops.values():
                areas = self._areas(cell, plan)
                gap = areas.ticket.x - areas.chip.right
                for label, place, width in (
                    (labels.counter, areas.chip, areas.ticket.x - areas.chip.x - gap // 2),
                    (labels.ticket, areas.ticket, areas.sign.x - areas.ticket.x - gap // 2),
                    (labels.status, areas.sign, areas.status.right - areas.sign.x),
                ):
                    head = Box(place.x, plan.box.y, width, self._head_height())
                    runs = self._lettering.label(label, self.px(22), strong=False)
                    words += self._lettering.set(self._lettering.fit(runs, head.w), head, style)
        return Drawing(colours.ground, words=words)

    def _zone(self, zone: str, box: Box) -> Drawing:
        colours = HALL.bare
        line = Box(box.x, box.bottom - self.px(6), box.w, self.px(2))
        place = box.upper(line.y - box.y)
        style = Style(
            self.px(30), self.px(16), colours.main, colours.ground, Align.LEFT, strong=True
        )
        words = self.typesetter.set((zone,), place, style)
        return Drawing(colours.ground, (Panel(line, HALL.edge),), words)

    def _row(self, row: CounterRow, cell: Box, plan: Plan, small: Style) -> Drawing:
        colours = HALL.fresh if row.fresh else HALL.other_card if row.off else HALL.card
        areas = self._areas(cell, plan)
        chip = (
            replace(HALL.notice, ground=colours.main, main=colours.ground)
            if row.fresh
            else HALL.notice
        )
        number = Style(plan.size, plan.size, chip.main, chip.ground, strong=True)
        if row.off:
            number = replace(number, ink=chip.quiet)
        words = self.typesetter.set((digits(row.counter),), areas.chip, number)
        ink = colours.main if row.fresh else HALL.accent
        main = Style(plan.size, plan.size, ink, colours.ground, Align.LEFT, strong=True)
        words += self.typesetter.set((row.ticket,), areas.ticket, main)
        told = replace(main, ink=colours.quiet if row.off else colours.main, strong=False)
        quiet = replace(told, ink=colours.quiet)
        words += self._told(row, areas.status, plan, told, quiet)
        if plan.services is not _Services.NOWHERE:
            small = replace(small, ink=colours.quiet, ground=colours.ground)
            words += self.typesetter.set((row.services,), areas.services, small)
        signs = (Sign(areas.sign, Shape.ARROW, colours.main, colours.ground),) if row.fresh else ()
        radius = min(self.px(14), cell.h // 4)
        inner = max(0, radius - (areas.chip.x - cell.x))
        panels = (Panel(cell, colours.ground, radius), Panel(areas.chip, chip.ground, inner))
        return Drawing(colours.ground, panels, words, signs)

    def _told(
        self, row: CounterRow, box: Box, plan: Plan, told: Style, quiet: Style
    ) -> tuple[Words, ...]:
        """The status, with its English beside it or below it."""
        runs = self._status(row, plan)
        if not self._stacked(plan) or not row.english:
            return self._lettering.set(runs, box, told, quiet)
        size = self._third(plan.size)
        high = line_height(self._second(plan.size))
        both = box.under((box.h - high - line_height(size)) // 2)
        small = replace(quiet, largest=size, smallest=size, middle=0.0)
        return self._lettering.set(runs, both.upper(high), told) + self.typesetter.set(
            (row.english,), both.under(high), small
        )

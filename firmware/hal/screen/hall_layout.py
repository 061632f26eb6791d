"""Places the hall display's page: the newest call as large as can be, the counters, who waits, what all should know."""

from __future__ import annotations

from dataclasses import dataclass, replace

from firmware.hal.screen import CounterRow, HallPage, Tone
from firmware.hal.screen.drawing import Align, Box, Drawing, Panel, Shape, Sign, Words
from firmware.hal.screen.emergency import emergency
from firmware.hal.screen.hall_call import CallCard
from firmware.hal.screen.hall_strips import Strips
from firmware.hal.screen.hall_table import Table
from firmware.hal.screen.theme import HALL, PLAIN, Ink, Look, tone_band, tone_sign
from firmware.hal.screen.typesetting import Letters, Style, Typesetter

__all__ = ["arrange_hall"]

READ = 26
"""What a row of the table needs, in 1080ths of the shorter side, before the newest call may say more."""


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

    @property
    def scale(self) -> float:
        return self.look.scale * min(self.width, self.height) / 1080

    @property
    def upright(self) -> bool:
        return self.height > self.width

    def px(self, units: float) -> int:
        """Pixels for `units` of a 1080th of the shorter side."""
        return max(1, round(units * self.scale))

    def drawing(self) -> Drawing:
        whole = Box(0, 0, self.width, self.height)
        band, rest = whole.upper(self.px(104)), whole.under(self.px(104))
        if self.page.emergency:
            colours = tone_band(Tone.STOP)
            return (
                Drawing(colours.ground)
                + self._band(band, colours, Shape.STOP)
                + emergency(
                    rest,
                    self.page.emergency,
                    self.page.emergency_note,
                    self.typesetter,
                    self.scale,
                )
            )
        tone = self.page.tone
        drawing = Drawing(HALL.bare.ground) + self._band(band, tone_band(tone), tone_sign(tone))
        strips = Strips(self.page, self.typesetter, self.scale, self.upright)
        foot = rest.under(rest.h - strips.notice_height(rest.w))
        if foot.h:
            drawing += strips.notice(foot)
            rest = rest.upper(rest.h - foot.h)
        foot = rest.under(rest.h - strips.rules_height(rest.w))
        if foot.h:
            drawing += strips.rules(foot)
            rest = rest.upper(rest.h - foot.h)
        gap = self.px(14)
        body = rest.inset(self.px(28), 0).under(self.px(20))
        body = body.upper(body.h - (0 if foot.h else gap))
        foot = body.under(body.h - strips.missed_height())
        if foot.h:
            drawing += strips.missed(foot)
            body = body.upper(body.h - foot.h - gap)
        most = min(body.h * 27 // 100, body.h - self._brief().least(self._call_width(body)) - gap)
        foot = body.under(body.h - strips.services_height(body.w, most))
        if foot.h:
            drawing += strips.services(foot)
            body = body.upper(body.h - foot.h - gap)
        return drawing + self._calls(body)

    # --- the band ----------------------------------------------------------------------------------

    def _band(self, box: Box, colours: Ink, shape: Shape | None) -> Drawing:
        signs: tuple[Sign, ...] = ()
        inner = box.inset(self.px(36), self.px(8))
        if shape:
            side = self.px(64)
            signs = (Sign(inner.left(side).square(side), shape, colours.main, colours.ground),)
            inner = inner.beside(side + self.px(24))
        words: tuple[Words, ...] = ()
        style = Style(
            self.px(52), self.px(26), colours.main, colours.ground, Align.LEFT, rows=2, strong=True
        )
        if self.page.clock:
            time = self.px(230 if self.page.date else 180)
            words += self._clock(inner.beside(inner.w - time), style)
            inner = inner.left(inner.w - time - self.px(24))
        logo, inner = self.look.in_band(inner)
        title = inner
        if self.page.english:
            title = inner.upper(inner.h * 13 // 20)
            small = replace(style, largest=self.px(26), smallest=self.px(16), rows=1, strong=False)
            words += self.typesetter.set(
                (self.page.english,), inner.under(title.h), replace(small, ink=colours.quiet)
            )
        words += self.typesetter.set((self.page.title,), title, style)
        return Drawing(colours.ground, (Panel(box, colours.ground),), words, signs, pictures=logo)

    def _clock(self, box: Box, style: Style) -> tuple[Words, ...]:
        style = replace(style, align=Align.RIGHT, rows=1)
        if not self.page.date:
            return self.typesetter.set((self.page.clock,), box, replace(style, largest=self.px(64)))
        time = box.upper(box.h * 13 // 20)
        date = replace(style, largest=self.px(24), smallest=self.px(14), strong=False)
        return self.typesetter.set((self.page.clock,), time, style) + self.typesetter.set(
            (self.page.date,), box.under(time.h), date
        )

    # --- calls and counters ------------------------------------------------------------------------

    def _newest(self) -> CounterRow | None:
        """The fresh row that the call names; two counters may have called within a moment."""
        fresh = [row for row in self.page.counters if row.fresh]
        named = [row for row in fresh if row.ticket and row.ticket in self.page.call]
        return next(iter(named or fresh), None)

    def _brief(self) -> CallCard:
        return CallCard(self.page, self._newest(), self.typesetter, self.scale, brief=True)

    def _call_width(self, body: Box) -> int:
        return body.w if self.upright else body.w * 37 // 100

    def _calls(self, body: Box) -> Drawing:
        """The newest call beside the table, or above it on an upright screen; both always in their places."""
        page, gap = self.page, self.px(20)
        card = replace(self._brief(), brief=False)
        table = Table(page.counters, self.typesetter, self.scale, page.labels)
        if not table.rows:
            return card.drawing(body) if page.call else self._idle(body)
        if not self.upright:
            plan = table.plan(body.beside(body.w * 42 // 100 + gap))
            if plan.size < self.px(READ):
                plan = table.plan(body.beside(self._call_width(body) + gap))
            place = body.left(plan.box.x - gap - body.x)
            if card.least(place.w) > place.h:
                card = self._brief()
            return card.drawing(place) + table.drawing(plan)
        plan = table.plan(body.under(max(card.least(body.w), body.h * 3 // 10) + gap))
        if plan.size < self.px(READ):
            card = self._brief()
            plan = table.plan(body.under(card.least(body.w) + gap))
        # What a short table leaves, the call takes.
        plan = replace(plan, box=body.under(body.h - table.height(plan)))
        return card.drawing(body.upper(body.h - plan.box.h - gap)) + table.drawing(plan)

    def _idle(self, box: Box) -> Drawing:
        """Fill a page without counters with the hall's name, so that it does not look broken."""
        colours = HALL.bare
        style = Style(self.px(150), self.px(48), colours.quiet, colours.ground, rows=3)
        return Drawing(colours.ground, words=self.typesetter.set((self.page.title,), box, style))

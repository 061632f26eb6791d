"""Places the page of a display over a counter: its number, whom it calls, who sits there; upright, wide or like a bar."""

from __future__ import annotations

from dataclasses import dataclass, replace

from firmware.hal.screen import CounterPage
from firmware.hal.screen.counter_person import PersonCard, standard
from firmware.hal.screen.drawing import Align, Box, Drawing, Panel, Pulse, Sign, Words
from firmware.hal.screen.emergency import emergency
from firmware.hal.screen.lettering import Lettering
from firmware.hal.screen.theme import HALL, PLAIN, Look, tone_band, tone_sign
from firmware.hal.screen.typesetting import Letters, Style, Typesetter, line_height

__all__ = ["arrange_counter"]


def arrange_counter(
    page: CounterPage, width: int, height: int, letters: Letters, look: Look = PLAIN
) -> Drawing:
    """Lay a page out on `width` by `height` pixels."""
    return _Counter(page, width, height, Typesetter(letters, look.smallest), look).drawing()


@dataclass(frozen=True, slots=True)
class _Counter:
    page: CounterPage
    width: int
    height: int
    typesetter: Typesetter
    look: Look = PLAIN

    @property
    def bar(self) -> bool:
        return self.width > 2.2 * self.height

    @property
    def upright(self) -> bool:
        return self.height > self.width

    @property
    def scale(self) -> float:
        """1 where a wide screen is 600 pixels high; what a bar lacks in height it has in width."""
        return self.look.scale * min(self.width, self.height) / (400 if self.bar else 600)

    def px(self, units: float) -> int:
        return max(1, round(units * self.scale))

    def drawing(self) -> Drawing:
        whole = Box(0, 0, self.width, self.height)
        if self.page.emergency:
            return emergency(
                whole,
                self.page.emergency,
                self.page.emergency_note,
                self.typesetter,
                self.scale * 0.56,
            )
        drawing = Drawing(HALL.bare.ground)
        if self.page.notice:
            notice = whole.under(self.height - self._notice_height())
            drawing += self._notice(notice)
            whole = whole.upper(whole.h - notice.h)
        if self.bar:
            return drawing + self._as_bar(whole)
        band = whole.upper(self.px(92))
        body = whole.under(band.h).inset(self.px(18), self.px(14))
        drawing += self._band(band)
        return drawing + (self._upright(body) if self.upright else self._wide(body))

    # --- how the parts stand ---------------------------------------------------------------------------

    def _as_bar(self, box: Box) -> Drawing:
        name = box.left(box.w * 22 // 100)
        body = box.beside(name.w).inset(self.px(14), self.px(14))
        return self._name(name) + self._halves(body, 58)

    def _wide(self, body: Box) -> Drawing:
        return self._halves(body, 62)

    def _halves(self, body: Box, share: int) -> Drawing:
        """The call on the left; who sits there and what is promised on the right, if there is either."""
        page, gap = self.page, self.px(14)
        if not (page.person or page.standard):
            return self._call(body)
        left = body.left(body.w * share // 100)
        right, drawing = body.beside(left.w + gap), self._call(left)
        if page.person:
            card = PersonCard(page.person, self.typesetter, self.scale)
            high = min(card.least(right.w), right.h * 62 // 100) if page.standard else right.h
            drawing += card.drawing(right.upper(high))
            right = right.under(high + gap)
        return drawing + self._standard(right)

    def _upright(self, body: Box) -> Drawing:
        gap, drawing = self.px(14), Drawing(HALL.bare.ground)
        if self.page.standard:
            promised = body.under(body.h * 72 // 100)
            drawing += self._standard(promised)
            body = body.upper(body.h - promised.h - gap)
        if self.page.person:
            card = PersonCard(self.page.person, self.typesetter, self.scale)
            place = body.under(body.h - min(card.least(body.w), body.h // 2))
            drawing += card.drawing(place)
            body = body.upper(body.h - place.h - gap)
        return drawing + self._call(body)

    def _standard(self, box: Box) -> Drawing:
        if self.page.standard is None:
            return Drawing(HALL.bare.ground)
        return standard(self.page.standard, box, self.typesetter, self.scale)

    # --- the counter -------------------------------------------------------------------------------------

    def _band(self, box: Box) -> Drawing:
        """Number and function of the counter, side by side."""
        colours, shape = tone_band(self.page.tone), tone_sign(self.page.tone)
        signs: tuple[Sign, ...] = ()
        inner = box.inset(self.px(22), self.px(6))
        if shape:
            side = self.px(50)
            signs = (Sign(inner.left(side).square(side), shape, colours.main, colours.ground),)
            inner = inner.beside(side + self.px(16))
        lettering = Lettering(self.typesetter)
        style = Style(self.px(38), self.px(18), colours.main, colours.ground, Align.LEFT, rows=2)
        runs = lettering.figure(self.page.counter.text, self.px(68))
        width = min(lettering.width(runs), inner.w * 45 // 100)
        words = lettering.set(runs, inner.left(width), style)
        rest = inner.beside(width + self.px(26))
        words += self.typesetter.set(
            (self.page.functions,), rest, replace(style, align=Align.RIGHT)
        )
        return Drawing(colours.ground, (Panel(box, colours.ground),), words, signs)

    def _name(self, box: Box) -> Drawing:
        """Number and function of the counter, below each other at the left of a bar."""
        colours, shape = tone_band(self.page.tone), tone_sign(self.page.tone)
        inner = box.inset(self.px(16), self.px(14))
        signs: tuple[Sign, ...] = ()
        if shape:
            side = self.px(44)
            top = inner.upper(side)
            signs = (Sign(top.square(side), shape, colours.main, colours.ground),)
            inner = inner.under(side + self.px(6))
        lettering = Lettering(self.typesetter)
        style = Style(self.px(40), self.px(18), colours.main, colours.ground, rows=4)
        upper = inner.upper(inner.h * 45 // 100)
        # Below the sign of a page that waits there is less room.
        size = min(self.px(104), upper.h * 100 // line_height(100))
        words = lettering.set(lettering.figure(self.page.counter.text, size), upper, style)
        english = inner.under(upper.h).upper(line_height(self.px(26)))
        words += self.typesetter.set(
            (self.page.counter.english,), english, replace(style, largest=self.px(26), rows=1)
        )
        rest = inner.under(upper.h + english.h + self.px(8))
        words += self.typesetter.set((self.page.functions,), rest, style)
        return Drawing(colours.ground, (Panel(box, colours.ground),), words, signs)

    # --- the call -----------------------------------------------------------------------------------------

    def _call(self, box: Box) -> Drawing:
        """The ticket as large as can be, or in its place what the counter does, and what a visitor can do."""
        page, colours = self.page, HALL.card
        edge, width = (HALL.accent, self.px(6)) if page.moving else (HALL.edge, self.px(2))
        pulses = (Pulse(page.moving, box, colours.ground),)
        drawing = Drawing(
            HALL.bare.ground,
            (Panel(box, colours.ground, self.px(20), edge, width),),
            pulses=pulses if page.moving else (),
        )
        inner = box.inset(self.px(20), self.px(12))
        style = Style(self.px(44), self.px(18), colours.main, colours.ground, rows=1, strong=True)
        quiet = replace(style, ink=colours.quiet, strong=False)
        if page.ticket:
            head = inner.upper(line_height(self.px(44)))
            words = self._label(head, style, quiet)
            large = replace(style, largest=self.px(300), smallest=self.px(80), ink=HALL.accent)
            words += self.typesetter.set((page.ticket,), inner.under(head.h), large)
            return drawing + Drawing(colours.ground, words=words)
        status = inner.upper(inner.h * (45 if page.lines else 100) // 100)
        words = self._status(status, style, quiet)
        lines = inner.under(status.h)
        for place, line in zip(lines.grid(1, max(1, len(page.lines)), 0), page.lines, strict=False):
            words += self._line(place, line.text, line.english, style, quiet)
        return drawing + Drawing(colours.ground, words=words)

    def _label(self, box: Box, style: Style, quiet: Style) -> tuple[Words, ...]:
        lettering = Lettering(self.typesetter)
        runs = lettering.fit(lettering.label(self.page.status, style.largest), box.w)
        return lettering.set(runs, box, style, quiet)

    def _status(self, box: Box, style: Style, quiet: Style) -> tuple[Words, ...]:
        upper = box.upper(box.h * 66 // 100)
        large = replace(style, largest=self.px(110), middle=0.8)
        small = replace(quiet, largest=self.px(34), middle=0.1)
        return self.typesetter.set((self.page.status.text,), upper, large) + self.typesetter.set(
            (self.page.status.english,), box.under(upper.h), small
        )

    def _line(
        self, box: Box, text: str, english: str, style: Style, quiet: Style
    ) -> tuple[Words, ...]:
        if not english:
            return self.typesetter.set((text,), box, replace(style, strong=False))
        upper = box.upper(box.h * 60 // 100)
        chinese = replace(style, middle=0.9, strong=False)
        small = replace(quiet, largest=self.px(24), smallest=self.px(14), middle=0.1)
        return self.typesetter.set((text,), upper, chinese) + self.typesetter.set(
            (english,), box.under(upper.h), small
        )

    # --- the notice -----------------------------------------------------------------------------------------

    def _notice_height(self) -> int:
        return self.px(64 if self.upright else 50)

    def _notice(self, box: Box) -> Drawing:
        colours = tone_band(self.page.tone)
        style = Style(self.px(28), self.px(16), colours.main, colours.ground, rows=2)
        words = self.typesetter.set((self.page.notice,), box.inset(self.px(18), self.px(4)), style)
        return Drawing(colours.ground, (Panel(box, colours.ground),), words)

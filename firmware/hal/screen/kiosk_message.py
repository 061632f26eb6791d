"""What a kiosk's page tells, block by block below each other: a sign, one large word, sentences, text, a code."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from firmware.hal.screen import KioskPage, Manner, Tone
from firmware.hal.screen.drawing import Align, Box, Code, Drawing, Panel, Sign, Words
from firmware.hal.screen.kiosk_sections import Sections
from firmware.hal.screen.kiosk_sheet import Sheet
from firmware.hal.screen.rooms import Room, shared
from firmware.hal.screen.theme import tone_band, tone_sign
from firmware.hal.screen.typesetting import Style, line_height

__all__ = ["Block", "CodeBlock", "Message", "message_of"]

_NUMBER_LETTERS = 6  # a longer large word is a name, which only has to be read


class Block(Protocol):
    def room(self, width: int) -> Room: ...

    def drawing(self, box: Box) -> Drawing: ...


@dataclass(frozen=True, slots=True)
class _Mark:
    """The tone's sign again, large, where nothing else says at a glance what the page is about."""

    sheet: Sheet
    tone: Tone

    def room(self, width: int) -> Room:
        px = self.sheet.px
        return Room(0, min(width, px(84)), min(width, px(150)))

    def drawing(self, box: Box) -> Drawing:
        shape, ground = tone_sign(self.tone), self.sheet.theme.bare.ground
        side = min(box.h, box.w)
        if not shape or side < self.sheet.px(36):
            return self.sheet.bare
        ink = tone_band(self.tone).ground
        return Drawing(ground, signs=(Sign(box.square(side), shape, ink, ground),))


@dataclass(frozen=True, slots=True)
class _Large:
    """A ticket's number on a ticket, to be read from afar; or a name."""

    sheet: Sheet
    page: KioskPage

    @property
    def _number(self) -> bool:
        return len(self.page.large) <= _NUMBER_LETTERS

    @property
    def _style(self) -> Style:
        sheet, colours = self.sheet, self.sheet.theme.card
        if not self._number:
            colours = self.sheet.theme.bare
        ink = tone_band(self.page.tone).ground
        largest = 230 if self._number else 60
        style = sheet.style(
            largest, replace(colours, main=ink), align=Align.CENTRE, rows=2, strong=True
        )
        return replace(style, largest=sheet.px(largest))

    def room(self, width: int) -> Room:
        px, style = self.sheet.px, self._style
        if self._number:
            return Room(px(72), px(150), px(270))
        size = self.sheet.fits(
            (self.page.large,), Box(0, 0, width, px(400)), replace(style, largest=px(44))
        )
        good = self.sheet.tall((self.page.large,), width, style, size or style.smallest)
        return Room(line_height(style.smallest), good, good * 3 // 2)

    def drawing(self, box: Box) -> Drawing:
        sheet, words = self.sheet, self.sheet.typesetter.set
        if not self._number:
            return Drawing(
                sheet.theme.bare.ground, words=words((self.page.large,), box, self._style)
            )
        theme, edge = sheet.theme, max(2, sheet.px(2))
        notch = max(4, min(sheet.px(40), box.h // 3)) // 2 * 2
        width = min(box.w - notch - 2 * edge, box.h * 3)
        ticket = Box(box.x + (box.w - width) // 2, box.y, width, box.h)
        panels = [Panel(ticket, theme.card.ground, sheet.px(16), theme.accent, edge)]
        # A half disc is bitten out of each side, so that it looks like what comes out of the slot.
        y, half = box.y + (box.h - notch) // 2, notch // 2
        for x, outside in ((ticket.x, ticket.x - half - edge), (ticket.right, ticket.right)):
            bite = Box(x - half, y, notch, notch)
            panels.append(Panel(bite, theme.bare.ground, half, theme.accent, edge))
            panels.append(Panel(Box(outside, y, half + edge, notch + edge), theme.bare.ground))
        inner = ticket.inset(half + sheet.px(10), edge)
        drawn = words((self.page.large,), inner, self._style)
        return Drawing(theme.bare.ground, tuple(panels), drawn)


@dataclass(frozen=True, slots=True)
class _Lines:
    """Sentences; `lonely` ones have the page to themselves and are set larger."""

    sheet: Sheet
    lines: tuple[str, ...]
    lonely: bool
    align: Align

    def _style(self, rows: int) -> Style:
        return self.sheet.style(
            44 if self.lonely else 32,
            self.sheet.theme.bare,
            align=self.align,
            middle=0.5,
            rows=rows,
            gap=0.35,
        )

    def room(self, width: int) -> Room:
        sheet, style = self.sheet, self._style(6)
        # A page in large type has less room to spare for what only leads to its keys.
        good = min(style.largest, sheet.type(23 if sheet.large and not sheet.upright else 26))
        least, best, most = (
            sheet.tall(self.lines, width, style, size)
            for size in (style.smallest, good, style.largest)
        )
        return Room(min(least, best), best, max(best, most))

    def drawing(self, box: Box) -> Drawing:
        # Two lines each read best; more only if the type would get small.
        style = self._style(2)
        if not self.sheet.fits(
            self.lines, box, replace(style, smallest=min(style.largest, self.sheet.type(24)))
        ):
            style = self._style(6)
        words = self.sheet.typesetter.set(self.lines, box, style)
        return Drawing(self.sheet.theme.bare.ground, words=words)


@dataclass(frozen=True, slots=True)
class _Typed:
    """What was typed of a code, large in a field of its own: it is compared sign by sign with a paper."""

    sheet: Sheet
    typed: str

    def room(self, width: int) -> Room:  # noqa: ARG002 - one line, however wide
        px, type_ = self.sheet.px, self.sheet.type
        least, good, most = (line_height(type_(units)) + px(4) for units in (18, 46, 60))
        return Room(least, good, most)

    def drawing(self, box: Box) -> Drawing:
        sheet, colours = self.sheet, self.sheet.theme.card
        edge = max(2, sheet.px(2))
        panel = Panel(box, colours.ground, sheet.px(10), sheet.theme.accent, edge)
        style = sheet.style(60, colours, align=Align.CENTRE, strong=True)
        words = sheet.typesetter.set((self.typed,), box.inset(sheet.px(14), sheet.px(2)), style)
        return Drawing(colours.ground, (panel,), words)


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A QR code on white, and beside or below it what it leads to."""

    sheet: Sheet
    code: str
    note: str

    @property
    def _style(self) -> Style:
        return self.sheet.style(24, self.sheet.theme.card, rows=4)

    def _beside(self, width: int) -> bool:
        return width >= self.sheet.px(260)

    def room(self, width: int) -> Room:
        px = self.sheet.px
        if self._beside(width) or not self.note:
            return Room(px(112), px(150), px(250))
        style = self._style
        note = self.sheet.tall((self.note,), width - px(24), style, style.smallest) + px(6)
        return Room(px(112) + note, px(150) + note * 5 // 4, px(220) + note * 3 // 2)

    def drawing(self, box: Box) -> Drawing:
        sheet, card = self.sheet, self.sheet.theme.card
        panel = Panel(box, card.ground, sheet.px(14), sheet.theme.edge, max(1, sheet.px(1.5)))
        drawing = Drawing(card.ground, (panel,))
        inner = box.inset(sheet.px(10), sheet.px(8))
        if not self.note:
            return drawing + self._code(inner.square(min(inner.w, inner.h)))
        style = self._style
        if self._beside(box.w) and box.h * 4 < box.w * 3:
            side = min(inner.h, inner.w // 2)
            place, note = inner.left(side), inner.beside(side + sheet.px(14))
        else:
            tall = sheet.tall((self.note,), inner.w, style, style.smallest)
            place = inner.upper(inner.h - max(tall, inner.h * 3 // 10))
            note = inner.under(place.h)
            style = replace(style, align=Align.CENTRE)
        words = sheet.typesetter.set((self.note,), note, style)
        return drawing + self._code(place.square(min(place.w, place.h)), words)

    def _code(self, box: Box, words: tuple[Words, ...] = ()) -> Drawing:
        card = self.sheet.theme.card
        code = Code(box, self.code, card.main, card.ground)
        return Drawing(card.ground, words=words, codes=(code,))


@dataclass(frozen=True, slots=True)
class Message:
    """Blocks below each other, as high as suits them; what is left over stands around them."""

    sheet: Sheet
    blocks: tuple[Block, ...]
    middle: float = 0.45
    prompt: bool = False  # only asks which key

    @property
    def _gap(self) -> int:
        return self.sheet.px(14)

    def room(self, width: int) -> Room:
        rooms = [block.room(width) for block in self.blocks]
        gaps = self._gap * max(0, len(rooms) - 1)
        return Room(
            sum(room.least for room in rooms) + gaps,
            sum(room.good for room in rooms) + gaps,
            sum(room.most for room in rooms) + gaps,
        )

    def drawing(self, box: Box) -> Drawing:
        drawing = self.sheet.bare
        if not self.blocks or box.h <= 0:
            return drawing
        gaps = self._gap * (len(self.blocks) - 1)
        heights = shared(tuple(block.room(box.w) for block in self.blocks), box.h - gaps)
        y = box.y + max(0, int((box.h - gaps - sum(heights)) * self.middle))
        for block, height in zip(self.blocks, heights, strict=True):
            drawing += block.drawing(Box(box.x, y, box.w, height))
            y += height + self._gap
        return drawing


def message_of(sheet: Sheet, page: KioskPage, *, with_code: bool) -> Message:
    """All that a page tells, without what stands in its strips."""
    blocks: list[Block] = []
    centred = bool(page.large) or page.tone is not Tone.CALM or not page.keys
    keys = page.keys and page.manner is not Manner.LOW
    lonely = not (page.large or page.typed or page.sections or keys or (with_code and page.code))
    if page.tone is not Tone.CALM and not (page.large or page.sections):
        blocks.append(_Mark(sheet, page.tone))
        lonely = not page.code
    if page.large:
        blocks.append(_Large(sheet, page))
    if any(line.strip() for line in page.lines):
        lines = tuple(line for line in page.lines if line.strip())
        align = Align.CENTRE if centred and not page.sections else Align.LEFT
        blocks.append(_Lines(sheet, lines, lonely, align))
    if page.typed:
        blocks.append(_Typed(sheet, page.typed))
    if page.sections:
        blocks.append(Sections(sheet, page.sections))
    if page.code and with_code:
        blocks.append(CodeBlock(sheet, page.code, page.code_note))
    prompt = bool(page.keys and blocks) and all(isinstance(one, _Lines | _Typed) for one in blocks)
    return Message(sheet, tuple(blocks), 0.0 if page.sections else 0.45, prompt)

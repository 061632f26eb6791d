"""Places a kiosk's page on any screen: a band, what it tells, keys large enough for any hand, a notice, a foot."""

from __future__ import annotations

from dataclasses import dataclass, replace

from firmware.hal.screen import KioskPage, Manner, PygameScreenSettings, Tone
from firmware.hal.screen.drawing import Box, Drawing
from firmware.hal.screen.kiosk_band import Band, Notice
from firmware.hal.screen.kiosk_foot import Foot
from firmware.hal.screen.kiosk_heard import Heard
from firmware.hal.screen.kiosk_keypad import keys_of
from firmware.hal.screen.kiosk_message import CodeBlock, Message, message_of
from firmware.hal.screen.kiosk_sheet import Sheet
from firmware.hal.screen.rooms import shared
from firmware.hal.screen.theme import PLAIN, Look
from firmware.hal.screen.typesetting import Letters, Typesetter

__all__ = ["arrange_kiosk"]


def arrange_kiosk(
    page: KioskPage, settings: PygameScreenSettings, letters: Letters, look: Look = PLAIN
) -> Drawing:
    """Lay a page out on a screen; every key has its place, whatever the page holds.

    Only a page led by voice leaves out keys that are far from the one that it stands on.
    """
    typesetter = Typesetter(letters, look.smallest)
    sheet = Sheet(settings.width, settings.height, settings.dp, page.manner, typesetter, look)
    return _Kiosk(sheet, page).drawing()


@dataclass(frozen=True, slots=True)
class _Kiosk:
    sheet: Sheet
    page: KioskPage

    def drawing(self) -> Drawing:
        sheet, page = self.sheet, self.page
        whole = Box(0, 0, sheet.width, sheet.height)
        band, foot = Band(sheet, page), Foot(sheet, page.foot, page.at)
        notice = Notice(sheet, page.notice)
        top, rest = whole.upper(band.height), whole.under(band.height)
        low, body = rest.under(rest.h - foot.height), rest.upper(rest.h - foot.height)
        # Where keys lie low the strip would push them up.
        if page.manner is Manner.LOW:
            strip, body = body.upper(notice.height), body.under(notice.height)
        else:
            strip = body.under(body.h - notice.height)
            body = body.upper(body.h - notice.height)
        drawing = sheet.bare + band.drawing(top) + notice.drawing(strip)
        drawing += self._body(body.inset(sheet.px(18), sheet.px(12)))
        return drawing + foot.drawing(low)

    def _body(self, body: Box) -> Drawing:
        sheet, page = self.sheet, self.page
        beside = not sheet.upright and self._beside(body)
        if page.manner is Manner.HEARD and page.keys:
            message = message_of(sheet, page, with_code=True)
            return Heard(sheet, page, message, beside=beside).drawing(body)
        if beside:
            return self._side_by_side(body)
        message = message_of(sheet, page, with_code=True)
        if not page.keys:
            return message.drawing(body)
        if not message.blocks and page.manner is not Manner.LOW:
            return keys_of(sheet, page.keys, page.at, middle=0.5).drawing(body)
        return self._stacked(body, message)

    def _reach(self, body: Box) -> Box:
        """Where keys may lie: in the lower half of the screen, if an arm reaches no further from a wheelchair."""
        if self.page.manner is not Manner.LOW:
            return body
        return body.under((self.sheet.height + 1) // 2 - body.y)

    def _stacked(self, body: Box, message: Message) -> Drawing:
        """What is told above the keys, which lie where a hand finds them."""
        sheet, page = self.sheet, self.page
        keys, gap, low = keys_of(sheet, page.keys, page.at), sheet.px(14), self._reach(body)
        told, asked = message.room(body.w), keys.room(body.w)
        height = body.h - gap - shared((told, asked), body.h - gap)[0]
        if message.prompt:
            # What asks needs little, so that the keys are as large as may be.
            height = body.h - gap - min(told.good, max(told.least, body.h - asked.least - gap))
        height = min(height, low.h)
        upper = body.upper(body.h - height - gap)
        if page.manner is Manner.LOW:
            message = replace(message, middle=0.8)
        return message.drawing(upper) + keys.drawing(body.under(body.h - height))

    def _beside(self, body: Box) -> bool:
        """Whether keys and code stand at the right of what is told, rather than below it."""
        page, sheet = self.page, self.sheet
        tells = bool(page.large or page.sections) or page.tone is not Tone.CALM
        if not (page.keys or page.code) or not (tells or page.code):
            return False
        width, room = self._side_width(body), self._reach(body).h
        keys = keys_of(sheet, page.keys).room(width)
        if not page.code:
            least = page.manner is Manner.LOW or self._many_beside_a_number
            return (keys.least if least else keys.good) <= room
        code = CodeBlock(sheet, page.code, page.code_note).room(width)
        return keys.least <= room and code.least + keys.least + sheet.px(18) <= body.h

    def _side_width(self, body: Box) -> int:
        tenths = 3 if self.page.sections else 5 if self._many_beside_a_number else 4
        return body.w * tenths // 10 - self.sheet.px(9)

    @property
    def _many_beside_a_number(self) -> bool:
        """All that the next visitor may touch, while the one before still reads a number that has to be large."""
        return bool(self.page.large) and len(self.page.keys) > 3

    def _side_by_side(self, body: Box) -> Drawing:
        sheet, page, gap = self.sheet, self.page, self.sheet.px(18)
        width = self._side_width(body)
        left, right = body.left(body.w - width - gap), body.beside(body.w - width)
        low = self._reach(right)
        keys = keys_of(sheet, page.keys, page.at, middle=1.0 if page.code else 0.5)
        drawing = message_of(sheet, page, with_code=False).drawing(left)
        if not page.code:
            return drawing + keys.drawing(low)
        code = CodeBlock(sheet, page.code, page.code_note)
        height = 0
        if page.keys:
            height = min(low.h, shared((code.room(width), keys.room(width)), right.h - gap)[1])
        above = right.upper(right.h - height - (gap if height else 0))
        tall = min(above.h, code.room(width).most)
        place = above.under((above.h - tall) // 2).upper(tall)
        return drawing + code.drawing(place) + keys.drawing(right.under(right.h - height))

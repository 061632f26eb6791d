"""Where opinions and complaints go, and a guide who is called."""

from __future__ import annotations

from firmware.hal.screen import KeySign, KioskKey, KioskPage, Section, Tone
from firmware.ticket_kiosk.keys import HOME
from firmware.ticket_kiosk.paging import Sheet
from firmware.ticket_kiosk.view import View

__all__ = ["calling", "complaint", "guide_comes", "no_guide"]


def complaint(view: View) -> Sheet:
    says, info = view.words.phrases.complaint, view.hall.hall
    lines = (
        says.phone.format(phone=info.phone) if info.phone else "",
        says.desk,
        says.box.format(box=info.opinion_box) if info.opinion_box else "",
        says.rating if view.hall.rated_counters else "",
        says.web if info.feedback else "",
        says.anonymous,
    )
    return Sheet(
        KioskPage(
            says.title,
            sections=(Section(says.heading, tuple(filter(None, lines))),),
            code=info.feedback,
            code_note=says.code if info.feedback else "",
            notice=view.notice,
        )
    )


def calling(view: View) -> KioskPage:
    says = view.words.phrases.call
    return KioskPage(says.title, lines=(says.asking,), tone=Tone.WAIT, notice=view.notice)


def guide_comes(view: View) -> KioskPage:
    says = view.words.phrases.call
    return KioskPage(
        says.coming,
        lines=(says.stay,),
        keys=(KioskKey(HOME, view.words.phrases.keys.back, sign=KeySign.BACK),),
        tone=Tone.GOOD,
        notice=view.notice,
    )


def no_guide(view: View) -> KioskPage:
    says = view.words.phrases.call
    return KioskPage(
        says.failed,
        lines=(says.to_desk,),
        keys=(KioskKey(HOME, view.words.phrases.keys.back, sign=KeySign.BACK),),
        tone=Tone.STOP,
        notice=view.notice,
    )

"""Pages about a wish, from the asking to the paper, and about why there is none; they stand over the visitor's own. It decides nothing."""

from __future__ import annotations

from broker.messages import IssueTicket, Refusal, Reprint
from firmware.device import Print
from firmware.hal import Trouble
from firmware.hal.screen import KeySign, KioskKey, KioskPage, Tone
from firmware.ticket_kiosk.keys import HOME, REPRINT
from firmware.ticket_kiosk.view import View

__all__ = ["KioskPages"]


class KioskPages:
    """Made for one view: what is known now, in the visitor's words."""

    def __init__(self, view: View) -> None:
        self._view, self._words = view, view.words
        self._says = view.words.phrases.service

    @property
    def _leave(self) -> KioskKey:
        return KioskKey(HOME, self._words.phrases.keys.back, sign=KeySign.BACK)

    # --- a ticket ---------------------------------------------------------------------------------------

    def asking(self, service: str) -> KioskPage:
        """`service` is empty where an appointment tells it."""
        title = self._words.service(service) or self._words.phrases.appointment.title
        return KioskPage(title=title, lines=(self._says.asking,), tone=Tone.WAIT)

    def copying(self, ticket: str) -> KioskPage:
        return KioskPage(self._says.copy, large=ticket, lines=(self._says.wait,), tone=Tone.WAIT)

    def printing(self, paper: Print) -> KioskPage:
        return KioskPage(
            title=self._words.service(paper.service),
            large=paper.ticket,
            lines=(self._says.printing,),
            tone=Tone.WAIT,
        )

    def taken(self, paper: Print) -> KioskPage:
        ahead, wait = self.ahead(paper), "" if paper.alone else self._words.about(paper.wait)
        told = self._says.ahead_about.format(ahead=ahead, wait=wait) if wait else ahead
        return KioskPage(
            title=self._words.taken(paper.ticket),
            large=paper.ticket,
            lines=(told, self._says.collect),
            tone=Tone.GOOD,
        )

    def ahead(self, paper: Print) -> str:
        return self._says.alone if paper.alone else self._words.ahead(paper.ahead)

    def failed(self, paper: Print, trouble: Trouble) -> KioskPage:
        return KioskPage(
            title=self._says.not_printed,
            large=paper.ticket,
            lines=(self._says.kept, self._words.trouble(trouble), self._says.printed_later),
            tone=Tone.STOP,
        )

    def has_ticket(self, ticket: str) -> KioskPage:
        """One ticket for each person and service: the paper can be had again, another number cannot."""
        return KioskPage(
            title=self._says.has.format(ticket=ticket),
            large=ticket,
            lines=(self._says.listen, self._says.copy_offer),
            keys=(KioskKey(REPRINT, self._says.copy), self._leave),
            tone=Tone.WAIT,
        )

    # --- none -------------------------------------------------------------------------------------------

    def stopped(self, why: str) -> KioskPage:
        title = self._words.phrases.stopped.title
        return KioskPage(title, lines=(why,), tone=Tone.STOP, notice=self._view.notice)

    def emergency(self, told: str) -> KioskPage:
        """Over everything; the hall's own sentence stands first."""
        says = self._words.phrases.emergency
        return KioskPage(says.title, lines=(told, says.calm), tone=Tone.STOP)

    def refused(
        self, code: Refusal | None, service: str = "", again: int = 0, *, by_card: bool = False
    ) -> KioskPage:
        """Why a wish was refused; `service` is the one that was touched, from `again` on it can be had."""
        if code is Refusal.UNKNOWN_APPOINTMENT and not service:
            return self.unknown_card() if by_card else self.unknown_code()
        told = self._words.refused(code, alone=self._view.alone is not None)
        lines = (self._words.service(service), told, self._words.again(again))
        return self._sorry(self._says.sorry, *filter(None, lines))

    def unanswered(self, command: IssueTicket | Reprint) -> KioskPage:
        says = self._says
        title = says.unanswered if isinstance(command, IssueTicket) else says.unanswered_copy
        return self._sorry(title, says.retry)

    def unkept(self) -> KioskPage:
        """A number cannot be given out that the kiosk may have forgotten after a power cut."""
        return self._sorry(self._says.sorry, self._says.unkept, self._says.by_hand)

    # --- what is held before it -------------------------------------------------------------------------

    def unknown_code(self) -> KioskPage:
        says = self._words.phrases.scan
        return self._sorry(says.unknown, says.show_ours, says.no_appointment)

    def unknown_card(self) -> KioskPage:
        says, scan = self._words.phrases.appointment, self._words.phrases.scan
        return self._sorry(says.unknown_card, scan.no_appointment, scan.keep_card)

    def no_card_needed(self) -> KioskPage:
        """A card was shown that counts for nothing here; nothing of it is kept."""
        says = self._words.phrases.scan
        lines = (says.choose_directly, says.keep_card)
        return KioskPage(title=says.no_card, lines=lines, tone=Tone.GOOD)

    # --- an item's notice on paper ----------------------------------------------------------------------

    def printing_notice(self) -> KioskPage:
        says = self._words.phrases.guide
        return KioskPage(says.slip, lines=(says.printing,), tone=Tone.WAIT)

    def notice_printed(self, back: str) -> KioskPage:
        says = self._words.phrases
        key = KioskKey(back, says.keys.back, sign=KeySign.BACK)
        return KioskPage(says.guide.slip, lines=(says.guide.printed,), keys=(key,), tone=Tone.GOOD)

    def notice_failed(self, trouble: Trouble) -> KioskPage:
        return self._sorry(self._words.phrases.guide.not_printed, self._words.trouble(trouble))

    def _sorry(self, title: str, *lines: str) -> KioskPage:
        return KioskPage(
            title=title,
            lines=lines,
            keys=(self._leave,),
            tone=Tone.STOP,
            notice=self._view.notice,
        )

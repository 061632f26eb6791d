"""From a number to paper: begun, come, failed, given back; which number is next is the hub's, or the lent block's, business."""

from __future__ import annotations

from broker.messages import ReportPrinted, ReportPrintFailed, VoidTicket
from broker.settings import Hall
from firmware.device import Effect, Failed, Print, Send, StartTimer
from firmware.ticket_kiosk.face import Face
from firmware.ticket_kiosk.in_hand import InHand
from firmware.ticket_kiosk.materials import versions

__all__ = ["Outlet"]

TRY_AGAIN_S = 5.0
VOID_AFTER_S = 600.0


class Outlet:
    """One paper at a time; `papers` knows how far each is, `face` tells the visitor."""

    def __init__(self, hall: Hall, face: Face, papers: InHand) -> None:
        self._hall = hall
        self._face, self._papers = face, papers

    def prints(self, paper: Print) -> tuple[Effect, ...]:
        self._papers.begins(paper)
        self._face.visit.goes_home()
        return (paper, *self._face.tell(self._face.pages.printing(paper), 0))

    def printed(self, paper: Print) -> tuple[Effect, ...]:
        self._papers.came(paper)
        return (
            StartTimer(f"void:{paper.ticket}", 0),
            Send(ReportPrinted(ticket=paper.ticket, items=versions(self._hall, paper)), None),
            *self._face.tell_taken(paper),
            *self._face.says_taken(paper),
        )

    def failed(self, paper: Print, failed: Failed) -> tuple[Effect, ...]:
        # The ten minutes run from the first failure, however often it is tried again.
        first = self._papers.fails(paper)
        self._face.special = self._face.pages.failed(paper, failed.trouble)
        return (
            Send(ReportPrintFailed(ticket=paper.ticket, reason=failed.sentence), None),
            *((StartTimer(f"void:{paper.ticket}", VOID_AFTER_S),) if first else ()),
            StartTimer("again", TRY_AGAIN_S),
            *self._face.draw(),
        )

    def settle(self, *, owed: bool) -> tuple[Effect, ...]:
        """Print what is owed, as soon as the printer is known to be well; not `owed`: see `InHand.next`."""
        printer = self._face.printer
        if self._papers.printing or not (printer and printer.usable):
            return ()
        paper = self._papers.next(owed=owed)
        return self.prints(paper) if paper else ()

    def void(self, ticket: str) -> tuple[Effect, ...]:
        """Nobody waits ten minutes at a kiosk for paper: the number is given back, unless a visitor holds it."""
        if self._papers.is_printing(ticket):
            return (StartTimer(f"void:{ticket}", TRY_AGAIN_S),)  # its last chance is under way
        if not self._papers.gives_up(ticket):
            return ()
        if self._face.special is not None and self._face.special.large == ticket:
            self._face.special = None
        void = Send(VoidTicket(ticket=ticket, reason="its paper never came"), None)
        return (*(() if self._papers.has_come(ticket) else (void,)), *self._face.draw())

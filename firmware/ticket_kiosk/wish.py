"""A visitor's wish, from the touch to its answer: one at a time, and none before the printer is known to be well."""

from __future__ import annotations

from broker.messages import (
    CommandRefused,
    Event,
    IssueTicket,
    Refusal,
    ReportIssuedAlone,
    Reprint,
    ReprintOrdered,
    TicketIssued,
    VoidTicket,
)
from firmware.device import CheckPrinter, Effect, Send, StartTimer
from firmware.hal import Health, Trouble
from firmware.hal.screen import KioskPage
from firmware.ticket_kiosk.alone import KEPT, OwnWord
from firmware.ticket_kiosk.face import HOME_AFTER_S, SORRY_S, Face
from firmware.ticket_kiosk.in_hand import first_paper
from firmware.ticket_kiosk.outlet import Outlet

__all__ = ["ASK_LIVES_S", "Wish"]

ASK_LIVES_S = 5.0


class Wish:
    """A ticket, or a copy of one. Alone, a ticket is one of the numbers that were lent."""

    def __init__(self, face: Face, own_word: OwnWord, outlet: Outlet) -> None:
        self._face, self._own_word, self._outlet = face, own_word, outlet
        self._wanted: IssueTicket | Reprint | None = None
        self._asked = self._once_asked = False
        self._offered: Reprint | None = None

    @property
    def is_open(self) -> bool:
        return self._wanted is not None

    def forget_offer(self) -> None:
        self._offered = None

    # --- a touch --------------------------------------------------------------------------------------

    def ticket(self, wanted: IssueTicket) -> tuple[Effect, ...]:
        """A ticket is wished for; where none can be had, as far as is known, the hub is not asked."""
        queue = self._face.known
        known = queue.services.get(wanted.service) if queue else None
        if known is not None and known.refused is not None:
            return self._sorry(self._face.pages.refused(known.refused, wanted.service, known.again))
        return self._want(wanted, self._face.pages.asking(wanted.service))

    def copy(self) -> tuple[Effect, ...]:
        """The copy that was offered."""
        if self._offered is None:
            return ()
        return self._want(self._offered, self._face.pages.copying(self._offered.ticket))

    def _want(self, wanted: IssueTicket | Reprint, page: KioskPage) -> tuple[Effect, ...]:
        # The printer is asked before a number is: paper may have run out since its health was last seen.
        self._wanted = wanted
        return (CheckPrinter(), *self._face.tell(page, 0))

    def ask(self) -> tuple[Effect, ...]:
        """The printer is well."""
        if self._wanted is None or self._asked:
            return ()
        self._asked = True
        if self._face.alone is not None:
            return self._give(self._wanted)
        if self._once_asked:
            # Were the power cut now, the disk would not know yet that the first question was taken back.
            wanted = self._wanted
            self._close()
            return self._sorry(self._face.pages.unanswered(wanted))
        return (Send(self._wanted, ASK_LIVES_S),)

    def give_up(self) -> tuple[Effect, ...]:
        """Before anything was asked for; the page that led to it goes."""
        if self._wanted is None or self._asked:
            return ()
        self._close()
        return self._face.turns()

    def cannot_print(self, trouble: Trouble) -> tuple[Effect, ...]:
        """No number was asked for; the printer's worker goes on looking, and its health opens the kiosk again."""
        self._face.printer = Health(usable=False, troubles=(trouble,))
        return self.give_up() or self._face.draw()

    # --- its answer -----------------------------------------------------------------------------------

    def answered(
        self, command: IssueTicket | Reprint, events: tuple[Event, ...]
    ) -> tuple[Effect, ...]:
        if self._wanted is None or self._own_word.gives:
            return ()  # it was given up, and taken back
        self._close()
        pages = self._face.pages
        match events:
            case (TicketIssued() as issued, *_):
                self._offered = None
                return self._outlet.prints(first_paper(issued))
            case (ReprintOrdered(ticket=ticket), *_):
                # What is to be printed comes with this kiosk's state.
                return self._sorry(pages.copying(ticket))
            case (CommandRefused(code=Refusal.HAS_TICKET, ticket=ticket), *_) if ticket:
                proof = {"person": command.person, "appointment": command.appointment}
                return self.offer(Reprint(ticket=ticket, **proof))
            case (CommandRefused(code=code, again=again), *_):
                service = command.service if isinstance(command, IssueTicket) else ""
                refused = pages.refused(code, service, again, by_card=not command.appointment)
                return self._sorry(refused)
            case _:
                return self._sorry(pages.refused(None))

    def offer(self, copy: Reprint) -> tuple[Effect, ...]:
        self._offered = copy
        return self._face.tell(self._face.pages.has_ticket(copy.ticket), HOME_AFTER_S)

    def unanswered(self, command: IssueTicket | Reprint, command_id: str) -> tuple[Effect, ...]:
        """Taken back first, so that one touch never becomes two tickets; then, if need be, a number that was lent."""
        self._close()
        back: tuple[Effect, ...] = ()
        if isinstance(command, IssueTicket):
            if command_id:
                back = (self._own_word.take_back(command_id),)
            # Which service an appointment is for only the hub knows.
            if self._face.alone is not None and not self._face.stopped and command.service:
                again = self.ticket(command)
                self._once_asked = self.is_open
                return (*back, *again)
        return (*back, *self._sorry(self._face.pages.unanswered(command)))

    # --- alone ----------------------------------------------------------------------------------------

    def _give(self, wanted: IssueTicket | Reprint) -> tuple[Effect, ...]:
        """A number that was lent; copies, and tickets for appointments, only the hub can order."""
        if isinstance(wanted, Reprint) or not wanted.service:
            self._close()
            return self._sorry(self._face.pages.unanswered(wanted))
        given = self._own_word.give(wanted, self._face.now)
        if not given:
            # It was the last one, or its hour is over, while the printer was looked at.
            self._close()
            return self.ticket(wanted)
        return given

    def kept(self, report: ReportIssuedAlone) -> tuple[Effect, ...]:
        paper = self._own_word.kept(report)
        if paper is None:
            void = VoidTicket(ticket=report.ticket, reason="the kiosk's disk was too slow for it")
            return (Send(void, None),)
        self._close()
        self._offered = None
        return (StartTimer(KEPT, 0), *self._outlet.prints(paper))

    def unkept(self) -> tuple[Effect, ...]:
        if not self._own_word.is_too_slow():
            return ()
        self._close()
        return self._sorry(self._face.pages.unkept())

    def _close(self) -> None:
        self._wanted, self._asked, self._once_asked = None, False, False

    def _sorry(self, page: KioskPage) -> tuple[Effect, ...]:
        return self._face.tell(page, SORRY_S)

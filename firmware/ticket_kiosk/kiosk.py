"""The ticket kiosk's thinking: what it hears goes to whom it concerns - wish, paper, numbers lent, face."""

from __future__ import annotations

from broker.hearing import Alone, Answered, Kept, Together, Unanswered
from broker.messages import (
    BorrowBlock,
    HubState,
    IssueTicket,
    KioskState,
    QueueState,
    ReportIssuedAlone,
    Reprint,
    ReturnTicket,
    Withdraw,
)
from broker.settings import Hall
from firmware.device import (
    NO_PAST,
    CheckPrinter,
    Done,
    Effect,
    Event,
    Failed,
    KeyPressed,
    PartHealth,
    Past,
    Print,
    Send,
    StartTimer,
    TimerFired,
)
from firmware.hal.screen import KioskPage, Tone
from firmware.ticket_kiosk.alone import OwnWord
from firmware.ticket_kiosk.check_in import CheckIn, is_ours
from firmware.ticket_kiosk.face import HOME_AFTER_S, TAKEN_S, Face
from firmware.ticket_kiosk.in_hand import InHand
from firmware.ticket_kiosk.lent import Lent
from firmware.ticket_kiosk.outlet import Outlet
from firmware.ticket_kiosk.pages import GREEN, HOME, REPRINT
from firmware.ticket_kiosk.wish import ASK_LIVES_S, Wish

__all__ = ["TicketKiosk"]

STARTING_S = 8.0
LOOK_S = 20.0


class TicketKiosk:
    """Keys: the services' ids, `green` for the green channel; on some pages `page:home` and `page:reprint`."""

    def __init__(self, hall: Hall, device: str, past: Past = NO_PAST) -> None:
        self._hall, self._device = hall, device
        self._lent = Lent(hall, past)
        self._face = Face(hall, self._lent)
        self._papers = InHand()
        self._own_word = OwnWord(self._lent, self._papers, past)
        self._outlet = Outlet(self._face, self._papers)
        self._wish = Wish(self._face, self._own_word, self._outlet)
        self._check_in = CheckIn(hall)

    def start(self) -> tuple[Effect, ...]:
        return (StartTimer("starting", STARTING_S), *self._face.draw())

    def handle(self, event: Event, now: int) -> tuple[Effect, ...]:
        if not self._face.now:
            self._own_word.recall(now)
        self._face.now = now
        match event:
            case KeyPressed(key=key):
                return self._pressed(key)
            case Done(effect=CheckPrinter()):
                return (*self._wish.ask(), *self._settle())
            case Failed(effect=CheckPrinter(), trouble=trouble):
                return self._wish.cannot_print(trouble)
            case Answered(command=IssueTicket() | Reprint() as command, events=events):
                return (*self._wish.answered(command, events), *self._settle())
            case Unanswered(command=IssueTicket() | Reprint() as command, command_id=command_id):
                return (*self._wish.unanswered(command, command_id), *self._settle())
            case Answered(command=ReturnTicket() as command, events=events):
                return self._checked_in(self._check_in.answered(command, events))
            case Unanswered(command=ReturnTicket() as command):
                return self._checked_in(self._check_in.unanswered(command))
            case Answered(command=BorrowBlock() as command, events=events):
                return (*self._lent.answered(command, events, now), *self._face.draw())
            case Answered(command=Withdraw(command_id=command_id), events=events):
                self._own_word.taken_back(command_id, events)
                return self._settle()
            case Kept(command=ReportIssuedAlone() as report):
                return self._wish.kept(report)
            case Done(effect=Print() as printed):
                return (*self._outlet.printed(printed), *self._settle())
            case Failed(effect=Print() as failed):
                return self._outlet.failed(failed, event)
            case PartHealth(part="printer", health=health):
                self._face.printer = health
                return (*self._settle(), *self._face.draw())
            case KioskState(kiosk=self._device, unprinted=owed):
                self._papers.owed = owed
                return self._settle()
            case TimerFired(name=name):
                return self._fired(name)
            case QueueState():
                self._face.queue = event
                return (*self._lent.note(event, now), *self._face.draw())
            case HubState():
                return self._borrow()
            case Alone(cause=cause):
                self._face.starting, self._face.alone = False, cause
                return self._look()
            case Together():
                self._face.starting, self._face.alone = False, None
                return (*self._borrow(), *self._face.draw())
            case _:
                return ()

    def _fired(self, name: str) -> tuple[Effect, ...]:
        match name:
            case "home":
                return self._go_home()
            case "kept":
                return (*self._wish.unkept(), *self._settle())
            case "again":
                return self._settle()
            case "starting" | "look":
                self._face.starting = False
                return self._look()
            case _ if name.startswith("void:"):
                return self._outlet.void(name.removeprefix("void:"))
            case _:
                return ()

    # --- a touch --------------------------------------------------------------------------------------

    def _pressed(self, key: str) -> tuple[Effect, ...]:
        if self._busy or self._face.stopped:
            return ()
        if key == GREEN:
            self._face.green = not self._face.green
            return self._face.tell(None, HOME_AFTER_S)
        if key == HOME:
            return (StartTimer("home", 0), *self._go_home())
        if is_ours(key):
            return self._comes_back(key)
        if key == REPRINT:
            return self._wish.copy()
        if key not in self._hall.service:
            return ()
        green = GREEN if self._face.green else ""
        return self._wish.ticket(IssueTicket(service=key, green=green))

    def _go_home(self) -> tuple[Effect, ...]:
        self._wish.forget_offer()
        self._face.special, self._face.green = None, False
        return self._face.draw()

    def _comes_back(self, key: str) -> tuple[Effect, ...]:
        """A missed number; no printer is needed for it to wait again."""
        page = self._check_in.pressed(key, self._face.known)
        if isinstance(page, ReturnTicket):
            asking = self._check_in.asking(page)
            return (Send(page, ASK_LIVES_S), *self._face.tell(asking, HOME_AFTER_S))
        return self._face.tell(page, HOME_AFTER_S)

    def _checked_in(self, page: KioskPage) -> tuple[Effect, ...]:
        # Somebody else may have touched a service's key meanwhile: his number comes first.
        if self._busy:
            return ()
        return self._face.tell(page, TAKEN_S if page.tone is Tone.GOOD else HOME_AFTER_S)

    # --- what goes on without a visitor -----------------------------------------------------------------

    @property
    def _busy(self) -> bool:
        return self._wish.is_open or self._papers.printing

    def _borrow(self) -> tuple[Effect, ...]:
        if self._face.alone is not None:
            return ()
        return tuple(Send(borrow, None) for borrow in self._lent.borrows(self._face.now))

    def _look(self) -> tuple[Effect, ...]:
        """Alone, nobody tells that hours begin or end."""
        again = () if self._face.alone is None else (StartTimer("look", LOOK_S),)
        return (*again, *self._face.draw())

    def _settle(self) -> tuple[Effect, ...]:
        """Print what is owed, once nobody asks; some of what the hub says is owed may be what was taken back."""
        if self._wish.is_open:
            return ()
        prints = self._outlet.settle(owed=not self._own_word.takes_back)
        if prints:
            self._wish.forget_offer()
        return prints

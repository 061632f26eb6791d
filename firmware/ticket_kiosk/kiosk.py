"""The ticket kiosk's thinking: what it hears goes to whom it concerns - wish, paper, numbers lent, face."""

from __future__ import annotations

from broker.hearing import Alone, Answered, Kept, Together, Unanswered
from broker.messages import (
    BorrowBlock,
    CardKey,
    HubState,
    IssueTicket,
    KioskState,
    QueueState,
    ReportIssuedAlone,
    Reprint,
    ReturnTicket,
    Withdraw,
)
from broker.messages import Event as Written
from broker.settings import Hall
from firmware.device import (
    NO_PAST,
    CardShown,
    CheckPrinter,
    CodeScanned,
    Done,
    Effect,
    Event,
    Failed,
    KeyPressed,
    PartHealth,
    Past,
    Print,
    PrintTest,
    Send,
    StartTimer,
    TimerFired,
)
from firmware.hal import Health, Trouble
from firmware.hal.screen import KioskPage, Tone
from firmware.ticket_kiosk.alone import OwnWord
from firmware.ticket_kiosk.card_day import CardDay
from firmware.ticket_kiosk.check_in import CheckIn, is_ours
from firmware.ticket_kiosk.face import HOME_AFTER_S, SORRY_S, TAKEN_S, Face
from firmware.ticket_kiosk.in_hand import InHand
from firmware.ticket_kiosk.lent import Lent
from firmware.ticket_kiosk.outlet import Outlet
from firmware.ticket_kiosk.pages import ELDERLY, GREEN, HOME, REPRINT, ROLL
from firmware.ticket_kiosk.roll import RollChange
from firmware.ticket_kiosk.scans import Scans
from firmware.ticket_kiosk.wish import ASK_LIVES_S, Wish

__all__ = ["TicketKiosk"]

STARTING_S = 8.0
LOOK_S = 20.0
ROLL_S = 120.0


class TicketKiosk:
    """Keys: the services' ids, `green` for the green channel; on some pages `page:home` and `page:reprint`;
    `page:roll` is for staff, inside the case.
    """

    def __init__(self, hall: Hall, device: str, past: Past = NO_PAST) -> None:
        self._hall, self._device = hall, device
        self._lent = Lent(hall, past)
        self._roll = RollChange()
        self._face = Face(hall, self._lent, self._roll)
        self._papers = InHand()
        self._own_word = OwnWord(self._lent, self._papers, past)
        self._outlet = Outlet(hall, self._face, self._papers)
        self._wish = Wish(self._face, self._own_word, self._outlet)
        self._check_in = CheckIn(hall)
        self._scans = Scans(hall)
        self._card_day = CardDay(hall)

    def start(self) -> tuple[Effect, ...]:
        return (StartTimer("starting", STARTING_S), *self._face.draw())

    def handle(self, event: Event, now: int) -> tuple[Effect, ...]:
        if not self._face.now:
            self._own_word.recall(now)
        self._face.now = now
        if isinstance(event, CardKey):
            self._card_day.hears(event)
        return (*self._turn_day(now), *self._think(event, now))

    def _turn_day(self, now: int) -> tuple[Effect, ...]:
        used = self._card_day.turns(now)
        if used is None:
            return ()
        if not self._face.person:
            return (used,)
        # Who laid a card under another key is nobody whom this one knows: as if they had laid none.
        self._face.person = ""
        return (used, *self._face.draw())

    def _think(self, event: Event, now: int) -> tuple[Effect, ...]:
        match event:
            case KeyPressed(key=key):
                return self._pressed(key)
            case CodeScanned(code=code):
                return self._scanned(code)
            case CardShown():
                return self._carded(event)
            case Done(effect=CheckPrinter()):
                return self._may_ask()
            case Failed(effect=CheckPrinter(), trouble=trouble):
                return self._cannot_print(trouble)
            case Done(effect=PrintTest() as test):
                return self._proven(test)
            case Failed(effect=PrintTest() as test, trouble=trouble):
                self._roll.failed(test, trouble)
                return self._face.draw()
            case Answered(command=IssueTicket() | Reprint() as command, events=events):
                return (*self._wish.answered(command, events), *self._settle())
            case Unanswered(command=IssueTicket() | Reprint() as command, command_id=command_id):
                return (*self._wish.unanswered(command, command_id), *self._settle())
            case Answered(command=ReturnTicket() as command, events=events):
                return self._came_back(command, events)
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
                tests = self._roll.sees(health, now)
                return (*tests, *self._settle(), *self._face.draw())
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
            case "roll":
                self._roll.leave()
                return self._face.draw()
            case "starting" | "look":
                self._face.starting = False
                return self._look()
            case _ if name.startswith("void:"):
                return self._outlet.void(name.removeprefix("void:"))
            case _:
                return ()

    # --- a touch --------------------------------------------------------------------------------------

    def _pressed(self, key: str) -> tuple[Effect, ...]:
        if self._busy:
            return ()
        if key == ROLL:
            tests = self._roll.pressed(self._face.now)
            return (*tests, StartTimer("roll", ROLL_S), *self._face.draw())
        if key == HOME and self._roll.is_on:
            self._roll.leave()
            return self._face.draw()
        if self._face.stopped:
            return ()
        if key == GREEN:
            self._face.green = "" if self._face.green else GREEN
            return self._face.tell(None, HOME_AFTER_S)
        if key == HOME:
            return (StartTimer("home", 0), *self._go_home())
        if is_ours(key):
            return self._comes_back(key)
        if key == REPRINT:
            return self._wish.copy()
        if key not in self._hall.service:
            return ()
        return self._ticket(key)

    def _ticket(self, service: str, appointment: str = "") -> tuple[Effect, ...]:
        face = self._face
        return self._wish.ticket(
            IssueTicket(
                service=service, green=face.green, appointment=appointment, person=face.person
            )
        )

    def _go_home(self) -> tuple[Effect, ...]:
        self._wish.forget_offer()
        self._face.special = None
        self._face.forget_visitor()
        return self._face.draw()

    def _comes_back(self, key: str) -> tuple[Effect, ...]:
        page = self._check_in.pressed(key, self._face.known)
        return self._go(page, HOME_AFTER_S)

    def _go(self, page: ReturnTicket | KioskPage, seconds: float) -> tuple[Effect, ...]:
        """A page, or a missed number; no printer is needed for it to wait again."""
        if isinstance(page, ReturnTicket):
            asking = self._check_in.asking(page)
            return (Send(page, ASK_LIVES_S), *self._face.tell(asking, HOME_AFTER_S))
        return self._face.tell(page, seconds)

    def _came_back(self, command: ReturnTicket, events: tuple[Written, ...]) -> tuple[Effect, ...]:
        answer = self._scans.answered(command, events)
        if isinstance(answer, Reprint):
            return () if self._busy else self._wish.offer(answer)
        return self._checked_in(answer or self._check_in.answered(command, events))

    def _checked_in(self, page: KioskPage) -> tuple[Effect, ...]:
        # Somebody else may have touched a service's key meanwhile: his number comes first.
        if self._busy:
            return ()
        return self._face.tell(page, TAKEN_S if page.tone is Tone.GOOD else HOME_AFTER_S)

    # --- the printer ------------------------------------------------------------------------------------

    def _may_ask(self) -> tuple[Effect, ...]:
        if self._roll.is_on:
            return self._wish.give_up()
        return (*self._wish.ask(), *self._settle())

    def _cannot_print(self, trouble: Trouble) -> tuple[Effect, ...]:
        self._roll.sees(Health(usable=False, troubles=(trouble,)), self._face.now)
        return self._wish.cannot_print(trouble)

    def _proven(self, test: PrintTest) -> tuple[Effect, ...]:
        if not self._roll.proven(test):
            return ()
        return (*self._face.tell(self._roll.done(), TAKEN_S), *self._settle())

    # --- what is held before it --------------------------------------------------------------------------

    def _scanned(self, code: str) -> tuple[Effect, ...]:
        if self._busy or self._face.stopped:
            return ()
        read = self._scans.read(code, self._face.now, alone=self._face.alone is not None)
        if isinstance(read, IssueTicket):
            return self._ticket(read.service, read.appointment)
        return self._go(read or self._face.pages.unknown_code(), SORRY_S)

    def _carded(self, card: CardShown) -> tuple[Effect, ...]:
        """Of a card counts its holder's age where the hall has that class, the person where the rules ask for it."""
        if self._busy or self._face.stopped:
            return ()
        self._wish.forget_offer()
        chosen = GREEN if self._face.green == GREEN else ""
        elderly = card.elderly and ELDERLY in self._hall.priority_class
        self._face.green = ELDERLY if elderly else chosen
        self._face.person = card.person if self._hall.rules.one_per_person else ""
        if elderly or self._face.person:
            return self._face.tell(None, HOME_AFTER_S)
        return self._face.tell(self._face.pages.no_card_needed(), SORRY_S)

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
        if self._wish.is_open or self._roll.is_on:
            return ()
        prints = self._outlet.settle(owed=not self._own_word.takes_back)
        if prints:
            self._wish.forget_offer()
        return prints

"""The ticket kiosk's thinking: what it hears goes to whom it concerns - wish, paper, numbers lent, face."""

from __future__ import annotations

from broker.hearing import Alone, Answered, Kept, Together, Unanswered
from broker.messages import (
    BorrowBlock,
    CallGuide,
    CardKey,
    HallState,
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
    PrintNotice,
    PrintTest,
    Send,
    StartTimer,
    TimerFired,
)
from firmware.hal import Health, Trouble
from firmware.ticket_kiosk.alone import OwnWord
from firmware.ticket_kiosk.card_day import CardDay
from firmware.ticket_kiosk.countdown import GOES_HOME, TICK
from firmware.ticket_kiosk.face import TAKEN_S, Face
from firmware.ticket_kiosk.in_hand import InHand
from firmware.ticket_kiosk.keys import HOME, ROLL
from firmware.ticket_kiosk.lent import Lent
from firmware.ticket_kiosk.outlet import Outlet
from firmware.ticket_kiosk.roll import RollChange
from firmware.ticket_kiosk.touched import Touched
from firmware.ticket_kiosk.wish import Wish

__all__ = ["TicketKiosk"]

STARTING_S = 8.0
LOOK_S = 20.0
ROLL_S = 120.0


class TicketKiosk:
    """Keys: on the screen those of its pages; beside it the services' ids, which print at once, and those of `STANDING`;
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
        self._touched = Touched(hall, device, self._face, self._wish)
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
        if not self._face.visit.person:
            return (used,)
        # Who laid a card under another key is nobody whom this one knows: as if they had laid none.
        self._face.visit.person = ""
        return (used, *self._face.draw())

    def _think(self, event: Event, now: int) -> tuple[Effect, ...]:
        match event:
            case KeyPressed(key=key):
                return self._pressed(key)
            case CodeScanned(code=code):
                return () if self._deaf else self._touched.scanned(code)
            case CardShown():
                return () if self._deaf else self._touched.carded(event)
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
                return self._touched.came_back(command, events, busy=self._busy)
            case Unanswered(command=ReturnTicket() as command):
                return self._touched.not_answered(command, busy=self._busy)
            case Answered(command=CallGuide(), events=events):
                return self._touched.guide_answered(events, busy=self._busy)
            case Unanswered(command=CallGuide()):
                return self._touched.guide_answered((), busy=self._busy)
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
            case Done(effect=PrintNotice() as notice):
                return (*self._touched.printed(notice), *self._settle())
            case Failed(effect=PrintNotice() as notice):
                return (*self._touched.not_printed(notice, event), *self._settle())
            case PartHealth(part="printer", health=health):
                self._face.printer = health
                tests = self._roll.sees(health, now)
                return (*tests, *self._settle(), *self._face.draw())
            case KioskState(kiosk=self._device, unprinted=owed):
                self._papers.owed = owed
                return (*self._settle(), *self._guide(called=bool(event.guide_since)))
            case HallState(emergency=emergency):
                return self._emergency(emergency)
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
            case _ if name == GOES_HOME:
                return self._go_home()
            case _ if name == TICK:
                return self._face.ticks()
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

    # --- a visitor --------------------------------------------------------------------------------------

    def _pressed(self, key: str) -> tuple[Effect, ...]:
        if self._busy:
            return ()
        if key == ROLL:
            tests = self._roll.pressed(self._face.now)
            return (*tests, StartTimer("roll", ROLL_S), *self._face.draw())
        if key == HOME and self._roll.is_on:
            self._roll.leave()
            return self._face.draw()
        return () if self._face.stopped else self._touched.pressed(key)

    def _go_home(self) -> tuple[Effect, ...]:
        self._wish.forget_offer()
        return self._face.leaves()

    # --- the hall ---------------------------------------------------------------------------------------

    def _emergency(self, told: str) -> tuple[Effect, ...]:
        """All that visitors had begun is over at once; a number that is being printed has its paper."""
        if told == self._face.emergency:
            return ()
        self._face.emergency = told
        if not told:
            return (*self._settle(), *self._face.draw())
        self._wish.forget_offer()
        self._wish.give_up()
        if not self._busy:
            return self._face.leaves()
        self._face.visit.ends()
        return self._face.draw()

    def _guide(self, *, called: bool) -> tuple[Effect, ...]:
        if called == self._face.guide_called:
            return ()
        self._face.guide_called = called
        return self._face.draw()

    # --- the printer ------------------------------------------------------------------------------------

    def _may_ask(self) -> tuple[Effect, ...]:
        if self._roll.is_on or self._face.emergency:
            return self._wish.give_up()
        return (*self._wish.ask(), *self._settle())

    def _cannot_print(self, trouble: Trouble) -> tuple[Effect, ...]:
        self._roll.sees(Health(usable=False, troubles=(trouble,)), self._face.now)
        return self._wish.cannot_print(trouble)

    def _proven(self, test: PrintTest) -> tuple[Effect, ...]:
        if not self._roll.proven(test):
            return ()
        return (*self._face.tell(self._roll.done(self._face.words), TAKEN_S), *self._settle())

    # --- what goes on without a visitor -----------------------------------------------------------------

    @property
    def serving(self) -> bool:
        return self._busy or not self._face.visit.is_plain

    @property
    def _busy(self) -> bool:
        return self._wish.is_open or self._papers.printing or self._touched.prints_a_notice

    @property
    def _deaf(self) -> bool:
        return self._busy or bool(self._face.stopped)

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
        if (
            self._face.emergency
            or self._wish.is_open
            or self._roll.is_on
            or self._touched.prints_a_notice
        ):
            return ()
        prints = self._outlet.settle(owed=not self._own_word.takes_back)
        if prints:
            self._wish.forget_offer()
        return prints

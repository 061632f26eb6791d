"""The ticket kiosk's thinking: a touch becomes a number, a number becomes paper; alone, one of the numbers it was lent."""

from __future__ import annotations

from broker.hearing import Alone, Answered, Kept, Together, Unanswered
from broker.messages import (
    BorrowBlock,
    CommandRefused,
    HubState,
    IssueTicket,
    KioskState,
    QueueState,
    Refusal,
    ReportIssuedAlone,
    ReportPrinted,
    ReportPrintFailed,
    Reprint,
    ReprintOrdered,
    ReturnTicket,
    TicketIssued,
    VoidTicket,
    Withdraw,
)
from broker.settings import Hall
from firmware.device import (
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
from firmware.hal import Health, Trouble
from firmware.hal.screen import KioskPage, Tone
from firmware.ticket_kiosk.alone import KEPT, OwnWord
from firmware.ticket_kiosk.check_in import CheckIn, is_ours
from firmware.ticket_kiosk.face import Face
from firmware.ticket_kiosk.in_hand import InHand, first_paper
from firmware.ticket_kiosk.lent import Lent
from firmware.ticket_kiosk.pages import GREEN, HOME, REPRINT

__all__ = ["TicketKiosk"]

ASK_LIVES_S = 5.0
STARTING_S = 8.0
LOOK_S = 20.0
HOME_AFTER_S = 60.0
TAKEN_S = 12.0
SORRY_S = 8.0
TRY_AGAIN_S = 5.0
VOID_AFTER_S = 600.0
NO_PAST = Past()


class TicketKiosk:
    """Keys: the services' ids, `green` for the green channel; on some pages `page:home` and `page:reprint`."""

    def __init__(self, hall: Hall, device: str, past: Past = NO_PAST) -> None:
        self._hall, self._device = hall, device
        self._lent = Lent(hall, past)
        self._face = Face(hall, self._lent)
        self._wanted: IssueTicket | Reprint | None = None
        self._asked = False
        self._offered: Reprint | None = None
        self._papers = InHand()
        self._own_word = OwnWord(self._lent, self._papers, past)
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
                return self._ask()
            case Failed(effect=CheckPrinter(), trouble=trouble):
                return self._cannot_print(trouble)
            case Answered(command=IssueTicket() | Reprint() as command, events=events):
                if self._wanted is None or self._own_word.gives:
                    return ()  # it was given up, and taken back
                self._wanted, self._asked = None, False
                return (*self._answered(command, events), *self._settle())
            case Answered(command=ReturnTicket() as command, events=events):
                return self._checked_in(self._check_in.answered(command, events))
            case Unanswered(command=ReturnTicket() as command):
                return self._checked_in(self._check_in.unanswered(command))
            case Answered(command=BorrowBlock() as command, events=events):
                return (*self._lent.answered(command, events, now), *self._face.draw())
            case Answered(command=Withdraw(command_id=command_id), events=events):
                self._own_word.taken_back(command_id, events)
                return self._settle()
            case Unanswered(command=IssueTicket() | Reprint() as command, command_id=command_id):
                return self._unanswered(command, command_id)
            case Kept(command=ReportIssuedAlone() as report):
                return self._kept(report)
            case Done(effect=Print() as printed):
                return self._printed(printed)
            case Failed(effect=Print() as failed):
                return self._failed(failed, event)
            case PartHealth(part="printer", health=health):
                self._face.printer = health
                return (*self._settle(), *self._face.draw())
            case KioskState(kiosk=self._device, unprinted=owed):
                self._papers.owed = owed
                return self._settle()
            case TimerFired(name="home"):
                return self._go_home()
            case TimerFired(name="again"):
                return self._settle()
            case TimerFired(name="kept"):
                return self._unkept()
            case TimerFired(name="starting" | "look" as name):
                self._face.starting = False
                return self._look()
            case TimerFired(name=name) if name.startswith("void:"):
                return self._void(name.removeprefix("void:"))
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

    # --- a touch --------------------------------------------------------------------------------------

    def _pressed(self, key: str) -> tuple[Effect, ...]:
        if self._wanted or self._papers.printing or self._face.stopped:
            return ()
        if key == GREEN:
            self._face.green, self._face.special = not self._face.green, None
            return (StartTimer("home", HOME_AFTER_S), *self._face.draw())
        if key == HOME:
            return (StartTimer("home", 0), *self._go_home())
        if is_ours(key):
            return self._comes_back(key)
        if key == REPRINT and self._offered:
            return self._want(self._offered, self._face.pages.copying(self._offered.ticket))
        if key not in self._hall.service:
            return ()
        return self._touched(IssueTicket(service=key, green=GREEN if self._face.green else ""))

    def _touched(self, wanted: IssueTicket) -> tuple[Effect, ...]:
        queue = self._face.known
        known = queue.services.get(wanted.service) if queue else None
        if known is not None and known.refused is not None:
            return self._say(self._face.pages.refused(known.refused, wanted.service, known.again))
        return self._want(wanted, self._face.pages.asking(wanted.service))

    def _go_home(self) -> tuple[Effect, ...]:
        self._face.special, self._offered, self._face.green = None, None, False
        return self._face.draw()

    def _want(self, wanted: IssueTicket | Reprint, page: KioskPage) -> tuple[Effect, ...]:
        # The printer is asked before a number is: paper may have run out since its health was last seen.
        self._wanted, self._face.special = wanted, page
        return (CheckPrinter(), StartTimer("home", 0), *self._face.draw())

    def _ask(self) -> tuple[Effect, ...]:
        if self._wanted is None or self._asked:
            return ()
        self._asked = True
        if self._face.alone is not None:
            return self._give(self._wanted)
        return (Send(self._wanted, ASK_LIVES_S),)

    def _cannot_print(self, trouble: Trouble) -> tuple[Effect, ...]:
        """No number was asked for; the printer's worker goes on looking, and its health opens the kiosk again."""
        self._wanted, self._face.special = None, None
        self._face.printer = Health(usable=False, troubles=(trouble,))
        return self._face.draw()

    def _answered(
        self, command: IssueTicket | Reprint, events: tuple[object, ...]
    ) -> tuple[Effect, ...]:
        match events:
            case (TicketIssued() as issued, *_):
                return self._print(first_paper(issued))
            case (ReprintOrdered(ticket=ticket), *_):
                # What is to be printed comes with this kiosk's state.
                return self._say(self._face.pages.copying(ticket))
            case (CommandRefused(code=Refusal.HAS_TICKET, ticket=ticket), *_) if ticket:
                return self._offer(Reprint(ticket=ticket, person=command.person))
            case (CommandRefused(code=code, again=again), *_):
                service = command.service if isinstance(command, IssueTicket) else ""
                return self._say(self._face.pages.refused(code, service, again))
            case _:
                return self._say(self._face.pages.refused(None))

    def _comes_back(self, key: str) -> tuple[Effect, ...]:
        """A missed number; no printer is needed for it to wait again."""
        page = self._check_in.pressed(key, self._face.known)
        sent: tuple[Effect, ...] = ()
        if isinstance(page, ReturnTicket):
            sent, page = (Send(page, ASK_LIVES_S),), self._check_in.asking(page)
        self._face.special = page
        return (*sent, StartTimer("home", HOME_AFTER_S), *self._face.draw())

    def _checked_in(self, page: KioskPage) -> tuple[Effect, ...]:
        # Somebody else may have touched a service's key meanwhile: his number comes first.
        if self._wanted or self._papers.printing:
            return ()
        shown_s = TAKEN_S if page.tone is Tone.GOOD else HOME_AFTER_S
        self._face.special = page
        return (StartTimer("home", shown_s), *self._face.draw())

    def _unanswered(self, command: IssueTicket | Reprint, command_id: str) -> tuple[Effect, ...]:
        """Taken back first, so that one touch never becomes two tickets; then, if need be, a number that was lent."""
        self._wanted, self._asked = None, False
        back: tuple[Effect, ...] = ()
        if isinstance(command, IssueTicket):
            if command_id:
                back = (self._own_word.take_back(command_id),)
            if self._face.alone is not None and not self._face.stopped:
                return (*back, *self._touched(command))
        return (*back, *self._say(self._face.pages.unanswered(command)), *self._settle())

    # --- alone ----------------------------------------------------------------------------------------

    def _borrow(self) -> tuple[Effect, ...]:
        if self._face.alone is not None:
            return ()
        return tuple(Send(borrow, None) for borrow in self._lent.borrows(self._face.now))

    def _give(self, wanted: IssueTicket | Reprint) -> tuple[Effect, ...]:
        """A number that was lent; a copy of another one only the hub can order."""
        if isinstance(wanted, Reprint):
            self._wanted, self._asked = None, False
            return (*self._say(self._face.pages.unanswered(wanted)), *self._settle())
        given = self._own_word.give(wanted, self._face.now)
        if not given:
            # It was the last one, or its hour is over, while the printer was looked at.
            self._wanted, self._asked = None, False
            return self._touched(wanted)
        return given

    def _kept(self, report: ReportIssuedAlone) -> tuple[Effect, ...]:
        paper = self._own_word.kept(report)
        if paper is None:
            void = VoidTicket(ticket=report.ticket, reason="the kiosk's disk was too slow for it")
            return (Send(void, None),)
        self._wanted, self._asked = None, False
        return (StartTimer(KEPT, 0), *self._print(paper))

    def _unkept(self) -> tuple[Effect, ...]:
        if not self._own_word.is_too_slow():
            return ()
        self._wanted, self._asked = None, False
        return (*self._say(self._face.pages.unkept()), *self._settle())

    def _look(self) -> tuple[Effect, ...]:
        """Alone, nobody tells that hours begin or end."""
        again = () if self._face.alone is None else (StartTimer("look", LOOK_S),)
        return (*again, *self._face.draw())

    def _offer(self, copy: Reprint) -> tuple[Effect, ...]:
        self._offered, self._face.special = copy, self._face.pages.has_ticket(copy.ticket)
        return (StartTimer("home", HOME_AFTER_S), *self._face.draw())

    # --- paper ----------------------------------------------------------------------------------------

    def _print(self, paper: Print) -> tuple[Effect, ...]:
        self._papers.begins(paper)
        self._face.green, self._offered = False, None
        self._face.special = self._face.pages.printing(paper)
        return (paper, StartTimer("home", 0), *self._face.draw())

    def _printed(self, paper: Print) -> tuple[Effect, ...]:
        self._papers.came(paper)
        self._face.special = self._face.pages.taken(paper)
        return (
            StartTimer(f"void:{paper.ticket}", 0),
            Send(ReportPrinted(ticket=paper.ticket), None),
            StartTimer("home", TAKEN_S),
            *self._face.draw(),
            *self._settle(),
        )

    def _failed(self, paper: Print, failed: Failed) -> tuple[Effect, ...]:
        # The ten minutes run from the first failure, however often it is tried again.
        first = self._papers.fails(paper)
        self._face.special = self._face.pages.failed(paper, failed.trouble)
        return (
            Send(ReportPrintFailed(ticket=paper.ticket, reason=failed.sentence), None),
            *((StartTimer(f"void:{paper.ticket}", VOID_AFTER_S),) if first else ()),
            StartTimer("again", TRY_AGAIN_S),
            *self._face.draw(),
        )

    def _settle(self) -> tuple[Effect, ...]:
        """Print what is owed, as soon as nobody asks and the printer is known to be well."""
        if (
            self._wanted
            or self._papers.printing
            or not (self._face.printer and self._face.printer.usable)
        ):
            return ()
        # Some of what the hub says is owed may be what was taken back.
        paper = self._papers.next(owed=not self._own_word.takes_back)
        return self._print(paper) if paper else ()

    def _void(self, ticket: str) -> tuple[Effect, ...]:
        """Nobody waits ten minutes at a kiosk for paper: the number is given back, unless a visitor holds it."""
        if self._papers.is_printing(ticket):
            return (StartTimer(f"void:{ticket}", TRY_AGAIN_S),)  # its last chance is under way
        if not self._papers.gives_up(ticket):
            return ()
        if self._face.special is not None and self._face.special.large == ticket:
            self._face.special = None
        void = Send(VoidTicket(ticket=ticket, reason="its paper never came"), None)
        return (*(() if self._papers.has_come(ticket) else (void,)), *self._face.draw())

    def _say(self, page: KioskPage) -> tuple[Effect, ...]:
        self._face.special = page
        return (StartTimer("home", SORRY_S), *self._face.draw())

"""The ticket kiosk's thinking: a touch becomes a number, a number becomes paper; it stops before a number exists."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from broker.hearing import Alone, Answered, Together, Unanswered
from broker.messages import (
    IssueTicket,
    KioskState,
    QueueState,
    ReportPrinted,
    ReportPrintFailed,
    TicketIssued,
    UnprintedTicket,
    VoidTicket,
)
from broker.settings import Hall
from firmware.device import (
    CheckPrinter,
    Done,
    Draw,
    Effect,
    Event,
    Failed,
    KeyPressed,
    PartHealth,
    Print,
    Send,
    StartTimer,
    TimerFired,
)
from firmware.hal import Health, Trouble
from firmware.hal.screen import KioskPage, Tone
from firmware.ticket_kiosk.pages import GREEN, KioskPages, why_stopped

__all__ = ["TicketKiosk"]

ASK_LIVES_S = 8.0
HOME_AFTER_S = 60.0
TAKEN_S = 12.0
SORRY_S = 8.0
TRY_AGAIN_S = 5.0
VOID_AFTER_S = 600.0
REMEMBERED = 500


class Paper(StrEnum):
    """How far the paper of a number in hand is."""

    PRINTING = "printing"
    FAILED = "failed"
    SETTLED = "settled"


@dataclass(slots=True)
class InHand:
    """A number this kiosk is making paper for; `failed` once a print of it did."""

    print: Print
    paper: Paper
    failed: bool = False


class TicketKiosk:
    """Keys: the services' ids, and `green` for the green channel."""

    def __init__(self, hall: Hall, device: str) -> None:
        self._hall, self._device = hall, device
        self._pages = KioskPages(hall)
        self._printer: Health | None = None
        self._alone = "not connected yet"
        self._queue: QueueState | None = None
        self._green = False
        self._wanted: IssueTicket | None = None
        self._asked = False
        self._in_hand: dict[tuple[str, int], InHand] = {}
        self._owed: tuple[UnprintedTicket, ...] = ()
        self._special: KioskPage | None = None

    def start(self) -> tuple[Effect, ...]:
        return self._draw()

    def handle(self, event: Event, now: int) -> tuple[Effect, ...]:  # noqa: ARG002 - it measures by timers
        match event:
            case KeyPressed(key=key):
                return self._pressed(key)
            case Done(effect=CheckPrinter()):
                return self._ask()
            case Failed(effect=CheckPrinter(), trouble=trouble):
                return self._cannot_print(trouble)
            case Answered(command=IssueTicket(), events=events):
                self._wanted, self._asked = None, False
                return (*self._issued(events), *self._settle())
            case Unanswered(command=IssueTicket()):
                self._wanted, self._asked = None, False
                return (
                    *self._apologise("系统暂时没有应答，未取号", "请稍后再取号，或联系工作人员"),
                    *self._settle(),
                )
            case Done(effect=Print() as printed):
                return self._printed(printed)
            case Failed(effect=Print() as failed):
                return self._failed(failed, event)
            case PartHealth(part="printer", health=health):
                self._printer = health
                return (*self._settle(), *self._draw())
            case KioskState(kiosk=self._device, unprinted=owed):
                self._owed = owed
                return self._settle()
            case TimerFired(name="home"):
                self._special, self._green = None, False
                return self._draw()
            case TimerFired(name="again"):
                return self._settle()
            case TimerFired(name=name) if name.startswith("void:"):
                return self._void(name.removeprefix("void:"))
            case QueueState():
                self._queue = event
                return self._draw()
            case Alone(why=why):
                self._alone = why
                return self._draw()
            case Together():
                self._alone = ""
                return self._draw()
            case _:
                return ()

    # --- a touch --------------------------------------------------------------------------------------

    def _pressed(self, key: str) -> tuple[Effect, ...]:
        if self._wanted or self._printing or self._stopped:
            return ()
        if key == GREEN:
            self._green, self._special = not self._green, None
            return (StartTimer("home", HOME_AFTER_S), *self._draw())
        if key not in self._hall.service:
            return ()
        # The printer is asked before a number is: paper may have run out since its health was last seen.
        self._wanted = IssueTicket(service=key, green=GREEN if self._green else "")
        self._special = self._pages.asking(key)
        return (CheckPrinter(), StartTimer("home", 0), *self._draw())

    def _ask(self) -> tuple[Effect, ...]:
        if self._wanted is None or self._asked:
            return ()
        if self._alone:
            self._wanted, self._special = None, None
            return self._draw()
        self._asked = True
        return (Send(self._wanted, ASK_LIVES_S),)

    def _cannot_print(self, trouble: Trouble) -> tuple[Effect, ...]:
        """No number was asked for; the printer's worker goes on looking, and its health opens the kiosk again."""
        self._wanted, self._special = None, None
        self._printer = Health(usable=False, troubles=(trouble,))
        return self._draw()

    def _issued(self, events: tuple[object, ...]) -> tuple[Effect, ...]:
        for event in events:
            if isinstance(event, TicketIssued):
                paper = Print(
                    event.ticket, event.service, event.ahead, event.issued_at, event.green
                )
                return self._print(paper)
        return self._apologise("暂时不能取号", "请联系工作人员")

    # --- paper ----------------------------------------------------------------------------------------

    def _print(self, paper: Print) -> tuple[Effect, ...]:
        key = (paper.ticket, paper.issued_at)
        known = self._in_hand.pop(key, None)
        self._in_hand[key] = InHand(
            paper,
            Paper.PRINTING,
            failed=known is not None,
        )
        self._forget()
        self._green = False
        self._special = self._pages.printing(paper)
        return (paper, StartTimer("home", 0), *self._draw())

    def _forget(self) -> None:
        """Settled numbers are remembered for a while: a late state may still list them."""
        settled = [key for key, held in self._in_hand.items() if held.paper is Paper.SETTLED]
        for key in settled[: max(0, len(settled) - REMEMBERED)]:
            del self._in_hand[key]

    def _printed(self, paper: Print) -> tuple[Effect, ...]:
        held = self._in_hand[paper.ticket, paper.issued_at]
        held.paper = Paper.SETTLED
        self._special = self._pages.taken(paper)
        return (
            StartTimer(f"void:{paper.ticket}", 0),
            Send(ReportPrinted(ticket=paper.ticket), None),
            StartTimer("home", TAKEN_S),
            *self._draw(),
            *self._settle(),
        )

    def _failed(self, paper: Print, failed: Failed) -> tuple[Effect, ...]:
        held = self._in_hand[paper.ticket, paper.issued_at]
        # The ten minutes run from the first failure, however often it is tried again.
        void = () if held.failed else (StartTimer(f"void:{paper.ticket}", VOID_AFTER_S),)
        held.paper, held.failed = Paper.FAILED, True
        self._special = self._pages.failed(paper, failed.trouble)
        return (
            Send(ReportPrintFailed(ticket=paper.ticket, reason=failed.sentence), None),
            *void,
            StartTimer("again", TRY_AGAIN_S),
            *self._draw(),
        )

    def _settle(self) -> tuple[Effect, ...]:
        """Print what is owed: a number whose print failed, or one that an earlier life of this kiosk left behind."""
        if self._wanted or self._printing or not self._ready:
            return ()
        for held in self._in_hand.values():
            if held.paper is Paper.FAILED:
                # Whatever came out of the first try, the next one is a second: it says so.
                return self._print(replace(held.print, again=True))
        for owed in self._owed:
            if (owed.ticket, owed.issued_at) not in self._in_hand:
                return self._print(
                    Print(
                        owed.ticket,
                        owed.service,
                        owed.ahead,
                        owed.issued_at,
                        owed.green,
                        again=True,
                    )
                )
        return ()

    def _void(self, ticket: str) -> tuple[Effect, ...]:
        """Nobody waits ten minutes at a kiosk for paper: the number is given back."""
        for held in self._in_hand.values():
            if held.print.ticket != ticket:
                continue
            if held.paper is Paper.PRINTING:
                return (StartTimer(f"void:{ticket}", TRY_AGAIN_S),)  # its last chance is under way
            if held.paper is Paper.FAILED:
                held.paper = Paper.SETTLED
                if self._special is not None and self._special.large == ticket:
                    self._special = None
                return (
                    Send(VoidTicket(ticket=ticket, reason="its paper never came"), None),
                    *self._draw(),
                )
        return ()

    @property
    def _printing(self) -> bool:
        return any(held.paper is Paper.PRINTING for held in self._in_hand.values())

    @property
    def _ready(self) -> bool:
        """Unknown is not ready."""
        return self._printer is not None and self._printer.usable

    # --- what is shown --------------------------------------------------------------------------------

    @property
    def _stopped(self) -> str:
        """Why no ticket can be had, as the visitor reads it; empty while one can."""
        return why_stopped(self._printer, alone=bool(self._alone))

    def _apologise(self, title: str, line: str) -> tuple[Effect, ...]:
        self._special = KioskPage(title=title, lines=(line,), tone=Tone.STOP)
        return (StartTimer("home", SORRY_S), *self._draw())

    def _draw(self) -> tuple[Effect, ...]:
        special = self._special
        if special is not None and special.tone is not Tone.GOOD:
            return (Draw(special),)
        if special is not None and not self._stopped:
            # The next visitor may touch at once, and reads how many wait now.
            return (Draw(replace(special, keys=self._pages.keys(self._queue, green=False))),)
        if self._stopped:
            return (Draw(self._pages.stopped(self._stopped)),)
        return (Draw(self._pages.home(self._queue, green=self._green)),)

"""Whatever happens around a kiosk, in any order: power cuts, late states, failed prints, a hub that comes and goes."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from broker.hearing import Alone, Answered, Together, Unanswered
from broker.messages import (
    CommandRefused,
    IssueTicket,
    KioskState,
    QueueState,
    Refusal,
    ReportPrinted,
    ReportPrintFailed,
    Reprint,
    ReprintOrdered,
    TicketIssued,
    UnprintedTicket,
    VoidTicket,
)
from broker.settings import Hall
from firmware.device import (
    CheckPrinter,
    Done,
    Draw,
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
from firmware.ticket_kiosk.kiosk import TicketKiosk
from tests.devices.among import NOW
from tests.devices.kiosks import KIOSK

WELL = Health()
ILL = Health(usable=False, troubles=(Trouble.PAPER_OUT,))


class World:
    """A kiosk's world: the hub's numbers, a printer, power, timers; it holds the kiosk to its laws at each effect."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._issued = 0
        self._owed: dict[str, UnprintedTicket] = {}
        self._states = [KioskState(kiosk=KIOSK)]
        self._maybe_out: set[str] = set()
        self._copies: dict[str, int] = {}
        self._start()

    def _start(self) -> None:
        self._alone, self._health = True, ILL
        self._asked: IssueTicket | Reprint | None = None
        self._checking = self._checked_well = False
        self._paper: Print | None = None
        self._settled: set[tuple[str, int]] = set()
        self._came: set[str] = set()
        self._timers: set[str] = set()
        self._kiosk = TicketKiosk(self._hall, KIOSK)
        for effect in self._kiosk.start():
            assert isinstance(effect, Draw)

    def _tell(self, event: Event) -> None:
        for effect in self._kiosk.handle(event, NOW):
            match effect:
                case Print():
                    self._take_print(effect)
                case Send():
                    self._take_send(effect)
                case CheckPrinter():
                    self._checking = True
                case StartTimer(name=name, seconds=seconds):
                    (self._timers.add if seconds > 0 else self._timers.discard)(name)
                case _:
                    assert isinstance(effect, Draw)

    def _take_print(self, paper: Print) -> None:
        assert self._paper is None, "one print at a time"
        assert (paper.ticket, paper.copy) not in self._settled, "a settled copy is never made again"
        assert paper.again or paper.ticket not in self._maybe_out, "every further copy is marked"
        self._paper = paper
        self._last_copy = paper.copy

    def _take_send(self, send: Send) -> None:
        match send.command:
            case IssueTicket() | Reprint() as command:
                assert self._asked is None, "one question at a time"
                assert self._paper is None, "no question while it prints"
                assert self._checked_well, "no number without a printer"
                assert not self._alone, "no question while it is alone"
                self._asked = command
            case ReportPrinted(ticket=ticket):
                assert ticket in self._maybe_out, "only paper that came is reported"
                assert (ticket, self._last_copy) not in self._settled, "once"
                self._settled.add((ticket, self._last_copy))
                self._came.add(ticket)
                self._owed.pop(ticket, None)
            case VoidTicket(ticket=ticket):
                assert ticket not in self._came, "a number that a visitor holds is never given back"
                self._settled |= {(ticket, copy) for copy in range(self._copies[ticket] + 1)}
                self._owed.pop(ticket, None)
            case ReportPrintFailed(ticket=ticket):
                assert (ticket, self._last_copy) not in self._settled, (
                    "what is settled did not fail"
                )
            case _:
                raise AssertionError(send)

    @property
    def waits_for_an_answer(self) -> bool:
        return self._asked is not None

    # --- what may happen --------------------------------------------------------------------------

    def touch(self) -> None:
        self._tell(KeyPressed("pension"))

    def checked(self) -> None:
        if self._checking:
            self._checking = False
            usable = self._checked_well = self._health.usable
            check = CheckPrinter()
            self._tell(Done(check) if usable else Failed(check, "no paper", Trouble.PAPER_OUT))

    def green(self) -> None:
        self._tell(KeyPressed("green"))

    def _issue(self) -> TicketIssued:
        self._issued += 1
        number = f"A{self._issued:03}"
        at = self._issued * 1000
        self._copies[number] = 0
        self._owed[number] = self._unprinted(number)
        self._states.append(KioskState(kiosk=KIOSK, unprinted=tuple(self._owed.values())))
        return TicketIssued(ticket=number, service="pension", kiosk=KIOSK, issued_at=at, ahead=0)

    def _unprinted(self, number: str) -> UnprintedTicket:
        return UnprintedTicket(
            ticket=number,
            service="pension",
            ahead=0,
            issued_at=int(number[1:]) * 1000,
            copy=self._copies[number],
        )

    def _order_copy(self, number: str) -> ReprintOrdered:
        self._copies[number] += 1
        self._owed[number] = self._unprinted(number)
        return ReprintOrdered(ticket=number, kiosk=KIOSK, copy=self._copies[number])

    def _grant(self, asked: IssueTicket | Reprint) -> TicketIssued | ReprintOrdered:
        return self._order_copy(asked.ticket) if isinstance(asked, Reprint) else self._issue()

    def answer(self) -> None:
        if self._asked:
            asked, self._asked = self._asked, None
            self._tell(Answered(asked, (self._grant(asked),)))

    def state_overtakes_answer(self) -> None:
        if self._asked:
            granted = self._grant(self._asked)
            self.state()
            asked, self._asked = self._asked, None
            self._tell(Answered(asked, (granted,)))

    def answer_is_lost(self) -> None:
        if self._asked:
            self._grant(self._asked)
            self.silence()

    def has_a_ticket(self) -> None:
        if self._asked and self._copies:
            asked, self._asked = self._asked, None
            code, ticket = Refusal.HAS_TICKET, min(self._copies)
            self._tell(Answered(asked, (CommandRefused(code=code, reason="-", ticket=ticket),)))

    def asks_for_a_copy(self) -> None:
        self._tell(KeyPressed("page:reprint"))

    def guide_orders_a_copy(self) -> None:
        if self._copies:
            self._order_copy(max(self._copies))
            self.state()

    def goes_home(self) -> None:
        self._tell(KeyPressed("page:home"))

    def silence(self) -> None:
        if self._asked:
            asked, self._asked = self._asked, None
            self._tell(Unanswered(asked, "no answer"))

    def refuse(self) -> None:
        if self._asked:
            asked, self._asked = self._asked, None
            self._tell(Answered(asked, (CommandRefused(code=Refusal.STALE, reason="late"),)))

    def paper_comes(self) -> None:
        if self._paper:
            paper, self._paper = self._paper, None
            self._maybe_out.add(paper.ticket)
            self._tell(Done(paper))

    def paper_jams(self) -> None:
        if self._paper:
            self._maybe_out.add(self._paper.ticket)
            self._fail()

    def paper_does_not_begin(self) -> None:
        self._fail()

    def _fail(self) -> None:
        if self._paper:
            self.printer_breaks()
            paper, self._paper = self._paper, None
            assert paper is not None
            self._tell(Failed(paper, "It is jammed.", Trouble.JAM))

    def printer_breaks(self) -> None:
        self._health = ILL
        self._tell(PartHealth("printer", ILL))

    def printer_mends(self) -> None:
        self._health = WELL
        self._tell(PartHealth("printer", WELL))

    def state(self) -> None:
        self._states.append(KioskState(kiosk=KIOSK, unprinted=tuple(self._owed.values())))
        self._tell(self._states[-1])

    def old_state(self) -> None:
        self._tell(self._states[len(self._states) // 2])

    def queue(self) -> None:
        self._tell(QueueState(services={}))

    def alone(self) -> None:
        self._alone = True
        self._tell(Alone("the hub is silent"))

    def together(self) -> None:
        self._alone = False
        self._tell(Together())

    def timer(self) -> None:
        if self._timers:
            self._timers.remove(name := min(self._timers))
            self._tell(TimerFired(name))

    def last_timer(self) -> None:
        if self._timers:
            self._timers.remove(name := max(self._timers))
            self._tell(TimerFired(name))

    def power_cut(self) -> None:
        if self._paper:
            self._maybe_out.add(self._paper.ticket)
        self._start()
        self.together()
        self.printer_mends()


USUAL: tuple[Callable[[World], None], ...] = (
    World.touch,
    World.checked,
    World.answer,
    World.paper_comes,
    World.printer_mends,
)
MOVES: tuple[Callable[[World], None], ...] = (
    *USUAL,
    *USUAL,
    World.green,
    World.has_a_ticket,
    World.asks_for_a_copy,
    World.guide_orders_a_copy,
    World.goes_home,
    World.state_overtakes_answer,
    World.answer_is_lost,
    World.silence,
    World.refuse,
    World.paper_jams,
    World.paper_does_not_begin,
    World.printer_breaks,
    World.state,
    World.old_state,
    World.queue,
    World.alone,
    World.together,
    World.timer,
    World.last_timer,
    World.power_cut,
)


@settings(max_examples=100)
@given(moves=st.lists(st.sampled_from(MOVES), min_size=20, max_size=60))
def test_no_number_is_printed_twice_unmarked_whatever_happens(
    hall: Hall, moves: list[Callable[[World], None]]
):
    world = World(hall)
    world.power_cut()
    for move in moves:
        move(world)


@settings(max_examples=40)
@given(moves=st.lists(st.sampled_from(MOVES), min_size=10, max_size=40))
def test_a_kiosk_that_was_mended_always_gives_out_tickets_again(
    hall: Hall, moves: list[Callable[[World], None]]
):
    world = World(hall)
    for move in moves:
        move(world)
    world.together()
    world.printer_mends()
    for _ in range(len(moves)):
        world.checked()
        world.silence()
        world.paper_comes()
        world.printer_mends()
    world.touch()
    world.checked()
    assert world.waits_for_an_answer

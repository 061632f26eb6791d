"""Whatever happens around a kiosk, in any order: power cuts, late states and answers, failed prints, slow disks, outages."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from broker.hearing import Alone, Answered, Kept, Together, Unanswered
from broker.messages import (
    BlockLent,
    BorrowBlock,
    CommandRefused,
    CommandWithdrawn,
    DeviceCommand,
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
    UnprintedTicket,
    VoidTicket,
    Withdraw,
)
from broker.messages import Event as Written
from broker.settings import Hall
from firmware.device import (
    CardShown,
    CheckPrinter,
    CodeScanned,
    Done,
    Draw,
    Event,
    Failed,
    KeyPressed,
    LightLamp,
    PartHealth,
    Past,
    Print,
    PrintTest,
    Prompt,
    Remember,
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
COVER = Health(usable=False, troubles=(Trouble.COVER_OPEN,))


DAY, MIDNIGHT = "2023-11-15", 1_700_064_000_000
PERSON = "5f" * 32
LENT = [f"A{number}" for number in range(901, 912)]


class Disk:
    """The board's outbox: writes go to it in their order, some time later; a power cut takes what waits."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], Kept | None]] = []
        self.remembered: dict[str, str] = {}
        self.kept: dict[str, DeviceCommand] = {}
        self._ids = 0

    def remember(self, name: str, value: str) -> None:
        self.waiting.append(lambda: self.remembered.update({name: value}))

    def keep(self, command: DeviceCommand) -> None:
        self._ids += 1
        command_id = f"kept-{self._ids}"

        def write() -> Kept:
            self.kept[command_id] = command
            return Kept(KIOSK, command)

        self.waiting.append(write)

    def drop(self, command_id: str) -> None:
        def write() -> None:
            self.kept.pop(command_id, None)

        self.waiting.append(write)

    def oldest(self) -> tuple[str, DeviceCommand] | None:
        return next(iter(self.kept.items()), None)

    @property
    def past(self) -> Past:
        return Past(remembered=dict(self.remembered), kept=tuple(self.kept.values()))


class World:
    """A kiosk's world: hub, disk, printer, power, timers, visitors; it holds the kiosk to its laws at each effect.

    `_wish` counts the touches that led anywhere; `_led_to` says of every number, whoever gave it, for which of them.
    """

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._issued = 0
        self._owed: dict[str, UnprintedTicket] = {}
        self._states = [KioskState(kiosk=KIOSK)]
        self._maybe_out: set[str] = set()
        self._copies: dict[str, int] = {}
        self._disk = Disk()
        self._answers: dict[str, tuple[Written, ...]] = {}
        self._on_its_way: dict[str, IssueTicket] = {}
        self._lent = list(LENT)
        self._wish, self._asks, self._touching = 0, 0, False
        self._led_to: dict[str, int] = {}
        self._wish_of: dict[str, int] = {}
        self._papers_of: dict[int, set[str]] = {}
        self._reported: set[str] = set()
        self._on_disk: set[str] = set()
        self._start()

    def _start(self) -> None:
        self._alone, self._health = True, ILL
        self._asked: IssueTicket | Reprint | None = None
        self._asked_id = ""
        self._checking = self._checked_well = False
        self._paper: Print | None = None
        self._scanned: ReturnTicket | None = None
        self._elderly = False
        self._test: PrintTest | None = None
        self._unproven = False
        self._settled: set[tuple[str, int]] = set()
        self._came: set[str] = set()
        self._timers: set[str] = set()
        self._disk.waiting.clear()
        # What never reached the disk was never given to anybody.
        self._reported &= self._on_disk
        self._kiosk = TicketKiosk(self._hall, KIOSK, self._disk.past)
        for effect in self._kiosk.start():
            assert isinstance(effect, Draw | StartTimer | LightLamp)

    def _tell(self, event: Event) -> bool:
        """Whether the kiosk took any notice."""
        effects = self._kiosk.handle(event, NOW)
        for effect in effects:
            match effect:
                case Print():
                    self._take_print(effect)
                case PrintTest():
                    assert self._health.usable, "no test while the cover is open"
                    self._test = effect
                case Send():
                    self._take_send(effect)
                case CheckPrinter():
                    self._checking, self._checked_well = True, False
                    self._wish += self._touching
                case Remember(name=name, value=value):
                    self._disk.remember(name, value)
                case StartTimer(name=name, seconds=seconds):
                    (self._timers.add if seconds > 0 else self._timers.discard)(name)
                case _:
                    assert isinstance(effect, Draw | LightLamp | Prompt)
        return bool(effects)

    def _take_print(self, paper: Print) -> None:
        assert self._paper is None, "one print at a time"
        assert (paper.ticket, paper.copy) not in self._settled, "a settled copy is never made again"
        assert paper.again or paper.ticket not in self._maybe_out, "every further copy is marked"
        if paper.alone:
            assert paper.ticket in self._on_disk, "nothing printed before it is written down"
        papers = self._papers_of.setdefault(self._led_to[paper.ticket], set())
        papers.add(paper.ticket)
        assert len(papers) == 1, "one touch never gives two numbers"
        self._paper, self._elderly = paper, False
        self._last_copy = paper.copy

    def _take_send(self, send: Send) -> None:
        match send.command:
            case IssueTicket() | Reprint() as command:
                assert self._asked is None, "one question at a time"
                assert not self._unproven, "no number before the new roll is proven"
                assert self._paper is None, "no question while it prints"
                assert self._checked_well, "no number without a printer"
                assert not self._alone, "no question while it is alone"
                assert send.lives_s is not None
                assert not command.person, (
                    "whom a card names stays here where the hall asks for nobody"
                )
                if isinstance(command, IssueTicket):
                    assert self._elderly or command.green != "elderly", (
                        "one visitor's class is no other's"
                    )
                self._asks += 1
                self._asked, self._asked_id = command, f"ask-{self._asks}"
                self._wish_of[self._asked_id] = self._wish
                return
            case ReturnTicket() as command:
                assert not self._alone, "no question while it is alone"
                assert send.lives_s is not None
                self._scanned = command
                return
            case BorrowBlock():
                assert not self._alone, "nothing is borrowed while it is alone"
            case Withdraw(command_id=command_id):
                assert command_id in self._wish_of
            case ReportIssuedAlone(ticket=ticket):
                assert not self._unproven, "no number before the new roll is proven"
                assert self._alone, "numbers that were lent are for outages"
                assert self._checked_well, "no number without a printer"
                assert self._paper is None, "no number while it prints"
                assert ticket not in self._reported, "no lent number is given twice"
                self._reported.add(ticket)
                self._led_to[ticket], self._copies[ticket] = self._wish, 0
            case ReportPrinted(ticket=ticket):
                assert ticket in self._maybe_out, "only paper that came is reported"
                assert (ticket, self._last_copy) not in self._settled, "once"
                self._settled.add((ticket, self._last_copy))
                self._came.add(ticket)
            case VoidTicket(ticket=ticket):
                assert ticket not in self._came, "a number that a visitor holds is never given back"
                self._settled |= {(ticket, copy) for copy in range(self._copies[ticket] + 1)}
            case ReportPrintFailed(ticket=ticket):
                assert (ticket, self._last_copy) not in self._settled, (
                    "what is settled did not fail"
                )
            case _:
                raise AssertionError(send)
        assert send.lives_s is None
        self._disk.keep(send.command)

    @property
    def waits_for_an_answer(self) -> bool:
        return self._asked is not None

    # --- what may happen --------------------------------------------------------------------------

    def touch(self) -> None:
        self._touching = True
        self._tell(KeyPressed("pension"))
        self._touching = False

    def checked(self) -> None:
        if self._checking:
            self._checking = False
            usable = self._checked_well = self._health.usable
            check = CheckPrinter()
            self._tell(Done(check) if usable else Failed(check, "no paper", Trouble.PAPER_OUT))

    def visit(self) -> None:
        """A touch, and all that follows quickly: a number of the hub's, or one that was lent."""
        self.touch()
        self.checked()
        self.answer()
        self.disk_catches_up()
        self.paper_comes()

    def is_asked_in_vain(self) -> None:
        """The hub goes away with a question: it may have heard it, and may hear it yet."""
        self.touch()
        self.checked()
        self.alone()

    def green(self) -> None:
        self._tell(KeyPressed("green"))

    def card_of_an_old_visitor(self) -> None:
        self._elderly |= self._tell(CardShown(PERSON, elderly=True))

    def card_of_a_young_visitor(self) -> None:
        self._elderly &= not self._tell(CardShown(PERSON, elderly=False))

    def scans_an_appointment(self) -> None:
        self._touching = True
        self._tell(CodeScanned("YY-0031"))
        self._touching = False

    def scans_a_ticket(self) -> None:
        if self._copies:
            self._tell(CodeScanned(f"20231115/{min(self._copies)}/K7Q2MX"))

    def scans_nonsense(self) -> None:
        self._tell(CodeScanned("https://pay.example/1"))

    def scan_is_answered(self) -> None:
        if self._scanned:
            scanned, self._scanned = self._scanned, None
            waits = CommandRefused(code=Refusal.WRONG_STATE, reason="it waits")
            self._tell(Answered(scanned, (waits,)))

    def scan_is_not_answered(self) -> None:
        if self._scanned:
            scanned, self._scanned = self._scanned, None
            self._tell(Unanswered(scanned, "no answer"))

    def _issue(self, command_id: str) -> TicketIssued:
        self._issued += 1
        number = f"A{self._issued:03}"
        at = self._issued * 1000
        self._copies[number] = 0
        self._led_to[number] = self._wish_of[command_id]
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

    def _grant(self) -> tuple[Written, ...]:
        """The hub's answer to what is asked; the first one to an id stands."""
        asked, command_id = self._asked, self._asked_id
        if command_id not in self._answers:
            assert asked is not None
            granted = (
                self._order_copy(asked.ticket)
                if isinstance(asked, Reprint)
                else self._issue(command_id)
            )
            self._answers[command_id] = (granted,)
        return self._answers[command_id]

    def answer(self) -> None:
        if self._asked and not self._alone:
            granted = self._grant()
            asked, self._asked = self._asked, None
            self._tell(Answered(asked, granted))

    def state_overtakes_answer(self) -> None:
        if self._asked and not self._alone:
            granted = self._grant()
            self.state()
            asked, self._asked = self._asked, None
            self._tell(Answered(asked, granted))

    def answer_is_lost(self) -> None:
        if self._asked:
            self._grant()
            self.silence()

    def comes_late(self) -> None:
        """What was given up reaches the hub after all."""
        if self._on_its_way:
            command_id, _ = self._on_its_way.popitem()
            if command_id not in self._answers:
                self._answers[command_id] = (self._issue(command_id),)

    def answered_though_given_up(self) -> None:
        """The link lets no such answer through; were one to come, it would print nothing."""
        if not self._asked and self._answers and not self._checking:
            number = TicketIssued(ticket="X", service="pension", kiosk=KIOSK, issued_at=1, ahead=0)
            self._tell(Answered(IssueTicket(service="pension"), (number,)))

    def has_a_ticket(self) -> None:
        if self._asked and self._copies:
            asked, self._asked = self._asked, None
            code, ticket = Refusal.HAS_TICKET, min(self._copies)
            has = (CommandRefused(code=code, reason="-", ticket=ticket),)
            self._tell(Answered(asked, self._answers.setdefault(self._asked_id, has)))

    def asks_for_a_copy(self) -> None:
        self._tell(KeyPressed("page:reprint"))

    def guide_orders_a_copy(self) -> None:
        if self._issued:
            self._order_copy(max(ticket for ticket in self._copies if ticket not in self._reported))
            self.state()

    def goes_home(self) -> None:
        self._tell(KeyPressed("page:home"))

    def silence(self) -> None:
        if self._asked:
            asked, self._asked = self._asked, None
            if isinstance(asked, IssueTicket):
                self._on_its_way[self._asked_id] = asked
            self._tell(Unanswered(asked, "no answer", self._asked_id))

    def refuse(self) -> None:
        if self._asked:
            asked, self._asked = self._asked, None
            late = (CommandRefused(code=Refusal.STALE, reason="late"),)
            self._tell(Answered(asked, self._answers.setdefault(self._asked_id, late)))

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

    def cover_opens(self) -> None:
        self._health, self._unproven = COVER, True
        self._tell(PartHealth("printer", COVER))

    def staff_key(self) -> None:
        self._tell(KeyPressed("page:roll"))

    def test_comes(self) -> None:
        if self._test:
            test, self._test = self._test, None
            self._unproven = not self._health.usable
            self._tell(Done(test))

    def test_fails(self) -> None:
        if self._test:
            test, self._test = self._test, None
            self._health = ILL
            self._tell(PartHealth("printer", ILL))
            self._tell(Failed(test, "no paper", Trouble.PAPER_OUT))

    def staff_see_to_the_roll(self) -> None:
        """Whatever became of it before: opened, closed, proven."""
        self.cover_opens()
        self.printer_mends()
        self.test_comes()

    def state(self) -> None:
        self._states.append(KioskState(kiosk=KIOSK, unprinted=tuple(self._owed.values())))
        self._tell(self._states[-1])

    def old_state(self) -> None:
        self._tell(self._states[len(self._states) // 2])

    # --- the disk, and what the hub makes of it -----------------------------------------------------

    def disk_writes(self) -> None:
        if self._disk.waiting:
            kept = self._disk.waiting.pop(0)()
            if kept is not None:
                if isinstance(kept.command, ReportIssuedAlone):
                    self._on_disk.add(kept.command.ticket)
                self._tell(kept)

    def disk_catches_up(self) -> None:
        while self._disk.waiting:
            self.disk_writes()

    def hub_takes(self) -> None:
        """The hub writes the oldest of what was kept down, and answers."""
        oldest = self._disk.oldest()
        if oldest and not self._alone:
            command_id, command = oldest
            events = self._answers.setdefault(command_id, self._decide(command))
            self._disk.drop(command_id)
            self.disk_catches_up()
            self._tell(Answered(command, events))

    def hub_takes_and_the_answer_is_lost(self) -> None:
        oldest = self._disk.oldest()
        if oldest and not self._alone and oldest[0] not in self._answers:
            self._answers[oldest[0]] = self._decide(oldest[1])

    def _decide(self, command: DeviceCommand) -> tuple[Written, ...]:
        match command:
            case BorrowBlock(service="pension") if self._lent:
                block, self._lent = self._lent[:3], self._lent[3:]
                return (
                    BlockLent(
                        kiosk=KIOSK,
                        service="pension",
                        day=DAY,
                        numbers=dict.fromkeys(block, "CODE"),
                        hours=((0, MIDNIGHT),),
                        until=MIDNIGHT,
                    ),
                )
            case BorrowBlock():
                return (CommandRefused(code=Refusal.NUMBERS_EXHAUSTED, reason="all lent"),)
            case Withdraw(command_id=wish):
                late = (CommandRefused(code=Refusal.WITHDRAWN, reason="taken back"),)
                (known, *_) = self._answers.setdefault(wish, late)
                if isinstance(known, TicketIssued) and known.ticket in self._owed:
                    del self._owed[known.ticket]
                    return (
                        CommandWithdrawn(
                            command_id=wish, ticket=known.ticket, issued_at=known.issued_at
                        ),
                    )
                return (CommandWithdrawn(command_id=wish),)
            case ReportIssuedAlone(ticket=ticket, issued_at=at):
                self._owed[ticket] = UnprintedTicket(
                    ticket=ticket, service="pension", ahead=0, issued_at=at, alone=True
                )
                return (
                    TicketIssued(
                        ticket=ticket, service="pension", kiosk=KIOSK, issued_at=at, ahead=0
                    ),
                )
            case ReportPrinted(ticket=ticket) | VoidTicket(ticket=ticket):
                self._owed.pop(ticket, None)
        return ()

    def heartbeat(self) -> None:
        self._tell(HubState(boot="b", at=NOW))

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

    def borrows(self) -> None:
        self.heartbeat()
        self.disk_catches_up()
        for _ in self._hall.services:
            self.hub_takes()

    def comes_to_rest(self) -> None:
        """The hub is there, the printer well, and nobody touches any more."""
        self.together()
        self.staff_see_to_the_roll()
        for _ in range(100):
            self.printer_mends()
            self.checked()
            self.answer()
            self.disk_catches_up()
            self.paper_comes()
            self.hub_takes()
            self.state()

    @property
    def all_is_told(self) -> bool:
        """Nothing is owed, nothing kept; every number that reached the disk is the hub's, and has its paper or is void."""
        told = {e[0].ticket for e in self._answers.values() if e and isinstance(e[0], TicketIssued)}
        return not (self._owed or self._disk.kept) and self._on_disk <= told


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
    World.card_of_an_old_visitor,
    World.card_of_a_young_visitor,
    World.scans_an_appointment,
    World.scans_a_ticket,
    World.scans_nonsense,
    World.scan_is_answered,
    World.scan_is_not_answered,
    World.has_a_ticket,
    World.asks_for_a_copy,
    World.guide_orders_a_copy,
    World.goes_home,
    World.state_overtakes_answer,
    World.answer_is_lost,
    World.silence,
    World.comes_late,
    World.answered_though_given_up,
    World.refuse,
    World.paper_jams,
    World.paper_does_not_begin,
    World.printer_breaks,
    World.cover_opens,
    World.staff_key,
    World.test_comes,
    World.test_comes,
    World.test_fails,
    World.state,
    World.old_state,
    World.queue,
    World.alone,
    World.alone,
    World.together,
    World.heartbeat,
    World.disk_writes,
    World.disk_catches_up,
    World.disk_catches_up,
    World.hub_takes,
    World.hub_takes,
    World.hub_takes_and_the_answer_is_lost,
    World.timer,
    World.last_timer,
    World.power_cut,
)


@settings(max_examples=150)
@given(moves=st.lists(st.sampled_from(MOVES), min_size=20, max_size=80))
def test_no_number_is_printed_twice_unmarked_and_no_touch_gives_two_whatever_happens(
    hall: Hall, moves: list[Callable[[World], None]]
):
    world = World(hall)
    world.power_cut()
    for move in moves:
        move(world)


OUTAGE = (
    World.visit,
    World.visit,
    World.is_asked_in_vain,
    World.is_asked_in_vain,
    World.scans_an_appointment,
    World.alone,
    World.silence,
    World.answer_is_lost,
    World.answer_is_lost,
    World.comes_late,
    World.touch,
    World.checked,
    World.disk_writes,
    World.disk_catches_up,
    World.disk_catches_up,
    World.paper_comes,
    World.paper_jams,
    World.cover_opens,
    World.test_comes,
    World.printer_mends,
    World.power_cut,
    World.together,
    World.hub_takes,
    World.state,
    World.old_state,
    World.timer,
)


@settings(max_examples=150)
@given(moves=st.lists(st.sampled_from(OUTAGE), min_size=20, max_size=80))
def test_outages_and_power_cuts_that_meet_give_no_number_twice_and_no_touch_two(
    hall: Hall, moves: list[Callable[[World], None]]
):
    world = World(hall)
    world.power_cut()
    world.borrows()
    for move in moves:
        move(world)
    world.comes_to_rest()
    assert world.all_is_told


@settings(max_examples=40)
@given(moves=st.lists(st.sampled_from(MOVES), min_size=10, max_size=40))
def test_a_kiosk_that_was_mended_always_gives_out_tickets_again(
    hall: Hall, moves: list[Callable[[World], None]]
):
    world = World(hall)
    for move in moves:
        move(world)
    world.together()
    world.staff_see_to_the_roll()
    for _ in range(len(moves)):
        world.checked()
        world.disk_catches_up()
        world.silence()
        world.paper_comes()
        world.printer_mends()
    world.touch()
    world.checked()
    assert world.waits_for_an_answer

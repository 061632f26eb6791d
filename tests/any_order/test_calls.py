"""The laws of calls whatever happens: their order, the rule and the counts they record, and what an undo restores."""

from __future__ import annotations

from copy import deepcopy

from hypothesis import given, settings
from hypothesis import strategies as st

from broker.messages import (
    BookAppointment,
    CallNext,
    CallTicket,
    Command,
    Event,
    MarkNoShow,
    Rank,
    Rule,
    TicketCalled,
    TicketIssued,
    TicketServed,
    UndoCall,
)
from broker.queue import decide
from broker.queue.life import Ticket
from tests.queue.halls import MINUTE, SECOND, Day, Window, day
from tests.queue.oracle import Ledger, callable_at, calls_of, rank_now
from tests.queue.scenes import scene
from tests.queue.stories import STORIES, Story, live

few = settings(max_examples=20)

Events = tuple[Event, ...] | None


@few
@given(STORIES)
def test_who_is_called_stands_first_in_his_class_of_all_whom_the_counter_may_call(story: Story):
    def watch(today: Day, _: Command, events: Events) -> None:
        for call in calls_of(events):
            if call.rule != Rule.SUPERVISOR:
                able = callable_at(today.queue, call.counter)
                chosen = today.queue.tickets[call.ticket]
                rivals = [t for t in able if rank_now(t, today.at) is rank_now(chosen, today.at)]
                assert chosen == min(rivals, key=lambda ticket: ticket.place)

    live(story, watch)


@few
@given(STORIES)
def test_within_a_class_the_order_is_that_of_arrival_but_for_those_who_were_missed(story: Story):
    issued: dict[str, int] = {}

    def came(ticket: Ticket) -> tuple[int, int]:
        start = ticket.issued_at if ticket.green else ticket.slot or ticket.issued_at
        return start, issued[ticket.number]

    def watch(today: Day, _: Command, events: Events) -> None:
        for event in events or ():
            if isinstance(event, TicketIssued):
                issued[event.ticket] = len(issued)
            if isinstance(event, TicketCalled) and event.rule not in (
                Rule.SUPERVISOR,
                Rule.BY_HAND,
            ):
                chosen = today.queue.tickets[event.ticket]
                for rival in callable_at(today.queue, event.counter):
                    if rival.rank is chosen.rank and not rival.no_shows and not chosen.no_shows:
                        assert came(chosen) <= came(rival)

    live(story, watch)


@few
@given(STORIES)
def test_every_call_records_its_place_among_those_the_counter_might_have_called(story: Story):
    def watch(today: Day, _: Command, events: Events) -> None:
        for call in calls_of(events):
            chosen = today.queue.tickets[call.ticket]
            able = {t.number: t for t in callable_at(today.queue, call.counter)}
            able[chosen.number] = chosen  # a supervisor's may have waited elsewhere
            assert call.candidates == len(able)
            assert call.place == 1 + sum(t.place < chosen.place for t in able.values())

    live(story, watch)


@few
@given(STORIES)
def test_the_rule_of_each_call_is_the_one_that_the_hall_published(story: Story):
    ledger = Ledger()

    def watch(today: Day, command: Command, events: Events) -> None:
        for call in calls_of(events):
            lawful = rule_of(today, command, call, ledger)
            assert call.rule == lawful
            assert call.passed == ledger.longest(today.queue, call.counter, today.at)
            assert bool(call.reason) == (call.rule == Rule.SUPERVISOR)
        ledger.watch(today, command, events)

    live(story, watch)


def rule_of(today: Day, command: Command, call: TicketCalled, ledger: Ledger) -> Rule:
    """The rule by which this ticket may be called, as visitors read it."""
    if isinstance(command, CallTicket):
        return Rule.SUPERVISOR
    able = callable_at(today.queue, call.counter)
    waiting = {rank_now(ticket, today.at) for ticket in able}
    called, first = rank_now(today.queue.tickets[call.ticket], today.at), min(waiting)
    most = today.queue.hall.rules.priority_in_a_row
    green_counter = today.queue.hall.counter[call.counter].green
    overdue = [r for r in waiting if r > first and ledger.of(call.counter)[r] >= most]
    if overdue and not (green_counter and first is Rank.GREEN):
        assert called is max(overdue)
        return Rule.AFTER_PRIORITY
    assert called is first
    match first:
        case Rank.GREEN if green_counter:
            return Rule.GREEN_COUNTER
        case Rank.GREEN:
            return Rule.GREEN_FIRST if len(waiting) > 1 else Rule.GREEN_ONLY
        case Rank.APPOINTMENT:
            return Rule.APPOINTMENT_FIRST if len(waiting) > 1 else Rule.APPOINTMENT_ONLY
        case Rank.WALK_IN:
            return Rule.ARRIVAL


# --- undo --------------------------------------------------------------------------------------------------


@settings(max_examples=8)
@given(STORIES)
def test_next_and_its_undo_leave_the_hall_as_it_was(story: Story):
    def watch(today: Day, command: Command, events: Events) -> None:
        # Without a serve key Next takes the visitor as served; that he was only called cannot be said again.
        served = any(isinstance(event, TicketServed) for event in events or ())
        if isinstance(command, CallNext | CallTicket) and events and not served:
            before = scene(today.queue)
            queue = deepcopy(today.queue, {id(today.queue.hall): today.queue.hall})
            undone = () if queue.hall.rules.undo_s else None
            for event in events:
                queue.apply(event, today.at)
            if undone is not None:
                for event in decide(queue, UndoCall(counter=command.counter), today.at):
                    queue.apply(event, today.at)
                assert scene(queue) == before

    live(story, watch)


# --- nobody starves ----------------------------------------------------------------------------------------

# Who comes before each call: g(reen), a(ppointment), w(alk-in), or nobody.
COMINGS = st.lists(st.sampled_from(["", "g", "a", "w", "gg", "ga", "wg", "gaw", "wa"]), max_size=30)


@few
@given(most=st.integers(1, 4), comings=COMINGS)
def test_nobody_waits_longer_than_the_bound_however_many_others_come(most: int, comings: list[str]):
    today = day(Window(), priority_in_a_row=most)
    # Passed over at most so often in a row, and then called.
    bound = {Rank.WALK_IN: most + 1, Rank.APPOINTMENT: most + 3, Rank.GREEN: 4}
    calls: list[Rank] = []
    since: dict[str, int] = {}
    for comes in [*comings, *[""] * 15]:
        for who in comes:
            since[arrive(today, who)] = len(calls)
        if since:
            ticket = today.queue.tickets[today.call()]
            calls.append(ticket.rank)
            today.ask(MarkNoShow(counter=1))
            del since[ticket.number]
        for number, begun in since.items():
            rank, waited = today.queue.tickets[number].rank, calls[begun:]
            n = 1 + waited.count(rank)  # it is the nth of its rank at best
            assert len(waited) < n * bound[rank]


def arrive(today: Day, who: str) -> str:
    if who != "a":
        return today.take(green="elderly" if who == "g" else "")
    code, starts = f"P{today.at}", today.at - SECOND
    today.ask(
        BookAppointment(code=code, service="pension", starts=starts, ends=starts + 5 * MINUTE)
    )
    return today.take(appointment=code)

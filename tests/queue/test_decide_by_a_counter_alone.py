"""The laws of a counter alone, as the hub sees them: what was done is written down, done once, and twice is an exception."""

from __future__ import annotations

import pytest

from broker.messages import (
    Act,
    BorrowBlock,
    CalledTwice,
    CallNext,
    CallTakenUp,
    CallUndone,
    CancelTicket,
    CloseTicket,
    CounterOpened,
    CounterResumed,
    CounterStatus,
    DoneAlone,
    EnterTicket,
    Event,
    Heard,
    HoldTicket,
    MarkNoShow,
    NoShowMarked,
    PauseCounter,
    Phase,
    Rate,
    Recall,
    Refusal,
    ReportAnnounced,
    ReportDoneAlone,
    ReportIssuedAlone,
    ReportPrinted,
    ReportTakenUp,
    Rule,
    Serve,
    TicketCalled,
    TicketClosed,
    TicketIssued,
    TicketPrinted,
    TicketReturned,
    TicketServed,
    TicketVoided,
)
from broker.messages import Level as Stars
from broker.queue import counter_state
from broker.queue.life import Status
from tests.queue.halls import MINUTE, MONDAY, SECOND, TUESDAY, Day, day, only

Events = tuple[Event, ...]


def told(
    today: Day, act: Act, ticket: str, counter: int = 1, *, ago: int = 0, of: str = MONDAY
) -> Events:
    """What the panel of a counter hands in."""
    report = ReportDoneAlone(
        counter=counter, ticket=ticket, day=of, act=act, done_at=today.at - ago
    )
    return today.ask(report, f"panel-{counter}")


def kinds(events: Events) -> list[type]:
    return [type(event) for event in events]


def at(today: Day, counter: int = 1) -> tuple[Phase, str]:
    desk = today.queue.desks[counter]
    return desk.phase, desk.ticket


# --- one ticket, one counter -----------------------------------------------------------------------------


def test_a_service_alone_is_written_down_with_its_own_times():
    today = day()
    ticket = today.take()
    today.later(10 * MINUTE)
    fact, called = told(today, Act.CALLED, ticket, ago=5 * MINUTE)
    assert fact == DoneAlone(
        counter=1, ticket=ticket, day=MONDAY, act=Act.CALLED, done_at=today.at - 5 * MINUTE
    )
    assert called == TicketCalled(
        ticket=ticket,
        counter=1,
        call=1,
        rule=Rule.BY_HAND,
        candidates=0,
        alone_at=today.at - 5 * MINUTE,
    )
    assert kinds(told(today, Act.SERVED, ticket, ago=4 * MINUTE)) == [DoneAlone, TicketServed]
    _, closed = told(today, Act.CLOSED, ticket, ago=MINUTE)
    assert closed == TicketClosed(
        ticket=ticket, counter=1, clerk="clerk 1", alone_at=today.at - MINUTE
    )
    assert today.queue.tickets[ticket].status is Status.CLOSED
    assert at(today) == (Phase.IDLE, "")


def test_a_service_that_goes_on_when_the_hub_is_back_is_the_counters():
    today = day()
    ticket = today.take()
    told(today, Act.CALLED, ticket, ago=SECOND)
    told(today, Act.SERVED, ticket)
    assert at(today) == (Phase.SERVING, ticket)
    closed = only(TicketClosed, today.ask(CloseTicket(counter=1)))
    assert closed.rate_until > today.at, "and its pad asks as always"


def test_who_is_still_called_when_the_hub_is_back_may_be_recalled_served_or_missed():
    for command in (Recall(counter=1), Serve(counter=1), MarkNoShow(counter=1)):
        today = day()
        told(today, Act.CALLED, today.take(), ago=2 * SECOND)
        call = counter_state(today.queue, 1).call
        assert call is not None
        assert call.heard is Heard.YES, "the counter called it: the hall's voice need not"
        assert today.ask(command)


def test_a_counter_without_a_serve_key_ends_what_it_called():
    today = day()
    ticket = today.take()
    told(today, Act.CALLED, ticket)
    assert kinds(told(today, Act.CLOSED, ticket)) == [DoneAlone, TicketServed, TicketClosed]


def test_a_no_show_alone_is_one_by_the_halls_rule():
    today = day(no_show={"mode": "void"})
    ticket = today.take()
    told(today, Act.CALLED, ticket)
    events = told(today, Act.NO_SHOW, ticket, ago=SECOND)
    assert kinds(events) == [DoneAlone, NoShowMarked, TicketVoided]
    assert only(NoShowMarked, events).alone_at == today.at - SECOND


def test_who_was_served_alone_may_rate_and_the_pad_does_not_ask():
    today = day()
    ticket = today.take()
    told(today, Act.CALLED, ticket)
    told(today, Act.CLOSED, ticket)
    assert counter_state(today.queue, 1).rating is None
    rate = Rate(counter=1, day=MONDAY, ticket=ticket, level=Stars.SATISFIED, pressed_at=today.at)
    assert today.ask(rate, "pad-1")


def test_a_paper_that_was_at_the_counter_has_come():
    today = day()
    ticket = today.take(printed=False)
    assert kinds(told(today, Act.CALLED, ticket)) == [DoneAlone, TicketPrinted, TicketCalled]
    assert today.refuses(ReportPrinted(ticket=ticket), "kiosk-1") is Refusal.ALREADY_SO
    assert at(today) == (Phase.CALLED, ticket)


@pytest.mark.parametrize("leave", [MarkNoShow(counter=1), HoldTicket(counter=1)])
def test_who_comes_back_to_a_counter_alone_is_back(leave: MarkNoShow | HoldTicket):
    today = day()
    ticket = today.take()
    today.call()
    today.ask(leave)
    events = told(today, Act.CALLED, ticket, 2)
    assert kinds(events) == [DoneAlone, TicketReturned, TicketCalled]
    assert at(today, 2) == (Phase.CALLED, ticket)


def test_a_counter_that_calls_is_open_whatever_was_known_of_it():
    today = day(open_=False)
    events = told(today, Act.CALLED, today.take())
    assert kinds(events) == [DoneAlone, CounterOpened, TicketCalled]
    assert only(CounterOpened, events).clerk == "clerk 1"
    paused = day()
    paused.ask(PauseCounter(counter=1))
    events = told(paused, Act.CALLED, paused.take())
    assert kinds(events) == [DoneAlone, CounterResumed, TicketCalled]
    assert paused.queue.desks[1].status is CounterStatus.OPEN


def test_what_a_counter_had_before_the_outage_it_ends_alone():
    today = day()
    ticket = today.take()
    today.call()
    assert kinds(told(today, Act.SERVED, ticket)) == [DoneAlone, TicketServed]
    assert kinds(told(today, Act.CLOSED, ticket)) == [DoneAlone, TicketClosed]


def test_a_call_that_nobody_heard_of_waits_again_when_its_counter_calls_by_hand():
    today = day()
    first, second = today.take(), today.take()
    today.call()
    events = told(today, Act.CALLED, second)
    assert kinds(events) == [DoneAlone, CallUndone, TicketCalled]
    assert today.queue.tickets[first].status is Status.WAITING
    assert today.call(2) == first


def test_a_call_that_was_heard_was_served_when_its_counter_calls_by_hand():
    today = day()
    first, second = today.take(), today.take()
    call = today.called()
    today.ask(ReportAnnounced(counter=1, call=call.call, recall=0), "voice-1")
    events = told(today, Act.CALLED, second)
    assert kinds(events) == [DoneAlone, TicketServed, TicketClosed, TicketCalled]
    assert today.queue.tickets[first].status is Status.CLOSED


def test_a_time_that_is_ahead_of_the_hubs_is_now():
    today = day()
    _, called = told(today, Act.CALLED, today.take(), ago=-MINUTE)
    assert isinstance(called, TicketCalled)
    assert called.alone_at == today.at


# --- twice -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ended", [False, True])
def test_a_ticket_that_two_counters_called_alone_is_the_firsts_and_an_exception(*, ended: bool):
    today = day()
    ticket = today.take()
    told(today, Act.CALLED, ticket, 1, ago=MINUTE)
    if ended:
        told(today, Act.CLOSED, ticket, 1)
    fact, twice = told(today, Act.CALLED, ticket, 2, ago=SECOND)
    assert isinstance(fact, DoneAlone)
    assert twice == CalledTwice(
        ticket=ticket,
        counter=2,
        other=1,
        was="closed" if ended else "called",
        alone_at=today.at - SECOND,
    )
    assert kinds(told(today, Act.SERVED, ticket, 2)) == [DoneAlone]
    assert kinds(told(today, Act.CLOSED, ticket, 2)) == [DoneAlone]
    assert at(today, 2) == (Phase.IDLE, "")
    assert at(today, 1) == ((Phase.IDLE, "") if ended else (Phase.CALLED, ticket))


def test_a_ticket_that_the_hub_called_elsewhere_meanwhile_is_an_exception():
    today = day()
    ticket = today.take()
    today.call(2)
    assert only(CalledTwice, told(today, Act.CALLED, ticket, 1)).other == 2
    assert at(today, 2) == (Phase.CALLED, ticket)


def test_a_ticket_that_had_ended_is_an_exception():
    today = day()
    ticket = today.take()
    today.ask(CancelTicket(ticket=ticket))
    twice = only(CalledTwice, told(today, Act.CALLED, ticket))
    assert (twice.other, twice.was) == (0, "cancelled")


def test_a_ticket_that_the_hub_had_called_here_already_is_none():
    today = day()
    ticket = today.take()
    today.call()
    assert kinds(told(today, Act.CALLED, ticket)) == [DoneAlone]
    assert at(today) == (Phase.CALLED, ticket)


# --- a ticket that the hub does not know (yet) -----------------------------------------------------------


def lent(today: Day) -> str:
    today.ask(BorrowBlock(service="pension"), "kiosk-1")
    return "A901"


def arrives(today: Day, ticket: str, ago: int = 10 * MINUTE) -> Events:
    report = ReportIssuedAlone(
        ticket=ticket, service="pension", day=MONDAY, issued_at=today.at - ago
    )
    return today.ask(report, "kiosk-1")


def test_a_ticket_that_its_kiosk_hands_in_later_was_served_meanwhile():
    today = day()
    ticket = lent(today)
    today.later(20 * MINUTE)
    assert kinds(told(today, Act.CALLED, ticket, ago=5 * MINUTE)) == [DoneAlone]
    told(today, Act.SERVED, ticket, ago=4 * MINUTE)
    told(today, Act.CLOSED, ticket, ago=MINUTE)
    events = arrives(today, ticket)
    assert kinds(events) == [TicketIssued, TicketPrinted, TicketCalled, TicketServed, TicketClosed]
    assert today.queue.tickets[ticket].status is Status.CLOSED
    assert at(today) == (Phase.IDLE, "")
    assert today.refuses(CallNext(counter=2)) is Refusal.NOBODY_WAITING


def test_a_ticket_that_is_still_served_when_its_kiosk_hands_it_in_is_the_counters():
    today = day()
    ticket = lent(today)
    told(today, Act.CALLED, ticket)
    told(today, Act.SERVED, ticket)
    arrives(today, ticket)
    assert at(today) == (Phase.SERVING, ticket)


def test_a_ticket_whose_counter_has_gone_on_since_was_served():
    today = day()
    ticket = lent(today)
    told(today, Act.CALLED, ticket)
    other = today.take()
    assert today.call() == other
    assert kinds(arrives(today, ticket)) == [
        TicketIssued,
        TicketPrinted,
        TicketCalled,
        TicketServed,
        TicketClosed,
    ]
    assert today.queue.tickets[ticket].status is Status.CLOSED
    assert at(today) == (Phase.CALLED, other)


def test_a_ticket_that_two_counters_called_before_its_kiosk_handed_it_in_is_an_exception():
    today = day()
    ticket = lent(today)
    told(today, Act.CALLED, ticket, 1)
    told(today, Act.CALLED, ticket, 2)
    told(today, Act.CLOSED, ticket, 2)
    events = arrives(today, ticket)
    assert only(TicketCalled, events).counter == 1
    assert only(CalledTwice, events).counter == 2
    assert TicketClosed not in kinds(events)
    assert at(today, 1) == (Phase.CALLED, ticket)


def test_a_missed_call_of_an_unknown_ticket_is_a_no_show():
    today = day()
    ticket = lent(today)
    told(today, Act.CALLED, ticket)
    told(today, Act.NO_SHOW, ticket)
    arrives(today, ticket)
    assert list(today.queue.missed) == [ticket]
    assert at(today) == (Phase.IDLE, "")


def test_a_number_written_by_hand_finds_what_was_done_with_it():
    today = day()
    told(today, Act.CALLED, "X007")
    told(today, Act.CLOSED, "X007")
    enter = EnterTicket(ticket="X7", service="card", issued_at=today.at - MINUTE)
    events = today.ask(enter, "guide-1")
    assert kinds(events) == [TicketIssued, TicketCalled, TicketServed, TicketClosed]


def test_a_mistyped_number_that_is_given_out_later_waits_as_any_other():
    today = day()
    told(today, Act.CALLED, "A001")
    assert today.take() == "A001"
    assert today.queue.tickets["A001"].status is Status.WAITING
    assert today.call() == "A001"


def test_of_another_day_it_is_written_down_and_does_nothing():
    today = day()
    ticket = today.take()
    for of in ("2026-11-22", TUESDAY):
        assert kinds(told(today, Act.CALLED, ticket, of=of)) == [DoneAlone]
    assert today.queue.tickets[ticket].status is Status.WAITING
    assert kinds(told(today, Act.CALLED, "A950", of="2026-11-22")) == [DoneAlone]
    assert today.queue.unknown == {}


def test_a_call_alone_needs_no_voice_to_take_it_up():
    today = day()
    call = only(TicketCalled, told(today, Act.CALLED, today.take()))
    report = ReportTakenUp(counter=1, call=call.call, recall=0)
    assert kinds(today.ask(report, "voice-1")) == [CallTakenUp]
    assert today.queue.desks[1].heard is Heard.YES

"""The laws of the figures: waits, turns, how visits end, what counters did; each from the events of a day."""

from __future__ import annotations

import pytest

from broker.messages import (
    BookAppointment,
    CallNext,
    CallTicket,
    CancelTicket,
    CloseCounter,
    CloseTicket,
    CommandRefused,
    EnterTicket,
    Event,
    HoldTicket,
    IssueTicket,
    MarkNoShow,
    OpenDay,
    PauseCounter,
    Recall,
    Refusal,
    ReportPrinted,
    ResumeCounter,
    ReturnTicket,
    Rule,
    Serve,
    TicketIssued,
    Transfer,
    UndoCall,
    VoidTicket,
)
from broker.queue.life import Status
from broker.reports.desk import Doing
from broker.reports.visit import End, Turn, Visit
from broker.reports.visits import Visits
from tests.queue.halls import MINUTE, NINE, SECOND, TUESDAY, Day, Window, day, only


def heard(told: list[tuple[Event, int]]) -> Visits:
    visits = Visits()
    for event, at in told:
        visits.hear(event, at)
    return visits


def visit(today: Day, ticket: str) -> Visit:
    return heard(today.told).visits[ticket]


def spent(today: Day, counter: int = 1) -> tuple[int, int, int]:
    """Seconds idle, engaged, paused."""
    ms = heard(today.told).desks[counter].spent_until(today.at)
    return (
        ms[Doing.IDLE] // SECOND,
        ms[Doing.ENGAGED] // SECOND,
        ms[Doing.PAUSED] // SECOND,
    )


def serve(today: Day, counter: int = 1, ms: int = 4 * MINUTE) -> str:
    """Call, ten seconds to come, a service."""
    ticket = today.call(counter)
    today.later(10 * SECOND)
    today.ask(Serve(counter=counter))
    today.later(ms)
    today.ask(CloseTicket(counter=counter))
    return ticket


# --- waits ------------------------------------------------------------------------------------------


def test_a_visit_waits_from_its_issue_to_the_call_that_led_to_service():
    today = day(Window())
    ticket = today.take(green="elderly")
    today.later(5 * MINUTE)
    assert serve(today) == ticket
    told = visit(today, ticket)
    assert told.wait_ms == 5 * MINUTE + SECOND
    assert told.served_ms == 4 * MINUTE
    assert told.turns == [
        Turn(
            counter=1,
            clerk="clerk 1",
            service="pension",
            waited=5 * MINUTE + SECOND,
            called_at=NINE + 5 * MINUTE + 2 * SECOND,
            began_at=NINE + 5 * MINUTE + 12 * SECOND,
            ended_at=NINE + 9 * MINUTE + 12 * SECOND,
        )
    ]
    assert (told.issued.green, told.first_counter, told.end) == ("elderly", 1, End.CLOSED)
    assert told.ended_at == today.at


def test_nobody_has_waited_whom_no_call_led_to_service_yet():
    today = day(Window())
    ticket = today.take()
    assert visit(today, ticket).wait_ms is None
    today.call()
    assert visit(today, ticket).wait_ms is None
    today.later(MINUTE)
    today.ask(Serve(counter=1))
    assert visit(today, ticket).wait_ms == SECOND


@pytest.mark.parametrize(("later", "wait"), [(3, 0), (25, 5)])
def test_an_appointment_waits_from_its_time_not_from_its_early_coming(later: int, wait: int):
    today = day(Window(), appointment_early_min=30)
    slot = NINE + 20 * MINUTE
    today.ask(BookAppointment(code="X", service="pension", starts=slot, ends=slot + 20 * MINUTE))
    today.ask(IssueTicket(service="pension", appointment="X"), "kiosk-1")
    today.ask(ReportPrinted(ticket="A001"), "kiosk-1")
    today.later(later * MINUTE - SECOND)
    serve(today)
    assert visit(today, "A001").wait_ms == wait * MINUTE


def test_an_appointment_that_came_late_waits_from_its_coming():
    today = day(Window())
    today.ask(BookAppointment(code="X", service="pension", starts=NINE, ends=NINE + 20 * MINUTE))
    today.later(10 * MINUTE)
    today.ask(IssueTicket(service="pension", appointment="X"), "kiosk-1")
    today.ask(ReportPrinted(ticket="A001"), "kiosk-1")
    serve(today)
    assert visit(today, "A001").wait_ms == SECOND


def test_a_ticket_written_by_hand_waits_from_the_time_on_its_paper():
    today = day(Window(), hand_prefix="H")
    today.later(30 * MINUTE)
    today.ask(EnterTicket(ticket="H007", service="pension", issued_at=NINE + 20 * MINUTE))
    serve(today)
    assert visit(today, "H007").wait_ms == 10 * MINUTE + SECOND


def test_a_no_show_makes_no_wait_shorter():
    today = day(Window())
    ticket = today.take()
    today.call()
    today.ask(MarkNoShow(counter=1))
    today.later(10 * MINUTE)
    today.ask(ReturnTicket(ticket=ticket))
    serve(today)
    told = visit(today, ticket)
    assert told.wait_ms == 10 * MINUTE + 2 * SECOND
    assert (told.no_shows, told.returns, len(told.calls), len(told.turns)) == (1, 1, 2, 1)


# --- turns ------------------------------------------------------------------------------------------


def test_time_on_hold_is_neither_service_nor_wait():
    today = day(Window())
    ticket = today.take()
    today.call()
    today.ask(Serve(counter=1))
    today.later(2 * MINUTE)
    today.ask(HoldTicket(counter=1))
    today.later(30 * MINUTE)
    today.ask(ReturnTicket(ticket=ticket), "panel-1")
    today.later(MINUTE - SECOND)
    serve(today, ms=3 * MINUTE)
    told = visit(today, ticket)
    assert [turn.waited for turn in told.turns] == [SECOND, MINUTE]
    assert (told.wait_ms, told.served_ms, told.holds, told.returns) == (SECOND, 5 * MINUTE, 1, 1)


def test_each_turn_has_the_service_and_the_counter_of_its_time():
    today = day(Window(services=("pension",)), Window(services=("card",)))
    ticket = today.take("pension")
    today.call(1)
    today.ask(Serve(counter=1))
    today.later(MINUTE)
    today.ask(Transfer(counter=1, to_service="card"))
    today.later(2 * MINUTE - SECOND)
    serve(today, 2)
    told = visit(today, ticket)
    assert [(turn.counter, turn.clerk, turn.service) for turn in told.turns] == [
        (1, "clerk 1", "pension"),
        (2, "clerk 2", "card"),
    ]
    assert [turn.waited for turn in told.turns] == [SECOND, 2 * MINUTE]
    assert (told.issued.service, told.service, told.transfers) == ("pension", "card", 1)
    assert told.first_counter == 1


@pytest.mark.parametrize("leaves", [CloseTicket(counter=1), HoldTicket(counter=1)])
def test_where_no_serve_is_pressed_the_service_begins_with_the_call(
    leaves: CloseTicket | HoldTicket,
):
    today = day(Window(serve_key=False))
    ticket = today.take()
    today.call()
    today.later(3 * MINUTE)
    today.ask(leaves)
    told = visit(today, ticket)
    assert (told.wait_ms, told.served_ms) == (SECOND, 3 * MINUTE)


# --- mistakes ---------------------------------------------------------------------------------------


def test_an_undone_call_leaves_no_trace():
    today = day(Window())
    ticket = today.take()
    before = heard(today.told)
    today.call()
    today.later(SECOND)
    today.ask(Recall(counter=1))
    today.ask(UndoCall(counter=1))
    after = heard(today.told)
    assert after.visits == before.visits
    assert after.visits[ticket].recalls == 0
    assert +after.rules == before.rules
    assert after.desks[1].spent_until(today.at) == before.desks[1].spent_until(today.at)


def test_a_service_that_next_had_ended_by_mistake_goes_on_as_if_it_had_not():
    with_mistake, without = day(Window(), undo_s=60), day(Window(), undo_s=60)
    for today in (with_mistake, without):
        for _ in range(2):
            today.take()
        today.call()
        today.later(10 * SECOND)
        today.ask(Serve(counter=1))
        today.later(MINUTE)
        if today is with_mistake:
            today.ask(CallNext(counter=1))
            today.later(5 * SECOND)
            today.ask(UndoCall(counter=1))
        else:
            today.later(5 * SECOND)
        today.later(MINUTE)
        today.ask(CloseTicket(counter=1))
    assert heard(with_mistake.told).visits == heard(without.told).visits
    assert spent(with_mistake) == spent(without) == (3, 135, 0)
    assert visit(with_mistake, "A001").served_ms == 2 * MINUTE + 5 * SECOND


# --- ends -------------------------------------------------------------------------------------------


def test_every_visit_has_the_end_it_came_to():
    today = day(Window())
    closed, missed, cancelled, left = (today.take() for _ in range(4))
    voided = today.take(printed=False)
    assert serve(today) == closed
    assert today.call() == missed
    today.ask(MarkNoShow(counter=1))
    today.ask(CancelTicket(ticket=cancelled))
    today.ask(VoidTicket(ticket=voided, reason="no paper"), "kiosk-1")
    ends = {number: one.end for number, one in heard(today.told).visits.items()}
    assert ends == {
        closed: End.CLOSED,
        missed: End.OPEN,
        cancelled: End.CANCELLED,
        left: End.OPEN,
        voided: End.VOIDED,
    }
    today.later(15 * 60 * MINUTE)
    over = [(event, today.at) for event in today.ask(OpenDay(day=TUESDAY))[:-1]]
    day_s = heard(today.told[: -len(over) - 1] + over)
    assert day_s.visits[missed].end is End.NO_SHOW
    assert day_s.visits[left].end is End.SETTLED
    assert day_s.visits[left].ended_at == today.at
    assert day_s.visits[closed].ended_at < today.at


def test_who_was_missed_and_never_came_back_ended_as_no_show_however_the_books_were_closed():
    today = day(Window())
    ticket = today.take()
    today.call()
    today.ask(MarkNoShow(counter=1))
    today.ask(CancelTicket(ticket=ticket))
    told = visit(today, ticket)
    assert (told.end, told.status) == (End.NO_SHOW, Status.CANCELLED)


# --- counters, rules, refusals ----------------------------------------------------------------------


def test_a_counter_is_idle_engaged_or_paused_as_long_as_it_is_open():
    today = day(Window(), Window())
    today.take()
    serve(today)
    today.later(MINUTE)
    today.ask(PauseCounter(counter=1))
    today.later(10 * MINUTE)
    today.ask(ResumeCounter(counter=1))
    today.later(30 * SECOND)
    assert spent(today) == (2 + 60 + 30, 10 + 240, 600)
    today.ask(CloseCounter(counter=1))
    today.later(MINUTE)
    assert sum(spent(today)) * SECOND == today.at - MINUTE - NINE
    assert spent(today, 2) == ((today.at - NINE) // SECOND, 0, 0)


def test_a_call_that_nobody_followed_engaged_the_counter_too():
    today = day(Window())
    today.take()
    today.call()
    today.later(40 * SECOND)
    today.ask(MarkNoShow(counter=1))
    assert spent(today) == (2, 40, 0)


def test_the_end_of_the_day_closes_every_counter():
    today = day(Window())
    today.later(MINUTE)
    closed, _ = today.ask(OpenDay(day=TUESDAY))
    desk = heard([*today.told[:-2], (closed, today.at)]).desks[1]
    assert desk.doing is Doing.CLOSED
    assert desk.spent_until(today.at + MINUTE) == {Doing.IDLE: MINUTE}


def test_calls_are_counted_by_rule_and_recalls_by_visit():
    today = day(Window())
    today.take()
    green = today.take(green="elderly")
    chosen = today.take()
    assert today.call() == green
    today.later(SECOND)
    today.ask(Recall(counter=1))
    today.ask(MarkNoShow(counter=1))
    today.later(SECOND)
    today.ask(CallTicket(counter=1, ticket=chosen, reason="a mother with a child"))
    told = heard(today.told)
    assert told.rules == {Rule.GREEN_FIRST: 1, Rule.SUPERVISOR: 1}
    assert told.visits[green].recalls == 1
    assert told.visits[chosen].calls[0].event.reason == "a mother with a child"


def test_refusals_are_counted_by_their_code():
    refused = CommandRefused(code=Refusal.NOBODY_WAITING, reason="nobody waits")
    told = heard([(refused, NINE), (refused, NINE + SECOND)])
    assert told.refusals == {Refusal.NOBODY_WAITING: 2}


def test_what_was_promised_at_the_kiosk_stands_with_the_visit():
    today = day(Window())
    for _ in range(3):
        today.take()
    issued = only(TicketIssued, today.ask(IssueTicket(service="pension"), "kiosk-1"))
    assert visit(today, issued.ticket).issued is issued
    assert issued.ahead == 3

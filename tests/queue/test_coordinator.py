"""The laws of the coordinator: exactly once, together, never before the disk has it, and on time."""

from __future__ import annotations

from broker.messages import (
    CallNext,
    IssueTicket,
    OpenCounter,
    Refusal,
    ReportPrinted,
    Serve,
    TicketIssued,
)
from tests.queue.halls import picture
from tests.queue.ports import Hub, kinds, ready, refusal, seen_on_disk

# --- the first answer --------------------------------------------------------------------------------------


def test_a_repeated_command_gets_its_first_answer(hub: Hub):
    ready(hub)
    request = hub.request("panel-1", CallNext(counter=1))
    first = hub.coordinator.handle([request])
    before = picture(hub.coordinator.queue)
    hub.hands.pass_(5)
    assert hub.coordinator.handle([request]) == first
    assert picture(hub.coordinator.queue) == before
    assert kinds(first[0].events) == ["TicketCalled"]


def test_a_repeated_refusal_stays_a_refusal_even_if_it_would_be_granted_now(hub: Hub):
    request = hub.request("panel-1", CallNext(counter=1))
    first = hub.coordinator.handle([request])
    assert refusal(first[0]) is Refusal.COUNTER_CLOSED
    ready(hub)
    assert hub.coordinator.handle([request]) == first


def test_a_repeated_command_gets_its_first_answer_after_a_restart_too(hub: Hub):
    ready(hub)
    requests = [
        hub.request("panel-1", CallNext(counter=1)),
        hub.request("kiosk-1", IssueTicket(service="card")),
        hub.request("panel-2", CallNext(counter=2)),
    ]
    first = hub.coordinator.handle(requests)
    hub.restart()
    before = picture(hub.coordinator.queue)
    assert hub.coordinator.handle(requests) == first
    assert picture(hub.coordinator.queue) == before
    assert [kinds(answer.events) for answer in first] == [
        ["TicketCalled"],
        ["TicketIssued"],
        ["CommandRefused"],
    ]


def test_an_answer_of_several_events_is_repeated_whole(hub: Hub):
    ready(hub)
    hub.ask("panel-1", CallNext(counter=1))
    hub.ask("panel-1", Serve(counter=1))
    hub.hands.pass_(1)
    request = hub.request("panel-1", CallNext(counter=1))
    first = hub.coordinator.handle([request])
    assert kinds(first[0].events) == ["TicketClosed", "TicketCalled"]
    hub.restart()
    assert hub.coordinator.handle([request]) == first


def test_a_command_that_comes_twice_in_one_batch_is_done_once(hub: Hub):
    request = hub.request("kiosk-1", IssueTicket(service="pension"))
    answers = hub.coordinator.handle([request, request])
    assert answers[0] == answers[1]
    assert list(hub.coordinator.queue.tickets) == ["A001"]
    assert seen_on_disk(hub.path).count(("TicketIssued", request.command_id)) == 1


def test_a_repeated_press_gets_its_first_answer_though_it_is_stale_by_now(hub: Hub):
    ready(hub)
    request = hub.request("panel-1", CallNext(counter=1), expires=hub.coordinator.now() + 10_000)
    first = hub.coordinator.handle([request])
    hub.hands.pass_(60)
    assert hub.coordinator.handle([request]) == first


def test_two_commands_with_the_same_wish_and_different_ids_are_two(hub: Hub):
    answers = [hub.ask("kiosk-1", IssueTicket(service="pension")) for _ in range(2)]
    assert [
        event.ticket
        for answer in answers
        for event in answer.events
        if isinstance(event, TicketIssued)
    ] == ["A001", "A002"]


# --- one commit, and nothing before it ----------------------------------------------------------------------


def test_commands_that_arrive_together_share_one_commit(hub: Hub):
    statements: list[str] = []
    hub.journal._db.set_trace_callback(statements.append)
    requests = [hub.request("kiosk-1", IssueTicket(service="pension")) for _ in range(50)]
    answers = hub.coordinator.handle([*requests, hub.request("panel-1", CallNext(counter=1))])
    hub.journal._db.set_trace_callback(None)
    assert len(answers) == 51
    assert sum(statement == "COMMIT" for statement in statements) == 1


def test_a_batch_of_repeats_commits_nothing(hub: Hub):
    request = hub.request("kiosk-1", IssueTicket(service="pension"))
    hub.coordinator.handle([request])
    statements: list[str] = []
    hub.journal._db.set_trace_callback(statements.append)
    hub.coordinator.handle([request])
    hub.journal._db.set_trace_callback(None)
    written = ("INSERT", "COMMIT")
    assert not [statement for statement in statements if statement.startswith(written)]
    assert not hub.journal._db.in_transaction


def test_later_commands_of_a_batch_see_the_earlier_ones(hub: Hub):
    requests = [
        hub.request("panel-1", OpenCounter(counter=1)),
        hub.request("kiosk-1", IssueTicket(service="pension")),
        hub.request("kiosk-1", ReportPrinted(ticket="A001")),
        hub.request("panel-1", CallNext(counter=1)),
        hub.request("panel-1", CallNext(counter=1)),
    ]
    answers = hub.coordinator.handle(requests)
    assert [answer.command_id for answer in answers] == [one.command_id for one in requests]
    assert [kinds(answer.events) for answer in answers[-2:]] == [
        ["TicketCalled"],
        ["CommandRefused"],
    ]
    assert refusal(answers[-1]) is Refusal.DOUBLE_PRESS


def test_nothing_is_answered_or_shown_before_it_is_committed(hub: Hub):
    ready(hub)
    requests = [
        hub.request("panel-1", CallNext(counter=1)),
        hub.request("panel-2", CallNext(counter=2)),
        hub.request("kiosk-1", IssueTicket(service="card")),
    ]
    answers = hub.coordinator.handle(requests)
    answered = [(kind, a.command_id) for a in answers for kind in kinds(a.events)]
    assert seen_on_disk(hub.path)[-len(answered) :] == answered
    assert kinds(hub.coordinator.take_changed()) == [kind for kind, _ in answered]
    assert hub.coordinator.take_changed() == []

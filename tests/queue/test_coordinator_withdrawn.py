"""The laws of withdrawal: whenever it comes, one touch of a kiosk leads to one ticket, and the first answer stays."""

from __future__ import annotations

import pytest

from broker.messages import (
    Answer,
    BorrowBlock,
    CommandRefused,
    CommandWithdrawn,
    IssueTicket,
    Refusal,
    ReportIssuedAlone,
    ReportPrinted,
    Request,
    TicketVoided,
    Withdraw,
)
from broker.queue.life import Status
from tests.queue.halls import MONDAY, only, picture
from tests.queue.ports import Hub, kinds, refusal, seen_on_disk

ISSUE = IssueTicket(service="pension")


def pair(hub: Hub) -> tuple[Request, Request]:
    """A wish for a ticket, and its withdrawal."""
    wish = hub.request("kiosk-1", ISSUE)
    return wish, hub.request("kiosk-1", Withdraw(command_id=wish.command_id))


def status(hub: Hub) -> dict[str, Status]:
    return {number: ticket.status for number, ticket in hub.coordinator.queue.tickets.items()}


def test_a_command_that_comes_after_its_withdrawal_is_refused(hub: Hub):
    wish, withdrawal = pair(hub)
    (answer,) = hub.coordinator.handle([withdrawal])
    assert answer.events == (CommandWithdrawn(command_id=wish.command_id),)
    (answer,) = hub.coordinator.handle([wish])
    assert refusal(answer) is Refusal.WITHDRAWN
    assert status(hub) == {}


def test_a_ticket_whose_withdrawal_comes_after_it_is_voided(hub: Hub):
    wish, withdrawal = pair(hub)
    (issued,) = hub.coordinator.handle([wish])
    (answer,) = hub.coordinator.handle([withdrawal])
    assert kinds(answer.events) == ["TicketVoided", "CommandWithdrawn"]
    assert status(hub) == {"A001": Status.VOIDED}
    assert hub.coordinator.handle([wish]) == [issued], "the first answer stays the answer"


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize("withdrawn_first", [False, True])
@pytest.mark.parametrize("together", [False, True])
def test_in_any_order_and_after_any_restart_a_withdrawn_wish_leaves_no_ticket(
    hub: Hub, *, withdrawn_first: bool, together: bool, restarts: bool
):
    requests = list(pair(hub))[:: -1 if withdrawn_first else 1]
    answers: list[Answer] = []
    for batch in [requests] if together else [[one] for one in requests]:
        answers += hub.coordinator.handle(batch)
        if restarts:
            hub.restart()
    assert set(status(hub).values()) <= {Status.VOIDED}
    before, rows = picture(hub.coordinator.queue), len(seen_on_disk(hub.path))
    for _ in range(2):
        assert hub.coordinator.handle(requests) == answers, "each gets its first answer again"
        assert hub.coordinator.handle(requests[::-1]) == answers[::-1]
        hub.restart()
    assert picture(hub.coordinator.queue) == before
    assert len(seen_on_disk(hub.path)) == rows


def test_the_refusal_is_written_down_under_the_withdrawn_commands_own_id(hub: Hub):
    wish, withdrawal = pair(hub)
    hub.coordinator.handle([withdrawal])
    assert seen_on_disk(hub.path)[-2:] == [
        ("CommandRefused", wish.command_id),
        ("CommandWithdrawn", withdrawal.command_id),
    ]


def test_a_wish_that_was_refused_stays_as_it_was(hub: Hub):
    wish = hub.request("kiosk-1", IssueTicket(service="no-such"))
    (first,) = hub.coordinator.handle([wish])
    answer = hub.ask("kiosk-1", Withdraw(command_id=wish.command_id))
    assert kinds(answer.events) == ["CommandWithdrawn"]
    assert hub.coordinator.handle([wish]) == [first]


def test_a_ticket_that_was_printed_all_the_same_stays(hub: Hub):
    wish, withdrawal = pair(hub)
    hub.coordinator.handle([wish, hub.request("kiosk-1", ReportPrinted(ticket="A001"))])
    hub.coordinator.handle([withdrawal])
    assert status(hub) == {"A001": Status.WAITING}


def test_who_is_no_kiosk_withdraws_nothing_and_leaves_no_trace_under_the_id(hub: Hub):
    wish, _ = pair(hub)
    answer = hub.ask("panel-1", Withdraw(command_id=wish.command_id))
    assert refusal(answer) is Refusal.NOT_YOURS
    (answer,) = hub.coordinator.handle([wish])
    assert kinds(answer.events) == ["TicketIssued"]


def test_a_withdrawal_that_cannot_be_written_is_asked_again_and_so_is_its_wish(hub: Hub):
    wish, withdrawal = pair(hub)
    hub.journal.broken = True
    answers = hub.coordinator.handle([withdrawal, wish])
    assert [bool(answer.not_now) for answer in answers] == [True, True]
    hub.journal.broken = False
    answers = hub.coordinator.handle([withdrawal, wish])
    assert refusal(answers[1]) is Refusal.WITHDRAWN


def test_what_a_kiosk_did_alone_comes_in_whole_with_one_batch(hub: Hub):
    hub.ask("kiosk-1", BorrowBlock(service="pension"))
    wish, withdrawal = pair(hub)
    alone = ReportIssuedAlone(
        ticket="A901", service="pension", day=MONDAY, issued_at=hub.coordinator.now()
    )
    printed = ReportPrinted(ticket="A901")
    answers = hub.coordinator.handle(
        [wish, withdrawal, hub.request("kiosk-1", alone), hub.request("kiosk-1", printed)]
    )
    assert not [e for answer in answers for e in answer.events if isinstance(e, CommandRefused)]
    assert only(TicketVoided, answers[1].events).ticket == "A001"
    assert status(hub) == {"A001": Status.VOIDED, "A901": Status.WAITING}
    assert hub.coordinator.queue.tickets["A901"].in_line


def test_lent_numbers_outlive_a_restart_of_the_hub(hub: Hub):
    hub.ask("kiosk-1", BorrowBlock(service="pension"))
    hub.restart()
    alone = ReportIssuedAlone(
        ticket="A902", service="pension", day=MONDAY, issued_at=hub.coordinator.now()
    )
    assert kinds(hub.ask("kiosk-1", alone).events) == ["TicketIssued"]
    hub.restart()
    again = hub.ask("kiosk-1", alone)
    assert refusal(again) is Refusal.NOT_LENT

"""The law of lent numbers whatever is asked in whatever order: none is given twice in a day."""

from __future__ import annotations

from contextlib import suppress
from itertools import chain

from hypothesis import given, settings
from hypothesis import strategies as st

from broker.messages import (
    AdoptSettings,
    BlockLent,
    BorrowBlock,
    CommandRejected,
    DeviceCommand,
    IssueTicket,
    TicketIssued,
)
from tests.queue.halls import day, text_of
from tests.queue.test_decide_lending import BORROW, gave

LENGTHS = st.sampled_from([3, 4])
STEPS = st.lists(
    st.one_of(
        st.just(IssueTicket(service="pension")),
        st.just(BORROW),
        st.integers(0, 30),  # which of the lent numbers is given out
        LENGTHS,
    ),
    max_size=60,
)


@settings(max_examples=60)
@given(first=st.sampled_from([1, 897, 995, 8998, 9990]), steps=STEPS)
def test_no_number_is_given_twice_in_a_day_however_running_and_lent_ones_mix(
    first: int, steps: list[IssueTicket | BorrowBlock | int]
):
    today = day(alone={"block": 4})
    today.queue.issued["A"] = first
    lent: list[str] = []
    command: DeviceCommand
    for step in steps:
        match step:
            case 3 | 4:
                text = text_of(alone={"block": 4}, number_digits=step)
                today.ask(AdoptSettings(text=text))
                continue
            case int():
                command = gave(today, lent[step % len(lent)]) if lent else BORROW
            case _:
                command = step
        with suppress(CommandRejected):
            events = today.ask(command, "kiosk-1")
            lent.extend(chain.from_iterable(e.numbers for e in events if isinstance(e, BlockLent)))
    assert len(lent) == len(set(lent))
    issued = [event for event, _ in today.told if isinstance(event, TicketIssued)]
    numbers = [event.ticket for event in issued]
    assert len(numbers) == len(set(numbers))
    assert {event.ticket for event in issued if event.alone} <= set(lent)
    assert not {event.ticket for event in issued if not event.alone} & set(lent)

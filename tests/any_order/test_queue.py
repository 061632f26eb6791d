"""The laws that hold whatever happens: random halls, random presses, and an oracle that only counts."""

from __future__ import annotations

from collections import Counter as Tally
from collections import defaultdict
from contextlib import suppress

import msgspec
from hypothesis import given, settings

from broker.messages import (
    CallNext,
    Command,
    CommandRejected,
    CounterClosed,
    DayOpened,
    DeviceCommand,
    Event,
    Phase,
    Rank,
    TicketIssued,
)
from broker.queue import Queue, counter_state, decide, queue_state
from broker.queue.life import ENDED, LIFE, Status
from broker.queue.waiting import Waiting
from tests.queue.halls import Day, hall_of, picture
from tests.queue.oracle import callable_at
from tests.queue.stories import STORIES, Story, live

few = settings(max_examples=20)

Events = tuple[Event, ...] | None


@few
@given(STORIES)
def test_the_events_replayed_from_their_wire_form_make_the_same_queue(story: Story):
    today = live(story)
    again = Queue(hall_of(story[0]))
    wire = msgspec.json.Decoder(Event)
    for event, at in today.told:
        again.apply(wire.decode(msgspec.json.encode(event)), at)
    assert again == today.queue


@few
@given(STORIES)
def test_a_command_that_is_refused_and_one_that_is_only_decided_change_nothing(story: Story):
    def watch(today: Day, command: Command, events: Events) -> None:
        before = picture(today.queue)
        for sender in ("", "kiosk-1"):
            with suppress(CommandRejected):
                decide(today.queue, command, today.at, sender)
        assert picture(today.queue) == before

    live((*story[:2], 40), watch)


@few
@given(STORIES)
def test_a_devices_command_that_is_not_refused_has_an_answer(story: Story):
    def watch(_: Day, command: Command, events: Events) -> None:
        assert events is None or events or not isinstance(command, DeviceCommand)

    live(story, watch)


@few
@given(STORIES)
def test_no_number_is_given_twice_in_a_day_and_none_is_left_out(story: Story):
    numbers: dict[str, list[int]] = defaultdict(list)
    by_hand: set[int] = set()
    for event, _ in live(story).told:
        match event:
            case DayOpened():
                numbers.clear()
                by_hand.clear()
            case TicketIssued(by_hand=True):
                running = int(event.ticket[1:])
                assert running not in by_hand
                by_hand.add(running)
            case TicketIssued():
                numbers[event.ticket[0]].append(int(event.ticket[1:]))
                assert numbers[event.ticket[0]] == list(range(1, int(event.ticket[1:]) + 1))
            case _:
                pass


@few
@given(STORIES)
def test_no_ticket_is_at_two_counters_and_each_counter_has_the_ticket_it_shows(story: Story):
    def watch(today: Day, *_: object) -> None:
        queue = today.queue
        busy = [desk for desk in queue.desks.values() if desk.phase is not Phase.IDLE]
        assert len({desk.ticket for desk in busy}) == len(busy)
        for desk in busy:
            assert queue.tickets[desk.ticket].status == desk.phase.value
            assert queue.tickets[desk.ticket].counter == desk.number
        at_counters = {Status.CALLED, Status.SERVING}
        assert len(busy) == sum(t.status in at_counters for t in queue.tickets.values())
        assert all(not desk.ticket for desk in queue.desks.values() if desk.phase is Phase.IDLE)

    live(story, watch)


@few
@given(STORIES)
def test_every_ticket_lives_by_the_table(story: Story):
    today = live(story)
    lives: dict[str, Status] = {}
    for event, _ in today.told:
        match event:
            case DayOpened():
                lives.clear()
            case TicketIssued(ticket=ticket):
                assert ticket not in lives
                lives[ticket] = Status.WAITING
            case _ if any(kind is type(event) for _, kind in LIFE):
                ticket = getattr(event, "ticket", "")
                lives[ticket] = LIFE[lives[ticket], type(event)]
            case _:
                pass
    assert lives == {ticket.number: ticket.status for ticket in today.queue.tickets.values()}


@few
@given(STORIES)
def test_next_is_refused_for_want_of_people_only_if_there_are_none(story: Story):
    def watch(today: Day, command: Command, events: Events) -> None:
        if isinstance(command, CallNext) and events is not None:
            calls = "TicketCalled" in {type(event).__name__ for event in events}
            assert calls == bool(callable_at(today.queue, command.counter))

    live(story, watch)


@few
@given(STORIES)
def test_who_waits_stands_in_exactly_the_lines_of_those_who_may_call_him(story: Story):
    def watch(today: Day, *_: object) -> None:
        anew = Waiting()
        tickets = today.queue.tickets.values()
        anew.lay_out(today.queue.hall, [t for t in tickets if t.status is Status.WAITING])
        assert today.queue.waiting == anew
        for counter in today.queue.hall.counter:
            pools = today.queue.pools(counter)
            stand = [number for pool in pools for line in pool.lines for _, number in line]
            able = {ticket.number for ticket in callable_at(today.queue, counter)}
            assert (len(stand), set(stand)) == (len(able), able)

    live(story, watch)


@few
@given(STORIES)
def test_nobody_waits_for_a_counter_that_has_closed(story: Story):
    today = live(story)
    again = Queue(hall_of(story[0]))
    for event, at in today.told:
        again.apply(event, at)
        if isinstance(event, CounterClosed):
            bound = [t for t in again.tickets.values() if t.to_counter == event.counter]
            assert all(ticket.status in ENDED for ticket in bound)


@few
@given(STORIES)
def test_the_counts_shown_are_those_who_wait(story: Story):
    def watch(today: Day, *_: object) -> None:
        queue = today.queue
        waiting = [t for t in queue.tickets.values() if t.status is Status.WAITING]
        shared = Tally(ticket.service for ticket in waiting if not ticket.to_counter)
        shown = queue_state(queue, today.at).services
        assert {name: one.waiting for name, one in shown.items()} == {
            name: shared[name] for name in queue.hall.service
        }
        alone = Tally(ticket.to_counter for ticket in waiting)
        for counter in queue.hall.counter:
            assert counter_state(queue, counter).own == alone[counter]

    live((*story[:2], 60), watch)


@few
@given(STORIES)
def test_missed_held_and_unprinted_are_those_that_are_so(story: Story):
    def watch(today: Day, *_: object) -> None:
        queue, tickets = today.queue, today.queue.tickets
        for kept, status in ((queue.missed, Status.NO_SHOW), (queue.held, Status.HELD)):
            assert set(kept) == {t.number for t in tickets.values() if t.status is status}
        owed = {number: kiosk for kiosk, numbers in queue.unprinted.items() for number in numbers}
        assert len(owed) == sum(map(len, queue.unprinted.values()))
        assert all(tickets[number].kiosk == kiosk for number, kiosk in owed.items())
        assert all(
            ticket.in_line or ticket.number in owed
            for ticket in tickets.values()
            if ticket.status is Status.WAITING
        )

    live(story, watch)


@few
@given(STORIES)
def test_every_number_is_ahead_of_those_it_says(story: Story):
    def watch(today: Day, command: Command, events: Events) -> None:
        for issued in (event for event in events or () if isinstance(event, TicketIssued)):
            rank = Rank.GREEN if issued.green else Rank.APPOINTMENT if issued.slot else Rank.WALK_IN
            before = [
                ticket
                for ticket in today.queue.tickets.values()
                if ticket.status is Status.WAITING
                and ticket.service == issued.service
                and ticket.rank <= rank
                and not ticket.to_counter
            ]
            assert issued.ahead == len(before)

    live(story, watch)

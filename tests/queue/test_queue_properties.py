"""The laws that hold whatever happens: random halls, random presses, and an oracle that only counts."""

from __future__ import annotations

from collections import Counter as Tally
from collections import defaultdict
from contextlib import suppress

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from broker.messages import (
    CallNext,
    Command,
    CommandRejected,
    DayOpened,
    DeviceCommand,
    Event,
    MarkNoShow,
    OpenCounter,
    OpenDay,
    Phase,
    TicketCalled,
    TicketIssued,
)
from broker.queue import Queue, decide, queue_state
from broker.queue.life import LIFE, Status, Ticket
from tests.queue.halls import NINE, SERVICES, Day, Window, hall_of, picture, text_of
from tests.queue.stories import STORIES, Story, live

few = settings(max_examples=20)


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
    def watch(queue: Queue, command: Command, events: tuple[Event, ...] | None) -> None:
        before = picture(queue)
        with suppress(CommandRejected):
            decide(queue, command, NINE, "kiosk-1")
        assert picture(queue) == before

    live((story[0], story[1][:120]), watch)


@few
@given(STORIES)
def test_a_devices_command_that_is_not_refused_has_an_answer(story: Story):
    def watch(_: Queue, command: Command, events: tuple[Event, ...] | None) -> None:
        assert events is None or events or not isinstance(command, DeviceCommand)

    live(story, watch)


@few
@given(STORIES)
def test_no_number_is_given_twice_in_a_day_and_none_is_left_out(story: Story):
    numbers: dict[str, list[int]] = defaultdict(list)
    for event, _ in live(story).told:
        match event:
            case DayOpened():
                numbers.clear()
            case TicketIssued():
                numbers[event.ticket[0]].append(int(event.ticket[1:]))
                assert numbers[event.ticket[0]] == list(range(1, int(event.ticket[1:]) + 1))
            case _:
                pass


@few
@given(STORIES)
def test_no_ticket_is_at_two_counters_and_each_counter_has_the_ticket_it_shows(story: Story):
    def watch(queue: Queue, *_: object) -> None:
        held = [desk for desk in queue.desks.values() if desk.phase is not Phase.IDLE]
        assert len({desk.ticket for desk in held}) == len(held)
        for desk in held:
            assert queue.tickets[desk.ticket].status == desk.phase.value
            assert queue.tickets[desk.ticket].counter == desk.number
        at_counters = {Status.CALLED, Status.SERVING}
        assert len(held) == sum(t.status in at_counters for t in queue.tickets.values())
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


def callable_at(queue: Queue, counter: int) -> list[Ticket]:
    """Whom a counter may call, found by looking at everybody."""
    services = queue.hall.counter[counter].services
    return [
        ticket
        for ticket in queue.tickets.values()
        if ticket.status is Status.WAITING
        and ticket.in_line
        and (ticket.to_counter == counter if ticket.to_counter else ticket.service in services)
    ]


def is_green(ticket: Ticket) -> bool:
    return bool(ticket.green) and not ticket.to_counter


@few
@given(STORIES)
def test_who_is_called_arrived_first_of_all_in_the_same_class_whom_the_counter_may_call(
    story: Story,
):
    def watch(queue: Queue, command: Command, events: tuple[Event, ...] | None) -> None:
        for call in (event for event in events or () if isinstance(event, TicketCalled)):
            able = callable_at(queue, call.counter)
            chosen = queue.tickets[call.ticket]
            rivals = [ticket for ticket in able if is_green(ticket) == is_green(chosen)]
            assert chosen == min(rivals, key=lambda ticket: ticket.seniority)
            assert call.candidates == len(able)

    live(story, watch)


@few
@given(STORIES)
def test_the_rule_of_each_call_is_the_one_that_the_hall_published(story: Story):
    def watch(queue: Queue, command: Command, events: tuple[Event, ...] | None) -> None:
        for call in (event for event in events or () if isinstance(event, TicketCalled)):
            classes = {is_green(ticket) for ticket in callable_at(queue, call.counter)}
            in_a_row = queue.desks[call.counter].greens_in_a_row
            if classes == {False}:
                lawful = "arrival"
            elif queue.hall.counter[call.counter].green:
                lawful = "green_counter"
            elif classes == {True}:
                lawful = "green_only"
            elif in_a_row >= queue.hall.rules.green_in_a_row:
                lawful = "after_green"
            else:
                lawful = "green_first"
            assert call.rule == lawful
            assert is_green(queue.tickets[call.ticket]) == lawful.startswith("green")

    live(story, watch)


@few
@given(STORIES)
def test_next_is_refused_for_want_of_people_only_if_there_are_none(story: Story):
    def watch(queue: Queue, command: Command, events: tuple[Event, ...] | None) -> None:
        if isinstance(command, CallNext) and events is not None:
            calls = any(isinstance(event, TicketCalled) for event in events)
            assert calls == bool(callable_at(queue, command.counter))

    live(story, watch)


@few
@given(STORIES)
def test_the_waiting_counts_are_those_who_wait(story: Story):
    def watch(queue: Queue, *_: object) -> None:
        waiting = [t for t in queue.tickets.values() if t.status is Status.WAITING]
        assert +queue.waiting == Tally((ticket.service, bool(ticket.green)) for ticket in waiting)
        shown = {name: one.waiting for name, one in queue_state(queue).services.items()}
        assert sum(shown.values()) == len(waiting)

    live(story, watch)


@few
@given(STORIES)
def test_every_number_is_ahead_of_those_it_says(story: Story):
    def watch(queue: Queue, command: Command, events: tuple[Event, ...] | None) -> None:
        for issued in (event for event in events or () if isinstance(event, TicketIssued)):
            before = [
                ticket
                for ticket in queue.tickets.values()
                if ticket.status is Status.WAITING
                and ticket.service == issued.service
                and (ticket.green or not issued.green)
            ]
            assert issued.ahead == len(before)

    live(story, watch)


@few
@given(most=st.integers(1, 5), normals=st.integers(1, 4), service=st.sampled_from(sorted(SERVICES)))
def test_nobody_starves_however_many_green_tickets_come(most: int, normals: int, service: str):
    today = Day(Queue(hall_of(text_of((Window(),), green_in_a_row=most))))
    today.ask(OpenDay(day="2026-11-23"))
    today.ask(OpenCounter(counter=1))
    ours = [today.take(service) for _ in range(normals)]
    called: list[str] = []
    while not set(ours) <= set(called):
        today.take(service, green="elderly")
        called.append(today.call())
        today.ask(MarkNoShow(counter=1))
        assert len(called) <= normals * (most + 1)
    assert [ticket for ticket in called if ticket in ours] == ours

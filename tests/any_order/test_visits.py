"""The laws of figures and stories that hold whatever happens: they agree with the queue they are about."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings

from broker.messages import (
    DayOpened,
    Event,
    Rank,
    Rule,
    SettingsAdopted,
    TicketCalled,
)
from broker.queue import Queue
from broker.queue.life import Status
from broker.reports.desk import Doing
from broker.reports.reasons import CAUSES
from broker.reports.story import MOVED_BACK, story_of
from broker.reports.telling import tell
from broker.reports.visit import End
from broker.reports.visits import Visits
from tests.queue.halls import Day, hall_of
from tests.queue.stories import STORIES, Story, live

few = settings(max_examples=25)
Told = list[tuple[Event, int]]


def newest_day(today: Day, text: str) -> tuple[Queue, Told]:
    """The newest day's events, and a queue as it was before them."""
    begins = max(n for n, (event, _) in enumerate(today.told) if isinstance(event, DayOpened))
    for event, _ in today.told[:begins]:
        if isinstance(event, SettingsAdopted):
            text = event.text
    return Queue(hall_of(text)), today.told[begins:]


def heard(told: Told) -> Visits:
    visits = Visits()
    for event, at in told:
        visits.hear(event, at)
    return visits


@few
@given(STORIES)
def test_visits_agree_with_the_queue(story: Story):
    today = live(story)
    visits = heard(newest_day(today, story[0])[1]).visits
    assert {number: (v.status, v.service, v.no_shows) for number, v in visits.items()} == {
        number: (t.status, t.service, t.no_shows) for number, t in today.queue.tickets.items()
    }
    for number, ticket in today.queue.tickets.items():
        reopened = ticket.status is Status.SERVING and not visits[number].turns
        assert visits[number].first_counter == ticket.first_counter or reopened
        assert (visits[number].end is End.OPEN) == (
            ticket.status not in (Status.CLOSED, Status.CANCELLED, Status.VOIDED)
        )


@few
@given(STORIES)
def test_the_turns_and_calls_of_visits_add_up_to_what_counters_did(story: Story):
    today = live(story)
    told = newest_day(today, story[0])[1]
    visits = heard(told)
    calls = [call for visit in visits.visits.values() for call in visit.calls]
    assert sum(visits.rules.values()) == len(calls)
    for number, desk in visits.desks.items():
        spent = desk.spent_until(today.at)
        assert min(spent.values(), default=0) >= 0
        status = today.queue.desks[number]
        assert desk.doing == (
            Doing.ENGAGED
            if status.ticket
            else {"open": Doing.IDLE}.get(status.status, status.status)
        )
        turns = [
            turn
            for visit in visits.visits.values()
            for turn in visit.turns
            # Of a ticket that it served before the hub knew it, a counter may have told a time of any kind.
            if turn.counter == number
            and not (visit.issued.by_hand and visit.calls[0].event.alone_at)
        ]
        turns.sort(key=lambda turn: (turn.called_at, turn.ended_at))
        assert all(one.ended_at <= other.called_at for one, other in pairwise(turns))
        assert sum(turn.ended_at - turn.called_at for turn in turns) <= spent[Doing.ENGAGED]
        assert all(turn.called_at <= turn.began_at <= turn.ended_at for turn in turns)
        assert all(turn.waited >= 0 for turn in turns)


@few
@given(STORIES)
def test_every_story_can_be_told_and_only_a_rule_lets_a_later_number_go_ahead(
    story: Story,
):
    today = live(story)
    for number in list(today.queue.tickets)[::5]:
        queue, told = newest_day(today, story[0])
        found = story_of(number, queue, told)
        assert found is not None
        chinese, english = tell(found)
        assert len(chinese) == len(english) == len(found.steps) + 1
        _only_rules_pass(today, number, [step.ahead for step in found.steps] + [found.ahead], told)


def _only_rules_pass(
    today: Day, number: str, aheads: list[dict[int, tuple[str, str]]], told: Told
) -> None:
    ours = today.queue.tickets[number]
    rule = {event.call: event.rule for event, _ in told if isinstance(event, TicketCalled)}
    for call, (other, why) in ((c, one) for ahead in aheads for c, one in ahead.items()):
        assert why in CAUSES
        assert why not in (Rule.ARRIVAL, Rule.GREEN_ONLY, Rule.APPOINTMENT_ONLY)
        assert why == rule[call] or today.queue.tickets[other].rank is ours.rank
        assert today.queue.tickets[other].issued_at >= ours.issued_at
        if why == MOVED_BACK:
            assert ours.rank is not Rank.APPOINTMENT
            assert ours.no_shows

"""Laws of contacts, for any bounce: pure, with times made up."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from firmware.hal.contact import Contact, check_names
from firmware.hal.debounce import Debouncer
from tests.any_order.test_debounce import QUIET, edges_of, strokes

any_case = settings(max_examples=25)
HOLD = 2.0
SAMPLE = 0.05


def sampled(*spells: tuple[bool, float]) -> list[tuple[float, bool]]:
    """What one reads every 50 ms of levels that last so many seconds each."""
    seen, at = [], 0.0
    for closed, seconds in spells:
        for _ in range(round(seconds / SAMPLE)):
            seen.append((at, closed))
            at += SAMPLE
    return seen


def presses(contact: Contact, seen: list[tuple[float, bool]]) -> list[float]:
    return [at for at, closed in seen if contact.feed(at, closed)]


@any_case
@given(strokes)
def test_without_holding_a_contact_presses_as_its_debouncer_says(strokes):
    seen = [(0.0, False), *edges_of(strokes)]
    debouncer = Debouncer(QUIET)
    assert presses(Contact(QUIET), seen) == [at for at, down in seen if debouncer.feed(at, down)]


@any_case
@given(strokes)
def test_one_that_rests_closed_presses_when_one_that_rests_open_would(strokes):
    seen = [(0.0, False), *edges_of(strokes)]
    opened = [(at, not down) for at, down in seen]
    assert presses(Contact(QUIET, normally_closed=True), opened) == presses(Contact(QUIET), seen)


@any_case
@given(strokes)
def test_with_holding_each_stroke_that_lasts_is_one_press_after_it_has_lasted(strokes):
    edges = edges_of(strokes)
    seen = sorted([*edges, *((at / 20, level_at(edges, at / 20)) for at in range(20 * 90))])
    found = presses(Contact(QUIET, hold=HOLD), seen)
    starts = [edges_of(strokes[:n])[-1][0] for n in range(len(strokes))]
    lasting = [
        start
        for start, (down, hold, _, _) in zip(starts, strokes, strict=True)
        if hold + sum(down) >= HOLD + 2 * SAMPLE
    ]
    assert all(any(0 <= at - start - HOLD <= 0.2 for at in found) for start in lasting)
    assert all(any(at - start >= HOLD for start in starts) for at in found)
    assert len(found) <= len(strokes)


def level_at(edges: list[tuple[float, bool]], at: float) -> bool:
    return next((level for since, level in reversed(edges) if since <= at), False)


def test_a_tap_is_no_holding_and_a_second_one_does_not_add_up():
    seen = sampled((False, 1), (True, 1.5), (False, 0.3), (True, 1.5), (False, 1))
    assert presses(Contact(QUIET, hold=HOLD), seen) == []


def test_a_wobble_shorter_than_quiet_does_not_interrupt_the_holding():
    contact = Contact(QUIET, hold=HOLD)
    seen = [(0.0, False), (1.0, True), (2.0, False), (2.01, True), (3.1, True), (9.0, True)]
    assert presses(contact, seen) == [3.1]


def test_a_release_that_was_not_seen_begins_the_holding_anew():
    contact = Contact(QUIET, hold=HOLD)
    seen = [(0.0, False), (1.0, True), (2.0, False), (2.5, True), (3.1, True), (4.6, True)]
    assert presses(contact, seen) == [4.6]


def test_a_cut_cable_presses_once_and_is_told_until_it_is_whole_again():
    contact = Contact(QUIET, hold=HOLD, normally_closed=True)
    assert len(presses(contact, sampled((True, 1), (False, 4)))) == 1
    told = [contact.cut]
    for at, closed in ((10.0, False), (11.0, True)):
        assert not contact.feed(at, closed)
        told.append(contact.cut)
    assert told == [False, True, False]


def test_a_cable_that_is_cut_from_the_start_is_told_and_presses_nothing():
    contact = Contact(QUIET, normally_closed=True)
    assert presses(contact, sampled((False, 20))) == []
    assert contact.cut
    assert presses(contact, [(21.0, True), (22.0, False)]) == [22.0]


def test_a_key_that_is_jammed_is_no_cut_cable():
    contact = Contact(QUIET)
    presses(contact, sampled((False, 1), (True, 60)))
    assert contact.down
    assert not contact.cut


@pytest.mark.parametrize(
    ("closed", "holds", "why"),
    [
        (("halp",), {}, "normally_closed names halp, which keys does not have"),
        ((), {"nxt": 2000}, "hold_ms names nxt"),
    ],
)
def test_what_is_said_of_no_key_is_refused(closed, holds, why):
    check_names(["help"], ("help",), {"help": 2000})
    with pytest.raises(ValueError, match=why):
        check_names(["help"], closed, holds)

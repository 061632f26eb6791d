"""Laws of debouncing, for any bounce: pure, with times made up."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from firmware.hal.debounce import Debouncer

QUIET = 0.030
SAMPLE = 0.100

any_case = settings(max_examples=25)
bounces = st.lists(st.floats(0.0, QUIET * 0.99), max_size=20)
holds = st.floats(SAMPLE, 5.0)
pauses = st.floats(QUIET + SAMPLE * 1.01, 5.0)
strokes = st.lists(st.tuples(bounces, holds, bounces, pauses), min_size=1, max_size=8)

Level = tuple[float, bool]


def edges_of(strokes) -> list[Level]:
    """Every contact and break of strokes that bounce when the key goes down and when it comes up."""
    edges: list[Level] = []
    at = 1.0
    for going_down, hold, coming_up, pause in strokes:
        for down, gaps, rest in ((True, going_down, hold), (False, coming_up, pause)):
            level = down
            edges.append((at, level))
            for gap in gaps[: len(gaps) // 2 * 2]:  # pairs, so that it ends as it began
                at += gap
                level = not level
                edges.append((at, level))
            at += rest
    return [*edges, (at, False)]


def with_samples(edges: list[Level], levels: list[Level]) -> list[Level]:
    """Add what sampling reads of the true `levels` to the `edges` that came through."""
    samples: list[Level] = []
    at = 0.0
    for (since, level), (until, _) in pairwise([(0.0, False), *levels]):
        while at < until:
            if at >= since:
                samples.append((at, level))
            at += SAMPLE
    return sorted([*edges, *samples], key=lambda seen: seen[0])


def presses(seen: list[Level]) -> list[float]:
    debouncer = Debouncer(QUIET)
    return [at for at, down in seen if debouncer.feed(at, down)]


@any_case
@given(strokes)
def test_every_stroke_is_one_press_at_its_first_contact(strokes):
    first_contacts = [edges_of(strokes[:before])[-1][0] for before in range(len(strokes))]
    assert presses(edges_of(strokes)) == first_contacts


@any_case
@given(bounces)
def test_a_burst_of_bounces_is_exactly_one_press(gaps):
    edges = edges_of([(gaps, 1.0, [], 1.0)])
    assert presses(edges) == [1.0]


@any_case
@given(st.lists(st.floats(0.001, 10.0), max_size=50))
def test_a_held_key_presses_once_however_often_it_is_sampled(gaps):
    debouncer = Debouncer(QUIET)
    at, came = 0.0, [debouncer.feed(0.0, True)]
    for gap in gaps:
        at += gap
        came.append(debouncer.feed(at, True))
    assert came.count(True) == 1


@any_case
@given(st.lists(st.tuples(st.floats(0.05, 2.0), st.floats(0.0, QUIET * 0.99)), max_size=20))
def test_a_held_key_that_wobbles_presses_once(wobbles):
    debouncer = Debouncer(QUIET)
    at, came = 0.0, [debouncer.feed(0.0, True)]
    for hold, gap in wobbles:
        at += hold
        came.append(debouncer.feed(at, False))
        at += gap
        came.append(debouncer.feed(at, True))
    assert came.count(True) == 1


@any_case
@given(strokes)
def test_sampling_adds_no_press(strokes):
    edges = edges_of(strokes)
    assert presses(with_samples(edges, edges)) == presses(edges)


@any_case
@given(strokes)
def test_without_any_edge_sampling_alone_finds_every_press(strokes):
    levels = edges_of([([], hold + 0.01, [], pause) for _, hold, _, pause in strokes])
    assert len(presses(with_samples([], levels))) == len(strokes)


@any_case
@given(strokes, st.data())
def test_whichever_edges_are_lost_the_level_heals_and_no_press_is_made_up(strokes, data):
    edges = edges_of([([], hold + 0.01, [], pause) for _, hold, _, pause in strokes])
    kept = [edge for edge in edges if data.draw(st.booleans())]
    seen = with_samples(kept, edges)
    debouncer = Debouncer(QUIET)
    count = sum(debouncer.feed(at, down) for at, down in seen)
    assert count == len(strokes)
    debouncer.feed(edges[-1][0] + SAMPLE, False)
    assert not debouncer.down


def test_a_quick_second_press_counts_once_the_key_was_quiet():
    assert presses([(0.0, True), (0.02, False), (0.06, True)]) == [0.0, 0.06]


def test_a_key_that_is_down_from_the_start_presses_only_when_pressed_anew():
    debouncer = Debouncer(QUIET, down=True)
    assert [debouncer.feed(at, True) for at in (0.0, 1.0, 2.0)] == [False, False, False]
    assert [debouncer.feed(3.0, False), debouncer.feed(4.0, True)] == [False, True]

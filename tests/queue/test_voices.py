"""Whose calls no voice can speak: known by the presences of boards, their wills, and never by a late one."""

from __future__ import annotations

from broker.messages import Heard, Presence
from broker.queue import counter_state, due
from broker.voices import Voices
from tests.queue.halls import Window, day, hall_of, text_of

# voice-1 and voice-2 are on the board hall; in the other hall counter 1 has one of its own, on a board of its own.
TEXT = text_of((Window(), Window(zone="annex", services=("card",))))
BOTH = (
    TEXT
    + '[[boards]]\nid = "hall-2"\n[[boards.devices]]\nid = "voice-3"\nkind = "announcer"\ncounter = 1\n'
)


def presence(*, up: bool, boot: str = "one") -> Presence:
    return Presence(board="hall", boot=boot, up=up)


def test_the_will_of_a_board_silences_its_counters_until_it_is_back():
    voices = Voices(hall_of(TEXT))
    assert voices.away == frozenset()
    voices.hear("hall", presence(up=True))
    voices.hear("hall", presence(up=False))
    assert voices.away == {1, 2}
    voices.hear("hall", presence(up=True, boot="two"))
    assert voices.away == frozenset()


def test_the_late_will_of_an_earlier_life_silences_nobody():
    voices = Voices(hall_of(TEXT))
    voices.hear("hall", presence(up=True, boot="two"))
    voices.hear("hall", presence(up=False, boot="one"))
    assert voices.away == frozenset()


def test_a_will_that_was_there_before_the_hub_counts():
    voices = Voices(hall_of(TEXT))
    voices.hear("hall", presence(up=False))
    assert voices.away == {1, 2}


def test_a_counter_with_a_voice_of_its_own_is_silenced_by_the_will_of_that_board_alone():
    voices = Voices(hall_of(BOTH))
    voices.hear("hall", presence(up=False))
    assert voices.away == {2}
    voices.hear("hall-2", presence(up=False))
    assert voices.away == {1, 2}


def test_boards_without_a_voice_silence_nobody():
    voices = Voices(hall_of(TEXT))
    voices.hear("panel-1", presence(up=False))
    voices.hear("a stranger", presence(up=False))
    assert voices.away == frozenset()


def test_a_call_without_a_voice_is_unheard_at_once_taken_up_or_not():
    today = day()
    today.take()
    call = today.called()
    assert due(today.queue, today.at, voiceless={2}) == ()
    (silence,) = due(today.queue, today.at, voiceless={1})
    today.ask(silence)
    state = counter_state(today.queue, 1).call
    assert state is not None
    assert (state.seq, state.heard) == (call.call, Heard.NO)

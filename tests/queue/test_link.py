"""The laws of a board's link: ask until answered, give up what is stale, keep what never is, know when one is alone."""

from __future__ import annotations

from typing import Any, cast

import msgspec
import pytest

from broker.hearing import Alone, Answered, Cause, Together, Unanswered
from broker.messages import (
    Answer,
    CardKey,
    CommandRefused,
    CounterState,
    HubState,
    KioskState,
    Presence,
    QueueState,
    Refusal,
    Request,
    ServiceState,
)
from broker.session import Address
from tests.queue.halls import MONDAY, NINE
from tests.queue.lines import (
    ANSWER,
    CALLED,
    NEXT,
    PRESENCE,
    RATE,
    TOPICS,
    BoardOnTheLine,
    FakeSession,
)

CARD_KEY = CardKey(day=MONDAY, key="5e" * 32)

# --- the line ----------------------------------------------------------------------------------------------


def test_a_board_listens_to_its_answers_its_own_presence_the_hub_and_its_states(
    board: BoardOnTheLine,
):
    assert set(board.session.subscribed) == {
        ANSWER,
        PRESENCE,
        TOPICS.hub,
        TOPICS.queue,
        TOPICS.whole_hall,
        TOPICS.counter(1),
        TOPICS.kiosk("kiosk-1"),
    }
    assert board.session.name == "test-counter-1"
    assert board.session.state == "started"


def test_only_a_board_with_a_card_reader_listens_to_the_days_key(board: BoardOnTheLine):
    key = TOPICS.card_key("counter-1")
    assert key not in board.session.subscribed
    board.link.start(Address("hub", 1883), counters=(), kiosks=("kiosk-1",), keyed=True)
    board.session = cast("FakeSession", board.link._session)
    assert key in board.session.subscribed
    heard = board.hub_says(key, CARD_KEY)
    assert heard == [("", CARD_KEY)]


def test_the_days_key_is_in_no_repr_and_a_key_that_is_none_is_dropped_without_being_logged(
    board: BoardOnTheLine, caplog: pytest.LogCaptureFixture
):
    assert CARD_KEY.key not in repr(CARD_KEY)
    odd = msgspec.structs.replace(CARD_KEY, key=CARD_KEY.key.upper())
    assert board.hub_says(TOPICS.card_key("counter-1"), odd) == []
    assert "dropped" in caplog.text
    assert odd.key not in caplog.text


def test_a_boards_will_says_that_it_is_gone_and_which_of_its_lives_that_was(board: BoardOnTheLine):
    topic, payload = board.session.will
    assert topic == PRESENCE
    assert msgspec.json.decode(payload, type=Presence) == Presence(
        board="counter-1", boot="boot-2", up=False
    )


def test_nothing_is_published_before_the_line_is_up(board: BoardOnTheLine):
    board.link.report("panel-1 led", ("no answer",))
    board.link.ask("pad-1", RATE, None)
    assert board.session.published == []


# --- alone and together ------------------------------------------------------------------------------------


def test_a_board_is_alone_until_it_hears_a_living_hub(board: BoardOnTheLine):
    assert board.link.alone
    board.session.on_up()
    assert board.heard() == []
    assert board.link.alone
    assert board.hub_says(TOPICS.hub, HubState(boot="hub-1", up=False))[0] != ("", Together())
    assert board.link.alone == "the hub is down"
    assert board.beat()[0] == ("", Together())
    assert board.link.alone == ""


def test_a_hub_that_says_it_is_down_leaves_the_board_alone_at_once(together: BoardOnTheLine):
    heard = together.hub_says(TOPICS.hub, HubState(boot="hub-1", up=False))
    assert heard[0] == ("", Alone("the hub is down", Cause.HUB))
    assert together.beat()[0] == ("", Together())


def test_a_hub_that_is_silent_for_five_seconds_leaves_the_board_alone(together: BoardOnTheLine):
    assert together.pass_(4.75, beating=False) == []
    assert together.pass_(0.25, beating=False) == [("", Alone("the hub is silent", Cause.SILENCE))]
    assert together.pass_(10, beating=False) == []  # told once
    assert together.beat()[0] == ("", Together())


def test_a_broken_line_leaves_the_board_alone_with_the_reason(together: BoardOnTheLine):
    together.session.on_down("the line to the broker is broken: keep-alive timeout")
    assert together.heard() == [("", Alone("the line to the broker is broken: keep-alive timeout"))]
    together.session.on_up()
    assert together.heard() == []
    assert together.beat()[0] == ("", Together())


def test_the_link_asks_to_be_ticked_before_the_hubs_silence_is_due(together: BoardOnTheLine):
    assert together.link.next_tick() <= together.hands.monotonic + 5
    together.link.ask("panel-1", NEXT, 8)
    assert together.link.next_tick() <= together.hands.monotonic + 0.5


# --- asking ------------------------------------------------------------------------------------------------


def test_a_press_is_asked_at_once_with_its_expiry_in_the_hubs_time(together: BoardOnTheLine):
    together.hands.jump(-86400)  # this board's own clock is a day behind
    assert together.link.ask("panel-1", NEXT, 8) is None
    assert together.asked() == [
        Request(command_id="c1", device="panel-1", command=NEXT, expires=NINE + 8000)
    ]


def test_a_command_is_sent_again_under_its_id_until_it_is_answered(together: BoardOnTheLine):
    together.link.ask("panel-1", NEXT, 60)
    together.pass_(20)
    sent = together.asked()
    assert len(sent) == 1 + 6  # after 0.5, 1, 2, 5, 5 and 5 seconds
    assert {request.command_id for request in sent} == {"c1"}
    assert len(set(map(str, sent))) == 1
    together.hub_says(ANSWER, Answer(command_id="c1", events=(CALLED,)))
    together.pass_(20)
    assert together.asked() == []


def test_the_answer_goes_to_the_device_that_asked_and_only_once(together: BoardOnTheLine):
    together.link.ask("panel-1", NEXT, 8)
    answer = Answer(command_id="c1", events=(CALLED,))
    assert together.hub_says(ANSWER, answer) == [("panel-1", Answered(NEXT, (CALLED,)))]
    assert together.hub_says(ANSWER, answer) == []


def test_a_refusal_is_an_answer(together: BoardOnTheLine):
    together.link.ask("panel-1", NEXT, 8)
    refused = CommandRefused(code=Refusal.NOBODY_WAITING, reason="nobody waits for counter 1")
    heard = together.hub_says(ANSWER, Answer(command_id="c1", events=(refused,)))
    assert heard == [("panel-1", Answered(NEXT, (refused,)))]
    together.pass_(20)
    assert together.asked()[1:] == []


def test_not_now_is_no_answer_and_the_command_is_asked_again(together: BoardOnTheLine):
    together.link.ask("panel-1", NEXT, 8)
    together.asked()
    assert together.hub_says(ANSWER, Answer(command_id="c1", not_now="the disk is full")) == []
    together.pass_(1)
    assert together.asked()
    heard = together.hub_says(ANSWER, Answer(command_id="c1", events=(CALLED,)))
    assert heard == [("panel-1", Answered(NEXT, (CALLED,)))]


def test_a_press_without_an_answer_is_given_up_once_it_is_stale(together: BoardOnTheLine):
    together.link.ask("panel-1", NEXT, 8)
    assert [heard for to, heard in together.pass_(8.75) if to] == []
    assert together.pass_(0.25) == [
        ("panel-1", Unanswered(NEXT, "the hub gave no answer in time", "c1"))
    ]
    together.asked()
    assert together.pass_(20) == []
    assert together.hub_says(ANSWER, Answer(command_id="c1", events=(CALLED,))) == [
        ("", Together())
    ]


def test_every_resend_of_a_press_carries_its_first_expiry(together: BoardOnTheLine):
    together.link.ask("panel-1", NEXT, 2)
    together.pass_(20)
    assert all(request.expires == NINE + 2000 for request in together.asked())


def test_a_press_while_alone_is_not_asked_and_the_device_hears_why_at_once(board: BoardOnTheLine):
    assert board.link.ask("panel-1", NEXT, 8) == Unanswered(NEXT, "not connected yet")
    board.connect()
    board.pass_(20)
    assert board.asked() == []


def test_what_is_asked_when_the_hub_comes_back_is_asked_at_once(together: BoardOnTheLine):
    together.link.ask("panel-1", NEXT, 60)
    together.pass_(12, beating=False)
    together.asked()
    together.beat()
    assert [request.command_id for request in together.asked()] == ["c1"]


def test_while_alone_nothing_is_sent(together: BoardOnTheLine):
    together.link.ask("pad-1", RATE, None)
    together.pass_(5, beating=False)
    assert together.link.alone == "the hub is silent"
    together.asked()
    together.pass_(20, beating=False)
    together.session.on_down("the line is broken")
    together.heard()
    together.pass_(20, beating=False)
    assert together.asked() == []


# --- a hub that is there and answers nothing ---------------------------------------------------------------------

MUTE = ("", Alone("the hub gives no answers", Cause.NO_ANSWER))
STALE = Answer(
    command_id="c1", events=(CommandRefused(code=Refusal.STALE, reason="it came too late"),)
)


def test_a_board_whose_press_has_no_answer_for_five_seconds_is_alone(together: BoardOnTheLine):
    together.link.ask("panel-1", NEXT, 10)
    assert together.pass_(4.75) == []
    assert together.pass_(0.25) == [MUTE]
    assert together.pass_(4) == []
    assert together.link.ask("panel-1", NEXT, 10) == Unanswered(NEXT, "the hub gives no answers")


def test_that_it_cannot_write_now_is_no_answer_either(together: BoardOnTheLine):
    together.link.ask("panel-1", NEXT, 10)
    heard = []
    for _ in range(5):
        heard += together.hub_says(ANSWER, Answer(command_id="c1", not_now="the disk is full"))
        heard += together.pass_(1)
    assert heard == [MUTE]


def test_what_is_kept_makes_a_board_alone_too_and_is_asked_on(together: BoardOnTheLine):
    together.link.ask("pad-1", RATE, None)
    together.heard(timeout=5)
    assert together.pass_(5) == [MUTE]
    together.asked()
    together.pass_(11)
    assert [request.command_id for request in together.asked()] == ["c1", "c1"]


def test_a_refusal_ends_it_and_a_press_that_was_given_up_is_not_heard_of_again(
    together: BoardOnTheLine,
):
    together.link.ask("panel-1", NEXT, 8)
    assert ("panel-1", Unanswered(NEXT, "the hub gave no answer in time", "c1")) in together.pass_(
        30
    )
    together.asked()
    together.pass_(5)
    assert {request.command_id for request in together.asked()} == {"c1"}, "it asks on"
    assert together.hub_says(ANSWER, STALE) == [("", Together())]
    assert together.pass_(30) == []
    assert together.asked() == []


def test_an_answer_within_a_presss_life_is_heard_before_the_board_is_together_again(
    together: BoardOnTheLine,
):
    together.link.ask("panel-1", NEXT, 10)
    together.pass_(7)
    assert together.hub_says(ANSWER, Answer(command_id="c1", events=(CALLED,))) == [
        ("panel-1", Answered(NEXT, (CALLED,))),
        ("", Together()),
    ]


def test_answers_to_others_keep_nobody_waiting_longer(together: BoardOnTheLine):
    together.link.ask("panel-1", NEXT, 10)
    together.pass_(3)
    together.link.ask("panel-1", RATE, 10)
    assert together.hub_says(ANSWER, Answer(command_id="c2", events=(CALLED,))) != []
    assert together.pass_(2) == [MUTE]


def test_a_hub_that_was_away_is_given_as_long_again(together: BoardOnTheLine):
    together.link.ask("pad-1", RATE, None)
    together.heard(timeout=5)
    assert together.pass_(5) == [MUTE]
    together.session.on_down("the line is broken")
    assert together.heard() == [("", Alone("the line is broken", Cause.LINE))]
    assert together.pass_(20, beating=False) == []
    assert Together() in [heard for _, heard in together.connect()]
    assert together.pass_(4.75) == []
    assert together.pass_(0.5) == [MUTE]


def test_the_hall_sees_that_a_board_has_no_answers(together: BoardOnTheLine):
    together.link.ask("panel-1", NEXT, 10)
    together.pass_(5)
    assert together.presences()[-1].alone == "the hub gives no answers"
    together.hub_says(ANSWER, STALE)
    assert together.presences()[-1].alone == ""


def test_the_link_looks_in_time_for_an_answer_that_does_not_come(together: BoardOnTheLine):
    together.link.ask("panel-1", NEXT, 60)
    together.pass_(3)
    assert together.link.next_tick() - together.hands.monotonic <= 2
    together.pass_(60)
    assert together.link.next_tick() > together.hands.monotonic, "and then it does not spin"


# --- time ----------------------------------------------------------------------------------------------------


def test_the_hubs_time_is_its_last_heartbeat_and_what_passed_here_since(board: BoardOnTheLine):
    board.hands.jump(-86400)  # this board's clock is a day behind
    assert board.link.hub_time() == NINE - 86_400_000
    board.connect()
    assert board.link.hub_time() == NINE
    board.hands.pass_(2.5)
    assert board.link.hub_time() == NINE + 2500
    board.hands.jump(12345)
    assert board.link.hub_time() == NINE + 2500


def test_a_hub_that_is_gone_leaves_its_time_behind(together: BoardOnTheLine):
    together.hub_says(TOPICS.hub, HubState(boot="hub-1", up=False))
    together.hands.pass_(60)
    assert together.link.hub_time() == NINE + 60_000


# --- hearing -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("topic", "state"),
    [
        (TOPICS.counter(1), CounterState(counter=1, ticket="A001")),
        (TOPICS.queue, QueueState(services={"pension": ServiceState(waiting=3, counters=1)})),
        (TOPICS.kiosk("kiosk-1"), KioskState(kiosk="kiosk-1")),
    ],
)
def test_a_state_is_heard_by_every_device(together: BoardOnTheLine, topic: str, state: Any):
    assert together.hub_says(topic, state) == [("", state)]


def test_a_heartbeat_is_heard_too_with_the_technicians_problems(together: BoardOnTheLine):
    heard = together.beat(problems=("the disk is full",))
    assert heard == [("", HubState(boot="hub-1", at=NINE, problems=("the disk is full",)))]


def test_junk_is_dropped_and_nothing_changes(together: BoardOnTheLine):
    junk = (
        b"",
        b"{",
        b"\xff\xfe",
        b"null",
        b"[]",
        b'{"type":"FlyToTheMoon"}',
        b'{"up":"yes"}',
        b'{"x":' + b"[" * 10_000,
    )
    for topic in (ANSWER, PRESENCE, TOPICS.hub, TOPICS.counter(1)):
        for payload in junk:
            together.session.on_message(topic, payload)
            assert together.heard() == []
    assert together.link.alone == ""


# --- being seen ------------------------------------------------------------------------------------------------


def test_a_board_shows_itself_at_every_connect(board: BoardOnTheLine):
    up = Presence(board="counter-1", boot="boot-2")
    board.session.on_up()
    board.heard()
    assert board.presences() == [up]
    board.session.on_down("the line is broken")
    board.session.on_up()
    board.heard()
    assert board.presences() == [up, up]


def test_a_late_will_of_its_predecessor_is_answered_with_its_own_presence(together: BoardOnTheLine):
    together.hub_says(PRESENCE, Presence(board="counter-1", boot="boot-1", up=False))
    assert together.presences() == [Presence(board="counter-1", boot="boot-2")]


def test_its_own_echo_is_not_answered(together: BoardOnTheLine):
    together.hub_says(PRESENCE, Presence(board="counter-1", boot="boot-2"))
    assert together.presences() == []


def test_troubles_are_shown_until_they_are_over(together: BoardOnTheLine):
    together.link.report("panel-1 led", ("no answer",))
    together.link.report("panel-1 keys", ("a key hangs",))
    together.link.report("panel-1 led", ())
    assert [presence.troubles for presence in together.presences()] == [
        {"panel-1 led": ("no answer",)},
        {"panel-1 led": ("no answer",), "panel-1 keys": ("a key hangs",)},
        {"panel-1 keys": ("a key hangs",)},
    ]


def test_troubles_from_before_the_line_was_up_are_shown_once_it_is(board: BoardOnTheLine):
    board.link.report("panel-1 led", ("no answer",))
    board.session.on_up()
    board.heard()
    assert board.presences()[-1].troubles == {"panel-1 led": ("no answer",)}


def test_a_board_that_leaves_says_so(together: BoardOnTheLine):
    together.link.stop()
    assert together.presences() == [Presence(board="counter-1", boot="boot-2", up=False)]
    assert together.session.state == "stopped"

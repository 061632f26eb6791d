"""The laws of the guard: what Mosquitto logs of a refusal is counted by who and what, and who floods is found."""

from __future__ import annotations

import pytest

from broker.guard import DELIBERATE, FILTERS, FLOOD, PATIENCE_MS, Guard
from broker.loading import parse
from broker.mosquitto import rights
from broker.refused import DAY_MS, KINDS, Refusals, sentences
from tests.queue.halls import MINUTE, NINE
from tests.queue.mistakes import SAMPLE

HALL = parse(SAMPLE)
RIGHTS = rights(HALL)
PACKET = b"Received PUBLISH from counter-2 (d0, q0, r0, m0, 'jiaohao/sample/command/counter-2', ... (9 bytes))\n"
DENIED = b"Denied PUBLISH from counter-2 (d0, q0, r0, m0, 'jiaohao/sample/command/counter-1', ... (9 bytes))\n"


@pytest.fixture
def guard() -> Guard:
    return Guard(RIGHTS)


def told(guard: Guard, now: int = NINE) -> dict[tuple[str, str], tuple[int, str]]:
    return {(one.who, one.kind): (one.times, one.why) for one in guard.refusals.all(now)}


def asks(count: int, name: str = "counter-2") -> bytes:
    return b"".join(f"{name} 0 a/{number}\n".encode() for number in range(count))


def test_a_refused_publish_is_counted_with_its_topic(guard: Guard):
    guard.hear(DENIED * 3, NINE)
    assert told(guard) == {
        ("board counter-2", "publish"): (
            3,
            "it published on jiaohao/sample/command/counter-1, which is not its to write",
        )
    }


def test_only_a_topic_that_is_not_its_own_to_read_is_told(guard: Guard):
    guard.hear(b"counter-2 0 jiaohao/sample/answer/counter-2\ncounter-2 0 #\n", NINE)
    ((times, why),) = told(guard).values()
    assert times == 1
    assert why.startswith("it asked to read #,")


def test_a_line_cut_anywhere_is_heard_as_if_it_were_whole():
    log = PACKET + DENIED + asks(3)
    whole = Guard(RIGHTS)
    whole.hear(log, NINE)
    for cut in range(len(log)):
        halves = Guard(RIGHTS)
        halves.hear(log[:cut], NINE)
        halves.hear(log[cut:], NINE)
        assert told(halves) == told(whole)


def test_what_a_technician_need_not_read_is_left_out_of_the_log(guard: Guard):
    kept = b"Client counter-2 disconnected due to malformed packet.\n"
    noise = PACKET + b"\tjiaohao/sample/state/hub (QoS 0)\n" + asks(2) + DENIED
    assert guard.hear(noise + kept, NINE) == kept


def test_a_board_that_sends_more_than_any_board_is_silenced_and_free_again_when_quiet(guard: Guard):
    guard.hear(PACKET * FLOOD, NINE)
    assert guard.silenced == frozenset()
    guard.hear(PACKET, NINE + 1)
    assert guard.silenced == {"counter-2"}
    assert guard.outlaws == set()
    assert told(guard)["board counter-2", "flood"][0] == 1
    guard.hear(b"", NINE + MINUTE)
    assert guard.silenced == {"counter-2"}
    guard.hear(b"", NINE + MINUTE + 1)
    assert guard.silenced == frozenset()


def test_who_floods_on_without_rights_is_to_be_revoked_once(guard: Guard):
    for tick in range(4):
        guard.hear(PACKET * FLOOD, NINE + tick * 200)
    assert guard.silenced == {"counter-2"}
    assert guard.outlaws == set()
    guard.hear(PACKET * 2 * FLOOD, NINE + 200 + PATIENCE_MS)
    assert guard.outlaws == {"counter-2"}
    guard.outlaws.clear()
    guard.hear(PACKET * 2 * FLOOD, NINE + 300 + PATIENCE_MS)
    assert guard.outlaws == set(), "what was in the log by then revoked its next identity too"


def test_who_sends_what_no_fault_explains_is_to_be_revoked_at_once_and_once(guard: Guard):
    guard.hear(PACKET * DELIBERATE, NINE)
    assert guard.outlaws == set()
    guard.hear(PACKET, NINE + 1)
    assert guard.outlaws == {"counter-2"}
    guard.outlaws.clear()
    guard.forget(["counter-2"])
    assert guard.silenced == frozenset()
    guard.hear(PACKET * DELIBERATE, NINE + 2)
    assert guard.outlaws == set(), "what was in the log by then revoked its next identity too"
    guard.hear(PACKET * (DELIBERATE + 1), NINE + 2 + PATIENCE_MS)
    assert guard.outlaws == {"counter-2"}


def test_who_was_silenced_and_then_keeps_to_the_measure_is_no_outlaw(guard: Guard):
    guard.hear(PACKET * (FLOOD + 1), NINE)
    for second in range(1, 30):
        guard.hear(PACKET * FLOOD, NINE + second * 1000)
    assert guard.outlaws == set()


def test_as_many_packets_in_more_than_a_second_are_no_flood(guard: Guard):
    for second in range(5):
        guard.hear(PACKET * FLOOD, NINE + second * 1000)
    assert guard.silenced == frozenset()


def test_the_coordinator_is_never_silenced(guard: Guard):
    guard.hear(PACKET.replace(b"counter-2", b"coordinator") * FLOOD * 5, NINE)
    assert guard.silenced == frozenset()


def test_who_asks_for_thousands_of_topics_is_to_be_revoked(guard: Guard):
    guard.hear(asks(FILTERS), NINE)
    assert guard.outlaws == set()
    guard.hear(asks(1), NINE)
    assert guard.outlaws == guard.silenced == {"counter-2"}
    before = told(guard)["board counter-2", "subscribe"]
    guard.hear(asks(50_000), NINE + 1)
    assert told(guard)["board counter-2", "subscribe"] == before, "each of a flood was told"


def test_every_board_of_the_sample_may_come_back_at_once_without_being_a_flood(guard: Guard):
    for name, its in RIGHTS.items():
        guard.hear("".join(f"{name} 0 {topic}\n" for topic in its.reads).encode(), NINE)
    assert guard.outlaws == set()
    assert told(guard) == {}


def test_two_with_one_identity_are_told_once_they_throw_each_other_out_again(guard: Guard):
    line = b"Client counter-2 already connected, closing old connection.\n"
    guard.hear(line, NINE)
    assert told(guard) == {}, "a line that came back before the old one was seen to be dead"
    guard.hear(line, NINE + 1000)
    assert "two boards use its identity" in told(guard)["board counter-2", "twice"][1]


def test_who_has_no_identity_is_told_with_the_newest_address(guard: Guard):
    guard.hear(
        b"New connection from 10.0.0.9:4711 on port 8883.\n"
        b"OpenSSL Error[0]: error:0A0000C7:SSL routines::peer did not return a certificate\n",
        NINE,
    )
    why = told(guard)["somebody", "identity"][1]
    assert "peer did not return a certificate" in why
    assert "10.0.0.9" in why


# --- what is kept of it ----------------------------------------------------------------------------------


def test_what_strangers_send_cannot_make_the_list_grow():
    refusals = Refusals()
    for number in range(5 * KINDS):
        refusals.note(f"stranger {number}", "packet", "x" * 5000, NINE + number)
    kept = refusals.all(NINE)
    assert len(kept) == KINDS
    assert max(len(one.why) for one in kept) < 300
    assert len(sentences(kept, "Asia/Shanghai")) == 13


def test_a_refusal_is_forgotten_after_a_day():
    refusals = Refusals()
    refusals.note("board counter-2", "publish", "why", NINE)
    assert refusals.all(NINE + DAY_MS - 1)
    assert not refusals.all(NINE + DAY_MS)

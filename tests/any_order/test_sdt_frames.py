"""Frames of SDT card readers, held against published ones; and that the parser is back in step whatever came before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.hal.card_reader.sdt_frames import BadFrame, Command, Reply, Unframer, request
from hal_mocks.wires.id_cards import IdCard
from hal_mocks.wires.sdt import CardReaderMachine

HEAD = "AA AA AA 96 69 "
FOUND = bytes.fromhex(HEAD + "00 08 00 00 9F 00 00 00 00 97")
NO_CARD = bytes.fromhex(HEAD + "00 04 00 00 80 84")
SELECTED = bytes.fromhex(HEAD + "00 0C 00 00 90 00 00 00 00 00 00 00 00 9C")
NOT_SELECTED = bytes.fromhex(HEAD + "00 04 00 00 81 85")


@pytest.mark.parametrize(
    ("command", "frame"),
    [
        (Command.RESET, "00 03 10 FF EC"),
        (Command.STATUS, "00 03 11 FF ED"),
        (Command.SAM_ID, "00 03 12 FF EE"),
        (Command.FIND, "00 03 20 01 22"),
        (Command.SELECT, "00 03 20 02 21"),
        (Command.READ, "00 03 30 01 32"),
        (Command.READ_WITH_FINGERPRINT, "00 03 30 10 23"),
        (Command.READ_NEW_ADDRESS, "00 03 30 03 30"),
        (Command.SPEED_115200, "00 03 60 00 63"),
        (Command.SPEED_9600, "00 03 60 04 67"),
    ],
)
def test_questions_are_the_published_ones(command, frame):
    assert request(command) == bytes.fromhex(HEAD + frame)


@pytest.mark.parametrize(
    ("frame", "reply"),
    [
        (FOUND, Reply(0x9F, bytes(4))),
        (NO_CARD, Reply(0x80, b"")),
        (SELECTED, Reply(0x90, bytes(8))),
        (NOT_SELECTED, Reply(0x81, b"")),
    ],
)
def test_published_answers_are_understood(frame, reply):
    assert Unframer().feed(frame) == [reply]


def asked(machine: CardReaderMachine, command: str) -> bytes:
    answer = machine.heard(bytes.fromhex(HEAD + command), 0.0)
    while piece := machine.passed(0.0):
        assert len(piece) <= 64
        answer += piece
    return answer


def test_the_emulator_gives_the_published_answers():
    machine = CardReaderMachine()
    assert asked(machine, "00 03 20 01 22") == NO_CARD
    assert asked(machine, "00 03 20 02 21") == NOT_SELECTED
    machine.lay(IdCard())
    assert asked(machine, "00 03 20 01 22") == FOUND
    assert asked(machine, "00 03 20 02 21") == SELECTED
    whole = asked(machine, "00 03 30 01 32")
    assert len(whole) == 1295
    assert whole[:14] == bytes.fromhex(HEAD + "05 08 00 00 90 01 00 04 00")
    assert whole[-1] == 0xD4
    assert asked(machine, "00 03 20 01 22") == NO_CARD


def test_the_emulator_refuses_what_it_should():
    machine = CardReaderMachine()
    assert asked(machine, "00 03 30 01 32")[-4:] == bytes.fromhex("00 00 41 45")
    assert asked(machine, "00 03 20 01 23")[-4:] == bytes.fromhex("00 00 10 14")
    assert asked(machine, "00 03 77 01 75")[-4:] == bytes.fromhex("00 00 21 25")


def test_what_a_card_says_is_in_no_repr():
    (reply,) = Unframer().feed(bytes.fromhex(HEAD + "00 06 00 00 90 31 32 95"))
    assert reply == Reply(0x90, b"12")
    assert repr(reply) == "Reply(status=144)"


@given(st.lists(st.sampled_from([FOUND, NO_CARD, SELECTED]), max_size=6), st.data())
def test_answers_are_found_however_they_are_cut_and_glued(frames, data):
    unframer, stream = Unframer(), b"".join(frames)
    found = []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        found += unframer.feed(stream[:size])
        stream = stream[size:]
    expected = [reply for frame in frames for reply in Unframer().feed(frame)]
    assert found == expected


@given(st.binary(max_size=300))
def test_after_any_noise_it_is_back_in_step_within_a_longest_frame(noise):
    unframer = Unframer()
    unframer.feed(noise)
    # A head in the noise may ask for as much as the longest frame has before it is found out.
    found = unframer.feed(SELECTED * 140)
    assert found[-1] == Reply(0x90, bytes(8))
    assert unframer.feed(FOUND) == [Reply(0x9F, bytes(4))]


@given(st.integers(0, 13), st.integers(1, 255))
def test_a_damaged_answer_is_never_taken_for_a_good_one(at, flip):
    damaged = bytearray(FOUND)
    damaged[at] ^= flip
    found = Unframer().feed(bytes(damaged))
    assert found in ([], [BadFrame()], [BadFrame(), BadFrame()])


def test_a_damaged_answer_does_not_take_the_next_with_it():
    damaged = FOUND[:-1] + b"\x00"
    assert Unframer().feed(damaged + NO_CARD) == [BadFrame(), Reply(0x80, b"")]
    half = FOUND[:9]
    assert Unframer().feed(half + NO_CARD * 2)[-1] == Reply(0x80, b"")

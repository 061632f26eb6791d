"""The emulated speech chips take the manuals' frames as the chips do: what they hear, answer and refuse; time is made up."""

from __future__ import annotations

import pytest

from hal_mocks.wires.syn6288 import SpeechChip

ACCEPTED, REJECTED, READY, BUSY, IDLE = b"\x41", b"\x45", b"\x4a", b"\x4e", b"\x4f"
CALL = "C7 EB 41 30 31 32 BA C5 B5 BD 33 BA C5 B4 B0 BF DA"
DONE = 100.0


@pytest.mark.parametrize(
    ("kind", "wire", "text"),
    [
        ("syn6288", "FD 00 0B 01 00 D3 EE D2 F4 CC EC CF C2 C1", "宇音天下"),
        ("syn6288", "FD 00 0B 01 01 D3 EE D2 F4 CC EC CF C2 C0", "宇音天下"),
        # Its manual calls these 宇音天下 too, but they are not.
        ("syn6288", "FD 00 0B 01 03 8B ED 97 F3 59 29 4E 0B C3", "语音天下"),
        ("syn6288", f"FD 00 14 01 01 {CALL} ED", "请A012号到3号窗口"),
        ("xfs5152", f"FD 00 13 01 01 {CALL}", "请A012号到3号窗口"),
        ("xfs5152", "FD 00 0A 01 03 ED 8B F3 97 29 59 0B 4E", "语音天下"),
    ],
)
def test_the_manuals_frame_is_spoken_to_its_end_and_then_reported(kind, wire, text):
    chip = SpeechChip(kind)
    assert chip.heard(bytes.fromhex(wire), 0.0) == ACCEPTED
    assert chip.speaking
    assert chip.passed(DONE) == IDLE
    assert chip.said == [text]


@pytest.mark.parametrize(
    ("kind", "wire", "answer"),
    [
        ("syn6288", "FD 00 02 02 FD", ACCEPTED),
        ("syn6288", "FD 00 02 21 DE", ACCEPTED + IDLE),
        ("syn6288", "FD 00 02 88 77", ACCEPTED),
        ("syn6288", "FD 00 03 31 00 CF", ACCEPTED),
        ("syn6288", "FD 00 03 31 01 CE", ACCEPTED),
        ("syn6288", "FD 00 03 31 02 CD", ACCEPTED),
        ("syn6288", "FD 00 02 21 DF", REJECTED),
        ("syn6288", f"FD 00 14 01 01 {CALL} EE", REJECTED),
        ("xfs5152", "FD 00 01 02", ACCEPTED),
        ("xfs5152", "FD 00 01 03", ACCEPTED),
        ("xfs5152", "FD 00 01 04", ACCEPTED),
        ("xfs5152", "FD 00 01 21", ACCEPTED + IDLE),
        ("xfs5152", "FD 00 01 88", ACCEPTED),
        ("xfs5152", "FD 00 01 FF", ACCEPTED),
        ("xfs5152", "FD 00 01 77", REJECTED),
        # An XFS5152CE takes a SYN6288's check byte for more of the command; it speaks it, and obeys.
        ("xfs5152", "FD 00 02 02 FD", ACCEPTED),
    ],
)
def test_a_command_gets_the_manuals_answer(kind, wire, answer):
    assert SpeechChip(kind).heard(bytes.fromhex(wire), 0.0) == answer


@pytest.fixture
def speaking() -> SpeechChip:
    chip = SpeechChip()
    chip.heard(bytes.fromhex(f"FD 00 14 01 01 {CALL} ED"), 0.0)
    return chip


def test_while_it_speaks_it_is_busy(speaking):
    assert speaking.heard(bytes.fromhex("FD 00 02 21 DE"), 0.5) == ACCEPTED + BUSY
    assert speaking.said == []


def test_a_new_sentence_cuts_off_the_old_one(speaking):
    speaking.heard(bytes.fromhex("FD 00 0B 01 01 D3 EE D2 F4 CC EC CF C2 C0"), 0.5)
    speaking.passed(DONE)
    assert (speaking.cut_off, speaking.said) == (["请A012号到3号窗口"], ["宇音天下"])


def test_stop_ends_a_sentence_unheard(speaking):
    assert speaking.heard(bytes.fromhex("FD 00 02 02 FD"), 0.5) == ACCEPTED
    assert speaking.passed(DONE) == b""
    assert (speaking.cut_off, speaking.said) == (["请A012号到3号窗口"], [])


def test_a_gap_in_a_frame_ends_it():
    chip = SpeechChip()
    assert chip.heard(bytes.fromhex("FD 00 14 01"), 0.0) == b""
    assert chip.heard(bytes.fromhex(f"01 {CALL} ED"), 0.009) == REJECTED
    assert not chip.speaking


def test_a_frame_may_come_in_pieces_that_follow_each_other():
    chip = SpeechChip()
    wire = bytes.fromhex(f"FD 00 14 01 01 {CALL} ED")
    answers = [chip.heard(wire[at : at + 1], at * 0.001) for at in range(len(wire))]
    assert b"".join(answers) == ACCEPTED


def test_more_text_than_a_syn6288_holds_is_rejected():
    text = b"x" * 201
    body = bytes([0xFD, *(len(text) + 3).to_bytes(2), 1, 1]) + text
    check = 0
    for byte in body:
        check ^= byte
    assert SpeechChip().heard(body + bytes([check]), 0.0) == REJECTED


def test_noise_before_a_frame_is_passed_over():
    assert (
        SpeechChip().heard(b"\x00\xffjunk" + bytes.fromhex("FD 00 02 21 DE"), 0.0)
        == ACCEPTED + IDLE
    )


def test_power_makes_it_ready_and_forgets_what_it_spoke(speaking):
    assert speaking.powered(0.5) == READY
    assert speaking.passed(DONE) == b""
    assert speaking.said == []

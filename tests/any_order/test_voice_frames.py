"""The frames of SYN6288 and XFS5152CE, byte for byte as their manuals print them, and sentences cut to size."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.hal.voice.frames import LONGEST, Command, frame, pieces, speak

CALL = "请A012号到3号窗口".encode("gbk")
CALL_HEX = "C7 EB 41 30 31 32 BA C5 B5 BD 33 BA C5 B4 B0 BF DA"


@pytest.mark.parametrize(
    ("built", "wire"),
    [
        (
            frame("syn6288", Command.SPEAK, b"\x00" + "宇音天下".encode("gb2312")),
            "FD 00 0B 01 00 D3 EE D2 F4 CC EC CF C2 C1",
        ),
        (speak("syn6288", "宇音天下".encode("gbk")), "FD 00 0B 01 01 D3 EE D2 F4 CC EC CF C2 C0"),
        (speak("syn6288", CALL), f"FD 00 14 01 01 {CALL_HEX} ED"),
        (frame("syn6288", Command.STOP), "FD 00 02 02 FD"),
        (frame("syn6288", Command.STATUS), "FD 00 02 21 DE"),
        (frame("syn6288", Command.SLEEP), "FD 00 02 88 77"),
        (frame("syn6288", Command.BAUD, b"\x00"), "FD 00 03 31 00 CF"),
        (frame("syn6288", Command.BAUD, b"\x01"), "FD 00 03 31 01 CE"),
        (frame("syn6288", Command.BAUD, b"\x02"), "FD 00 03 31 02 CD"),
        (speak("xfs5152", CALL), f"FD 00 13 01 01 {CALL_HEX}"),
        (frame("xfs5152", Command.STOP), "FD 00 01 02"),
        (frame("xfs5152", Command.PAUSE), "FD 00 01 03"),
        (frame("xfs5152", Command.RESUME), "FD 00 01 04"),
        (frame("xfs5152", Command.STATUS), "FD 00 01 21"),
        (frame("xfs5152", Command.SLEEP), "FD 00 01 88"),
        (frame("xfs5152", Command.WAKE), "FD 00 01 FF"),
    ],
)
def test_a_command_is_the_manuals_frame(built, wire):
    assert built == bytes.fromhex(wire)


def test_a_frame_never_holds_more_than_the_chip_takes():
    assert len(speak("syn6288", b"x" * LONGEST)) == 206
    with pytest.raises(ValueError, match="too long"):
        speak("syn6288", b"x" * (LONGEST + 1))


@given(st.text(alphabet="请号到窗口A012，。！？、 ", max_size=600), st.integers(20, LONGEST))
def test_pieces_lose_nothing_and_fit(text, first):
    cut = pieces(text, first=first)
    assert "".join(cut) == text.strip("，")
    sizes = [len(piece.encode("gbk")) for piece in cut]
    assert all(size <= (LONGEST if number else first) for number, size in enumerate(sizes))
    assert all(sizes)


@given(st.text(max_size=300))
def test_any_text_can_be_spoken_and_none_is_a_tag_to_the_chip(text):
    for piece in pieces(text):
        assert not set("[]") & set(piece)
        assert len(piece.encode("gbk")) <= LONGEST


def test_a_sentence_is_cut_at_its_pauses():
    sentence = "请到三号窗口办理，" * 15
    cut = pieces(sentence)
    assert len(cut) == 2
    assert all(piece.rstrip("，").endswith("办理") for piece in cut)


def test_a_name_that_gbk_lacks_is_left_out():
    assert pieces("请王㙍先生到三号窗口") == ["请王先生到三号窗口"]


def test_no_text_is_no_piece():
    assert pieces("") == pieces("[]") == pieces("㙍") == []

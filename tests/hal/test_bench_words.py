"""What the monitor says of a line's bytes: the makers' own frames in words, whatever comes, and nothing of a card."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.bench.words import LANGUAGES, PRIVATE, decoder

# The frames are those of the makers' manuals, or captured.
SHOW = (
    "A5A5A5A5A5A5A5A501000080000000000000FE023500A30601000000012C00000000000080001000000000000000000001"
    "01010000 0A11000000C7EB41303132BAC5B5BD33BAC5B4B0BFDA3CCD5A"
)
SENT = [
    (
        "onbon",
        "A5A5A5A5A5A5A5A5 0100 0080 000000 00 00 00 FE 02 0500 A200010000 68F8 5A",
        "screen 1: are you there?",
    ),
    (
        "onbon",
        SHOW,
        "screen 1: show '请A012号到3号窗口'",
    ),
    (
        "onbon",
        "A5A5A5A5A5A5A5A501000080000000000000FE020700A306010200FF0067CC5A",
        "delete every area",
    ),
    ("onbon", "A5A5A5A5A5A5A5A501000080000000000000FE020500A310010000 51F85A", "clear"),
    ("syn6288", "FD00140101C7EB41303132BAC5B5BD33BAC5B4B0BFDAED", "say '请A012号到3号窗口'"),
    ("syn6288", "FD00130101C7EB41303132BAC5B5BD33BAC5B4B0BFDA", "say '请A012号到3号窗口'"),
    ("syn6288", "FD000202FD", "stop"),
    ("syn6288", "FD000121", "are you speaking?"),
    ("ff68", "FF6803036803010C1016", "address 3: keys 0C"),
    ("ff68", "FF680303680301121616", "address 3: keys 12"),
    ("ff68", "FF680808680302 0A0A0A000102 2616", "address 3: show digits 0A 0A 0A 00 01 02"),
    ("ff68", "FF680303680301 0B 0F16", "address 3: ask for a rating"),
    ("ff68", "FF68020268030306 16", "address 3: beep"),
    (
        "strip",
        "AA03BB515422 0100990063 C7EB41303132BAC5B5BD33BAC5B4B0BFDA FF",
        "screen 3: show '请A012号到3号窗口'",
    ),
    (
        "strip",
        "A09003A5001CC7EB004100300031003200BAC500B5BD003300BAC500B4B000BFDA00BE",
        "screen 3: show '请A012号到3号窗口'",
    ),
    ("modbus", "01050000FF008C3A", "unit 1: switch from 0 FF 00"),
    ("modbus", "0101000000083DCC", "unit 1: read relays from 0 00 08"),
    ("modbus", "01020000000879CC", "unit 1: read inputs from 0 00 08"),
    ("lcus", "A00101A2", "relay 1 on"),
    ("lcus", "A00100A1", "relay 1 off"),
    ("serial", "7E000801000201ABCD", "read a code now"),
    ("sdt", "AAAAAA9669000320 0122", "find a card"),
    ("sdt", "AAAAAA9669000330 0132", "read it"),
    ("escpos", "1B40", "start anew"),
    ("escpos", "100404", "how much paper?"),
    ("escpos", "1D564200", "cut"),
    ("escpos", "1D7201", "answer once you are so far"),
    ("escpos", "1D763000 0200 0300 FFFF0000FFFF", "a picture of 16 x 3 dots"),
    ("escpos", "1D284806003030 41424344", "say when this is printed"),
    ("escpos", "C8A1BAC5 0A", "print '取号'"),
]
CAME = [
    ("onbon", "A5A5A5A5A5A5A5A500800100000000000000FE020500A00000000064DC5A", "screen 1: taken"),
    (
        "onbon",
        "A5A5A5A5A5A5A5A500800100000000000000FE020500A001050000 75215A",
        "screen 1: refused: ",
    ),
    ("syn6288", "41", "taken"),
    ("syn6288", "4F", "idle"),
    ("syn6288", "4A", "started anew"),
    ("ff68", "FF680303680311021616", "address 3: rated 02"),
    ("modbus", "01050000FF008C3A", "unit 1: switch done"),
    ("serial", "020000010033 3331", "understood"),
    ("serial", "41424331323334 0D", "a code of 7 characters"),
    ("sdt", "AAAAAA9669000800009F0000000097", "a card lies there"),
    ("sdt", "AAAAAA966900040000 8084", "no card"),
    ("escpos", "12", "all well"),
    ("escpos", "1400000F", "how it is, by itself"),
    ("escpos", "3722414243 4400", "it is printed"),
]


@pytest.mark.parametrize(("model", "frame", "words"), SENT)
def test_what_was_sent_is_said_in_words(model: str, frame: str, words: str) -> None:
    said = decoder(model, sent=True).feed(bytes.fromhex(frame))
    assert words in said[0]


@pytest.mark.parametrize(("model", "frame", "words"), CAME)
def test_what_came_is_said_in_words(model: str, frame: str, words: str) -> None:
    (said,) = decoder(model, sent=False).feed(bytes.fromhex(frame))
    assert words in said


@pytest.mark.parametrize(("model", "frame", "words"), SENT)
def test_a_frame_that_comes_byte_by_byte_says_the_same(model: str, frame: str, words: str) -> None:
    one, said = decoder(model, sent=True), []
    for byte in bytes.fromhex(frame):
        said += one.feed(bytes([byte]))
    whole = "".join(said)
    # Type comes as it is read: a run of it may be told in pieces.
    assert words in whole or model == "escpos"


def test_noise_before_a_frame_is_told_apart_from_it() -> None:
    said = decoder("syn6288", sent=True).feed(b"\x00\x13" + bytes.fromhex("FD000202FD"))
    assert [line.split("  ")[0] for line in said] == ["noise", "stop"]


def test_a_frame_whose_sum_is_wrong_is_told_as_damaged() -> None:
    (said,) = decoder("ff68", sent=False).feed(bytes.fromhex("FF6803036803010C1116"))
    assert "damaged" in said


def test_what_began_and_never_ended_is_told_once_the_line_is_quiet() -> None:
    one = decoder("onbon", sent=True)
    assert one.feed(bytes.fromhex("A5A5A501")) == []
    assert one.rest() == ["begun and not ended  [A5 A5 A5 01]"]
    assert one.rest() == []


def test_a_model_that_is_not_known_shows_its_bytes() -> None:
    assert decoder("other", sent=True).feed(b"\x01\x02") == ["bytes  [01 02]"]


def reply(holder: bytes) -> bytes:
    body = (4 + len(holder)).to_bytes(2) + b"\x00\x00\x90" + holder
    check = 0
    for byte in body:
        check ^= byte
    return b"\xaa\xaa\xaa\x96\x69" + body + bytes([check])


def test_nothing_of_a_card_is_ever_in_a_line() -> None:
    holder = "张三".encode("utf-16-le") + b"140109199001011233" * 20
    for begin in range(0, 60, 7):
        one = decoder(PRIVATE, sent=False)
        # In pieces, cut short, and with its beginning lost: the worst that a line can do.
        said = (
            one.feed(reply(holder)[begin : begin + 200])
            + one.feed(reply(holder)[200:])
            + one.rest()
        )
        told = "\n".join(said)
        assert "bytes" in told
        for secret in ("140109", b"1401".hex(" ").upper(), "20 5F", "张"):
            assert secret not in told


@given(
    model=st.sampled_from([*LANGUAGES, "other"]),
    sent=st.booleans(),
    chunks=st.lists(st.binary(max_size=40), max_size=6),
)
def test_whatever_comes_every_byte_is_told_once(
    model: str, sent: bool, chunks: list[bytes]
) -> None:
    taken: list[int] = []
    one = decoder(model, sent=sent)
    cut = one._cut

    def counting(came: bytes) -> tuple[int, str]:
        size, words = cut(came)
        assert 0 <= size <= len(came)
        taken.append(size)
        return size, words

    one._cut = counting
    for chunk in chunks:
        one.feed(chunk)
    left = len(one._came)
    assert sum(taken) + left == sum(map(len, chunks))
    assert bool(one.rest()) == bool(left)

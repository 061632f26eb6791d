"""The emulated Onbon card against captured frames: it reads them as a card does, and answers byte for byte."""

from __future__ import annotations

from typing import Literal

import pytest

from firmware.hal.led_panel.bxk import HOST, Packet, Unframer, ping, power, wipe
from hal_mocks.wires.onbon import OnbonCard, ShownArea

START = "A5 A5 A5 A5 A5 A5 A5 A5 "
TO_CARD = START + "01 00 00 80 00 00 00 00 00 00 FE 02 "
ACK = bytes.fromhex(START + "00 80 01 00 00 00 00 00 00 00 FE 02 05 00 A0 00 00 00 00 64 DC 5A")
NACK_CRC = bytes.fromhex(
    START + "00 80 01 00 00 00 00 00 00 00 FE 02 05 00 A0 01 05 00 00 75 21 5A"
)
CALL = "请A012号到3号窗口"
TEXT = (
    "35 00 A3 06 01 00 00 00 01 2C 00 00 00 00 00 00 {width} 00 10 00 00 00 00 00 00 00 00 00 01 01 01 00 00 0A"
    " 11 00 00 00 C7 EB 41 30 31 32 BA C5 B5 BD 33 BA C5 B4 B0 BF DA {crc} 5A"
)
TEXT_6K = bytes.fromhex(TO_CARD + TEXT.format(width="80", crc="3C CD"))
TEXT_5K = bytes.fromhex(TO_CARD + TEXT.format(width="10", crc="6D C9"))
DELETE_ALL = bytes.fromhex(TO_CARD + "07 00 A3 06 01 02 00 FF 00 67 CC 5A")
PING = bytes.fromhex(TO_CARD + "05 00 A2 00 01 00 00 68 F8 5A")
POWER_ON = bytes.fromhex(TO_CARD + "06 00 A3 00 01 00 00 01 79 EA 5A")
POWER_OFF = bytes.fromhex(TO_CARD + "06 00 A3 00 01 00 00 02 39 EB 5A")
CLEAR = bytes.fromhex(TO_CARD + "05 00 A3 10 01 00 00 51 F8 5A")


@pytest.mark.parametrize(("card", "wire"), [("6K", TEXT_6K), ("5K", TEXT_5K)])
def test_a_captured_text_is_read_with_its_place_and_acknowledged_as_captured(
    card: Literal["5K", "6K"], wire: bytes
):
    far = OnbonCard(card=card)
    assert far.heard(wire, 0.0) == ACK
    assert list(far.areas.values()) == [ShownArea(0, 0, 128, 16, CALL, 1, several_lines=False)]


def test_every_captured_command_is_obeyed():
    far = OnbonCard()
    seen = []
    for wire in (PING, TEXT_6K, POWER_OFF, POWER_ON, DELETE_ALL, TEXT_6K, CLEAR):
        assert far.heard(wire, 0.0) == ACK
        seen.append((far.text, far.lit))
    assert seen == [
        ("", True),
        (CALL, True),
        (CALL, False),
        (CALL, True),
        ("", True),
        (CALL, True),
        ("", True),
    ]


def test_a_damaged_frame_is_refused_as_captured():
    assert OnbonCard().heard(PING.replace(b"\xa2", b"\xa3"), 0.0) == NACK_CRC


@pytest.mark.parametrize(
    ("wire", "payload"),
    [
        (PING, ping()),
        (POWER_ON, power(on=True)),
        (POWER_OFF, power(on=False)),
        (CLEAR, wipe()),
        (DELETE_ALL, bytes.fromhex("A3 06 01 02 00 FF 00")),
        (TEXT_6K, TEXT_6K[22:-3]),
        (TEXT_5K, TEXT_5K[22:-3]),
    ],
)
def test_every_captured_command_is_read_as_it_was_built(wire: bytes, payload: bytes):
    assert Unframer().feed(wire) == [Packet(1, HOST, payload)]


def test_a_command_cut_short_is_refused_and_the_card_goes_on():
    far = OnbonCard()
    assert far._obey(b"\xa3\x06") == 1
    assert far._obey(b"\xa3\x06\x01\x00\x00\x00\x01\x2c\x00\x00") == 1
    assert far.heard(TEXT_6K, 0.0) == ACK

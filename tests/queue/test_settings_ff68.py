"""The laws of parts on an FF 68 bus in hall.toml: what may share a line and an address, and what a pad of four keys cannot say."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from firmware.hal.keypad import KeypadSettings
from tests.queue.mistakes import SAMPLE, checked

PORT = 'port = "serial:/dev/ttyUSB5"'
KEYS = f'keys = {{ model = "ff68", {PORT}, address = 3, keys = {{ next = "呼叫", recall = "重呼", serve = "确认", close = "评价" }} }}'
DISPLAY = f'display = {{ model = "ff68", {PORT}, address = 3 }}'
PAD = f'keys = {{ model = "ff68", {PORT}, address = 3, role = "pad", keys = {{ very_satisfied = "非常满意", satisfied = "满意", fairly_satisfied = "一般", dissatisfied = "不满意" }} }}'
FIVE = f'keys = {{ model = "ff68", {PORT}, address = 3, keys = {{ very_satisfied = "1", satisfied = "2", fairly_satisfied = "3", dissatisfied = "4", very_dissatisfied = "5" }} }}'
LAMPS = f'lamps = {{ model = "ff68", {PORT}, address = 3, lamps = {{ remind = "rate" }} }}'


def hall(keys: str = KEYS, display: str = DISPLAY, pad: str = PAD, lamps: str = LAMPS) -> str:
    """The sample hall, its first counter on a bus."""
    lines = SAMPLE.splitlines()
    panel = lines.index('id = "panel-1"')
    for number in range(panel, len(lines)):
        if lines[number].startswith("keys = "):
            lines[number] = keys if "next" in lines[number] else pad
        elif lines[number].startswith("display = ") and number < panel + 12:
            lines[number] = display if "ttyUSB1" in lines[number] else lines[number]
        elif lines[number].startswith('lamps = { model = "gpio", lamps = { remind'):
            lines[number] = lamps
        elif lines[number] == 'id = "counter-2"':
            break
    return "\n".join(lines)


def test_a_counters_keypad_its_display_and_its_pad_share_one_address_and_the_pad_says_what_it_cannot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    status, lines = checked(tmp_path, hall(), capsys)
    assert status == 0
    assert lines[0] == (
        "hall.toml: note: the pad 'pad-1' cannot express five levels: on its four keys nobody can press"
        " very_dissatisfied, so its ratings are not comparable with those of five keys"
    )
    assert "in order" in lines[1]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (hall(pad=FIVE),
         "the keypad at address 3 on the port 'serial:/dev/ttyUSB5' of board 'counter-1' is used twice: by keys.address of 'panel-1' and by keys.address of 'pad-1'"),
        (hall(display=DISPLAY.replace("ttyUSB5", "ttyUSB5?baud=4800")), "the port 'serial:/dev/ttyUSB5?baud=4800' of board 'counter-1' is used twice"),
        (hall(display=f'display = {{ model = "onbon", card = "6K", {PORT}, width = 128, height = 16 }}'), "the port 'serial:/dev/ttyUSB5' of board 'counter-1' is used twice"),
        (hall(pad=PAD.replace(', dissatisfied = "不满意"', "")), "the pad 'pad-1' has four keys: give each a level, of dissatisfied, very_dissatisfied"),
        (hall(keys=KEYS.replace("重呼", "再呼")), "the key 'recall' is '再呼', which is on no key of this profile"),
        (hall(keys=KEYS.replace("重呼", "呼叫")), "'next' and 'recall' are one key"),
        (hall(keys=KEYS.replace("address = 3", 'address = 3, profile = "acme"')), "there is no profile 'acme'; there are: standard"),
        (hall(lamps=LAMPS.replace('"rate"', '"flash"')), "flash"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, sentence: str
):
    status, lines = checked(tmp_path, text, capsys)
    assert status == 1
    assert any(sentence in line for line in lines), lines


def test_another_makers_codes_are_written_beside_the_keys():
    table = {"model": "ff68", "port": "tcp:192.168.1.60:4001", "address": 3}
    table |= {"keys": {"next": "下一位"}, "codes": {"下一位": 0x21}}
    settings = msgspec.convert(table, KeypadSettings)
    assert settings.key_codes == {"next": b"\x21"}

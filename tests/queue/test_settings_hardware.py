"""The laws of the devices' own tables: a name that means nothing, a pin or a port that two want, is named by its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.queue.mistakes import SAMPLE, Lines, changed, checked, place_of

PAUSES = "pause:lunch, pause:paper"
PANEL_KEYS = (
    "next, recall, serve, close, no_show, undo, hold, hold:any, pause, help, "
    "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, prefix, "
    f"{PAUSES}, pause:REASON, transfer:SERVICE, transfer:NUMBER"
)
PANEL_LAMPS = f"next, serve, close, undo, hold, pause, {PAUSES}"
PLACES = "pension, card, employment, relations, 1, 2, 3"
LEVELS = "very_satisfied, satisfied, fairly_satisfied, dissatisfied, very_dissatisfied"


def found(path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> Lines:
    """The lines of `jiaohao check`, which does not call such a hall in order."""
    status, lines = checked(path, text, capsys)
    assert status == 1
    return lines


# --- names -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        ("recall = 6", "recal = 6", "'recal' is no key of a panel; did you mean 'recall'?"),
        ("no_show = 26", "noshow = 26", "'noshow' is no key of a panel; did you mean 'no_show'?"),
        ("pause = 21", "xyzzy = 21", f"'xyzzy' is no key of a panel; known here are: {PANEL_KEYS}"),
        ('"transfer:card"', '"transfer:cadr"', "'transfer:cadr' leads to no service and no counter; did you mean 'card'?"),
        ('"transfer:card"', '"transfer:9"', f"'transfer:9' leads to no service and no counter; known here are: {PLACES}"),
        ('"transfer:card"', '"transfer:"', f"'transfer:' leads to no service and no counter; known here are: {PLACES}"),
        ('"transfer:card"', '"transfer:1"', "'transfer:1' transfers from counter 1 to itself; name another counter or a service"),
        ("next = 17", "nxet = 17", "'nxet' is no lamp of a panel; did you mean 'next'?"),
        ("serve = 27", "recall = 27", f"'recall' is no lamp of a panel; known here are: {PANEL_LAMPS}"),
        ("remind = 8", "remnid = 8", "'remnid' is no lamp of a pad; did you mean 'remind'?"),
        ("pension = 5", "pensoin = 5", "'pensoin' is no key of a kiosk; did you mean 'pension'?"),
        ("green = 26", "greeen = 26", "'greeen' is no key of a kiosk; did you mean 'green'?"),
        ("ready = 17", "raedy = 17", "'raedy' is no lamp of a kiosk's tower; did you mean 'ready'?"),
        ("very_dissatisfied = 25", "fine = 2, very_dissatisfied = 25", f"'fine' is no key of a pad; known here are: {LEVELS}"),
    ],
)  # fmt: skip
def test_a_name_that_a_device_does_not_know_is_named_with_its_likely_meaning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], right: str, wrong: str, sentence: str
):
    text = changed(right, wrong)
    place = place_of(text, wrong)
    assert found(tmp_path, text, capsys) == (f"hall.toml:{place}: {sentence}",)


def test_a_wrong_key_in_a_table_of_its_own_is_found_in_its_own_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    text = changed(
        'lamps = { model = "gpio", lamps = { remind = 8 } }',
        '[boards.devices.hardware.lamps]\nmodel = "gpio"\n[boards.devices.hardware.lamps.lamps]\nremnid = 8',
    ).replace('display = { model = "onbon", card = "6K", port = "serial:/dev/ttyUSB2', "# ", 1)
    (line,) = found(tmp_path, text, capsys)
    assert line.startswith(
        f"hall.toml:{place_of(text, 'remnid = 8')}: 'remnid' is no lamp of a pad"
    )


@pytest.mark.parametrize("to", ["pension", "card", "2", "3"])
def test_a_key_may_transfer_to_any_service_and_to_any_other_counter(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], to: str
):
    text = changed("transfer:card", f"transfer:{to}")
    assert checked(tmp_path, text, capsys)[0] == 0


def test_digits_alone_are_a_counter_even_where_a_service_is_called_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    text = SAMPLE.replace('"card"', '"77"').replace(" card = 6", ' "77" = 6')
    text = text.replace("transfer:card", "transfer:77")
    (line,) = found(tmp_path, text, capsys)
    assert "'transfer:77' leads to no service and no counter" in line


# --- keys that must be there -------------------------------------------------------------------------------


def test_a_panel_of_a_counter_that_waits_for_serve_needs_that_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    text = changed("recall = 6, serve = 13,", "recall = 6,")
    (line,) = found(tmp_path, text, capsys)
    assert line == (
        f"hall.toml:{place_of(text, 'keys = { next = 5, recall = 6, close')}: the panel 'panel-1' needs a key 'serve': counter 1 waits for it"
        " after each call; add the key, or write serve_key = false at the counter"
    )


def test_a_panel_of_a_counter_without_serve_key_has_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    text = changed("recall = 6, close", "recall = 6, serve = 14, close")
    (line,) = found(tmp_path, text, capsys)
    assert line == (
        f"hall.toml:{place_of(text, 'serve = 14')}: counter 3 has serve_key = false: its panel has no key 'serve';"
        " take out the key, or write serve_key = true"
    )


@pytest.mark.parametrize(
    ("key", "level"),
    [
        ("{ very_satisfied = 4, ", "very_satisfied"),
        (" satisfied = 12,", "satisfied"),
        (" fairly_satisfied = 18,", "fairly_satisfied"),
        (" dissatisfied = 24,", "dissatisfied"),
        (", very_dissatisfied = 25", "very_dissatisfied"),
    ],
)
def test_a_pad_has_a_key_for_each_of_the_five_levels(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], key: str, level: str
):
    text = changed(key, "{" if key.startswith("{") else "")
    pad = place_of(SAMPLE, "keys = { very_satisfied = 4")
    assert found(tmp_path, text, capsys) == (
        f"hall.toml:{pad}: the pad 'pad-1' cannot express five levels: add a key for {level}",
    )


# --- pins and ports ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        ("next = 17", "next = 5", "pin 5 of board 'counter-1' is used twice: by keys.keys.next of 'panel-1' and by lamps.lamps.next of 'panel-1'"),
        ("remind = 8", "remind = 4", "pin 4 of board 'counter-1' is used twice: by keys.keys.very_satisfied of 'pad-1' and by lamps.lamps.remind of 'pad-1'"),
        ("very_satisfied = 4", "very_satisfied = 6", "pin 6 of board 'counter-1' is used twice: by keys.keys.recall of 'panel-1' and by keys.keys.very_satisfied of 'pad-1'"),
        ("remind = 8", "remind = 22", "pin 22 of board 'counter-1' is used twice: by lamps.lamps.close of 'panel-1' and by lamps.lamps.remind of 'pad-1'"),
    ],
)  # fmt: skip
def test_a_pin_that_two_want_on_one_board_is_named_with_both(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], right: str, wrong: str, sentence: str
):
    place = place_of(SAMPLE, right)
    assert found(tmp_path, changed(right, wrong), capsys) == (
        f"hall.toml:{place}: {sentence}; give each its own",
    )


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        ("serial:/dev/ttyUSB1?baud=57600", "serial:/dev/ttyUSB0?baud=57600", "screen 1 on the port 'serial:/dev/ttyUSB0?baud=57600' of board 'counter-1' is used twice: by led.port of 'panel-1' and by display.port of 'panel-1'"),
        ("serial:/dev/ttyUSB1?baud=57600", "serial:/dev/ttyUSB0?baud=9600", "the port 'serial:/dev/ttyUSB0?baud=9600' of board 'counter-1' is used twice: by led.port of 'panel-1' and by display.port of 'panel-1'"),
        ("serial:/dev/ttyUSB2?baud=57600", "serial:/dev/ttyUSB1", "screen 1 on the port 'serial:/dev/ttyUSB1' of board 'counter-1' is used twice: by display.port of 'panel-1' and by display.port of 'pad-1'"),
    ],
)  # fmt: skip
def test_what_two_want_of_a_port_on_one_board_is_named_with_both_at_whatever_speed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], right: str, wrong: str, sentence: str
):
    place = place_of(SAMPLE, f'port = "{right}')
    assert found(tmp_path, changed(right, wrong), capsys) == (
        f"hall.toml:{place}: {sentence}; give each its own",
    )


def test_one_network_host_may_serve_two_ports_but_none_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    text = changed("serial:/dev/ttyUSB0?baud=57600", "tcp:192.168.1.60:5005")
    other = text.replace("serial:/dev/ttyUSB1?baud=57600", "tcp:192.168.1.60:5006", 1)
    assert checked(tmp_path, other, capsys)[0] == 0
    (line,) = found(tmp_path, other.replace(":5006", "", 1), capsys)
    assert "screen 1 on the port 'tcp:192.168.1.60' of board 'counter-1' is used twice" in line


def test_panels_of_one_kind_share_a_line_by_their_screens_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    both = changed(
        'port = "serial:/dev/ttyUSB1?baud=57600"',
        'screen = 2, port = "serial:/dev/ttyUSB0?baud=57600"',
    )
    assert checked(tmp_path, both, capsys)[0] == 0


TOWER = "ready = 17, attention = 27, stopped = 22 } }"
CLIPS = '{ model = "clips", pack = "xiaoyi.zip" }'
ESPEAK = '{ model = "espeak", voice = "en" }'


def test_the_voices_of_one_device_take_turns_at_one_sound_card(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    both = changed(TOWER, f"{TOWER}\nvoice = {CLIPS}\nvoice_en = {ESPEAK}")
    assert checked(tmp_path, both, capsys)[0] == 0
    other = both.replace('voice = "en"', 'voice = "en", card = "USB"')
    (line,) = found(tmp_path, other, capsys)
    assert "the sound card of board 'kiosk-1' is used twice: by voice.card" in line


def test_the_voices_of_two_devices_would_sound_at_once_on_one_sound_card(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    announcer = 'voice = { model = "syn6288", port = "serial:/dev/serial0" }'
    another = (
        '\n[[boards.devices]]\nid = "voice-2"\nkind = "announcer"\ncounter = 2\n'
        f"[boards.devices.hardware]\nvoice = {CLIPS}"
    )
    text = changed(announcer, f"voice = {CLIPS}{another}")
    (line,) = found(tmp_path, text, capsys)
    assert "used twice: by voice.card of 'voice-1' and by voice.card of 'voice-2'" in line


def test_an_english_voice_of_an_announcer_that_would_never_speak_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    announcer = 'voice = { model = "syn6288", port = "serial:/dev/serial0" }'
    text = changed(announcer, f"{announcer}\nvoice_en = {ESPEAK}")
    (line,) = found(tmp_path, text, capsys)
    assert "this voice would never speak: set announce_english = true in [rules]" in line
    english = text.replace("[rules]", "[rules]\nannounce_english = true", 1)
    assert checked(tmp_path, english, capsys)[0] == 0


def test_every_mistake_in_the_hardware_is_named_at_once_in_the_order_of_the_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    text = changed("remind = 8", "remnid = 8").replace("green = 26", "geen = 26", 1)
    text = text.replace("next = 17", "next = 5", 1)
    lines = found(tmp_path, text, capsys)
    assert [line.split(": ")[1].split(" ")[0] for line in lines] == ["'geen'", "pin", "'remnid'"]

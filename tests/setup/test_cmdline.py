"""The laws of what is edited in place: the kernel's line and the firmware's settings keep all that is not ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.cards import cmdline, config_txt

PLAIN = st.text(
    st.characters(codec="utf-8", exclude_categories=("Z", "C"), exclude_characters='"'),
    min_size=1,
    max_size=20,
)
QUOTED = st.text("ab= ", max_size=8).map(lambda text: f'x="{text}"')
OTHERS = st.one_of(PLAIN, QUOTED).filter(
    lambda word: not cmdline.ours(word) and "\ufeff" not in word
)
OURS = st.sampled_from(
    [
        "systemd.run=/boot/firstrun.sh",
        "systemd.run_success_action=reboot",
        "systemd.unit=kernel-command-line.target",
        "ds=nocloud;i=rpi-imager-17",
        "cfg80211.ieee80211_regdom=GB",
    ]
)
WANTED = st.lists(OURS, max_size=4)
LINES = st.lists(st.one_of(OTHERS, OURS), min_size=1, max_size=12)
ENDS = st.sampled_from(["", "\n", "\r\n", "\n\n"])


def written(words: list[str], end: str = "\n", mark: bytes = b"") -> bytes:
    return mark + "  ".join(words).encode() + end.encode()


@given(LINES, WANTED, ENDS, st.sampled_from([b"", b"\xef\xbb\xbf"]))
def test_all_other_words_stay_in_order_and_the_wanted_come_last(
    words: list[str], wanted: list[str], end: str, mark: bytes
):
    found = cmdline.words(cmdline.rewritten(written(words, end, mark), wanted))
    assert [*found] == [word for word in words if not cmdline.ours(word)] + wanted


@given(LINES, WANTED, ENDS)
def test_it_is_one_line_with_lf_and_no_mark(words: list[str], wanted: list[str], end: str):
    line = cmdline.rewritten(written(words, end), wanted)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert b"\r" not in line
    assert not line.startswith(b"\xef\xbb\xbf")


@given(LINES, WANTED, st.booleans())
def test_twice_is_as_once(words: list[str], wanted: list[str], console: bool):
    once = cmdline.rewritten(written(words), wanted, serial_console=console)
    assert cmdline.rewritten(once, wanted, serial_console=console) == once


@given(LINES, WANTED)
def test_what_was_added_is_taken_away_again(words: list[str], wanted: list[str]):
    line = cmdline.rewritten(written(words), ())
    assert cmdline.rewritten(cmdline.rewritten(line, wanted), ()) == line


@given(st.binary(max_size=200), WANTED)
def test_whatever_stands_there_comes_to_one_line(found: bytes, wanted: list[str]):
    line = cmdline.rewritten(found, wanted)
    assert cmdline.rewritten(line, wanted) == line


@pytest.mark.parametrize("console", ["serial0,115200", "ttyAMA0,115200", "ttyS0"])
def test_the_login_leaves_a_serial_line_that_is_needed(console: str):
    line = f"console={console} console=tty1 root=/dev/x".encode()
    assert cmdline.rewritten(line, (), serial_console=False) == b"console=tty1 root=/dev/x\n"
    assert cmdline.rewritten(line, ()) == line + b"\n"


CONFIG_LINES = st.lists(
    st.sampled_from(
        ["", "# a remark", "dtparam=spi=on", "[pi4]", "[all]", "arm_64bit=1", "start_x=1"]
    ),
    max_size=12,
)


@given(CONFIG_LINES, CONFIG_LINES, CONFIG_LINES)
def test_of_the_firmware_s_settings_all_other_lines_stay(
    stock: list[str], first: list[str], second: list[str]
):
    text = "\n".join(stock).encode()
    once = config_txt.rewritten(text, first)
    assert once.startswith(text.rstrip(b"\n"))
    assert config_txt.rewritten(once, first) == once
    assert config_txt.rewritten(once, second) == config_txt.rewritten(text, second)


@given(CONFIG_LINES, CONFIG_LINES)
def test_what_is_written_holds_for_every_model(stock: list[str], lines: list[str]):
    text = config_txt.rewritten("\n".join(["[pi5]", *stock]).encode(), lines).decode()
    ours = text[text.index(config_txt.BEGIN) :].splitlines()
    assert ours[1:-1] == ["[all]", *lines]


def test_what_somebody_wrote_behind_our_lines_stays():
    text = config_txt.rewritten(b"arm_64bit=1\n", ["dtparam=spi=on"]) + b"gpu_mem=64\n"
    again = config_txt.rewritten(text, ["dtparam=watchdog=on"])
    assert b"gpu_mem=64" in again
    assert b"dtparam=spi=on" not in again

"""Clips are as loud as each other, and begin and end with the speech."""

from __future__ import annotations

import numpy as np
import pytest

from firmware.studio.levels import (
    PEAK,
    decibels,
    levelled,
    loudness,
    peak,
    quiet_ends,
    trimmed,
)
from firmware.studio.ogg import decoded, encoded
from tests.studio.voices import RATE, hush, spoken


@pytest.mark.parametrize("level", [0.9, 0.1, 0.02])
def test_loudness_is_that_of_the_speech_whatever_silence_lies_around_it(level):
    wanted = decibels(level / np.sqrt(2))
    for around in (0.0, 0.4, 5.0):
        assert loudness(spoken(level=level, around=around), RATE) == pytest.approx(wanted, abs=0.3)


def test_silence_is_no_speech():
    assert trimmed(hush(1.0), RATE).size == 0
    assert loudness(hush(1.0), RATE) < -60
    assert loudness(np.zeros(0, np.float32), RATE) == -120
    assert loudness(np.zeros(RATE, np.float32), RATE) == -120


def test_what_is_trimmed_keeps_the_speech_and_little_else():
    kept = trimmed(spoken(seconds=0.5, around=1.0), RATE)
    assert kept.size / RATE == pytest.approx(0.5, abs=0.06)
    assert max(quiet_ends(spoken(around=1.0), RATE)) == pytest.approx(1.0, abs=0.03)


def test_a_quiet_end_of_a_word_is_kept():
    whole = np.concatenate(
        [spoken(around=0)[:6000], spoken(level=0.1 * 10 ** (-30 / 20), around=0)]
    )
    assert trimmed(whole, RATE).size == pytest.approx(whole.size, abs=RATE * 0.03)


def test_no_joint_clicks():
    kept = trimmed(spoken(), RATE)
    assert abs(kept[0]) < 0.001
    assert abs(kept[-1]) < 0.001


def test_clips_of_any_level_become_equally_loud():
    for level in (0.01, 0.1, 0.5):
        made = levelled(spoken(level=level), RATE, -20.0)
        assert loudness(made, RATE) == pytest.approx(-20.0, abs=0.1)


def test_levelling_never_clips():
    spiky = spoken(level=0.05)
    spiky[spiky.size // 2] = 0.8
    made = levelled(spiky, RATE, -20.0)
    assert peak(made) <= PEAK + 1e-6


def test_silence_is_not_made_loud():
    assert peak(levelled(hush(1.0), RATE, -20.0)) < 0.01


@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 44_100, 48_000])
def test_a_clip_comes_back_from_its_file_as_long_and_as_loud(rate):
    sound = spoken()
    back, there = decoded(encoded(sound, rate))
    assert there == rate
    assert back.size == sound.size
    assert loudness(back, rate) == pytest.approx(loudness(sound, rate), abs=0.5)


def test_what_is_no_sound_is_told():
    with pytest.raises(ValueError, match="Format not recognised"):
        decoded(b"no sound")

"""The ear that judges the voices hears order, gaps and two sounds at once."""

from __future__ import annotations

import time

import numpy as np
import pygame
import pytest

from firmware.hal.voice.sound_card import RATE, SoundCard, silence
from tests.ear import Ear, tone


def samples(number: int) -> bytes:
    return (tone(number, 0.1) * 32767).astype(np.int16).tobytes()


@pytest.fixture
def ear(tmp_path, monkeypatch):
    yield Ear(tmp_path, ["low", "middle", "high"], monkeypatch, fast=True)
    pygame.mixer.quit()


def test_it_tells_tones_apart_and_where_they_are(ear):
    SoundCard().play(samples(2) + silence(100) + samples(0))
    first, second = ear.heard()
    assert (first.text, second.text) == ("high", "low")
    assert second.begins - first.begins == pytest.approx(0.2, abs=0.011)
    assert first.seconds == pytest.approx(0.1, abs=0.011)


def test_two_at_once_are_not_alone(ear):
    SoundCard().open()
    channels = [pygame.mixer.Sound(buffer=samples(number)).play() for number in (0, 2)]
    while any(channel.get_busy() for channel in channels):
        time.sleep(0.001)
    assert [tone.alone for tone in ear.heard()] == [False]


def test_a_hundred_sounds_are_all_heard(ear):
    card = SoundCard()
    for number in range(100):
        card.play(samples(number % 3))
    heard = ear.heard()
    assert [one.text for one in heard] == ["low", "middle", "high"] * 33 + ["low"]
    assert all(one.seconds == pytest.approx(0.1, abs=0.011) for one in heard)
    assert len(samples(0)) == RATE * 2 // 10

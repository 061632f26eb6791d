"""A hall is told which letters of its tickets are easily misheard, and which are not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from broker.letters import CLEAR
from tests.queue.mistakes import SAMPLE, checked


def with_prefix(letter: str) -> str:
    return SAMPLE.replace('prefix = "A"', f'prefix = "{letter}"')


def told(tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    status, lines = checked(tmp_path, text, capsys)
    assert status == 0
    return [line for line in lines if "misheard" in line]


def test_a_letter_that_is_misheard_is_noted_with_those_that_are_free(tmp_path, capsys):
    lines = told(tmp_path, with_prefix("R"), capsys)
    opening = "hall.toml: note: R of service 'pension' is easily misheard when it is called; clearer letters are free: "
    (note,) = (line for line in lines if line.startswith(opening))
    free = note.rpartition(": ")[2].split(", ")
    assert set(free) <= set(CLEAR)
    assert not set(free) & {"B", "C", "X"}  # those of its other services, and of numbers by hand


def test_clear_letters_are_not_noted(tmp_path, capsys):
    free = iter(sorted(set(CLEAR) - {"X"}))
    text = SAMPLE
    for letter in "ABCK":
        text = text.replace(f'\nprefix = "{letter}"', f'\nprefix = "{next(free).lower()}"')
    text = re.sub(
        r'(?m)^prefix = "(.)"', lambda found: found[0].upper().replace("PREFIX", "prefix"), text
    )
    assert told(tmp_path, text, capsys) == []


def test_the_letter_of_numbers_by_hand_is_one_too(tmp_path, capsys):
    text = SAMPLE.replace("[rules]\n", '[rules]\nhand_prefix = "R"\n', 1)
    assert any("R of numbers written by hand" in line for line in told(tmp_path, text, capsys))


def test_there_are_enough_clear_letters_for_a_hall():
    assert len(set(CLEAR)) == len(CLEAR) >= 10

"""The examples in the docstrings of the firmware's and the mocks' modules hold."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2]
# Its dictionaries take a second to come: tests/wires/test_espeak.py.
ELSEWHERE = HERE / "firmware/hal/voice/espeak.py"
WITH_EXAMPLES = [
    str(path.relative_to(HERE).with_suffix("")).replace("/", ".")
    for room in ("firmware", "hal_mocks")
    for path in sorted((HERE / room).rglob("*.py"))
    if path != ELSEWHERE and ">>> " in path.read_text()
]


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_examples_of_a_module_hold(name: str):
    results = doctest.testmod(import_module(name))
    assert results.attempted > 0
    assert results.failed == 0

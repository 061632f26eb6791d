"""Twenty thousand odd inputs: no crash, no hang, no growth, and the hub's journal still says what it lives by. A million: make fuzz."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from tests.fuzz.feeding import GROWTH_MB, feed
from tests.fuzz.targets import TARGETS

INPUTS = 20_000
SEED = 1


@pytest.mark.parametrize("name", TARGETS)
def test_no_input_crashes_hangs_or_grows_it(name: str, tmp_path: Path):
    _, share = TARGETS[name]
    logging.disable()
    try:
        assert feed(name, INPUTS * share // 100, SEED, tmp_path) <= GROWTH_MB
    finally:
        logging.disable(logging.NOTSET)

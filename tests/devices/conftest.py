"""The sample hall, as every device's tests see it, and a larger one with comprehensive counters and a special zone."""

from __future__ import annotations

from pathlib import Path

import pytest

import broker
from broker.loading import load
from broker.settings import Hall

HALLS = Path(broker.__file__).parent / "halls"


@pytest.fixture(scope="session")
def hall() -> Hall:
    return load(HALLS / "sample.toml")


@pytest.fixture(scope="session")
def twelve() -> Hall:
    return load(HALLS / "twelve.toml")

"""The sample hall, as every device's tests see it."""

from __future__ import annotations

from pathlib import Path

import pytest

import broker
from broker.loading import load
from broker.settings import Hall


@pytest.fixture(scope="session")
def hall() -> Hall:
    return load(Path(broker.__file__).parent / "halls" / "sample.toml")

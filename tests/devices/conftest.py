"""The sample hall, as every device's tests see it, and a larger one with comprehensive counters and a special zone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

import broker
from broker.catalogue.toml_file import furnished
from broker.loading import load
from broker.settings import Hall, ServiceGroup

HALLS = Path(broker.__file__).parent / "halls"


@pytest.fixture(scope="session")
def hall() -> Hall:
    return load(HALLS / "sample.toml")


@pytest.fixture(scope="session")
def twelve() -> Hall:
    return load(HALLS / "twelve.toml")


@pytest.fixture(scope="session")
def full(hall: Hall) -> Hall:
    """The sample hall with its catalogue, as if that were valid for long."""
    with_items, _ = furnished(hall, HALLS / "sample.toml")
    catalogue = with_items.catalogue
    valid = tuple(replace(item, valid_from=date(2023, 1, 1)) for item in catalogue.items)
    return replace(with_items, catalogue=replace(catalogue, items=valid))


@pytest.fixture(scope="session")
def sixty(full: Hall) -> Hall:
    """A hall of sixty services in six groups, as large as any."""
    groups = tuple(
        ServiceGroup(id=f"g{n}", name=f"{n}类业务", english=f"Group {n}") for n in range(1, 7)
    )
    services = tuple(
        replace(
            full.services[0],
            id=f"s{n}",
            name=f"业务{n}",
            english=f"Service {n}",
            group=f"g{n % 6 + 1}",
        )
        for n in range(60)
    )
    counters = tuple(replace(one, services=tuple(s.id for s in services)) for one in full.counters)
    return replace(full, services=services, groups=groups, counters=counters)

"""What the tests of cards share: an authority, bundles, and images of each generation, made once."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from firmware.cards.carried import Carried
from firmware.cards.composing import Composer
from tests.setup.cards import bundle, composer, make_authority
from tests.setup.stock import STOCK, card_image


@pytest.fixture(scope="session")
def cards(tmp_path_factory: pytest.TempPathFactory) -> Composer:
    """The hall's cards, on Wi-Fi."""
    folder = tmp_path_factory.mktemp("cards")
    make_authority(folder / "ca")
    return composer(folder / "ca", folder)


@pytest.fixture(scope="session")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> tuple[Carried, ...]:
    """For a board and for a hub, of each Python."""
    folder = tmp_path_factory.mktemp("bundles")
    wanted = [(python, role) for python in ("3.11", "3.13") for role in ("board", "hub")]
    return tuple(bundle(folder / f"{role}-{python}", python, role=role) for python, role in wanted)


@pytest.fixture(scope="session")
def stock_image(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A freshly flashed card of a generation, as an image that is only to be copied."""
    folder = tmp_path_factory.mktemp("images")

    def image(generation: str) -> Path:
        path = folder / f"{generation}.img"
        return path if path.exists() else card_image(STOCK[generation], path, folder / generation)

    return image


@pytest.fixture
def fresh_image(stock_image: Callable[[str], Path], tmp_path: Path) -> Callable[[str], Path]:
    """A freshly flashed card of a generation, to be written."""

    def image(generation: str) -> Path:
        path = tmp_path / f"{generation}.img"
        # With its holes: most of it was never written.
        subprocess.run(["cp", "--sparse=always", stock_image(generation), path], check=True)
        return path

    return image

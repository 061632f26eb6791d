"""The whole boot partition of each generation and role, as tree of hashes: what is written is what was looked at and agreed to.

After a change that is meant: `python -m tests.setup.test_goldens` writes the goldens anew; read their diff, and what stands behind it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from broker.mosquitto import HUB
from firmware.cards.carried import Carried, choose
from firmware.cards.composing import Composer
from firmware.cards.generations import look, preseed, recognise, trixie
from firmware.cards.mounted import Mounted
from firmware.cards.opening import open_partition
from firmware.cards.partition import Partition
from firmware.cards.writing import write_card
from tests.setup.cards import (
    BOARDS,
    NOW,
    bundle,
    composer,
    faults,
    fixed,
    hash_tree,
    make_authority,
    tree_of,
)
from tests.setup.stock import BEGIN, SIZE, STOCK, spread

GOLDENS = Path(__file__).with_name("goldens")
# It has no fixed address on Wi-Fi, which counter-1 wants.
IMPOSSIBLE = ("rpi-preseed", "counter-1")
CARDS = [
    (generation, board)
    for generation in STOCK
    for board in BOARDS
    if (generation, board) != IMPOSSIBLE
]


def written(
    partition: Partition, board: str, cards: Composer, bundles: Sequence[Carried]
) -> Partition:
    stock = look(partition)
    generation = recognise(stock)
    fits = choose(bundles, generation.python, generation.title, hub=board == HUB)
    card = cards.card(board, fits, NOW, lambda: "0" * 32)
    write_card(partition, stock, generation, fixed(card, fits.path.parent))
    return partition


def golden(generation: str, board: str) -> Path:
    return GOLDENS / f"{generation}-{board}.txt"


def as_text(partition: Partition) -> str:
    return "".join(f"{digest}  {path}\n" for path, digest in hash_tree(partition).items())


@pytest.mark.needs("mtools")
@pytest.mark.parametrize("card", CARDS, ids="-".join)
def test_an_image_holds_the_golden_tree_and_its_file_system_is_clean(
    card: tuple[str, str],
    cards: Composer,
    bundles: Sequence[Carried],
    fresh_image: Callable[[str], Path],
    tmp_path: Path,
):
    generation, board = card
    image = fresh_image(generation)
    partition = written(open_partition(image), board, cards, bundles)
    assert as_text(partition) == golden(generation, board).read_text()
    assert faults(partition, tmp_path / "as-mounted") == []
    alone = tmp_path / "partition.img"
    alone.write_bytes(image.read_bytes()[BEGIN : BEGIN + SIZE])
    path = os.environ["PATH"] + ":/usr/sbin:/sbin"
    checked = subprocess.run(
        ["fsck.vfat", "-n", str(alone)], env={"PATH": path}, capture_output=True, check=False
    )
    assert checked.returncode == 0, checked.stdout.decode()


@pytest.mark.parametrize(("generation", "board"), CARDS)
def test_a_mounted_card_holds_the_same_tree(
    generation: str, board: str, cards: Composer, bundles: Sequence[Carried], tmp_path: Path
):
    partition = Mounted(spread(STOCK[generation], tmp_path))
    written(partition, board, cards, bundles)
    assert as_text(partition) == golden(generation, board).read_text()


@pytest.mark.parametrize(("generation", "board"), CARDS)
def test_only_these_files_of_the_system_are_touched(
    generation: str, board: str, cards: Composer, bundles: Sequence[Carried], tmp_path: Path
):
    partition = written(Mounted(spread(STOCK[generation], tmp_path)), board, cards, bundles)
    now = tree_of(partition)
    touched = {path for path, content in STOCK[generation].items() if now[path] != content}
    ours = {
        "cmdline.txt",
        "config.txt",
        "meta-data",
        "network-config",
        "user-data",
        "rpi-preseed.toml",
    }
    assert touched <= ours
    beside = {path for path in now if not path.startswith("jiaohao/")} - STOCK[generation].keys()
    assert beside == {"cmdline.txt.orig"}
    assert now["cmdline.txt.orig"] == STOCK[generation]["cmdline.txt"]


@pytest.mark.needs("cloud-init")
@pytest.mark.parametrize("board", BOARDS)
def test_cloud_init_finds_its_file_in_order(
    board: str, cards: Composer, bundles: Sequence[Carried], tmp_path: Path
):
    written(Mounted(spread(STOCK["trixie"], tmp_path)), board, cards, bundles)
    checked = subprocess.run(
        ["cloud-init", "schema", "-c", str(tmp_path / "user-data")],
        capture_output=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout.decode() + checked.stderr.decode()


@pytest.mark.parametrize("board", [board for board in BOARDS if board != IMPOSSIBLE[1]])
def test_no_key_is_told_that_nobody_reads(
    board: str, cards: Composer, bundles: Sequence[Carried], tmp_path: Path
):
    """Both programs pass over a misspelt key, and say nothing."""
    written(Mounted(spread(STOCK["trixie"], tmp_path / "t")), board, cards, bundles)
    said = json.loads((tmp_path / "t" / "user-data").read_text().removeprefix("#cloud-config\n"))
    assert said.keys() <= trixie.KNOWN_KEYS
    written(Mounted(spread(STOCK["rpi-preseed"], tmp_path / "p")), board, cards, bundles)
    tables = tomllib.loads((tmp_path / "p" / "rpi-preseed.toml").read_text())
    assert tables.keys() - {"config_version"} <= preseed.KNOWN_KEYS.keys()
    for name, table in tables.items():
        if isinstance(table, dict):
            assert table.keys() <= preseed.KNOWN_KEYS[name]


def write_goldens() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_authority(folder / "ca")
        cards = composer(folder / "ca", folder)
        wanted = [(python, role) for python in ("3.11", "3.13") for role in ("board", "hub")]
        bundles = [bundle(folder / f"{r}-{p}", p, role=r) for p, r in wanted]
        GOLDENS.mkdir(exist_ok=True)
        for generation, board in CARDS:
            place = folder / generation / board
            partition = written(Mounted(spread(STOCK[generation], place)), board, cards, bundles)
            golden(generation, board).write_text(as_text(partition))
            keep = os.environ.get("KEEP")
            if keep:
                shutil.copytree(place, Path(keep) / generation / board, dirs_exist_ok=True)


if __name__ == "__main__":
    write_goldens()

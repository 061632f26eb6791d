"""A card pulled out at any moment: it starts nothing that is not whole, and the same command makes it good."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from firmware.cards.carried import Carried
from firmware.cards.composing import Composer
from firmware.cards.mounted import Mounted
from firmware.cards.mtools import Mtools, run_tool
from firmware.cards.one_card import Desk
from firmware.cards.partition import CardFault, Partition, Source, Told, chunks
from tests.setup.cards import NOW, faults, hash_tree, starts, tree_of
from tests.setup.stock import BEGIN, STOCK, spread

BOARD = "hall_1"


class PulledOut:
    """A partition whose card is pulled out at the n-th write, and stays out.

    What was being written is there in part, under the name that it has until it is whole.
    """

    def __init__(self, inner: Partition, last: int) -> None:
        self._inner, self._left = inner, last

    def _touch(self) -> None:
        if self._left == 0:
            raise OSError(errno.EIO, "Input/output error")
        self._left -= 1

    def _look(self) -> None:
        if self._left == 0:
            raise OSError(errno.EIO, "Input/output error")

    def names(self, folder: str = "") -> frozenset[str]:
        self._look()
        return self._inner.names(folder)

    def read(self, path: str) -> bytes:
        self._look()
        return self._inner.read(path)

    def write(self, path: str, source: Source, told: Told) -> None:
        if self._left == 1:
            whole = b"".join(chunks(source))
            self._inner.write(f"{path}.part", whole[: len(whole) // 2], told)
        self._touch()
        if self._left:
            self._inner.write(path, source, told)
        else:
            self._look()

    def remove(self, path: str) -> None:
        self._touch()
        self._inner.remove(path)

    def sha256(self, path: str, told: Told) -> str:
        self._look()
        return self._inner.sha256(path, told)

    def free(self) -> int:
        self._look()
        return self._inner.free()

    def flush(self) -> None:
        self._look()
        self._inner.flush()


def desk(cards: Composer, bundles: Sequence[Carried], card: Partition) -> Desk:
    return Desk(cards, bundles, lambda: "0" * 32, opened=lambda _: card)


def stopped(it: Desk, board: str = BOARD) -> bool:
    """Whether the card was not written to its end, and the technician is told what to do."""
    try:
        it.write(Path("card"), board, NOW)
    except CardFault as fault:
        return "put it in again, and run the same command" in str(fault)
    return False


def plain(tree: dict[str, str]) -> dict[str, str]:
    """Without what is signed anew each time, and what names its hash."""
    others = ("jiaohao/enrol.token", "jiaohao/manifest.json")
    return {path: digest for path, digest in tree.items() if path not in others}


@pytest.mark.parametrize("generation", STOCK)
def test_pulled_out_at_any_write_it_starts_nothing_half_written_and_is_written_anew(
    generation: str, cards: Composer, bundles: Sequence[Carried], tmp_path: Path
):
    whole = Mounted(spread(STOCK[generation], tmp_path / "whole"))
    desk(cards, bundles, whole).write(tmp_path, BOARD, NOW)
    for last in count(1):
        card = Mounted(spread(STOCK[generation], tmp_path / str(last)))
        if not stopped(desk(cards, bundles, PulledOut(card, last))):
            break
        if starts(card):
            assert faults(card, tmp_path / "as-mounted") == []
        desk(cards, bundles, card).write(tmp_path, BOARD, NOW)
        assert plain(hash_tree(card)) == plain(hash_tree(whole))
    assert last > 10
    assert starts(card)


@pytest.mark.parametrize("generation", STOCK)
def test_pulled_out_while_it_becomes_another_board_s_it_is_neither_s(
    generation: str, cards: Composer, bundles: Sequence[Carried], tmp_path: Path
):
    for last in count(1):
        card = Mounted(spread(STOCK[generation], tmp_path / str(last)))
        desk(cards, bundles, card).write(tmp_path, "kiosk-1", NOW)
        forced = replace(desk(cards, bundles, PulledOut(card, last)), force=True)
        if not stopped(forced, "hub"):
            break
        # What would start is whole, and nothing of one board is left to the other.
        if starts(card):
            assert faults(card, tmp_path / "as-mounted") == []
        tree = tree_of(card)
        assert not {"jiaohao/enrol.token", "jiaohao/authority.tar"} <= tree.keys()
    assert "jiaohao/enrol.token" not in tree_of(card)


class Unplugged:
    """Runs mtools until the n-th program that writes, and no more."""

    def __init__(self, last: int) -> None:
        self._left = last

    def __call__(self, command: list[str], given: Iterable[bytes]) -> Iterator[bytes]:
        writes = command[0] in {"mmd", "mmove", "mdeltree"} or "-o" in command
        self._left -= writes
        if self._left < 0:
            raise OSError(errno.EIO, "Input/output error")
        return run_tool(command, given)


@pytest.mark.needs("mtools")
def test_an_image_of_which_any_program_fails_is_written_anew(
    cards: Composer,
    bundles: Sequence[Carried],
    fresh_image: Callable[[str], Path],
    tmp_path: Path,
):
    whole = Mtools(fresh_image("bookworm"), BEGIN)
    desk(cards, bundles, whole).write(tmp_path, BOARD, NOW)
    wanted = plain(hash_tree(whole))
    for last in count(0):
        image = fresh_image("bookworm")
        if not stopped(desk(cards, bundles, Mtools(image, BEGIN, Unplugged(last)))):
            break
        card = Mtools(image, BEGIN)
        if starts(card):
            assert faults(card, tmp_path / "as-mounted") == []
        desk(cards, bundles, card).write(tmp_path, BOARD, NOW)
        assert plain(hash_tree(card)) == wanted
    assert last > 30

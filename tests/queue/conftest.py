"""What the queue's tests stand on: a hub with a real journal, a bare journal, a board at its line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from broker.journal import Journal
from tests.queue.lines import BoardOnTheLine
from tests.queue.ports import Hub, hub_in


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with hub_in(tmp_path) as hub:
        yield hub


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the journal is."""
    return tmp_path / "var" / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    with closing(Journal(path)) as journal:
        yield journal


@pytest.fixture
def board(tmp_path: Path) -> Iterator[BoardOnTheLine]:
    """Not connected yet."""
    board = BoardOnTheLine(tmp_path)
    with closing(board.outbox):
        yield board


@pytest.fixture
def together(board: BoardOnTheLine) -> BoardOnTheLine:
    """Connected, and the hub is there."""
    board.connect()
    board.session.published.clear()
    return board

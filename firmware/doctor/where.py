"""Where this machine's things lie, and what it is to be; every path in one place."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from pathlib import Path

from broker.mosquitto import COORDINATOR

__all__ = ["HOME", "RUN", "Where", "add_options", "where_from"]

HOME, RUN = Path("/data/jiaohao"), Path("/run/jiaohao")
HUB = "hub"


@dataclass(frozen=True, slots=True)
class Where:
    """`board` is the board's id in hall.toml, or `hub`; `identity` may not be there: then the line is not encrypted."""

    home: Path
    run: Path
    settings: Path
    data: Path
    identity: Path
    board: str

    @property
    def is_hub(self) -> bool:
        return self.board == HUB

    @property
    def name(self) -> str:
        """Whose identity it has."""
        return COORDINATOR if self.is_hub else self.board

    @property
    def lock(self) -> Path:
        """Who holds it runs the board, or the coordinator."""
        return self.data / f"{self.name}.lock"


def add_options(parser: ArgumentParser) -> None:
    parser.add_argument("--home", type=Path, default=HOME, help="folder of everything that is kept")
    parser.add_argument("--run", type=Path, default=RUN, help="folder that is gone with each start")
    parser.add_argument("--settings", type=Path, help="hall.toml (in the home's settings)")
    parser.add_argument("--board", help="the board's id, or hub (as its identity says)")
    parser.add_argument("--data", type=Path, help="folder of the durable log (the home's var)")
    parser.add_argument("--identity", type=Path, help="folder of its identity (in the home)")


def where_from(options: Namespace) -> Where:
    """What the options say, and else what a board from a card has."""
    home: Path = options.home
    data = options.data or home / "var"
    role = _word(home / "role")
    board = options.board or (HUB if role == HUB else "")
    identity = options.identity or _identity(home, data, board)
    name = board or _word(identity / "name")
    return Where(
        home=home,
        run=options.run,
        settings=options.settings or home / "settings" / "hall.toml",
        data=data,
        identity=identity,
        board=HUB if name == COORDINATOR else name,
    )


def _identity(home: Path, data: Path, board: str) -> Path:
    own = data / "ca" / "identities" / COORDINATOR
    return own if board == HUB and own.exists() else home / "identity"


def _word(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return ""

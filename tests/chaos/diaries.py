"""Reads the boards' diaries as they grow: what each part shows now, and all that the world saw, in order."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

__all__ = ["Diaries", "Entry"]

LOOK_S = 0.01

Entry = dict[str, Any]


class Diaries:
    """One file a board; an entry has `at` (ms), `board`, `what`. `now` is what stands on each (device, part).

    A twin, on some other counter under a board's name, is seen in `entries` alone.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now: dict[tuple[str, str], Any] = {}
        self.entries: list[Entry] = []
        self._read: dict[Path, int] = {}
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="diaries", daemon=True)
        self._thread.start()

    def of(self, *what: str, since: int = 0, board: str = "") -> Iterator[Entry]:
        for entry in list(self.entries):
            if entry["what"] in what and entry["at"] >= since and board in ("", entry["board"]):
                yield entry

    def any(self, *what: str, since: int = 0, board: str = "") -> bool:
        return next(self.of(*what, since=since, board=board), None) is not None

    def blank(self, board: str) -> None:
        """A board that lost its power shows nothing."""
        for device, part in list(self.now):
            if self.now[device, part]["board"] == board:
                del self.now[device, part]

    def shows(self, device: str, part: str) -> Any:
        return self.now.get((device, part), {}).get("now")

    def close(self) -> None:
        self._ends.set()
        self._thread.join(5)

    def _follow(self) -> None:
        while not self._ends.wait(LOOK_S):
            for path in self.folder.glob("*.diary"):
                self._take(path)

    def _take(self, path: Path) -> None:
        read = self._read.get(path, 0)
        if path.stat().st_size == read:
            return
        with path.open("rb") as file:
            file.seek(read)
            new = file.read()
        whole = new[: new.rfind(b"\n") + 1]
        self._read[path] = read + len(whole)
        for line in whole.splitlines():
            entry = {"board": path.stem, **msgspec.json.decode(line)}
            self.entries.append(entry)
            if entry["what"] == "shown" and entry["board"] != "twin":
                self.now[entry["device"], entry["part"]] = entry

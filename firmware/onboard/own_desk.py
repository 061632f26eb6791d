"""The hub's own wishes: read from its desk's folder, not asked over a line, since the desk may be what a release broke."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from firmware.onboard.durable import write_durably
from firmware.onboard.places import Places
from firmware.onboard.updating import Report, WantedRelease

__all__ = ["OwnDesk"]

HUB = "hub"
FIELDS = ("name", "file", "sha256", "size", "counter", "version")


class OwnDesk:
    """See `updating.Desk`. The folder belongs to the user jiaohao: root looks into it, and writes in it, as that user."""

    def __init__(self, places: Places) -> None:
        self._folder = places.var / "desk"

    def wanted(self) -> WantedRelease | None:
        try:
            with _as_owner_of(self._folder):
                boards = json.loads((self._folder / "wanted.json").read_bytes())["boards"]
            found = boards.get(HUB)
            return _wanted(found) if found else None
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            raise OSError(f"{self._folder}/wanted.json is damaged: {fault!r}") from fault

    def fetch(self, wanted: WantedRelease, to: Path) -> None:
        file = self._folder / "releases" / Path(wanted.file).name
        with _as_owner_of(self._folder):
            opened = file.open("rb")
        with opened, to.open("wb") as copy:
            shutil.copyfileobj(opened, copy, 1 << 20)

    def report(self, report: Report) -> None:
        with _as_owner_of(self._folder):
            reports = self._folder / "reports"
            reports.mkdir(mode=0o700, exist_ok=True)
            told = {**asdict(report), "at": int(time.time() * 1000)}
            write_durably(reports / f"{HUB}.json", json.dumps(told).encode(), 0o600)


def _wanted(found: dict[str, Any]) -> WantedRelease:
    again = found.get("again", 0)
    return WantedRelease(**{name: found[name] for name in FIELDS}, again=again)


@contextmanager
def _as_owner_of(folder: Path) -> Iterator[None]:
    """Whoever owns the folder could have put a link in it that leads anywhere: it leads them no further than they may go."""
    mine, theirs = os.geteuid(), folder.stat()
    if mine != 0:
        yield
        return
    group = os.getegid()
    os.setegid(theirs.st_gid)
    os.seteuid(theirs.st_uid)
    try:
        yield
    finally:
        os.seteuid(mine)
        os.setegid(group)

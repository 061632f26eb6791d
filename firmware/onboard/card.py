"""What the technician's laptop wrote on the card for this board; read strictly, and erased where it is a secret. It installs nothing."""

from __future__ import annotations

import calendar
import json
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from firmware.onboard.durable import sync
from firmware.onboard.hub_place import HubPlace
from firmware.onboard.places import Places

__all__ = ["HUB", "Card", "CardFault", "erase", "read_card", "torn"]

FORMAT = 1
HUB = "hub"
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
PIECE = 1 << 20


class CardFault(Exception):
    """The card cannot be used as it is; the sentence is for the technician."""


@dataclass(frozen=True, slots=True)
class Card:
    """`made` in seconds since 1970; `secrets` are paths on the boot partition that are erased once the board is enrolled."""

    hall: str
    board: str
    hub: HubPlace
    made: float
    secrets: tuple[str, ...]
    read_only_root: bool

    @property
    def is_hub(self) -> bool:
        return self.board == HUB

    @property
    def role(self) -> str:
        return "hub" if self.is_hub else "board"


def read_card(places: Places) -> Card:
    """Raises CardFault."""
    try:
        found = json.loads((places.card / "card.json").read_bytes())
        return _card(found)
    except FileNotFoundError as fault:
        raise CardFault(
            f"{fault.filename} is not there: the card was not written to its end"
        ) from fault
    except (ValueError, TypeError, KeyError) as fault:
        raise CardFault(f"card.json cannot be read ({fault}): write the card anew") from fault


def _card(found: Any) -> Card:
    if found["format"] != FORMAT:
        raise ValueError(f"it is of format {found['format']!r}, not {FORMAT}")
    for name in (found["hall"], found["board"]):
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a hall or board")
    secrets = tuple(found.get("erase", ()))
    for path in secrets:
        if not isinstance(path, str) or path.startswith("/") or ".." in path.split("/"):
            raise ValueError(f"{path!r} is no file of the card")
    return Card(
        hall=found["hall"],
        board=found["board"],
        hub=HubPlace.of(found["hub"]),
        made=calendar.timegm(time.strptime(found["made"], "%Y-%m-%dT%H:%M:%SZ")),
        secrets=secrets,
        read_only_root=found.get("read_only_root") is True,
    )


def torn(places: Places, forgiven: frozenset[str]) -> Iterator[str]:
    """All that is not as it was written, by the card's manifest; `forgiven` names may be gone by now."""
    try:
        manifest = json.loads((places.card / "manifest.json").read_bytes())
        named = {str(name): str(digest) for name, digest in manifest["files"].items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        yield "manifest.json cannot be read: the card was not written to its end"
        return
    for name, wanted in named.items():
        if name in forgiven:
            continue
        try:
            digest = _digest(places.card / name)
        except OSError as fault:
            yield f"{name} cannot be read ({fault.strerror})"
        else:
            if digest != wanted:
                yield f"{name} is not what was written"


def erase(places: Places, path: str) -> None:
    """Overwrite a file of the boot partition and take it away; what is gone already stays so. Raises OSError."""
    file = places.boot / path
    try:
        size = file.stat().st_size
    except FileNotFoundError:
        return
    # In place: FAT keeps the clusters, and what the card's own controller keeps besides no program can reach.
    opened = os.open(file, os.O_WRONLY)
    try:
        left = size
        while left > 0:
            left -= os.write(opened, bytes(min(PIECE, left)))
        os.fsync(opened)
    finally:
        os.close(opened)
    file.unlink()
    sync(file.parent)


def _digest(path: Path) -> str:
    found = sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            found.update(piece)
    return found.hexdigest()

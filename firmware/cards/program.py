"""Builds onboard.pyz, the one file that a board starts outside its releases; the same sources make the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

__all__ = ["onboard_program"]

MAIN = """import sys
from firmware.onboard.__main__ import main
raise SystemExit(main(sys.argv[1:]))
"""
EPOCH = (1980, 1, 1, 0, 0, 0)


def onboard_program() -> bytes:
    """The content of onboard.pyz: `firmware.onboard` with its files, for any Python that imports zip files."""
    content = {"__main__.py": MAIN.encode(), "firmware/__init__.py": b""}
    content.update(_below(files("firmware.onboard"), "firmware/onboard/"))
    out = io.BytesIO()
    # Stored, not compressed: zlib's versions differ, and so would the hash on the card.
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        for path in sorted(content):
            file.writestr(zipfile.ZipInfo(path, EPOCH), content[path])
    return out.getvalue()


def _below(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for found in folder.iterdir():
        if found.is_dir():
            if found.name != "__pycache__":
                yield from _below(found, f"{path}{found.name}/")
        elif not found.name.endswith(".pyc"):
            yield f"{path}{found.name}", found.read_bytes()

"""The technician's laptop: where a release key and a bundle are made, and cards flashed and written."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from tests.guest.found import say
from tests.guest.hall import Hall
from tests.guest.releases import TARGET, Bundle, first, packed_anew
from tests.guest.system import flash

__all__ = ["Laptop"]


@dataclass(frozen=True, slots=True)
class Laptop:
    """`made` is a bundle that was made before, in a folder with `keys`; without it one is made."""

    hall: Hall
    folder: Path
    made: Path | None = None

    @property
    def _keys(self) -> Path:
        return self.folder / "keys"

    @property
    def _bundles(self) -> Path:
        return self.folder / "bundles"

    @property
    def public_key(self) -> Path:
        return self._keys / "release.pub"

    def bundle(self, role: str) -> Bundle:
        """Signed by this laptop's key, for a board or a hub whose root is never written."""
        if self.made:
            shutil.copytree(self.made.parent / "keys", self._keys)
            return first(self.made)
        began = time.monotonic()
        self.hall.jiaohao("bundle", "key", "--out", str(self._keys))
        key = ("--key", str(self._keys / "release.key"))
        words = ("--target", TARGET, "--role", role, *key, "--out", str(self._bundles))
        self.hall.jiaohao("bundle", *words, "--counter", "1", "--read-only-root")
        (made,) = self._bundles.glob("*.bundle")
        say(f"a bundle of {made.stat().st_size >> 20} MB in {time.monotonic() - began:.0f} s")
        return first(made)

    def later(self, earlier: Bundle) -> tuple[Bundle, Bundle]:
        """One that runs, and one that is broken."""
        key = self._keys / "release.key"
        return (
            packed_anew(earlier.path, key, 2, self._bundles),
            packed_anew(earlier.path, key, 3, self._bundles, broken=True),
        )

    def card(self, board: str, release: Bundle) -> Path:
        """An image, flashed and written, in a folder of its own."""
        began, folder = time.monotonic(), self.folder / board
        folder.mkdir()
        card = flash(folder)
        say(f"a fresh card in {time.monotonic() - began:.0f} s")
        said = self.hall.jiaohao(
            *("provision", board, *self.hall.common, "--card", str(card)),
            *("--release-key", str(self.public_key), "--bundle", str(release.path)),
            *("--machine", TARGET.partition("-")[0]),
        )
        say(f"provision: {said.strip().splitlines()[-1] if said.strip() else 'done'}")
        return card

"""A bundle for cards: checked on the laptop as its board will check it, and the one that fits a card chosen from those at hand."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from broker.mosquitto import HUB
from firmware.cards.partition import CardFault
from firmware.cards.release_key import is_signed
from firmware.onboard.manifest import Manifest, ReleaseFault, Target
from firmware.onboard.read_only_root import DEBS, NEEDED
from firmware.onboard.unpacking import Bundle

__all__ = ["MACHINE", "Carried", "choose", "open_bundle"]

MACHINE = "aarch64"


@dataclass(frozen=True, slots=True)
class Carried:
    """A bundle that is whole and signed; `onboard` is the program out of it that a board starts first."""

    path: Path
    manifest: Manifest
    onboard: bytes

    @property
    def for_hub(self) -> bool:
        """Whether it brings what a hub needs beyond a fresh system."""
        return self.manifest.role == HUB

    @property
    def for_read_only_root(self) -> bool:
        """Whether it brings what makes a root read-only."""
        brought = {member.path.partition("_")[0] for member in self.manifest.files}
        return brought >= {f"{DEBS}/{package}" for package in NEEDED}


def open_bundle(path: Path, keys: Sequence[Path]) -> Carried:
    """Look at every byte of a bundle. Raises CardFault, also if none of the public keys signed it; OSError."""
    try:
        with Bundle(path) as bundle, tempfile.TemporaryDirectory(prefix="jiaohao-") as folder:
            raw, signature = bundle.manifest_bytes, bundle.signature
            if not any(is_signed(raw, signature, key.read_bytes()) for key in keys):
                raise CardFault(
                    f"{path} was signed by another key than {keys[0]}, or altered since: no board would take it"
                )
            manifest = bundle.manifest
            bundle.unpack(manifest, Path(folder))
            return Carried(path, manifest, Path(folder, "onboard.pyz").read_bytes())
    except ReleaseFault as fault:
        raise CardFault(f"{path}: {fault}") from fault


def choose(
    bundles: Sequence[Carried],
    python: str,
    title: str,
    *,
    hub: bool,
    read_only_root: bool = False,
    machine: str = MACHINE,
) -> Carried:
    """The newest bundle for a card with this Python. Raises CardFault with what is at hand and what to do."""
    wanted, target = Target(machine, python), f"{machine}-cp{python.replace('.', '')}"
    fitting = [one for one in bundles if one.manifest.target == wanted]
    if not fitting:
        given = "; ".join(sorted({str(one.manifest.target) for one in bundles})) or "none"
        raise CardFault(
            f"the card is {title}, which needs a bundle for {wanted}, and given is: {given}."
            f" Make one (jiaohao bundle --target {target}), or flash Bookworm"
        )
    if hub and not (fitting := [one for one in fitting if one.for_hub]):
        raise CardFault(
            "a hub needs Mosquitto and chrony, which this bundle does not bring:"
            f" make one for it (jiaohao bundle --target {target} --role hub)"
        )
    if read_only_root and not (fitting := [one for one in fitting if one.for_read_only_root]):
        raise CardFault(
            f"cards.toml says read_only_root = true, which needs the packages {' and '.join(NEEDED)}, which this bundle does not"
            f" bring: make one with them (jiaohao bundle --target {target}{' --role hub' if hub else ''} --read-only-root)"
        )
    # A board takes the smaller one where it can.
    lean = [one for one in fitting if not one.for_hub]
    return max(fitting if hub else lean or fitting, key=lambda one: one.manifest.counter)

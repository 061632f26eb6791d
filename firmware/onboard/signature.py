"""Who signed a bundle: Ed25519 over its manifest, checked by the system's own openssl, since no library is at hand here."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from firmware.onboard.manifest import ReleaseFault

__all__ = ["SIGNATURE_BYTES", "check_signature"]

SIGNATURE_BYTES = 64


def check_signature(manifest: bytes, signature: bytes, keys: Sequence[Path]) -> None:
    """Raises ReleaseFault unless one of the keys that are there signed exactly these bytes."""
    there = [key for key in keys if key.is_file()]
    if not there:
        raise ReleaseFault(f"there is no key to check releases with: {keys[0]} is missing")
    if len(signature) != SIGNATURE_BYTES or not any(
        _signed(manifest, signature, key) for key in there
    ):
        raise ReleaseFault(
            "the bundle was signed by another key than this hall's, or altered since: nothing of it was used"
        )


def _signed(manifest: bytes, signature: bytes, key: Path) -> bool:
    with tempfile.TemporaryDirectory(prefix="jiaohao-") as folder:
        signed, by = Path(folder, "manifest"), Path(folder, "signature")
        signed.write_bytes(manifest)
        by.write_bytes(signature)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", str(key), "-rawin"]
        try:
            said = subprocess.run(
                [*command, "-in", str(signed), "-sigfile", str(by)],
                check=False,
                capture_output=True,
                timeout=60,
            )
        except FileNotFoundError as fault:
            raise ReleaseFault(
                "openssl is missing on this board: no release can be checked"
            ) from fault
    return said.returncode == 0

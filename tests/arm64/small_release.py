"""The updater on a board's own processor, under QEMU: its refusals; run by `make arm64`, as making that Debian takes minutes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from firmware.cards.release_key import public_pem
from firmware.cards.targets import TARGETS
from firmware.onboard.whole import altered
from tests.arm64.__main__ import install
from tests.arm64.root import Root
from tests.setup.bundles import KEY, made


@pytest.fixture
def root() -> Root:
    return Root.made()


@pytest.mark.needs("arm64")
def test_a_release_for_a_board_is_installed_there_and_one_for_another_is_refused(
    root: Root, tmp_path: Path
):
    key = tmp_path / "release.key"
    key.with_name("release.pub").write_bytes(public_pem(KEY))
    bundle = made(tmp_path, 2, target=TARGETS["aarch64-cp311"])
    release = install(root, bundle.path, key)
    assert release.name == bundle.name
    assert list(altered(release)) == []
    assert list(release.glob("site-packages/broker/__pycache__/cli.cpython-311.pyc"))
    other = made(tmp_path, 3, target=TARGETS["x86_64-cp311"])
    with pytest.raises(subprocess.CalledProcessError) as refused:
        install(root, other.path, key)
    assert "is for x86_64 with Python 3.11, and this board is aarch64" in refused.value.stderr

"""Puts a bundle's release beside the others: checked before it is unpacked, on the disk before it bears its name."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from firmware.onboard.durable import sweep, sync, sync_tree
from firmware.onboard.manifest import Manifest, ReleaseFault, Target
from firmware.onboard.places import Places
from firmware.onboard.signature import check_signature
from firmware.onboard.state import known_state
from firmware.onboard.unpacking import Bundle
from firmware.onboard.whole import COMPLETE, MANIFEST, PACKAGES, SIGNATURE, is_whole

__all__ = ["check_room", "install", "self_test"]

# A file fills whole blocks; compiled, Python takes about as much again as its text; and a hall goes on writing.
BLOCK = 4096
SPARE_BYTES = 64 << 20
# Many times what the slowest board takes with the slowest card.
SELF_TEST_S = 1800


def install(
    bundle: Path,
    places: Places,
    *,
    target: Target | None = None,
    try_it: Callable[[Path], None] | None = None,
) -> str:
    """Put the release of a bundle beside the others and answer its name; one that is there already stays.

    Nothing runs it yet: see `releases.flip`. Raises ReleaseFault, and nothing of it is left that could be taken for whole.
    """
    with _refusing_a_full_disk(), Bundle(bundle) as opened:
        check_signature(opened.manifest_bytes, opened.signature, places.release_keys)
        manifest = opened.manifest
        _check_fits(manifest, places, target or Target.here())
        if is_whole(places, manifest.name):
            return manifest.name
        _check_room_for(manifest, places)
        part = places.releases / f"{manifest.name}.part"
        try:
            _fill(part, opened, manifest)
            (try_it or self_test)(part)
            _finish(part, places.releases / manifest.name, manifest)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
    return manifest.name


def _check_fits(manifest: Manifest, places: Places, target: Target) -> None:
    state = known_state(places)
    if manifest.target != target:
        raise ReleaseFault(
            f"the bundle is for {manifest.target}, and this board is {target}: make one for it (`jiaohao bundle --target`)"
        )
    ours = {*state.kept, *state.refused}
    if manifest.counter < state.counter or (
        manifest.counter == state.counter and manifest.name not in ours
    ):
        raise ReleaseFault(
            f"the bundle is older (counter {manifest.counter}) than what this board has had (counter {state.counter}):"
            " make a new one; to go back to what ran before, use `jiaohao rollback`"
        )
    if state.wanted and state.counter < manifest.min_from:
        raise ReleaseFault(
            f"the bundle follows on counter {manifest.min_from} or later, and this board has had {state.counter}: update it in steps"
        )


def check_room(places: Places, wanted: int) -> None:
    """Raises ReleaseFault unless the disk takes so many bytes and the hall can go on writing."""
    free = shutil.disk_usage(places.home).free
    if free < wanted + SPARE_BYTES:
        raise ReleaseFault(
            f"the disk is too full: {(wanted + SPARE_BYTES) >> 20} MB are needed in {places.home}, and {free >> 20} are free"
        )


def _check_room_for(manifest: Manifest, places: Places) -> None:
    wanted = 0
    for member in manifest.files:
        blocks = -(-member.size // BLOCK) * BLOCK
        wanted += 2 * blocks + BLOCK if member.path.endswith(".py") else blocks
    check_room(places, wanted)


def _fill(part: Path, bundle: Bundle, manifest: Manifest) -> None:
    part.parent.mkdir(parents=True, exist_ok=True)
    if part.exists():
        shutil.rmtree(part)
    part.mkdir()
    bundle.unpack(manifest, part)
    (part / MANIFEST).write_bytes(bundle.manifest_bytes)
    (part / SIGNATURE).write_bytes(bundle.signature)
    (part / PACKAGES).mkdir(exist_ok=True)


def self_test(release: Path) -> None:
    """Let the release say itself that all of it can be imported. Raises ReleaseFault with what it said.

    What it reads is compiled by that, for good. What nobody on a board reads, a third of the files, stays as it is.
    """
    try:
        run = subprocess.run(
            [sys.executable, "-P", "-m", "firmware.self_test"],
            check=False,
            capture_output=True,
            text=True,
            cwd=release,
            env={**_writing_bytecode(), "PYTHONPATH": str(release / PACKAGES)},
            timeout=SELF_TEST_S,
        )
    except subprocess.TimeoutExpired as fault:
        raise ReleaseFault(
            f"the release does not run on this board: it was not read whole in {SELF_TEST_S} s"
        ) from fault
    if run.returncode:
        last = (run.stderr.strip() or run.stdout.strip()).splitlines()[-1:]
        raise ReleaseFault(f"the release does not run on this board: {''.join(last)}")


def _writing_bytecode() -> dict[str, str]:
    return {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _finish(part: Path, release: Path, manifest: Manifest) -> None:
    sync_tree(part)
    complete = part / COMPLETE
    complete.write_text(json.dumps({"manifest": manifest.digest}))
    sync(complete)
    sync(part)
    if release.exists():
        # Of this name, but not whole: only a damaged disk leaves such.
        damaged = release.with_name(f"damaged-{release.name}")
        release.rename(damaged)
        sweep(damaged)
    part.rename(release)
    sync(release.parent)


@contextmanager
def _refusing_a_full_disk() -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        if fault.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise ReleaseFault(
                "the disk is full: nothing was installed; make room on the board's card"
            ) from fault
        raise

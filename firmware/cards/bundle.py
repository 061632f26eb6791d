"""`jiaohao bundle`: the offline bundle of a release for one kind of board, signed; resolved and checked without one."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from firmware.cards import debs
from firmware.cards.contents import licences
from firmware.cards.packing import Release, pack
from firmware.cards.program import onboard_program
from firmware.cards.release_key import is_signed, make_key, open_key
from firmware.cards.resolving import ResolveFault, build_wheel, resolve
from firmware.cards.targets import TARGETS, TargetFault, TargetKind, target
from firmware.onboard.manifest import Manifest, ReleaseFault
from firmware.onboard.read_only_root import DEBS
from firmware.onboard.unpacking import Bundle
from firmware.onboard.whole import PACKAGES

__all__ = ["Wish", "main", "make_bundle"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a bundle is to be. Without a `wheel` this checkout's is built; without the folder `debs` apt fetches packages."""

    target: TargetKind
    role: str
    counter: int
    min_from: int = 0
    wheel: Path | None = None
    debs: Path | None = None
    read_only_root: bool = False


def make_bundle(
    wish: Wish, key: Path, out: Path, say: Callable[[str], None] = lambda _: None
) -> tuple[Path, Manifest]:
    """Raises OSError, ReleaseFault, ResolveFault, DebsFault; then there is no such file."""
    signing = open_key(key)
    with TemporaryDirectory(prefix="jiaohao-") as folder:
        stage, built = Path(folder, "stage"), Path(folder, "wheel")
        stage.mkdir()
        built.mkdir()
        say("building this project's wheel" if wish.wheel is None else f"taking {wish.wheel}")
        wheel = wish.wheel or build_wheel(built)
        say(
            f"resolving what it needs on {wish.target.name}; the first time all of it is downloaded"
        )
        resolve(wheel, wish.target, stage / PACKAGES, say)
        (stage / "onboard.pyz").write_bytes(onboard_program())
        whose = licences(stage / PACKAGES)
        if wish.role == "hub":
            found = _debs(wish, debs.FOR_HUB, stage / "debs", say)
            whose += tuple(debs.licences(found))
        if wish.read_only_root:
            found = _debs(wish, debs.FOR_ROOT, stage / DEBS, say)
            whose += tuple(debs.licences(found))
        release = Release(
            version=wheel.name.split("-")[1],
            counter=wish.counter,
            target=wish.target,
            role=wish.role,
            built=int(time.time()),
            min_from=wish.min_from,
            licences=whose,
        )
        say("packing and signing")
        return pack(stage, release, signing, out)


def _debs(
    wish: Wish, wanted: Sequence[str], into: Path, say: Callable[[str], None]
) -> Sequence[Path]:
    if wish.debs is None:
        say(f"fetching {', '.join(wanted)} for {wish.target.debian} with apt")
        return debs.fetch_debs(wish.target, into, wanted)
    given = wish.debs / into.name if wanted == debs.FOR_ROOT else wish.debs
    found = sorted(given.glob("*.deb"))
    for name in wanted:
        if not any(deb.name.startswith(f"{name}_") for deb in found):
            raise debs.DebsFault(f"there is no package {name} ({name}_*.deb) in {given}")
    into.mkdir(parents=True, exist_ok=True)
    for deb in found:
        shutil.copy(deb, into)
    return sorted(into.glob("*.deb"))


def main(argv: list[str]) -> int:
    try:
        match argv:
            case ["key", *rest]:
                return _make_key(rest)
            case ["show", *rest]:
                return _show(rest)
            case _:
                return _bundle(argv)
    except (OSError, ReleaseFault, ResolveFault, debs.DebsFault, TargetFault, ValueError) as fault:
        sys.stderr.write(f"jiaohao bundle: {fault}\n")
        return 1


def _bundle(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="jiaohao bundle",
        description="Make the offline bundle of a release. `jiaohao bundle key` makes the key that signs it,"
        " `jiaohao bundle show FILE` lists what is in one.",
    )
    parser.add_argument("--target", required=True, help=f"for which boards: {', '.join(TARGETS)}")
    parser.add_argument(
        "--key", type=Path, required=True, help="release.key of `jiaohao bundle key`"
    )
    parser.add_argument("--out", type=Path, default=Path("dist"), help="folder it is written to")
    parser.add_argument("--role", choices=("board", "hub"), default="board")
    parser.add_argument(
        "--counter", type=int, help="greater than any before; the time in seconds if not given"
    )
    parser.add_argument(
        "--min-from", type=int, default=0, help="the least counter that it may follow on a board"
    )
    parser.add_argument(
        "--wheel", type=Path, help="this project's wheel, where there is no checkout"
    )
    parser.add_argument(
        "--read-only-root",
        action="store_true",
        help="with overlayroot and busybox, for cards with read_only_root = true in cards.toml",
    )
    parser.add_argument(
        "--debs",
        type=Path,
        help="folder of a hub's Debian packages, instead of apt; in it a folder read-only-root, for overlayroot and busybox",
    )
    options = parser.parse_args(argv)
    wish = Wish(
        target=target(options.target),
        role=options.role,
        counter=options.counter if options.counter is not None else int(time.time()),
        min_from=options.min_from,
        wheel=options.wheel,
        debs=options.debs,
        read_only_root=options.read_only_root,
    )
    if wish.counter < 1:
        raise ValueError("--counter is 1 or more")
    bundle, manifest = make_bundle(
        wish, options.key, options.out, lambda word: print(word, flush=True)
    )
    print(
        f"{bundle}: {bundle.stat().st_size >> 20} MB, {len(manifest.files)} files of {manifest.size >> 20} MB;"
        f" release {manifest.name}, counter {manifest.counter}"
    )
    return 0


def _make_key(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="jiaohao bundle key", description="Make the key that signs releases."
    )
    parser.add_argument("--out", type=Path, default=Path("keys"), help="folder it is written to")
    secret, public = make_key(parser.parse_args(argv).out)
    print(
        f"{secret}: keep it on this laptop, and a copy locked away; who has it can change every board"
    )
    print(f"{public}: goes with every card")
    return 0


def _show(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="jiaohao bundle show", description="List what is in a bundle, and whose it is."
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--pub", type=Path, help="release.pub, to check who signed it")
    parser.add_argument("--files", action="store_true", help="every file, too")
    options = parser.parse_args(argv)
    with Bundle(options.file) as bundle:
        manifest, says = bundle.manifest, json.loads(bundle.manifest_bytes)
        if options.pub and not is_signed(
            bundle.manifest_bytes, bundle.signature, options.pub.read_bytes()
        ):
            raise ReleaseFault(f"{options.file} was signed by another key than {options.pub}")
    print(
        f"release {manifest.name}, counter {manifest.counter}, for a {manifest.role}: {manifest.target}"
    )
    for one in says["licences"]:
        print(f"  {one['name']} {one['version']}: {one['licence']}")
    for member in manifest.files if options.files else ():
        print(f"  {member.sha256}  {member.size:>9}  {member.path}")
    return 0

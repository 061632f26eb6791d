"""Fills a folder with this project and all that it needs, for another machine than this: by pip, from wheels alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import broker
from firmware.cards.contents import foreign, unmet
from firmware.cards.targets import TargetKind

__all__ = ["ResolveFault", "build_wheel", "resolve"]

# What only a board needs can need something in its turn.
ROUNDS = 4
SOURCES = ("broker", "firmware", "hal_mocks", "pyproject.toml", "README.md", "LICENSE", "NOTICE")


class ResolveFault(Exception):
    """There is no such bundle: pip's own words, or what it left out."""


def build_wheel(into: Path) -> Path:
    """The wheel of this project, from the checkout that this code runs from. Raises ResolveFault."""
    root = Path(broker.__file__).parent.parent
    if not (root / "pyproject.toml").is_file():
        raise ResolveFault(
            f"{root} is no checkout of this project, so there is nothing to build: give its wheel with --wheel"
        )
    with TemporaryDirectory(prefix="jiaohao-") as folder:
        # Not in the checkout: what an earlier build left there would come along.
        copy = Path(folder, "sources")
        copy.mkdir()
        for name in SOURCES:
            source = root / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, copy)
        _pip(["wheel", "--no-deps", "--wheel-dir", str(into), str(copy)])
    (wheel,) = into.glob("jiaohao-*.whl")
    return wheel


def resolve(
    wheel: Path, target: TargetKind, site: Path, say: Callable[[str], None] = lambda _: None
) -> None:
    """Fill the folder `site`, which is not there yet. Raises ResolveFault."""
    name, version = wheel.name.split("-")[:2]
    extras = f"[{','.join(target.extras)}]" if target.extras else ""
    asked: list[str] = []
    missing: list[str] = []
    for _ in range(ROUNDS):
        shutil.rmtree(site, ignore_errors=True)
        _pip(
            [
                *("install", "--target", str(site), "--only-binary", ":all:", "--no-compile"),
                *("--implementation", "cp", "--python-version", target.python),
                *(word for platform in target.platforms for word in ("--platform", platform)),
                f"{wheel.resolve()}{extras}",
                *asked,
            ]
        )
        missing = unmet(site, [f"{name}{extras}=={version}"], target)
        if not missing:
            break
        say(f"a {target.name} board needs beside it: {', '.join(missing)}")
        asked += missing
    else:
        raise ResolveFault(f"pip does not bring what {target.name} needs: {', '.join(missing)}")
    # Commands for a person, with this machine's Python in their first line.
    shutil.rmtree(site / "bin", ignore_errors=True)
    wrong = foreign(site, target)
    if wrong:
        raise ResolveFault(
            f"pip brought what does not run on {target.name}: {', '.join(wrong[:5])}"
        )


def _pip(words: list[str]) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", *words],
        check=False,
        capture_output=True,
        text=True,
    )
    if run.returncode:
        last = [line for line in run.stderr.splitlines() if line.startswith("ERROR")] or [
            "no words"
        ]
        raise ResolveFault(f"pip {words[0]} failed: {' '.join(last)[-600:]}")

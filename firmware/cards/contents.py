"""What lies in a bundle's site-packages: whether it is all that it needs, and for this target alone; whose it is. Runs none of it."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from email.message import Message
from email.parser import Parser
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from firmware.cards.packing import Licence
from firmware.cards.targets import TargetKind

__all__ = ["foreign", "licences", "unmet"]

ELF = struct.Struct("<4sBB10xHH")
CLASSIFIER = "License :: OSI Approved :: "


def _packages(site: Path) -> dict[str, Message]:
    """By normalized name: what each package tells of itself."""
    told: dict[str, Message] = {}
    for path in sorted(site.glob("*.dist-info/METADATA")):
        message = Parser().parsestr(path.read_text(encoding="utf-8"))
        told[canonicalize_name(message["Name"])] = message
    return told


def unmet(site: Path, wanted: list[str], target: TargetKind) -> list[str]:
    """Requirements, from `wanted` on, that the folder does not fulfil on the target, as pip takes them.

    pip itself judges a package's conditions by the machine that it runs on, so it leaves out what only a board needs.
    """
    there, missing = _packages(site), set[str]()
    waiting = [Requirement(text) for text in wanted]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        requirement = waiting.pop()
        name, extras = canonicalize_name(requirement.name), frozenset(requirement.extras)
        package = there.get(name)
        if package is None or not requirement.specifier.contains(
            package["Version"], prereleases=True
        ):
            extra = f"[{','.join(sorted(extras))}]" if extras else ""
            missing.add(f"{requirement.name}{extra}{requirement.specifier}")
        elif (name, extras) not in seen:
            seen.add((name, extras))
            waiting.extend(_needs(package, extras, target))
    return sorted(missing)


def _needs(package: Message, extras: frozenset[str], target: TargetKind) -> Iterator[Requirement]:
    for text in package.get_all("Requires-Dist", []):
        requirement = Requirement(text)
        marker = requirement.marker
        if marker is None or any(
            marker.evaluate({**target.markers, "extra": extra}) for extra in ("", *extras)
        ):
            yield requirement


def foreign(site: Path, target: TargetKind) -> list[str]:
    """Libraries in it that another machine, or another Python, would load."""
    return [
        path.relative_to(site).as_posix()
        for path in sorted(site.rglob("*.so*"))
        if path.is_file() and not _is_for(path, target)
    ]


def _is_for(path: Path, target: TargetKind) -> bool:
    with path.open("rb") as file:
        head = file.read(ELF.size)
    if len(head) < ELF.size:
        return False
    magic, bits, order, _, machine = ELF.unpack(head)
    # As in mypyc.cpython-311-aarch64-linux-gnu.so; without a Python in the name it is for all.
    python = next((tag for tag in path.name.split(".") if tag.startswith("cpython-")), "")
    for_python = not python or python.startswith(f"cpython-{target.tag.removeprefix('cp')}")
    return (magic, bits, order, machine) == (b"\x7fELF", 2, 1, target.elf) and for_python


def licences(site: Path) -> tuple[Licence, ...]:
    """Of every package, by name."""
    return tuple(
        Licence(package["Name"], package["Version"], _licence(package))
        for _, package in sorted(_packages(site).items())
    )


def _licence(package: Message) -> str:
    if package["License-Expression"]:
        return str(package["License-Expression"])
    classifiers = package.get_all("Classifier", [])
    told = [text.removeprefix(CLASSIFIER) for text in classifiers if text.startswith(CLASSIFIER)]
    if told:
        return ", ".join(told)
    # Some put the whole text there: its first line says which it is.
    return (package["License"] or "not said").strip().splitlines()[0][:80]

"""`jiaohao check hall.toml`: says in words what is wrong with a hall's settings, hardware included."""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path

from broker.loading import Problem, check, convert, locate
from broker.settings import Hall

__all__ = ["main"]


def main(argv: list[str]) -> int:
    """Exit status 0 if the file can be used, else 1 with one line per problem."""
    parser = argparse.ArgumentParser(prog="jiaohao check", description="Check a hall's settings.")
    parser.add_argument("hall", type=Path, help="hall.toml")
    options = parser.parse_args(argv)
    try:
        text = options.hall.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        print(f"{options.hall}: cannot be read: {fault}")
        return 1
    hall, lines = check(text, str(options.hall))
    if hall is not None:
        lines = (*lines, *locate(_hardware(hall), text, str(options.hall)))
    if lines:
        print("\n".join(lines))
        return 1
    assert hall is not None  # noqa: S101 - no problem, so there is a hall
    devices = len(hall.device)
    print(
        f"{options.hall}: in order: {len(hall.services)} services, {len(hall.counters)} counters, {len(hall.boards)} boards, {devices} devices"
    )
    return 0


def _hardware(hall: Hall) -> list[Problem]:
    """What is wrong with the devices' own tables."""
    problems: list[Problem] = []
    for b, board in enumerate(hall.boards):
        for d, device in enumerate(board.devices):
            wanted = import_module(f"firmware.{device.kind}.hardware").Hardware
            steps = ("boards", b, "devices", d, "hardware")
            problems += convert(device.hardware, wanted, steps)[1]
    return problems

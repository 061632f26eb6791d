"""`jiaohao hardware test DEVICE`: tries every part of a device, says a plain verdict for each step, and saves a report."""

from __future__ import annotations

import argparse
import platform
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from broker.loading import SettingsFault
from broker.settings import Device
from firmware.bench.part import Bench, Part, held
from firmware.bench.person import Person
from firmware.bench.steps import steps
from firmware.bench.verdicts import PartTried, Verdict, report, told
from firmware.parts import open_parts

__all__ = ["main", "try_device"]

PASSED, FAILED, NOT_TRIED = 0, 1, 2
MODEL = Path("/proc/device-tree/model")


def main(argv: list[str]) -> int:
    """Exit status 0 if every step passed, 1 if one failed or was not reached, 2 if nothing could be tried."""
    options = _options(argv)
    try:
        with held(options.hall, options.device, options.part, options.data) as bench:
            return _run(bench, options)
    except (OSError, SettingsFault) as fault:
        sys.stderr.write(f"{fault}\n")
        return NOT_TRIED


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="jiaohao hardware test",
        description="Try every part of a device as hall.toml names it, on the board that it hangs on.",
    )
    parser.add_argument("device", help="the device's id in hall.toml")
    parser.add_argument("--hall", type=Path, default=Path("hall.toml"), help="hall.toml")
    parser.add_argument("--part", help="only this part: printer, led, keys ...")
    parser.add_argument(
        "--data", type=Path, default=Path("var"), help="folder of the board's durable log"
    )
    parser.add_argument("--report", type=Path, help="file to write (in the data folder, by date)")
    parser.add_argument(
        "--patience", type=float, default=15.0, help="seconds to wait for a key, a code, a card"
    )
    return parser.parse_args(argv)


def _run(bench: Bench, options: argparse.Namespace) -> int:
    started = datetime.now(ZoneInfo(bench.hall.hall.timezone))
    verdicts: dict[str, list[Verdict]] = {}
    finished = False
    try:
        now, patience_s = time.time_ns() // 1_000_000, options.patience
        for part, verdict in try_device(
            bench, open_parts(options.hall.parent), Person(), now=now, patience_s=patience_s
        ):
            verdicts.setdefault(part.name, []).append(verdict)
        finished = True
    except KeyboardInterrupt:
        print("\nbroken off")
    tried = tuple(
        PartTried(part.name, part.as_written, tuple(verdicts[part.name]))
        for part in bench.parts
        if part.name in verdicts
    )
    text = report(_head(bench, options.hall, started), tried, finished=finished)
    file = options.report or options.data / f"test-{bench.device.id}-{started:%Y%m%d-%H%M%S}.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    print(f"\n{text.rstrip().rpartition(chr(10) * 2)[2]}\nreport: {file}")
    passed = all(verdict.passed for part in tried for verdict in part.verdicts)
    return PASSED if finished and passed else FAILED


def try_device(
    bench: Bench,
    opener: Callable[[Device, str, Any], Any],
    person: Person,
    *,
    now: int,
    patience_s: float,
) -> Iterator[tuple[Part, Verdict]]:
    """Try one part after the other; one that is broken keeps no other from its turn."""
    for part in bench.parts:
        person.tell(f"\n{bench.device.id}: {part.name} = {part.as_written}")
        for verdict in _one(bench, part, opener, person, now=now, patience_s=patience_s):
            person.tell(f"  {told(verdict)}")
            yield part, verdict


def _one(
    bench: Bench,
    part: Part,
    opener: Callable[[Device, str, Any], Any],
    person: Person,
    *,
    now: int,
    patience_s: float,
) -> Iterator[Verdict]:
    try:
        opened = opener(bench.device, part.name, part.settings)
    except OSError as fault:
        yield Verdict("it can be opened", passed=False, why=str(fault))
        return
    try:
        yield from steps(part, opened, person, bench.hall, now=now, patience_s=patience_s)
    finally:
        with suppress(OSError):
            opened.close()


def _head(bench: Bench, hall_toml: Path, started: datetime) -> dict[str, str]:
    hall, device = bench.hall, bench.device
    place = f", counter {device.counter}" if device.counter else ""
    machine = (
        MODEL.read_text(encoding="utf-8").rstrip("\0") if MODEL.exists() else "no Raspberry Pi"
    )
    return {
        "date": f"{started:%Y-%m-%d %H:%M:%S %z}",
        "hall": f"{hall.hall.name} ({hall.hall.id}), {hall_toml}",
        "board": bench.board,
        "device": f"{device.id} ({device.kind.value}{place})",
        "machine": f"{machine}, {platform.machine()}, {platform.system()} {platform.release()}",
        "versions": f"jiaohao {metadata.version('jiaohao')}, Python {platform.python_version()}",
        "libraries": ", ".join(_libraries()),
    }


def _libraries() -> Iterator[str]:
    """What the suite builds on, as it is installed here."""
    for requirement in metadata.requires("jiaohao") or ():
        name = re.split(r"[^\w.-]", requirement)[0]
        if "extra ==" not in requirement:
            with suppress(metadata.PackageNotFoundError):
                yield f"{name} {metadata.version(name)}"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""`jiaohao hardware emulate MODEL`: an emulated device, on a port if its model has one, with its faults under one's fingers."""

from __future__ import annotations

import argparse
import os
import select
import signal
import sys
import termios
import tty
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import msgspec

from firmware.hal import HardwareFault
from hal_mocks.wires.line import Line, PtyLine, TcpLine
from hal_mocks.wires.models import MODELS
from hal_mocks.wires.models.emulated import Emulated, Emulator, Fault
from hal_mocks.wires.pipe_line import PipeLine
from hal_mocks.wires.wired import Wired

__all__ = ["Running", "main", "running"]

LOOK_S = 0.05
UNPLUG, QUIT = "u", "q"


def main(argv: list[str]) -> int:
    """Run until q, Ctrl-C or SIGTERM."""
    options = _options(argv)
    model = MODELS[options.model]
    try:
        chosen = _chosen(model, options.option)
    except ValueError as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, _leave)
    print(f"{options.model}: {model.about}", flush=True)
    try:
        with running(model, chosen, tcp=options.tcp) as here:
            print(f"port: {here.port}" if here.port else "no port: its driver runs here, beside it")
            for kind, table in here.tables.items():
                print(f"{kind} in hall.toml: {table}", flush=True)
            _live(here)
    except (HardwareFault, msgspec.ValidationError) as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    return 0


@dataclass(frozen=True, slots=True)
class Running:
    """An emulated device at its port, "" if it has none, with its tables for hall.toml by the kind of hardware."""

    emulator: Emulator
    port: str
    tables: Mapping[str, str]
    faults: Mapping[str, Fault]


@contextmanager
def running(model: Emulated, chosen: Mapping[str, Any], *, tcp: bool = False) -> Iterator[Running]:
    """Let it live until the end of the block. Raises HardwareFault, or ValidationError if `chosen` is not possible."""
    with ExitStack() as stack:
        emulator = model.make(**chosen)
        stack.callback(emulator.close)
        port, faults = "", {**emulator.faults}
        if emulator.far_end is not None:
            line = _line(model, tcp=tcp)
            wired = stack.enter_context(Wired(emulator.far_end, line, appetite=emulator.appetite))
            port = ("tcp:{}" if tcp else model.port).format(wired.address)
            faults[UNPLUG] = Fault("unplugged", wired.unplug, wired.replug)
        tables = {kind: table(port, chosen) for kind, table in model.tables.items()}
        yield Running(emulator, port, tables, faults)


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="jiaohao hardware emulate",
        description="An emulated device on a port of this machine, so that its driver can be tried without one. What"
        " hangs on pins, on SPI, a sound card or a screen has no port here: its driver runs in the same process.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="models:\n"
        + "\n".join(
            f"  {name:<10} {one.about}"
            + "".join(f"\n{'':13}{option}={value}" for option, value in one.options.items())
            for name, one in MODELS.items()
        ),
    )
    parser.add_argument("model", choices=sorted(MODELS))
    parser.add_argument("option", nargs="*", help="what it is like: name=value")
    parser.add_argument("--tcp", action="store_true", help="a TCP port, not a serial line")
    options = parser.parse_args(argv)
    if options.tcp and not MODELS[options.model].tcp:
        parser.error(f"{options.model} hangs on no network")
    return options


def _line(model: Emulated, *, tcp: bool) -> Line:
    if tcp:
        return TcpLine()
    return PipeLine() if model.port.startswith("input:") else PtyLine()


def _chosen(model: Emulated, words: list[str]) -> dict[str, Any]:
    """The model's options with those that were said. Raises ValueError, a sentence."""
    chosen = dict(model.options)
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or name not in chosen:
            known = ", ".join(f"{one}={usual}" for one, usual in chosen.items()) or "none"
            raise ValueError(f"{word!r} is no option of this model; there are: {known}")
        kind = type(chosen[name])
        try:
            chosen[name] = kind(value)
        except ValueError:
            raise ValueError(f"{word!r}: {name} takes a number") from None
    return chosen


def _leave(*_: object) -> None:
    raise SystemExit(0)


def _live(here: Running) -> None:
    """Tell what it decodes, and hurt or mend it by the keys that are typed, until the end."""
    faults = here.faults
    keys = ", ".join(f"{key} {fault.name}" for key, fault in faults.items())
    print(f"keys: {keys}, {QUIT} quit", flush=True)
    hurt: set[str] = set()
    told: Counter[str] = Counter()
    for key in _typed():
        decoded = Counter(here.emulator.words())
        for one in (decoded - told).elements():
            print(one, flush=True)
        told = decoded
        if key == QUIT:
            return
        if key in faults:
            try:
                print(_toggled(faults[key], key, hurt), flush=True)
            except HardwareFault as fault:
                print(fault, flush=True)


def _toggled(fault: Fault, key: str, hurt: set[str]) -> str:
    if fault.mend is None:
        fault.hurt()
        return f"{fault.name}: done"
    if key in hurt:
        hurt.discard(key)
        fault.mend()
        return f"{fault.name}: mended"
    hurt.add(key)
    fault.hurt()
    return f"{fault.name}: now"


def _typed() -> Iterator[str]:
    """Each key as it is typed, "" whenever some time has passed. Once the input ends only time passes."""
    with ExitStack() as stack:
        ear = sys.stdin.fileno()
        if os.isatty(ear):
            stack.enter_context(_at_once(ear))
        listening = True
        while True:
            if not select.select([ear] if listening else [], [], [], LOOK_S)[0]:
                yield ""
                continue
            typed = os.read(ear, 64).decode(errors="replace")
            listening = bool(typed)
            yield from typed


@contextmanager
def _at_once(terminal: int) -> Iterator[None]:
    """Keys without Enter."""
    before = termios.tcgetattr(terminal)
    tty.setcbreak(terminal)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

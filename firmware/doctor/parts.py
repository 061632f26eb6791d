"""The board's hardware: as it reports it while it runs, else each part opened and asked; nothing is printed, shown or said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from broker.loading import SettingsFault
from broker.settings import Device
from firmware.bench.part import Bench, Part, held
from firmware.bench.steps import answers
from firmware.doctor.findings import Both, Finding, broken, look, ok

__all__ = ["reported", "tried"]

TRY = Both(
    "Stop the board (`systemctl stop jiaohao-board`) and run `jiaohao hardware test DEVICE`: it goes through every step. docs/hardware.md has the faults by model.",
    "先停掉本板程序（systemctl stop jiaohao-board），再运行 jiaohao hardware test 设备，逐步检查；各型号故障见 docs/hardware.md。",
)


def reported(parts: dict[str, Any]) -> Iterator[Finding]:
    """What a board that runs says of its parts: true, or what is wrong."""
    for name, state in sorted(parts.items()):
        if state is True:
            yield ok("hardware", f"{name} is well.", f"{name} 正常。")
        else:
            why = f": {state}" if isinstance(state, str) and state else ""
            said = Both(f"{name} is not well{why}.", f"{name} 异常{why}。")
            yield broken("hardware", said, TRY)


def tried(
    hall_toml: Path,
    devices: tuple[str, ...],
    data: Path,
    opener: Callable[[Device, str, Any], Any],
) -> Iterator[Finding]:
    """Open each part of a board that does not run, and ask it how it is, where it can tell."""
    for device in devices:
        try:
            with held(hall_toml, device, None, data) as bench:
                for part in bench.parts:
                    yield _one(bench, part, opener)
        except (OSError, SettingsFault) as fault:
            said = Both(f"{device} was not tried: {fault}.", f"{device} 未检查：{fault}。")
            yield look("hardware", said, TRY)


def _one(bench: Bench, part: Part, opener: Callable[[Device, str, Any], Any]) -> Finding:
    name = f"{bench.device.id} {part.name}"
    opened = None
    try:
        opened = opener(bench.device, part.name, part.settings)
        if hasattr(opened, "health"):
            verdict = answers(opened)
            if not verdict.passed:
                said = Both(
                    f"{name}: {verdict.why or 'not usable'}.",
                    f"{name}：{verdict.why or '不可用'}。",
                )
                return broken("hardware", said, TRY)
            more = f" ({verdict.why})" if verdict.why else ""
            return ok("hardware", f"{name} answers{more}.", f"{name} 有应答{more}。")
    except OSError as fault:
        return broken("hardware", Both(f"{name}: {fault}.", f"{name}：{fault}。"), TRY)
    finally:
        if opened is not None:
            with suppress(OSError):
                opened.close()
    return ok("hardware", f"{name} can be opened.", f"{name} 可以打开。")

"""Which release runs on what, and whether one is on its way, or was gone back from."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib import metadata
from typing import Any

from firmware.doctor.findings import Both, Finding, look, ok
from firmware.doctor.machine import Machine

__all__ = ["release", "versions"]


def versions(machine: Machine) -> dict[str, str]:
    """What one is asked first by who is to help."""
    told = dict(line.partition("=")[::2] for line in machine.text("/etc/os-release").splitlines())
    return {
        "jiaohao": metadata.version("jiaohao"),
        "machine": machine.text("/proc/device-tree/model") or platform.machine(),
        "system": told.get("PRETTY_NAME", "").strip('"') or platform.system(),
        "kernel": machine.text("/proc/sys/kernel/osrelease") or platform.release(),
        "python": platform.python_version(),
    }


def release(found: dict[str, str], state: dict[str, Any], current: str) -> Iterator[Finding]:
    """`state` is the updater's, `current` what its link points to; both empty where a checkout runs."""
    runs = ", ".join(f"{name} {value}" for name, value in found.items())
    yield ok("versions", f"{runs}.", f"{runs}。")
    if current:
        yield ok("versions", f"The release is {current}.", f"当前版本 {current}。")
    if candidate := state.get("candidate"):
        left = state.get("attempts_left", "?")
        yield look(
            "versions",
            Both(
                f"{candidate} is being tried, and not confirmed yet; {left} starts are left to it.",
                f"{candidate} 正在试运行，尚未确认；还有 {left} 次启动机会。",
            ),
            Both(
                "Wait two minutes and look again: it is confirmed, or gone back from by itself.",
                "等两分钟再看：会自动确认或退回。",
            ),
        )
    if refused := state.get("refused"):
        names = ", ".join(str(one) for one in refused)
        yield look(
            "versions",
            Both(f"It went back from {names}.", f"已从 {names} 退回。"),
            Both(
                "That release does not run here: send the bundle of `jiaohao doctor --bundle` to who made it.",
                "该版本不能在此运行：把 jiaohao doctor --bundle 的文件发给开发者。",
            ),
        )

"""The machine's units: do they run, how often were they started anew, is the watchdog on, is there memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from firmware.doctor.findings import Both, Finding, broken, look, ok

__all__ = ["health", "memory", "units", "watchdog"]

STALE_S = 60
LOG = Both(
    "See why: `journalctl -u UNIT -b`; send `jiaohao doctor --bundle` to who is to help.",
    "用 journalctl -u 单元名 -b 看原因；把 jiaohao doctor --bundle 的文件发给技术支持。",
)
AGAIN = Both(
    "Start it anew once. If it stays so, its card lacks the setting: write the card again.",
    "重启一次；若仍如此，说明卡上缺少设置，请重新写卡。",
)


def units(told: str) -> Iterator[Finding]:
    """From `systemctl show 'jiaohao-*' -p Id -p ActiveState -p SubState -p Result -p NRestarts -p Type`."""
    for block in re.split(r"\n\s*\n", told.strip()):
        one = dict(line.partition("=")[::2] for line in block.splitlines())
        name = one.get("Id", "")
        if not name.endswith(".service"):
            continue
        restarts = int(one.get("NRestarts", "0")) if one.get("NRestarts", "0").isdecimal() else 0
        state, result = one.get("ActiveState", ""), one.get("Result", "")
        if state == "failed":
            said = Both(f"{name} has failed ({result}).", f"{name} 失败（{result}）。")
            yield broken("units", said, LOG)
        elif restarts:
            said = Both(
                f"{name} was started anew {restarts} times since the start.",
                f"{name} 开机以来被重启 {restarts} 次。",
            )
            yield look("units", said, LOG)
        elif state == "active" or one.get("Type") == "oneshot":
            yield ok("units", f"{name} is {state or 'there'}.", f"{name}：{state or '存在'}。")
        else:
            said = Both(f"{name} does not run ({state}).", f"{name} 没有运行（{state}）。")
            yield look("units", said, LOG)


def health(told: dict[str, Any], now: float) -> Iterator[Finding]:
    """From run/health.json, which whoever runs writes as long as it lives."""
    if not told:
        return
    at = told.get("at", 0)
    age = now - at if isinstance(at, int | float) else now
    if age > STALE_S:
        said = Both(
            f"Nothing was heard of the program for {age:.0f} s.",
            f"程序已有 {age:.0f} 秒没有报告状态。",
        )
        yield broken("health", said, LOG)
    elif told.get("ready") is not True:
        why = str(told.get("why", "") or "?")
        yield broken(
            "health", Both(f"The program is not ready: {why}.", f"程序未就绪：{why}。"), LOG
        )
    elif told.get("link") == "down":
        why = str(told.get("why", "") or "?")
        yield look(
            "health",
            Both(f"The program runs alone: {why}.", f"程序正离线运行：{why}。"),
            Both(
                "See what stands here of network, hub and broker.",
                "请看网络、主机、消息服务器各项。",
            ),
        )
    else:
        yield ok("health", "The program is ready and has its line.", "程序就绪，连接正常。")


def watchdog(state: str, timeout: str, asked: str) -> Finding:
    """From /sys/class/watchdog/watchdog0; `asked` is what systemd was told. Above 15 s a Pi's has silently none."""
    value = asked.partition("=")[2]
    seconds = int(timeout) if timeout.isdecimal() else 0
    off = Both(
        "The hardware watchdog is off: a hung board stays hung.",
        "硬件看门狗未启用：死机后不会自动重启。",
    )
    if state == "active" or (not state and value not in ("", "0", "infinity")):
        if seconds > 15:
            said = Both(f"The watchdog waits {seconds} s.", f"看门狗等待 {seconds} 秒。")
            todo = Both(
                "A Pi's can do 15 s at the most: RuntimeWatchdogSec=14s.",
                "树莓派最多 15 秒：RuntimeWatchdogSec=14s。",
            )
            return look("watchdog", said, todo)
        return ok("watchdog", "The hardware watchdog is on.", "硬件看门狗已启用。")
    if not state and not value:
        return ok("watchdog", "No watchdog is known here.", "此机没有看门狗。")
    return look("watchdog", off, AGAIN)


def memory(meminfo: str, vmstat: str) -> Iterator[Finding]:
    """From /proc/meminfo and /proc/vmstat."""
    told = {name: int(kb) for name, kb in re.findall(r"^(\w+):\s+(\d+) kB", meminfo, re.MULTILINE)}
    total, free = told.get("MemTotal", 0), told.get("MemAvailable", 0)
    if total:
        share = free / total
        en = f"{free / 1024:.0f} MB of {total / 1024:.0f} MB of memory are to be had."
        zh = f"可用内存 {free / 1024:.0f} MB，共 {total / 1024:.0f} MB。"
        if share < 0.05:
            yield broken("memory", Both(en, zh), AGAIN)
        elif share < 0.12:
            yield look("memory", Both(en, zh), AGAIN)
        else:
            yield ok("memory", en, zh)
    killed = re.search(r"^oom_kill (\d+)$", vmstat, re.MULTILINE)
    if killed and int(killed[1]):
        said = Both(
            f"The kernel ended {killed[1]} programs for want of memory.",
            f"内核因内存不足结束了 {killed[1]} 个程序。",
        )
        yield look("memory", said, LOG)

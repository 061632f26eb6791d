"""How worn the card is, as far as cards tell: eMMC says it, SD cards do not; what was written, and what the kernel complained of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from firmware.doctor.findings import Both, Finding, broken, look, ok
from firmware.doctor.machine import Machine

__all__ = ["complaints", "life", "wear", "written"]

SECTOR = 512
GB = 1_000_000_000
# A hall writes some hundred MB a day; far more is a program that should not.
MUCH_A_DAY = 5 * GB
NEW_CARD = Both(
    "Write a new card now, before this one dies: `jiaohao provision --replace` on the laptop; on a hub `jiaohao backup` first.",
    "趁卡还能用，现在就写新卡：在笔记本上 jiaohao provision --replace；主机先运行 jiaohao backup。",
)
# Lines of the kernel's that mean lost or late bytes, not a card that is merely slow to answer at its start.
LOST = re.compile(
    r"I/O error, dev (mmcblk|sd)|Buffer I/O error|EXT4-fs error|EXT4-fs \(\S+\): (Remounting|error)"
    r"|Remounting filesystem read-only|JBD2: .*error|critical (medium|target) error"
)
LATE = re.compile(
    r"mmc\d+: (Timeout waiting|Card stuck|tried to (HW )?reset|cache flush error)|mmc\d+: error -\d+"
)


def wear(machine: Machine) -> Iterator[Finding]:
    """Of each card and disk that is there."""
    uptime = float((machine.text("/proc/uptime") or "0").split(" ")[0])
    for name in machine.names("/sys/block"):
        if not re.fullmatch(r"mmcblk\d+|sd[a-z]+|nvme\d+n\d+", name):
            continue
        device = f"/sys/block/{name}/device"
        yield life(
            name,
            machine.text(f"{device}/type"),
            machine.text(f"{device}/life_time"),
            machine.text(f"{device}/pre_eol_info"),
        )
        yield from written(name, machine.text(f"/sys/block/{name}/stat"), uptime)
    for name in machine.names("/sys/fs/ext4"):
        yield from _file_system(
            name,
            machine.text(f"/sys/fs/ext4/{name}/lifetime_write_kbytes"),
            machine.text(f"/sys/fs/ext4/{name}/errors_count"),
        )
    yield complaints(machine.run("journalctl", "-k", "-b", "-o", "cat", "--no-pager"))


def life(name: str, kind: str, life_time: str, pre_eol: str) -> Finding:
    """JEDEC eMMC 5.0 (JESD84-B50), EXT_CSD 267-269: steps of 10 %, 0x0B is past its life; pre-EOL 2 warns, 3 is urgent."""
    steps = [int(one, 16) for one in life_time.split() if re.fullmatch(r"0x[0-9a-fA-F]+", one)]
    if not steps or not any(steps):
        if kind == "SD":
            return ok(
                "wear",
                f"{name}: an SD card does not tell how worn it is; its age and what was written are all that is known.",
                f"{name}：SD 卡不报告磨损；只能看使用年限和写入量。",
            )
        return ok("wear", f"{name}: it does not tell how worn it is.", f"{name}：不报告磨损。")
    worst = max(steps)
    eol = int(pre_eol, 16) if re.fullmatch(r"0x[0-9a-fA-F]+", pre_eol) else 0
    used = "more than 100 %" if worst > 10 else f"{(worst - 1) * 10} to {worst * 10} %"
    used_zh = "超过 100%" if worst > 10 else f"{(worst - 1) * 10}–{worst * 10}%"
    both = Both(f"{name}: {used} of its life is used.", f"{name}：寿命已用 {used_zh}。")
    if worst > 10 or eol >= 3:
        return broken("wear", both, NEW_CARD)
    if worst >= 9 or eol == 2:
        return look("wear", both, NEW_CARD)
    return ok("wear", both.en, both.zh)


def written(name: str, stat: str, uptime_s: float) -> Iterator[Finding]:
    """From /sys/block/*/stat, whose seventh number is sectors of 512 bytes (Documentation/block/stat.rst)."""
    numbers = stat.split()
    if len(numbers) < 7 or not numbers[6].isdecimal():
        return
    amount = int(numbers[6]) * SECTOR
    a_day = amount / max(uptime_s, 3600) * 86_400
    en = f"{name}: {amount / GB:.2f} GB written since the start, {a_day / GB:.2f} GB a day."
    zh = f"{name}：开机以来写入 {amount / GB:.2f} GB，约每天 {a_day / GB:.2f} GB。"
    if a_day > MUCH_A_DAY:
        yield look(
            "wear",
            Both(en, zh),
            Both(
                "That wears a card out within a year or two: see with `iotop -oPa` who writes.",
                "照此一两年内卡会写坏：用 iotop -oPa 查看是谁在写。",
            ),
        )
    else:
        yield ok("wear", en, zh)


def _file_system(name: str, lifetime_kb: str, errors: str) -> Iterator[Finding]:
    if errors.isdecimal() and int(errors):
        both = Both(
            f"{name}: its file system has found {errors} errors.",
            f"{name}：文件系统发现 {errors} 个错误。",
        )
        yield broken("wear", both, NEW_CARD)
    if lifetime_kb.isdecimal():
        amount = int(lifetime_kb) * 1024 / GB
        yield ok(
            "wear",
            f"{name}: {amount:,.1f} GB written in its life.",
            f"{name}：累计写入 {amount:,.1f} GB。",
        )


def complaints(kernel: str) -> Finding:
    """What the kernel said of the card since the start."""
    if not kernel:
        return ok(
            "wear",
            "What the kernel said of the card cannot be read: run it as root.",
            "无法读取内核日志：请用 root 运行。",
        )
    lines = kernel.splitlines()
    lost = [line for line in lines if LOST.search(line)]
    late = [line for line in lines if LATE.search(line)]
    if lost:
        both = Both(
            f"The kernel lost bytes on the card, {len(lost)} times; at last: {lost[-1][:160]}",
            f"内核报告读写错误 {len(lost)} 次，最近：{lost[-1][:160]}",
        )
        return broken("wear", both, NEW_CARD)
    if late:
        both = Both(
            f"The card made the kernel wait too long, {len(late)} times; at last: {late[-1][:160]}",
            f"卡响应超时 {len(late)} 次，最近：{late[-1][:160]}",
        )
        return look("wear", both, NEW_CARD)
    return ok("wear", "The kernel has no complaint about the card.", "内核没有报告卡的错误。")

"""Room on the disks, whether they can be written, and whether the root is read-only where that was asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from firmware.doctor.findings import Both, Finding, broken, look, ok
from firmware.doctor.machine import Usage

__all__ = ["Mounts", "mounts_in", "read_only_root", "room", "writable"]

Mounts = dict[str, tuple[str, frozenset[str]]]
"""By mount point: the file system's kind, its options."""

MB = 1_000_000
NEW_CARD = Both(
    "The file system went read-only to save itself: the card is dying. Write a new card (jiaohao provision --replace) and keep this one for `jiaohao restore`.",
    "文件系统为自保变为只读：卡即将损坏。写一张新卡（jiaohao provision --replace），旧卡留给 jiaohao restore。",
)
MAKE_ROOM = Both(
    "Take old releases away (`jiaohao update` keeps two), and what somebody put there by hand; `du -xh --max-depth=2` tells what is large.",
    "清理旧版本和手工放入的文件；用 du -xh --max-depth=2 查看占用。",
)


def mounts_in(told: str) -> Mounts:
    """From /proc/mounts; of several on one point the last is what is seen."""
    lines = (line.split(" ") for line in told.splitlines())
    return {line[1]: (line[2], frozenset(line[3].split(","))) for line in lines if len(line) > 3}


def room(name: str, usage: Usage | None) -> Iterator[Finding]:
    """Free bytes and inodes of the disk that holds `name`."""
    if usage is None or not usage.size:
        return
    free, share = usage.free / MB, usage.free / usage.size
    inodes = usage.inodes_free / usage.inodes if usage.inodes else 1.0
    en = f"{name}: {free:,.0f} MB free of {usage.size / MB:,.0f} ({share:.0%}), {inodes:.0%} of its inodes."
    zh = f"{name}：剩余 {free:,.0f} MB，共 {usage.size / MB:,.0f} MB（{share:.0%}），inode 剩余 {inodes:.0%}。"
    if share < 0.03 or free < 50 or inodes < 0.02:
        yield broken("disk", Both(en, zh), MAKE_ROOM)
    elif share < 0.1 or free < 300 or inodes < 0.1:
        yield look("disk", Both(en, zh), MAKE_ROOM)
    else:
        yield ok("disk", en, zh)


def writable(home: str, mounts: Mounts) -> Finding:
    """Whether what must be kept can be written."""
    points = [p for p in mounts if home == p or home.startswith(p.rstrip("/") + "/")]
    point = max(points, key=len, default="/")
    kind, options = mounts.get(point, ("", frozenset()))
    if "ro" in options:
        said = Both(f"{point} ({kind}) can only be read.", f"{point}（{kind}）只能读取。")
        return broken("disk", said, NEW_CARD)
    if kind in ("overlay", "tmpfs"):
        return broken(
            "disk",
            Both(
                f"{home} lies on {point}, which is forgotten at each start ({kind}).",
                f"{home} 位于 {point}（{kind}），每次开机都会丢失。",
            ),
            Both(
                "The data partition is not mounted: see `systemctl status data.mount`, and whether the card has its second partition.",
                "数据分区没有挂载：查看 systemctl status data.mount，以及卡上是否有数据分区。",
            ),
        )
    return ok(
        "disk",
        f"{home} can be written ({kind or 'unknown'}).",
        f"{home} 可以写入（{kind or '未知'}）。",
    )


def read_only_root(asked: str, mounts: Mounts) -> Finding:
    """`asked` is the kernel's command line with overlayroot's two files of settings."""
    wanted = re.search(r"overlayroot=\W?tmpfs", asked) is not None
    overlaid = mounts.get("/", ("", frozenset()))[0] == "overlay"
    if wanted == overlaid:
        if wanted:
            return ok("root", "The root is read-only, as asked.", "根分区只读，符合要求。")
        return ok("root", "The root can be written; that is as asked.", "根分区可写，符合要求。")
    if wanted:
        return broken(
            "root",
            Both("The root was to be read-only, and is not.", "要求根分区只读，但没有生效。"),
            Both(
                "Start it anew once; if it stays so, the initramfs was not made anew: write the card again.",
                "重启一次；若仍如此，说明 initramfs 未更新，请重新写卡。",
            ),
        )
    return look(
        "root",
        Both("The root is an overlay that nobody asked for.", "根分区是 overlay，但没有人要求。"),
        Both(
            "What is changed there is gone after a start: write the card again.",
            "改动重启即失：请重新写卡。",
        ),
    )

"""Whether the clock is set, and how far it is from the hub's."""

from __future__ import annotations

from firmware.doctor.findings import Both, Finding, broken, look, ok

__all__ = ["distance", "synchronised"]

NEAR_S, FAR_S = 2.0, 60.0
SERVERS = Both(
    "See that the hub runs, that it is this board's time server (timedatectl show-timesync), and that the hub's own clock has a battery.",
    "检查主机是否运行、本板的时间服务器是否指向主机（timedatectl show-timesync），以及主机时钟电池。",
)
NO_CHIP = Both(
    "Compare it with a watch (date), set it if it is wrong (sudo date -s '2026-05-28 08:30'), and fit a clock chip: docs/setup.md.",
    "用 date 命令核对时间，不对就校正（sudo date -s '2026-05-28 08:30'），并加装时钟芯片，见 docs/setup.zh-CN.md。",
)


def synchronised(told: str, *, is_hub: bool = False, has_chip: bool = False) -> Finding:
    """From `timedatectl show`. In most halls no server tells the hub the time; with a clock chip it needs none."""
    said = dict(line.partition("=")[::2] for line in told.splitlines())
    match said.get("NTPSynchronized"):
        case "no" if is_hub and has_chip:
            return ok("clock", "The hub goes by its own clock chip.", "主机使用自带的时钟芯片。")
        case "no" if is_hub:
            return look(
                "clock",
                Both(
                    "The hub has no clock chip, and no time server has set its clock since the start.",
                    "主机没有时钟芯片，开机以来也没有与时间服务器同步。",
                ),
                NO_CHIP,
            )
        case "yes":
            return ok("clock", "The clock is set by a time server.", "时钟已与时间服务器同步。")
        case "no":
            return look(
                "clock",
                Both("No time server has set the clock since the start.", "开机以来时钟未同步。"),
                SERVERS,
            )
        case _:
            return look(
                "clock",
                Both(
                    "Whether the clock is set cannot be known: timedatectl says nothing.",
                    "无法得知时钟是否同步：timedatectl 没有回答。",
                ),
                SERVERS,
            )


def distance(seconds: float | None) -> Finding:
    """`seconds` are by how much this clock is ahead. A wrong one harms no ticket: the hall goes by the hub's time."""
    if seconds is None:
        return ok(
            "clock",
            "How far the clock is from the hub's is not known: the hub was not heard.",
            "未能与主机比对时钟：没有听到主机。",
        )
    side = ("ahead of", "快") if seconds > 0 else ("behind", "慢")
    en = f"The clock is {abs(seconds):.1f} s {side[0]} the hub's."
    zh = f"时钟比主机{side[1]} {abs(seconds):.1f} 秒。"
    if abs(seconds) <= NEAR_S:
        return ok("clock", en, zh)
    return (look if abs(seconds) <= FAR_S else broken)("clock", Both(en, zh), SERVERS)

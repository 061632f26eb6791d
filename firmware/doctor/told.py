"""What was found, for a person as a table and for the hub as JSON."""

from __future__ import annotations

from typing import Any

import msgspec
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from firmware.doctor.findings import Both, Finding, State, worst

__all__ = ["STATES", "as_json", "as_table"]

FORMAT = 1
STATES = {
    State.OK: ("ok", "正常", "green"),
    State.LOOK: ("look", "留意", "yellow"),
    State.BROKEN: ("BROKEN", "故障", "bold red"),
}
CHECKS_ZH = {
    "backup": "备份",
    "board": "主板",
    "broker": "消息服务",
    "certificates": "证书",
    "clock": "时钟",
    "disk": "磁盘",
    "doctor": "检查",
    "hardware": "硬件",
    "health": "程序",
    "hub": "主机",
    "memory": "内存",
    "network": "网络",
    "root": "根分区",
    "settings": "设置",
    "temperature": "温度",
    "units": "服务",
    "versions": "版本",
    "voltage": "电压",
    "watchdog": "看门狗",
    "wear": "卡磨损",
}
VERDICT = {
    State.OK: ("All is well.", "一切正常。"),
    State.LOOK: (
        "It works; somebody should look at what is marked.",
        "可以使用；请留意标出的各项。",
    ),
    State.BROKEN: ("Something is broken; see what to do beside it.", "有故障；处理办法见右侧。"),
}


def as_json(
    board: str, found: dict[str, str], findings: tuple[Finding, ...], at: int
) -> dict[str, Any]:
    """`at` is in ms. What the desk keeps of a board: no name of a person, no ticket, no number of anybody is in it."""
    return {
        "format": FORMAT,
        "board": board,
        "at": at,
        "state": worst(findings).value,
        "versions": found,
        "findings": msgspec.to_builtins(findings),
    }


def as_table(board: str, findings: tuple[Finding, ...], language: str) -> RenderableType:
    zh = language == "zh"
    title = f"{board or '?'} · jiaohao doctor"
    table = Table(title=title, title_justify="left", expand=True, show_lines=False)
    table.add_column("检查" if zh else "check", no_wrap=True)
    table.add_column("结果" if zh else "state", no_wrap=True)
    table.add_column("情况" if zh else "what was found", ratio=3, overflow="fold")
    table.add_column("怎么办" if zh else "what to do", ratio=2, overflow="fold")
    before, did = "", Both()
    for one in findings:
        name = CHECKS_ZH.get(one.check, one.check) if zh else one.check
        word = STATES[one.state]
        table.add_row(
            "" if one.check == before else name,
            Text(word[zh], style=word[2]),
            Text(one.said.in_(language)),
            # The same advice twice is read as two.
            Text("" if (one.check, one.todo) == (before, did) else one.todo.in_(language)),
        )
        before, did = one.check, one.todo
    state = worst(findings)
    return Group(table, Text(VERDICT[state][zh], style=STATES[state][2]))

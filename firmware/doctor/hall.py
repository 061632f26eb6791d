"""The whole hall from the hub: each board's newest report at the desk, how old it is, and whether the board is there now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from broker.messages import Presence
from firmware.doctor.findings import Both, Finding, State, broken, look, ok, worst
from firmware.doctor.sending import DOCTOR
from firmware.doctor.told import STATES

__all__ = ["Board", "boards_table", "judged", "reports_in"]

OLD_MS = 26 * 3600 * 1000
MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Board:
    """One row; `presence` is None where nothing was heard of it, `report` empty where none ever came."""

    name: str
    report: dict[str, Any]
    presence: Presence | None


def reports_in(desk: Path) -> dict[str, dict[str, Any]]:
    """By board: what its updater told last, and under `doctor` what the doctor found there; what cannot be read is none."""
    found = {board: dict(told) for board, told in _tables(desk / "reports")}
    for board, told in _tables(desk / DOCTOR):
        found.setdefault(board, {})["doctor"] = told
    return found


def _tables(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(folder.glob("*.json")):
        try:
            yield path.stem, msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
        except (OSError, msgspec.DecodeError):
            continue


def _at(report: dict[str, Any]) -> int:
    """When the doctor was there, or else its updater told something."""
    told = report.get("doctor") or report
    at = told.get("at")
    return at if isinstance(at, int) else 0


def judged(board: Board, now: int, *, asked: bool) -> tuple[Finding, ...]:
    """What is to be known of one board; `asked`: whether presences were asked for at all."""
    return (*_presence(board, asked=asked), *_report(board, now))


def _presence(board: Board, *, asked: bool) -> Iterator[Finding]:
    presence = board.presence
    if not asked:
        return
    if presence is None or not presence.up:
        yield broken(
            "board",
            Both("It is away.", "离线。"),
            Both(
                "Has it power? Is its cable in? Read STATUS.txt on its card in a laptop.",
                "有电吗？网线插好了吗？用笔记本看卡上的 STATUS.txt。",
            ),
        )
        return
    if presence.alone:
        said = Both(f"It is alone: {presence.alone}.", f"处于离线办理：{presence.alone}。")
        yield look(
            "board", said, Both("See network, hub and broker there.", "检查该板的网络和主机。")
        )
    for part, troubles in presence.troubles.items():
        said = Both(f"{part}: {', '.join(troubles)}.", f"{part}：{'、'.join(troubles)}。")
        todo = Both("docs/hardware.md has the faults.", "故障处理见 docs/hardware.md。")
        yield broken("hardware", said, todo)


def _report(board: Board, now: int) -> Iterator[Finding]:
    report = board.report
    if not report:
        said = Both("It has never sent a report.", "从未上报。")
        todo = Both(
            "Was it enrolled? See `jiaohao desk waiting`.", "注册了吗？运行 jiaohao desk waiting。"
        )
        yield look("board", said, todo)
        return
    age = now - _at(report)
    if age > OLD_MS:
        hours = age // (60 * MINUTE_MS)
        said = Both(f"Its last report is {hours} hours old.", f"最近一次上报在 {hours} 小时前。")
        yield look(
            "board",
            said,
            Both("See jiaohao-doctor.timer there.", "检查该板的 jiaohao-doctor.timer。"),
        )
    doctor = report.get("doctor") or {}
    try:
        findings = msgspec.convert(doctor.get("findings", ()), tuple[Finding, ...])
    except msgspec.ValidationError:
        said = Both("Its report is of another version.", "上报来自其他版本。")
        yield look("board", said, Both())
        return
    bad = [one for one in findings if one.state is not State.OK]
    yield from bad
    if findings and not bad:
        yield ok("board", "All is well.", "一切正常。")


def boards_table(
    boards: Iterable[Board], now: int, language: str, *, asked: bool
) -> tuple[RenderableType, State]:
    zh = language == "zh"
    table = Table(title="jiaohao doctor --hall", title_justify="left", expand=True, show_lines=True)
    for en, chinese in (
        ("board", "板"),
        ("state", "结果"),
        ("release", "版本"),
        ("report", "上报"),
    ):
        table.add_column(chinese if zh else en, no_wrap=True)
    table.add_column("情况和处理" if zh else "what, and what to do", ratio=1, overflow="fold")
    everything: list[Finding] = []
    for board in boards:
        findings = judged(board, now, asked=asked)
        everything += findings
        state = STATES[worst(findings)]
        lines = [
            f"{one.said.in_(language)} {one.todo.in_(language)}".strip()
            for one in findings
            if one.state is not State.OK
        ]
        table.add_row(
            board.name,
            Text(state[zh], style=state[2]),
            str(board.report.get("version", "")),
            _age(board.report, now, zh=zh),
            Text("\n".join(lines) or ("一切正常。" if zh else "All is well.")),
        )
    notes = []
    if not asked:
        notes.append(
            Text(
                "未询问在线状态：用 --as 控制台 --identity 目录。"
                if zh
                else "Who is there now was not asked: give a console with --as and --identity."
            )
        )
    return Group(table, *notes), worst(tuple(everything))


def _age(report: dict[str, Any], now: int, *, zh: bool) -> str:
    if not report:
        return "—"
    minutes = max(0, now - _at(report)) // MINUTE_MS
    if minutes < 120:
        return f"{minutes} 分钟前" if zh else f"{minutes} min ago"
    return f"{minutes // 60} 小时前" if zh else f"{minutes // 60} h ago"

"""The published rules by their ids, as visitors and as staff read them."""

from __future__ import annotations

from broker.messages import Rule

__all__ = ["RULE_SENTENCES"]

RULE_SENTENCES: dict[str, tuple[str, str]] = {
    Rule.ARRIVAL: ("按取号先后顺序", "in order of arrival"),
    Rule.GREEN_COUNTER: (
        "绿色通道窗口先呼叫绿色通道号",
        "a green counter calls the green channel first",
    ),
    Rule.GREEN_FIRST: ("绿色通道优先", "the green channel goes first"),
    Rule.GREEN_ONLY: (
        "当时只有绿色通道号等候，按取号先后顺序",
        "only the green channel was waiting: in order of arrival",
    ),
    Rule.APPOINTMENT_FIRST: (
        "预约时间已到，先于未预约的号",
        "an appointment whose time has come goes ahead of those without one",
    ),
    Rule.APPOINTMENT_ONLY: (
        "当时只有预约号等候，按预约时间先后顺序",
        "only appointments were waiting: in order of their times",
    ),
    Rule.AFTER_PRIORITY: (
        "连续优先呼叫已达规定次数，轮到其他等候的号",
        "after so many priority calls in a row, those passed over have their turn",
    ),
    Rule.SUPERVISOR: (
        "由值班主管调整呼叫顺序，原因记录在案",
        "called out of order by a supervisor, with a reason on record",
    ),
    Rule.BY_HAND: (
        "窗口与主机断开期间由工作人员人工叫号",
        "called by hand by a clerk whose counter was alone",
    ),
}
"""The published rules by their ids, as visitors and as staff read them; each call records which one chose."""

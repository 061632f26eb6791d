"""The rules by which the hall calls, as its display publishes them to visitors; made from the settings in force."""

from __future__ import annotations

from broker.settings import Hall, NoShowMode, Rules

__all__ = ["published"]


def published(hall: Hall) -> str:
    """Who goes before whom, for how long, and what becomes of who was missed: one line for the notice strip."""
    most = hall.rules.priority_in_a_row
    but = "（绿色通道窗口除外）" if any(counter.green for counter in hall.counters) else ""
    first = f"绿色通道、到时的预约优先，同一窗口连续优先不超过{most}次{but}"
    return f"按取号先后叫号；{first}；{_missed(hall.rules)}"


def _missed(rules: Rules) -> str:
    keep = rules.no_show.keep
    match rules.no_show.mode:
        case NoShowMode.VOID:
            return "过号作废，请重新取号"
        case NoShowMode.CALLS:
            return f"过号后同业务再叫{keep}个号之内可报到"
        case NoShowMode.MINUTES:
            return f"过号后{keep}分钟内可报到"
        case NoShowMode.BACK:
            return f"过号后自动后移{keep}位"
        case NoShowMode.GUIDE:
            return "过号请咨询工作人员"

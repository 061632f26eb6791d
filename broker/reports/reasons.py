"""Why a ticket was called when it was, in words: the rule, its place by arrival, and who went ahead."""

from __future__ import annotations

from broker.messages import Rule, TicketCalled
from broker.phrases import RULE_SENTENCES
from broker.reports.story import EARLIER_SLOT, MOVED_BACK, Ahead, Step

__all__ = ["Both", "lasted", "went_ahead", "why_called"]

Both = tuple[str, str]
"""The same in Chinese and in English."""

CAUSES: dict[str, Both] = {
    **RULE_SENTENCES,
    MOVED_BACK: (
        "您过号后重新排队，顺序在其后",
        "it had come back behind them after a missed call",
    ),
    EARLIER_SLOT: ("预约时间在您之前", "their appointments were earlier"),
}


def why_called(event: TicketCalled, step: Step) -> Both:
    zh, en = RULE_SENTENCES.get(event.rule, (f"按规则 {event.rule}", f"by rule {event.rule}"))
    if event.rule == Rule.AFTER_PRIORITY:
        zh += f"（此前已连续优先呼叫 {event.passed} 次）"
        en += f" ({event.passed} in a row before it)"
    zh += f"，原因：{event.reason}" if event.reason else ""
    en += f"; reason: {event.reason}" if event.reason else ""
    waited_zh, waited_en = lasted(step.waited)
    ahead_zh, ahead_en = went_ahead(step.ahead)
    earlier_zh, earlier_en = _earlier(event)
    zhs = (
        f"请到 {event.counter} 号窗口，等候 {waited_zh}",
        f"呼叫依据：{zh}",
        f"{earlier_zh}；{ahead_zh}",
    )
    ens = (
        f"called to counter {event.counter} after {waited_en}",
        f"rule: {en}",
        f"{earlier_en}; {ahead_en}",
    )
    return "。".join(zhs) + "。", "; ".join(ens) + "."


def _earlier(event: TicketCalled) -> Both:
    """Its place by arrival among those whom the counter could call."""
    zh, en = (
        f"该窗口当时可呼叫 {event.candidates} 人",
        f"{event.candidates} could be called there",
    )
    earlier = event.place - 1
    if not earlier:
        return f"{zh}，按到达先后您前面已没有等候者", f"{en}, none of whom had come earlier"
    return (
        f"{zh}，按到达先后有 {earlier} 人在您之前",
        f"{en}, {earlier} of whom had come earlier",
    )


def went_ahead(ahead: Ahead) -> Both:
    """Who came later and was called earlier, counted by cause."""
    # One that was called twice, because it was missed, is one.
    why_of = dict(ahead.values())
    if not why_of:
        return "没有晚取的号先被呼叫", "nobody who came later went ahead"
    causes: dict[str, list[str]] = {}
    for ticket, why in why_of.items():
        causes.setdefault(why, []).append(ticket)
    zhs, ens = [], []
    for why, tickets in causes.items():
        zh, en = CAUSES.get(why, (why, why))
        zhs.append(f"{len(tickets)} 个{zh}（{'、'.join(tickets)}）")
        ens.append(f"{len(tickets)}, {en} ({', '.join(tickets)})")
    return (
        f"等候期间有 {len(why_of)} 个晚取的号先被呼叫：{'；'.join(zhs)}",
        f"{len(why_of)} who came later went ahead: {'; '.join(ens)}",
    )


def lasted(ms: int) -> Both:
    minutes, seconds = divmod(round(ms / 1000), 60)
    if not minutes:
        return f"{seconds} 秒", f"{seconds} s"
    return f"{minutes} 分 {seconds} 秒", f"{minutes} min {seconds} s"

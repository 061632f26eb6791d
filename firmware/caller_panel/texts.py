"""What a counter's LED bar and its clerk's display say in each case, in words; it decides nothing."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from broker.hearing import Cause
from broker.messages import (
    CalledTwice,
    CallNext,
    CallUndone,
    CommandRefused,
    CounterOpened,
    CounterState,
    CounterStatus,
    DeviceCommand,
    Event,
    Heard,
    NoShowMarked,
    Phase,
    Refusal,
    Rule,
    TicketCalled,
    TicketHeld,
    TicketReopened,
    TicketReturned,
    TicketTransferred,
    TicketVoided,
    Transfer,
)
from broker.settings import Counter, Hall
from firmware.caller_panel.by_hand import ByHand
from firmware.functions import functions

__all__ = ["REFUSED", "RULES", "PanelTexts"]

# What the clerk reads when a press was refused; the hub's English reason goes to the log.
REFUSED = {
    Refusal.BAD_MESSAGE: "按键设置有误 请报修",
    Refusal.NOT_YOURS: "本窗口无此权限",
    Refusal.STALE: "按键已过时 请再按",
    Refusal.DOUBLE_PRESS: "重复按键 已忽略",
    Refusal.UNKNOWN_SERVICE: "该业务未设置 请报修",
    Refusal.UNKNOWN_COUNTER: "该窗口未设置 请报修",
    Refusal.UNKNOWN_TICKET: "今日查无此号",
    Refusal.COUNTER_CLOSED: "窗口未开放",
    Refusal.COUNTER_PAUSED: "窗口已暂停 请先恢复",
    Refusal.COUNTER_BUSY: "请先结束当前号",
    Refusal.ALREADY_SO: "状态未变",
    Refusal.NOBODY_WAITING: "无人等候",
    Refusal.NOTHING_CALLED: "尚未叫号",
    Refusal.NOT_SERVING: "请先按到达",
    Refusal.RECALL_LIMIT: "重呼已达上限 请按过号",
    Refusal.WRONG_STATE: "该号状态已变",
    Refusal.NO_COUNTER_SERVES: "没有窗口办理该业务",
    Refusal.EMERGENCY: "紧急情况 暂停叫号",
    Refusal.TOO_LATE: "已超过撤销时间",
}
# A transfer is refused for what is there, not here.
TRANSFER_REFUSED = {
    Refusal.COUNTER_CLOSED: "对方窗口未开放",
    Refusal.ALREADY_SO: "该号已在此处",
}
UNTOLD = "主机拒绝了此操作"

# Why this ticket: the published rules in a word.
RULES: dict[str, str] = {
    Rule.ARRIVAL: "按序",
    Rule.GREEN_COUNTER: "绿色通道",
    Rule.GREEN_FIRST: "绿色通道",
    Rule.GREEN_ONLY: "绿色通道",
    Rule.APPOINTMENT_FIRST: "预约",
    Rule.APPOINTMENT_ONLY: "预约",
    Rule.AFTER_PRIORITY: "轮到此号",
    Rule.SUPERVISOR: "值班长叫号",
    Rule.BY_HAND: "人工叫号",
}

# Why the panel is alone.
CAUSES = {
    Cause.LINE: "线路中断",
    Cause.HUB: "主机停机",
    Cause.SILENCE: "主机无响应",
    Cause.NO_ANSWER: "主机无应答",
}


class PanelTexts:
    """The texts of one counter."""

    def __init__(self, hall: Hall, counter: Counter) -> None:
        self._phrases, self._number = hall.phrases, counter.number
        self._clerks = hall.clerk
        self._zone = ZoneInfo(hall.hall.timezone)
        self._functions = "、".join(functions(hall, counter.number))
        self._ends_with = "按到达或过号" if counter.serve_key else "按结束或过号"

    def bar(self, state: CounterState | None) -> str:
        """What visitors read over the counter."""
        phrases, number = self._phrases, self._number
        if state is None or state.status is CounterStatus.CLOSED:
            return phrases.closed.format(counter=number)
        if state.phase is Phase.CALLED:
            return phrases.call_shown.format(ticket=state.ticket, counter=number)
        if state.phase is Phase.SERVING:
            return phrases.serving.format(ticket=state.ticket, counter=number)
        if state.status is CounterStatus.PAUSED:
            return self._paused(state)
        return self._idle(state.clerk)

    def _idle(self, clerk: str) -> str:
        """The counter's function; where the hall's phrase has room for it, also who sits there."""
        known = self._clerks.get(clerk)
        text = self._phrases.idle.format(
            counter=self._number,
            service=self._functions,
            clerk=(known.name if known else "") or clerk,
            post=known.post if known else "",
            promise=known.promise if known else "",
        )
        return " ".join(text.split())  # what is not known leaves a gap

    def _paused(self, state: CounterState) -> str:
        phrase = self._phrases.paused_until if state.pause_until else self._phrases.paused
        until = self._clock(state.pause_until)
        text = phrase.format(counter=self._number, reason=state.pause_reason, until=until)
        return " ".join(text.split())  # a reason that was not given leaves a gap

    def clerk(self, state: CounterState | None, waiting: int) -> str:
        """What the clerk reads while nothing else is to be told."""
        if state is None or state.status is CounterStatus.CLOSED:
            return "按下一位开放窗口"
        if state.status is CounterStatus.PAUSED:
            until = f"至{self._clock(state.pause_until)}" if state.pause_until else ""
            return _joined("已暂停", state.pause_reason, until, "再按恢复")
        held = f"挂起{len(state.held)}人" if state.held else ""
        rest = _joined(f"等候{waiting}人", held)
        if state.phase is Phase.CALLED and state.call is not None:
            if state.call.heard is Heard.NO:
                return f"{state.ticket} 语音未播出 请口头叫号"
            recall = state.call.recall
            why = f"重呼{recall}次" if recall else RULES.get(state.call.rule, "")
            return _joined(f"已呼叫{state.ticket}", why, rest)
        if state.phase is Phase.SERVING:
            return _joined(f"{state.ticket}办理中", rest)
        return rest

    def in_emergency(self, state: CounterState | None) -> str:
        """What the clerk reads while an emergency is on: nobody is called, what is under way may be ended."""
        phase = state.phase if state else Phase.IDLE
        what = {Phase.CALLED: "已呼叫", Phase.SERVING: "办理中"}.get(phase, "暂停叫号")
        return _joined("紧急情况", what, state.ticket if state else "")

    telling = "正在补报脱机叫号 请稍候"
    help_refused = "求助未送达 请报修"

    def alone(self, cause: Cause, by_hand: ByHand | None) -> str:
        """What the clerk reads while the hub cannot be asked; `by_hand` None: this panel has no keys to type with."""
        why = _joined("与主机断开", CAUSES[cause])
        if by_hand is None:
            return f"{why} 请稍候"
        if by_hand.message:
            return by_hand.message
        if by_hand.typed:
            return f"脱机 {by_hand.typed} 按下一位呼叫"
        if by_hand.phase is Phase.CALLED:
            return f"脱机 已呼叫{by_hand.ticket} {self._ends_with}"
        if by_hand.phase is Phase.SERVING:
            return f"脱机 {by_hand.ticket}办理中 按结束"
        return f"{why} 键入号码{by_hand.letter} 按下一位"

    def told(self, events: tuple[Event, ...]) -> str:
        """What the clerk should know of what was done alone, now that the hub knows it."""
        for event in events:
            match event:
                case CalledTwice(ticket=ticket, other=other):
                    where = f"{other}号窗口已叫" if other else "已失效"
                    return f"{ticket} {where} 已记录例外"
                case CommandRefused():
                    return "脱机叫号未能补报 请报修"
                case _:
                    pass
        return ""

    def outcome(
        self, command: DeviceCommand, events: tuple[Event, ...], state: CounterState | None
    ) -> str:
        """What came of a press; empty where the counter's state says it all."""
        for event in events:
            if isinstance(event, CommandRefused):
                return _refused(command, event.code, state)
        told = _joined(*map(_done, events))
        if isinstance(command, CallNext) and not any(isinstance(e, TicketCalled) for e in events):
            return REFUSED[Refusal.NOBODY_WAITING]
        return told

    def _clock(self, at: int) -> str:
        return f"{datetime.fromtimestamp(at / 1000, self._zone):%H:%M}" if at else ""


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _refused(command: DeviceCommand, code: Refusal, state: CounterState | None) -> str:
    if code is Refusal.NOT_SERVING and not (state and state.ticket):
        code = Refusal.NOTHING_CALLED
    if isinstance(command, Transfer) and code in TRANSFER_REFUSED:
        return TRANSFER_REFUSED[code]
    return REFUSED.get(code, UNTOLD)


def _done(event: Event) -> str:
    match event:
        case CounterOpened():
            return "窗口已开放 请按下一位"
        case CallUndone(ticket=ticket):
            return f"已撤销呼叫{ticket}"
        case TicketReopened(ticket=ticket):
            return f"{ticket}继续办理"
        case TicketHeld(ticket=ticket, to_counter=to):
            return f"{ticket}已挂起" if to else f"{ticket}已挂起 任一窗口可办"
        case TicketReturned(ticket=ticket):
            return f"{ticket}恢复等候"
        case TicketTransferred(ticket=ticket):
            return f"{ticket}已转出"
        case NoShowMarked(ticket=ticket):
            return f"{ticket}已记过号"
        case TicketVoided(ticket=ticket):
            return f"{ticket}已作废"
        case _:
            return ""

"""The caller panel's thinking: keys become commands; LED bar, clerk's display and key lamps follow the counter's state."""

from __future__ import annotations

from broker.hearing import Alone, Answered, Together, Unanswered
from broker.messages import (
    CallNext,
    CloseTicket,
    CommandRefused,
    CounterState,
    CounterStatus,
    DeviceCommand,
    Heard,
    MarkNoShow,
    OpenCounter,
    PauseCounter,
    Phase,
    QueueState,
    Recall,
    Refusal,
    ResumeCounter,
    Serve,
    TicketCalled,
    Transfer,
)
from broker.settings import Counter, Hall, NextWhileServing
from firmware.device import (
    Effect,
    Event,
    KeyPressed,
    LightLamp,
    Send,
    Show,
    StartTimer,
    Tell,
    TimerFired,
)
from firmware.hal.lamps import Light

__all__ = ["CallerPanel"]

# What the clerk reads when a press was refused; the hub's English reason goes to the log.
REFUSED = {
    Refusal.STALE: "按键已过时 请再按",
    Refusal.DOUBLE_PRESS: "重复按键 已忽略",
    Refusal.COUNTER_CLOSED: "窗口未开放",
    Refusal.COUNTER_PAUSED: "窗口已暂停 请先恢复",
    Refusal.COUNTER_BUSY: "请先结束当前号",
    Refusal.NOBODY_WAITING: "无人等候",
    Refusal.NOTHING_CALLED: "尚未叫号",
    Refusal.NOT_SERVING: "请先按到达",
    Refusal.RECALL_LIMIT: "重呼已达上限 请按过号",
    Refusal.ALREADY_SO: "状态未变",
    Refusal.NO_COUNTER_SERVES: "没有窗口办理该业务",
}
MESSAGE_S = 4.0
TRANSFER = "transfer:"


class CallerPanel:
    """Keys: next, recall, serve, close, no_show, pause, transfer:SERVICE, transfer:NUMBER."""

    def __init__(self, hall: Hall, counter: Counter) -> None:
        self._hall, self._counter = hall, counter
        self._state: CounterState | None = None
        self._waiting = 0
        self._asking: DeviceCommand | None = None
        self._message = ""
        self._alone = "not connected yet"

    def start(self) -> tuple[Effect, ...]:
        return self._draw()

    def handle(self, event: Event, now: int) -> tuple[Effect, ...]:  # noqa: ARG002 - all it shows comes from states
        match event:
            case KeyPressed(key=key):
                return self._pressed(key)
            case CounterState(counter=self._counter.number):
                self._state = event
                return self._draw()
            case QueueState():
                self._waiting = sum(
                    event.services[s].waiting for s in self._counter.services if s in event.services
                )
                return self._draw()
            case Answered(command=command, events=events):
                self._asking = None if command == self._asking else self._asking
                return self._say_outcome(command, events)
            case Unanswered(command=command):
                self._asking = None if command == self._asking else self._asking
                return self._tell("主机无应答 请稍后再按")
            case TimerFired(name="message"):
                self._message = ""
                return self._draw()
            case Alone(why=why):
                self._alone = why
                return self._draw()
            case Together():
                self._alone = ""
                return self._draw()
            case _:
                return ()

    # --- keys -----------------------------------------------------------------------------------------

    def _pressed(self, key: str) -> tuple[Effect, ...]:
        if self._asking is not None:
            # The press before it is on its way, alone or not: once the hub is back it still counts.
            return ()
        command = self._command(key)
        if command is None:
            return self._tell("此键未设置")
        if not self._alone:
            self._asking, self._message = command, ""
        return (Send(command, self._hall.rules.press_expires_s),)

    def _command(self, key: str) -> DeviceCommand | None:
        number = self._counter.number
        match key:
            case "next" if self._status is CounterStatus.CLOSED:
                return OpenCounter(counter=number)
            case "next":
                return CallNext(counter=number)
            case "recall":
                return Recall(counter=number)
            case "serve":
                return Serve(counter=number)
            case "close":
                return CloseTicket(counter=number)
            case "no_show":
                return MarkNoShow(counter=number)
            case "pause" if self._status is CounterStatus.PAUSED:
                return ResumeCounter(counter=number)
            case "pause":
                return PauseCounter(counter=number)
            case _ if key.startswith(TRANSFER):
                to = key.removeprefix(TRANSFER)
                if to.isdecimal():
                    return Transfer(counter=number, to_counter=int(to))
                return Transfer(counter=number, to_service=to)
            case _:
                return None

    @property
    def _status(self) -> CounterStatus:
        return self._state.status if self._state else CounterStatus.CLOSED

    def _say_outcome(
        self, command: DeviceCommand, events: tuple[object, ...]
    ) -> tuple[Effect, ...]:
        for event in events:
            if isinstance(event, CommandRefused):
                return self._tell(self._refused(event.code))
        if isinstance(command, OpenCounter):
            return self._tell("窗口已开放 请按下一位")
        if isinstance(command, CallNext) and not any(
            isinstance(event, TicketCalled) for event in events
        ):
            return self._tell(REFUSED[Refusal.NOBODY_WAITING])
        return ()

    def _refused(self, code: Refusal) -> str:
        if code is Refusal.NOT_SERVING and not (self._state and self._state.ticket):
            code = Refusal.NOTHING_CALLED
        return REFUSED.get(code, "主机拒绝了此操作")

    def _tell(self, message: str) -> tuple[Effect, ...]:
        self._message = message
        return (StartTimer("message", MESSAGE_S), Tell(message))

    # --- what is shown --------------------------------------------------------------------------------

    def _draw(self) -> tuple[Effect, ...]:
        return (Show(self._bar()), Tell(self._message or self._clerk()), *self._lamps())

    def _bar(self) -> str:
        phrases, number, state = self._hall.phrases, self._counter.number, self._state
        if state is None or state.status is CounterStatus.CLOSED:
            return phrases.closed.format(counter=number)
        if state.phase is Phase.CALLED:
            return phrases.call_shown.format(ticket=state.ticket, counter=number)
        if state.phase is Phase.SERVING:
            return phrases.serving.format(ticket=state.ticket, counter=number)
        if state.status is CounterStatus.PAUSED:
            return phrases.paused.format(counter=number, reason=state.pause_reason)
        names = "、".join(self._hall.service[service].name for service in self._counter.services)
        return phrases.idle.format(
            counter=number,
            service=names if len(self._counter.services) < len(self._hall.services) else "综合业务",
        )

    def _clerk(self) -> str:
        state = self._state
        if self._alone:
            return "与主机断开 请稍候"
        if state is None or state.status is CounterStatus.CLOSED:
            return "按下一位开放窗口"
        if state.status is CounterStatus.PAUSED:
            return "已暂停 再按恢复"
        waiting = f"等候{self._waiting}人"
        if state.phase is Phase.CALLED and state.call is not None:
            if state.call.heard is Heard.NO:
                return f"{state.ticket} 语音未播出 请口头叫号"
            again = f" 重呼{state.call.recall}次" if state.call.recall else ""
            return f"已呼叫{state.ticket}{again} {waiting}"
        if state.phase is Phase.SERVING:
            return f"{state.ticket}办理中 {waiting}"
        return waiting

    def _lamps(self) -> tuple[Effect, ...]:
        """A lit lamp marks a key that leads on; a blinking one, the key that is waited for."""
        state = self._state
        open_ = state is not None and state.status is CounterStatus.OPEN and not self._alone
        phase = state.phase if state and open_ else Phase.IDLE
        ends = phase is Phase.SERVING or (phase is Phase.CALLED and not self._counter.serve_key)
        lights = {
            "next": Light.ON if open_ and self._next_leads_on(phase) else Light.OFF,
            "serve": Light.BLINK if phase is Phase.CALLED else Light.OFF,
            "close": Light.ON if ends else Light.OFF,
            "pause": Light.ON if self._status is CounterStatus.PAUSED else Light.OFF,
        }
        return tuple(LightLamp(lamp, light) for lamp, light in lights.items())

    def _next_leads_on(self, phase: Phase) -> bool:
        if not self._waiting:
            return False
        if phase is Phase.IDLE:
            return True
        closes = self._hall.rules.next_while_serving is NextWhileServing.CLOSE
        return closes and (phase is Phase.SERVING or not self._counter.serve_key)

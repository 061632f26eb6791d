"""The caller panel's thinking: keys become commands; LED bar, clerk's display and key lamps follow the counter's state, and the hall's in an emergency."""

from __future__ import annotations

from broker.hearing import Alone, Answered, Cause, Kept, Together, Unanswered
from broker.messages import (
    CallForHelp,
    CallNext,
    CloseTicket,
    CommandRefused,
    CounterState,
    CounterStatus,
    DeviceCommand,
    HallState,
    HoldTicket,
    MarkNoShow,
    OpenCounter,
    PauseCounter,
    Phase,
    QueueState,
    Recall,
    Refusal,
    ReportDoneAlone,
    ResumeCounter,
    ReturnTicket,
    Serve,
    Transfer,
    UndoCall,
)
from broker.messages import Event as Written
from broker.settings import Counter, Hall, NextWhileServing
from firmware.caller_panel.by_hand import DIGITS, PREFIX, ByHand
from firmware.caller_panel.help_key import HELP, HelpKey
from firmware.caller_panel.texts import PanelTexts
from firmware.device import (
    NO_PAST,
    Effect,
    Event,
    Failed,
    KeyPressed,
    LightLamp,
    Past,
    Say,
    Send,
    Show,
    StartTimer,
    Tell,
    TimerFired,
)
from firmware.hal.lamps import Light

__all__ = ["PAUSE", "TRANSFER", "CallerPanel"]

MESSAGE_S = 4.0
TRANSFER = "transfer:"
PAUSE = "pause:"


class CallerPanel:
    """Keys: next, recall, serve, close, no_show, undo, hold, hold:any, pause, pause:REASON, transfer:SERVICE, transfer:NUMBER, help.

    Hold brings back who was held longest while the counter has nobody; any pause key resumes a paused counter.
    With the keys 0 to 9 (`types`), and prefix for the letter, a clerk calls by hand while the panel is alone.
    """

    def __init__(
        self,
        hall: Hall,
        counter: Counter,
        *,
        types: bool = False,
        past: Past = NO_PAST,
    ) -> None:
        """What was done alone in an earlier life goes on."""
        self._hall, self._counter, self._types = hall, counter, types
        self._by_hand = ByHand(hall, counter, past.kept)
        self._help = HelpKey(counter.number, past.kept)
        self._cause = Cause.LINE
        self._texts = PanelTexts(hall, counter)
        self._reasons = {f"{PAUSE}{reason.id}": reason for reason in hall.pauses}
        self._state: CounterState | None = None
        self._queue: QueueState | None = None
        self._asking: DeviceCommand | None = None
        self._message = self._emergency = ""
        self._alone = "not connected yet"
        self._undoable = False
        self._toggled_at = 0

    def start(self) -> tuple[Effect, ...]:
        return self._draw()

    def handle(self, event: Event, now: int) -> tuple[Effect, ...]:
        match event:
            case KeyPressed(key=key) if key == HELP:
                return self._help.pressed(now)
            case KeyPressed(key=key):
                return self._pressed(key, now)
            case CounterState(counter=self._counter.number):
                self._state = event
                self._help.heard(event)
                if self._alone:
                    self._by_hand.goes_on_from(event)
                return (*self._may_undo(event, now), *self._draw())
            case HallState(emergency=emergency):
                self._emergency = emergency
                return self._draw()
            case QueueState():
                self._queue = event
                return self._draw()
            case Kept(command=ReportDoneAlone() as report):
                return (*self._by_hand.kept(report), *self._draw())
            case Answered(command=ReportDoneAlone() as report, events=events):
                self._by_hand.told(report)
                told = self._texts.told(events)
                return (*self._draw(), *(self._tell(told) if told else ()))
            case Kept(command=CallForHelp() as call):
                self._help.kept(call)
                return self._draw()
            case Answered(command=CallForHelp(), events=events):
                return self._help_answered(events)
            case Answered(command=command, events=events):
                self._asking = None if command == self._asking else self._asking
                told = self._texts.outcome(command, events, self._state)
                return self._tell(told) if told else ()
            case Unanswered(command=command):
                self._asking = None if command == self._asking else self._asking
                # Why it had no answer says more than that it had none.
                return self._draw() if self._alone else self._tell("主机无应答 请稍后再按")
            case TimerFired(name="message"):
                self._message = ""
                return self._draw()
            case TimerFired(name="undo"):
                self._undoable = False
                return self._draw()
            case Alone(why=why, cause=cause):
                self._by_hand.goes_on_from(self._state)
                self._alone, self._cause = why, cause
                return self._draw()
            case Together():
                self._alone = ""
                self._by_hand.ends()
                return self._draw()
            case Failed(effect=Say()):
                return self._tell("语音未播出 请口头叫号")
            case _:
                return ()

    # --- keys -----------------------------------------------------------------------------------------

    def _pressed(self, key: str, now: int) -> tuple[Effect, ...]:
        if self._alone and self._types:
            return self._pressed_alone(key, now)
        if self._by_hand.untold:
            return self._tell(self._texts.telling)  # no press overtakes what was done before it
        if self._asking is not None:
            # The press before it is on its way, alone or not: once the hub is back it still counts.
            return ()
        if key.startswith(("pause", "hold")):
            # These keys go to and fro: a trembling finger must not undo what it has just done.
            if now - self._toggled_at < self._hall.rules.double_press_ms:
                return ()
            self._toggled_at = now
        command = self._command(key)
        if command is None:
            types = key in DIGITS or key == PREFIX
            return self._tell("已联机 请按下一位" if types else "此键未设置")
        if not self._alone:
            self._asking, self._message = command, ""
        return (Send(command, self._hall.rules.press_expires_s),)

    def _pressed_alone(self, key: str, now: int) -> tuple[Effect, ...]:
        if self._asking is not None and key not in (*DIGITS, PREFIX):
            return self._tell("上一按键未应答 请稍候再按")
        self._message = ""
        return (*self._by_hand.pressed(key, now), *self._draw())

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
            case "undo":
                return UndoCall(counter=number)
            case "hold" | "hold:any" if self._comes_back:
                return ReturnTicket(ticket=self._comes_back)
            case "hold" | "hold:any":
                return HoldTicket(counter=number, anywhere=key != "hold")
            case _ if key == "pause" or key in self._reasons:
                return self._pause(key)
            case _ if key.startswith(TRANSFER):
                to = key.removeprefix(TRANSFER)
                if to.isdecimal():
                    return Transfer(counter=number, to_counter=int(to))
                return Transfer(counter=number, to_service=to)
            case _:
                return None

    def _pause(self, key: str) -> DeviceCommand:
        if self._status is CounterStatus.PAUSED:
            return ResumeCounter(counter=self._counter.number)
        why = self._reasons.get(key)
        if why is None:
            return PauseCounter(counter=self._counter.number)
        return PauseCounter(counter=self._counter.number, reason=why.name, minutes=why.minutes)

    def _help_answered(self, events: tuple[Written, ...]) -> tuple[Effect, ...]:
        """That it is open the counter's state tells; a hub that knew of it already refuses it, and all is well."""
        self._help.answered()
        refused = [e for e in events if isinstance(e, CommandRefused)]
        if any(e.code is not Refusal.ALREADY_SO for e in refused):
            return self._tell(self._texts.help_refused)
        return self._draw()

    @property
    def _status(self) -> CounterStatus:
        return self._state.status if self._state else CounterStatus.CLOSED

    @property
    def _comes_back(self) -> str:
        """Who is on hold here the longest, while the counter is free for them; empty if nobody is."""
        state = self._state
        return state.held[0] if state and state.phase is Phase.IDLE and state.held else ""

    def _tell(self, message: str) -> tuple[Effect, ...]:
        self._message = message
        return (StartTimer("message", MESSAGE_S), self._told(message))

    def _told(self, text: str) -> Tell:
        return Tell(f"{text} {self._help.mark}".strip())

    def _may_undo(self, state: CounterState, now: int) -> tuple[Effect, ...]:
        left = state.call.undo_until - now if state.call else 0
        self._undoable = left > 0
        return (StartTimer("undo", left / 1000),) if self._undoable else ()

    # --- what is shown --------------------------------------------------------------------------------

    def _draw(self) -> tuple[Effect, ...]:
        # The bar first and the clerk's display last: their parts' threads would wake together, and wait for each other.
        return (
            Show(self._emergency or self._texts.bar(self._seen)),
            *self._lamps(),
            self._told(self._message or self._clerk()),
        )

    @property
    def serving(self) -> bool:
        return self._seen is not None and bool(self._seen.ticket)

    @property
    def _seen(self) -> CounterState | None:
        """The counter as it is: by the hub's last word, or by what was done without it since."""
        return self._by_hand.state() if self._by_hand.decides else self._state

    def _clerk(self) -> str:
        if self._alone:
            return self._texts.alone(self._cause, self._by_hand if self._types else None)
        if self._by_hand.untold:
            return self._texts.telling
        if self._emergency:
            return self._texts.in_emergency(self._state)
        return self._texts.clerk(self._state, self._waiting)

    @property
    def _waiting(self) -> int:
        """Those whom this counter may call: for its services, and for it alone."""
        known = self._queue.services if self._queue else {}
        served = self._hall.served[self._counter.number]
        shared = sum(state.waiting for service, state in known.items() if service in served)
        return shared + (self._state.own if self._state else 0)

    def _lamps(self) -> tuple[Effect, ...]:
        """A lit lamp marks a key that leads on; a blinking one, the key that is waited for."""
        state = self._seen
        asks = not self._alone and not self._by_hand.untold
        works = asks or (self._alone and self._types)
        open_ = state is not None and state.status is CounterStatus.OPEN and works
        phase = state.phase if state and open_ else Phase.IDLE
        ends = phase is Phase.SERVING or (phase is Phase.CALLED and not self._counter.serve_key)
        paused = state if state and state.status is CounterStatus.PAUSED else None
        lit = {
            "next": open_ and self._next_leads_on(phase) if asks else bool(self._by_hand.number),
            "close": ends,
            "undo": asks and phase is Phase.CALLED and self._undoable,
            "hold": asks and open_ and bool(self._comes_back),
            "pause": paused is not None,
        } | {
            key: paused is not None and paused.pause_reason == reason.name
            for key, reason in self._reasons.items()
        }
        return (
            LightLamp("serve", Light.BLINK if phase is Phase.CALLED else Light.OFF),
            *(LightLamp(lamp, Light.ON if on else Light.OFF) for lamp, on in lit.items()),
        )

    def _next_leads_on(self, phase: Phase) -> bool:
        if not self._waiting or self._emergency:
            return False
        if phase is Phase.IDLE:
            return True
        closes = self._hall.rules.next_while_serving is NextWhileServing.CLOSE
        return closes and (phase is Phase.SERVING or not self._counter.serve_key)

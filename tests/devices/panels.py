"""A caller panel of the sample hall in the states that its laws begin with; never a law itself."""

from __future__ import annotations

from broker.hearing import Answered, Together
from broker.messages import (
    Call,
    CommandRefused,
    CounterState,
    CounterStatus,
    DeviceCommand,
    Event,
    Heard,
    Phase,
    QueueState,
    Refusal,
    ServiceState,
)
from broker.settings import Hall
from firmware.caller_panel.panel import CallerPanel
from tests.devices.among import NOW, when

__all__ = ["answer", "called", "idle", "panel_of", "paused", "refusal", "serving", "waiting"]


def idle(counter: int = 1, *, own: int = 0, held: tuple[str, ...] = ()) -> CounterState:
    return CounterState(counter=counter, status=CounterStatus.OPEN, own=own, held=held)


def called(
    counter: int = 1,
    ticket: str = "A001",
    *,
    seq: int = 1,
    recall: int = 0,
    heard: Heard = Heard.PENDING,
    until: int = NOW + 60_000,
    rule: str = "",
    undo_until: int = 0,
) -> CounterState:
    call = Call(
        seq=seq,
        ticket=ticket,
        recall=recall,
        valid_until=until,
        heard=heard,
        rule=rule,
        undo_until=undo_until,
    )
    return CounterState(
        counter=counter, status=CounterStatus.OPEN, phase=Phase.CALLED, ticket=ticket, call=call
    )


def serving(counter: int = 1, ticket: str = "A001", *, held: tuple[str, ...] = ()) -> CounterState:
    return CounterState(
        counter=counter, status=CounterStatus.OPEN, phase=Phase.SERVING, ticket=ticket, held=held
    )


def paused(counter: int = 1, reason: str = "", until: int = 0) -> CounterState:
    return CounterState(
        counter=counter, status=CounterStatus.PAUSED, pause_reason=reason, pause_until=until
    )


def waiting(**services: int) -> QueueState:
    return QueueState(services={name: ServiceState(waiting=n) for name, n in services.items()})


def panel_of(hall: Hall, counter: int = 1, state: CounterState | None = None) -> CallerPanel:
    """A panel that is connected and knows its counter's state, open and idle unless said otherwise."""
    panel = CallerPanel(hall, hall.counter[counter])
    panel.start()
    when(panel, Together(), state or idle(counter))
    return panel


def answer(command: DeviceCommand, *events: Event) -> Answered:
    return Answered(command, events)


def refusal(command: DeviceCommand, code: Refusal) -> Answered:
    return answer(command, CommandRefused(code=code, reason="an English reason for the log"))

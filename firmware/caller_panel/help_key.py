"""A clerk's silent call for help: sent until the hub has it, marked so that only the clerk knows where it is."""

from __future__ import annotations

from broker.messages import CallForHelp, CounterState, DeviceCommand
from firmware.device import Effect, Send

__all__ = ["HELP", "HelpKey"]

HELP = "help"
ON_THE_DISK, AT_THE_HUB = "·", "··"


class HelpKey:
    """`kept` is what the board's disk still has of an earlier life."""

    def __init__(self, counter: int, kept: tuple[DeviceCommand, ...] = ()) -> None:
        self._counter = counter
        self._asking = next((one for one in kept if isinstance(one, CallForHelp)), None)
        self._kept = self._asking is not None
        self._open = False

    @property
    def mark(self) -> str:
        """For the end of the clerk's own display: nothing, noted on this board, or open at the hub."""
        if self._open:
            return AT_THE_HUB
        return ON_THE_DISK if self._kept else ""

    def pressed(self, now: int) -> tuple[Effect, ...]:
        """Call, unless one that nobody has answered for is on its way: what the hub knows already it refuses."""
        if self._asking is not None:
            return ()
        self._asking = CallForHelp(counter=self._counter, called_at=now)
        return (Send(self._asking, None),)

    def kept(self, command: CallForHelp) -> None:
        self._kept = command == self._asking

    def answered(self) -> None:
        self._asking, self._kept = None, False

    def heard(self, state: CounterState) -> None:
        self._open = bool(state.help_since)

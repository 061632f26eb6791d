"""Keypads and rating pads as they behave on their FF 68 line: they send presses until echoed, and obey, with faults on demand."""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

__all__ = ["Ff68Line", "Ff68Station", "framed", "unframed"]

_RESEND_SECONDS = 0.2
_RESENDS = 3


def framed(address: int, command: int, data: bytes = b"", *, spoilt: int = 0) -> bytes:
    """A frame; `spoilt` is added to its sum."""
    length = len(data) + 2
    checksum = (address + command + sum(data) + spoilt) % 256
    return bytes((0xFF, 0x68, length, length, 0x68, address, command, *data, checksum, 0x16))


def unframed(stream: bytes) -> tuple[list[tuple[int, int, bytes]], bytes]:
    """The (address, command, data) of each whole frame, and what may become one."""
    found = []
    while stream:
        if stream[0] != 0xFF:
            stream = stream[1:]
        elif len(stream) < 9 or len(stream) < 7 + stream[2]:
            break
        else:
            size = 7 + stream[2]
            one = stream[:size]
            whole = framed(one[5], one[6], one[7:-2]) if size >= 9 else b""
            if one == whole:
                found.append((one[5], one[6], one[7:-2]))
            stream = stream[size:] if one == whole else stream[1:]
    return found, stream


@dataclass
class _Press:
    command: int
    data: bytes
    due: float = float("-inf")
    tries: int = 0


@dataclass
class Ff68Station:
    """A caller's keypad and its rating pad, which share an address.

    `digits` is what stands on the display, " " where it is dark, and `history` all that it ever showed; `beeps`
    and `asked` count what it was told to do. `echoed` are the presses that the host acknowledged, `given_up` those
    that it did not; `resent` counts the frames that were sent again because no echo came in time.
    """

    address: int
    digits: str = " " * 6
    history: list[str] = field(default_factory=list)
    beeps: int = 0
    asked: int = 0
    echoed: list[bytes] = field(default_factory=list)
    given_up: list[bytes] = field(default_factory=list)
    resent: int = 0

    def __post_init__(self) -> None:
        self._hands: queue.SimpleQueue[_Press] = queue.SimpleQueue()
        self._presses: deque[_Press] = deque()

    def press(self, *codes: int) -> None:
        """By any thread: a key, behind the digits that were typed before it."""
        self._hands.put(_Press(0x01, bytes(codes)))

    def rate(self, code: int) -> None:
        self._hands.put(_Press(0x11, bytes([code])))

    def obey(self, command: int, data: bytes) -> None:
        waiting = self._presses[0] if self._presses else None
        if waiting and waiting.tries and command == 0x01 and data == waiting.data:
            self.echoed.append(data)
            self._presses.popleft()
        elif command == 0x02 and len(data) == 6:
            self.digits = "".join(str(one) if one < 10 else " " for one in data)
            self.history.append(self.digits)
        elif command == 0x03:
            self.beeps += 1
        elif (command, data) == (0x01, b"\x0b"):
            self.asked += 1

    def says(self, at: float) -> tuple[int, bytes] | None:
        """What it sends now: a press, or one again that was not echoed."""
        while not self._hands.empty():
            self._presses.append(self._hands.get())
        while self._presses and at >= self._presses[0].due:
            press = self._presses[0]
            if press.tries <= _RESENDS:
                self.resent += press.tries > 0
                press.due, press.tries = at + _RESEND_SECONDS, press.tries + 1
                return press.command, press.data
            self.given_up.append(press.data)
            self._presses.popleft()
        return None


class Ff68Line:
    """Several stations on one pair of wires.

    Faults: `deaf` so many frames from the host are lost, `spoil` so many of the stations' frames get a wrong sum,
    `halve` so many end in the middle; until it is taken back, `noise` comes before each frame, `hears_itself` is an
    adapter that gives the host its own bytes, and `mute` stations neither speak nor hear.
    """

    def __init__(self, stations: Iterable[Ff68Station]) -> None:
        self.stations = {station.address: station for station in stations}
        self.deaf = 0
        self.spoil = 0
        self.halve = 0
        self.noise = b""
        self.hears_itself = False
        self.mute = False
        self._came = b""

    def powered(self, at: float) -> bytes:  # noqa: ARG002 - a station that starts tells nothing
        self._came = b""
        return b""

    def heard(self, chunk: bytes, at: float) -> bytes:
        if self.mute:
            return b""
        found, self._came = unframed(self._came + chunk)
        for address, command, data in found:
            if self.deaf:
                self.deaf -= 1
            elif address in self.stations:
                self.stations[address].obey(command, data)
        return (chunk if self.hears_itself else b"") + self.passed(at)

    def passed(self, at: float) -> bytes:
        if self.mute:
            return b""
        said = ((station, station.says(at)) for station in self.stations.values())
        return b"".join(self._sent(station, *one) for station, one in said if one)

    def _sent(self, station: Ff68Station, command: int, data: bytes) -> bytes:
        spoilt = 1 if self.spoil else 0
        self.spoil -= spoilt
        sent = framed(station.address, command, data, spoilt=spoilt)
        if self.halve:
            self.halve -= 1
            sent = sent[: len(sent) // 2]
        return self.noise + sent

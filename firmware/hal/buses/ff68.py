"""The bytes of an FF 68 bus of caller keypads and rating pads, and what each frame is answered; opens no line.

FF 68 | length, twice | 68 | address, command, data | sum of these three | 16. The length counts what the sum covers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

__all__ = [
    "PRESS",
    "RATE",
    "Conversation",
    "Frame",
    "Noise",
    "Unframer",
    "ask_rating",
    "beep",
    "framed",
    "show_digits",
]

PRESS, _SHOW, _BEEP, RATE = 0x01, 0x02, 0x03, 0x11
_ASK_RATING = b"\x0b"
_HEAD = b"\xff\x68"
_START, _END = 0x68, 0x16
_LONGEST = 32  # the longest frame known has 8 bytes between its start and its sum
_FIRST = 5  # where the address stands

# A keypad at the wrong speed makes more of it with two presses.
_NOISE_BYTES, _NOISE_SECONDS = 48, 10.0
# A device that heard no echo sends its frame again, within 200 ms and at most three times.
_RESEND_SECONDS = 0.25
_MOST_ANSWERS = 4
# Some RS-485 adapters hear what they send themselves; no device sends again as soon as that.
_OWN_VOICE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Frame:
    """What one device tells, or is told."""

    address: int
    command: int
    data: bytes = b""


def framed(frame: Frame) -> bytes:
    """Wrap a frame for the line.

    >>> framed(Frame(3, PRESS, bytes([0x12]))).hex(" ")
    'ff 68 03 03 68 03 01 12 16 16'
    """
    body = bytes([frame.address, frame.command]) + frame.data
    length = bytes([len(body)])
    return _HEAD + length * 2 + bytes([_START]) + body + bytes([sum(body) & 0xFF, _END])


def show_digits(address: int, digits: bytes) -> Frame:
    """Six digits on a keypad's display, 0A for none: three of how many wait, three of the ticket."""
    return Frame(address, _SHOW, digits)


def beep(address: int) -> Frame:
    return Frame(address, _BEEP)


def ask_rating(address: int) -> Frame:
    """Let the pad at this address ask its visitor."""
    return Frame(address, PRESS, _ASK_RATING)


class Unframer:
    """Finds frames in a stream that comes in pieces, by their length: the end byte 16 stands within frames too.

    What is no frame is passed over and counted in `junk`; behind it the next whole frame is found again.
    """

    def __init__(self) -> None:
        self.junk = 0
        self._held = bytearray()

    @property
    def in_a_frame(self) -> bool:
        """Whether a frame has begun and not ended yet."""
        return len(self._held) > 1

    def feed(self, chunk: bytes) -> list[Frame]:
        self._held += chunk
        return list(self._frames())

    def give_up(self) -> list[Frame]:
        """The line fell silent within a frame, so its rest will not come; noise may have hidden whole ones, though."""
        found: list[Frame] = []
        while self._held:
            del self._held[0]
            self.junk += 1
            found += self._frames()
        return found

    def _frames(self) -> Iterator[Frame]:
        while self._held:
            size = self._size()
            if size == 0:
                del self._held[0]
                self.junk += 1
            elif len(self._held) < size:
                return
            else:
                body = bytes(self._held[_FIRST : size - 2])
                del self._held[:size]
                yield Frame(body[0], body[1], body[2:])

    def _size(self) -> int:
        """The size of the frame at the front, as far as it has come; 0 when none begins there."""
        held = self._held
        if not _HEAD.startswith(held[:2]):
            return 0
        if len(held) < _FIRST:
            length = held[2] if len(held) > 2 else 2
            plausible = 2 <= length <= _LONGEST and (len(held) < 4 or held[3] == length)
            return _FIRST + length + 2 if plausible else 0
        length = held[2]
        if not 2 <= length <= _LONGEST or held[3] != length or held[4] != _START:
            return 0
        size = _FIRST + length + 2
        if len(held) >= size:
            summed = sum(held[_FIRST : size - 2]) & 0xFF
            if (held[size - 2], held[size - 1]) != (summed, _END):
                return 0
        return size


@dataclass(frozen=True, slots=True)
class _Heard:
    frame: Frame
    at: float
    times: int


class Conversation:
    """What a frame means that has come: whether it is news, and what its sender must be answered at once."""

    def __init__(self) -> None:
        self._last: dict[tuple[int, int], _Heard] = {}  # a keypad and its pad speak by turns
        self._sent: dict[Frame, float] = {}

    def say(self, frame: Frame, at: float) -> bytes:
        """A frame for the line, remembered so that it is not taken for a device's when it is heard back."""
        self._sent = {
            sent: when for sent, when in self._sent.items() if at - when <= _OWN_VOICE_SECONDS
        }
        self._sent[frame] = at
        return framed(frame)

    def hear(self, frame: Frame, at: float) -> tuple[Frame | None, bool]:
        """The answer, if any, and whether this press is a new one. `at` in seconds."""
        if frame.command not in (PRESS, RATE) or not frame.data:
            return None, False
        if at - self._sent.get(frame, float("-inf")) <= _OWN_VOICE_SECONDS:
            return None, False
        sender = (frame.address, frame.command)
        before = self._last.get(sender)
        again = before is not None and before.frame == frame and at - before.at <= _RESEND_SECONDS
        times = before.times + 1 if before and again else 1
        self._last[sender] = _Heard(frame, at, times)
        if times > _MOST_ANSWERS:
            return None, False  # no device says it so often: the line gives back what it is told
        # A pad's result is answered as a keypad's press, all else by its own echo.
        return replace(frame, command=PRESS), not again


class Noise:
    """Whether a line carries junk instead of frames: much of it in a short time, and no whole frame since."""

    def __init__(self) -> None:
        self._since = float("-inf")
        self._bytes = 0

    def heard(self, junk: int, at: float, *, frames: bool) -> None:
        if frames or at - self._since > _NOISE_SECONDS:
            self._since, self._bytes = at, 0
        self._bytes += junk

    def loud(self, at: float) -> bool:
        return self._bytes >= _NOISE_BYTES and at - self._since <= _NOISE_SECONDS

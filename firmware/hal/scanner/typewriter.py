"""What a scanner types as a USB keyboard of American layout, as codes; pure, and knows no clock."""

from __future__ import annotations

from firmware.hal.buses.input_events import EventType, InputEvent
from firmware.hal.buses.key_codes import KEY_CODES, SHIFTS, typed
from firmware.hal.scanner.codes import LONGEST

__all__ = ["Typewriter"]

_ENDS = {KEY_CODES["KEY_ENTER"], KEY_CODES["KEY_KPENTER"]}
# With one of them held a key types no character: so scanners send what the layout lacks.
_OTHER_HOLDS = {
    KEY_CODES[f"KEY_{side}{name}"] for side in ("LEFT", "RIGHT") for name in ("CTRL", "ALT", "META")
}
_NOTHING = {KEY_CODES[name] for name in ("KEY_NUMLOCK", "KEY_CAPSLOCK", "KEY_SCROLLLOCK")}
_DROPPED = 3  # of SYN: the kernel has lost events
_UP, _DOWN = 0, 1


class Typewriter:
    """Collects one code at a time; `feed` and `pause` return those that are whole, None in place of a spoilt one."""

    def __init__(self) -> None:
        self._text = ""
        self._spoilt = False
        self._held: set[int] = set()

    @property
    def waits(self) -> bool:
        """Whether a code has begun that nothing has ended yet."""
        return bool(self._text) or self._spoilt

    def feed(self, event: InputEvent) -> list[str | None]:
        if event.type == EventType.SYN and event.code == _DROPPED:
            self._spoilt = True
            self._held.clear()
        if event.type != EventType.KEY:
            return []
        if event.code in SHIFTS or event.code in _OTHER_HOLDS:
            self._hold(event)
            return []
        if event.value != _DOWN or event.code in _NOTHING:
            return []
        if event.code in _ENDS:
            return self.pause()
        self._type(typed(event.code, shifted=bool(self._held & SHIFTS)))
        return []

    def pause(self) -> list[str | None]:
        """The code has ended, by Enter or by a pause that no scanner makes within one."""
        ended: list[str | None] = []
        if self.waits:
            ended = [None if self._spoilt else self._text]
        self._text, self._spoilt = "", False
        return ended

    def _hold(self, event: InputEvent) -> None:
        if event.value == _UP:
            self._held.discard(event.code)
        else:
            self._held.add(event.code)

    def _type(self, character: str) -> None:
        if not character or self._held & _OTHER_HOLDS or len(self._text) == LONGEST:
            self._spoilt = True
        else:
            self._text += character

"""An LCUS relay board as it behaves on USB: it obeys whole orders, and never says a word."""

from __future__ import annotations

__all__ = ["LcusBoard"]

_ORDER = 4  # bytes


class LcusBoard:
    """`on` are its relays from 1; `orders` is every order it understood, `junk` every byte that belonged to none.

    `deaf` until it is taken back: it misses what it is told, and counts that in `missed`.
    """

    def __init__(self, relays: int = 4) -> None:
        self.on = dict.fromkeys(range(1, relays + 1), False)
        self.orders: list[tuple[int, bool]] = []
        self.junk = b""
        self.deaf = False
        self.missed = 0
        self._came = b""

    def powered(self, at: float) -> bytes:  # noqa: ARG002 - it tells nothing
        # USB is its power.
        self.on = dict.fromkeys(self.on, False)
        self._came = b""
        return b""

    def passed(self, at: float) -> bytes:  # noqa: ARG002
        return b""

    def heard(self, chunk: bytes, at: float) -> bytes:  # noqa: ARG002
        self._came += chunk
        while len(self._came) >= _ORDER:
            head, relay, on, check = self._came[:_ORDER]
            whole = head == 0xA0 and on in (0, 1) and (head + relay + on) & 0xFF == check
            if whole:
                self._obey(relay, on == 1)
            else:
                self.junk += self._came[:1]
            self._came = self._came[_ORDER if whole else 1 :]
        return b""

    def _obey(self, relay: int, on: bool) -> None:
        if self.deaf:
            self.missed += 1
        elif relay in self.on:
            self.on[relay] = on
            self.orders.append((relay, on))

"""The lamps at a guide's desk: lit while a visitor's call for a guide is open at a kiosk; they make no sound."""

from __future__ import annotations

from broker.messages import HallState
from firmware.announcer.help_lamps import lit
from firmware.device import Effect

__all__ = ["GUIDE", "GuideLamps", "of_kiosk"]

GUIDE = "guide"


def of_kiosk(kiosk: str) -> str:
    """The lamp of one kiosk; the lamp `guide` is for all.

    >>> of_kiosk("kiosk-1")
    'guide:kiosk-1'
    """
    return f"{GUIDE}:{kiosk}"


class GuideLamps:
    """Follows what the whole hall is told; kiosks stand in no zone, so every desk sees all of them."""

    def __init__(self) -> None:
        self._calling: frozenset[str] = frozenset()

    def heard(self, state: HallState) -> tuple[Effect, ...]:
        before, self._calling = self._calling, frozenset(state.guides)
        changed = sorted(before ^ self._calling)
        if not changed:
            return ()
        return (
            lit(GUIDE, on=bool(self._calling)),
            *(lit(of_kiosk(kiosk), on=kiosk in self._calling) for kiosk in changed),
        )

"""A thread that listens to one device for as long as it is wanted, and tries again whenever the device is lost."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from broker.pulse import Pulse
from firmware.hal import STALL_S, HardwareFault, Health, Trouble

__all__ = ["AGAIN_SECONDS", "Ear", "hand_on"]

_log = logging.getLogger(__name__)

Said = TypeVar("Said")

AGAIN_SECONDS = 1.0
_LAST_TURN_SECONDS = 2.5


class Ear:
    """Calls `turn` again and again; whatever it raises ends neither the thread nor the hope.

    A `turn` takes at most about a second and raises OSError when the device is lost: then `lost` closes what is
    open, and the next turn, `again` seconds later, opens anew. It may return what is wrong though nothing is lost.
    Each trouble is logged once, and is in `health` until a turn goes well. What a device said is never in either.
    """

    def __init__(
        self,
        name: str,
        turn: Callable[[], HardwareFault | None],
        lost: Callable[[], None],
        *,
        again: float = AGAIN_SECONDS,
    ) -> None:
        self._name, self._turn, self._lost, self._again = name, turn, lost, again
        self._stop = threading.Event()
        self.pulse = Pulse(name)
        self._thread: threading.Thread | None = None
        self._trouble: Trouble | None = None
        self._said = ""

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()

    @property
    def stopping(self) -> bool:
        """Whether a turn should come to its end, for nobody listens any more."""
        return self._stop.is_set()

    def rest(self, seconds: float) -> None:
        """Wait, but not longer than anybody listens."""
        self._stop.wait(seconds)

    def health(self) -> Health:
        deaf = self._thread is not None and not self._thread.is_alive()
        trouble = Trouble.BROKEN if deaf else self._trouble
        return Health() if trouble is None else Health(usable=False, troubles=(trouble,))

    def close(self) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join(_LAST_TURN_SECONDS)
            self._thread = None

    def _run(self) -> None:
        while not self.stopping:
            self.pulse.beat(STALL_S)
            try:
                self._know(self._turn())
            except HardwareFault as fault:
                self._lose(fault)
            except OSError as fault:
                what = f"{self._name} cannot be reached: {fault}; check its cable and the port in the settings"
                self._lose(HardwareFault(what, Trouble.OFFLINE))
            except Exception as mistake:  # noqa: BLE001 - whatever a driver raises, its thread goes on
                self._lose(self._mistake(mistake))
        self._lost()

    def _lose(self, fault: HardwareFault) -> None:
        if self.stopping:
            return
        self._know(fault)
        self._lost()
        self.rest(self._again)

    def _know(self, fault: HardwareFault | None) -> None:
        said = str(fault or "")
        if said and said != self._said:
            _log.warning("%s", said)
        elif self._said and not said:
            _log.info("%s is well again", self._name)
        self._said = said
        self._trouble = fault.trouble if fault else None

    def _mistake(self, mistake: Exception) -> HardwareFault:
        # Only where it was: the text of an exception may hold what a card or a code says.
        at = traceback.extract_tb(mistake.__traceback__)[-1]
        where = f"{type(mistake).__name__} in {Path(at.filename).name}, line {at.lineno}"
        return HardwareFault(
            f"{self._name} stumbled over its own driver ({where}); please report this"
        )


def hand_on(post: Callable[[Said], None], said: Said, what: str) -> None:
    """Post; a post that fails must not end what comes later."""
    try:
        post(said)
    except Exception as fault:  # noqa: BLE001 - as above
        _log.error("Nobody took %s: %s", what, type(fault).__name__)

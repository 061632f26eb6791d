"""A board that floods the broker, with its own certificate: it is silenced, and nobody else's presses are lost or much later."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

from broker.identity import open_identity
from broker.messages import Answer, IssueTicket, TicketIssued
from tests.chaos.hall import wait_until
from tests.chaos.result import Result
from tests.system.guarded import Guarded, Raw, guarded
from tests.system.peer import Peer

__all__ = ["flood"]

BAD = "counter-3"
PRESSES = 150
EVERY_S = 0.02
CUT_OFF_S = 5.0
LATER = 2.0


def flood(
    folder: Path, _broker: str, _seed: str, say: Callable[[str], None] = print, *, times: int = 2
) -> Result:
    """Recovered is when the broker has hung up on who floods."""
    result = Result("a board floods without end, mosquitto over TLS", limit_s=CUT_OFF_S)
    with guarded(folder) as hall:
        kiosk = hall.peer("kiosk-1")
        for number in range(times):
            say(f"{result.fault} ({number + 1} of {times})")
            result.tried += 1
            calm = _presses(kiosk, result, lambda count: count < PRESSES)
            loud = _in_a_flood(hall, kiosk, result)
            _compare(calm, loud, result)
            hall.ca("renew", BAD)
    return result


def _in_a_flood(hall: Guarded, kiosk: Peer, result: Result) -> list[float]:
    """Seconds that presses took from its first message until long after its last."""
    # A process of its own: it must not take the time of who measures.
    bully = get_context("spawn").Process(target=_flood, args=(hall.port, hall.identity(BAD)))
    bully.start()
    wait_until("the flood began", lambda: hall.log("hub").count("dropped"))
    began = time.monotonic()
    gone = [0.0]

    def goes_on(count: int) -> bool:
        if not gone[0] and not bully.is_alive():
            gone[0] = time.monotonic()
        return count < PRESSES or (not gone[0] and time.monotonic() < began + 4 * CUT_OFF_S)

    try:
        took = _presses(kiosk, result, goes_on)
    finally:
        bully.kill()
        bully.join()
    if gone[0]:
        result.took(gone[0] - began)
    return took


def _flood(port: int, identity: Path) -> None:
    # Another machine's work: here it has only what the hall leaves.
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    with contextlib.suppress(OSError), Raw(port, open_identity(identity)) as bad:
        while True:
            bad.publish(f"jiaohao/sample/command/{BAD}", b"{}")


def _presses(kiosk: Peer, result: Result, goes_on: Callable[[int], bool]) -> list[float]:
    """Seconds until each press was answered."""
    took: list[float] = []
    while goes_on(len(took)):
        time.sleep(EVERY_S)
        began = time.monotonic()
        answer: Answer = kiosk.ask("kiosk-1", IssueTicket(service="pension"))
        took.append(time.monotonic() - began)
        if not isinstance(answer.events[0], TicketIssued):
            result.verdict.lost.append(f"press {len(took)}: {answer.events}")
    return took


def _compare(calm: list[float], loud: list[float], result: Result) -> None:
    """The slowest of some hundred presses is the machine's own mood in peace as well: told, and not judged."""
    found = [(_within(calm, share), _within(loud, share)) for share in (0.5, 0.98, 1.0)]
    result.facts.append(
        f"{result.fault}: in peace, and from the flood's first message on, half of the presses are answered within"
        " {:.1f} and {:.1f} ms, 98 of 100 within {:.1f} and {:.1f} ms, all within {:.1f} and {:.1f} ms".format(
            *(seconds * 1000 for pair in found for seconds in pair)
        )
    )
    for normal, later in found[:2]:
        if later > LATER * normal:
            result.notes.append(f"presses took {later / normal:.1f} times the normal")


def _within(took: list[float], share: float) -> float:
    """Seconds within which that share of them was answered."""
    return sorted(took)[min(int(share * len(took)), len(took) - 1)]

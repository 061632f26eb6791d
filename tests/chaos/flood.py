"""A board that floods the broker, with its own certificate: it is silenced, and nobody else's presses are lost or much later."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from statistics import median

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
    normal, later = median(calm), median(loud)
    result.facts.append(
        f"{result.fault}: a press is answered after {normal * 1000:.1f} ms in peace, after {later * 1000:.1f} ms"
        f" from the flood's first message on; the slowest after {max(calm) * 1000:.0f} and {max(loud) * 1000:.0f} ms"
    )
    if later > LATER * normal:
        result.notes.append(f"presses took {later / normal:.1f} times the normal")

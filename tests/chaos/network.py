"""A bad network between boards and broker: delay, loss, half-open lines, a zone cut off, a line that flaps."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from tests.chaos.crash import recovery, settle
from tests.chaos.hall import BOARDS, Broken, ChaosHall, wait_until
from tests.chaos.people import People
from tests.chaos.proxy import Proxy
from tests.chaos.result import Result
from tests.chaos.verdict import judge

__all__ = ["NETWORK", "bad_network"]

ZONE = ("counter-1", "hall-1")
NOTICED_S = 10.0
# A lost line is tried again each second, after a failed try of up to three.
BACK_LIMIT_S = 5.0
ALONE = "与主机断开"


@dataclass(frozen=True, slots=True)
class Fault:
    """`alone` boards must say within 10 s that they are; `lasts_s` is how long it lasts, at most."""

    name: str
    begin: Callable[[Proxy], None]
    lasts_s: float
    alone: bool = False


NETWORK = {
    "delay": Fault("300 ms each way between a zone and the broker", lambda p: p.delay(0.3), 6),
    "loss": Fault("packets of a zone lost for seconds, then all at once", Proxy.stall, 3),
    "half-open": Fault("a zone's lines dead without a FIN", Proxy.go_half_open, 14, alone=True),
    "partition": Fault("a zone cut off, and back again", Proxy.cut, 8, alone=True),
}


@contextmanager
def _behind_a_proxy(folder: Path, broker: str) -> Iterator[tuple[ChaosHall, Proxy]]:
    hall = ChaosHall(folder, broker)
    proxy = Proxy(hall.port)
    hall.through = dict.fromkeys(ZONE, proxy.port)
    try:
        hall.begin_all()
        yield hall, proxy
    finally:
        hall.close()
        proxy.close()


def bad_network(
    folder: Path,
    name: str,
    broker: str,
    seed: str,
    *,
    times: int = 3,
    say: Callable[[str], None] = print,
) -> Result:
    fault, random = NETWORK[name], Random(seed)
    result = Result(f"{fault.name}, {broker}", limit_s=BACK_LIMIT_S)
    with _behind_a_proxy(folder, broker) as (hall, proxy):
        people = People(hall, seed)
        for number in range(times):
            say(f"{result.fault} ({number + 1} of {times})")
            time.sleep(random.uniform(0.5, 2))
            result.tried += 1
            _once(hall, proxy, fault, random, result)
        people.rest()
        result.verdict.wrong += settle(hall)
        people.go()
        result.verdict += judge(hall.hall, folder / "journal.db", hall.diaries)
    return result


def _once(hall: ChaosHall, proxy: Proxy, fault: Fault, random: Random, result: Result) -> None:
    began = time.time()
    fault.begin(proxy)
    try:
        if fault.alone:
            wait_until(
                "the clerk of the zone reads that it is alone", lambda: _alone(hall), NOTICED_S
            )
            _others_go_on(hall)
        time.sleep(max(0.0, began + fault.lasts_s * random.uniform(0.6, 1) - time.time()))
        proxy.heal()
        healed = time.time()
        result.took(max(recovery(hall, board, healed) for board in ZONE))
    except Broken as broken:
        proxy.heal()
        result.notes.append(str(broken))


def _alone(hall: ChaosHall) -> bool:
    text = hall.diaries.shows("panel-1", "display") or ""
    page = hall.diaries.shows("display-1", "screen") or {}
    return ALONE in text and "可能不是最新" in page.get("notice", "")


def _others_go_on(hall: ChaosHall) -> None:
    since = int(time.time() * 1000)
    for board in set(BOARDS) - set(ZONE):
        wait_until(
            f"{board}, outside the zone, is answered",
            partial(hall.diaries.any, "answer", since=since, board=board),
            3,
        )

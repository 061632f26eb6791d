"""The law of the first answer whatever came between: random presses, asked again in any order, and after a restart."""

from __future__ import annotations

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from broker.messages import Answer, DeviceCommand, Request
from tests.queue.halls import Day, picture
from tests.queue.ports import Hub, hub_in
from tests.queue.presses import ARRIVALS, KEYS, PRESSES, opening
from tests.queue.random_halls import HALLS


def asked(hub: Hub, lot: Random) -> list[tuple[Request, Answer]]:
    """A few minutes of presses, several at a time, with their answers."""
    told: list[tuple[Request, Answer]] = []
    today = Day(hub.coordinator.queue, at=hub.coordinator.now())
    together = [hub.request(sender, command) for sender, command in opening(today.queue)]
    for _ in range(20):
        told += zip(together, hub.coordinator.handle(together), strict=True)
        hub.hands.pass_(lot.choice((0, 1, 3)))
        hub.coordinator.tick()
        today = Day(hub.coordinator.queue, at=hub.coordinator.now())
        together = []
        for _ in range(4):
            key = lot.choice(KEYS)
            sender, command = PRESSES[ARRIVALS.get(key, key)](today, lot.randrange(100))
            if isinstance(command, DeviceCommand):
                together.append(hub.request(sender, command))
    return told


@settings(max_examples=3)
@given(HALLS, st.integers(0, 2**32))
def test_a_repeated_command_gets_its_first_answer_and_changes_nothing(text: str, seed: int):
    lot = Random(seed)
    with TemporaryDirectory() as folder, hub_in(Path(folder), text) as hub:
        told = asked(hub, lot)
        for restart in (False, True):
            if restart:
                hub.restart()
            before = picture(hub.coordinator.queue)
            lot.shuffle(told)
            again = hub.coordinator.handle([request for request, _ in told])
            assert again == [answer for _, answer in told]
            assert picture(hub.coordinator.queue) == before

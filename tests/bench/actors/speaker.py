"""A board with an announcer, alone in its process: calls come in by its session, the first samples go out; prints ms."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import msgspec

from broker.loading import parse
from broker.messages import Answer, Call, CounterState, CounterStatus, HubState, Phase, Request
from broker.phrases import spoken_counter, spoken_ticket
from broker.session import Address
from broker.settings import Hall
from broker.topics import Topics
from firmware.board import BoardLoop
from firmware.parts import open_parts
from tests.bench.sound_line import SoundLine
from tests.ear import pack_of_tones

WARM_UP = 3
SECONDS = 0.35  # of a number's clip
PAUSE_S = 1.4  # a call of three clips, said twice
HALL = """
[hall]
id = "bench"
name = "大厅"
[[services]]
id = "card"
prefix = "A"
name = "社保卡"
[[zones]]
id = "main"
name = "大厅"
[[counters]]
number = 1
zone = "main"
services = ["card"]
[[boards]]
id = "voice"
[[boards.devices]]
id = "voice-1"
kind = "announcer"
zone = "main"
hardware.voice = { model = "clips", pack = "PACK" }
[[boards]]
id = "hall"
[[boards.devices]]
id = "panel-1"
kind = "caller_panel"
counter = 1
[[boards.devices]]
id = "kiosk-1"
kind = "ticket_kiosk"
"""


class Line:
    """The board's session, with a hub at its other end that answers whatever is asked."""

    def __init__(self, hall: Hall) -> None:
        self._topics = Topics(hall.hall.id)
        self._decode = msgspec.json.Decoder(Request).decode

    def __call__(
        self,
        _address: Address,
        _name: str,
        *,
        on_up: Callable[[], None],
        on_message: Callable[[str, bytes], None],
        **_more: object,
    ) -> Line:
        self._on_up, self.tell = on_up, on_message
        return self

    def start(self) -> None:
        self._on_up()
        self.beat()

    def stop(self) -> None:
        pass

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        if not retain:
            answer = Answer(command_id=self._decode(payload).command_id)
            board = self._topics.last_level(topic)
            self.tell(self._topics.answer(board), msgspec.json.encode(answer))

    def beat(self) -> None:
        state = HubState(boot="bench", at=time.time_ns() // 1_000_000)
        self.tell(self._topics.hub, msgspec.json.encode(state))

    def call(self, number: int) -> int:
        """A new call; when its state arrived, in ns."""
        now = time.time_ns() // 1_000_000
        call = Call(seq=number, ticket=f"A{number:03}", recall=0, valid_until=now + 60_000)
        state = CounterState(
            counter=1,
            status=CounterStatus.OPEN,
            phase=Phase.CALLED,
            ticket=call.ticket,
            service="card",
            call=call,
        )
        payload = msgspec.json.encode(state)
        at = time.monotonic_ns()
        self.tell(self._topics.counter(1), payload)
        return at


def main(folder: Path, calls: int) -> None:
    texts = [f"{spoken_ticket(f'{number:03}')}号" for number in range(1, calls + WARM_UP + 1)]
    pieces = ["请A", *texts, f"到{spoken_counter(1)}号窗口"]
    pack = pack_of_tones(folder / "pack", pieces, longer=dict.fromkeys(texts, SECONDS))
    hall = parse(HALL.replace("PACK", str(pack)))
    sound, line = SoundLine(folder), Line(hall)
    board = next(one for one in hall.boards if one.id == "voice")
    loop = BoardLoop(hall, board, folder, open_parts(), line)  # type: ignore[arg-type]  # a session all the same
    thread = threading.Thread(target=loop.run, args=(Address("127.0.0.1", 1),), daemon=True)
    thread.start()
    time.sleep(2.5)  # the worker looks at its part, which opens the card
    took, phase = [], Random(1)
    for number in range(1, calls + WARM_UP + 1):
        line.beat()
        sound.forget()
        time.sleep(phase.uniform(0, 0.1))  # visitors do not wait for the card's buffers
        at = line.call(number)
        took.append((sound.first_sample(at) - at) / 1e6)
        for _ in range(4):
            time.sleep(PAUSE_S / 4)
            line.beat()
    loop.stop()
    thread.join(5)
    print(json.dumps(took[WARM_UP:]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

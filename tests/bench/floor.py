"""The floor under a press: two MQTT hops through the same broker and one commit with fsync, and nothing else."""

from __future__ import annotations

import queue
import time
from pathlib import Path

import paho.mqtt.client as mqtt

from broker.topics import Topics
from tests.bench.row import BenchFault
from tests.bench.sessions import new_client
from tests.bench.stage import Stage

__all__ = ["Floor"]

TAKE, GIVE = "jiaohao/bench/floor/there", "jiaohao/bench/floor/back"
FLOORS = ("floor-1", "floor-2")
PATIENCE_S = 10.0


class Floor:
    """Two clients in two processes, QoS 1, no delay on either side. `there` and `back` are the messages' sizes in bytes.

    In a secure hall they are two consoles, FLOORS, which read each other's presence; at QoS 0, as nothing else enters.
    """

    def __init__(self, stage: Stage, *, there: int, back: int, secure: bool = False) -> None:
        self._message = bytes(there)
        self._take, give = TAKE, GIVE
        self._qos = 1
        own: Path | None = None
        others: tuple[str, ...] = ()
        if secure:
            self._take, give = map(Topics(stage.hall.hall.id).presence, FLOORS)
            self._qos, own = 0, stage.identity(FLOORS[0])
            others = ("--identity", str(stage.identity(FLOORS[1])))
        self._came: queue.SimpleQueue[int] = queue.SimpleQueue()
        database = str(stage.folder / "floor.db")
        options = ("--take", self._take, "--give", give, "--size", str(back), "--data", database)
        echo = stage.start(
            "tests.bench.actors.echo",
            "--port",
            str(stage.port),
            *options,
            *others,
            "--qos",
            str(self._qos),
            name="echo",
        )
        assert echo.stdout is not None
        if echo.stdout.readline() != b"ready\n":
            raise BenchFault(f"the echo did not start: {stage.said('echo')}")
        self._client = client = new_client("bench-floor", own)
        listens: queue.SimpleQueue[bool] = queue.SimpleQueue()
        client.on_message = self._received
        client.on_connect = lambda client_, *_: client_.subscribe(give, qos=self._qos)
        client.on_subscribe = lambda *_: listens.put(True)
        client.connect("127.0.0.1", stage.port)
        client.loop_start()
        listens.get(timeout=PATIENCE_S)

    def _received(
        self, _client: mqtt.Client, _userdata: object, _message: mqtt.MQTTMessage
    ) -> None:
        self._came.put(time.monotonic_ns())

    def round_trip(self) -> float:
        """There and back, in ms."""
        start = time.monotonic_ns()
        self._client.publish(self._take, self._message, qos=self._qos)
        try:
            return (self._came.get(timeout=PATIENCE_S) - start) / 1e6
        except queue.Empty:
            raise BenchFault("the floor's message did not come back") from None

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

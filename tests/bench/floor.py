"""The floor under a press: two MQTT hops through the same broker and one commit with fsync, and nothing else."""

from __future__ import annotations

import queue
import time

import paho.mqtt.client as mqtt

from tests.bench.row import BenchFault
from tests.bench.sessions import new_client
from tests.bench.stage import Stage

__all__ = ["Floor"]

TAKE, GIVE = "jiaohao/bench/floor/there", "jiaohao/bench/floor/back"
PATIENCE_S = 10.0


class Floor:
    """Two clients in two processes, QoS 1, no delay on either side. `there` and `back` are the messages' sizes in bytes."""

    def __init__(self, stage: Stage, *, there: int, back: int) -> None:
        self._message = bytes(there)
        self._came: queue.SimpleQueue[int] = queue.SimpleQueue()
        database = str(stage.folder / "floor.db")
        options = ("--take", TAKE, "--give", GIVE, "--size", str(back), "--data", database)
        echo = stage.start(
            "tests.bench.actors.echo", "--port", str(stage.port), *options, name="echo"
        )
        assert echo.stdout is not None
        if echo.stdout.readline() != b"ready\n":
            raise BenchFault(f"the echo did not start: {stage.said('echo')}")
        self._client = client = new_client("bench-floor")
        listens: queue.SimpleQueue[bool] = queue.SimpleQueue()
        client.on_message = self._received
        client.on_connect = lambda client_, *_: client_.subscribe(GIVE, qos=1)
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
        self._client.publish(TAKE, self._message, qos=1)
        try:
            return (self._came.get(timeout=PATIENCE_S) - start) / 1e6
        except queue.Empty:
            raise BenchFault("the floor's message did not come back") from None

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

"""Somebody on the hall's broker who speaks raw MQTT; no device is behind it."""

from __future__ import annotations

import contextlib
import json
import queue
import threading
import time
import uuid
from typing import Any

import msgspec
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from broker.messages import Answer, DeviceCommand, Request

__all__ = ["PATIENCE_S", "Peer"]

PATIENCE_S = 20.0


class Peer:
    """Somebody on the broker under a board's name: asks, and hears answers and states."""

    def __init__(self, port: int, board: str, hall: str = "sample") -> None:
        self.hall, self.board = hall, board
        self.answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self.states: dict[str, bytes] = {}
        up = threading.Event()
        self.client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=f"peer-{uuid.uuid4().hex[:6]}"
        )
        self.client.on_connect = lambda client, *_: client.subscribe(
            [
                (f"jiaohao/{hall}/answer/{board}", 0),
                (f"jiaohao/{hall}/state/#", 0),
                (f"jiaohao/{hall}/board/#", 0),
            ]
        )
        self.client.on_subscribe = lambda *_: up.set()
        self.client.on_message = self._heard
        self.client.reconnect_delay_set(1, 1)
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        assert up.wait(PATIENCE_S)

    def _heard(self, _client: object, _userdata: object, message: mqtt.MQTTMessage) -> None:
        if "/answer/" in message.topic:
            self.answers.put(msgspec.json.decode(message.payload, type=Answer))
        else:
            self.states[message.topic.removeprefix(f"jiaohao/{self.hall}/")] = bytes(
                message.payload
            )

    def send(self, payload: bytes) -> None:
        self.client.publish(f"jiaohao/{self.hall}/command/{self.board}", payload)

    def ask(
        self,
        device: str,
        command: DeviceCommand,
        *,
        command_id: str = "",
        expires: int | None = None,
    ) -> Answer:
        """Ask and wait for the answer, asking again under the same id as a device would."""
        request = Request(
            command_id=command_id or uuid.uuid4().hex,
            device=device,
            command=command,
            expires=expires,
        )
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            self.send(msgspec.json.encode(request))
            with contextlib.suppress(queue.Empty):
                while True:
                    answer = self.answers.get(timeout=1)
                    if answer.command_id == request.command_id:
                        return answer
        raise AssertionError(f"no answer to {command}")

    def state(self, topic: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.states.get(topic, b"{}"))
        return found

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()

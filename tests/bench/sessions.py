"""The MQTT sessions of many boards in one thread, and the asking of many commands at a time; it decides nothing."""

from __future__ import annotations

import select
import socket
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from broker.identity import open_identity
from broker.messages import Answer, DeviceCommand, HubState, Request, State
from broker.topics import Topics
from tests.bench.row import BenchFault

__all__ = ["Lane", "Sessions", "new_client", "times"]

PATIENCE_S = 60.0

Next = Callable[[Answer | None], DeviceCommand | None]


def new_client(name: str, identity: Path | None = None) -> mqtt.Client:
    """A client as the suite's own: MQTT 3.1.1, no delay on the line, with an identity over TLS."""
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=mqtt.MQTTv311)
    client.on_socket_open = _no_delay
    if identity is not None:
        client.tls_set_context(open_identity(identity))
    return client


def _no_delay(_client: mqtt.Client, _userdata: object, line: object) -> None:
    if isinstance(line, socket.socket):
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


@dataclass(frozen=True, slots=True)
class Lane:
    """Commands of one device, one after the other: `next` gets the last answer (at first None) and ends with None."""

    board: str
    device: str
    next: Next


def times(count: int, command: DeviceCommand) -> Next:
    """The same command, again and again."""
    left = iter(range(count))
    return lambda _answer: command if next(left, None) is not None else None


class Sessions:
    """One session for each board, with the subscriptions that a board has; `watched` are its counters and kiosks."""

    def __init__(
        self, hall: str, port: int, boards: Mapping[str, tuple[tuple[int, ...], tuple[str, ...]]]
    ) -> None:
        self._topics = Topics(hall)
        self._answers: list[Answer] = []
        self._together: set[mqtt.Client] = set()
        self._decode = msgspec.json.Decoder(Answer).decode
        self._encode = msgspec.json.Encoder().encode
        self._poll = select.epoll()
        self._clients: dict[str, mqtt.Client] = {}
        self._by_fd: dict[int, mqtt.Client] = {}
        for board, (counters, kiosks) in boards.items():
            self._open(board, port, counters, kiosks)
        deadline = time.monotonic() + PATIENCE_S
        # All of them, as nothing is asked again: who hears the hub is also subscribed to its answers.
        while len(self._together) < len(self._clients):
            self._turn(deadline, "the coordinator's first heartbeat")

    def _open(
        self, board: str, port: int, counters: tuple[int, ...], kiosks: tuple[str, ...]
    ) -> None:
        topics = self._topics
        states = [topics.hub, topics.queue, *map(topics.counter, counters)]
        subscribe = [topics.answer(board), *states, *map(topics.kiosk, kiosks)]
        client = new_client(f"asks-for-{board}")
        client.on_connect = lambda client_, *_: client_.subscribe([(t, 0) for t in subscribe])
        client.on_message = self._received
        client.connect("127.0.0.1", port, keepalive=0)
        line = client.socket()
        if line is None:
            raise BenchFault(f"the broker at port {port} does not take {board!r}")
        self._clients[board] = self._by_fd[line.fileno()] = client
        self._poll.register(line.fileno(), select.EPOLLIN)

    def _received(self, client: mqtt.Client, _userdata: object, message: mqtt.MQTTMessage) -> None:
        kind = message.topic.split("/")[2]
        if kind == "answer":
            self._answers.append(self._decode(message.payload))
        elif message.topic == self._topics.hub:
            state = msgspec.json.decode(message.payload, type=State)
            if isinstance(state, HubState) and state.up:
                self._together.add(client)

    def _turn(self, deadline: float, what: str) -> list[Answer]:
        ready = self._poll.poll(max(0.0, deadline - time.monotonic()))
        if not ready:
            raise BenchFault(f"{what} did not come in time")
        for fd, _ in ready:
            client = self._by_fd[fd]
            if client.loop_read() != mqtt.MQTT_ERR_SUCCESS:
                raise BenchFault(f"the broker hung up while {what} was awaited")
            if client.want_write():  # what paho's own callbacks had to say
                client.loop_write()
        answers, self._answers = self._answers, []
        return answers

    def ask(self, lanes: Sequence[Lane]) -> None:
        """Walk all lanes to their ends, each with one command in flight. Raises BenchFault."""
        deadline = time.monotonic() + PATIENCE_S
        asking: dict[str, Lane] = {}
        for lane in lanes:
            self._go_on(lane, None, asking)
        while asking:
            for answer in self._turn(deadline, f"the answer to {len(asking)} commands"):
                if answer.not_now:
                    raise BenchFault(f"the coordinator cannot write: {answer.not_now}")
                if answer.command_id in asking:  # else it is for the real board of that name
                    self._go_on(asking.pop(answer.command_id), answer, asking)

    def _go_on(self, lane: Lane, answer: Answer | None, asking: dict[str, Lane]) -> None:
        command = lane.next(answer)
        if command is None:
            return
        request = Request(command_id=uuid.uuid4().hex, device=lane.device, command=command)
        asking[request.command_id] = lane
        topic = self._topics.command(lane.board)
        self._clients[lane.board].publish(topic, self._encode(request), qos=0)

    def close(self) -> None:
        for client in self._clients.values():
            client.disconnect()
        self._poll.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

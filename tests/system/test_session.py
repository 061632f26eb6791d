"""The laws of a session on the wire, told by a broker in the test's hand: nothing is said before what is asked can be heard."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from broker.session import Address, Session

PATIENCE_S = 10.0
CONNECT, PUBLISH, SUBSCRIBE = 0x10, 0x30, 0x80
CONNACK = b"\x20\x02\x00\x00"
SUBACK = b"\x90\x03%b\x00"


class BrokerInHand:
    """Takes one client at a time and answers it only when told to."""

    def __init__(self) -> None:
        self._ear = socket.create_server(("127.0.0.1", 0))
        self._ear.settimeout(PATIENCE_S)
        self.address = Address("127.0.0.1", self._ear.getsockname()[1])
        self._line: socket.socket | None = None

    def take_client(self) -> None:
        self._line, _ = self._ear.accept()
        self._line.settimeout(PATIENCE_S)

    def hear(self) -> tuple[int, bytes]:
        """The next packet's kind and body; it must be a short one."""
        head, length = self._read(2)
        assert length < 128, "a longer packet than these tests send"
        return head & 0xF0, self._read(length)

    def _read(self, count: int) -> bytes:
        assert self._line is not None
        got = b""
        while len(got) < count:
            more = self._line.recv(count - len(got))
            assert more, "the client hung up"
            got += more
        return got

    def say(self, packet: bytes) -> None:
        assert self._line is not None
        self._line.sendall(packet)

    def hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def close(self) -> None:
        self.hang_up()
        self._ear.close()


class Line:
    """A session and what it has told so far."""

    def __init__(self, address: Address) -> None:
        self.up, self.down = threading.Event(), threading.Event()
        self.session = Session(
            address,
            "test-hub",
            subscribe=("asked/#",),
            will=("hub", b"gone"),
            on_up=self.up.set,
            on_down=lambda _why: self.down.set(),
            on_message=lambda _topic, _payload: None,
        )


@pytest.fixture
def broker() -> Iterator[BrokerInHand]:
    broker = BrokerInHand()
    yield broker
    broker.close()


@pytest.fixture
def line(broker: BrokerInHand) -> Iterator[Line]:
    line = Line(broker.address)
    line.session.start()
    yield line
    line.session.stop()


def come_up(broker: BrokerInHand, line: Line, said_too_early: bytes) -> None:
    """Lead the session from the open line to its subscription, saying something at each step."""
    broker.take_client()
    kind, _ = broker.hear()
    assert kind == CONNECT
    line.session.publish("hub", said_too_early)
    broker.say(CONNACK)
    kind, subscribe = broker.hear()
    assert kind == SUBSCRIBE
    line.session.publish("hub", said_too_early)
    broker.say(SUBACK % subscribe[:2])
    assert line.up.wait(PATIENCE_S)


def test_a_hub_is_not_said_to_be_up_before_it_can_hear_a_command(broker, line):
    come_up(broker, line, b"early")
    line.session.publish("hub", b"up")
    assert broker.hear() == (PUBLISH, b"\x00\x03hubup")


def test_what_is_said_while_the_line_is_broken_is_not_said_on_the_next_one(broker, line):
    come_up(broker, line, b"early")
    broker.hang_up()
    assert line.down.wait(PATIENCE_S)
    line.session.publish("hub", b"lost")
    line.up.clear()
    come_up(broker, line, b"early again")
    line.session.publish("hub", b"up again")
    assert broker.hear() == (PUBLISH, b"\x00\x03hubup again")

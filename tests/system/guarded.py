"""A hall behind TLS, every board with its identity, one of which is stolen; and raw MQTT in the hands of who has it."""

from __future__ import annotations

import queue
import select
import shutil
import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from broker import enrol
from broker.ca import Authority
from broker.identity import open_identity
from broker.messages import Answer
from tests.processes import listens
from tests.system.peer import PATIENCE_S, Peer
from tests.system.stage import SAMPLE, Stage, wait_until

__all__ = ["Guarded", "Raw", "TlsPeer", "guarded", "packet", "text"]

STAFF = """
[[staff]]
id = "wang"
role = "supervisor"

[[staff]]
id = "li"
role = "guide"
"""


class Guarded(Stage):
    """As a Stage, but nobody enters without an identity. The sample hall, with staff."""

    def __init__(self, data: Path, text: str = "") -> None:
        """`text` is a hall.toml to take in its place."""
        hall = data / "hall.toml"
        text = text or SAMPLE.read_text(encoding="utf-8") + STAFF
        hall.write_text(text, encoding="utf-8")
        super().__init__(data, hall)
        self.ca()

    def ca(self, *words: str) -> None:
        """`jiaohao ca`, and words after it."""
        assert enrol.main([*words, "--hall", str(self.hall), "--data", str(self.data)]) == 0

    def authority(self, year: int | None = None) -> Authority:
        """The hall's own; as of some other year it makes identities that have ended."""
        now = datetime(year, 1, 1, tzinfo=UTC) if year else datetime.now(UTC)
        return Authority(self.data / "ca", "sample", now)

    def identity(self, name: str) -> Path:
        return self.data / "ca" / "identities" / name

    def stolen(self, name: str) -> Path:
        """A copy of an identity, which stays as it is when the board gets a new one."""
        copy = self.data / f"stolen-{name}-{time.monotonic_ns()}"
        return Path(shutil.copytree(self.identity(name), copy))

    def start_broker(self) -> None:
        where = ("--hall", str(self.hall), "--port", str(self.port), "--data", str(self.data))
        self.start("broker.serve", *where, "--until-eof", name="broker")
        wait_until("the broker listens", lambda: listens(self.port))

    def start_hub(self) -> None:
        identity = ("--identity", str(self.identity("coordinator")))
        self.start("broker.hub", *self._common(), *identity, "--until-eof", name="hub")

    def start_board(self, board: str) -> None:
        options = ("--board", board, *self._common(), "--identity", str(self.identity(board)))
        process = self.start("hal_mocks.virtual_hall.board", *options, name=board)
        threading.Thread(target=self._listen, args=(process,), daemon=True).start()

    def peer(self, board: str) -> Peer:
        """Somebody honest, with the board's own identity."""
        peer = TlsPeer(self.port, board, self.identity(board))
        self._peers.append(peer)
        return peer

    def raw(self, board: str) -> Raw:
        """Who stole the board's identity."""
        return Raw(self.port, open_identity(self.identity(board)))

    def told(self, observer: Peer, *words: str, patience_s: float = 10) -> str:
        """Wait until the technician reads a sentence with all these words."""

        def found() -> str:
            lines = observer.state("state/hub").get("problems", ())
            return next((line for line in lines if all(word in line for word in words)), "")

        try:
            return str(wait_until(f"{words} is told", found, patience_s))
        except AssertionError as fault:
            told = observer.state("state/hub").get("problems")
            raise AssertionError(f"{fault}; told is {told}") from None


class TlsPeer(Peer):
    """As a Peer, over TLS; it hears its answers and the hub's state."""

    def __init__(self, port: int, board: str, identity: Path) -> None:
        self.hall, self.board = "sample", board
        self.answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self.states: dict[str, bytes] = {}
        up = threading.Event()
        self.client = client = mqtt.Client(CallbackAPIVersion.VERSION2)
        client.tls_set_context(open_identity(identity))
        client.on_socket_open = _no_delay
        own = [f"jiaohao/sample/answer/{board}", "jiaohao/sample/state/hub"]
        client.on_connect = lambda c, *_: c.subscribe([(topic, 0) for topic in own])
        client.on_subscribe = lambda *_: up.set()
        client.on_message = self._heard
        client.reconnect_delay_set(1, 1)
        client.connect("127.0.0.1", port)
        client.loop_start()
        assert up.wait(PATIENCE_S)


def _no_delay(_client: mqtt.Client, _userdata: object, line: object) -> None:
    assert isinstance(line, socket.socket)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class Raw:
    """MQTT 3.1.1 by hand, for what no client library would send. It connects as it is made, if the broker lets it."""

    def __init__(
        self,
        port: int,
        tls: ssl.SSLContext,
        name: str = "thief",
        will: tuple[str, bytes] | None = None,
    ) -> None:
        """Raises OSError if the broker does not let it in."""
        self._rest = b""
        self._mid = 0
        self._line = tls.wrap_socket(
            socket.create_connection(("127.0.0.1", port), PATIENCE_S), server_hostname="127.0.0.1"
        )
        flags = 2 if will is None else 2 | 4 | 32
        payload = text(name) + (b"" if will is None else text(will[0]) + text(will[1]))
        try:
            self.send(packet(0x10, text("MQTT") + bytes([4, flags, 0, 60]) + payload))
            if self.packet() != (0x20, b"\0\0"):
                raise ConnectionError("the broker did not let it in")
        except OSError:
            self._line.close()
            raise

    def send(self, packets: bytes) -> None:
        self._line.sendall(packets)

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        self.send(packet(0x31 if retain else 0x30, text(topic) + payload))

    def subscribe(self, *filters: str) -> None:
        self._mid += 1
        asked = b"".join(text(one) + b"\0" for one in filters)
        self.send(packet(0x82, struct.pack(">H", self._mid) + asked))

    def packet(self, patience_s: float = PATIENCE_S) -> tuple[int, bytes] | None:
        """The next one's kind and body; None if there is none in time. Raises ConnectionError at the line's end."""
        until = time.monotonic() + patience_s
        while True:
            whole = _first(self._rest)
            if whole:
                kind, body, self._rest = whole
                return kind, body
            left = until - time.monotonic()
            if (
                not self._line.pending()
                and not select.select([self._line], [], [], max(0, left))[0]
            ):
                return None
            more = self._line.recv(65536)
            if not more:
                raise ConnectionError("the broker hung up")
            self._rest += more

    def heard(self, seconds: float) -> list[tuple[str, bytes]]:
        """What is delivered within some time: topics and payloads."""
        until = time.monotonic() + seconds
        got = []
        while found := self.packet(max(0.0, until - time.monotonic())):
            kind, body = found
            if kind & 0xF0 == 0x30:
                length = struct.unpack(">H", body[:2])[0]
                got.append((body[2 : 2 + length].decode(), body[2 + length :]))
        return got

    def is_cut_off(self, patience_s: float) -> bool:
        """Whether the broker hangs up within some time."""
        until = time.monotonic() + patience_s
        try:
            while time.monotonic() < until:
                self.packet(max(0.0, until - time.monotonic()))
        except OSError:
            return True
        return False

    def close(self) -> None:
        self._line.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        self.close()


def text(what: str | bytes) -> bytes:
    raw = what.encode() if isinstance(what, str) else what
    return struct.pack(">H", len(raw)) + raw


def packet(kind: int, body: bytes) -> bytes:
    left, length = len(body), b""
    while True:
        left, low = divmod(left, 128)
        length += bytes([low | (128 if left else 0)])
        if not left:
            return bytes([kind]) + length + body


def _first(stream: bytes) -> tuple[int, bytes, bytes] | None:
    """The first whole packet of a stream, and what is left of it."""
    size = 0
    for place, low in enumerate(stream[1:5]):
        size |= (low & 127) << (7 * place)
        if low < 128:
            body = stream[place + 2 : place + 2 + size]
            return (stream[0], body, stream[place + 2 + size :]) if len(body) == size else None
    return None


@contextmanager
def guarded(data: Path, *boards: str) -> Iterator[Guarded]:
    """A hall with broker, coordinator and these boards, up and connected."""
    stage = Guarded(data)
    try:
        stage.start_broker()
        stage.start_hub()
        for board in boards:
            stage.start_board(board)
        observer = stage.peer("guide-1")
        wait_until("the hub's heart beats", lambda: observer.state("state/hub").get("at"))
        yield stage
    finally:
        stage.close()

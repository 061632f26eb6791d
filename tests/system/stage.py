"""A whole hall in real processes for the system tests: broker, coordinator, boards with mock hardware, and peers that speak raw MQTT."""

from __future__ import annotations

import contextlib
import json
import queue
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from broker.messages import Answer, DeviceCommand, Request

SAMPLE = Path(__file__).parents[2] / "broker" / "halls" / "sample.toml"
PATIENCE_S = 20.0


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


def wait_until(what: str, true: Callable[[], Any], patience_s: float = PATIENCE_S) -> Any:
    """Wait for a condition, look often; fail with a sentence that names it."""
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        found = true()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError(f"waited {patience_s:.0f} s in vain: {what}")


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


class Stage:
    """Starts and kills the hall's processes; boards are the real ones on mock hardware, driven by their standard input."""

    def __init__(self, data: Path, hall: Path = SAMPLE, *, embedded: bool = False) -> None:
        self.data, self.hall, self.embedded = data, hall, embedded
        self.port = free_port()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.now: dict[tuple[str, str], dict[str, Any]] = {}
        self.history: list[tuple[str, str, dict[str, Any]]] = []
        self._peers: list[Peer] = []

    # --- processes ------------------------------------------------------------------------------------

    def start_broker(self) -> None:
        self._start(
            "broker",
            "broker.serve",
            "--port",
            str(self.port),
            *(["--embedded"] if self.embedded else []),
        )
        wait_until("the broker listens", self._listens)

    def _listens(self) -> bool:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self.port), timeout=1),
        ):
            return True
        return False

    def start_hub(self) -> None:
        self._start(
            "hub", "broker.hub", "--hall", str(self.hall), "--broker", f"127.0.0.1:{self.port}"
        )

    def start_board(self, board: str) -> None:
        self._start(
            board,
            "hal_mocks.virtual_hall.board",
            "--hall",
            str(self.hall),
            "--board",
            board,
            "--broker",
            f"127.0.0.1:{self.port}",
        )
        process = self.processes[board]
        threading.Thread(target=self._listen, args=(process,), daemon=True).start()

    def _start(self, name: str, module: str, *arguments: str) -> None:
        with (self.data / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", module, *arguments, "--data", str(self.data)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE if module.endswith(".board") else log,
                stderr=log,
            )

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            memory = json.loads(line)
            self.now[memory["device"], memory["part"]] = memory["now"]
            self.history.append((memory["device"], memory["part"], memory["now"]))

    def kill(self, name: str) -> None:
        """kill -9, and wait until it is dead."""
        self._end(name, signal.SIGKILL)

    def _end(self, name: str, number: signal.Signals) -> int:
        process = self.processes.pop(name)
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(number)
        code = process.wait(PATIENCE_S)
        if name == "broker":  # the one that is a child of what we started
            wait_until("the broker is gone", lambda: not self._listens())
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        return code

    def log(self, name: str) -> str:
        return (self.data / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def close(self) -> None:
        for peer in self._peers:
            peer.close()
        for name in list(self.processes):
            self._end(name, signal.SIGTERM)

    # --- people ---------------------------------------------------------------------------------------

    def peer(self, board: str) -> Peer:
        peer = Peer(self.port, board)
        self._peers.append(peer)
        return peer

    def do(self, device: str, part: str, deed: str, key: str = "") -> None:
        """What the world does to a part: press a key, run out of paper."""
        board = next(name for name in self.processes if self._hosts(name, device))
        pipe = self.processes[board].stdin
        assert pipe is not None
        pipe.write(
            json.dumps({"device": device, "part": part, "do": deed, "key": key}).encode() + b"\n"
        )
        pipe.flush()

    def _hosts(self, board: str, device: str) -> bool:
        from broker.loading import load

        return load(self.hall).board_of.get(device) == board

    def press(self, device: str, key: str) -> None:
        self.do(device, "keys", "press", key)

    def shows(
        self, device: str, part: str, text: str, patience_s: float = PATIENCE_S
    ) -> dict[str, Any]:
        """Wait until a part's memory has this text in it."""
        found = wait_until(
            f"{device} {part} shows {text!r} (it shows {self.now.get((device, part))})",
            lambda: (
                text in json.dumps(self.now.get((device, part), {}), ensure_ascii=False)
                and self.now[device, part]
            ),
            patience_s,
        )
        assert isinstance(found, dict)
        return found

    # --- the journal ----------------------------------------------------------------------------------

    def journal(self) -> list[tuple[str, dict[str, Any]]]:
        """Every event as (kind, body), read as another process would."""
        with contextlib.closing(
            sqlite3.connect(f"file:{self.data}/journal.db?mode=ro", uri=True)
        ) as db:
            return [
                (kind, json.loads(body))
                for kind, body in db.execute("SELECT kind, body FROM event ORDER BY seq")
            ]

    def kinds(self) -> list[str]:
        return [kind for kind, _ in self.journal()]


@contextlib.contextmanager
def staged(
    data: Path, *, boards: tuple[str, ...] = (), hall: Path = SAMPLE, embedded: bool = False
) -> Iterator[Stage]:
    """A hall with broker, coordinator and these boards, up and connected."""
    stage = Stage(data, hall, embedded=embedded)
    try:
        stage.start_broker()
        stage.start_hub()
        for board in boards:
            stage.start_board(board)
        hub = stage.peer("observer")
        wait_until("the hub's heart beats", lambda: hub.state("state/hub").get("at"))
        for board in boards:
            wait_until(f"{board} is present", partial(_present, hub, board))
        yield stage
    finally:
        stage.close()


def _present(observer: Peer, board: str) -> bool:
    return bool(
        observer.state(f"board/{board}").get("up", True) and observer.state(f"board/{board}")
    )


def set_file_limit(process: subprocess.Popen[bytes], limit: int) -> None:
    """A disk that is full for one process: no file of its may grow beyond `limit` bytes (-1: free again)."""
    import resource

    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))


def size(path: Path) -> int:
    return path.stat().st_size

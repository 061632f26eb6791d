"""A whole hall in real processes for the system tests: broker, coordinator, boards with mock hardware, and peers."""

from __future__ import annotations

import contextlib
import json
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from tests.processes import Processes, free_port, listens
from tests.system.peer import PATIENCE_S, Peer

SAMPLE = Path(__file__).parents[2] / "broker" / "halls" / "sample.toml"


def wait_until(what: str, true: Callable[[], Any], patience_s: float = PATIENCE_S) -> Any:
    """Wait for a condition, look often; fail with a sentence that names it."""
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        found = true()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError(f"waited {patience_s:.0f} s in vain: {what}")


class Stage(Processes):
    """Starts and kills the hall's processes; boards are the real ones on mock hardware, driven by their standard input."""

    def __init__(self, data: Path, hall: Path = SAMPLE, *, embedded: bool = False) -> None:
        super().__init__(data)
        self.data, self.hall, self.embedded = data, hall, embedded
        self.port = free_port()
        self.now: dict[tuple[str, str], dict[str, Any]] = {}
        self.history: list[tuple[str, str, dict[str, Any]]] = []
        self._peers: list[Peer] = []

    # --- processes ------------------------------------------------------------------------------------

    def start_broker(self) -> None:
        port = ("--port", str(self.port), *(["--embedded"] if self.embedded else []))
        self.start("broker.serve", *port, "--data", str(self.data), "--until-eof", name="broker")
        wait_until("the broker listens", lambda: listens(self.port))

    def start_hub(self) -> None:
        self.start("broker.hub", *self._common(), "--until-eof", name="hub")

    def start_board(self, board: str) -> None:
        module = "hal_mocks.virtual_hall.board"
        process = self.start(module, "--board", board, *self._common(), name=board)
        threading.Thread(target=self._listen, args=(process,), daemon=True).start()

    def _common(self) -> tuple[str, ...]:
        broker = ("--broker", f"127.0.0.1:{self.port}")
        return ("--hall", str(self.hall), *broker, "--data", str(self.data))

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            memory = json.loads(line)
            self.now[memory["device"], memory["part"]] = memory["now"]
            self.history.append((memory["device"], memory["part"], memory["now"]))

    def kill(self, name: str) -> None:
        """kill -9, and wait until it is dead."""
        self.end(name, signal.SIGKILL)
        if name == "broker":  # the one that is a child of what we started
            wait_until("the broker is gone", lambda: not listens(self.port))

    def close(self) -> None:
        for peer in self._peers:
            peer.close()
        self.end_all()

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

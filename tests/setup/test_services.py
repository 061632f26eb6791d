"""The hub's real services towards the system that starts them: ready when they are, fed while they live, starved when not."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from broker.enrol import main as ca
from tests.processes import Processes, free_port
from tests.setup.cards import HALL

LIMIT_S = 2.0
PATIENCE_S = 60.0
STARVES_S = 40.0


class Hub(Processes):
    """Broker, coordinator and desk of a hall, each with a line to the system."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.run = folder / "run"
        self.run.mkdir()
        self.hall = folder / "hall.toml"
        text = HALL.read_text(encoding="utf-8")
        place = f'[broker]\ntls_port = {free_port()}\ndesk_port = {free_port()}\nhost = "127.0.0.1"'
        self.hall.write_text(
            text.replace('[broker]\nhost = "192.168.1.10"', place), encoding="utf-8"
        )
        (folder / "catalogue.toml").write_bytes(HALL.with_name("catalogue.toml").read_bytes())
        assert ca(["--hall", str(self.hall), "--data", str(folder)]) == 0

    def serve(self, name: str, module: str, *more: str) -> socket.socket:
        line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        path = self.folder / f"{name}.notify"
        line.bind(str(path))
        line.settimeout(PATIENCE_S)
        env = {
            "NOTIFY_SOCKET": str(path),
            "WATCHDOG_USEC": str(int(LIMIT_S * 1e6)),
            "RUNTIME_DIRECTORY": str(self.run),
        }
        hall = ("--hall", str(self.hall), "--data", str(self.folder), "--until-eof")
        self.start(module, *hall, *more, name=name, env=env)
        return line


def heard(line: socket.socket) -> dict[str, str]:
    return dict(word.split("=", 1) for word in line.recv(4096).decode().splitlines())


def until(line: socket.socket, word: str, value: str = "") -> dict[str, str]:
    while not (said := heard(line)).get(word, "").startswith(value or "") or word not in said:
        pass
    return said


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    found = Hub(tmp_path)
    yield found
    found.end_all()


@pytest.mark.needs("mosquitto")
def test_each_service_of_the_hub_says_when_it_is_ready_and_lives_on(hub: Hub):
    identity = ("--identity", str(hub.folder / "ca/identities/coordinator"))
    with (
        closing(hub.serve("coordinator", "broker.hub", *identity)) as coordinator,
        closing(hub.serve("broker", "broker.serve")) as broker,
        closing(hub.serve("desk", "broker.desk.cli")) as desk,
    ):
        # It starts without its broker, and says so.
        assert until(coordinator, "READY")["STATUS"].startswith("alone: ")
        until(broker, "READY")
        until(desk, "READY")
        until(coordinator, "STATUS", "connected")
        for line in (coordinator, broker, desk):
            for _ in range(2):
                until(line, "WATCHDOG")
        health = json.loads((hub.run / "health.json").read_bytes())
        assert (health["ready"], health["link"], health["parts"]) == (True, "up", {"journal": True})
        for name, line in (("desk", desk), ("broker", broker), ("coordinator", coordinator)):
            assert hub.end(name) == 0
            until(line, "STOPPING")


@pytest.mark.needs("mosquitto")
def test_a_mosquitto_that_hangs_starves_its_watchdog_and_one_that_nobody_asks_does_not(hub: Hub):
    with closing(hub.serve("broker", "broker.serve")) as line:
        until(line, "READY")
        # For longer than it may be silent: nobody is connected, so it is knocked at.
        for _ in range(int(20 / (LIMIT_S / 4))):
            assert "STATUS" not in heard(line)
        (mosquitto,) = psutil.Process(hub.processes["broker"].pid).children()
        mosquitto.send_signal(signal.SIGSTOP)
        try:
            line.settimeout(STARVES_S)
            assert until(line, "STATUS")["STATUS"] == "does not move any more: mosquitto"
            line.settimeout(2 * LIMIT_S)
            with pytest.raises(TimeoutError):
                heard(line)
        finally:
            mosquitto.send_signal(signal.SIGCONT)
        line.settimeout(PATIENCE_S)
        until(line, "WATCHDOG")
    assert "no valid identity" not in hub.log("broker")

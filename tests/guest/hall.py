"""The hall of the guest: its hub on this machine, and what hangs on its one board, emulated here too, by the network."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from broker.identity import open_identity
from broker.messages import HubState, Presence
from broker.private import write_private
from broker.session import Address, Session
from broker.topics import Topics
from hal_mocks.wires.emulate import Running, running
from hal_mocks.wires.models import MODELS
from tests.processes import REPOSITORY, Processes, free_port

__all__ = ["BOARD", "Hall", "HallFault", "a_hall"]

BOARD = "counter-1"
# What QEMU's own network calls the machine that it runs on.
HOST = "10.0.2.2"
CONSOLE = "desk-1"
CARDS = "read_only_root = true\n"
HALL = """\
[hall]
id = "guest"
name = "测试大厅"
timezone = "Asia/Shanghai"

[broker]
host = "{host}"
tls_port = {port}
desk_port = {desk_port}

[[services]]
id = "pension"
prefix = "A"
name = "养老保险"

[[zones]]
id = "main"
name = "综合服务区"

[[counters]]
number = 1
services = ["pension"]
zone = "main"
serve_key = false

[[boards]]
id = "{board}"
[[boards.devices]]
id = "kiosk-1"
kind = "ticket_kiosk"
[boards.devices.hardware]
printer = {printer}
keys = {keys}
screen = {{ model = "pygame", width = 1024, height = 768 }}
[[boards.devices]]
id = "panel-1"
kind = "caller_panel"
counter = 1
[boards.devices.hardware]
keys = {keypad}
led = {led}

[[consoles]]
id = "{console}"
role = "supervisor"
"""


class HallFault(Exception):
    """The hall did not do what it was to."""


@dataclass
class Hall:
    """`seen` is every presence of the board since then, with when it came, by this machine's monotonic clock.

    `ports` are the broker's and the desk's; `hub_seen` are the hub's heartbeats.
    """

    folder: Path
    hall: Path
    emulated: dict[str, Running]
    hub: Processes
    ports: tuple[int, int]
    hub_seen: list[HubState] = field(default_factory=list)
    seen: list[tuple[float, Presence]] = field(default_factory=list)

    @property
    def data(self) -> Path:
        return self.folder / "var"

    @property
    def common(self) -> tuple[str, ...]:
        """What most commands are told."""
        return ("--hall", str(self.hall), "--data", str(self.data))

    def jiaohao(self, *words: str) -> str:
        """A command of the suite, as a technician types it, and what it says. Raises HallFault if it fails."""
        program = Path(sys.executable).with_name("jiaohao")
        said = subprocess.run(
            [program, *words],
            cwd=REPOSITORY,
            check=False,
            capture_output=True,
            text=True,
            env=os.environ | {"COLUMNS": "200"},
        )
        if said.returncode:
            raise HallFault(f"jiaohao {' '.join(words)}: {said.stdout}{said.stderr}")
        return said.stdout

    def press(self, emulated: str, fault: str) -> None:
        self.emulated[emulated].faults[fault].hurt()

    def words(self, emulated: str) -> list[str]:
        return self.emulated[emulated].emulator.words()

    def has_closed(self) -> bool:
        """Whether a ticket has been served to its end, by the hub's journal."""
        with closing(sqlite3.connect(f"file:{self.data / 'journal.db'}?mode=ro", uri=True)) as db:
            return bool(db.execute("SELECT 1 FROM event WHERE kind = 'TicketClosed'").fetchone())

    @property
    def health(self) -> Presence | None:
        """How the board is by its newest presence; None before the first."""
        return self.seen[-1][1] if self.seen else None

    @property
    def is_up(self) -> bool:
        return self.health is not None and self.health.up

    @property
    def hub_is_up(self) -> bool:
        return bool(self.hub_seen) and self.hub_seen[-1].up

    @property
    def boot(self) -> str:
        return self.health.boot if self.health else ""


@contextmanager
def a_hall(folder: Path, *, hub: bool) -> Iterator[Hall]:
    """All emulated devices live, and somebody watches who comes. With `hub` it runs here; without, its ports are free for one."""
    with ExitStack() as stack:
        models = {"printer": "escpos", "keys": "modbus", "keypad": "ff68", "led": "onbon"}
        emulated = {
            part: stack.enter_context(running(MODELS[model], MODELS[model].options, tcp=True))
            for part, model in models.items()
        }
        port, desk_port = free_port(), free_port()
        hall = folder / "hall.toml"
        hall.write_text(_text(emulated, port, desk_port), encoding="utf-8")
        found = Hall(folder, hall, emulated, Processes(folder), (port, desk_port))
        stack.callback(found.hub.end_all)
        found.data.mkdir(mode=0o700)
        write_private(folder / "cards.toml", CARDS.encode())
        found.jiaohao("ca", *found.common)
        if hub:
            _start_hub(found)
        watch = _watch(found, port)
        stack.callback(watch.stop)
        yield found


def _start_hub(hall: Hall) -> None:
    common, port = (*hall.common, "--until-eof"), hall.ports[0]
    hall.hub.start("broker.serve", *common, name="broker")
    here = ("--broker", f"127.0.0.1:{port}")
    identity = ("--identity", str(hall.data / "ca/identities/coordinator"))
    hall.hub.start("broker.hub", *common, *here, *identity, name="coordinator")
    hall.hub.start("broker.desk.cli", *common, "--interface", "127.0.0.1", name="desk")


def _text(emulated: dict[str, Running], port: int, desk_port: int) -> str:
    def table(part: str, kind: str) -> str:
        return emulated[part].tables[kind].replace("tcp:127.0.0.1:", f"tcp:{HOST}:")

    keys = table("keys", "keypad")
    return HALL.format(
        host=HOST,
        port=port,
        desk_port=desk_port,
        board=BOARD,
        console=CONSOLE,
        printer=table("printer", "printer"),
        keys=keys[: keys.index("keys =")] + "keys = { pension = 1 } }",
        keypad=table("keypad", "keypad"),
        led=table("led", "led_panel"),
    )


def _watch(hall: Hall, port: int) -> Session:
    topics = Topics("guest")

    def hear(topic: str, payload: bytes) -> None:
        if topic == topics.presence(BOARD):
            presence = msgspec.json.decode(payload, type=Presence)
            hall.seen.append((time.monotonic(), presence))
        elif topic == topics.hub:
            hall.hub_seen.append(msgspec.json.decode(payload, type=HubState))

    session = Session(
        Address("127.0.0.1", port),
        CONSOLE,
        subscribe=(topics.presence("+"), topics.hub),
        will=(topics.presence(CONSOLE), b""),
        on_up=lambda: None,
        on_down=lambda _why: None,
        on_message=hear,
        tls=open_identity(hall.data / "ca" / "identities" / CONSOLE, CONSOLE),
    )
    session.start()
    return session

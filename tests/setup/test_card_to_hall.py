"""From cards that `jiaohao provision` wrote to a hall that works: the hub's first boot, a board's, and what their units then start.

What systemd and root do is left out here: see tests/setup/test_units.py, and `make guest` for all of it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Self

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from broker import enrol
from broker.finding import find
from broker.messages import Presence
from firmware.cards.provision import main as provision
from firmware.cards.release_key import public_pem
from firmware.onboard import releases
from firmware.onboard.desk import DeskLine
from firmware.onboard.first_boot import FirstBoot
from firmware.onboard.hub_place import HubPlace, read_hub
from firmware.onboard.launching import launch_of
from firmware.onboard.manifest import Target
from firmware.onboard.places import Places
from firmware.onboard.status import STATES
from tests.processes import free_port, listens
from tests.setup.first_boots import GivesUp, Remembering, boot_of, places_in, small_bundle
from tests.setup.stock import BOOKWORM, TRIXIE, spread
from tests.system.guarded import TlsPeer
from tests.system.stage import SAMPLE, Stage, wait_until

HOST = "hub.invalid"
"""Where hall.toml has the hub. Nobody finds it by that name (RFC 2606), but by what it announces."""

PI = "aarch64"

pytestmark = [
    pytest.mark.needs("mosquitto"),
    # A line whose handshake failed paho leaves to Python to close.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


class Laptop:
    """The technician's: hall.toml, authority, release key, bundles."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.mqtt, self.desk = free_port(), free_port()
        broker = f'host = "{HOST}"\ntls_port = {self.mqtt}\ndesk_port = {self.desk}\n'
        text = SAMPLE.read_text(encoding="utf-8").replace('host = "127.0.0.1"\n', broker)
        self.hall = folder / "hall.toml"
        self.hall.write_text(text, encoding="utf-8")
        shutil.copy(SAMPLE.with_name("sample-catalogue.toml"), folder)
        assert enrol.main(["--enrol", *self.own()]) == 0
        key = Ed25519PrivateKey.generate()
        (folder / "release.pub").write_bytes(public_pem(key))
        self.bundles = [small_bundle(folder / role, key, role, PI) for role in ("board", "hub")]

    def own(self) -> list[str]:
        return ["--hall", str(self.hall), "--data", str(self.folder / "var")]

    def card(self, board: str, to: Path) -> Places:
        """Written by `jiaohao provision` onto a freshly flashed card, which is then in its Pi."""
        places = places_in(to)
        python = f"3.{sys.version_info[1]}"
        spread(BOOKWORM if python == "3.11" else TRIXIE, places.boot)
        words = [board, "--card", str(places.boot), "--label", str(to / "label.pdf"), *self.own()]
        for bundle in self.bundles:
            words += ["--bundle", str(bundle)]
        assert provision([*words, "--release-key", str(self.folder / "release.pub")]) == 0
        return places


class Units(Stage):
    """What the units of a hub start, by the commands that they would start."""

    def unit(self, places: Places, unit: str) -> None:
        found = launch_of(places, unit)
        with (self.folder / f"{unit}.log").open("ab") as log:
            self.processes[unit] = subprocess.Popen(
                found.argv,
                cwd="/",
                # The release of this test holds no library: that of this checkout takes its place.
                env={**os.environ, **found.environment, "PYTHONPATH": ""},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )


@contextmanager
def units(folder: Path, hall: Path, port: int) -> Iterator[Units]:
    stage = Units(folder, hall)
    stage.port = port
    try:
        yield stage
    finally:
        stage.close()


def started(boot: FirstBoot) -> FirstBoot:
    """With the card's bundle, which is for a Pi, whatever this machine is: there is nothing in it that would have to run."""
    boot.install = partial(releases.install, target=Target(PI, Target.here().python))
    return boot


def announced(_places: Places, hall: str, known: HubPlace) -> list[HubPlace]:
    """As `places_announced`, on this machine's own line alone."""
    found = find(hall, 3.0, ("127.0.0.1",))
    return [HubPlace(one.host, known.server_name, one.port, one.desk_port) for one in found]


class Waiting:
    """A first boot in a thread, which tries again ten times a second; ended with the test."""

    def __init__(self, boot: FirstBoot) -> None:
        self.waits, self._over = threading.Event(), threading.Event()
        boot.sleep = self._sleep
        self._boot = boot
        self.thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_fault: object) -> None:
        self._over.set()
        self.thread.join(60)

    def _run(self) -> None:
        with suppress(GivesUp):
            self._boot.run()

    def _sleep(self, _seconds: float) -> None:
        self.waits.set()
        if self._over.wait(0.1):
            raise GivesUp


def status(places: Places) -> str:
    return (places.card / "STATUS.txt").read_text(encoding="utf-8")


def test_two_cards_make_a_hall(tmp_path: Path):
    laptop = Laptop(tmp_path / "laptop")
    hub, board = laptop.card("hub", tmp_path / "hub"), laptop.card("counter-3", tmp_path / "board")
    now = datetime.now(UTC).timestamp()
    first = started(boot_of(board, Remembering(tmp_path / "world", now), find=announced))
    box = Remembering(tmp_path / "box", now)
    with (
        Waiting(first) as waiting,
        units(tmp_path, hub.settings / "hall.toml", laptop.mqtt) as stage,
    ):
        # The board is switched on before there is any hub.
        assert waiting.waits.wait(60)
        assert STATES["no hub"].english in status(board)
        assert not (board.identity / "cert.pem").exists()

        started(boot_of(hub, box)).run()
        for unit in ("broker", "coordinator"):
            stage.unit(hub, unit)
        wait_until("the broker listens", lambda: listens(laptop.mqtt), 30)
        desk = launch_of(hub, "desk").argv[5:]
        stage.start("broker.desk.cli", *desk, "--interface", "127.0.0.1", name="desk")
        waiting.thread.join(120)
        assert not waiting.thread.is_alive(), status(board)

        place = read_hub(board.hub)
        assert place == HubPlace("127.0.0.1", HOST, laptop.mqtt, laptop.desk)
        assert DeskLine(place, board.identity / "ca.pem", board.identity).wanted() is None
        texts = {path.name: path.read_bytes() for path in board.boot.rglob("*") if path.is_file()}
        assert not [name for name, text in texts.items() if b"eyJ" in text], "no token is left"

        # What the board's unit would start, on mock hardware: the same identity, line and settings.
        words = list(launch_of(board, "board").argv)[5:]
        assert words[-2:] == ["--server-name", HOST]
        virtual = stage.start("hal_mocks.virtual_hall.board", *words[:-2], name="counter-3")
        threading.Thread(target=stage._listen, args=(virtual,), daemon=True).start()

        guide = TlsPeer(laptop.mqtt, "guide-1", hub.var / "ca" / "identities" / "guide-1")
        stage._peers.append(guide)
        guide.client.subscribe("jiaohao/sample/board/counter-3")

        def there() -> bool:
            said = guide.states.get("board/counter-3")
            return said is not None and msgspec.json.decode(said, type=Presence).up

        wait_until("the hall sees the board", there, 60)
        for name in ("broker", "coordinator", "desk"):
            assert stage.processes[name].poll() is None, stage.log(name)
        assert stage.end("desk", signal.SIGTERM) == 0

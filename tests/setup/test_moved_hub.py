"""A hub that has moved is found by what it announces, and believed by its certificate alone; on the real Mosquitto."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import msgspec
import pytest

from broker.ca import Authority
from broker.finding import Found, find
from broker.identity import open_identity
from broker.session import Address, Session
from broker.whereabouts import Place, Whereabouts, read_place, write_place
from firmware.onboard.hub_place import HubPlace, places_announced
from firmware.onboard.places import Places
from tests.processes import free_port
from tests.setup.desks import Applicant, DeskStage, desk
from tests.system.guarded import Guarded
from tests.system.stage import wait_until

# A line whose handshake failed paho leaves to Python to close.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

HERE = ("127.0.0.1",)
GONE = "192.0.2.1"  # of the addresses that nobody has (RFC 5737)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskStage]:
    with desk(tmp_path_factory.mktemp("hub")) as stage:
        yield stage


def found_here(stage: DeskStage, hall: str = "sample") -> tuple[Found, ...]:
    del stage
    return find(hall, 3.0, HERE)


def test_the_desk_announces_the_hub_and_another_halls_board_does_not_take_it(hub: DeskStage):
    def found() -> bool:
        return Found("127.0.0.1", 8883, hub.port) in found_here(hub)

    wait_until("the hub is announced", found)
    assert find("elsewhere", 1.0, HERE) == ()


def test_the_first_boot_finds_it_by_the_release(hub: DeskStage, tmp_path: Path):
    """As a process of its own, with the release's library; here that of this checkout."""
    said = subprocess.run(
        [sys.executable, "-m", "broker.finding", "sample", "--interface", "127.0.0.1"],
        check=True,
        capture_output=True,
    )
    assert Found("127.0.0.1", 8883, hub.port) in msgspec.json.decode(said.stdout, type=list[Found])
    places = Places(tmp_path, tmp_path, tmp_path)
    known = HubPlace(GONE, "hub.example")
    for place in places_announced(places, "nobody-has-this-name", known):
        raise AssertionError(f"{place} is of another hall")


class Board:
    """The session of a board that was told another place than the hub's; it waits for no 30 s here."""

    def __init__(self, identity: Path, keep: Path, found: tuple[Place, ...]) -> None:
        self.up, self.why = threading.Event(), ""
        said = Place(host=GONE, server_name="127.0.0.1", port=1)
        self.whereabouts = Whereabouts(
            said,
            None,
            lambda: found,
            lambda place: write_place(keep, place),
            time.monotonic,
            patience_s=0.5,
        )
        self.session = Session(
            Address(GONE, 1),
            "sample-counter-3",
            subscribe=("jiaohao/sample/state/hub",),
            will=("jiaohao/sample/presence/counter-3", b""),
            on_up=self.up.set,
            on_down=self._down,
            on_message=lambda *_: None,
            tls=open_identity(identity, "counter-3"),
            whereabouts=self.whereabouts,
        )
        self.session._client.connect_timeout = 0.5

    def _down(self, why: str) -> None:
        self.why = f"{self.why}\n{why}"

    def __enter__(self) -> Self:
        self.session.start()
        return self

    def __exit__(self, *_fault: object) -> None:
        self.session.stop()


@pytest.mark.needs("mosquitto")
def test_a_board_that_enrolled_reaches_mosquitto_and_finds_it_again_elsewhere(tmp_path: Path):
    """Its own key, the desk's certificate, the broker's configuration of a real hall; then the same at another place."""
    (tmp_path / "hall").mkdir()
    hall = Guarded(tmp_path / "hall")
    port = free_port()
    try:
        hall.start_broker()
        hall.start_hub()
        options = ("--hall", str(hall.hall), "--data", str(hall.data), "--port", str(port))
        hall.start(
            "broker.desk.cli", *options, "--interface", "127.0.0.1", "--until-eof", name="desk"
        )
        wait_until("the desk listens", lambda: _listens(port))
        stage = DeskStage.__new__(DeskStage)
        stage.data, stage.port, stage._numbers = hall.data, port, iter(range(1, 100))
        applicant = Applicant(tmp_path / "board", "counter-3")
        home = applicant.keep(applicant.enrol(stage, stage.token("counter-3")))

        # The same hall, by its identity: the counter's presence and state are its to have.
        shutil.rmtree(hall.identity("counter-3"))
        shutil.copytree(home, hall.identity("counter-3"))
        observer = hall.peer("guide-1")
        wait_until("the hub's heart beats", lambda: observer.state("state/hub").get("at"))
        hall.start_board("counter-3")
        wait_until("the panel shows something", lambda: hall.now.get(("panel-3", "led")), 20)

        keep = tmp_path / "hub.json"
        real = Place(host="127.0.0.1", server_name="127.0.0.1", port=hall.port, desk_port=port)
        hall.end("counter-3")
        with Board(home, keep, (real,)) as board:
            assert board.up.wait(20), board.why
            assert read_place(keep) == real
    finally:
        hall.close()


def _listens(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


class Stranger:
    """Announces himself, and listens with whatever certificate he has; remembers all that he was told."""

    def __init__(self, certificate: Path, key: Path) -> None:
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(certificate, key)
        self._line = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._line.getsockname()[1])
        self.visits, self.heard = 0, b""
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._line.accept()
            except OSError:
                return
            self.visits += 1
            try:
                with self._tls.wrap_socket(line, server_side=True) as tls:
                    self.heard += tls.recv(4096)
            except OSError:
                line.close()

    def close(self) -> None:
        self._line.close()


@contextmanager
def stranger(certificate: Path, key: Path) -> Iterator[Stranger]:
    one = Stranger(certificate, key)
    try:
        yield one
    finally:
        one.close()


@pytest.mark.parametrize("who", ["nobody", "another hall's broker", "a stolen board"])
def test_a_stranger_who_announces_himself_gets_nothing(tmp_path: Path, who: str):
    ca = Authority(tmp_path / "ca", "sample", datetime.now(UTC))
    ca.identity("counter-3")
    ca.identity("counter-1")
    home = ca.folder / "identities"
    match who:
        case "nobody":
            new = (
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                "/CN=127.0.0.1",
            )
            out = ("-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "cert"))
            subprocess.run(["openssl", "req", "-x509", *new, *out], check=True, capture_output=True)
            his = (tmp_path / "cert", tmp_path / "key")
        case "another hall's broker":
            other = Authority(tmp_path / "other", "sample", datetime.now(UTC))
            other.identity("broker", ("127.0.0.1",))
            folder = other.folder / "identities" / "broker"
            his = (folder / "cert.pem", folder / "key.pem")
        case _:
            his = (home / "counter-1" / "cert.pem", home / "counter-1" / "key.pem")
    keep = tmp_path / "hub.json"
    with stranger(*his) as one:
        place = Place(host="127.0.0.1", server_name="127.0.0.1", port=one.port)
        with Board(home / "counter-3", keep, (place,)) as board:
            wait_until("the board has looked there", lambda: one.visits > 1, 30)
            assert not board.up.is_set()
        assert one.heard == b"", "not even who the board is"
        assert not keep.exists()
        assert "broker" in board.why

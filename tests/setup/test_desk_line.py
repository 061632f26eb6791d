"""The laws of the board's side of the desk: the rest of a download, the hub's own name, and no answer that it believes unseen."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from broker.updates.wanted import Release, Wanted, bundles, write_wanted
from firmware.onboard import hall_settings
from firmware.onboard.desk import DeskLine, DeskRefused, WrongHub
from firmware.onboard.hub_place import HubPlace, known_places, read_hub, write_hub
from firmware.onboard.places import Places
from firmware.onboard.tar_files import TarFault, fill
from tests.processes import free_port
from tests.setup.desks import DeskStage, desk
from tests.setup.tars import tar_of

CONTENT = bytes(range(256)) * 8000


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskStage]:
    with desk(tmp_path_factory.mktemp("hub")) as stage:
        folder = bundles(stage.folder_of_desk)
        folder.mkdir(mode=0o700)
        (folder / "a.bundle").write_bytes(CONTENT)
        release = Release(
            name="1.0-00112233",
            file="a.bundle",
            sha256=sha256(CONTENT).hexdigest(),
            size=len(CONTENT),
            counter=7,
            version="1.0",
            machine="aarch64",
            python="3.11",
        )
        write_wanted(stage.folder_of_desk, Wanted(boards={"counter-1": release}))
        yield stage


@pytest.fixture
def line(hub: DeskStage) -> DeskLine:
    place = HubPlace("127.0.0.1", "localhost", 8883, hub.port)
    return DeskLine(place, hub.data / "ca" / "ca.pem", hub.identity("counter-1"))


@pytest.mark.parametrize("there", [0, 1, 1_000_000, len(CONTENT) - 1])
def test_only_the_rest_of_a_download_is_asked_for(line: DeskLine, tmp_path: Path, there: int):
    wanted = line.wanted()
    assert wanted is not None
    to = tmp_path / "part"
    # What is there is kept as it is: its hash is for the reader to check, and shows that it was not fetched again.
    to.write_bytes(b"\xee" * there)
    line.fetch(wanted, to)
    assert to.read_bytes() == b"\xee" * there + CONTENT[there:]


def test_what_is_longer_than_it_should_be_is_fetched_anew(line: DeskLine, tmp_path: Path):
    wanted = line.wanted()
    assert wanted is not None
    to = tmp_path / "part"
    to.write_bytes(bytes(len(CONTENT) + 1))
    line.fetch(wanted, to)
    assert to.read_bytes() == CONTENT


def test_a_desk_that_serves_less_or_more_than_it_said_is_not_believed(
    line: DeskLine, tmp_path: Path
):
    wanted = line.wanted()
    assert wanted is not None
    with pytest.raises(OSError, match="the line to the desk broke"):
        line.fetch(replace(wanted, size=wanted.size + 1), tmp_path / "more")
    line.fetch(replace(wanted, size=wanted.size - 1), tmp_path / "less")
    assert (tmp_path / "less").stat().st_size == wanted.size - 1


def test_the_certificate_counts_for_the_hubs_name_wherever_it_is(hub: DeskStage):
    ca = hub.data / "ca" / "ca.pem"
    other = HubPlace("127.0.0.1", "another.example", 8883, hub.port)
    with pytest.raises(WrongHub, match="is not this hall's hub"):
        DeskLine(other, ca).time()


def test_a_refusal_is_the_desks_own_sentence(hub: DeskStage):
    place = HubPlace("127.0.0.1", "127.0.0.1", 8883, hub.port)
    line = DeskLine(place, hub.data / "ca" / "ca.pem")
    with pytest.raises(DeskRefused, match="show an identity of this hall") as found:
        line.wanted()
    assert found.value.kind == "identity"


@pytest.mark.parametrize("says", [b"", b"hello\r\n", b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 99])
def test_what_speaks_no_tls_is_an_oserror_and_no_more(says: bytes, hub: DeskStage):
    with speaker(says) as port:
        line = DeskLine(HubPlace("127.0.0.1", "127.0.0.1", 1, port), hub.data / "ca" / "ca.pem")
        with pytest.raises(OSError, match=r"."):
            line.time()


def test_nobody_there_is_an_oserror(hub: DeskStage):
    place = HubPlace("127.0.0.1", "127.0.0.1", 1, free_port())
    with pytest.raises(ConnectionRefusedError):
        DeskLine(place, hub.data / "ca" / "ca.pem").time()


@contextmanager
def speaker(says: bytes) -> Iterator[int]:
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        try:
            line, _ = server.accept()
        except OSError:
            return
        with line:
            line.sendall(says)

    thread = threading.Thread(target=serve)
    thread.start()
    yield int(server.getsockname()[1])
    server.close()
    thread.join(5)


# --- settings ----------------------------------------------------------------------------------------------


def test_new_settings_are_taken_whole_and_only_if_the_release_can_use_them(
    hub: DeskStage, line: DeskLine, tmp_path: Path
):
    places = Places(tmp_path, tmp_path / "boot", tmp_path / "run")
    release = tmp_path / "releases" / "r" / "site-packages"
    release.mkdir(parents=True)
    places.current.symlink_to("releases/r")
    wanted = line.settings_wanted()
    assert wanted is not None
    tar = line.settings()
    assert not hall_settings.in_force(places, wanted)
    folder = hall_settings.put(places, tar)
    hall_settings.check(places, folder, "counter-1")
    hall_settings.choose(places, folder)
    assert hall_settings.in_force(places, wanted)
    assert (places.settings / "hall.toml").read_bytes() == hub.hall.read_bytes()

    broken = tar_of({"hall.toml": hub.hall.read_bytes() + b"\n[[boards]]\nname = 1\n"})
    worse = hall_settings.put(places, broken)
    with pytest.raises(hall_settings.SettingsFault, match="cannot use these settings"):
        hall_settings.check(places, worse, "counter-1")
    with pytest.raises(hall_settings.SettingsFault, match="there is no board 'counter-9'"):
        hall_settings.check(places, folder, "counter-9")
    hall_settings.tidy(places)
    assert [path.name for path in tmp_path.glob("settings-*")] == [folder.name]


@pytest.mark.parametrize(
    "name", ["../out", "/etc/passwd", "a/../../out", "..", "hall.toml/../../out"]
)
def test_nothing_in_a_tar_leads_out_of_its_folder(tmp_path: Path, name: str):
    with pytest.raises(TarFault, match="is no plain file"):
        fill(tmp_path / "in", tar_of({name: b"x"}), mode=0o644, folder_mode=0o755)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("kind", [b"1", b"2", b"3", b"6"])
def test_no_link_and_no_device_comes_out_of_a_tar(tmp_path: Path, kind: bytes):
    with pytest.raises(TarFault, match="is no plain file"):
        fill(tmp_path / "in", tar_of({"a": b""}, kind), mode=0o644, folder_mode=0o755)


def test_settings_without_a_hall_and_torn_ones_are_refused(tmp_path: Path):
    places = Places(tmp_path, tmp_path, tmp_path)
    with pytest.raises(hall_settings.SettingsFault, match=r"hold no hall\.toml"):
        hall_settings.put(places, tar_of({"other.toml": b""}))
    whole = tar_of({"hall.toml": b"x" * 5000})
    with pytest.raises(hall_settings.SettingsFault, match="cannot be unpacked"):
        hall_settings.put(places, whole[:2000])
    assert not [path for path in tmp_path.iterdir() if not path.name.endswith(".part")]


# --- where the hub is ----------------------------------------------------------------------------------------


def test_the_running_boards_word_counts_as_an_address_and_never_as_the_hubs_name(tmp_path: Path):
    places = Places(tmp_path, tmp_path, tmp_path)
    places.var.mkdir()
    said = HubPlace("192.168.1.10", "hub.example")
    assert list(known_places(places, said)) == [said]
    write_hub(places, said)
    (places.var / "hub.json").write_text(
        '{"host": "192.168.1.77", "server_name": "evil.example", "port": 8883, "desk_port": 8884}'
    )
    assert list(known_places(places)) == [said, replace(said, host="192.168.1.77")]


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"[]",
        b"{}",
        b'{"host": "a b", "server_name": "x", "port": 1, "desk_port": 1}',
        b'{"host": "a", "server_name": "x", "port": true, "desk_port": 1}',
        b'{"host": "a", "server_name": "x", "port": 1, "desk_port": 99999}',
        b"[" * 3000,
        b" " * 9000 + b"{}",
    ],
)
def test_junk_says_of_no_hub(tmp_path: Path, junk: bytes):
    (tmp_path / "hub.json").write_bytes(junk)
    assert read_hub(tmp_path / "hub.json") is None


def test_a_link_or_a_pipe_in_place_of_the_boards_word_is_not_followed(tmp_path: Path):
    real = tmp_path / "real.json"
    real.write_text('{"host": "a", "server_name": "x", "port": 1, "desk_port": 1}')
    assert read_hub(real) is not None
    (tmp_path / "link.json").symlink_to(real)
    assert read_hub(tmp_path / "link.json") is None
    os.mkfifo(tmp_path / "pipe.json")
    assert read_hub(tmp_path / "pipe.json") is None

"""A whole update over the real desk: told on the hub, fetched over TLS, tried, confirmed, and ordered back; and what root sees of the hub."""

from __future__ import annotations

import json
import os
import shutil
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from broker.mosquitto import COORDINATOR, SERVER
from broker.updates import cli
from broker.updates.bundle_file import read_bundle
from broker.updates.wanted import HUB, Release, Wanted, read_reports, write_wanted
from firmware.cards.release_key import public_pem
from firmware.onboard import releases
from firmware.onboard.desk import DeskLine
from firmware.onboard.hall_settings import SettingsFault
from firmware.onboard.hub_place import HubPlace
from firmware.onboard.machine import ThisMachine
from firmware.onboard.own_desk import OwnDesk
from firmware.onboard.passing import FoundDesk, take_settings
from firmware.onboard.places import Places
from firmware.onboard.state import read_state
from firmware.onboard.updating import Pass, Report, WantedRelease
from tests.processes import free_port
from tests.setup.bundles import KEY, Board, Made
from tests.setup.desks import DeskStage, desk
from tests.setup.test_updating import Machine, install, serving

BOARD = "counter-1"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskStage]:
    with desk(tmp_path_factory.mktemp("hub") / "var") as found:
        (found.data.parent / "release.pub").write_bytes(public_pem(KEY))
        yield found


@pytest.fixture
def board(tmp_path: Path, stage: DeskStage) -> Board:
    """A board of the hall that runs its first release, and knows where the hub is."""
    found = Board(tmp_path / "board")
    places = found.places
    shutil.copytree(stage.identity(BOARD), places.identity)
    places.settings.mkdir()
    shutil.copy(stage.hall, places.settings)
    place = {"host": "127.0.0.1", "server_name": "127.0.0.1", "port": 8883, "desk_port": stage.port}
    places.hub.write_text(json.dumps(place))
    places.run.mkdir()
    releases.begin(places, install(found.bundle(1).path, places))
    return found


def passes(board: Board, machine: Machine, number: int = 1) -> str:
    """The last pass's word."""
    word = ""
    for _ in range(number):
        machine.lives()
        report = Pass(board.places, machine, FoundDesk(board.places), install).run()
        assert report
        word = report.state
    return word


def tell(stage: DeskStage, *words: str) -> int:
    where = ["--hall", str(stage.hall), "--data", str(stage.data), "--no-wait"]
    return cli.main([*words, *where])


def test_a_release_given_to_the_hub_runs_on_the_board_and_is_ordered_back(
    board: Board, stage: DeskStage
):
    machine, places = Machine(board.places), board.places
    old, bundle = places.current.resolve().name, board.bundle(2)
    assert passes(board, machine) == "runs"
    assert tell(stage, "board", BOARD, str(bundle.path)) == 0
    assert passes(board, machine) == "tries"
    assert passes(board, machine, 4) == "runs"
    assert read_state(places).confirmed == bundle.name
    report = read_reports(stage.folder_of_desk)[BOARD]
    assert (report.release, report.previous, report.state) == (bundle.name, old, "runs")
    assert report.at > 0
    where = ["--hall", str(stage.hall), "--data", str(stage.data), "--no-wait"]
    assert cli.rollback([BOARD, *where]) == 0
    assert passes(board, machine, 4) == "runs"
    assert read_state(places).confirmed == old
    written = [deed for deed in stage.deeds() if deed["deed"] == "ReleaseWanted"]
    assert [deed["board"] for deed in written] == [BOARD, BOARD]


def test_a_download_that_broke_off_goes_on_where_it_was(board: Board, stage: DeskStage):
    machine, bundle = Machine(board.places), board.bundle(3)
    assert tell(stage, "board", BOARD, str(bundle.path)) == 0
    wanted = FoundDesk(board.places).wanted()
    assert wanted
    raw = bundle.path.read_bytes()
    board.places.downloads.mkdir()
    half = board.places.downloads / f"{wanted.sha256[:16]}.bundle"
    half.write_bytes(raw[: len(raw) // 2])
    assert passes(board, machine) == "tries"
    assert board.places.current.resolve().name == bundle.name


def test_without_a_hub_the_candidate_is_judged_all_the_same(board: Board, stage: DeskStage):
    machine, bundle = Machine(board.places), board.bundle(4)
    assert tell(stage, "board", BOARD, str(bundle.path)) == 0
    assert passes(board, machine) == "tries"
    place = json.loads(board.places.hub.read_bytes())
    board.places.hub.write_text(json.dumps({**place, "desk_port": free_port()}))
    machine.how[bundle.name] = {"link": "down"}
    machine.broker = False
    nobody = FoundDesk(board.places, find=lambda *_: [])
    for _ in range(3):
        machine.lives()
        with pytest.raises(OSError, match="the hub does not answer at 127"):
            Pass(board.places, machine, nobody, install).run()
    assert read_state(board.places).confirmed == bundle.name


def test_a_desk_that_moved_is_asked_where_it_is_now(board: Board, stage: DeskStage):
    place = json.loads(board.places.hub.read_bytes())
    board.places.hub.write_text(json.dumps({**place, "desk_port": free_port()}))
    here = HubPlace("127.0.0.1", "127.0.0.1", 8883, stage.port)
    found = FoundDesk(board.places, find=lambda *_: [here])
    found.wanted()
    assert json.loads(board.places.hub.read_bytes())["desk_port"] == stage.port


# --- the hall's settings --------------------------------------------------------------------------------

CHECK = b"""
def load(path, board):
    if b"no_such_key" in path.read_bytes():
        raise ValueError(f"{path}:1: no_such_key is not known")
"""


@pytest.fixture
def settled(board: Board, stage: DeskStage) -> Board:
    """A board whose settings are older than the desk's."""
    places = board.places
    shutil.rmtree(places.settings)
    older = places.home / "settings-0000000000000000"
    older.mkdir()
    shutil.copy(stage.hall, older)
    places.settings.symlink_to(older.name)
    newer = install(board.bundle(9, files={"site-packages/firmware/check.py": CHECK}).path, places)
    releases.flip(places, newer, 1000.0)
    releases.confirm(places, newer)
    return board


def test_a_board_takes_the_settings_that_its_release_can_use_once_nobody_is_served(settled: Board):
    places, machine = settled.places, Machine(settled.places)
    line, before = FoundDesk(places).line(), places.settings.readlink()
    with serving(places):
        take_settings(places, machine, line)
    assert (places.settings.readlink(), machine.starts) == (before, 0)
    take_settings(places, machine, line)
    assert places.settings.readlink() != before
    assert (places.settings / "hall.toml").is_file()
    assert machine.starts == 1
    take_settings(places, machine, line)
    assert machine.starts == 1
    assert not (places.home / before).exists()


def test_settings_that_its_release_cannot_use_are_refused_with_its_own_sentence(
    settled: Board, tmp_path: Path
):
    places, machine = settled.places, Machine(settled.places)
    before = places.settings.readlink()
    with desk(tmp_path / "var", "\n# no_such_key\n") as other:
        place = HubPlace("127.0.0.1", "127.0.0.1", 8883, other.port)
        identity = other.identity(BOARD)
        line = DeskLine(place, identity / "ca.pem", identity)
        for _ in range(2):
            with pytest.raises(SettingsFault, match="no_such_key is not known"):
                take_settings(places, machine, line)
        assert (places.settings.readlink(), machine.starts) == (before, 0)
        # Another release is asked anew, and this one can use them.
        releases.flip(places, read_state(places).previous or "", 1000.0)
        take_settings(places, machine, line)
    assert places.settings.readlink() != before


# --- the hub's own -------------------------------------------------------------------------------------


def release_of(bundle: Made) -> Release:
    return read_bundle(bundle.path, [public_pem(KEY)])


def test_the_hub_takes_its_own_wish_from_its_files(tmp_path: Path):
    hub = Board(tmp_path / "hub")
    places, machine = hub.places, Machine(hub.places, broker=None)
    folder = places.var / "desk"
    (folder / "releases").mkdir(parents=True)
    folder.chmod(0o700)
    places.run.mkdir()
    releases.begin(places, install(hub.bundle(1).path, places))
    desk_ = OwnDesk(places)
    machine.lives()
    assert Pass(places, machine, desk_, install).run()
    bundle = hub.bundle(2)
    shutil.copy(bundle.path, folder / "releases")
    write_wanted(folder, Wanted(boards={HUB: release_of(bundle)}))
    for _ in range(5):
        machine.lives()
        Pass(places, machine, desk_, install).run()
    assert read_state(places).confirmed == bundle.name
    assert read_reports(folder)[HUB].release == bundle.name


@pytest.mark.parametrize(
    "damage", ["", "[]", "{}", '{"boards": []}', '{"boards": {"hub": {"name": 1}}}']
)
def test_a_damaged_wish_is_a_sentence(tmp_path: Path, damage: str):
    places = Places(home=tmp_path)
    (places.var / "desk").mkdir(parents=True)
    (places.var / "desk" / "wanted.json").write_text(damage)
    with pytest.raises(OSError, match="damaged"):
        OwnDesk(places).wanted()


@pytest.mark.skipif(
    os.geteuid() != 0, reason="needs root, which could read all that anybody may not"
)
def test_root_goes_no_further_in_the_hub_s_desk_than_its_owner_may(tmp_path: Path):
    places = Places(home=tmp_path / "home")
    folder = places.var / "desk"
    (folder / "releases").mkdir(parents=True)
    secret = tmp_path / "secret"
    secret.write_text("{}")
    secret.chmod(0o600)
    for above in (folder, *folder.parents):
        if above.is_relative_to(tmp_path.parent):
            above.chmod(0o755)
    (folder / "wanted.json").symlink_to(secret)
    (folder / "releases" / "x.bundle").symlink_to(secret)
    (folder / "reports").symlink_to("/etc")
    for owned in (folder, folder / "releases"):
        os.chown(owned, 12345, 12345)
    desk_, wanted = OwnDesk(places), WantedRelease("1.0-x", "x.bundle", "", 2, 1, "1.0")
    with pytest.raises(PermissionError):
        desk_.wanted()
    with pytest.raises(PermissionError):
        desk_.fetch(wanted, tmp_path / "copy")
    with pytest.raises(PermissionError):
        desk_.report(Report("1.0-x", "1.0", 1, "runs", "", "", "m", "3.11"))
    assert os.geteuid() == 0
    assert not Path("/etc/hub.json").exists()


# --- the broker's door ----------------------------------------------------------------------------------


@contextmanager
def broker(stage: DeskStage, *, trusts: Path) -> Iterator[int]:
    """Something with the broker's certificate that asks for one of an authority; its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    identity = stage.identity(SERVER)
    context.load_cert_chain(identity / "cert.pem", identity / "key.pem")
    context.load_verify_locations(trusts)
    context.verify_mode = ssl.CERT_REQUIRED
    ends = threading.Event()

    def serve(listening: socket.socket) -> None:
        while not ends.is_set():
            try:
                line, _ = listening.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(line, server_side=True) as encrypted:
                    encrypted.recv(1)
            except OSError:
                line.close()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,), daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        ends.set()


def knocks(board: Board, port: int) -> bool | None:
    place = json.loads(board.places.hub.read_bytes())
    board.places.hub.write_text(json.dumps({**place, "port": port}))
    return ThisMachine(board.places).broker_answers()


def test_a_broker_that_takes_our_identity_answers(board: Board, stage: DeskStage):
    with broker(stage, trusts=stage.data / "ca" / "ca.pem") as port:
        assert knocks(board, port) is True


def test_one_that_refuses_our_identity_is_as_if_it_were_away(
    board: Board, stage: DeskStage, tmp_path: Path
):
    other = DeskStage(tmp_path / "other")
    with broker(stage, trusts=other.data / "ca" / "ca.pem") as port:
        assert knocks(board, port) is False


@pytest.mark.parametrize(
    ("role", "runs"), [("board", ("board",)), ("hub", ("coordinator", "desk"))]
)
def test_the_units_of_a_machine_are_asked_for_and_started_anew_by_their_role(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role: str, runs: tuple[str, ...]
):
    asked = tmp_path / "asked"
    running = " ".join(f"jiaohao-{unit}.service" for unit in runs)
    systemctl = tmp_path / "systemctl"
    systemctl.write_text(
        f'#!/bin/sh\necho "$*" >> {asked}\n[ "$1" = restart ] && exit\nfor one in {running}; do [ "$3" = $one ] && exit; done\nexit 3\n'
    )
    systemctl.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    places = Places(home=tmp_path)
    places.role.write_text(f"{role}\n")
    machine = ThisMachine(places)
    assert machine.units_down() == (("broker",) if role == "hub" else ())
    machine.start_anew()
    units = ["board"] if role == "board" else ["broker", "coordinator", "desk"]
    named = " ".join(f"jiaohao-{unit}.service" for unit in units)
    assert asked.read_text().splitlines()[-1] == f"restart --no-block {named}"


def test_nobody_there_is_no_answer_and_the_hub_does_not_ask_itself(board: Board):
    assert knocks(board, free_port()) is False
    board.places.role.write_text("hub\n")
    assert ThisMachine(board.places).broker_answers() is None


def test_the_hub_s_identity_is_not_a_board_s(board: Board, stage: DeskStage):
    """Who shows another identity is told of that board's release, never of this one's."""
    shutil.rmtree(board.places.identity)
    shutil.copytree(stage.identity(COORDINATOR), board.places.identity)
    assert FoundDesk(board.places).wanted() is None
    name = board.places.current.resolve().name
    report = Report(name, "1.0", 1, "runs", "", name, "aarch64", "3.11")
    with pytest.raises(OSError, match="no board of this hall"):
        FoundDesk(board.places).report(report)

"""The units: clean by systemd's own judgement, sandboxed, started for ever, and put in their places from the one file."""

from __future__ import annotations

import configparser
import io
import json
import subprocess
import sys
import zipfile
from importlib.resources import files
from pathlib import Path

import pytest

from firmware.cards.program import onboard_program
from firmware.onboard.launching import UNITS
from firmware.onboard.system_files import UNWANTED, put_system_files, system_files

FOLDER = Path(str(files("firmware.onboard").joinpath("units")))
ALL = sorted(path.name for path in FOLDER.iterdir() if path.suffix in {".service", ".timer"})
RUNNING = tuple(f"jiaohao-{unit}.service" for units in UNITS.values() for unit in units)
MOST_EXPOSED = 2.0
ROOTS = ("board", "hub")


def read(name: str) -> configparser.ConfigParser:
    # A key may stand twice, a value may be empty; the last one is what matters here.
    found = configparser.ConfigParser(strict=False, interpolation=None)
    found.optionxform = str  # type: ignore[assignment,method-assign]  # as the library wants it
    found.read(FOLDER / name)
    return found


def verify(unit: Path) -> subprocess.CompletedProcess[str]:
    words = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=yes", str(unit)]
    return subprocess.run(words, check=False, capture_output=True, text=True)


@pytest.mark.needs("systemd-analyze")
@pytest.mark.parametrize("name", ALL)
def test_systemd_finds_nothing_wrong_with_it(name: str):
    found = verify(FOLDER / name)
    assert (found.returncode, found.stderr) == (0, "")


@pytest.mark.needs("systemd-analyze")
def test_systemd_does_find_what_is_wrong(tmp_path: Path):
    wrong = tmp_path / "jiaohao-board.service"
    text = (FOLDER / wrong.name).read_text()
    wrong.write_text(text.replace("MemoryMax=", "MemroyMax="))
    assert verify(wrong).returncode != 0


@pytest.mark.needs("systemd-analyze")
@pytest.mark.parametrize("name", RUNNING)
def test_a_service_that_runs_all_day_can_reach_little(name: str):
    words = ["systemd-analyze", "security", "--offline=true", "--json=short"]
    limit = f"--threshold={int(MOST_EXPOSED * 10)}"
    found = subprocess.run([*words, limit, str(FOLDER / name)], check=False, capture_output=True)
    assert found.returncode == 0, json.loads(found.stdout)


@pytest.mark.parametrize("name", RUNNING)
def test_it_is_watched_limited_and_started_again_for_ever(name: str):
    unit, service = read(name)["Unit"], read(name)["Service"]
    assert unit["StartLimitIntervalSec"] == "0"
    assert {key: service[key] for key in ("Type", "Restart", "RestartSec", "WatchdogSec")} == {
        "Type": "notify",
        "Restart": "always",
        "RestartSec": "2",
        "WatchdogSec": "20",
    }
    assert service["MemoryMax"].endswith("M")
    assert service["User"] == "jiaohao"
    # A folder that went with one service would take away what the others have in it.
    assert (service["RuntimeDirectory"], service["RuntimeDirectoryPreserve"]) == ("jiaohao", "yes")


@pytest.mark.parametrize("name", ALL)
def test_none_waits_for_a_network(name: str):
    text = (FOLDER / name).read_text()
    assert "network-online" not in text
    assert "network.target" not in text


@pytest.mark.parametrize("name", ALL)
def test_what_runs_as_root_says_why(name: str):
    service = read(name)
    if name.endswith(".service") and "User" not in service["Service"]:
        assert service["Service"]["Type"] in {"oneshot", "exec"}
        assert "root" in (FOLDER / name).read_text().partition("[Unit]")[0]


def test_every_file_of_the_folder_goes_somewhere():
    put = {Path(path).name for role in ROOTS for path, _ in system_files(role)}
    contents = {content for role in ROOTS for _, content in system_files(role)}
    assert all(path.read_bytes() in contents for path in FOLDER.iterdir() if path.name != FIRST)
    assert put.isdisjoint({FIRST})


FIRST = "jiaohao-first-boot.service"
"""The card brings it."""


@pytest.fixture(params=ROOTS)
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    put_system_files(request.param, tmp_path)
    return tmp_path


def tree(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): str(path.readlink()) if path.is_symlink() else path.read_text()
        for path in sorted(root.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def test_each_role_starts_its_own_units_and_no_other(root: Path):
    wants = root / "etc/systemd/system/multi-user.target.wants"
    started = {path.name for path in wants.iterdir()}
    role = "board" if "jiaohao-board.service" in started else "hub"
    assert started == {f"jiaohao-{unit}.service" for unit in ("root", *UNITS[role])}
    late = root / "etc/systemd/system/data.mount.wants"
    assert {path.name for path in late.iterdir()} == started, "also once a slow card shows /data"
    for link in wants.iterdir():
        assert (root / str(link.readlink()).lstrip("/")).is_file()
    timers = {path.name for path in (root / "etc/systemd/system/timers.target.wants").iterdir()}
    assert ("jiaohao-backup.timer" in timers) is (role == "hub")
    assert "jiaohao-update.timer" in timers


def test_what_wears_the_card_or_waits_for_a_network_is_out_of_the_way(root: Path):
    links = {name: (root / "etc/systemd/system" / name).readlink() for name in UNWANTED}
    assert set(links.values()) == {Path("/dev/null")}


def test_putting_them_again_changes_nothing(root: Path):
    before = tree(root)
    times = {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}
    put_system_files("hub" if "mosquitto.service" in str(before) else "board", root)
    assert tree(root) == before
    assert all(path.stat().st_mtime_ns == at for path, at in times.items() if path.name != "null")


def test_the_one_file_puts_the_same(tmp_path: Path):
    program = tmp_path / "onboard.pyz"
    program.write_bytes(onboard_program())
    assert any(
        n.endswith(".service") for n in zipfile.ZipFile(io.BytesIO(program.read_bytes())).namelist()
    )
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from firmware.onboard.system_files import put_system_files\n"
        "put_system_files('hub', Path(sys.argv[2]))\n"
    )
    words = [sys.executable, "-I", "-S", "-c", code, str(program), str(tmp_path / "there")]
    subprocess.run(words, check=True)
    put_system_files("hub", tmp_path / "here")
    assert tree(tmp_path / "there") == tree(tmp_path / "here")


def test_who_has_logged_in_has_the_command_of_the_release_that_runs(root: Path, tmp_path: Path):
    command = root / "usr/local/bin/jiaohao"
    assert command.stat().st_mode & 0o777 == 0o755
    release = tmp_path / "home" / "releases" / "1.0-ab"
    (release / "site-packages" / "broker").mkdir(parents=True)
    (release / "site-packages" / "broker" / "__init__.py").touch()
    (release / "site-packages" / "broker" / "cli.py").write_text("import sys; print(sys.argv[1:])")
    (tmp_path / "home" / "current").symlink_to("releases/1.0-ab")
    text = command.read_text().replace("/data/jiaohao", str(tmp_path / "home"))
    script = tmp_path / "jiaohao"
    script.write_text(text.replace("/usr/bin/python3", sys.executable))
    words = ["sh", str(script), "doctor", "a word"]
    said = subprocess.run(words, check=True, capture_output=True, text=True)
    assert said.stdout == "['doctor', 'a word']\n"


def test_the_hardware_watchdog_is_asked_for_no_more_than_it_has():
    found = read("system.conf")["Manager"]
    for key in ("RuntimeWatchdogSec", "RebootWatchdogSec"):
        # BCM2835: fifteen seconds and some; more is refused without a word.
        assert found[key] == "14s"

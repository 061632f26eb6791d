"""Debian packages come in a bundle and are installed without a network: a hub's own, and those of a read-only root wherever that was asked for."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest

from firmware.cards import bundle as command
from firmware.cards.carried import open_bundle
from firmware.cards.release_key import make_key
from firmware.onboard import read_only_root, system
from firmware.onboard.places import Places
from firmware.onboard.system import RaspberryPiOS

HUB = ("mosquitto", "chrony")
ROOT = ("overlayroot", "busybox")


def deb(folder: Path, name: str, version: str) -> Path:
    """A package that holds nothing but its copyright."""
    tree = folder / f"{name}.tree"
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "DEBIAN" / "control").write_text(
        f"Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: x <x@x>\nDescription: x\n"
    )
    words = tree / "usr/share/doc" / name / "copyright"
    words.parent.mkdir(parents=True)
    words.write_text("License: GPL-3\n")
    file = folder / f"{name}_{version}_all.deb"
    subprocess.run(["dpkg-deb", "--build", tree, file], check=True, capture_output=True)
    return file


# --- into the bundle ----------------------------------------------------------------------------------------


@pytest.fixture
def debs(tmp_path: Path) -> Path:
    folder = tmp_path / "debs"
    (folder / "read-only-root").mkdir(parents=True)
    for name in HUB:
        deb(folder, name, "1.0")
    for name in ROOT:
        deb(folder / "read-only-root", name, "0.18")
    return folder


def make(folder: Path, *words: str) -> int:
    """`jiaohao bundle` of a program that needs no other, so without any index of packages."""
    wheel = folder / "suite-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as file:
        file.writestr("suite.py", "")
        file.writestr(
            "suite-1.0.dist-info/METADATA",
            "Metadata-Version: 2.1\nName: suite\nVersion: 1.0\nProvides-Extra: pi\n\n",
        )
        file.writestr(
            "suite-1.0.dist-info/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        file.writestr("suite-1.0.dist-info/RECORD", "")
    key = ["--target", "aarch64-cp311", "--key", str(folder / "keys" / "release.key")]
    return command.main([*key, "--wheel", str(wheel), "--out", str(folder / "dist"), *words])


@pytest.mark.parametrize("role", ["board", "hub"])
@pytest.mark.parametrize("asked", [False, True])
def test_a_bundle_brings_what_a_read_only_root_needs_where_that_was_asked_and_a_hub_its_own_beside(
    role: str, asked: bool, debs: Path, tmp_path: Path
):
    _, public = make_key(tmp_path / "keys")
    words = ["--read-only-root"] if asked else []
    assert make(tmp_path, "--role", role, "--debs", str(debs), *words) == 0
    (path,) = (tmp_path / "dist").glob("*.bundle")
    carried = open_bundle(path, [public])
    found = {one.path for one in carried.manifest.files if one.path.startswith("debs/")}
    own = {f"debs/{name}_1.0_all.deb" for name in HUB} if role == "hub" else set()
    root = {f"debs/read-only-root/{name}_0.18_all.deb" for name in ROOT} if asked else set()
    assert found == own | root
    assert carried.for_read_only_root is asked


@pytest.mark.parametrize("gone", ROOT)
def test_a_folder_without_a_package_that_is_wanted_is_refused_by_its_name(
    gone: str, debs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    make_key(tmp_path / "keys")
    next((debs / "read-only-root").glob(f"{gone}_*")).unlink()
    assert make(tmp_path, "--debs", str(debs), "--read-only-root") == 1
    assert f"there is no package {gone} ({gone}_*.deb)" in capsys.readouterr().err
    (debs / "chrony_1.0_all.deb").unlink()
    assert make(tmp_path, "--debs", str(debs), "--role", "hub") == 1
    assert "there is no package chrony (chrony_*.deb)" in capsys.readouterr().err
    assert not list(tmp_path.glob("dist/*"))


# --- out of it ------------------------------------------------------------------------------------------------


@pytest.fixture
def apt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What apt was told, in a system of dpkg's own where `here` 2.0 is installed, and `half` 1.0 is not whole."""
    programs, told, admin = tmp_path / "bin", tmp_path / "told", tmp_path / "dpkg"
    programs.mkdir()
    (admin / "updates").mkdir(parents=True)
    (admin / "info").mkdir()
    program = programs / "apt-get"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >>{told}\n')
    program.chmod(0o755)
    stanzas = [
        f"Package: {name}\nStatus: install ok {status}\nVersion: {version}\nArchitecture: all\n"
        "Maintainer: x <x@x>\nDescription: x\n"
        for name, status, version in (("here", "installed", "2.0"), ("half", "unpacked", "1.0"))
    ]
    (admin / "status").write_text("\n".join(stanzas))
    monkeypatch.setenv("DPKG_ADMINDIR", str(admin))
    monkeypatch.setenv("PATH", f"{programs}:/usr/sbin:/usr/bin:/sbin:/bin")
    return told


def release(folder: Path) -> tuple[Places, Path]:
    """A board whose release brings packages for a read-only root, and the folder where they are."""
    places = Places(folder / "home")
    packages = places.releases / "1.0" / read_only_root.DEBS
    packages.mkdir(parents=True)
    places.current.symlink_to("releases/1.0")
    return places, packages


@pytest.fixture
def switched(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    found: list[Path] = []
    monkeypatch.setattr(system, "switch_on", found.append)
    return found


def test_what_the_card_lacks_is_installed_without_a_network_before_the_root_is_switched(
    apt: Path, switched: list[Path], tmp_path: Path
):
    places, packages = release(tmp_path)
    deb(packages.parent, "mosquitto", "1.0")
    wanted = [deb(packages, "overlayroot", "0.18"), deb(packages, "half", "1.0")]
    assert RaspberryPiOS(tmp_path).keep_root_unwritten(places), "that waits for a start"
    told = apt.read_text().splitlines()
    assert {word for word in told if word.endswith(".deb")} == {f"{path}" for path in wanted}
    assert {"install", "-oDir::Etc::sourcelist=/dev/null"} <= {*told}
    assert switched == [tmp_path]


@pytest.mark.parametrize("version", ["1.9", "2.0"])
def test_a_package_that_the_card_has_as_new_or_newer_is_left(
    version: str, apt: Path, switched: list[Path], tmp_path: Path
):
    places, packages = release(tmp_path)
    deb(packages, "here", version)
    RaspberryPiOS(tmp_path).keep_root_unwritten(places)
    assert not apt.exists()
    assert switched == [tmp_path]


def test_an_older_one_makes_way(apt: Path, switched: list[Path], tmp_path: Path):
    places, packages = release(tmp_path)
    newer = deb(packages, "here", "1:1.0")
    RaspberryPiOS(tmp_path).keep_root_unwritten(places)
    assert apt.read_text().splitlines()[-1] == str(newer)

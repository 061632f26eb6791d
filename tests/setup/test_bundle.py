"""The laws of a bundle: made without a board at hand, whole for it, the same from the same, and signed by a key that nobody reads."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import tarfile
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.cards import bundle as command
from firmware.cards.contents import foreign, licences, unmet
from firmware.cards.debs import DebsFault, fetch_debs
from firmware.cards.packing import Release, pack
from firmware.cards.program import onboard_program
from firmware.cards.release_key import KeyFault, is_signed, make_key, open_key, public_pem
from firmware.cards.resolving import resolve
from firmware.cards.targets import TARGETS, TargetFault, target
from firmware.onboard.manifest import ReleaseFault, read_manifest
from firmware.onboard.unpacking import Bundle
from tests.setup.bundles import KEY, made

AARCH64, X86_64 = TARGETS["aarch64-cp311"], TARGETS["x86_64-cp311"]


# --- the file -------------------------------------------------------------------------------------------


def test_the_same_content_makes_the_same_bytes(tmp_path: Path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first, second = made(tmp_path / "a", 3), made(tmp_path / "b", 3)
    assert first.path.read_bytes() == second.path.read_bytes()
    assert first.path.name == "jiaohao-1.0-3-here.bundle"


def test_manifest_and_signature_come_first_and_the_files_in_their_order(tmp_path: Path):
    bundle = made(tmp_path, 3)
    with tarfile.open(bundle.path) as tar:
        assert tar.getnames() == [
            "manifest.json",
            "manifest.sig",
            *(member.path for member in bundle.manifest.files),
        ]
    with Bundle(bundle.path) as opened:
        assert is_signed(opened.manifest_bytes, opened.signature, public_pem(KEY))
        assert not is_signed(opened.manifest_bytes + b" ", opened.signature, public_pem(KEY))


def test_a_link_is_no_file_of_a_bundle(tmp_path: Path):
    stage = tmp_path / "stage"
    stage.mkdir()
    (stage / "onboard.pyz").symlink_to("/etc/passwd")
    with pytest.raises(ValueError, match="is a link"):
        pack(stage, Release("1.0", 1, X86_64, "board", 0), KEY, tmp_path)


GOOD: dict[str, object] = {
    "format": 1,
    "version": "1.0",
    "counter": 1,
    "target": {"machine": "aarch64", "python": "3.11"},
    "files": [{"path": "onboard.pyz", "size": 1, "sha256": "0" * 64}],
}


def test_a_plain_manifest_is_read():
    assert read_manifest(json.dumps(GOOD).encode()).name.startswith("1.0-")


ESCAPES = (
    "../x",
    "/etc/passwd",
    "site-packages/../../x",
    "site-packages//x",
    "site-packages/./x",
    "site-packages/",
    "debs/a/../b.deb",
    "manifest.json",
    "complete.json",
    "site-packages/a\0b",
    "site-packages/a\nb",
    "site-packages/ä",
    "debs/x.sh",
)


@pytest.mark.parametrize("path", ESCAPES)
def test_a_file_that_leads_elsewhere_is_refused(path: str):
    files = [
        {"path": "onboard.pyz", "size": 1, "sha256": "0" * 64},
        {"path": path, "size": 1, "sha256": "0" * 64},
    ]
    with pytest.raises(ReleaseFault):
        read_manifest(json.dumps({**GOOD, "files": files}).encode())


@pytest.mark.parametrize(
    "paths",
    [["onboard.pyz", "onboard.pyz"], ["onboard.pyz", "site-packages/a", "site-packages/a/b"], []],
)
def test_what_is_named_twice_or_lacks_its_program_is_refused(paths: list[str]):
    files = [{"path": path, "size": 1, "sha256": "0" * 64} for path in paths]
    with pytest.raises(ReleaseFault):
        read_manifest(json.dumps({**GOOD, "files": files}).encode())


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.sampled_from([*GOOD, "min_from"]), anything)
def test_whatever_stands_in_a_manifest_it_is_read_or_refused_with_a_sentence(
    name: str, value: object
):
    try:
        found = read_manifest(json.dumps({**GOOD, name: value}).encode())
    except ReleaseFault:
        pass
    else:
        assert found.counter >= 0
        assert "/" not in found.name


@given(st.binary(max_size=200))
def test_what_is_no_manifest_is_refused(raw: bytes):
    with pytest.raises(ReleaseFault):
        read_manifest(raw)


# --- the program ----------------------------------------------------------------------------------------


def test_the_program_is_one_file_that_needs_nothing_but_python(tmp_path: Path):
    assert onboard_program() == onboard_program()
    file = tmp_path / "onboard.pyz"
    file.write_bytes(onboard_program())
    # -S: not even the folder of installed packages.
    run = subprocess.run(
        [sys.executable, "-I", "-S", str(file), "self-test"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (run.returncode, run.stderr) == (0, "")
    with zipfile.ZipFile(file) as content:
        names = content.namelist()
    assert all(name.startswith("firmware/onboard/") for name in names[2:])
    assert names[:2] == ["__main__.py", "firmware/__init__.py"]


def test_the_program_says_what_it_can_do_and_what_it_cannot(tmp_path: Path):
    file = tmp_path / "onboard.pyz"
    file.write_bytes(onboard_program())
    run = subprocess.run(
        [sys.executable, "-I", str(file), "fly"], check=False, capture_output=True, text=True
    )
    assert run.returncode == 2
    assert "attempt UNIT" in run.stderr


# --- keys and targets -----------------------------------------------------------------------------------


def test_a_key_is_its_owner_s_alone_and_never_made_twice(tmp_path: Path):
    secret, public = make_key(tmp_path / "keys")
    assert secret.stat().st_mode & 0o777 == 0o600
    assert public_pem(open_key(secret)) == public.read_bytes()
    with pytest.raises(KeyFault, match="there already"):
        make_key(tmp_path / "keys")
    secret.chmod(0o644)
    with pytest.raises(OSError, match="can be read or written by others"):
        open_key(secret)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("aarch64-cp313", "lgpio, through which a board's keys are read, has no wheel"),
        ("armv7l-cp311", "64-bit"),
        ("riscv64-cp311", "there is one for: aarch64-cp311, x86_64-cp311"),
    ],
)
def test_what_no_bundle_can_be_made_for_is_refused_with_a_sentence(
    name: str, sentence: str, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(TargetFault, match=sentence):
        target(name)
    assert command.main(["--target", name, "--key", "none"]) == 1
    assert sentence in capsys.readouterr().err


def test_the_commands_of_the_bundle_make_a_key_and_show_what_is_in_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert command.main(["key", "--out", str(tmp_path / "keys")]) == 0
    bundle = made(tmp_path, 3)
    pub = tmp_path / "release.pub"
    pub.write_bytes(public_pem(KEY))
    assert command.main(["show", str(bundle.path), "--pub", str(pub), "--files"]) == 0
    shown = capsys.readouterr().out
    assert f"release {bundle.name}, counter 3" in shown
    assert "site-packages/broker/cli.py" in shown
    wrong = str(tmp_path / "keys" / "release.pub")
    assert command.main(["show", str(bundle.path), "--pub", wrong]) == 1
    assert "another key" in capsys.readouterr().err


# --- what is in it --------------------------------------------------------------------------------------


def package(site: Path, name: str, version: str, *lines: str) -> None:
    folder = site / f"{name}-{version}.dist-info"
    folder.mkdir(parents=True)
    said = [f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}", *lines, "", ""]
    (folder / "METADATA").write_text("\n".join(said), encoding="utf-8")


def test_what_a_board_alone_needs_is_missed_though_this_machine_does_not_need_it(tmp_path: Path):
    package(
        tmp_path,
        "suite",
        "1.0",
        "Requires-Dist: wire>=2",
        "Requires-Dist: keys==1; platform_machine == 'aarch64' and extra == 'pi'",
        "Requires-Dist: old; python_version < '3.11'",
        "Requires-Dist: plots; extra == 'plots'",
    )
    package(tmp_path, "wire", "2.1", "Requires-Dist: deep-down[more]")
    package(tmp_path, "deep_down", "3.0", "Requires-Dist: most; extra == 'more'")
    assert unmet(tmp_path, ["suite[pi]==1.0"], AARCH64) == ["keys==1", "most"]
    assert unmet(tmp_path, ["suite[pi]==1.0"], X86_64) == ["most"]
    assert unmet(tmp_path, ["suite==1.0"], AARCH64) == ["most"]
    assert unmet(tmp_path, ["suite==1.1"], AARCH64) == ["suite==1.1"]


def library(path: Path, machine: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack("<4sBB10xHH", b"\x7fELF", 2, 1, 3, machine) + bytes(64))


def test_a_library_of_another_machine_or_python_is_found(tmp_path: Path):
    library(tmp_path / "good.cpython-311-aarch64-linux-gnu.so", 183)
    library(tmp_path / "good.abi3.so", 183)
    library(tmp_path / "good.libs" / "libfreetype-1.so.6.20", 183)
    library(tmp_path / "bad" / "other.cpython-312-aarch64-linux-gnu.so", 183)
    library(tmp_path / "bad" / "machine.abi3.so", 62)
    (tmp_path / "bad" / "text.so").write_text("no library")
    assert foreign(tmp_path, AARCH64) == [
        "bad/machine.abi3.so",
        "bad/other.cpython-312-aarch64-linux-gnu.so",
        "bad/text.so",
    ]


def test_whose_a_package_is_stands_in_its_own_words(tmp_path: Path):
    package(tmp_path, "a", "1", "License-Expression: MIT", "License: something else")
    package(tmp_path, "b", "1", "Classifier: License :: OSI Approved :: BSD License")
    package(tmp_path, "c", "1", "License: The whole\n        text of it")
    package(tmp_path, "d", "1")
    assert [(one.name, one.licence) for one in licences(tmp_path)] == [
        ("a", "MIT"),
        ("b", "BSD License"),
        ("c", "The whole"),
        ("d", "not said"),
    ]


@pytest.fixture
def registry() -> None:
    asked = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--dry-run",
        "--no-deps",
        "--ignore-installed",
        "msgspec<0.23",
    ]
    if subprocess.run(asked, check=False, capture_output=True).returncode:
        pytest.skip("needs pip's package index, which does not answer")


@pytest.mark.usefixtures("registry")
def test_pip_resolves_for_a_board_on_this_machine(tmp_path: Path):
    wheel = tmp_path / "suite-1.0-py3-none-any.whl"
    needs = "Requires-Dist: msgspec<0.23\nRequires-Dist: lgpio==0.2.2.0; platform_machine == 'aarch64' and extra == 'pi'"
    with zipfile.ZipFile(wheel, "w") as file:
        file.writestr("suite.py", "")
        file.writestr(
            "suite-1.0.dist-info/METADATA",
            f"Metadata-Version: 2.1\nName: suite\nVersion: 1.0\nProvides-Extra: pi\n{needs}\n\n",
        )
        file.writestr(
            "suite-1.0.dist-info/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        file.writestr("suite-1.0.dist-info/RECORD", "")
    site = tmp_path / "site"
    resolve(wheel, AARCH64, site)
    names = [one.name for one in licences(site)]
    assert names == ["lgpio", "msgspec", "suite"]
    libraries = [path.name for path in site.rglob("*.so")]
    assert len(libraries) >= 2
    assert all("aarch64" in name or "abi3" in name for name in libraries)
    assert foreign(site, X86_64)


def test_packages_of_another_debian_are_not_brought(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    apt = tmp_path / "apt-get"
    apt.write_text('#!/bin/sh\ncase "$*" in *indextargets*) echo trixie;; esac\n')
    apt.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(DebsFault, match="sources are for trixie, and the card is bookworm"):
        fetch_debs(AARCH64, tmp_path / "debs")


def test_a_bundle_s_hash_is_of_its_manifest(tmp_path: Path):
    bundle = made(tmp_path, 3)
    with Bundle(bundle.path) as opened:
        assert bundle.name == f"1.0-{sha256(opened.manifest_bytes).hexdigest()[:8]}"

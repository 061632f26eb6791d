"""The laws of a backup's file: whole or refused in a sentence, whatever was cut off, changed, or put in; sealed, it tells nothing."""

from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broker.backup import sealing
from broker.backup.archive import BackupFault, Manifest, examine, manifest_of, pack, unpack
from broker.backup.sealing import PIECE, Sealed, SealFault, Unsealed

PASSPHRASE = b"correct horse battery"
FILES: dict[str, bytes] = {
    "settings/hall.toml": "[hall]\nname = '大厅'\n".encode(),
    "pins.json": b"{}",
    "ca/ca.key": b"a very secret key",
    "journal.db": bytes(range(256)) * 400,
}


@pytest.fixture(autouse=True)
def quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """What makes each try dear to a thief would make these tests slow."""
    monkeypatch.setattr(sealing, "N", 16)


def written(path: Path, files: dict[str, bytes] = FILES, passphrase: bytes = b"") -> Manifest:
    manifest = manifest_of(
        files, hall="test", made=1_795_395_600_000, version="1", end=(3, 4, b"h")
    )
    with path.open("wb") as out:
        pack(out, manifest, files, passphrase)
    return manifest


@pytest.fixture(params=[b"", PASSPHRASE], ids=["open", "sealed"])
def passphrase(request: pytest.FixtureRequest) -> bytes:
    found: bytes = request.param
    return found


def test_what_was_put_in_comes_out_for_its_owner_alone(tmp_path: Path, passphrase: bytes):
    backup = tmp_path / "a.backup"
    manifest = written(backup, passphrase=passphrase)
    assert examine(backup, passphrase) == manifest
    assert unpack(backup, tmp_path / "out", passphrase) == manifest
    for name, content in FILES.items():
        assert (tmp_path / "out" / name).read_bytes() == content
        assert (tmp_path / "out" / name).stat().st_mode & 0o777 == 0o600


def test_the_same_files_make_the_same_bytes_unless_they_are_sealed(tmp_path: Path):
    written(tmp_path / "a")
    written(tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    written(tmp_path / "c", passphrase=PASSPHRASE)
    written(tmp_path / "d", passphrase=PASSPHRASE)
    assert (tmp_path / "c").read_bytes() != (tmp_path / "d").read_bytes()


@pytest.mark.parametrize("sealed", [False, True])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_one_changed_byte_anywhere_is_found(tmp_path: Path, sealed: bool, where: float, flip: int):
    """Unless every file still comes out as it was: gzip can say the same in several ways."""
    key = PASSPHRASE if sealed else b""
    backup = tmp_path / "a.backup"
    manifest = written(backup, passphrase=key)
    content = bytearray(backup.read_bytes())
    at = int(where * len(content))
    content[at] ^= flip
    backup.write_bytes(content)
    try:
        found = examine(backup, key)
    except BackupFault as fault:
        assert fault.args[0].startswith(str(backup))  # noqa: PT017  # some bytes may be changed unharmed
    else:
        assert not sealed
        assert found == manifest


@pytest.mark.parametrize("sealed", [False, True])
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.floats(0, 1, exclude_max=True))
def test_one_that_is_cut_off_anywhere_is_no_backup(tmp_path: Path, sealed: bool, where: float):
    key = PASSPHRASE if sealed else b""
    backup = tmp_path / "a.backup"
    written(backup, passphrase=key)
    content = backup.read_bytes()
    backup.write_bytes(content[: int(where * len(content))])
    with pytest.raises(BackupFault, match=r"no whole backup|cannot be read"):
        examine(backup, key)


def test_without_the_passphrase_or_with_another_it_is_not_read(tmp_path: Path):
    backup = tmp_path / "a.backup"
    written(backup, passphrase=PASSPHRASE)
    with pytest.raises(BackupFault, match="sealed; name the file of its passphrase"):
        examine(backup)
    with pytest.raises(BackupFault, match="the passphrase is not the one"):
        examine(backup, b"another passphrase")
    content = backup.read_bytes()
    assert not any(word in content for word in (b"secret", b"hall.toml", b"manifest"))


def test_a_file_of_which_the_manifest_does_not_tell_is_refused(tmp_path: Path):
    backup, inside = tmp_path / "a.backup", io.BytesIO()
    manifest = manifest_of({}, hall="test", made=0, version="1", end=(0, 0, b""))
    with tarfile.open(fileobj=inside, mode="w") as tar:
        for name, content in (
            ("manifest.json", msgspec.json.encode(manifest)),
            ("../outside", b"!"),
        ):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    backup.write_bytes(gzip.compress(inside.getvalue()))
    with pytest.raises(BackupFault, match=r"'\.\./outside' is in it"):
        unpack(backup, tmp_path / "out")
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize("name", ["../outside", "/outside", "a/../../outside"])
def test_a_manifest_that_leads_out_of_its_folder_is_refused(tmp_path: Path, name: str):
    backup = tmp_path / "a.backup"
    written(backup, {name: b"!"})
    with pytest.raises(BackupFault, match="outside"):
        unpack(backup, tmp_path / "out")
    assert not [*tmp_path.rglob("outside")]


@pytest.mark.parametrize("content", [b"", b"hello", gzip.compress(b"hello", mtime=0), b"\0" * 2000])
def test_something_else_is_no_backup(tmp_path: Path, content: bytes):
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(BackupFault, match="no whole backup"):
        examine(tmp_path / "a")


@settings(max_examples=30)
@given(sizes=st.lists(st.integers(0, 2 * PIECE + 3), max_size=4))
def test_a_stream_of_any_length_in_any_pieces_comes_out_as_it_went_in(sizes: list[int]):
    out, plain = io.BytesIO(), b"".join(bytes([n % 251]) * size for n, size in enumerate(sizes))
    sealed = Sealed(out, PASSPHRASE)
    for n, size in enumerate(sizes):
        sealed.write(bytes([n % 251]) * size)
    sealed.close()
    assert io.BufferedReader(Unsealed(io.BytesIO(out.getvalue()), PASSPHRASE)).read() == plain


def test_pieces_that_changed_places_are_noticed():
    out = io.BytesIO()
    sealed = Sealed(out, PASSPHRASE)
    sealed.write(b"a" * PIECE + b"b" * PIECE + b"c")
    sealed.close()
    head, piece = len(sealing.SEAL) + sealing.SALT + sealing.PREFIX, PIECE + sealing.TAG
    content = out.getvalue()
    swapped = (
        content[:head]
        + content[head + piece : head + 2 * piece]
        + content[head : head + piece]
        + content[head + 2 * piece :]
    )
    with pytest.raises(SealFault):
        io.BufferedReader(Unsealed(io.BytesIO(swapped), PASSPHRASE)).read()

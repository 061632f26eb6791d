"""A read-only root: switched on only where what must last has a place, and looked at by each boot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.boot_faults import boot_faults
from firmware.onboard import read_only_root
from firmware.onboard.__main__ import main
from firmware.onboard.data_partition import (
    Layout,
    layout,
    make_data_partition,
    wanted_parts,
)
from firmware.onboard.places import Places
from firmware.onboard.read_only_root import (
    DATA_LABEL,
    FSTAB,
    NEEDED,
    PROGRAMS,
    WORDS,
    RootFault,
    look,
    mounts,
    switch_on,
    what_is_wrong,
)

# As a Debian with overlayroot 0.18 says it.
OVERLAY = "28 1 0:26 / / rw,relatime - overlay overlayroot rw,lowerdir=/media/root-ro,upperdir=/media/root-rw/overlay\n"
LOWER = "29 28 179:2 / /media/root-ro ro,relatime - ext4 /dev/mmcblk0p2 ro\n"
PLAIN = "28 1 179:2 / / rw,noatime - ext4 /dev/mmcblk0p2 rw\n"
DATA = "40 28 179:3 / /data rw,noatime - ext4 /dev/mmcblk0p3 rw,errors=remount-ro\n"
FAILED = "40 28 179:3 / /data rw,noatime - ext4 /dev/mmcblk0p3 ro,errors=remount-ro\n"
ABOVE = "40 28 0:31 / /data rw,relatime - overlay /media/root-ro/data rw,lowerdir=/x\n"


def wrong(text: str, *, wanted: bool) -> list[str]:
    return [*what_is_wrong(wanted, mounts(text))]


@pytest.mark.parametrize(
    ("text", "wanted"), [(OVERLAY + LOWER + DATA, True), (PLAIN, False), (PLAIN + DATA, False)]
)
def test_what_is_as_it_was_wanted_is_not_mentioned(text: str, wanted: bool):
    assert wrong(text, wanted=wanted) == []


@pytest.mark.parametrize(
    ("text", "wanted", "word"),
    [
        (PLAIN + DATA, True, "written to the card"),
        (OVERLAY + LOWER + DATA, False, "nobody wanted that"),
        (OVERLAY + LOWER, True, "no data partition"),
        (OVERLAY + LOWER + ABOVE, True, "kept in memory"),
        (OVERLAY + LOWER + FAILED, True, "has become read-only"),
        (PLAIN + FAILED, False, "has become read-only"),
    ],
)
def test_what_is_otherwise_is_one_sentence(text: str, wanted: bool, word: str):
    (sentence,) = wrong(text, wanted=wanted)
    assert word in sentence


@given(st.text(st.characters(codec="utf-8"), max_size=400))
def test_whatever_the_kernel_says_is_read(text: str):
    mounts(text)
    mounts(OVERLAY + text)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A system with the package and the partition; the program that makes initramfs is one of our own."""
    for path in ("etc/fstab", *PROGRAMS, f"labels/{DATA_LABEL}"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    (tmp_path / "etc/fstab").write_text(
        "LABEL=rootfs / ext4 defaults 0 1\n/dev/sda9 /data ext4 defaults 0 2\n"
    )
    return tmp_path


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    found: list[Path] = []
    monkeypatch.setattr(read_only_root, "_make_initramfs", found.append)
    return found


def test_it_is_switched_on_once_and_other_lines_of_fstab_stay(root: Path, made: list[Path]):
    assert switch_on(root, labels=root / "labels")
    lines = (root / "etc/fstab").read_text().splitlines()
    assert lines == ["LABEL=rootfs / ext4 defaults 0 1", FSTAB]
    assert (root / "etc/overlayroot.local.conf").read_text() == f"{WORDS}\n"
    assert not switch_on(root, labels=root / "labels")
    assert made == [root]


@pytest.mark.parametrize(
    ("missing", "word"), [*zip(PROGRAMS, NEEDED, strict=True), (f"labels/{DATA_LABEL}", DATA_LABEL)]
)
def test_without_what_it_needs_it_is_refused_and_nothing_changes(
    root: Path, made: list[Path], missing: str, word: str
):
    (root / missing).unlink()
    before = (root / "etc/fstab").read_text()
    with pytest.raises(RootFault, match=word):
        switch_on(root, labels=root / "labels")
    assert (root / "etc/fstab").read_text() == before
    assert not (root / "etc/overlayroot.local.conf").exists()
    assert made == []


def test_an_initramfs_that_cannot_be_made_leaves_it_off(root: Path):
    with pytest.raises((RootFault, OSError)):
        switch_on(root, labels=root / "labels")  # there is no update-initramfs in that root
    assert not (root / "etc/overlayroot.local.conf").exists()


def test_what_a_boot_finds_is_left_for_the_hall(
    root: Path, made: list[Path], monkeypatch: pytest.MonkeyPatch
):
    places, mountinfo = Places(run=root / "run"), root / "mountinfo"
    switch_on(root, labels=root / "labels")
    mountinfo.write_text(PLAIN + DATA)
    (fault,) = look(places, root, mountinfo)
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(places.run))
    assert boot_faults() == (fault,)
    mountinfo.write_text(OVERLAY + LOWER + DATA)
    assert look(places, root, mountinfo) == []
    assert boot_faults() == ()


def test_without_such_a_look_nothing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("RUNTIME_DIRECTORY", raising=False)
    assert boot_faults() == ()
    (tmp_path / "root.json").write_text('{"torn')
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    assert boot_faults() == ()


def test_the_command_says_what_it_found_by_its_end(tmp_path: Path):
    places = Places(run=tmp_path / "run")
    code = main(["check-root"], places)
    assert code == int(bool(json.loads((places.run / "root.json").read_bytes())))


# --- the data partition --------------------------------------------------------------------------------


def card(
    tmp_path: Path, sectors: int, root: tuple[int, int], behind: bool = False
) -> tuple[str, Path]:
    """A card as the kernel tells of it: mountinfo, and /sys."""
    disk = tmp_path / "sys/devices/mmc/block/mmcblk0"
    for name, start, size in (
        ("1", 16384, 1048576),
        ("2", *root),
        *((("3", 9**9, 9),) if behind else ()),
    ):
        part = disk / f"mmcblk0p{name}"
        part.mkdir(parents=True)
        for what, value in (("partition", name), ("start", start), ("size", size)):
            (part / what).write_text(f"{value}\n")
    (disk / "size").write_text(f"{sectors}\n")
    (tmp_path / "sys/dev/block").mkdir(parents=True)
    (tmp_path / "sys/dev/block/179:2").symlink_to(disk / "mmcblk0p2")
    return PLAIN, tmp_path / "sys"


GIB = (1 << 30) // 512


def test_the_root_gets_room_and_the_rest_of_the_card_is_for_what_must_last(tmp_path: Path):
    found = layout(*card(tmp_path, 15 * GIB, (1064960, 5 * GIB // 2)))
    assert (found.disk, found.root, found.number, found.last) == ("mmcblk0", "mmcblk0p2", 2, True)
    root, begin, size = wanted_parts(found)
    assert root == 4 * GIB
    assert begin >= found.start + root
    assert begin % 8192 == size % 8192 == 0
    assert 15 * GIB - 8192 < begin + size <= 15 * GIB


@given(
    sectors=st.integers(GIB, 256 * GIB),
    start=st.integers(8192, 2 * GIB),
    size=st.integers(1, 8 * GIB),
)
def test_no_part_lies_over_another_or_behind_the_cards_end(sectors: int, start: int, size: int):
    found = Layout("sda", sectors, "sda2", 2, start, size, last=True)
    try:
        root, begin, left = wanted_parts(found)
    except RootFault:
        return
    assert root >= size
    assert found.start + root <= begin
    assert begin + left <= sectors
    assert left >= GIB - 8192


@pytest.mark.parametrize(
    ("sectors", "behind", "word"), [(5 * GIB, False, "larger card"), (15 * GIB, True, "behind")]
)
def test_a_card_without_room_is_refused_with_a_sentence(
    tmp_path: Path, sectors: int, behind: bool, word: str
):
    with pytest.raises(RootFault, match=word):
        wanted_parts(layout(*card(tmp_path, sectors, (1064960, 5 * GIB // 2), behind=behind)))


def test_a_root_that_is_no_partition_has_no_room_behind_it(tmp_path: Path):
    with pytest.raises(RootFault, match="no partition of a card"):
        layout(OVERLAY, tmp_path)


def test_what_is_mounted_already_is_left_alone(tmp_path: Path):
    mountinfo = tmp_path / "mountinfo"
    mountinfo.write_text(PLAIN + DATA)
    make_data_partition(tmp_path / "no root", mountinfo=mountinfo)

"""What no card is made of, each with its sentence; and nothing of it is touched."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import structs

from firmware.cards.carried import Carried, choose, open_bundle
from firmware.cards.composing import Composer
from firmware.cards.one_card import Desk, place_of
from firmware.cards.opening import fat_offset, mounted_of, open_partition
from firmware.cards.partition import CardFault
from tests.setup.cards import NOW, bundle, composer, hash_tree, make_authority
from tests.setup.stock import BOOKWORM, FIRST_TRIXIE, PRESEED, TRIXIE, card_image, spread

Tree = dict[str, bytes]

BOOTED = BOOKWORM | {
    "cmdline.txt": BOOKWORM["cmdline.txt"].replace(
        b" quiet init=/usr/lib/raspberrypi-sys-mods/firstboot", b""
    )
}
BY_IMAGER = BOOKWORM | {
    "firstrun.sh": b"#!/bin/sh\n",
    "cmdline.txt": BOOKWORM["cmdline.txt"].rstrip() + b" systemd.run=/boot/firstrun.sh\n",
}
BOOTED_TRIXIE = TRIXIE | {"cmdline.txt": TRIXIE["cmdline.txt"].replace(b" resize", b"")}
CLOUDY = TRIXIE | {"user-data": b"#cloud-config\nhostname: mypi\n"}
PRESEEDED = PRESEED | {"rpi-preseed.toml": b'config_version = "1.1"\n[user]\nname = "alice"\n'}
DESKTOP = BOOKWORM | {"issue.txt": BOOKWORM["issue.txt"].replace(b"stage2", b"stage4")}
BITS_32 = BOOKWORM | {"config.txt": BOOKWORM["config.txt"].replace(b"arm_64bit=1\n", b"")}
FOREIGN = BOOKWORM | {"issue.txt": b"Some other system\n"}

ALWAYS = {
    "of a generation that is not known": (
        FIRST_TRIXIE,
        "this generation of Raspberry Pi OS is not known",
    ),
    "booted, and nothing kept of its first line": (BOOTED, "or it was booted before"),
    "booted, on Trixie": (BOOTED_TRIXIE, "not freshly flashed: it was booted before"),
    "of 32 bits": (BITS_32, "a system of 32 bits"),
    "of others' making": (FOREIGN, "not one of Raspberry Pi's own systems"),
}
WITHOUT_FORCE = {
    "prepared by Imager": (
        BY_IMAGER,
        "prepared by another program, such as Raspberry Pi Imager (firstrun.sh)",
    ),
    "prepared by custom.toml": (BOOKWORM | {"custom.toml": b"x"}, "(custom.toml)"),
    "prepared by Imager, on Trixie": (CLOUDY, "Raspberry Pi Imager (user-data)"),
    "prepared by Imager, for rpi-preseed": (PRESEEDED, "(rpi-preseed.toml)"),
    "with a desktop": (DESKTOP, "with a desktop, which would take the screen"),
}


def desk(cards: Composer, bundles: Sequence[Carried], *, force: bool = False) -> Desk:
    return Desk(cards, bundles, lambda: "0" * 32, force=force)


def refused(it: Desk, card: Path, board: str = "counter-1") -> str:
    before = hash_tree(open_partition(card))
    with pytest.raises(CardFault) as fault:
        it.write(card, board, NOW)
    assert hash_tree(open_partition(card)) == before
    return str(fault.value)


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("which", ALWAYS)
def test_a_card_that_cannot_do_is_never_written(
    which: str, force: bool, cards: Composer, bundles: Sequence[Carried], tmp_path: Path
):
    tree, sentence = ALWAYS[which]
    assert sentence in refused(desk(cards, bundles, force=force), spread(tree, tmp_path))


@pytest.mark.parametrize("which", WITHOUT_FORCE)
def test_a_card_that_is_not_fresh_is_written_by_force_alone(
    which: str, cards: Composer, bundles: Sequence[Carried], tmp_path: Path
):
    tree, sentence = WITHOUT_FORCE[which]
    card = spread(tree, tmp_path)
    assert sentence in refused(desk(cards, bundles), card, "hall_1")
    desk(cards, bundles, force=True).write(card, "hall_1", NOW)
    line = (card / "cmdline.txt").read_text().split()
    assert "systemd.run=/boot/firstrun.sh" not in line


def test_another_board_s_card_is_written_by_force_alone_and_nothing_of_it_is_left(
    cards: Composer, bundles: Sequence[Carried], tmp_path: Path
):
    card = spread(BOOKWORM, tmp_path)
    desk(cards, bundles).write(card, "hub", NOW)
    said = refused(desk(cards, bundles), card)
    assert "this card is that of hub, written on 2026-11-30" in said
    desk(cards, bundles, force=True).write(card, "counter-1", NOW)
    assert not (card / "jiaohao" / "authority.tar").exists()
    assert (card / "jiaohao" / "enrol.token").exists()
    assert b"dtoverlay=i2c-rtc" not in (card / "config.txt").read_bytes()


def test_a_booted_bookworm_card_of_ours_is_written_by_force(
    cards: Composer, bundles: Sequence[Carried], tmp_path: Path
):
    card = spread(BOOKWORM, tmp_path)
    desk(cards, bundles).write(card, "counter-1", NOW)
    # As the system leaves it: grown, another disk's number, the first program done.
    line = BOOTED["cmdline.txt"].replace(b"4e1f27a3", b"9b00c1d2")
    (card / "cmdline.txt").write_bytes(line)
    assert "it was booted before" in refused(desk(cards, bundles), card)
    written = desk(cards, bundles, force=True).write(card, "counter-1", NOW)
    assert written.notes == ("it was booted before",)
    said = (card / "cmdline.txt").read_text()
    assert "PARTUUID=9b00c1d2-02" in said
    assert "systemd.run=/boot/firmware/jiaohao/prepare.sh" in said


@pytest.mark.parametrize("said", [True, False])
def test_a_card_whose_root_is_never_written_is_not_written_over(
    said: bool, cards: Composer, bundles: Sequence[Carried], tmp_path: Path
):
    card = spread(BOOKWORM, tmp_path)
    desk(cards, bundles).write(card, "counter-1", NOW)
    told = json.loads((card / "jiaohao" / "card.json").read_bytes()) | {"read_only_root": said}
    (card / "jiaohao" / "card.json").write_text(json.dumps(told))
    desk(cards, bundles).write(card, "counter-1", NOW)  # not set up yet: the same command again
    (card / "jiaohao" / "card.json").write_text(json.dumps(told))
    (card / "jiaohao" / "set-up").touch()
    if said:
        sentence = refused(desk(cards, bundles, force=True), card)
        assert "its root is never written (read_only_root)" in sentence
    else:
        desk(cards, bundles).write(card, "counter-1", NOW)
        assert not (card / "jiaohao" / "set-up").exists(), "or it would not be set up again"


@pytest.mark.needs("mtools")
def test_a_full_card_is_refused_before_anything_is_written(
    cards: Composer, bundles: Sequence[Carried], tmp_path: Path
):
    full = BOOKWORM | {"mine.bin": bytes(36_600_000)}
    card = card_image(full, tmp_path / "full.img", tmp_path / "full")
    said = refused(desk(cards, bundles), card)
    assert "the boot partition has room for 0 MB more, and 1 MB are wanted" in said


def test_trixie_is_written_only_with_a_bundle_for_its_python(
    cards: Composer, bundles: Sequence[Carried], tmp_path: Path
):
    old = [one for one in bundles if one.manifest.target.python == "3.11"]
    card = spread(TRIXIE, tmp_path)
    said = refused(desk(cards, old), card)
    assert "needs a bundle for aarch64 with Python 3.13" in said
    assert "given is: aarch64 with Python 3.11" in said
    assert "flash Bookworm" in said


def test_a_bundle_for_another_architecture_is_refused(cards: Composer, tmp_path: Path):
    other = bundle(tmp_path / "b", "3.11", machine="x86_64")
    card = spread(BOOKWORM, tmp_path / "card")
    assert "given is: x86_64 with Python 3.11" in refused(desk(cards, [other]), card)


def test_a_hub_wants_a_bundle_that_brings_its_broker(
    cards: Composer, bundles: Sequence[Carried], tmp_path: Path
):
    lean = [one for one in bundles if not one.for_hub]
    card = spread(BOOKWORM, tmp_path)
    assert "a hub needs Mosquitto and chrony" in refused(desk(cards, lean), card, "hub")


@pytest.mark.parametrize("board", ["counter-1", "hub"])
def test_a_read_only_root_wants_a_bundle_that_brings_its_packages(
    board: str, cards: Composer, bundles: Sequence[Carried], tmp_path: Path
):
    wishes = structs.replace(cards.wishes, read_only_root=True)
    mine, role = replace(cards, wishes=wishes), "hub" if board == "hub" else "board"
    card = spread(BOOKWORM, tmp_path / "card")
    said = refused(desk(mine, bundles), card, board)
    assert (
        "cards.toml says read_only_root = true, which needs the packages overlayroot and busybox"
        in said
    )
    words = f"--target aarch64-cp311{' --role hub' if role == 'hub' else ''} --read-only-root"
    assert words in said
    with_it = bundle(tmp_path / "b", role=role, counter=6, read_only_root=True)
    assert desk(mine, [*bundles, with_it]).write(card, board, NOW).bundle == with_it
    assert json.loads((card / "jiaohao" / "card.json").read_bytes())["read_only_root"] is True


def test_of_several_bundles_the_newest_that_fits_is_taken(
    bundles: Sequence[Carried], tmp_path: Path
):
    newer = bundle(tmp_path / "b", "3.11", counter=8)
    assert choose([newer, *bundles], "3.11", "", hub=False) == newer
    assert choose([newer, *bundles], "3.11", "", hub=True).manifest.counter == 7


def test_a_bundle_by_another_key_is_refused(cards: Composer, tmp_path: Path):
    stranger = bundle(tmp_path, key=Ed25519PrivateKey.generate())
    with pytest.raises(CardFault, match="was signed by another key"):
        open_bundle(stranger.path, cards.release_keys)


@pytest.mark.parametrize("torn", [-60, -1000, 40])
def test_a_torn_bundle_is_refused(torn: int, cards: Composer, tmp_path: Path):
    good = bundle(tmp_path / "b")
    bad = tmp_path / "torn.bundle"
    bad.write_bytes(good.path.read_bytes()[:torn])
    with pytest.raises(CardFault, match="torn or was altered"):
        open_bundle(bad, cards.release_keys)


@pytest.mark.parametrize("at", [100, 400, -500])
def test_an_altered_bundle_is_refused(at: int, cards: Composer, tmp_path: Path):
    good = bundle(tmp_path / "b")
    content = bytearray(good.path.read_bytes())
    content[at] ^= 0x10
    bad = tmp_path / "altered.bundle"
    bad.write_bytes(content)
    with pytest.raises(CardFault):
        open_bundle(bad, cards.release_keys)


@pytest.mark.parametrize(
    ("board", "sentence"),
    [
        ("counter-9", "there is no board 'counter-9' with devices in hall.toml; did you mean"),
        ("old-1", "there is no board 'old-1' with devices"),
    ],
)
def test_a_board_without_devices_gets_no_card(
    board: str, sentence: str, cards: Composer, bundles: Sequence[Carried], tmp_path: Path
):
    assert sentence in refused(desk(cards, bundles), spread(BOOKWORM, tmp_path), board)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_a_hub_that_every_board_would_take_for_itself_is_refused(
    host: str, cards: Composer, bundles: Sequence[Carried], tmp_path: Path
):
    broker = structs.replace(cards.hall.broker, host=host)
    own = replace(cards, hall=structs.replace(cards.hall, broker=broker))
    said = refused(desk(own, bundles), spread(BOOKWORM, tmp_path))
    assert "which every board would take for itself" in said


def test_without_the_technician_s_identity_there_is_no_card(
    cards: Composer, bundles: Sequence[Carried], tmp_path: Path
):
    stranger = replace(cards, technician=cards.authority / "identities" / "coordinator")
    with pytest.raises(ValueError, match="is not the identity 'technician'"):
        desk(stranger, bundles).write(spread(BOOKWORM, tmp_path), "counter-1", NOW)
    gone = replace(cards, technician=tmp_path / "gone")
    with pytest.raises(OSError, match="gone"):
        desk(gone, bundles).write(tmp_path, "counter-1", NOW)


def test_a_technician_who_was_revoked_makes_no_card(bundles: Sequence[Carried], tmp_path: Path):
    authority = make_authority(tmp_path / "ca")
    mine = composer(tmp_path / "ca", tmp_path)
    authority.revoke("technician")
    card = spread(BOOKWORM, tmp_path / "card")
    with pytest.raises(ValueError, match="was revoked"):
        desk(mine, bundles).write(card, "counter-1", NOW)
    assert not (card / "jiaohao").exists()


def test_another_hall_s_authority_makes_no_card(
    cards: Composer, bundles: Sequence[Carried], tmp_path: Path
):
    info = structs.replace(cards.hall.hall, id="another")
    other = replace(cards, hall=structs.replace(cards.hall, hall=info))
    said = refused(desk(other, bundles), spread(BOOKWORM, tmp_path))
    assert "is that of the hall 'cards', and hall.toml says 'another'" in said


def test_rpi_preseed_gives_no_fixed_address_on_wifi(
    cards: Composer, bundles: Sequence[Carried], tmp_path: Path
):
    said = refused(desk(cards, bundles), spread(PRESEED, tmp_path))
    assert "take counter-1 out of [addresses]" in said


# --- where the card is --------------------------------------------------------------------------------


def test_what_is_no_boot_partition_is_refused(tmp_path: Path):
    with pytest.raises(CardFault, match="is a folder, but no boot partition"):
        open_partition(tmp_path)
    packed = tmp_path / "2026-06-15-raspios-bookworm-arm64-lite.img.xz"
    packed.touch()
    with pytest.raises(CardFault, match="is packed: unpack it first"):
        open_partition(packed)
    blank = tmp_path / "blank.img"
    blank.write_bytes(bytes(1 << 20))
    with pytest.raises(CardFault, match="has no boot partition of Raspberry Pi OS"):
        open_partition(blank)
    with pytest.raises(CardFault, match="is the card in the reader"):
        open_partition(tmp_path / "nothing")


def test_without_mtools_a_mounted_folder_still_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    image = tmp_path / "card.img"
    image.write_bytes(bytes(1 << 20))
    with pytest.raises(CardFault, match="sudo apt install mtools"):
        open_partition(image)
    open_partition(spread(BOOKWORM, tmp_path / "card")).names()


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("/dev/sda1 /media/me/bootfs vfat rw 0 0", ["/media/me/bootfs"]),
        (r"/dev/sda2 /media/my\040root ext4 rw 0 0", ["/media/my root"]),
        ("/dev/sda /mnt vfat rw 0 0", ["/mnt"]),
        ("/dev/sdab1 / ext4 rw 0 0", []),
        ("/dev/sdb1 / ext4 rw 0 0", []),
    ],
)
def test_a_card_in_use_is_known_by_its_mounts(line: str, found: list[str]):
    assert [*mounted_of(Path("/dev/sda"), [line])] == found


def test_the_partitions_of_a_built_in_slot_are_its_own():
    lines = ["/dev/mmcblk0p1 /boot vfat rw 0 0", "/dev/mmcblk01 /x vfat rw 0 0"]
    assert next(iter(mounted_of(Path("/dev/mmcblk0"), lines))) == "/boot"


@pytest.mark.needs("mtools")
def test_a_partition_alone_is_found_as_one_on_a_disk(fresh_image: Callable[[str], Path]):
    image = fresh_image("bookworm").read_bytes()
    assert fat_offset(image[:512]) == 8 << 20
    assert fat_offset(image[8 << 20 :][:512]) == 0
    assert fat_offset(b"") is None
    assert fat_offset(image[512:1024]) is None


def test_in_a_folder_of_images_each_board_has_its_own(tmp_path: Path):
    (tmp_path / "hub.img").touch()
    assert place_of(tmp_path, "hub") == tmp_path / "hub.img"
    with pytest.raises(CardFault, match=r"there is no counter-1\.img"):
        place_of(tmp_path, "counter-1")
    card = spread(BOOKWORM, tmp_path / "card")
    assert place_of(card, "counter-1") == card


def test_the_hub_s_authority_comes_without_the_technician_s_key(
    cards: Composer, bundles: Sequence[Carried], tmp_path: Path
):
    card = spread(BOOKWORM, tmp_path)
    desk(cards, bundles).write(card, "hub", NOW)
    packed = (card / "jiaohao" / "authority.tar").read_bytes()
    assert b"ca.key" in packed
    assert b"identities/coordinator/key.pem" in packed
    assert b"identities/technician" not in packed
    assert not (card / "jiaohao" / "enrol.token").exists()
    secret = (cards.technician / "key.pem").read_bytes()
    for path in card.rglob("*"):
        assert not path.is_file() or secret not in path.read_bytes()

"""The laws of a first boot, with the real desk and the real openssl: whatever is cut off, the same end; whatever is wrong, a sentence."""

from __future__ import annotations

import fcntl
import stat
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from broker.identity import open_identity
from broker.updates.wanted import read_reports
from firmware.cards.release_key import public_pem
from firmware.onboard.card import read_card
from firmware.onboard.desk import DeskLine
from firmware.onboard.hub_place import HubPlace, read_hub
from firmware.onboard.own_key import fingerprint, has_identity
from firmware.onboard.places import Places
from firmware.onboard.state import known_state
from firmware.onboard.status import STATES
from tests.processes import REPOSITORY, free_port
from tests.setup.desks import DeskStage, desk
from tests.setup.first_boots import (
    CardMaker,
    GivesUp,
    Remembering,
    boot_of,
    small_bundle,
)

BOARD = "counter-3"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskStage]:
    with desk(tmp_path_factory.mktemp("hub")) as stage:
        yield stage
        assert "Traceback" not in stage.log("desk")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A bundle, and the key that boards trust."""
    key = Ed25519PrivateKey.generate()
    return small_bundle(tmp_path_factory.mktemp("release"), key, "hub"), public_pem(key)


@pytest.fixture
def card(hub: DeskStage, release: tuple[Path, bytes], tmp_path: Path) -> CardMaker:
    return maker(hub, release, tmp_path)


def maker(hub: DeskStage, release: tuple[Path, bytes], folder: Path) -> CardMaker:
    place = HubPlace("127.0.0.1", "127.0.0.1", 8883, hub.port)
    ca = (hub.data / "ca" / "ca.pem").read_bytes()
    return CardMaker(folder, hub.hall, ca, place, release[0], release[1])


def token(hub: DeskStage) -> str:
    return hub.token(BOARD, replace=True)


def started(places: Places, system: Remembering) -> None:
    """All that must be so in the end, whatever happened before."""
    assert has_identity(places, BOARD)
    identity = open_identity(places.identity, BOARD)
    assert identity.check_hostname
    modes = {stat.S_IMODE(path.stat().st_mode) for path in places.identity.iterdir()}
    assert modes == {0o600}
    assert not (places.card / "enrol.token").exists()
    assert not (places.boot / "user-data").exists()
    name = known_state(places).wanted
    assert name is not None
    assert places.current.resolve() == (places.releases / name).resolve()
    assert (places.current / "complete.json").is_file()
    assert (places.settings / "hall.toml").is_file()
    assert places.program.is_file()
    assert places.role.read_text() == "board\n"
    assert read_hub(places.hub) == read_card(places).hub
    noted = system.noted()
    assert (noted["files"], noted["given"]) == ("board", "jiaohao")
    assert (noted["started"], noted["finished"]) == ("board", BOARD)
    assert places.set_up.exists()
    said = status(places)
    assert STATES["done"].english in said
    assert STATES["done"].chinese in said
    left = [path.name for path in places.home.rglob("*.part")]
    assert not left


def status(places: Places) -> str:
    return (places.card / "STATUS.txt").read_bytes().decode("utf-8")


def told(places: Places, state: str, *words: str) -> None:
    said = status(places)
    assert "\r" not in said
    for wanted in (STATES[state].english, STATES[state].chinese, STATES[state].then, *words):
        assert wanted in said, said
    assert f"LED: {STATES[state].blinks}" in said


def gives_up(places: Places, system: Remembering) -> None:
    with pytest.raises(GivesUp):
        boot_of(places, system).run()


# --- it comes to its end ---------------------------------------------------------------------------------------------


def test_a_fresh_board_becomes_one_of_the_halls(hub: DeskStage, card: CardMaker, tmp_path: Path):
    places, system = card.write(BOARD, token(hub)), Remembering(tmp_path / "world")
    boot_of(places, system).run()
    started(places, system)
    line = DeskLine(card.hub, places.identity / "ca.pem", places.identity)
    assert line.wanted() is None
    report = read_reports(hub.folder_of_desk)[BOARD]
    assert (report.state, report.sentence) == ("runs", "set up from its card")
    assert fingerprint(places) == hub.deeds()[-1]["key"][:8]


def test_started_again_it_changes_nothing(hub: DeskStage, card: CardMaker, tmp_path: Path):
    places, system = card.write(BOARD, token(hub)), Remembering(tmp_path / "world")
    boot_of(places, system).run()
    before, deeds = whole(places), hub.deeds()
    boot_of(places, system).run()
    started(places, system)
    assert whole(places) == before
    assert hub.deeds() == deeds


def whole(places: Places) -> dict[str, str]:
    """Every file at home, by what it holds."""
    return {
        str(path.relative_to(places.home)): sha256(path.read_bytes()).hexdigest()
        for path in places.home.rglob("*")
        if path.is_file()
    }


class Dead(BaseException):
    """The power is gone."""


def test_the_power_may_go_between_any_two_steps(
    hub: DeskStage, release: tuple[Path, bytes], tmp_path: Path
):
    steps = 0
    while True:
        folder = tmp_path / str(steps)
        folder.mkdir()
        places = maker(hub, release, folder).write(BOARD, token(hub))
        system, boot = Remembering(folder / "world"), boot_of(places, Remembering(folder / "world"))
        # The same steps as `run` takes, up to here.
        boot.status.tell("works")
        card = read_card(places)
        todo = list(boot.steps(card))
        for step in todo[:steps]:
            step(card)
        boot_of(places, system).run()
        started(places, system)
        steps += 1
        if steps > len(todo):
            return


def test_the_power_may_go_at_any_change_to_the_disk(
    hub: DeskStage, release: tuple[Path, bytes], tmp_path: Path
):
    """Every seventh of them, in processes that are gone at once: enough to meet each kind, and another seventh each step."""
    uncut = tmp_path / "uncut"
    uncut.mkdir()
    maker(hub, release, uncut).write(BOARD, token(hub))
    said = cut_off(uncut, 0)
    assert said.returncode == 0, said.stderr
    changes = int(said.stderr.rsplit("changes ", 1)[1])
    assert changes > 60
    for last in range(2, changes, 7):
        folder = tmp_path / str(last)
        folder.mkdir()
        places = maker(hub, release, folder).write(BOARD, granted := token(hub))
        cut = cut_off(folder, last)
        assert cut.returncode == 9, cut.stderr
        again = cut_off(folder, 0)
        assert again.returncode == 0, f"cut at change {last}: {again.stderr}"
        system = Remembering(folder / "world")
        started(places, system)
        assert granted
    boards = [one for one in hub.deeds() if one["deed"] == "Enrolled"]
    assert len({one["token"] for one in boards}) == len(boards), "no token gave two identities"


def cut_off(folder: Path, last: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.setup.first_boots", str(folder), str(last)],
        cwd=REPOSITORY,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_card_that_was_written_anew_enrols_the_board_anew(
    hub: DeskStage, card: CardMaker, tmp_path: Path
):
    places, system = card.write(BOARD, token(hub)), Remembering(tmp_path / "world")
    boot_of(places, system).run()
    before = (places.identity / "cert.pem").read_bytes()
    card.write(BOARD, token(hub))
    boot_of(places, system).run()
    started(places, system)
    assert (places.identity / "cert.pem").read_bytes() != before


# --- what is wrong has its light and its sentence ---------------------------------------------------------------------


def test_every_state_has_its_own_blinks_and_says_what_to_do_in_both_languages():
    assert len({word.blinks for word in STATES.values()}) == len(STATES)
    for name, word in STATES.items():
        assert word.english.isascii()
        assert not word.chinese.isascii()
        if name != "done":
            assert word.then
            assert not word.then_chinese.isascii()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("release.bundle", "release.bundle is not what was written"),
        ("settings.tar", "settings.tar is not what was written"),
        ("enrol.token", "enrol.token is not what was written"),
        ("manifest.json", "manifest.json cannot be read"),
    ],
)
def test_a_torn_card_is_said_and_nothing_of_it_is_used(
    hub: DeskStage, card: CardMaker, tmp_path: Path, name: str, sentence: str
):
    places, system = card.write(BOARD, token(hub)), Remembering(tmp_path / "world")
    file = places.card / name
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    gives_up(places, system)
    told(places, "torn", sentence)
    assert not places.home.exists()
    assert system.noted() == {}


def test_a_card_without_its_first_file_is_said(card: CardMaker, hub: DeskStage, tmp_path: Path):
    places, system = card.write(BOARD, token(hub)), Remembering(tmp_path / "world")
    (places.card / "card.json").unlink()
    gives_up(places, system)
    told(places, "torn", "card.json is not there")


def test_a_bundle_that_another_key_signed_is_said(hub: DeskStage, card: CardMaker, tmp_path: Path):
    card.key = public_pem(Ed25519PrivateKey.generate())
    places, system = card.write(BOARD, token(hub)), Remembering(tmp_path / "world")
    gives_up(places, system)
    told(places, "torn", "signed by another key")
    assert not (places.card / "enrol.token").read_bytes().startswith(b"\0")
    assert "started" not in system.noted()


def test_without_a_hub_it_says_so_and_goes_on_once_there_is_one(
    hub: DeskStage, card: CardMaker, tmp_path: Path
):
    real = card.hub
    card.hub = HubPlace("127.0.0.1", "127.0.0.1", 8883, free_port())
    places, system = card.write(BOARD, token(hub)), Remembering(tmp_path / "world")
    gives_up(places, system)
    told(places, "no hub", "127.0.0.1: ", "refused")
    assert (places.card / "enrol.token").exists()
    # It is announced meanwhile, at another place.
    boot_of(places, system, find=lambda *_: [real]).run()
    assert has_identity(places, BOARD)
    assert read_hub(places.hub) == real


def test_a_stranger_who_says_that_he_is_the_hub_gets_no_token(
    hub: DeskStage, card: CardMaker, release: tuple[Path, bytes], tmp_path: Path
):
    (tmp_path / "stranger").mkdir()
    with desk(tmp_path / "stranger") as stranger:
        card.hub = HubPlace("127.0.0.1", "127.0.0.1", 8883, stranger.port)
        places, system = card.write(BOARD, token(hub)), Remembering(tmp_path / "world")
        gives_up(places, system)
        told(places, "no hub", "is not this hall's hub")
        assert not (stranger.folder_of_desk / "deeds.jsonl").read_bytes()
        assert not (stranger.data / "desk-refused.json").exists() or (
            (stranger.data / "desk-refused.json").read_bytes() == b"[]"
        )


def test_a_token_that_is_refused_is_said_with_the_desks_own_sentence(
    hub: DeskStage, card: CardMaker, tmp_path: Path
):
    places = card.write(BOARD, hub.token(BOARD, lives_s=-1))
    system = Remembering(tmp_path / "world")
    gives_up(places, system)
    told(places, "token", "expired at", "write a new token on the card")
    # Read on the laptop, and another token put in its place.
    card.write(BOARD, token(hub))
    boot_of(places, system).run()
    started(places, system)


def test_where_the_hall_wants_it_the_board_waits_and_says_its_key(
    release: tuple[Path, bytes], tmp_path: Path
):
    from broker.desk import cli

    with desk(tmp_path / "hub", "\n[enrolment]\naccept = true\n") as stage:
        (tmp_path / "board").mkdir()
        places = maker(stage, release, tmp_path / "board").write(BOARD, stage.token(BOARD))
        system = Remembering(tmp_path / "world")
        gives_up(places, system)
        told(places, "waits", f"jiaohao desk accept counter-3 (key {fingerprint(places)})")
        options = ["--hall", str(stage.hall), "--data", str(stage.data)]
        assert cli.main(["accept", BOARD, *options]) == 0
        boot_of(places, system).run()
        started(places, system)


@pytest.mark.parametrize("at", [0.0, 86400.0 * 365, 4_000_000_000.0])
def test_a_wrong_clock_is_set_before_anything_hangs_on_it(
    hub: DeskStage, card: CardMaker, tmp_path: Path, at: float
):
    places, system = card.write(BOARD, token(hub)), Remembering(tmp_path / "world", at)
    boot_of(places, system).run()
    started(places, system)
    import time

    assert abs(system.at - time.time()) < 10


def test_a_hub_whose_clock_is_behind_the_card_is_said(
    hub: DeskStage, card: CardMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    places = card.write(BOARD, token(hub), made="2031-01-01T00:00:00Z")
    system = Remembering(tmp_path / "world")
    gives_up(places, system)
    told(places, "clock", "the hub's clock says 20", "written on 2031-01-01")


def test_a_card_that_takes_no_writing_stops_nothing(
    hub: DeskStage, card: CardMaker, tmp_path: Path
):
    places, system = card.write(BOARD, token(hub)), Remembering(tmp_path / "world")
    (places.card / "STATUS.txt.part").mkdir()
    (places.card / "STATUS.txt.part" / "x").write_text("")
    boot_of(places, system).run()
    assert system.noted()["finished"] == BOARD


def test_a_root_that_cannot_be_kept_unwritten_is_said_and_the_board_serves(
    hub: DeskStage, card: CardMaker, tmp_path: Path
):
    places = card.write(BOARD, token(hub), read_only_root=True)
    system = Remembering(tmp_path / "world")
    boot_of(places, system).run()
    started(places, system)
    assert "there is no partition jiaohao-data" in status(places)


def test_a_root_to_be_unwritten_is_so_by_a_start_of_its_own_once(
    hub: DeskStage, card: CardMaker, tmp_path: Path
):
    places = card.write(BOARD, token(hub), read_only_root=True)
    system = Remembering(tmp_path / "world", has_room=True)
    boot_of(places, system).run()
    started(places, system)
    assert system.noted()["started anew"] == "once"
    after = Remembering(tmp_path / "after", has_room=True, is_unwritten=True)
    boot_of(places, after).run()
    assert "started anew" not in after.noted()


def test_no_visitor_is_cut_off_by_that_start(hub: DeskStage, card: CardMaker, tmp_path: Path):
    places = card.write(BOARD, token(hub), read_only_root=True)
    system = Remembering(tmp_path / "world", has_room=True)
    places.run.mkdir()
    with places.busy.open("w") as busy:
        fcntl.flock(busy, fcntl.LOCK_SH)
        with pytest.raises(GivesUp):
            boot_of(places, system, patience=3).run()
        started(places, system)
        assert "started anew" not in system.noted()
    boot_of(places, system).run()
    assert system.noted()["started anew"] == "once"


def test_a_power_cut_in_the_midst_of_erasing_leaves_no_half_token_that_is_sent(
    hub: DeskStage, card: CardMaker, tmp_path: Path
):
    places, system = card.write(BOARD, token(hub)), Remembering(tmp_path / "world")
    boot = boot_of(places, system)
    said = read_card(places)
    for step in list(boot.steps(said))[:8]:
        step(said)
    assert has_identity(places, BOARD)
    file = places.card / "enrol.token"
    file.write_bytes(bytes(512) + file.read_bytes()[512:])
    boot_of(places, system).run()
    started(places, system)


# --- the hub's own ------------------------------------------------------------------------------------------------------


def test_the_hubs_card_makes_the_hub(hub: DeskStage, release: tuple[Path, bytes], tmp_path: Path):
    import io
    import tarfile

    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path in sorted((hub.data / "ca").rglob("*")):
            if path.is_file() and "technician" not in path.parts:
                tar.add(path, str(path.relative_to(hub.data / "ca")))
    (tmp_path / "box").mkdir()
    card = maker(hub, release, tmp_path / "box")
    places = card.write("hub", authority=packed.getvalue(), erase=["jiaohao/authority.tar"])
    system = Remembering(tmp_path / "world")
    boot_of(places, system).run()
    noted = system.noted()
    assert (noted["files"], noted["started"], noted["finished"]) == ("hub", "hub", "hub")
    assert noted["packages"] == "mosquitto.deb"
    assert noted["chrony"] == "allow 10.0.0.0/8\n"
    assert places.role.read_text() == "hub\n"
    ca = places.var / "ca"
    assert (ca / "ca.key").read_bytes() == (hub.data / "ca" / "ca.key").read_bytes()
    modes = {stat.S_IMODE(path.stat().st_mode) for path in [ca, *ca.rglob("*")]}
    assert modes == {0o600, 0o700}
    mine, theirs = (path / "issued" for path in (ca, hub.data / "ca"))
    assert all(
        int((mine / path.name).stat().st_mtime) == int(path.stat().st_mtime)
        for path in theirs.iterdir()
    ), "an identity's age is its file's"
    assert not (places.card / "authority.tar").exists()
    assert not list(places.identity.iterdir()), "a hub has no key but its authority's"
    before = whole(places)
    boot_of(places, system).run()
    assert whole(places) == before

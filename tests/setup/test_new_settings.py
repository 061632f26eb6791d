"""The hub is given another hall.toml by one command: whole and checked, or not at all; boards then find it at the desk."""

from __future__ import annotations

import fcntl
import os
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from broker.desk.packing import HALL, pack_settings
from firmware import new_settings
from firmware.onboard import hall_settings
from firmware.onboard.places import Places
from tests.setup import cards


class Hub:
    """A hub's disk with the settings that its card brought, and the folder that a technician has copied there."""

    def __init__(self, folder: Path) -> None:
        self.places = Places(home=folder / "home", run=folder / "run")
        self.given, self.started = folder / "given", 0
        self.given.mkdir()
        for name in (HALL, "catalogue.toml"):
            shutil.copy(cards.HALL.with_name(name), self.given)
        self.places.home.mkdir()
        self.places.role.write_text("hub\n")
        first = hall_settings.put(self.places, pack_settings(self.given / HALL))
        hall_settings.choose(self.places, first)

    def give(self, *words: str | Path) -> int:
        where = ["--home", str(self.places.home), "--run", str(self.places.run)]
        return new_settings.main([*map(str, words), *where], self._start)

    def _start(self, places: Places) -> None:
        assert places.settings.is_dir()
        self.started += 1

    def change(self, old: str, new: str, name: str = HALL) -> None:
        text = (self.given / name).read_text(encoding="utf-8")
        assert old in text
        (self.given / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    @property
    def in_force(self) -> bytes:
        """As the desk gives it to boards."""
        return pack_settings(self.places.settings / HALL)

    def tree(self) -> dict[str, bytes]:
        home = self.places.home
        found = {f"{p.relative_to(home)}": p.read_bytes() for p in home.rglob("*") if p.is_file()}
        return {**found, "settings": os.fsencode(self.places.settings.readlink())}


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hub:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return Hub(tmp_path)


def name(text: str) -> tuple[str, str]:
    return 'name = "', f'name = "{text}'


@pytest.mark.parametrize("whole_folder", [False, True])
def test_what_is_given_is_in_force_under_its_hash_and_the_hub_starts_anew(
    hub: Hub, whole_folder: bool, capsys: pytest.CaptureFixture[str]
):
    before = hub.places.settings.resolve()
    hub.change(*name("新"))
    wanted = pack_settings(hub.given / HALL)
    assert hub.give(hub.given if whole_folder else hub.given / HALL) == 0
    assert hub.in_force == wanted
    digest = sha256(wanted).hexdigest()
    assert hall_settings.in_force(hub.places, digest)
    assert (hub.places.settings / "catalogue.toml").is_file()
    assert hub.started == 1
    said = capsys.readouterr().out
    assert "jiaohao-broker.service jiaohao-coordinator.service jiaohao-desk.service" in said
    assert f"to go back: sudo jiaohao desk settings {before}" in said
    assert hub.give(before) == 0
    assert hub.places.settings.resolve() == before


def test_who_is_not_root_is_told_what_to_start(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    hub.change(*name("新"))
    assert hub.give(hub.given) == 0
    assert hub.started == 0
    assert "sudo systemctl restart jiaohao-broker.service" in capsys.readouterr().out


def test_the_same_again_changes_and_starts_nothing(hub: Hub):
    before = hub.tree()
    assert hub.give(hub.given) == 0
    assert (hub.tree(), hub.started) == (before, 0)


def test_those_before_are_kept_and_older_ones_go(hub: Hub):
    for text in "一二三":
        hub.change(*name(text))
        assert hub.give(hub.given) == 0
    folders = [p for p in hub.places.home.glob("settings-*") if p.is_dir()]
    assert len(folders) == 2


BROKEN = {
    "a misspelt word": (HALL, ("[hall]", "[hal]"), "hall.toml:"),
    "no TOML": (HALL, ("[hall]", "[hall"), "hall.toml:3:6: this is not TOML"),
    "a broken catalogue": ("catalogue.toml", ("[", "]["), "catalogue.toml:"),
    "another hall": (HALL, ('id = "', 'id = "x'), "this hub is that of the hall 'cards', and"),
}


@pytest.mark.parametrize("which", BROKEN)
def test_what_cannot_be_used_is_refused_where_it_is_wrong_and_the_old_stays(
    which: str, hub: Hub, capsys: pytest.CaptureFixture[str]
):
    file, change, sentence = BROKEN[which]
    hub.change(*change, file)
    before = hub.tree()
    assert hub.give(hub.given) == 1
    said = capsys.readouterr()
    assert sentence in said.out + said.err
    assert "nothing was changed" in said.err
    assert (hub.tree(), hub.started) == (before, 0)


def test_a_catalogue_outside_the_folder_is_refused_since_no_board_would_have_it(
    hub: Hub, capsys: pytest.CaptureFixture[str]
):
    shutil.move(hub.given / "catalogue.toml", hub.given.parent)
    hub.change('"catalogue.toml"', '"../catalogue.toml"')
    before = hub.tree()
    assert hub.give(hub.given) == 1
    assert "has to lie in the folder of hall.toml" in capsys.readouterr().err
    assert (hub.tree(), hub.started) == (before, 0)


def test_a_visitor_is_served_first_unless_it_must_be_now(
    hub: Hub, capsys: pytest.CaptureFixture[str]
):
    hub.change(*name("新"))
    hub.places.run.mkdir()
    before = hub.tree()
    with hub.places.busy.open("w") as busy:
        fcntl.flock(busy, fcntl.LOCK_SH)
        assert hub.give(hub.given) == 1
        assert "somebody is being served" in capsys.readouterr().err
        assert (hub.tree(), hub.started) == (before, 0)
        assert hub.give(hub.given, "--now") == 0
    assert hub.in_force == pack_settings(hub.given / HALL)


def test_a_board_is_given_none(hub: Hub, capsys: pytest.CaptureFixture[str]):
    hub.places.role.write_text("board\n")
    before = hub.tree()
    hub.change(*name("新"))
    assert hub.give(hub.given) == 1
    assert "this is no hub" in capsys.readouterr().err
    assert hub.tree() == before


def test_settings_that_were_edited_where_they_lie_give_way_to_what_their_folder_is_named_after(
    hub: Hub,
):
    original = hub.in_force
    edited = hub.places.settings / HALL
    edited.write_text(edited.read_text().replace('name = "', 'name = "手改', 1))
    by_hand = hub.in_force
    assert by_hand != original
    assert hub.give(hub.given) == 0
    assert hub.in_force == original
    assert pack_settings(hub.places.home / "settings-by-hand" / HALL) == by_hand
    assert hub.give(hub.places.home / "settings-by-hand") == 0
    assert hub.in_force == by_hand


def test_settings_that_were_broken_where_they_lie_are_mended(hub: Hub):
    original = hub.in_force
    (hub.places.settings / HALL).write_text("[hall")
    assert hub.give(hub.given) == 0
    assert hub.in_force == original
    assert hub.started == 1

"""`jiaohao provision`: one card, a new one for a board, a whole hall; what it says, and when it fails."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from broker.ca import Authority
from broker.desk.token import read_token
from broker.private import write_private
from firmware.cards.carried import Carried
from firmware.cards.composing import Composer
from firmware.cards.provision import main
from tests.setup.cards import BOARDS, HALL, NOW
from tests.setup.stock import BOOKWORM, TRIXIE, spread

CARDS = 'ssh_keys = ["ssh-ed25519 AAAAC3Nz me"]\n[addresses]\ncounter-1 = "192.168.1.21"\n'


class Bench:
    """A technician's laptop: hall.toml with its files, the authority, keys and bundles."""

    def __init__(self, folder: Path, cards: Composer, bundles: Sequence[Carried]) -> None:
        self.folder = folder
        for name in (HALL.name, "catalogue.toml"):
            shutil.copyfile(HALL.with_name(name), folder / name)
        self.data = cards.authority.parent
        self.keys = cards.release_keys
        self.bundles = [one.path for one in bundles if one.manifest.target.python == "3.11"]

    def run(self, *words: str) -> int:
        given = ["--hall", str(self.folder / "hall.toml"), "--data", str(self.data)]
        for key in self.keys:
            given += ["--release-key", str(key)]
        for path in self.bundles:
            given += ["--bundle", str(path)]
        return main([*words, *given, "--label", str(self.folder / "label.pdf")])


@pytest.fixture
def bench(tmp_path: Path, cards: Composer, bundles: Sequence[Carried]) -> Bench:
    folder = tmp_path / "laptop"
    folder.mkdir()
    return Bench(folder, cards, bundles)


def card_of(boot: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((boot / "jiaohao" / "card.json").read_bytes())
    return found


def test_one_card_is_written_with_its_label(bench: Bench, tmp_path: Path):
    boot = spread(BOOKWORM, tmp_path / "boot")
    write_private(bench.folder / "cards.toml", CARDS.encode())
    assert bench.run("counter-1", "--card", str(boot)) == 0
    said = card_of(boot)
    assert said["board"] == "counter-1"
    assert said["devices"] == ["panel-1", "pad-1"]
    assert said["hub"] == {
        "host": "192.168.1.10",
        "server_name": "192.168.1.10",
        "port": 8883,
        "desk_port": 8884,
    }
    assert (bench.folder / "label.pdf").read_bytes().startswith(b"%PDF")
    assert "address1=192.168.1.21/24" in (boot / "jiaohao" / "prepare.sh").read_text()
    # What is private to the cards is not among the hall's settings, which every board keeps.
    assert b"ssh_keys" not in (boot / "jiaohao" / "settings.tar").read_bytes()


@pytest.mark.parametrize("replace", [False, True])
def test_only_a_card_that_replaces_a_board_says_so_to_the_desk(
    replace: bool, bench: Bench, tmp_path: Path
):
    boot = spread(BOOKWORM, tmp_path / "boot")
    assert bench.run(*(["--replace"] if replace else []), "counter-1", "--card", str(boot)) == 0
    authority = Authority(bench.data / "ca", "cards", NOW)
    text = (boot / "jiaohao" / "enrol.token").read_text().strip()
    token = read_token(text, authority.certificate, (), NOW)
    assert (token.board, token.devices, token.replace) == (
        "counter-1",
        ("panel-1", "pad-1"),
        replace,
    )


@pytest.mark.needs("mtools")
def test_a_whole_hall_is_written_into_a_folder_of_images(
    bench: Bench, stock_image: Callable[[str], Path], tmp_path: Path
):
    images = tmp_path / "images"
    images.mkdir()
    for board in BOARDS:
        shutil.copyfile(stock_image("bookworm"), images / f"{board}.img")
    assert bench.run("--all", "--card", str(images)) == 0
    assert (bench.folder / "label.pdf").read_bytes().count(b"/Type /Page\n") == len(BOARDS)
    (images / "kiosk-1.img").unlink()
    before = (images / "hub.img").read_bytes()
    assert bench.run("--all", "--force", "--card", str(images)) == 1
    assert (images / "hub.img").read_bytes() == before


class Hand(io.TextIOBase):
    """The technician's: puts the next card in whenever the command waits for it."""

    def __init__(self, boot: Path, kept: Path, answers: str = "") -> None:
        self.boot, self.kept, self.answers = boot, kept, [*answers.splitlines(keepends=True)]
        self.cards = 0

    def readline(self, _size: int | None = -1) -> str:  # type: ignore[override]
        if not self.answers and self.cards == len(BOARDS):
            return ""
        if self.cards:
            self.boot.rename(self.kept / str(self.cards))
        self.cards += 1
        spread(BOOKWORM, self.boot)
        return self.answers.pop(0) if self.answers else "\n"


def test_a_whole_hall_is_written_one_card_after_another(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    boot = spread(BOOKWORM, tmp_path / "boot")
    (tmp_path / "kept").mkdir()
    monkeypatch.setattr("sys.stdin", Hand(boot, tmp_path / "kept"))
    assert bench.run("--all", "--card", str(boot)) == 0
    places = [tmp_path / "kept" / str(n) for n in range(1, len(BOARDS))]
    assert tuple(card_of(place)["board"] for place in (*places, boot)) == BOARDS


def test_a_card_that_cannot_do_is_asked_for_again(
    bench: Bench,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    boot = spread(TRIXIE, tmp_path / "boot")
    told = []

    class Wrong(io.TextIOBase):
        def readline(self, _size: int | None = -1) -> str:  # type: ignore[override]
            told.append("asked")
            return "\n" if len(told) == 1 else "q\n"

    monkeypatch.setattr("sys.stdin", Wrong())
    assert bench.run("--all", "--card", str(boot)) == 1
    assert len(told) == 2
    said = capsys.readouterr().err.replace("\n", " ")
    assert "hub: the card is Raspberry Pi OS Trixie" in said
    assert not (boot / "jiaohao").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("counter-9",), "there is no board 'counter-9'"),
        (("--replace", "hub"), "write its card without --replace"),
    ],
)
def test_what_cannot_be_written_is_said_in_a_sentence(
    words: tuple[str, ...],
    sentence: str,
    bench: Bench,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
):
    boot = spread(BOOKWORM, tmp_path / "boot")
    assert bench.run(*words, "--card", str(boot)) == 1
    assert sentence in capsys.readouterr().err
    assert not (boot / "jiaohao").exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (('kind = "announcer"', 'kind = "anouncer"'), "did you mean 'announcer'?"),
        (("next = 5", "next = 5, next_ = 5"), "two keys share a pin"),
        (("[hall]", "[hall"), "this is not TOML"),
        (
            ('host = "192.168.1.10"', 'host = "127.0.0.1"'),
            "which every board would take for itself",
        ),
    ],
)
def test_a_wrong_hall_toml_makes_no_card(
    change: tuple[str, str],
    sentence: str,
    bench: Bench,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
):
    boot = spread(BOOKWORM, tmp_path / "boot")
    hall = bench.folder / "hall.toml"
    hall.write_text(hall.read_text().replace(*change))
    assert bench.run("counter-1", "--card", str(boot)) == 1
    assert sentence in capsys.readouterr().err
    assert not (boot / "jiaohao").exists()


def test_without_an_authority_it_says_how_to_make_one(
    bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    bench.data = tmp_path / "nothing"
    boot = spread(BOOKWORM, tmp_path / "boot")
    assert bench.run("counter-1", "--card", str(boot)) == 1
    assert "make it on this laptop with `jiaohao ca" in capsys.readouterr().err


def test_a_laptop_that_has_no_time_writes_no_token(
    bench: Bench,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setattr("firmware.cards.provision.RELEASED", NOW.replace(year=2200))
    boot = spread(BOOKWORM, tmp_path / "boot")
    assert bench.run("counter-1", "--card", str(boot)) == 1
    assert "this laptop's clock says" in capsys.readouterr().err

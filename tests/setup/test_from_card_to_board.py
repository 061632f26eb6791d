"""What `jiaohao provision` writes is what a board's first boot reads: of each generation, with the real desk, key and token; and the hub's."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec import structs

from broker.desk.packing import pack_settings
from broker.identity import open_identity
from broker.mosquitto import HUB, TECHNICIAN
from firmware.cards.card import Hub
from firmware.cards.carried import open_bundle
from firmware.cards.composing import Composer
from firmware.cards.generations import look, recognise
from firmware.cards.mounted import Mounted
from firmware.cards.release_key import public_pem
from firmware.cards.settings import CardSettings, Wifi
from firmware.cards.writing import write_card
from firmware.check import load
from firmware.onboard.card import torn
from firmware.onboard.places import Places
from firmware.onboard.state import known_state
from tests.setup.bundles import KEY, made
from tests.setup.desks import DeskStage, desk
from tests.setup.first_boots import GivesUp, Remembering, boot_of, places_in
from tests.setup.stock import STOCK, spread

WISHES = CardSettings(
    ssh_keys=("ssh-ed25519 AAAAC3Nz me@laptop",), wifi=Wifi(ssid="hall", password="correct horse")
)
BOARDS = {"bookworm": "counter-1", "trixie": "counter-2", "rpi-preseed": "counter-3"}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskStage]:
    with desk(tmp_path_factory.mktemp("hub")) as found:
        yield found
        assert "Traceback" not in found.log("desk")


def written(stage: DeskStage, generation: str, board: str, folder: Path) -> Places:
    """The card of a board of the desk's hall, which a real hall would not have at this machine's own address."""
    hall = load(stage.hall)
    elsewhere = structs.replace(hall.broker, host="192.168.1.10")
    key = folder / "release.pub"
    key.write_bytes(public_pem(KEY))
    composer = Composer(
        hall=structs.replace(hall, broker=elsewhere),
        wishes=WISHES,
        settings=pack_settings(stage.hall),
        authority=stage.data / "ca",
        technician=stage.identity(TECHNICIAN),
        release_keys=[key],
    )
    bundle = open_bundle(made(folder, 7, files={"debs/mosquitto.deb": b"deb"}).path, [key])
    card = composer.card(board, bundle, datetime.now(UTC), lambda: secrets.token_hex(16))
    here = replace(card, hub=Hub("127.0.0.1", "127.0.0.1", 8883, stage.port))
    places = places_in(folder)
    partition = Mounted(spread(STOCK[generation], places.boot))
    stock = look(partition)
    write_card(partition, stock, recognise(stock), here)
    return places


@pytest.mark.parametrize("generation", STOCK)
def test_a_board_comes_up_from_its_card_and_leaves_no_secret_on_it(
    generation: str, stage: DeskStage, tmp_path: Path
):
    board = BOARDS[generation]
    places = written(stage, generation, board, tmp_path)
    system = Remembering(tmp_path / "world", datetime.now(UTC).timestamp())
    boot_of(places, system).run()
    assert system.noted()["finished"] == board
    assert open_identity(places.identity, board).check_hostname
    assert known_state(places).wanted
    assert (places.settings / "hall.toml").read_bytes() == stage.hall.read_bytes()
    erased = json.loads((places.card / "card.json").read_bytes())["erase"]
    assert len(erased) >= 2
    assert [path for path in erased if (places.boot / path).exists()] == []
    key = WISHES.wifi_of(board)
    assert key is not None
    for path in places.boot.rglob("*"):
        assert not path.is_file() or key.psk.encode() not in path.read_bytes()


def test_a_hub_comes_up_from_its_card_and_keeps_the_authority_to_itself(
    stage: DeskStage, tmp_path: Path
):
    places = written(stage, "bookworm", HUB, tmp_path)
    system = Remembering(tmp_path / "world", datetime.now(UTC).timestamp())
    boot_of(places, system).run()
    noted = system.noted()
    assert (noted["finished"], noted["packages"]) == (HUB, "mosquitto.deb")
    assert "local stratum 8 orphan" in noted["chrony"]
    assert not (places.card / "authority.tar").exists()
    (key,) = places.home.rglob("ca.key")
    assert key.read_bytes() == (stage.data / "ca" / "ca.key").read_bytes()
    assert not [*places.home.rglob(f"identities/{TECHNICIAN}/key.pem")]


def test_a_card_without_its_manifest_makes_no_board(stage: DeskStage, tmp_path: Path):
    places = written(stage, "bookworm", "counter-1", tmp_path)
    (places.card / "manifest.json").unlink()
    assert [*torn(places, frozenset())]
    with pytest.raises(GivesUp):
        boot_of(places, Remembering(tmp_path / "world")).run()
    assert not places.identity.exists()

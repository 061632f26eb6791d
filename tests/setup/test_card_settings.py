"""cards.toml: what is wrong with it is said by file, line and column, and it is nobody's to read but its owner's."""

from __future__ import annotations

from pathlib import Path

import pytest

from broker.loading import SettingsFault
from broker.private import write_private
from firmware.cards.composing import Composer
from firmware.cards.needs import needs_of, needs_of_hub
from firmware.cards.settings import CardSettings, Wifi, load_card_settings
from firmware.cards.system import Address, WifiKey

GOOD = """\
user = "wang"
ssh_keys = ["ssh-ed25519 AAAAC3Nz wang@laptop"]
time_servers = ["ntp.aliyun.com"]
days = 5
clock = "ds3231"
[wifi]
ssid = "大厅"
password = "correct horse"
[network]
gateway = "192.168.1.1"
dns = ["192.168.1.1"]
[addresses]
hub = "192.168.1.10"
counter-1 = "192.168.1.21"
"""


def loaded(text: str, cards: Composer, folder: Path) -> CardSettings:
    path = folder / "cards.toml"
    write_private(path, text.encode())
    return load_card_settings(path, cards.hall)


def test_a_file_in_order_is_read(cards: Composer, tmp_path: Path):
    found = loaded(GOOD, cards, tmp_path)
    address = Address("192.168.1.21", 24, "192.168.1.1", ("192.168.1.1",))
    assert found.address_of("counter-1") == address
    assert found.address_of("kiosk-1") is None
    assert isinstance(found.wifi_of("kiosk-1"), WifiKey)
    assert found.wifi_of("hub") is None


def test_an_empty_file_will_do(cards: Composer, tmp_path: Path):
    assert loaded("", cards, tmp_path) == CardSettings()


def test_a_file_that_others_may_read_is_refused(cards: Composer, tmp_path: Path):
    path = tmp_path / "cards.toml"
    path.write_text(GOOD)
    path.chmod(0o644)
    with pytest.raises(PermissionError, match="chmod 600"):
        load_card_settings(path, cards.hall)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('user = "wang"', 'usr = "wang"', "1:1: unknown key 'usr'; did you mean 'user'?"),
        ('user = "wang"', 'user = "root"', "1:1: 'root' is the system's own"),
        ('user = "wang"', 'user = "Wang Fang"', "1:1: 'user' must be a name of small letters"),
        ("ssh-ed25519 AAAAC3Nz", "my key", "2:13: item 1 of 'ssh_keys' must be an SSH public key"),
        ("days = 5", "days = 90", "4:1:"),
        ('clock = "ds3231"', 'clock = "sundial"', "5:1:"),
        ("correct horse", "short", "8:1: a Wi-Fi's password has 8 signs or more"),
        ("correct horse", "G" * 64, "8:1: 64 signs are the key itself"),
        ("大厅", "大厅" * 6, "7:1: a Wi-Fi's name has 32 bytes at most"),
        ("counter-1 =", "counter-9 =", "14:1: there is no board 'counter-9'"),
        ('"192.168.1.21"', '"192.168.1.10"', "14:1: counter-1 has the address of hub"),
        ('"192.168.1.21"', '"192.168.2.21"', "14:1: 192.168.2.21 is outside of 192.168.1.0/24"),
        ('"192.168.1.21"', '"192.168.1.255"', "14:1: 192.168.1.255 is no address for a board"),
        ('"192.168.1.21"', '"counter"', "14:1: 'counter' is no address such as"),
        (
            'hub = "192.168.1.10"',
            'hub = "192.168.1.11"',
            "13:1: hall.toml has the hub at 192.168.1.10",
        ),
        ('dns = ["192.168.1.1"]', 'dns = ["dns"]', "11:8: 'dns' is no address"),
        ("[wifi]", '[wifi]\nboards = ["kiosk-9"]', "7:11: there is no board 'kiosk-9'"),
        ("[network]", "[network", "this is not TOML"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    old: str, new: str, sentence: str, cards: Composer, tmp_path: Path
):
    with pytest.raises(SettingsFault) as fault:
        loaded(GOOD.replace(old, new), cards, tmp_path)
    assert sentence in str(fault.value)


def test_a_passphrase_is_not_on_the_card_but_the_key_made_of_it():
    found = Wifi(ssid="IEEE", password="password").key
    assert found.psk.startswith("f42c6fc52df0ebef")
    assert Wifi(ssid="IEEE", password="a" * 64).key.psk == "a" * 64
    assert Wifi(ssid="IEEE").key.psk == ""


@pytest.mark.parametrize(
    ("board", "config", "console"),
    [
        ("kiosk-1", ("dtparam=watchdog=on",), True),
        ("counter-1", ("dtparam=watchdog=on",), False),  # a lamp on the line's own pin
        ("counter-2", ("dtparam=watchdog=on", "dtparam=spi=on"), True),
        ("hall_1", ("dtparam=watchdog=on", "enable_uart=1", "dtoverlay=disable-bt"), False),
    ],
)
def test_a_board_s_parts_say_what_the_firmware_has_to_do(
    board: str, config: tuple[str, ...], console: bool, cards: Composer
):
    (found,) = (one for one in cards.hall.boards if one.id == board)
    needs = needs_of(found)
    assert (needs.config, needs.serial_console) == (config, console)


def test_a_hub_s_clock_chip_is_on_its_bus():
    lines = ("dtparam=watchdog=on", "dtparam=i2c_arm=on", "dtoverlay=i2c-rtc,ds3231")
    assert needs_of_hub("ds3231").config == lines
    assert needs_of_hub("none").config == lines[:1]

"""cards.toml, typed: what the cards of a hall carry beside what hall.toml says; private, for it may hold the Wi-Fi's password."""

from __future__ import annotations

import ipaddress
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta

from broker.loading import Problem, SettingsFault, convert, locate, not_toml, read
from broker.mosquitto import HUB
from broker.private import check_private
from broker.settings import Hall, Settings
from broker.wrong_values import Steps, meant
from firmware.cards.system import Address, WifiKey, psk

__all__ = ["CardSettings", "Network", "Wifi", "load_card_settings"]

Host = Annotated[str, Meta(pattern=r"^[A-Za-z0-9.:-]{1,253}\Z")]
Key = Annotated[
    str,
    Meta(
        pattern=r"^(?:ssh|ecdsa|sk)-[a-z0-9@.-]+ [A-Za-z0-9+/=]+(?: [A-Za-z0-9@._+:= -]*)?\Z",
        max_length=2000,
    ),
]
HEX_KEY = re.compile(r"[0-9a-f]{64}")
NOBODY = ("root", "jiaohao")


class Wifi(Settings, frozen=True):
    """`password` is a passphrase of 8 to 63 signs, or the key itself as 64 hexadecimal digits; empty: an open network.

    `boards` are those that use it; without them all but the hub, which hangs on a cable.
    """

    ssid: Annotated[str, Meta(min_length=1, max_length=32, pattern=r"^[^\x00-\x1f\x7f]+\Z")]
    password: Annotated[str, Meta(max_length=64, pattern=r"^[ -~]*\Z")] = ""
    hidden: bool = False
    boards: tuple[str, ...] = ()

    @property
    def key(self) -> WifiKey:
        derived = not self.password or HEX_KEY.fullmatch(self.password)
        known = self.password if derived else psk(self.ssid, self.password)
        return WifiKey(self.ssid, known, self.hidden)


class Network(Settings, frozen=True):
    """Of fixed addresses: the length of the network's part, the way out of it, who knows names."""

    prefix: Annotated[int, Meta(ge=8, le=30)] = 24
    gateway: str = ""
    dns: tuple[str, ...] = ()


class CardSettings(Settings, frozen=True):
    """What is left out: a user `technician` without a password, addresses by DHCP, the hub's time.

    `password_hash` is what `openssl passwd -6` prints; `addresses` are IPv4, by board, `hub` among them; `time_servers`
    come after the hub, and the hub itself asks them; `days` is how long a card may lie before it is used; `clock` is
    the hub's own clock chip, of which a Pi 5 needs none.
    """

    user: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,30}\Z")] = "technician"
    password_hash: Annotated[str, Meta(pattern=r"^(?:\$[0-9a-z]{1,6}\$[./0-9A-Za-z$=,]+)?\Z")] = ""
    ssh_keys: tuple[Key, ...] = ()
    country: Annotated[str, Meta(pattern=r"^[A-Z]{2}\Z")] = "CN"
    wifi: Wifi | None = None
    network: Network = Network()
    addresses: dict[str, str] = {}
    time_servers: tuple[Host, ...] = ()
    days: Annotated[int, Meta(ge=1, le=30)] = 3
    clock: Literal["none", "ds1307", "ds3231", "pcf8523", "pcf8563", "rv1805", "rv3028"] = "none"
    read_only_root: bool = False

    def wifi_of(self, board: str) -> WifiKey | None:
        """The Wi-Fi of a board; None where it hangs on a cable."""
        if self.wifi is None:
            return None
        wanted = board in self.wifi.boards if self.wifi.boards else board != HUB
        return self.wifi.key if wanted else None

    def address_of(self, board: str) -> Address | None:
        """The fixed address of a board; None where the network gives one."""
        found = self.addresses.get(board)
        if found is None:
            return None
        return Address(found, self.network.prefix, self.network.gateway, self.network.dns)


def load_card_settings(path: Path, hall: Hall) -> CardSettings:
    """Raises SettingsFault with a line for everything that is wrong, PermissionError if others may read the file."""
    text = read(path)
    check_private(path)
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as fault:
        raise SettingsFault((not_toml(str(fault), text, str(path)),)) from fault
    found, problems = convert(raw, CardSettings)
    if found is not None:
        problems = [*_disagreements(found, hall)]
    if found is None or problems:
        raise SettingsFault(locate(problems, text, str(path)))
    return found


def _disagreements(found: CardSettings, hall: Hall) -> Iterator[Problem]:
    if found.user in NOBODY:
        yield Problem(
            ("user",), f"{found.user!r} is the system's own: give the technician another name"
        )
    wifi = found.wifi
    if wifi and len(wifi.ssid.encode()) > 32:
        yield Problem(
            ("wifi", "ssid"), "a Wi-Fi's name has 32 bytes at most, a Chinese sign three of them"
        )
    if wifi and 0 < len(wifi.password) < 8:
        yield Problem(("wifi", "password"), "a Wi-Fi's password has 8 signs or more")
    if wifi and len(wifi.password) == 64 and not HEX_KEY.fullmatch(wifi.password):
        yield Problem(("wifi", "password"), "64 signs are the key itself: 0 to 9 and a to f alone")
    known = (HUB, *(board.id for board in hall.boards))
    named: list[tuple[Steps, str]] = [(("addresses", board), board) for board in found.addresses]
    if wifi:
        named += [(("wifi", "boards", n), board) for n, board in enumerate(wifi.boards)]
    for steps, board in named:
        if board not in known:
            yield Problem(steps, f"there is no board {board!r}{meant(board, known)}")
    yield from _addresses(found, hall.broker.host)


def _addresses(found: CardSettings, hub: str) -> Iterator[Problem]:
    given: dict[str, tuple[Steps, str]] = {
        board: (("addresses", board), address) for board, address in found.addresses.items()
    }
    if found.network.gateway:
        given["the gateway"] = (("network", "gateway"), found.network.gateway)
    taken: dict[ipaddress.IPv4Address, str] = {}
    networks: dict[ipaddress.IPv4Network, str] = {}
    for name, (steps, written) in given.items():
        try:
            address = ipaddress.IPv4Address(written)
        except ValueError:
            yield Problem(steps, f"{written!r} is no address such as 192.168.1.21")
            continue
        if address in taken:
            yield Problem(steps, f"{name} has the address of {taken[address]}: each needs its own")
        taken[address] = name
        network = ipaddress.IPv4Network((written, found.network.prefix), strict=False)
        networks.setdefault(network, name)
        if len(networks) > 1:
            other, whose = next(iter(networks.items()))
            yield Problem(steps, f"{written} is outside of {other}, where {whose} is")
        if address in (network.network_address, network.broadcast_address):
            yield Problem(
                steps, f"{written} is no address for a board: it stands for all of {network}"
            )
    for index, server in enumerate(found.network.dns):
        if not _is_address(server):
            yield Problem(
                ("network", "dns", index), f"{server!r} is no address such as 192.168.1.1"
            )
    own = found.addresses.get(HUB)
    if own is not None and _is_address(hub) and own != hub:
        yield Problem(
            ("addresses", HUB),
            f"hall.toml has the hub at {hub} ([broker] host), this file at {own}: boards would look for it in vain",
        )


def _is_address(written: str) -> bool:
    try:
        ipaddress.IPv4Address(written)
    except ValueError:
        return False
    return True

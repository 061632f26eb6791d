"""Trixie (from November 2025 on): cloud-init reads user-data, meta-data and network-config from the boot partition (NoCloud)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from firmware.cards.card import Card
from firmware.cards.cmdline import words
from firmware.cards.generations.generation import (
    FIRST_BOOT,
    Objection,
    Stock,
    regulatory,
    timesyncd,
)
from firmware.cards.system import Address

__all__ = ["KNOWN_KEYS", "Trixie"]

FILES = ("meta-data", "network-config", "user-data")
# Stands in the line until the card has been booted once.
FRESH = "resize"
OURS = "jiaohao-"
HEAD = "#cloud-config\n"

KNOWN_KEYS = frozenset(
    {"hostname", "manage_etc_hosts", "runcmd", "ssh_pwauth", "timezone", "user", "write_files"}
)
"""All that a card says to cloud-init, which itself passes over a key that it does not know."""


class Trixie:
    name = "trixie"
    title = "Raspberry Pi OS Trixie"
    python = "3.13"
    grows = FRESH

    def is_this(self, stock: Stock) -> bool:
        return not stock.preseed and stock.names.issuperset(FILES)

    def objections(self, stock: Stock) -> Iterator[Objection]:
        line = words(stock.cmdline)
        if FRESH not in line:
            # cloud-init takes itself off a board that is done, so it would never read what is written now.
            yield Objection("it was booted before", final=True)
        told = [word for word in line if word.startswith("ds=nocloud") and OURS not in word]
        if told or (_says(stock.user_data) and FIRST_BOOT.encode() not in stock.user_data):
            yield Objection(
                "it was prepared by another program, such as Raspberry Pi Imager (user-data)"
            )

    def inside(self, card: Card) -> dict[str, bytes]:
        del card
        return {}

    def starters(self, card: Card) -> dict[str, bytes]:
        # JSON is YAML, and nothing in it depends on blanks.
        found = {"meta-data": _yaml({"dsmode": "local", "instance-id": _instance(card)})}
        found["network-config"] = _yaml({"network": _network(card)})
        found["user-data"] = HEAD.encode() + _yaml(_user_data(card))
        return found

    def asleep(self) -> dict[str, bytes | None]:
        return {"user-data": HEAD.encode()}

    def secrets(self, card: Card) -> tuple[str, ...]:
        del card
        return ("network-config", "user-data")

    def words(self, card: Card) -> tuple[str, ...]:
        return (*regulatory(card), f"ds=nocloud;i={_instance(card)}")


def _says(user_data: bytes) -> bool:
    return any(line and not line.startswith(b"#") for line in user_data.splitlines())


def _instance(card: Card) -> str:
    """Another one each time that a card is written: cloud-init does nothing twice for the same."""
    return f"{OURS}{card.board}-{card.made:%Y%m%d%H%M%S}"


def _yaml(said: Any) -> bytes:
    return json.dumps(said, ensure_ascii=False, indent=2).encode() + b"\n"


def _user_data(card: Card) -> dict[str, Any]:
    system = card.system
    # `user`, not `users`: it takes the place of the system's first user, with all of that one's groups.
    user: dict[str, Any] = {"name": system.user, "shell": "/bin/bash"}
    if system.password_hash:
        user |= {"lock_passwd": False, "passwd": system.password_hash, "sudo": None}
    else:
        user |= {"lock_passwd": True, "sudo": "ALL=(ALL) NOPASSWD:ALL"}
    if system.ssh_keys:
        user["ssh_authorized_keys"] = [*system.ssh_keys]
    time = {
        "path": "/etc/systemd/timesyncd.conf.d/jiaohao.conf",
        "permissions": "0644",
        "content": timesyncd(card),
    }
    run = [["systemctl", "enable", "--now", "ssh"]] if system.ssh_keys else []
    run += [
        ["systemctl", "restart", "systemd-timesyncd"],
        ["sh", FIRST_BOOT],
        # Its work is done. The board erases what it was told here, which would be looked for at every start.
        ["touch", "/etc/cloud/cloud-init.disabled"],
    ]
    return {
        "hostname": system.hostname,
        "manage_etc_hosts": True,
        "timezone": system.timezone,
        "user": user,
        "ssh_pwauth": False,
        "write_files": [time],
        "runcmd": run,
    }


def _network(card: Card) -> dict[str, Any]:
    wifi, address = card.system.wifi, card.system.address
    found: dict[str, Any] = {
        "version": 2,
        "ethernets": {"eth0": _link(None if wifi else address)},
    }
    if wifi:
        # The key outright, not under `auth`: so WPA2 and WPA3 in transition are both taken.
        point: dict[str, Any] = (
            {"password": wifi.psk} if wifi.psk else {"auth": {"key-management": "none"}}
        )
        if wifi.hidden:
            point["hidden"] = True
        own = {"regulatory-domain": card.system.country, "access-points": {wifi.ssid: point}}
        found["wifis"] = {"wlan0": _link(address) | own}
    return found


def _link(address: Address | None) -> dict[str, Any]:
    # Optional: a start does not wait for a cable.
    if address is None:
        return {"dhcp4": True, "optional": True}
    found: dict[str, Any] = {"dhcp4": False, "addresses": [str(address)], "optional": True}
    if address.gateway:
        found["routes"] = [{"to": "default", "via": address.gateway}]
    if address.dns:
        found["nameservers"] = {"addresses": [*address.dns]}
    return found

"""What is to follow cloud-init: one file, rpi-preseed.toml, which the system applies at its first boot. A prototype as of July 2026.

That an image brings such a file along, as Trixie's brings user-data, is assumed: none could be looked at.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import tomli_w

from firmware.cards.card import Card
from firmware.cards.cmdline import words
from firmware.cards.generations.generation import FIRST_BOOT, Objection, Stock, regulatory
from firmware.cards.partition import CardFault
from firmware.cards.system import WifiKey

__all__ = ["KNOWN_KEYS", "Preseed"]

FILE = "rpi-preseed.toml"
VERSION = "1.1"
FRESH = "resize"

KNOWN_KEYS = {
    "": frozenset({"config_version"}),
    "system": frozenset({"hostname"}),
    "user": frozenset({"name", "password", "password_encrypted", "passwordless_sudo", "groups"}),
    "ssh": frozenset({"enabled", "password_authentication", "authorized_keys"}),
    "wlan": frozenset({"ssid", "password", "password_encrypted", "hidden", "country"}),
    "ethernet": frozenset({"method", "address", "gateway", "dns"}),
    "locale": frozenset({"timezone"}),
    "time": frozenset({"ntp"}),
    "runcmd": frozenset({"early"}),
}
"""All that a card says in it, by table; a key that it does not know it would pass over."""


class Preseed:
    name = "rpi-preseed"
    title = "Raspberry Pi OS with rpi-preseed"
    python = "3.13"
    grows = FRESH

    def is_this(self, stock: Stock) -> bool:
        return FILE in stock.names

    def objections(self, stock: Stock) -> Iterator[Objection]:
        if FRESH not in words(stock.cmdline):
            # It keeps stamps on the other partition of what it has done, and does nothing twice.
            yield Objection("it was booted before", final=True)
        if FIRST_BOOT.encode() not in stock.preseed and _says(stock.preseed):
            yield Objection(
                f"it was prepared by another program, such as Raspberry Pi Imager ({FILE})"
            )

    def inside(self, card: Card) -> dict[str, bytes]:
        del card
        return {}

    def starters(self, card: Card) -> dict[str, bytes]:
        return {FILE: tomli_w.dumps(_preseed(card)).encode()}

    def asleep(self) -> dict[str, bytes | None]:
        # Kept, as the card is known by it.
        return {FILE: f'config_version = "{VERSION}"\n'.encode()}

    def secrets(self, card: Card) -> tuple[str, ...]:
        del card
        return (FILE,)

    def words(self, card: Card) -> tuple[str, ...]:
        return regulatory(card)


def _says(preseed: bytes) -> bool:
    try:
        said = tomllib.loads(preseed.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return True
    return bool(said.keys() - {"config_version"})


def _preseed(card: Card) -> dict[str, Any]:
    system = card.system
    if system.wifi and system.address:
        raise CardFault(
            f"rpi-preseed gives no fixed address on Wi-Fi: take {card.board} out of [addresses] of cards.toml,"
            " put it on a cable, or flash Bookworm"
        )
    found: dict[str, Any] = {
        "config_version": VERSION,
        "system": {"hostname": system.hostname},
        "user": {
            "name": system.user,
            # A star is no hash of anything: nobody comes in by a password.
            "password": system.password_hash or "*",
            "password_encrypted": True,
            "passwordless_sudo": not system.password_hash,
            "groups": ["sudo"],
        },
        "locale": {"timezone": system.timezone},
        "time": {"ntp": [*system.time_servers]},
        # Early: it waits for neither network nor clock. What is started there ends at once.
        "runcmd": {"early": [f"sh {FIRST_BOOT}"]},
    }
    if system.ssh_keys:
        found["ssh"] = {
            "enabled": True,
            "password_authentication": False,
            "authorized_keys": [*system.ssh_keys],
        }
    if system.wifi:
        found["wlan"] = _wlan(system.wifi, system.country)
    elif system.address:
        address = system.address
        wired: dict[str, Any] = {"method": "static", "address": str(address)}
        if address.gateway:
            wired["gateway"] = address.gateway
        if address.dns:
            wired["dns"] = [*address.dns]
        found["ethernet"] = wired
    return found


def _wlan(wifi: WifiKey, country: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "ssid": wifi.ssid,
        "hidden": wifi.hidden,
        "country": country,
    }
    if wifi.psk:
        found |= {"password": wifi.psk, "password_encrypted": True}
    return found

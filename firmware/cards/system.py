"""What the operating system of a board is told once, before anything of the suite runs: its name, people, network, time; typed, in no generation's words."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import pbkdf2_hmac

__all__ = ["Address", "System", "WifiKey", "psk"]


@dataclass(frozen=True, slots=True)
class WifiKey:
    """`psk` as 64 hexadecimal digits; empty in an open network."""

    ssid: str
    psk: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """A fixed IPv4 address; `prefix` is the length of the network's part."""

    address: str
    prefix: int
    gateway: str = ""
    dns: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.address}/{self.prefix}"


@dataclass(frozen=True, slots=True)
class System:
    """`password_hash` as crypt(5) has it; empty: nobody comes in by a password, and who has an SSH key is asked for none.

    Without `address` the network gives one (DHCP); with `wifi` the address is that of the Wi-Fi.
    """

    hostname: str
    timezone: str
    user: str
    ssh_keys: tuple[str, ...]
    time_servers: tuple[str, ...]
    country: str
    password_hash: str = ""
    wifi: WifiKey | None = None
    address: Address | None = None


def psk(ssid: str, passphrase: str) -> str:
    """The key that a WPA network makes of its name and its passphrase (IEEE 802.11, annex J), so that the card does not tell it.

    >>> psk("IEEE", "password")
    'f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e'
    """
    return pbkdf2_hmac("sha1", passphrase.encode(), ssid.encode(), 4096, 32).hex()

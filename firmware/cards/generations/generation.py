"""What every generation of Raspberry Pi OS is asked, and what of a card it is judged by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from firmware.cards.card import Card

__all__ = ["FIRST_BOOT", "Generation", "Objection", "Stock", "regulatory", "timesyncd"]

FIRST_BOOT = "/boot/firmware/jiaohao/first_boot.sh"
STAGE = re.compile(rb"\bstage(\d)\b")


@dataclass(frozen=True, slots=True)
class Stock:
    """What a boot partition holds before it is written; `original` is the command line as it was flashed, if it was kept."""

    names: frozenset[str]
    cmdline: bytes
    original: bytes
    config: bytes
    issue: bytes
    user_data: bytes = b""
    preseed: bytes = b""

    @property
    def stage(self) -> str:
        """How much of the system the image holds, as pi-gen calls it: stage2 is Lite."""
        found = STAGE.search(self.issue)
        return found[0].decode() if found else ""


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a card is not freshly flashed. With `final` it cannot be written at all: its first boot is over for good."""

    sentence: str
    final: bool = False


class Generation(Protocol):
    name: str
    title: str
    python: str
    grows: str
    """The word by which the system's own first start lets its root fill the card."""

    def is_this(self, stock: Stock) -> bool: ...

    def objections(self, stock: Stock) -> Iterator[Objection]:
        """What shows that the card was booted, or written by others, since it was flashed."""
        ...

    def inside(self, card: Card) -> dict[str, bytes]:
        """Files in the folder `jiaohao` that only this generation needs, by name."""
        ...

    def starters(self, card: Card) -> dict[str, bytes]:
        """Files beside the folder by which the system learns of it, in the order of their writing."""
        ...

    def asleep(self) -> dict[str, bytes | None]:
        """The starters as they start nothing: their content, or None where there must be no such file."""
        ...

    def secrets(self, card: Card) -> tuple[str, ...]:
        """Paths on the partition that hold passwords or keys."""
        ...

    def words(self, card: Card) -> tuple[str, ...]:
        """What the kernel's command line ends with."""
        ...


def regulatory(card: Card) -> tuple[str, ...]:
    """Which Wi-Fi channels are allowed, for the kernel."""
    return (f"cfg80211.ieee80211_regdom={card.system.country}",) if card.system.wifi else ()


def timesyncd(card: Card) -> str:
    """Whom systemd-timesyncd asks for the time, as a drop-in."""
    return f"[Time]\nNTP={' '.join(card.system.time_servers)}\n"

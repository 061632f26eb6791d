"""The generations of Raspberry Pi OS, which differ in how a first boot is told what to do: which one a card is, and whether it is fresh."""

from __future__ import annotations

from firmware.cards.cmdline import words
from firmware.cards.generations.bookworm import Bookworm
from firmware.cards.generations.generation import Generation, Objection, Stock
from firmware.cards.generations.preseed import Preseed
from firmware.cards.generations.trixie import Trixie
from firmware.cards.partition import CardFault, Partition

__all__ = ["GENERATIONS", "Generation", "Objection", "Stock", "look", "recognise"]

GENERATIONS: tuple[Generation, ...] = (Preseed(), Trixie(), Bookworm())
"""The newest first, as each carries what an older one is known by."""

WANTED = "flash Raspberry Pi OS Lite (64-bit) onto it"


def look(partition: Partition) -> Stock:
    """What stands on a card before anything is written. Raises CardFault if it is no stock card of 64 bits, OSError."""
    # By small letters: what was copied by other hands may have lost them.
    names = {name.lower(): name for name in partition.names()}

    def text(*known: str) -> bytes:
        return next((partition.read(names[name]) for name in known if name in names), b"")

    config, issue = text("config.txt"), text("issue.txt")
    # Without its first name: somebody pulled the card out while the line was being replaced.
    cmdline = text("cmdline.txt", "cmdline.txt.orig")
    if not (config and issue and words(cmdline)):
        raise CardFault(f"this is no boot partition of Raspberry Pi OS: {WANTED}")
    if b"pi-gen" not in issue:
        raise CardFault(f"this is not one of Raspberry Pi's own systems: {WANTED}")
    if not any(line.strip() == b"arm_64bit=1" for line in config.splitlines()):
        raise CardFault(f"this is a system of 32 bits, for which no bundle is made: {WANTED}")
    return Stock(
        names=frozenset(names),
        cmdline=cmdline,
        original=text("cmdline.txt.orig") or cmdline,
        config=config,
        issue=issue,
        user_data=text("user-data"),
        preseed=text("rpi-preseed.toml"),
    )


def recognise(stock: Stock) -> Generation:
    """Raises CardFault for a generation that is not known here: nobody guesses what its first boot would do."""
    found = next((one for one in GENERATIONS if one.is_this(stock)), None)
    if found is None:
        raise CardFault(
            "this generation of Raspberry Pi OS is not known: it takes neither a first program (Bookworm), nor"
            " cloud-init (Trixie from November 2025 on), nor rpi-preseed.toml; or it was booted before."
            " Flash Raspberry Pi OS Lite (64-bit), Bookworm (Legacy)"
        )
    return found

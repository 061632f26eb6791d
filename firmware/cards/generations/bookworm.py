"""Bookworm: the kernel's command line names one program, which systemd runs alone before it reboots (systemd.run)."""

from __future__ import annotations

from collections.abc import Iterator

from firmware.cards.card import FOLDER, Card
from firmware.cards.cmdline import ours, words
from firmware.cards.generations.generation import Objection, Stock, regulatory
from firmware.cards.generations.prepare import prepare_sh

__all__ = ["Bookworm"]

PREPARE = "prepare.sh"
# Not /boot/firstrun.sh: what has exactly that name an initramfs of this generation cuts off and moves.
RUN = f"systemd.run=/boot/firmware/{FOLDER}/{PREPARE}"
# Stands in the line until the card has been booted once: grows the partition, then reboots.
FRESH = "init=/usr/lib/raspberrypi-sys-mods/firstboot"
OTHERS = ("firstrun.sh", "custom.toml", "userconf.txt", "userconf", "ssh", "ssh.txt")


class Bookworm:
    name = "bookworm"
    title = "Raspberry Pi OS Bookworm"
    python = "3.11"
    grows = FRESH

    def is_this(self, stock: Stock) -> bool:
        return FRESH in words(stock.original) and not stock.user_data and not stock.preseed

    def objections(self, stock: Stock) -> Iterator[Objection]:
        if FRESH not in words(stock.cmdline):
            yield Objection("it was booted before")
        written = [name for name in OTHERS if name in stock.names]
        run = [
            word for word in words(stock.cmdline) if ours(word) and word.startswith("systemd.run=")
        ]
        if written or any(word != RUN for word in run):
            yield Objection(
                f"it was prepared by another program, such as Raspberry Pi Imager ({', '.join(written or run)})"
            )

    def inside(self, card: Card) -> dict[str, bytes]:
        return {PREPARE: prepare_sh(card)}

    def starters(self, card: Card) -> dict[str, bytes]:
        del card
        return {}

    def asleep(self) -> dict[str, bytes | None]:
        return {}

    def secrets(self, card: Card) -> tuple[str, ...]:
        del card
        return (f"{FOLDER}/{PREPARE}",)

    def words(self, card: Card) -> tuple[str, ...]:
        return (
            *regulatory(card),
            RUN,
            "systemd.run_success_action=reboot",
            "systemd.unit=kernel-command-line.target",
        )

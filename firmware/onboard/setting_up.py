"""Wires the first boot on a real board; it decides nothing."""

from __future__ import annotations

from firmware.onboard.card import CardFault, read_card
from firmware.onboard.first_boot import FirstBoot
from firmware.onboard.places import Places
from firmware.onboard.status import Led, Status
from firmware.onboard.system import RaspberryPiOS

__all__ = ["setting_up"]


def setting_up(places: Places) -> None:
    """Comes back once this board is one of the hall's."""
    try:
        board = read_card(places).board
    except CardFault:
        board = ""  # the first boot itself says what is wrong
    led = Led()
    FirstBoot(places, RaspberryPiOS(), Status(places, board, led)).run()
    led.rest()

"""The kiosk's parts: keys, screen, ticket printer; which effect goes to which, and how a number becomes paper."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from broker.settings import Hall
from firmware.device import Draw, Print, Wiring
from firmware.hal.keypad import KeypadSettings
from firmware.hal.printer import Printer, PrinterSettings
from firmware.hal.screen import Screen, ScreenSettings

__all__ = ["Hardware", "wiring"]


class Hardware(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    printer: PrinterSettings
    screen: ScreenSettings
    keys: KeypadSettings


def wiring(hall: Hall, hardware: Hardware) -> Wiring:
    def print_(printer: Printer, effect: Print) -> None:
        from firmware.ticket_kiosk.paper import draw, ticket_paper  # Pillow, only where tickets are drawn

        printer.print(draw(ticket_paper(hall, effect), hardware.printer.width))

    return Wiring(parts={"keys": {}, "screen": {Draw: _show}, "printer": {Print: print_}}, once={})


def _show(screen: Screen, effect: Draw) -> None:
    screen.show(effect.page)

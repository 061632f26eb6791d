"""The kiosk's parts: keys, screen, ticket printer; which effect goes to which, and how a number becomes paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec import Struct

from broker.loading import Problem
from broker.settings import Device, Hall
from broker.wrong_values import meant
from firmware.device import CheckPrinter, Draw, Print, Wiring
from firmware.hal import HardwareFault, Trouble
from firmware.hal.keypad import KeypadSettings
from firmware.hal.printer import Printer, PrinterSettings
from firmware.hal.screen import Screen, ScreenSettings
from firmware.ticket_kiosk.pages import GREEN

if TYPE_CHECKING:
    from firmware.ticket_kiosk.paper import TicketPaper

__all__ = ["Hardware", "paper", "problems", "wiring"]


class Hardware(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    printer: PrinterSettings
    screen: ScreenSettings
    keys: KeypadSettings


def problems(hall: Hall, _device: Device, hardware: Hardware) -> Iterator[Problem]:
    """Keys that would give no ticket."""
    known = [*hall.service, GREEN]
    for key in hardware.keys.keys:
        if key not in known:
            yield Problem(("keys", "keys", key), f"{key!r} is no key of a kiosk{meant(key, known)}")


def wiring(hall: Hall, hardware: Hardware) -> Wiring:
    def print_(printer: Printer, effect: Print) -> None:
        from firmware.ticket_kiosk.paper import draw

        printer.print(draw(paper(hall, effect), hardware.printer.width))

    return Wiring(
        parts={
            "keys": {},
            "screen": {Draw: _show},
            "printer": {Print: print_, CheckPrinter: _check},
        },
        once={},
    )


def _check(printer: Printer, _effect: CheckPrinter) -> None:
    health = printer.health()
    if not health.usable:
        trouble = health.troubles[0] if health.troubles else Trouble.BROKEN
        raise HardwareFault(f"the ticket printer cannot print: {trouble}", trouble)


def _show(screen: Screen, effect: Draw) -> None:
    screen.show(effect.page)


def paper(hall: Hall, ticket: Print) -> TicketPaper:
    """What stands on a ticket: no name, no ID digits."""
    from firmware.ticket_kiosk.paper import (
        TicketPaper,
    )  # draws with Pillow, which settings can do without

    service = hall.service[ticket.service]
    issued = datetime.fromtimestamp(ticket.issued_at / 1000, ZoneInfo(hall.hall.timezone))
    counters = hall.counters_for(ticket.service)
    zones = {zone.id: zone.name for zone in hall.zones}
    names = dict.fromkeys(zones[hall.counter[number].zone] for number in counters)
    return TicketPaper(
        hall=hall.hall.name,
        number=ticket.ticket,
        service=service.name,
        where=f"{'、'.join(names)} {'、'.join(map(str, counters))}号窗口",
        waiting_ahead=ticket.ahead,
        issued=issued.strftime("%Y-%m-%d %H:%M"),
        qr=f"{hall.hall.web}{issued:%Y%m%d}/{ticket.ticket}",
        mark="绿色通道" if ticket.green else "",
        reprint=ticket.again,
        checklist=service.checklist,
        complaint=hall.hall.phone,
    )

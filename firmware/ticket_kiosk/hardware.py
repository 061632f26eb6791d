"""The kiosk's parts: keys, screen, ticket printer, perhaps scanner, card reader, light tower, voices; which effect goes to which, and how a number becomes paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from broker.loading import Problem
from broker.phrases import Language
from broker.settings import Device, Hall
from broker.wrong_values import meant
from firmware.device import (
    CardShown,
    CheckPrinter,
    CodeScanned,
    Draw,
    LightLamp,
    Print,
    PrintNotice,
    PrintTest,
    Prompt,
    UseCardKey,
    Wiring,
)
from firmware.hal import HardwareFault, Trouble
from firmware.hal.card_reader import Card, CardReader, CardReaderSettings
from firmware.hal.card_reader.day_key import DayKey
from firmware.hal.keypad import KeypadSettings
from firmware.hal.lamps import Lamps, LampsSettings
from firmware.hal.printer import Printer, PrinterSettings
from firmware.hal.scanner import ScannerSettings
from firmware.hal.screen import Screen, ScreenSettings
from firmware.hal.voice import VoiceSettings
from firmware.prompting import prompting
from firmware.ticket_kiosk.keys import GREEN, STANDING
from firmware.ticket_kiosk.materials import chosen, materials
from firmware.ticket_kiosk.notice import notice
from firmware.ticket_kiosk.paper import TicketPaper, set_out, test_strip
from firmware.ticket_kiosk.tower import LAMPS
from firmware.ticket_kiosk.where import where
from firmware.ticket_kiosk.words import Words

__all__ = ["Hardware", "paper", "problems", "wiring"]


class Hardware(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    printer: PrinterSettings
    screen: ScreenSettings
    keys: KeypadSettings
    scanner: ScannerSettings | None = None
    card_reader: CardReaderSettings | None = None
    tower: LampsSettings | None = None
    voice: VoiceSettings | None = None
    voice_en: VoiceSettings | None = None


def problems(hall: Hall, _device: Device, hardware: Hardware) -> Iterator[Problem]:
    """Keys that would give no ticket."""
    known = [*hall.service, *STANDING]
    for key in hardware.keys.keys:
        if key not in known:
            yield Problem(("keys", "keys", key), f"{key!r} is no key of a kiosk{meant(key, known)}")
    for lamp in hardware.tower.lamps if hardware.tower else ():
        if lamp not in LAMPS:
            yield Problem(
                ("tower", "lamps", lamp),
                f"{lamp!r} is no lamp of a kiosk's tower{meant(lamp, LAMPS)}",
            )
    if GREEN in hardware.keys.keys and GREEN not in hall.priority_class:
        yield Problem(
            ("keys", "keys", GREEN),
            f"the key {GREEN!r} gives tickets of the class {GREEN!r}, which is none{meant(GREEN, hall.priority_class)};"
            " add it to [[classes]]",
        )


def wiring(hall: Hall, _hardware: Hardware) -> Wiring:
    def print_(printer: Printer, effect: Print) -> None:
        if effect.again:
            printer.clear()
        printer.print(set_out(paper(hall, effect)))

    def notice_(printer: Printer, effect: PrintNotice) -> None:
        printer.print(notice(hall, effect.item, effect.at, english=effect.english))

    def test(printer: Printer, effect: PrintTest) -> None:
        at = f"{_local(hall, effect.at):%Y-%m-%d %H:%M}"
        printer.print(test_strip(hall.hall.name, at, hall.phrases.kiosk.paper))

    return Wiring(
        parts={
            "keys": {},
            "screen": {Draw: _show},
            "printer": {
                Print: print_,
                PrintNotice: notice_,
                PrintTest: test,
                CheckPrinter: _check,
            },
            "scanner": {},
            "card_reader": {UseCardKey: _use_key},
            "tower": {LightLamp: _light},
            "voice": {Prompt: prompting(Language.CHINESE)},
            "voice_en": {Prompt: prompting(Language.ENGLISH)},
        },
        once={},
        hears={"scanner": CodeScanned, "card_reader": _shown},
    )


def _shown(card: Card) -> CardShown:
    return CardShown(card.person, card.elderly)


def _use_key(reader: CardReader, effect: UseCardKey) -> None:
    reader.use(DayKey(date.fromisoformat(effect.day), bytes.fromhex(effect.key)))


def _light(tower: Lamps, effect: LightLamp) -> None:
    tower.light(effect.lamp, effect.light)


def _check(printer: Printer, _effect: CheckPrinter) -> None:
    health = printer.health()
    if not health.usable:
        trouble = health.troubles[0] if health.troubles else Trouble.BROKEN
        raise HardwareFault(f"the ticket printer cannot print: {trouble}", trouble)


def _show(screen: Screen, effect: Draw) -> None:
    screen.show(effect.page)


def paper(hall: Hall, ticket: Print) -> TicketPaper:
    """What stands on a ticket: no name, no ID digits; its QR code leads to it and proves whose it is.

    One that was taken in English has below each name the Chinese one, for who helps its visitor.
    """
    service = hall.service[ticket.service]
    issued = _local(hall, ticket.issued_at)
    counters = hall.counters_for(ticket.service)
    words = Words(hall, Language.ENGLISH if ticket.english else Language.CHINESE)
    says = words.phrases.paper
    item, (listed, more) = chosen(hall, ticket), materials(hall, ticket)
    slot = says.slot.format(time=f"{_local(hall, ticket.slot):%H:%M}") if ticket.slot else ""
    marks = (says.green if ticket.green else "", slot, says.agent if ticket.agent else "")
    address = (f"{issued:%Y%m%d}", ticket.ticket, ticket.code)
    with_code = ticket.code and hall.rules.no_show.at_kiosk
    chinese = (service.name, item.name if item else "") if ticket.english else ()
    again = dict.fromkeys((hall.phrases.kiosk.paper.again, says.again))
    return TicketPaper(
        hall=hall.hall.name,
        number=ticket.ticket,
        service=words.name(service),
        item=words.item(item) if item else "",
        chinese=" ".join(filter(None, chinese)),
        where=where(hall, words, counters),
        waiting_ahead=None if ticket.alone else ticket.ahead,
        issued=f"{issued:%Y-%m-%d %H:%M}",
        estimate=words.about(ticket.wait),
        qr=hall.hall.web + "/".join(filter(None, address)),
        mark=" ".join(filter(None, marks)),
        again=" ".join(again) if ticket.again else "",
        checklist=listed,
        checklist_note=says.more if more else "",
        complaint=hall.hall.phone,
        footer=says.code.format(code=ticket.code) if with_code else "",
        alone=words.phrases.service.alone,
        says=says,
    )


def _local(hall: Hall, at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, ZoneInfo(hall.hall.timezone))

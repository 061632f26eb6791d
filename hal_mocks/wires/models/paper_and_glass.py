"""The emulated printer, on its line; and a screen that nobody sees, its driver beside it."""

from __future__ import annotations

import os
import tempfile
from functools import partial
from pathlib import Path

import msgspec

from firmware.hal.screen import (
    CounterRow,
    HallPage,
    KioskKey,
    KioskPage,
    PadPage,
    Page,
    PygameScreenSettings,
)
from hal_mocks.wires.escpos_machine import EscposMachine
from hal_mocks.wires.escpos_printer import PrinterFarEnd
from hal_mocks.wires.models.emulated import Emulated, Emulator, Fault, table
from hal_mocks.wires.wired import MOUTHFUL

__all__ = ["PAPER_AND_GLASS"]

KIOSK = KioskPage(
    "请选择要办理的业务",
    keys=(
        KioskKey("pension", "养老保险", "等待 3 人"),
        KioskKey("card", "社保卡业务", "等待 1 人"),
        KioskKey("employment", "就业与失业", enabled=False),
    ),
)
HALL = HallPage(
    "示范服务大厅",
    "请A012号到3号窗口",
    (CounterRow("3号窗口", "A012", "请到窗口", "养老保险", fresh=True),),
)


PAD = PadPage("3号窗口", "请您对本次服务作出评价", "How was it?", "工号 031")
PAGES: dict[str, tuple[str, Page]] = {
    "k": ("a kiosk's page", KIOSK),
    "h": ("a hall display's page", HALL),
    "p": ("a rating pad's page", PAD),
}


def _printer() -> Emulator:
    machine = EscposMachine()
    faults = {
        "p": Fault("paper out", machine.run_out_of_paper, machine.refill),
        "e": Fault("paper near its end", machine.put_near_end, machine.refill),
        "c": Fault("cover open", machine.open_cover, machine.close_cover),
        "j": Fault("jam", machine.jam, machine.clear_jam),
        "m": Fault("mute", machine.stop_answering, machine.answer_again),
        "x": Fault("power cut", machine.cycle_power),
    }
    return Emulator(
        lambda: [
            f"a ticket of {ticket.width} x {ticket.height} dots came out and was cut off"
            for ticket in machine.printed
        ],
        faults,
        PrinterFarEnd(machine),
        lambda: min(machine.room, MOUTHFUL),
    )


def _screen(width: int, height: int) -> Emulator:
    os.environ.update(SDL_VIDEODRIVER="dummy", PYGAME_HIDE_SUPPORT_PROMPT="1")
    # Not before: pygame says hello, and all other models do without it.
    import pygame

    from firmware.hal.screen.pygame_brush import PygameLetters
    from firmware.hal.screen.pygame_screen import PygameScreen, arrange, font_of

    said = {"model": "pygame", "width": width, "height": height, "fullscreen": False}
    settings = msgspec.convert(said, PygameScreenSettings)
    driver = PygameScreen(settings)
    room = tempfile.TemporaryDirectory(prefix="screen")
    told: list[str] = []
    driver.listen(lambda key: told.append(f"its driver told the touch of {key!r}"))

    def show(name: str, page: Page) -> None:
        driver.show(page)
        picture = Path(room.name) / "screen.png"
        if (glass := pygame.display.get_surface()) is not None:
            pygame.image.save(glass, picture)
        told.append(f"it shows {name}: {picture}")

    def touch(number: int) -> None:
        show(*PAGES["k"])
        box = arrange(KIOSK, settings, PygameLetters(font_of(settings))).keys[number].box
        place = (box.x + box.w // 2, box.y + box.h // 2)
        pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=place, button=1))

    def close() -> None:
        driver.close()
        room.cleanup()

    does = {
        key: Fault(f"show {name}", partial(show, name, page)) for key, (name, page) in PAGES.items()
    }
    does |= {
        str(number + 1): Fault(f"touch {key.key!r}", partial(touch, number))
        for number, key in enumerate(KIOSK.keys)
    }
    return Emulator(lambda: told, does, close=close)


PAPER_AND_GLASS: dict[str, Emulated] = {
    "escpos": Emulated(
        "a ticket printer on 80 mm paper, with a cutter and every sensor",
        _printer,
        {"printer": table("escpos")},
        port="serial:{}?baud=115200",
        tcp=True,
    ),
    "pygame": Emulated(
        "a screen that nobody sees; each page is a picture in a file",
        _screen,
        {"screen": table("pygame", "width", "height", rest="fullscreen = false")},
        {"width": 540, "height": 960},
    ),
}

"""The mock parts of a board of the virtual hall: what is told of them last is what they are."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from broker.settings import Board, Device, Kind
from firmware.hal.screen import KioskPage, Page
from hal_mocks.screen import MockScreen
from hal_mocks.virtual_hall.props import Props
from hal_mocks.virtual_hall.talk import Deed, Memory

OLD, NEW = KioskPage("请选择要办理的业务"), KioskPage("养老保险")


class SlowScreen(MockScreen):
    """Whoever is the next to remember its page, once `hold` is set, waits for the `way`."""

    def __init__(self, watcher: Callable[[], None]) -> None:
        super().__init__(watcher)
        self.hold, self.held, self.way = (threading.Event() for _ in range(3))

    def remembered(self) -> Page | None:
        page = self.current
        if self.hold.is_set():
            self.hold.clear()
            self.held.set()
            self.way.wait()
        return page


class SlowProps(Props):
    def _make(self, device: Device, part: str) -> SlowScreen:
        return SlowScreen(lambda: self._changed(device.id, part))

    def _memory(self, prop: SlowScreen) -> dict[str, Any]:
        return {"page": prop.remembered()}


def test_a_page_that_comes_while_a_touch_is_told_of_is_the_last_that_is_told():
    """A finger's thread was still telling of the page that it had touched when the next one was there already."""
    hardware = {"screen": {"model": "pygame"}}
    kiosk = Device(id="kiosk-1", kind=Kind.TICKET_KIOSK, hardware=hardware)
    told: list[Memory] = []
    props = SlowProps(Board(id="kiosk-1", devices=(kiosk,)), told.append, Path())
    screen = props.open_part(kiosk, "screen", None)
    screen.show(OLD)
    screen.hold.set()
    touch = Deed(device="kiosk-1", part="screen", do="touch", key="service:pension")
    finger = threading.Thread(target=props.do, args=(touch,))
    finger.start()
    assert screen.held.wait(10)
    drawn = threading.Thread(target=screen.show, args=(NEW,))
    drawn.start()
    drawn.join(0.2)  # long enough to overtake, were it allowed to
    screen.way.set()
    finger.join()
    drawn.join()
    assert told[-1].now == {"page": NEW}

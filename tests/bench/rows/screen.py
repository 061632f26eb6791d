"""What a screen of 1920x1080 costs: all of it drawn again, a row of it, one page after another, and nothing at all."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count

import pygame

from firmware.hal.screen import (
    CounterRow,
    HallPage,
    KioskKey,
    KioskPage,
    Page,
    PygameScreenSettings,
    ServiceRow,
    Tone,
)
from firmware.hal.screen.drawing import Drawing
from firmware.hal.screen.glass import Glass
from firmware.hal.screen.pygame_brush import Brush, PygameLetters
from firmware.hal.screen.pygame_window import arrange, font_of
from tests.bench.row import RUNS, Bench, Measured, Over, Row, Say

__all__ = ["BENCH"]

SETTINGS = PygameScreenSettings(width=1920, height=1080)
ROUNDS = 40
NAMES = ("社会保险", "不动产登记", "税务申报", "工程建设项目审批", "城乡居民养老保险", "公积金")
COUNTERS = 24

REDRAW = Row("screen_redraw", "a full redraw at 1920x1080, its type kept", "ms", 5)
ROW = Row("screen_row", "a row of the hall display that changed, drawn", "ms", 1)
NOTHING = Row(
    "screen_nothing",
    "panels, lines and signs drawn when nothing changed",
    "marks",
    0,
    over=Over.SUM,
)
PAGE = Row("screen_page", "page to page, laid out and drawn, with new numbers", "ms", 16)


class _Screen:
    """The glass without a panel; what the panel itself takes is SDL's and the board's."""

    def __init__(self) -> None:
        pygame.font.init()
        self._letters = PygameLetters(font_of(SETTINGS))
        self.brush = Brush(pygame.Surface((1920, 1080), depth=32), 0, self._letters)
        self.glass = Glass(self.brush, lambda _: None)

    def laid(self, page: Page) -> Drawing:
        return arrange(page, SETTINGS, self._letters)

    def show(self, page: Page) -> None:
        self.glass.show(self.laid(page), 0.0)


def hall_page(number: int) -> HallPage:
    """The newest call is at the first counter, what changed is its ticket."""
    rows = tuple(
        CounterRow(f"{n}号窗口", f"B{n:03}", "正在办理", NAMES[n % 6])
        for n in range(2, COUNTERS + 1)
    )
    first = CounterRow("1号窗口", f"A{number % 1000:03}", "请到窗口", NAMES[0], fresh=True)
    waiting = tuple(ServiceRow("ABCDEF"[n], name, 3 * n) for n, name in enumerate(NAMES))
    call = f"请A{number % 1000:03}号到1号窗口"
    return HallPage("政务服务大厅", call, (first, *rows), waiting, "过号请到咨询台报到")


def kiosk_pages(number: int) -> Iterator[KioskPage]:
    keys = tuple(
        KioskKey(f"s{n}", name, f"等待 {(n * 7 + number) % 90} 人") for n, name in enumerate(NAMES)
    )
    yield KioskPage("请选择业务", keys=keys, notice="老年人、残疾人、军人优先")
    yield KioskPage(
        "取号成功",
        f"A{number % 1000:03}",
        (f"前方等待 {number % 90} 人，预计 {number % 60} 分钟", "请留意叫号"),
        (KioskKey("home", "返回"),),
        Tone.GOOD,
    )


def measure(say: Say) -> Measured:
    screen, numbers = _Screen(), count(1)
    found: dict[str, list[float]] = {row.name: [] for row in ROWS}
    for run in range(RUNS):
        found[REDRAW.name].append(_redraw(screen))
        found[ROW.name].append(_row(screen))
        found[NOTHING.name].append(_nothing(screen))
        found[PAGE.name].append(max(_kiosk(screen, numbers), _hall(screen, numbers)))
        said = ", ".join(f"{name} {runs[-1]:.2f}" for name, runs in found.items())
        say(f"run {run + 1} of {RUNS}: {said}")
    note = f"screen: {COUNTERS} counters and 6 services, or a kiosk with 6 keys; CPU, without the panel's own time"
    return Measured({name: tuple(runs) for name, runs in found.items()}, note)


def _each(done: Callable[[], int]) -> float:
    """Milliseconds of CPU for each of as many as were done."""
    start = time.process_time()
    times = done()
    return (time.process_time() - start) * 1000 / times


def _redraw(screen: _Screen) -> float:
    drawing = screen.laid(hall_page(17))
    screen.brush.draw(drawing)

    def done() -> int:
        for _ in range(ROUNDS):
            screen.brush.draw(drawing)
        return ROUNDS

    return _each(done)


def _row(screen: _Screen) -> float:
    """The ticket and the status of a counter that is not the newest."""
    one, pages = hall_page(17), []
    for n in range(ROUNDS):
        row = replace(one.counters[9], ticket=f"C{n:03}", status=("空闲", "暂停服务")[n % 2])
        rows = (*one.counters[:9], row, *one.counters[10:])
        pages.append(screen.laid(replace(one, counters=rows)))
    screen.glass.show(pages[-1], 0.0)

    def done() -> int:
        for page in pages:
            screen.glass.show(page, 0.0)
        return len(pages)

    return _each(done)


def _nothing(screen: _Screen) -> float:
    screen.show(hall_page(17))
    before = screen.brush.strokes
    screen.show(hall_page(17))
    return screen.brush.strokes - before


def _kiosk(screen: _Screen, numbers: Iterator[int]) -> float:
    def done() -> int:
        for _ in range(ROUNDS // 2):
            for page in kiosk_pages(next(numbers)):
                screen.show(page)
        return ROUNDS

    return _each(done)


def _hall(screen: _Screen, numbers: Iterator[int]) -> float:
    def done() -> int:
        for _ in range(ROUNDS):
            screen.show(hall_page(next(numbers)))
        return ROUNDS

    return _each(done)


ROWS = (REDRAW, ROW, NOTHING, PAGE)
BENCH = Bench(ROWS, measure)

"""What every screen promises, and what the pygame screen promises beyond it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import msgspec
import pytest

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.screen import (
    CounterRow,
    HallPage,
    KioskKey,
    KioskPage,
    PygameScreenSettings,
    Tone,
    open_screen,
)
from firmware.hal.screen.drawing import Box
from firmware.hal.screen.pygame_window import picture
from hal_mocks.screen import MockScreen

HOME = KioskPage(
    "请选择业务",
    keys=(
        KioskKey("tax", "税务申报", "等待 3 人"),
        KioskKey("land", "不动产登记", "今日号已取完", enabled=False),
    ),
)
TAKEN = KioskPage("取号成功", "A017", ("前方等待 3 人",), tone=Tone.GOOD)
HALL = HallPage(
    "一楼大厅",
    "请A017号到3号窗口",
    (CounterRow("3号窗口", "A017", "请到窗口", "税务", fresh=True),),
)
SMALL = PygameScreenSettings(width=480, height=800, fullscreen=False)


@pytest.fixture(autouse=True)
def no_panel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("PYGAME_HIDE_SUPPORT_PROMPT", "1")


@pytest.fixture(params=["mock", "pygame"])
def screen(request: pytest.FixtureRequest) -> Iterator[Any]:
    opened = MockScreen() if request.param == "mock" else open_screen(SMALL)
    yield opened
    opened.close()


@pytest.fixture
def panel() -> Iterator[Any]:
    opened = open_screen(SMALL)
    yield opened
    opened.close()


def test_what_is_shown_is_what_was_asked(screen):
    for page in (HOME, TAKEN, HALL):
        screen.show(page)
        assert screen.current == page


def test_a_new_screen_shows_nothing_and_is_well(screen):
    assert screen.current is None
    assert screen.health() == Health()


def test_a_closed_screen_refuses_a_page_and_closes_twice(screen):
    screen.close()
    screen.close()
    with pytest.raises(HardwareFault, match="closed"):
        screen.show(HOME)


def test_the_mock_remembers_each_page_once_and_tells_its_watcher_afterwards():
    seen: list[object] = []
    screen = MockScreen()
    screen.watcher = lambda: seen.append(screen.shown[-1])
    for page in (HOME, HOME, TAKEN, HOME):
        screen.show(page)
    assert screen.shown == seen == [HOME, TAKEN, HOME]


def test_an_unplugged_mock_says_so_until_it_is_plugged_in():
    screen = MockScreen()
    screen.unplug()
    with pytest.raises(HardwareFault, match="unplugged"):
        screen.show(HOME)
    assert screen.health() == Health(usable=False, troubles=(Trouble.NO_ANSWER,))
    screen.plug_in()
    screen.show(HOME)
    assert screen.shown == [HOME]


def test_nothing_is_drawn_when_nothing_changed(panel):
    for page in (HOME, HOME, TAKEN, TAKEN, HOME):
        panel.show(page)
    assert panel.flips == 3


def _touch(panel: Any, x: int, y: int) -> None:
    import pygame

    pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=(x, y), button=1, touch=True))


def _middle_of(key: str, page: KioskPage, settings: PygameScreenSettings) -> tuple[int, int]:
    from firmware.hal.screen.pygame_brush import PygameLetters
    from firmware.hal.screen.pygame_screen import arrange, font_of

    drawing = arrange(page, settings, PygameLetters(font_of(settings)))
    box = next(area.box for area in drawing.keys if area.key == key)
    return box.x + box.w // 2, box.y + box.h // 2


def test_a_touch_posts_the_key_that_the_finger_saw(panel):
    posted: SimpleQueue[str] = SimpleQueue()
    panel.listen(posted.put)
    panel.show(HOME)
    _touch(panel, *_middle_of("tax", HOME, SMALL))
    assert posted.get(timeout=2) == "tax"


def test_a_key_that_is_off_posts_too_so_that_the_kiosk_can_say_why(panel):
    posted: SimpleQueue[str] = SimpleQueue()
    panel.listen(posted.put)
    panel.show(HOME)
    _touch(panel, *_middle_of("land", HOME, SMALL))
    assert posted.get(timeout=2) == "land"


def test_a_touch_beside_keys_posts_nothing(panel):
    posted: SimpleQueue[str] = SimpleQueue()
    panel.listen(posted.put)
    panel.show(HOME)
    _touch(panel, 2, 2)
    panel.show(TAKEN)  # touches are read before a page is drawn
    assert posted.empty()


def test_a_touch_on_a_turned_panel_means_the_same_key():
    turned = PygameScreenSettings(width=480, height=800, fullscreen=False, rotate=90)
    panel: Any = open_screen(turned)
    try:
        posted: SimpleQueue[str] = SimpleQueue()
        panel.listen(posted.put)
        panel.show(HOME)
        x, y = _middle_of("tax", HOME, turned)
        _touch(panel, 800 - 1 - y, x)
        assert posted.get(timeout=2) == "tax"
    finally:
        panel.close()


def test_a_turned_page_is_the_same_picture_turned():
    import pygame

    def pixels(rotate: Any) -> Any:
        png = picture(HOME, PygameScreenSettings(width=480, height=320, rotate=rotate))
        return pygame.image.load(BytesIO(png), "page.png")

    upright = pixels(0)
    assert upright.get_size() == (480, 320)
    for rotate in (90, 180, 270):
        back = pygame.transform.rotate(pixels(rotate), rotate)
        assert pygame.image.tobytes(back, "RGB") == pygame.image.tobytes(upright, "RGB")


def test_a_panel_of_another_resolution_is_laid_out_for_and_told(caplog):
    panel: Any = open_screen(PygameScreenSettings())  # SDL's dummy panel has 1024x768
    try:
        panel.show(HOME)
        assert panel.health() == Health(troubles=(Trouble.WRONG_SIZE,))
        assert "1024x768" in caplog.text
        assert "1080x1920" in caplog.text
        assert _lit(panel, Box(0, 0, 1024, 768))
    finally:
        panel.close()


def _lit(panel: Any, page: Box) -> bool:
    """Whether every key of the page is on the glass, in whole."""
    drawing = panel._window.glass._on
    return bool(drawing.keys) and all(page.holds(area.box) for area in drawing.keys)


def test_no_panel_at_all_is_a_fault_that_says_what_to_check(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "no-such-driver")
    with pytest.raises(HardwareFault, match="No screen could be opened") as caught:
        open_screen(SMALL)
    assert caught.value.trouble is Trouble.NO_ANSWER


@pytest.mark.parametrize("font", ["/nowhere/type.otf", __file__, "collection.ttc"])
def test_a_font_that_cannot_be_used_is_told_and_the_page_is_in_the_shipped_type(
    font, tmp_path, caplog
):
    # Of a collection the first face is Japanese.
    (tmp_path / "collection.ttc").write_bytes(b"ttcf" + bytes(100))
    wanted = msgspec.structs.replace(SMALL, font=font)
    panel: Any = open_screen(wanted, tmp_path)
    try:
        panel.show(HOME)
        assert panel.health() == Health(troubles=(Trouble.NO_FONT,))
        assert font in caplog.text
    finally:
        panel.close()
    assert picture(HOME, wanted, tmp_path) == picture(HOME, SMALL)


def test_without_any_chinese_type_numbers_are_still_there(monkeypatch, tmp_path):
    monkeypatch.setattr("pylopdf_fonts_zh_cn.sans_path", lambda: tmp_path / "gone.otf")
    panel: Any = open_screen(SMALL)
    try:
        panel.show(TAKEN)
        assert panel.health() == Health(troubles=(Trouble.NO_FONT,))
    finally:
        panel.close()
    assert picture(TAKEN, SMALL) != picture(replace(TAKEN, large="A018"), SMALL)


def test_settings_refuse_what_no_panel_has():
    for wrong in ({"model": "pygame", "rotate": 45}, {"model": "pygame", "widht": 1080}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(wrong, PygameScreenSettings)


def test_a_screen_needs_no_sound_no_numpy_and_leaves_sigterm_alone():
    ask = (
        "import signal, sys\n"
        "from firmware.hal.screen import open_screen, PygameScreenSettings, KioskPage\n"
        "screen = open_screen(PygameScreenSettings(width=480, height=800, fullscreen=False))\n"
        "screen.show(KioskPage('题', 'A017'))\n"
        "import pygame\n"
        "print(pygame.mixer.get_init(), 'numpy' in sys.modules, flush=True)\n"
        "signal.raise_signal(signal.SIGTERM)\n"
        "print('survived')\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    asked = subprocess.run(
        [sys.executable, "-c", ask],
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert asked.stdout == "None False\n"
    assert asked.returncode == -signal.SIGTERM

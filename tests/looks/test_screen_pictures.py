"""Pictures and QR codes on a page: fitted into their boxes, read by a phone, and never a reason for a blank screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pygame
import pytest
import segno
from PIL import Image

from firmware.hal import Health, Trouble
from firmware.hal.screen import KioskPage, PygameScreenSettings, open_screen
from firmware.hal.screen.drawing import Box, Code, Drawing, Picture
from firmware.hal.screen.glass import Glass
from firmware.hal.screen.pygame_brush import Brush, PygameLetters
from firmware.hal.screen.pygame_window import font_of

WHITE, BLACK, RED = (255, 255, 255), (0, 0, 0), (200, 30, 30)
SIZE = 300, 200


class Pane:
    def __init__(self, folder: Path, turned: int = 0) -> None:
        pygame.font.init()
        letters = PygameLetters(font_of(PygameScreenSettings()))
        self.surface = pygame.Surface(SIZE[::-1] if turned in {90, 270} else SIZE, depth=32)
        self.brush = Brush(self.surface, turned, letters, folder)
        self.glass = Glass(self.brush, lambda _: None)

    def drawn(self, *marks: Picture | Code) -> pygame.Surface:
        pictures = tuple(one for one in marks if isinstance(one, Picture))
        codes = tuple(one for one in marks if isinstance(one, Code))
        self.glass.show(Drawing(WHITE, pictures=pictures, codes=codes), 0.0)
        return self.surface


def _at(surface: pygame.Surface, x: int, y: int) -> tuple[int, ...]:
    return tuple(surface.get_at((x, y))[:3])


def _inked(surface: pygame.Surface) -> Box:
    """Around all that is not white."""
    mask = pygame.mask.from_threshold(surface, WHITE, (1, 1, 1, 255))
    mask.invert()
    (rect, *others) = mask.get_bounding_rects()
    return Box(*rect.unionall(others))


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize(
    ("size", "box"), [((60, 20), (20, 56, 260, 87)), ((20, 60), (133, 50, 33, 100))]
)
def test_a_picture_is_as_large_as_its_box_allows_and_keeps_its_ratio(tmp_path, kind, size, box):
    Image.new("RGB", size, RED).save(tmp_path / "photo", kind, quality=95)
    surface = Pane(tmp_path).drawn(Picture(Box(20, 50, 260, 100), "photo"))
    found = _inked(surface)
    assert (
        max(abs(a - b) for a, b in zip((found.x, found.y, found.w, found.h), box, strict=True)) <= 1
    )
    assert max(abs(a - b) for a, b in zip(_at(surface, 150, 100), RED, strict=True)) <= 3


def test_a_clear_part_of_a_picture_lets_the_ground_through(tmp_path):
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(tmp_path / "logo.png")
    assert _at(Pane(tmp_path).drawn(Picture(Box(0, 0, 90, 90), "logo.png")), 45, 45) == WHITE


def test_a_photo_is_upright_as_the_camera_was_held(tmp_path):
    photo = Image.new("RGB", (80, 40), RED)
    turned = Image.Exif()
    turned[0x0112] = 6  # to be turned clockwise
    photo.save(tmp_path / "photo.jpg", exif=turned)
    found = _inked(Pane(tmp_path).drawn(Picture(Box(0, 0, 100, 100), "photo.jpg")))
    assert found.h > found.w


@pytest.mark.parametrize(
    "wrong", [None, b"", b"no picture", b"\x89PNG\r\n\x1a\n" + bytes(40), b"GIF89a"]
)
def test_a_picture_that_cannot_be_read_leaves_its_box_empty_and_is_told(tmp_path, wrong):
    if wrong is not None:
        (tmp_path / "photo.png").write_bytes(wrong)
    pane = Pane(tmp_path)
    surface = pane.drawn(
        Picture(Box(0, 0, 90, 90), "photo.png"), Code(Box(150, 50, 100, 100), "A017", BLACK, WHITE)
    )
    assert _at(surface, 45, 45) == WHITE
    assert _inked(surface).x >= 150
    (why,) = pane.glass.missing()
    assert why
    pane.drawn()
    assert list(pane.glass.missing()) == []


def test_a_picture_of_half_its_bytes_is_told_as_broken(tmp_path):
    file = tmp_path / "photo.png"
    Image.effect_noise((400, 400), 80).save(file)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    pane = Pane(tmp_path)
    pane.drawn(Picture(Box(0, 0, 90, 90), "photo.png"))
    assert list(pane.glass.missing())


def test_of_a_camera_s_picture_only_as_much_is_read_as_is_shown(tmp_path):
    Image.new("RGB", (4000, 3000), RED).save(tmp_path / "photo.jpg")
    Image.new("L", (4000, 3000)).save(tmp_path / "photo.png")
    pane = Pane(tmp_path)
    assert _at(pane.drawn(Picture(Box(0, 0, 100, 100), "photo.jpg")), 50, 50) != WHITE
    pane.drawn(Picture(Box(0, 0, 100, 100), "photo.png"))
    assert "too large" in "".join(pane.glass.missing())


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_code_says_its_text_in_whole_pixels_with_its_quiet_zone(tmp_path, turned):
    text = "https://hall.example/20261125/A017/7KQ4"
    pane = Pane(tmp_path, turned)
    seen = pygame.transform.rotate(
        pane.drawn(Code(Box(20, 10, 180, 180), text, BLACK, WHITE)), turned
    )
    matrix = segno.make(text, error="m", micro=False, boost_error=False).matrix
    module = 180 // (len(matrix) + 8)
    left = 20 + (180 - module * (len(matrix) + 8)) // 2 + 4 * module
    top = left - 10
    read = [
        [_at(seen, left + x * module, top + y * module) == BLACK for x in range(len(matrix))]
        for y in range(len(matrix))
    ]
    assert read == [[bool(dark) for dark in row] for row in matrix]
    found = _inked(seen)
    assert (found.x, found.y, found.w) == (left, top, module * len(matrix))


@pytest.mark.parametrize(("text", "side"), [("x" * 4000, 180), ("https://hall.example/A017", 20)])
def test_a_code_that_cannot_be_drawn_is_told(tmp_path, text, side):
    pane = Pane(tmp_path)
    pane.drawn(Code(Box(0, 0, side, side), text, BLACK, WHITE))
    assert list(pane.glass.missing())


def test_a_page_without_its_picture_is_shown_and_the_screen_s_health_names_it(
    tmp_path, monkeypatch, caplog
):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    page = KioskPage("题", "A017")
    with_photo = Drawing(WHITE, pictures=(Picture(Box(0, 0, 90, 90), "gone.png"),))
    drawings = {page: with_photo, KioskPage("题"): Drawing(WHITE)}
    monkeypatch.setattr(
        "firmware.hal.screen.pygame_window.arrange", lambda page, *_: drawings[page]
    )
    panel: Any = open_screen(
        PygameScreenSettings(width=480, height=800, fullscreen=False), tmp_path
    )
    try:
        panel.show(page)
        assert panel.health() == Health(troubles=(Trouble.NO_PICTURE,))
        assert "gone.png" in caplog.text
        panel.show(KioskPage("题"))
        assert panel.health() == Health()
    finally:
        panel.close()

"""The theme's file: a hall's own over the shipped one; what is wrong is told with its place, and never leaves a screen blank."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from shutil import copy
from typing import Any

import pygame
import pylopdf_fonts_zh_cn
import pytest
from PIL import Image

from broker.loading import SettingsFault
from firmware.check import main as check
from firmware.hal import Health, Trouble
from firmware.hal.screen import HallPage, KioskKey, KioskPage, PygameScreenSettings, open_screen
from firmware.hal.screen.degraded import Degraded
from firmware.hal.screen.drawing import Picture
from firmware.hal.screen.pygame_letters import PygameLetters
from firmware.hal.screen.pygame_window import arrange, open_theme, picture
from firmware.hal.screen.theme import KIOSK
from firmware.hal.screen.theme_file import load_theme, problems_of, shipped
from hal_mocks.virtual_hall.demo import SAMPLE
from tests.looks.test_screen_layout import KIOSKS, _assert_orderly

PAGE = KioskPage("请选择业务", keys=(KioskKey("tax", "税务申报", "等待 3 人"),), notice="老人优先")
SMALL = PygameScreenSettings(width=480, height=800, fullscreen=False)
THEMED = PygameScreenSettings(width=480, height=800, fullscreen=False, theme="theme.toml")


@pytest.fixture(autouse=True)
def no_panel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    pygame.font.init()


def _own(folder: Path, text: str) -> Path:
    path = folder / "theme.toml"
    path.write_text(text, encoding="utf-8")
    return path


def _pixels(page: Any, settings: PygameScreenSettings, folder: Path) -> pygame.Surface:
    return pygame.image.load(BytesIO(picture(page, settings, folder)), "page.png")


def _letters() -> PygameLetters:
    return PygameLetters(pylopdf_fonts_zh_cn.sans_path())


def test_what_a_hall_does_not_say_stays_as_shipped(tmp_path):
    theme = load_theme(_own(tmp_path, '[kiosk.card]\nmain = "#102030"\n'))
    assert theme.colour(KIOSK.card.main) == (0x10, 0x20, 0x30)
    assert theme.colour(KIOSK.card.ground) == shipped().colour(KIOSK.card.ground)
    assert theme.look == shipped().look
    assert load_theme(_own(tmp_path, "")).colours == shipped().colours


def test_a_colour_of_the_theme_is_the_colour_on_the_glass(tmp_path):
    _own(tmp_path, '[tones.calm]\nground = "#3B0A5C"\n[kiosk]\nbare = { ground = "#FFFFFE" }\n')
    pixels = _pixels(PAGE, THEMED, tmp_path)
    assert pixels.get_at((2, 2))[:3] == (0x3B, 0x0A, 0x5C)
    assert pixels.get_at((2, 400))[:3] == (0xFF, 0xFF, 0xFE)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            '[kiosk.card]\nmian = "#000000"\n',
            "theme.toml:2:1: unknown key 'mian'; did you mean 'main'?",
        ),
        ('[kiosk]\naccent = "blue"\n', "theme.toml:2:1: 'accent' must be a colour as #RRGGBB"),
        ("[sizes]\nscale = 3\n", "theme.toml:2:1: 'scale' must be at most 1.4, not 3"),
        ("[kiosk\n", "theme.toml:1:7: this is not TOML"),
        ("[sizes]\nscale = '1'\n", "theme.toml:2:1: 'scale' must be a number"),
        (
            '[hall.notice]\nmain = "#556677"\n',
            "theme.toml:2:1: hall.notice.main #556677 on #183754 has a contrast of 2.0 to 1, and needs 4.5 to 1",
        ),
        (
            '[large.card]\nquiet = "#6A6A6A"\n',
            "theme.toml:2:1: large.card.quiet #6A6A6A on #FFFFFF has a contrast of 5.4 to 1, and needs 7 to 1",
        ),
    ],
)
def test_what_is_wrong_with_a_theme_is_told_with_its_place(tmp_path, text, line):
    path = _own(tmp_path, text)
    with pytest.raises(SettingsFault) as caught:
        load_theme(path)
    assert str(caught.value).startswith(f"{tmp_path}/{line}")


def test_files_that_a_theme_names_and_that_are_not_there_are_told(tmp_path):
    path = _own(tmp_path, 'logo = "logo.png"\n\n[fonts]\ntext = "type.otf"\n')
    lines = problems_of(path)
    assert [line.removeprefix(f"{path}:").split(": ")[0] for line in lines] == ["1:1", "4:1"]
    assert "logo.png: copy it there" in lines[0]


def test_check_tells_what_is_wrong_with_the_themes_of_a_hall(tmp_path, capsys):
    sample = SAMPLE.read_text(encoding="utf-8")
    copy(SAMPLE.with_name("sample-catalogue.toml"), tmp_path)
    hall = tmp_path / "hall.toml"
    hall.write_text(sample.replace('model = "pygame",', 'model = "pygame", theme = "theme.toml",'))
    _own(tmp_path, '[hall]\naccent = "#132D45"\n')
    assert check([str(hall)]) == 1
    told = capsys.readouterr().out
    assert "theme.toml:2:1: hall.accent #132D45 on" in told
    _own(tmp_path, "")
    assert check([str(hall)]) == 0


@pytest.mark.parametrize("text", ["[kiosk\n", '[kiosk]\naccent = "blue"\n', None])
def test_with_a_broken_theme_pages_look_as_shipped_and_it_is_told(tmp_path, text, caplog):
    if text is not None:
        _own(tmp_path, text)
    panel: Any = open_screen(THEMED, tmp_path)
    try:
        panel.show(PAGE)
        assert panel.health() == Health(troubles=(Trouble.BAD_THEME,))
        assert "theme.toml" in caplog.text
    finally:
        panel.close()
    assert picture(PAGE, THEMED, tmp_path) == picture(PAGE, SMALL)


def test_the_logo_is_in_the_band_of_every_page_and_title_and_sign_beside_it(tmp_path):
    Image.new("RGBA", (300, 100), (200, 30, 30, 255)).save(tmp_path / "logo.png")
    _own(tmp_path, 'logo = "logo.png"\n')
    theme = open_theme(THEMED, tmp_path, Degraded())
    for page in (PAGE, HallPage("一楼大厅")):
        drawing = arrange(page, THEMED, _letters(), theme)
        (logo,) = drawing.pictures
        assert isinstance(logo, Picture)
        assert not any(logo.box.overlaps(words.box) for words in drawing.words)
        middle = logo.box.x + logo.box.w // 2, logo.box.y + logo.box.h // 2
        assert _pixels(page, THEMED, tmp_path).get_at(middle)[:3] == (200, 30, 30)


def test_without_its_logo_a_theme_is_used_and_it_is_told(tmp_path):
    (tmp_path / "logo.png").write_bytes(b"no picture")
    _own(tmp_path, 'logo = "logo.png"\n[tones.calm]\nground = "#3B0A5C"\n')
    degraded = Degraded()
    theme = open_theme(THEMED, tmp_path, degraded)
    assert degraded.troubles == (Trouble.BAD_THEME,)
    assert theme.look.logo is None
    assert _pixels(PAGE, THEMED, tmp_path).get_at((2, 2))[:3] == (0x3B, 0x0A, 0x5C)


def test_strong_type_of_a_face_of_its_own_is_not_struck_twice(tmp_path):
    font = pylopdf_fonts_zh_cn.sans_path()
    (tmp_path / "own.otf").symlink_to(font)
    _own(tmp_path, '[fonts]\nstrong = "own.otf"\n')
    twice, once = _letters(), PygameLetters(font, tmp_path / "own.otf")
    assert once.width("A017", 80, strong=True) < twice.width("A017", 80, strong=True)
    assert picture(PAGE, THEMED, tmp_path) != picture(PAGE, SMALL)


@pytest.mark.parametrize("scale", [0.8, 1.2, 1.4])
@pytest.mark.parametrize("size", KIOSKS)
def test_at_any_scale_nothing_overlaps_and_nothing_leaves_the_screen(tmp_path, scale, size):
    theme = load_theme(_own(tmp_path, f"[sizes]\nscale = {scale}\n"))
    settings = PygameScreenSettings(width=size[0], height=size[1])
    keys = tuple(KioskKey(f"s{n}", "城乡居民养老保险关系转移", f"等待 {n} 人") for n in range(6))
    for page in (
        KioskPage("请选择业务", keys=keys, notice="老年人、残疾人优先"),
        KioskPage("取号成功", "A1017", ("前方等待 3 人", "请留意叫号"), keys[:1]),
    ):
        drawing = arrange(page, settings, _letters(), theme)
        _assert_orderly(drawing, size)
        assert len(drawing.keys) == len(page.keys)


def test_scale_makes_type_larger_and_smallest_lets_none_be_smaller(tmp_path):
    page = KioskPage("题", lines=("很长的话要说完才行" * 12,), keys=())
    settings = PygameScreenSettings(width=480, height=320)

    def smallest(text: str) -> int:
        drawing = arrange(page, settings, _letters(), load_theme(_own(tmp_path, text)))
        return min(words.size for words in drawing.words)

    assert smallest("[sizes]\nsmallest = 28\n") >= 28 > smallest("")
    sizes = [
        arrange(PAGE, SMALL, _letters(), load_theme(_own(tmp_path, f"[sizes]\nscale = {scale}\n")))
        for scale in (1.0, 1.2)
    ]
    plain, large = (
        next(words.size for words in drawing.words if words.text == "税务申报") for drawing in sizes
    )
    assert large > plain

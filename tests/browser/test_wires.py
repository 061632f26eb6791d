"""`jiaohao demo --wires`: the same hall through the real drivers; the page shows what the emulators decoded."""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from hal_mocks.virtual_hall.demo import SAMPLE
from tests.browser.opened import Demo
from tests.browser.page import HallPage
from tests.browser.test_a_visit import ANNOUNCED, visit

pytestmark = pytest.mark.needs("chromium", "mosquitto")


@pytest.fixture
def page(browser: Chrome, open_demo: Callable[..., Demo]) -> Iterator[HallPage]:
    yield HallPage(browser, open_demo("--wires").address)
    browser.get("about:blank")


def test_a_visit_goes_over_the_wires_from_the_ticket_to_the_rating(page: HallPage) -> None:
    assert "over real wires" in page.read("h1")
    visit(page)
    picture = page.one(".ticket img")
    assert page.browser.execute_script("return arguments[0].naturalWidth", picture) == 576
    page.until_reads("#voice-1-saying", ANNOUNCED)
    page.press(1, "close")
    for light in ("on", "off", "on"):  # the LED itself is seen, so one that blinks is both in turn
        page.until_lamp("pad-1/remind", light)
    page.until_reads("#pad-1-display", "请您对本次服务作出评价")
    page.press(1, "very_satisfied")
    page.until(lambda: "评价" not in page.read("#pad-1-display"), "the pad never thanked")
    page.until(lambda: page.led(1) == "1号窗口 综合业务")
    page.until_lamp("pad-1/remind", "off")
    assert page.lamp("kiosk-1/ready") == "on"


@pytest.mark.needs("zbarimg")
def test_the_ticket_is_what_came_out_of_the_printers_own_bytes_and_the_scanner_reads_it(
    page: HallPage,
) -> None:
    page.take("pension")
    picture = base64.b64decode(page.ticket().partition(",")[2])
    read = subprocess.run(
        [str(shutil.which("zbarimg")), "--quiet", "--raw", "-"],
        input=picture,
        capture_output=True,
        check=True,
    )
    code = read.stdout.decode().strip()
    assert "/A001/" in code
    page.one('[data-part="scanner"] input').send_keys(code)
    page.touch('[data-part="scanner"] [type="submit"]')
    page.until_reads("#kiosk-1-screen", "您已有A001号")


@pytest.mark.parametrize("trouble", ["run_out_of_paper", "stop_answering"])
def test_a_printers_trouble_stops_the_kiosk_and_ends_when_it_is_mended(
    page: HallPage, trouble: str
) -> None:
    page.switch(f"kiosk-1/{trouble}")
    page.until_reads("#kiosk-1-screen", "打印机")
    assert not page.browser.find_elements(
        "css selector", '#kiosk-1-screen [data-key="service:pension"]'
    )
    page.switch(f"kiosk-1/{trouble}")
    page.until_reads("#kiosk-1-screen", "请选择要办理的业务")
    page.take("pension")
    page.until_reads("#kiosk-1-screen", "您已领取A001号")


def test_with_its_cover_open_the_kiosk_leads_through_the_change_of_the_roll_and_proves_it(
    page: HallPage,
) -> None:
    page.switch("kiosk-1/open_cover")
    page.until_reads("#kiosk-1-screen", "合上盖")
    assert page.ticket() == ""
    page.switch("kiosk-1/open_cover")
    page.until(lambda: page.ticket() != "", "no test strip came out")
    page.until_reads("#kiosk-1-screen", "请选择要办理的业务")
    page.take("pension")
    page.until_reads("#kiosk-1-screen", "您已领取A001号")


def test_a_bar_that_was_unplugged_shows_the_present_once_it_is_back(page: HallPage) -> None:
    page.take("pension")
    page.call_at(1, "A001")
    page.switch("panel-1/unplug")
    page.press(1, "serve")
    page.until_reads("#panel-1-display", "A001")
    page.switch("panel-1/unplug")
    page.until(lambda: page.led(1) == "A001号 正在办理")


def test_a_voice_that_broke_down_is_told_to_the_clerk_and_speaks_again(
    browser: Chrome, open_demo: Callable[..., Demo], tmp_path: Path
) -> None:
    hall = tmp_path / "quick.toml"
    # A browser's clerk recalls within milliseconds, which the sample hall takes for a slipped finger.
    hall.write_text(SAMPLE.read_text().replace("double_press_ms = 800", "double_press_ms = 0"))
    page = HallPage(browser, open_demo("--wires", "--hall", str(hall)).address)
    page.switch("voice-1/break_down")
    page.take("pension")
    page.call_at(1, "A001")
    page.until_reads("#panel-1-display", "语音未播出")
    page.switch("voice-1/break_down")
    page.press(1, "recall")
    page.until_reads("#voice-1-saying", ANNOUNCED)
    browser.get("about:blank")

"""A browser for all tests of the page, and a hall of its own for each."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

from tests.browser.opened import Demo
from tests.browser.page import HallPage

OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--lang=en",
)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    options = ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for option in (*OPTIONS, f"--user-data-dir={tmp_path_factory.mktemp('browser')}"):
        options.add_argument(option)
    chrome = Chrome(options=options, service=Service(shutil.which("chromedriver")))
    window(chrome, 1440, 900)
    yield chrome
    chrome.quit()


def window(browser: Chrome, width: int, height: int) -> None:
    """Give the page exactly so much room, whatever a window's frame takes."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


@pytest.fixture
def open_demo(tmp_path: Path) -> Iterator[Callable[..., Demo]]:
    opened: list[Demo] = []

    def open_(*options: str, port: int = 0) -> Demo:
        opened.append(Demo(tmp_path / "hall", *options, port=port))
        return opened[-1]

    yield open_
    for demo in opened:
        demo.stop()


@pytest.fixture
def demo(open_demo: Callable[..., Demo]) -> Demo:
    return open_demo()


@pytest.fixture(scope="module")
def standing_page(browser: Chrome, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HallPage]:
    """One hall for tests that only look: it has one ticket called and one waiting."""
    demo = Demo(tmp_path_factory.mktemp("standing"))
    try:
        page = HallPage(browser, demo.address)
        page.take("pension")
        page.take("card")
        page.call_at(1, "A001")
        yield page
        browser.get("about:blank")
    finally:
        demo.stop()


@pytest.fixture
def page(browser: Chrome, demo: Demo) -> Iterator[HallPage]:
    yield HallPage(browser, demo.address)
    browser.get("about:blank")  # lets the events go, so that the demo need not cut them off

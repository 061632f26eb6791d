"""A visitor's way through the hall, from the ticket to the rating, with nothing broken."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from selenium.webdriver import Chrome

from tests.browser.opened import Demo
from tests.browser.page import LISTEN, HallPage

pytestmark = pytest.mark.needs("chromium", "mosquitto")

ANNOUNCED = "请A零零一号，到一号窗口"


def visit(page: HallPage) -> None:
    """Take a ticket, be called, be served."""
    page.take("pension")
    page.until_reads("#kiosk-1-screen", "您已领取A001号")
    page.call_at(1, "A001")
    page.until_reads("#display-1-screen", "请A001号到1号窗口")
    page.press(1, "serve")
    page.until(lambda: page.led(1) == "A001号 正在办理")


def test_a_visitor_takes_a_ticket_is_called_served_and_asked(page: HallPage) -> None:
    visit(page)
    picture = page.one(".ticket img")
    assert page.browser.execute_script("return arguments[0].naturalWidth", picture) == 576
    page.until_reads("#voice-1-saying", ANNOUNCED)
    page.press(1, "close")
    page.until(lambda: page.lamp("pad-1/remind") == "blink", "the pad never asked")
    page.press(1, "very_satisfied")
    page.until(lambda: page.lamp("pad-1/remind") == "on", "the pad never thanked")
    page.until(lambda: page.lamp("pad-1/remind") == "off")
    page.until(lambda: page.led(1) == "1号窗口 综合业务")


def test_a_visitor_rates_on_a_screen_and_says_what_it_is_about(page: HallPage) -> None:
    page.take("card")
    page.call_at(2, "B001")
    page.press(2, "serve")
    page.until(lambda: page.led(2) == "B001号 正在办理")
    page.press(2, "close")
    page.until_reads("#pad-2-screen", "请您对本次服务作出评价")
    page.press(2, "dissatisfied")
    page.until_reads("#pad-2-screen", "感谢您的评价")
    assert "不满意" not in page.read("#pad-2-screen")
    page.press(2, "reason:wait")
    page.until_reads("#pad-2-screen", "完成")
    page.press(2, "done")
    page.until_reads("#pad-2-screen", "办理结束后，您可以在此评价")


def test_the_browser_says_each_announcement_and_is_silent_when_switched_off(page: HallPage) -> None:
    page.take("pension")
    page.take("pension")
    page.call_at(1, "A001")
    page.until(lambda: page.heard() == [ANNOUNCED, ANNOUNCED])
    page.until(lambda: page.clips() == 6, "letter, number and counter, twice")
    page.touch(".switch")
    page.press(1, "recall")
    page.until_reads("#panel-1-display", "重呼1次")
    page.until(lambda: page.one(".voice.speaking"))
    assert page.heard() == [ANNOUNCED, ANNOUNCED]
    page.touch(".switch")


def test_the_green_channel_goes_first_at_the_green_counter(page: HallPage) -> None:
    page.take("pension")
    page.touch('#kiosk-1-screen [data-key="green"]')
    page.until_reads("#kiosk-1-screen", "绿色通道：请选择业务")
    page.take("pension")
    page.call_at(1, "A002")


def test_lamps_lead_the_clerk(page: HallPage) -> None:
    page.press(1, "next")
    page.until_reads("#panel-1-display", "窗口已开放")
    assert page.lamp("panel-1/next") == "off"
    page.take("card")
    page.until(lambda: page.lamp("panel-1/next") == "on")
    page.press(1, "next")
    page.until(lambda: page.lamp("panel-1/serve") == "blink")
    page.press(1, "serve")
    page.until(lambda: page.lamp("panel-1/close") == "on")


def test_a_reloaded_page_shows_what_the_hall_shows_and_says_nothing_again(page: HallPage) -> None:
    visit(page)
    page.until(lambda: not page.browser.find_elements("css selector", ".voice.speaking"))
    page.browser.refresh()
    page.browser.execute_script(LISTEN)
    page.until(lambda: page.led(1) == "A001号 正在办理")
    page.until_reads("#voice-1-saying", ANNOUNCED)
    assert page.one(".ticket img").is_displayed()
    assert page.heard() == []


@pytest.mark.needs("chromium")
def test_the_embedded_broker_carries_a_visit_too(
    browser: Chrome, open_demo: Callable[..., Demo]
) -> None:
    demo = open_demo("--embedded")
    page = HallPage(browser, demo.address)
    assert "EMBEDDED BROKER" in demo.terminal
    visit(page)
    browser.get("about:blank")

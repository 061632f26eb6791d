"""What can go wrong, done from the page: each device says so itself, and all heals when it is mended."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from selenium.webdriver import Chrome

from hal_mocks.virtual_hall.demo import SAMPLE
from tests.browser.opened import Demo
from tests.browser.page import HallPage

pytestmark = pytest.mark.needs("chromium", "mosquitto")

ALONE = "与主机断开"


def test_without_the_broker_devices_say_that_they_are_alone_and_all_heals(page: HallPage) -> None:
    page.take("pension")
    page.call_at(1, "A001")
    page.switch("broker")
    for number in (1, 2, 3):
        page.until_reads(f"#panel-{number}-display", ALONE)
    page.until_reads("#kiosk-1-screen", "系统脱机，照常取号")
    page.until_reads("#display-1-screen", "显示可能不是最新")
    page.switch("broker")
    page.until_reads("#panel-1-display", "已呼叫A001")
    page.until(lambda: "脱机" not in page.kiosk())
    page.until(lambda: "显示可能不是最新" not in page.hall())
    page.press(1, "serve")
    page.until(lambda: page.led(1) == "A001号 正在办理")


@pytest.mark.parametrize("process", ["broker", "coordinator"])
def test_without_its_hub_the_kiosk_gives_out_numbers_that_are_called_once_it_is_back(
    page: HallPage, process: str
) -> None:
    page.take("pension")
    page.until_reads("#kiosk-1-screen", "您已领取A001号")
    before = page.ticket()
    page.switch(process)
    page.until_reads("#kiosk-1-screen", "脱机")
    page.take("pension")
    page.until_reads("#kiosk-1-screen", "您已领取A901号")
    assert page.ticket() != before
    page.switch(process)
    page.until(lambda: "脱机：" not in page.kiosk())
    page.until(lambda: {page.clerk(1), page.clerk(2)} == {"按下一位开放窗口"})
    page.call_at(1, "A001")
    page.press(1, "serve")
    page.press(1, "close")
    page.call_at(2, "A901")


def test_a_kiosk_without_paper_says_so_before_a_number_exists(page: HallPage) -> None:
    page.switch("kiosk-1/run_out_of_paper")
    page.until_reads("#kiosk-1-screen", "打印机缺纸")
    assert not page.browser.find_elements("css selector", "#kiosk-1-screen button")
    assert page.browser.find_elements("css selector", ".ticket[hidden]")
    page.switch("kiosk-1/run_out_of_paper")
    page.until_reads("#kiosk-1-screen", "请选择要办理的业务")
    page.take("pension")
    page.until_reads("#kiosk-1-screen", "您已领取A001号")


def test_a_mute_printer_without_paper_has_both_switches_down(page: HallPage) -> None:
    paper, answers = "kiosk-1/run_out_of_paper", "kiosk-1/stop_answering"
    page.switch(paper)
    page.switch(answers)
    assert not page.runs(paper)
    page.switch(paper)
    assert not page.runs(answers)
    page.switch(answers)
    page.until_reads("#kiosk-1-screen", "请选择要办理的业务")


def test_without_the_coordinator_a_clerk_calls_the_number_he_types(page: HallPage) -> None:
    page.take("card")
    page.switch("coordinator")
    page.until_reads("#panel-3-display", "键入号码B 按下一位")
    for key in ("1", "next"):
        page.press(3, key)
    page.until(lambda: page.led(3) == "请B001号到3号窗口")
    page.until(lambda: "请B零零一号，到三号窗口" in page.heard())
    page.until_reads("#panel-3-display", "脱机 已呼叫B001")
    page.switch("coordinator")
    page.until_reads("#panel-3-display", "已呼叫B001 人工叫号")
    page.until_reads("#display-1-screen", "B001")
    page.press(3, "close")
    page.until_reads("#pad-3-display", "请您对本次服务作出评价")


def test_a_killed_coordinator_comes_back_with_its_tickets(page: HallPage) -> None:
    page.take("pension")
    page.take("pension")
    page.call_at(1, "A001")
    page.switch("coordinator")
    page.until_reads("#panel-1-display", ALONE)
    page.switch("coordinator")
    page.until_reads("#panel-1-display", "已呼叫A001")
    page.press(1, "serve")
    page.until(lambda: page.led(1) == "A001号 正在办理")
    page.press(1, "next")
    page.until(lambda: page.led(1) == "请A002号到1号窗口")


def test_a_killed_board_redraws_what_stands(page: HallPage) -> None:
    page.take("pension")
    page.call_at(1, "A001")
    page.switch("board:counter-1")
    assert "Board counter-1 has stopped" in page.read('[aria-label="Counter 1"]')
    page.switch("board:counter-1")
    page.until(lambda: page.led(1) == "请A001号到1号窗口")
    page.until(lambda: page.lamp("panel-1/serve") == "blink")


def test_a_killed_kiosk_hands_out_its_next_ticket_not_the_last_one(page: HallPage) -> None:
    page.take("pension")
    page.until_reads("#kiosk-1-screen", "您已领取A001号")
    first = page.ticket()
    page.switch("board:kiosk-1")
    assert page.ticket() == first
    page.switch("board:kiosk-1")
    page.until(lambda: page.ticket() == "", "the new board hides what the killed one printed")
    page.until_reads("#kiosk-1-screen", "请选择要办理的业务")
    page.take("pension")
    page.until_reads("#kiosk-1-screen", "您已领取A002号")
    second = page.ticket()
    assert second != first
    # A page drawn from nothing knows only what the board itself printed last.
    page.browser.refresh()
    page.until(lambda: page.ticket() == second, "the page hung out another ticket than the board's")


STRIP = """
const box = ({ x, width, height }) => [x, width, height].map(Math.round);
return [...document.querySelectorAll(".toggle")].map((e) => [e.dataset.toggle, ...box(e.getBoundingClientRect())])
"""


def test_nothing_in_the_strip_shifts_when_processes_stop(page: HallPage) -> None:
    well = page.browser.execute_script(STRIP)
    stopped = ("board:counter-1", "board:counter-2", "board:counter-3", "board:hall-1")
    for process in stopped:
        page.switch(process)
    assert page.browser.execute_script(STRIP) == well
    low = "return document.documentElement.scrollHeight > innerHeight"
    assert not page.browser.execute_script(low), "the page got a scrollbar"


def test_a_killed_voice_does_not_say_a_call_again(page: HallPage) -> None:
    page.take("pension")
    page.call_at(1, "A001")
    page.until(lambda: len(page.heard()) == 2)
    page.until(lambda: not page.browser.find_elements("css selector", ".voice.speaking"))
    page.switch("board:hall-1")
    left = page.hall()
    page.take("pension")
    page.switch("board:hall-1")
    # The page keeps the picture of a screen that died: only what it did not show yet tells that the board is back.
    page.until(lambda: page.hall() != left)
    page.until_reads("#display-1-screen", "请A001号到1号窗口")
    page.call_at(2, "A002")
    page.until(lambda: page.heard()[2:] == ["请A零零二号，到二号窗口"] * 2)


def test_a_board_that_dies_by_itself_is_shown_and_stays_down(page: HallPage, demo: Demo) -> None:
    board = next(p for p in demo.family() if "counter-2" in p.cmdline())
    board.kill()
    page.until(lambda: not page.runs("board:counter-2"))
    page.until_reads('[aria-label="Counter 2"]', "it ended by itself")
    assert all("counter-2" not in other.cmdline() for other in alive(demo))
    page.switch("board:counter-2")
    page.until(lambda: page.clerk(2) == "按下一位开放窗口")


def alive(demo: Demo) -> list[psutil.Process]:
    return [p for p in demo.family() if p.status() != psutil.STATUS_ZOMBIE]


def test_a_clerk_reads_that_nobody_heard_the_call(
    browser: Chrome, open_demo: Callable[..., Demo], tmp_path: Path
) -> None:
    hall = tmp_path / "hall.toml"
    # A browser's clerk recalls within milliseconds, which the sample hall takes for a slipped finger.
    hall.write_text(SAMPLE.read_text().replace("double_press_ms = 800", "double_press_ms = 0"))
    page = HallPage(browser, open_demo("--hall", str(hall)).address)
    page.switch("voice-1/break_down")
    page.take("pension")
    page.call_at(1, "A001")
    page.until_reads("#panel-1-display", "语音未播出")
    page.switch("voice-1/break_down")
    page.press(1, "recall")
    page.until_reads("#voice-1-saying", "请A零零一号")


def test_an_led_bar_shows_the_newest_text_once_it_is_plugged_in(page: HallPage) -> None:
    page.switch("panel-1/unplug")
    page.until_reads('[aria-label="Counter 1"]', "LED bar offline")
    page.take("pension")
    page.press(1, "next")
    page.until_reads("#panel-1-display", "窗口已开放")
    page.press(1, "next")
    page.until_reads("#panel-1-display", "已呼叫A001")
    assert page.led(1) == "1号窗口 未开放"
    page.switch("panel-1/unplug")
    page.until(lambda: page.led(1) == "请A001号到1号窗口")


def test_the_page_says_when_the_demo_is_gone_and_finds_it_again(
    page: HallPage, demo: Demo, open_demo: Callable[..., Demo]
) -> None:
    page.take("pension")
    port = demo.port
    demo.stop()
    page.until_reads("#link", "lost")
    open_demo(port=port)
    page.until(lambda: page.read("#link") == "live")
    page.until_reads("#display-1-screen", "Pension insurance1")

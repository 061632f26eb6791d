"""What is held before the kiosk on the page: codes and cards; its light tower; the way to a new roll."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.by import By

from tests.browser.page import HallPage

pytestmark = pytest.mark.needs("chromium", "mosquitto")

SCAN, CARD = '[data-part="scanner"]', '[data-part="card_reader"]'
NEWEST, OLD, YOUNG = (
    f'{SCAN} [type="button"]',
    f"{CARD} button:nth-of-type(1)",
    f"{CARD} button:nth-of-type(2)",
)


def tower(page: HallPage) -> set[str]:
    return {
        name for name in ("ready", "attention", "stopped") if page.lamp(f"kiosk-1/{name}") == "on"
    }


def test_the_paper_of_a_waiting_number_offers_a_copy_and_nonsense_is_told(page: HallPage) -> None:
    assert not page.one(NEWEST).is_enabled()
    page.take("pension")
    first = page.ticket()
    page.touch(NEWEST)
    page.until_reads("#kiosk-1-screen", "您已有A001号")
    page.touch('#kiosk-1-screen [data-key="page:reprint"]')
    page.until(lambda: page.ticket() not in ("", first), "no copy came out")
    page.one(f"{SCAN} input").send_keys("https://pay.example/1")
    page.touch(f'{SCAN} [type="submit"]')
    page.until_reads("#kiosk-1-screen", "没有认出这个码")
    page.until_reads("#kiosk-1-screen", "请选择要办理的业务")


def test_the_card_of_an_old_visitor_chooses_the_green_channel_and_a_young_one_is_thanked(
    page: HallPage,
) -> None:
    page.touch(OLD)
    page.until_reads("#kiosk-1-screen", "老年人优先：请选择业务")
    page.touch(YOUNG)
    page.until_reads("#kiosk-1-screen", "取号不用身份证")


def test_a_new_roll_is_proven_before_the_kiosk_opens_and_the_tower_tells_from_afar(
    page: HallPage,
) -> None:
    page.until(lambda: tower(page) == {"ready"})
    page.switch("kiosk-1/put_near_end")
    page.until(lambda: tower(page) == {"ready", "attention"})
    page.until_reads("#kiosk-1-screen", "打印纸将用完")
    page.switch("kiosk-1/open_cover")
    page.until(lambda: tower(page) == {"stopped"})
    page.until_reads("#kiosk-1-screen", "第2步：请装入新纸")
    assert not page.browser.find_elements(By.CSS_SELECTOR, "#kiosk-1-screen button")
    page.switch("kiosk-1/put_near_end")
    page.switch("kiosk-1/open_cover")
    page.until_reads("#kiosk-1-screen", "换纸完成")
    page.until(lambda: tower(page) == {"ready"})
    page.take("pension")

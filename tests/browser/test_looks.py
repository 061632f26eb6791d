"""The page's looks as laws: nothing overlaps, nothing is cut, every key is a button that has a name."""

from __future__ import annotations

import pytest

from tests.browser.conftest import window
from tests.browser.page import HallPage

pytestmark = pytest.mark.needs("chromium", "mosquitto")

# Pairs of texts or keys that share a pixel, and what reaches out of the machine that holds it.
COLLISIONS = """
const box = (e) => e.getBoundingClientRect();
const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
const shown = (e) => e.checkVisibility() && box(e).width > 1 && box(e).height > 1;
const name = (e) => `${e.tagName} ${e.className} ${e.textContent.slice(0, 20)}`;
const found = [];
const all = [...document.querySelectorAll(".machine, .trouble, .top")].filter(shown);
all.forEach((a, i) => all.slice(i + 1).forEach((b) => meet(box(a), box(b)) && found.push(`${name(a)} / ${name(b)}`)));
for (const machine of all) {
  const inside = [...machine.querySelectorAll("button, p, h2, h3, li, output, .led, [role=cell], [role=rowheader]")].filter(shown);
  for (const a of inside) {
    for (const b of inside) {
      if (a !== b && !a.contains(b) && !b.contains(a) && meet(box(a), box(b))) found.push(`${name(a)} over ${name(b)}`);
    }
    const [inner, outer] = [box(a), box(machine)];
    if (inner.left < outer.left - 1 || inner.right > outer.right + 1) found.push(`${name(a)} leaves its machine`);
  }
}
for (const key of document.querySelectorAll("button")) {
  if (shown(key) && key.scrollWidth > key.clientWidth + 1) found.push(`${name(key)} is cut`);
}
if (document.documentElement.scrollWidth > innerWidth) found.push("the page is too wide");
return found;
"""

NAMELESS = """
return [...document.querySelectorAll("button, [role=switch]")].filter((e) => e.checkVisibility()
  && !(e.getAttribute("aria-label") || e.textContent || e.querySelector("img")?.alt).trim()).length
"""


@pytest.mark.parametrize("size", [(1440, 900), (1280, 800), (1120, 700), (1920, 1080)], ids=str)
def test_nothing_overlaps(standing_page: HallPage, size: tuple[int, int]) -> None:
    window(standing_page.browser, *size)
    try:
        assert standing_page.browser.execute_script(COLLISIONS) == []
    finally:
        window(standing_page.browser, 1440, 900)


KEYS_AND_TEXTS = """
const glass = document.getElementById("kiosk-1-screen");
const inside = (a, b) => a.left >= b.left - 1 && a.right <= b.right + 1 && a.top >= b.top - 1 && a.bottom <= b.bottom + 1;
const box = (e) => e.getBoundingClientRect();
const texts = [...glass.querySelectorAll("text")];
return {
  keys: Object.fromEntries([...glass.querySelectorAll("button")].map((key) => [key.dataset.key,
    texts.filter((text) => inside(box(text), box(key))).map((text) => text.textContent).join(" ")])),
  names: Object.fromEntries([...glass.querySelectorAll("button")].map((key) => [key.dataset.key, key.getAttribute("aria-label")])),
  outside: texts.filter((text) => !inside(box(text), box(glass))).map((text) => text.textContent),
};
"""


def test_a_key_on_a_screen_lies_where_its_words_are_drawn_and_is_called_by_them(
    standing_page: HallPage,
) -> None:
    seen = standing_page.browser.execute_script(KEYS_AND_TEXTS)
    services = {f"service:{name}" for name in ("pension", "card", "employment", "relations")}
    assert services <= set(seen["keys"])
    assert seen["keys"] == seen["names"]
    assert "养老保险" in seen["keys"]["service:pension"]
    assert seen["outside"] == []


def test_in_a_tall_window_no_device_is_drawn_out(standing_page: HallPage) -> None:
    window(standing_page.browser, 1440, 2600)
    try:
        display, kiosk = (
            standing_page.one(screen).rect for screen in ("#display-1-screen", "#kiosk-1-screen")
        )
        assert display["width"] > 1.5 * display["height"]
        assert kiosk["height"] < 2.5 * kiosk["width"]
    finally:
        window(standing_page.browser, 1440, 900)


def test_every_key_has_a_name_and_announcements_are_read_out(standing_page: HallPage) -> None:
    assert standing_page.browser.execute_script(NAMELESS) == 0
    assert standing_page.one("#voice-1-saying").get_attribute("aria-live") == "polite"
    assert standing_page.one("#kiosk-1-screen").get_attribute("aria-live") == "polite"


def test_nothing_is_fetched_from_elsewhere(standing_page: HallPage) -> None:
    """The hall's network has no outside."""
    origins = standing_page.browser.execute_script(
        "return [...new Set(performance.getEntriesByType('resource').map((e) => new URL(e.name).origin))]"
    )
    assert origins == [standing_page.browser.execute_script("return location.origin")]


def test_the_page_throws_no_error(standing_page: HallPage) -> None:
    logged = standing_page.browser.get_log("browser")  # type: ignore[no-untyped-call]  # selenium has no hints here
    assert [line for line in logged if line["level"] == "SEVERE" and "/static/" in str(line)] == []

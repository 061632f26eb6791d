"""The hall's page as a person uses it: what can be read there, and what can be touched."""

from __future__ import annotations

from collections.abc import Callable

from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.opened import wait_for

# Instead of a loudspeaker: which sentences were asked of the voice packs, and how many clips of them were played.
LISTEN = """
window.heard = []; window.clips = 0;
const asks = window.fetch, starts = AudioBufferSourceNode.prototype.start;
window.fetch = (address, ...rest) => {
  const asked = new URL(address, location.href);
  if (asked.pathname === "/aloud") window.heard.push(asked.searchParams.get("text"));
  return asks(address, ...rest);
};
AudioBufferSourceNode.prototype.start = function (...at) { window.clips += this.buffer.duration > 0.1; return starts.apply(this, at); };
"""


class HallPage:
    def __init__(self, browser: Chrome, address: str) -> None:
        self.browser = browser
        browser.get(address)
        browser.execute_script(LISTEN)
        # Whoever presses while boards still start feels nothing, as on real ones.
        self.until(lambda: all(self.clerk(number) == "按下一位开放窗口" for number in (1, 2, 3)))
        self.until(lambda: "请选择要办理的业务" in self.kiosk())

    # --- reading ------------------------------------------------------------------------------------

    def one(self, selector: str) -> WebElement:
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def read(self, selector: str) -> str:
        """The text there, as in the document: what scrolls by on an LED bar counts too."""
        return str(self.one(selector).get_property("textContent"))

    def until(self, true: Callable[[], object], why: str = "") -> None:
        def seen() -> object:
            try:
                return true()
            except (NoSuchElementException, StaleElementReferenceException):
                return None  # not drawn yet, or drawn anew while we looked

        wait_for(seen, why)

    def until_reads(self, selector: str, text: str) -> None:
        self.until(
            lambda: text in self.read(selector),
            f"{selector} never said {text}; it says {self.read(selector)}",
        )

    def until_lamp(self, name: str, light: str) -> None:
        self.until(lambda: self.lamp(name) == light, f"{name} was never {light}")

    def kiosk(self) -> str:
        return self.read("#kiosk-1-screen")

    def ticket(self) -> str:
        """The picture that hangs out of the kiosk's slot, as its data address; empty without one."""
        pictures = self.browser.find_elements(By.CSS_SELECTOR, ".ticket:not([hidden]) img")
        return str(pictures[0].get_attribute("src")) if pictures else ""

    def hall(self) -> str:
        return self.read("#display-1-screen")

    def led(self, counter: int) -> str:
        return self.read(f"#panel-{counter}-led")

    def clerk(self, counter: int) -> str:
        return self.read(f"#panel-{counter}-display")

    def lamp(self, name: str) -> str:
        return str(self.one(f'[data-lamp="{name}"]').get_attribute("data-light"))

    def runs(self, process: str) -> bool:
        return self.one(f'[data-toggle="{process}"]').get_attribute("data-well") == "true"

    def heard(self) -> list[str]:
        """What the browser's voice was given to say."""
        return list(self.browser.execute_script("return window.heard"))

    def clips(self) -> int:
        """How many clips of the voice packs it has played."""
        return int(self.browser.execute_script("return window.clips"))

    # --- touching -----------------------------------------------------------------------------------

    def take(self, service: str) -> None:
        """Touch a service on the kiosk's screen, see what to bring, take the ticket and wait for it."""
        before = self.ticket()

        def is_out() -> bool:
            return self.ticket() not in ("", before)

        key = {
            what: f'#kiosk-1-screen [data-key="{what}:{service}"]'
            for what in ("service", "bring", "take")
        }
        self.touch(key["service"])
        # Of what nothing is told, there is no page: the ticket comes at once.
        self.until(lambda: is_out() or self.any_of(key["bring"], key["take"]))
        for step in ("bring", "take"):
            if self.any_of(key[step]):
                self.touch(key[step])
                self.until(lambda: is_out() or self.any_of(key["take"]), f"{step} leads nowhere")
        self.until(is_out)

    def any_of(self, *selectors: str) -> bool:
        return bool(self.browser.find_elements(By.CSS_SELECTOR, ", ".join(selectors)))

    def press(self, counter: int, key: str) -> None:
        self.touch(f'[aria-label="Counter {counter}"] [data-key="{key}"]')

    def switch(self, toggle: str) -> None:
        """Break or mend a process or a part, and wait until the page shows it."""
        before = self.one(f'[data-toggle="{toggle}"]').get_attribute("data-well")
        self.touch(f'[data-toggle="{toggle}"] button')
        self.until(
            lambda: self.one(f'[data-toggle="{toggle}"]').get_attribute("data-well") != before
        )

    def touch(self, selector: str) -> None:
        def touched() -> bool:
            self.one(selector).click()
            return True

        self.until(touched)

    def call_at(self, counter: int, ticket: str) -> None:
        """Open a counter that is closed, and call."""
        self.press(counter, "next")
        self.until_reads(f"#panel-{counter}-display", "窗口已开放")
        self.press(counter, "next")
        self.until(lambda: self.led(counter) == f"请{ticket}号到{counter}号窗口")

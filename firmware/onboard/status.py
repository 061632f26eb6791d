"""How a board without a screen says how it is: blinks of its green LED, and STATUS.txt on the card, in English and Chinese."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from firmware.onboard.durable import write_durably
from firmware.onboard.places import Places

__all__ = ["STATES", "Led", "Status", "Word"]

LEDS = (Path("/sys/class/leds/ACT"), Path("/sys/class/leds/led0"))
BLINK_S, GAP_S, PAUSE_S = 0.2, 0.25, 1.4
SELDOM_S = 300.0
KEPT = 12
"""Earlier states that STATUS.txt remembers."""


@dataclass(frozen=True, slots=True)
class Word:
    """A state: how often the LED blinks between two pauses (0: it is the system's again), what it means, what to do."""

    blinks: int
    english: str
    chinese: str
    then: str = ""
    then_chinese: str = ""


STATES = {
    "works": Word(
        1,
        "The board sets itself up.",
        "正在自动安装。",
        "Leave the power on; it takes some minutes.",
        "请勿断电，需要几分钟。",
    ),
    "no hub": Word(
        2,
        "The board does not reach the hub.",
        "连接不到大厅主机。",
        "Check the network cable or the Wi-Fi, and that the hub is on. The board goes on trying by itself.",
        "请检查网线或无线网络，并确认主机已开机。本机会自动重试。",
    ),
    "waits": Word(
        3,
        "The board waits until a technician accepts it on the hub.",
        "等待技术员在主机上确认接入。",
        "On the hub: jiaohao desk accept, with this board's name; compare the key.",
        "请在主机上运行 jiaohao desk accept 加本机名称，并核对密钥。",
    ),
    "clock": Word(
        4,
        "The time is wrong, on this board or on the hub.",
        "本机或主机的时间不对。",
        "Set the hub's clock (see below); the board takes its time from there and goes on by itself.",
        "请校准主机时间（见下文），本机会自动跟随并继续。",
    ),
    "token": Word(
        5,
        "The hub refuses this card.",
        "主机拒绝此存储卡。",
        "Read the sentence below. If it cannot be mended on the hub, write a new card: jiaohao provision.",
        "请看下面的说明；若不能在主机上解决，请用 jiaohao provision 重新写卡。",
    ),
    "torn": Word(
        6,
        "The card is not whole.",
        "存储卡内容不完整。",
        "Switch off, write the card anew (jiaohao provision); if that helps not, take another card.",
        "请断电后用 jiaohao provision 重新写卡；仍无效请换卡。",
    ),
    "fault": Word(
        7,
        "A step failed.",
        "安装步骤失败。",
        "Read the sentence below; the board tries again by itself.",
        "请看下面的说明，本机会自动重试。",
    ),
    "done": Word(
        0,
        "The board is set up and runs.",
        "安装完成，正在运行。",
    ),
}

HEAD = """\
JIAOHAO 叫号 - how this board is / 本机状态

The green LED blinks the number below, pauses, and begins again. 绿灯按下面的次数闪烁，停顿后重复。
"""


class Led:
    """The green LED, blinked in a thread of its own; a board without one is silent."""

    def __init__(self, candidates: tuple[Path, ...] = LEDS) -> None:
        self._led = next((led for led in candidates if (led / "brightness").exists()), None)
        self._usual = _chosen(self._led / "trigger") if self._led else ""
        self._blinks = 0
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def show(self, blinks: int) -> None:
        with self._changed:
            self._blinks = blinks
            self._changed.notify()
        if self._thread is None and self._led is not None:
            self._thread = threading.Thread(target=self._run, args=(self._led,), daemon=True)
            self._thread.start()

    def _run(self, led: Path) -> None:
        while True:
            with self._changed:
                blinks = self._blinks
            try:
                if not blinks:
                    self._give_back(led)
                else:
                    (led / "trigger").write_text("none")
                    for _ in range(blinks):
                        (led / "brightness").write_text("1")
                        time.sleep(BLINK_S)
                        (led / "brightness").write_text("0")
                        time.sleep(GAP_S)
            except OSError:
                pass  # no LED is no reason to stop
            with self._changed:
                self._changed.wait(PAUSE_S if blinks else None)

    def _give_back(self, led: Path) -> None:
        (led / "trigger").write_text(self._usual)

    def rest(self) -> None:
        """The LED is the system's again, now."""
        self.show(0)
        if self._led is not None:
            with suppress(OSError):
                self._give_back(self._led)


def _chosen(trigger: Path) -> str:
    """What stands in brackets: `none [mmc0] timer`."""
    try:
        found = trigger.read_text()
    except OSError:
        return "none"
    _, bracket, rest = found.partition("[")
    chosen = rest.partition("]")[0] if bracket else ""
    # What a first boot that was cut off left there is nobody's usual.
    return chosen if chosen not in ("", "none") else "mmc0"


class Status:
    """Tells each new state once: the LED, STATUS.txt, the log. A card that takes no writing stops nothing.

    A state whose sentence changes while it lasts, as one with the time in it, is written once in some minutes: a card wears out.
    """

    def __init__(
        self,
        places: Places,
        board: str,
        led: Led,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._file = places.card / "STATUS.txt"
        self._board, self._led, self._wall = board, led, wall
        self._monotonic = monotonic
        self._last = ("", "")
        self._written = -SELDOM_S
        self._past = _past_of(self._file)

    def tell(self, state: str, sentence: str = "") -> None:
        """`sentence` is what exactly happened, in English, as the log and the desk have it."""
        word = STATES[state]
        self._led.show(word.blinks)
        now = self._monotonic()
        lasts = state == self._last[0] and state != "works" and now < self._written + SELDOM_S
        if (state, sentence) == self._last or lasts:
            return
        self._written = now
        self._last = (state, sentence)
        sys.stdout.write(f"{state}: {sentence or word.english}\n")
        sys.stdout.flush()
        at = time.strftime("%Y-%m-%d %H:%M", time.gmtime(self._wall()))
        self._past = [f"{at} UTC  {state}: {sentence or word.english}", *self._past][:KEPT]
        try:
            write_durably(self._file, self._text(word, sentence).encode())
        except OSError as fault:
            sys.stdout.write(f"STATUS.txt cannot be written: {fault}\n")

    def _text(self, word: Word, sentence: str) -> str:
        blinks = f"LED: {word.blinks}" if word.blinks else "LED: as usual 正常"
        lines = [
            HEAD,
            f"{self._board or '?'}   {blinks}",
            "",
            word.english,
            word.chinese,
            "",
        ]
        if sentence:
            lines += [f"  {sentence}", ""]
        if word.then:
            lines += [word.then, word.then_chinese, ""]
        lines += ["Newest first 最新在前:", *(f"  {one}" for one in self._past), ""]
        return "\n".join(lines)


def _past_of(file: Path) -> list[str]:
    """What earlier starts of this first boot wrote."""
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    _, _, past = text.partition("最新在前:\n")
    return [line.strip() for line in past.splitlines() if line.strip()][:KEPT]

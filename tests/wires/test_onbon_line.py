"""Several Onbon cards on one RS-485 line: each obeys its own number alone, and a dead one costs its neighbours a known time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
import pytest

from firmware.daemon import Worker
from firmware.device import PartHealth, Show
from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.buses.line import Lines
from firmware.hal.led_panel import LedPanel, LedPanelSettings, open_led_panel
from firmware.hal.led_panel.bxk import Area, Packet, delete_areas, frame, power, show_area, wipe
from hal_mocks.wires.onbon import OnbonCard, OnbonLine
from hal_mocks.wires.wired import Wired
from tests.devices.workers import Posted
from tests.wires.patience import until

# What a panel waits for a silent card, and the line for its bytes: nobody waits longer for his neighbour.
ONE_DEAD_CARD_S = 0.6
HOST = 0x8000


@dataclass(frozen=True)
class Street:
    """Three cards on one line, and a board's end of it."""

    cards: tuple[OnbonCard, OnbonCard, OnbonCard]
    wired: Wired
    lines: Lines

    def settings(self, screen: int) -> LedPanelSettings:
        port = f"serial:{self.wired.address}?baud=57600"
        table = {"model": "onbon", "port": port, "card": "6K", "width": 192, "height": 16}
        settings: LedPanelSettings = msgspec.convert(table | {"screen": screen}, LedPanelSettings)
        return settings

    def panel(self, screen: int) -> LedPanel:
        return open_led_panel(self.settings(screen), self.lines)


@pytest.fixture
def street() -> Iterator[Street]:
    cards = (
        OnbonCard(screen=1, width=192),
        OnbonCard(screen=2, width=192),
        OnbonCard(screen=3, width=192),
    )
    with Wired(OnbonLine(cards)) as wired:
        yield Street(cards, wired, Lines())


def test_each_card_shows_its_own_texts_in_order_however_many_threads_speak(street: Street):
    texts = {screen: [f"{screen}号 A{n:03d}" for n in range(40)] for screen in (1, 2, 3)}

    def show_all(screen: int) -> None:
        panel = street.panel(screen)
        for text in texts[screen]:
            panel.show(text)
            assert panel.health() == Health()

    threads = [threading.Thread(target=show_all, args=(screen,)) for screen in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [card.history for card in street.cards] == list(texts.values())


def test_a_dead_card_is_one_fault_and_its_neighbours_wait_no_longer_than_it_is_waited_for(
    street: Street,
):
    dead, well = street.panel(1), street.panel(2)
    street.cards[0].mute = True
    stop, faults = threading.Event(), []

    def try_the_dead_one() -> None:
        while not stop.is_set():
            with pytest.raises(HardwareFault, match="does not answer as screen 1") as caught:
                dead.show("A001")
            faults.append(caught.value.trouble)
            time.sleep(0.01)  # a worker waits longer than this after a fault

    trying = threading.Thread(target=try_the_dead_one)
    trying.start()
    longest = 0.0
    for number in range(8):
        began = time.monotonic()
        well.show(f"A{number:03d}")
        longest = max(longest, time.monotonic() - began)
        time.sleep(0.05)  # for the dead one's next try
    stop.set()
    trying.join(10)
    assert street.cards[1].history == [f"A{number:03d}" for number in range(8)]
    assert set(faults) == {Trouble.NO_ANSWER}
    assert longest < 3 * ONE_DEAD_CARD_S


def test_a_panel_that_is_closed_does_not_take_the_line_from_a_neighbour_that_waits(street: Street):
    leaving, well = street.panel(1), street.panel(2)
    asked, faults = threading.Event(), []

    def slowly(sent: bytes) -> bytes:
        asked.set()
        time.sleep(0.2)
        return sent

    def show() -> None:
        try:
            well.show("A001")
        except HardwareFault as fault:
            faults.append(fault)

    street.cards[1].bend = slowly
    showing = threading.Thread(target=show)
    showing.start()
    assert asked.wait(5)
    leaving.close()
    showing.join(5)
    assert (faults, street.cards[1].history) == ([], ["A001"])


def test_a_late_answer_of_one_card_is_not_taken_for_anothers(street: Street):
    one, two = street.panel(1), street.panel(2)
    street.cards[0].mute = True
    with pytest.raises(HardwareFault):
        one.show("A001")
    street.cards[1].mute = True
    late = frame(Packet(HOST, 1, b"\xa0\x00\x00\x00\x00"))
    timer = threading.Timer(0.1, street.wired.inject, [late])
    timer.start()
    with pytest.raises(HardwareFault, match="does not answer as screen 2"):
        two.show("A002")
    timer.join()


def test_after_an_outage_each_card_shows_the_present_and_nothing_of_the_past(street: Street):
    posted = {screen: Posted() for screen in (1, 2)}
    workers = {screen: _worker(street, screen, posted[screen]) for screen in posted}
    try:
        for screen, worker in workers.items():
            worker.start()
            worker.do(Show(f"{screen}号窗口"))
        until(lambda: [card.text for card in street.cards[:2]] == ["1号窗口", "2号窗口"])
        street.wired.unplug()
        for card in street.cards:
            card.powered(0.0)  # with their power the cards lose their areas
        for screen, worker in workers.items():
            worker.do(Show(f"过时{screen}"))
            posted[screen].until(
                PartHealth(f"{screen}", Health(usable=False, troubles=(Trouble.OFFLINE,)))
            )
        workers[1].do(Show("请A012号到1号窗口"))
        workers[2].do(Show("暂停服务"))
        street.wired.replug()
        until(lambda: [card.text for card in street.cards[:2]] == ["请A012号到1号窗口", "暂停服务"])
    finally:
        for worker in workers.values():
            worker.stop()
    assert not any("过时" in text for card in street.cards for text in card.history)


def _worker(street: Street, screen: int, posted: Posted) -> Worker:
    return Worker(
        f"{screen}",
        lambda: street.panel(screen),
        {Show: lambda panel, effect: panel.show(effect.text)},
        posted.post,
    )


def test_what_is_for_every_card_all_obey_and_the_other_commands_do_what_they_say():
    one, two = OnbonCard(screen=1), OnbonCard(screen=2)
    line = OnbonLine([one, two])

    def sent(payload: bytes, to: int = 0xFFFE) -> bytes:
        return line.heard(frame(Packet(to, HOST, payload)), 0.0)

    text = show_area(Area(128, 16, "号".encode("gbk")), "6K")
    assert sent(text, 2).count(b"\xa0\x00\x00\x00\x00") == 1
    assert (one.text, two.text) == ("", "号")
    assert sent(text).count(b"\xa0\x00\x00\x00\x00") == 2
    assert (one.text, two.text) == ("号", "号")
    lit = []
    for on in (False, True):
        sent(power(on=on))
        lit.append((one.lit, two.lit))
    assert lit == [(False, False), (True, True)]
    sent(delete_areas(), 1)
    assert (one.text, two.text) == ("", "号")
    sent(wipe(), 2)
    assert two.text == ""

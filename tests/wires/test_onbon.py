"""The Onbon driver keeps the promises of every LED panel, on a card that speaks the real bytes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
import pytest

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.buses.line import Lines
from firmware.hal.led_panel import OnbonPanelSettings, open_led_panel
from firmware.hal.led_panel.bxk import ERRORS, Effect
from firmware.hal.led_panel.onbon import OnbonPanel
from hal_mocks.wires.line import PtyLine, TcpLine
from hal_mocks.wires.onbon import OnbonCard
from hal_mocks.wires.wired import Wired
from tests.hal.test_led_panel import LedPanelPromises, Setup

CALL = "请A012号到3号窗口"


@dataclass(frozen=True)
class Hung:
    """A card with its line, and the world's side of both."""

    card: OnbonCard
    wired: Wired

    @property
    def shown(self) -> list[str]:
        return self.card.history

    def unplug(self) -> None:
        self.wired.unplug()

    def replug(self) -> None:
        self.wired.replug()


def settings_for(wired: Wired, *, tcp: bool = False, **changed) -> OnbonPanelSettings:
    port = f"tcp:{wired.address}" if tcp else f"serial:{wired.address}?baud=57600"
    table = {"model": "onbon", "port": port, "card": "6K", "width": 128, "height": 16}
    return msgspec.convert(table | changed, OnbonPanelSettings)


def alone_on_its_line(settings: OnbonPanelSettings, **changed) -> OnbonPanel:
    return OnbonPanel(settings, Lines().at(settings.place), **changed)


class TestOnbonPanelOnASerialLine(LedPanelPromises):
    @pytest.fixture
    def setup(self) -> Iterator[Setup]:
        card = OnbonCard()
        with Wired(card, PtyLine()) as wired:
            panel = open_led_panel(settings_for(wired), Lines())
            yield Setup(panel, Hung(card, wired))
            panel.close()


class TestOnbonPanelOnTcp(LedPanelPromises):
    @pytest.fixture
    def setup(self) -> Iterator[Setup]:
        card = OnbonCard()
        with Wired(card, TcpLine()) as wired:
            panel = open_led_panel(settings_for(wired, tcp=True), Lines())
            yield Setup(panel, Hung(card, wired))
            panel.close()


@pytest.fixture
def card() -> OnbonCard:
    return OnbonCard()


@pytest.fixture
def wired(card: OnbonCard) -> Iterator[Wired]:
    with Wired(card) as wired:
        yield wired


@pytest.fixture
def panel(wired: Wired) -> Iterator[OnbonPanel]:
    panel = alone_on_its_line(settings_for(wired))
    yield panel
    panel.close()


def test_the_text_fills_the_panel_and_replaces_the_one_before(card, panel):
    panel.show("一" * 8)
    panel.show(CALL)
    (area,) = card.areas.values()
    assert (area.x, area.y, area.width, area.height) == (0, 0, 128, 16)
    assert card.text == CALL
    assert area.effect == Effect.LEFT  # 136 dots do not fit into 128


def test_a_5k_card_shows_the_same_area():
    card = OnbonCard(card="5K", width=192)
    with Wired(card) as wired:
        panel = alone_on_its_line(settings_for(wired, card="5K", width=192))
        panel.show(CALL)
        panel.close()
    (area,) = card.areas.values()
    assert (area.width, area.height, area.text) == (192, 16, CALL)
    assert area.effect == Effect.STATIC


def test_a_silent_card_is_a_fault_within_a_second_and_heals(card, panel):
    card.mute = True
    start = time.monotonic()
    with pytest.raises(HardwareFault, match="does not answer as screen 1") as caught:
        panel.show(CALL)
    assert time.monotonic() - start < 1
    assert caught.value.trouble is Trouble.NO_ANSWER
    card.mute = False
    panel.show(CALL)
    assert card.text == CALL


@pytest.mark.parametrize("error", [3, 5, 12])
def test_a_refusal_is_a_fault_that_says_why_and_heals(card, panel, error):
    card.refuse = error
    with pytest.raises(HardwareFault, match=ERRORS[error]):
        panel.show(CALL)
    card.refuse = 0
    panel.show(CALL)
    assert card.history == [CALL]


def test_a_damaged_answer_counts_as_none(card, wired):
    panel = alone_on_its_line(settings_for(wired), answer_seconds=0.1)
    card.garble = True
    with pytest.raises(HardwareFault, match="does not answer"):
        panel.show(CALL)
    panel.close()


def test_another_cards_answer_counts_as_none(card, wired):
    panel = alone_on_its_line(settings_for(wired), answer_seconds=0.1)
    card.stranger = 2
    with pytest.raises(HardwareFault, match="does not answer"):
        panel.show(CALL)
    panel.close()


def test_a_card_with_another_number_obeys_nothing(card, wired):
    panel = alone_on_its_line(settings_for(wired, screen=2), answer_seconds=0.1)
    with pytest.raises(HardwareFault, match="screen 2"):
        panel.show(CALL)
    assert card.history == []
    panel.close()


def test_noise_before_the_answer_is_passed_over(card, panel):
    card.noise = b"\x00\xff\x5a\x5b\xa6junk"
    panel.show(CALL)
    assert panel.health() == Health()


def test_a_late_answer_is_not_taken_for_the_next_ones(card, wired):
    panel = alone_on_its_line(settings_for(wired), answer_seconds=0.1)
    panel.show(CALL)
    wired.inject(b"".join([b"\xa5" * 8, b"half a frame of yesterday"]))
    card.refuse = 3
    with pytest.raises(HardwareFault, match="busy"):
        panel.show(CALL)
    panel.close()


def test_a_panel_that_is_not_there_at_the_start_is_found_when_it_comes(card, wired):
    wired.unplug()
    panel = alone_on_its_line(settings_for(wired))
    with pytest.raises(HardwareFault, match="cannot be reached") as caught:
        panel.show(CALL)
    assert caught.value.trouble is Trouble.OFFLINE
    wired.replug()
    panel.show(CALL)
    assert card.text == CALL
    panel.close()


def test_two_programs_cannot_talk_on_one_serial_line(wired, panel):
    panel.show(CALL)
    second = alone_on_its_line(settings_for(wired))
    with pytest.raises(HardwareFault, match="cannot be reached"):
        second.show("A001")
    second.close()
    panel.show(CALL)

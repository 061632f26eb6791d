"""The driver of serial scanners keeps the promises of every scanner, on one that sends the real bytes."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from firmware.hal import Health, Trouble
from firmware.hal.buses.line import Lines
from firmware.hal.scanner import SerialScannerSettings, open_scanner
from firmware.hal.scanner.serial_line import Pace, SerialScanner
from hal_mocks.wires.gm65 import ScannerMachine
from hal_mocks.wires.wired import Wired
from tests.hal.keypads import Inbox
from tests.hal.test_scanner import APPOINTMENT, TICKET, ScannerPromises, Setup
from tests.wires.patience import until

QUICK = Pace(answer=0.3, half=0.1, away=0.15, again=0.1)


def settings_for(wired: Wired, **changed: Any) -> SerialScannerSettings:
    return SerialScannerSettings(port=f"serial:{wired.address}", **changed)


def scanner_at(wired: Wired, pace: Pace = QUICK, **changed: Any) -> SerialScanner:
    settings = settings_for(wired, **changed)
    return SerialScanner(settings, Lines().at(settings.place), pace=pace)


@dataclass
class MachineWorld:
    """Breaks down by its plug, or, a triggered one, by falling silent."""

    machine: ScannerMachine
    wired: Wired
    by_plug: bool

    def hold(self, code: str) -> None:
        self.machine.show(code)

    def break_down(self) -> None:
        if self.by_plug:
            self.wired.unplug()
        else:
            self.machine.mute = True

    def repair(self) -> None:
        if self.by_plug:
            self.wired.replug()
        else:
            self.machine.mute = False

    def settle(self) -> None:
        time.sleep(0.4)

    def until(self, holds: Callable[[], bool]) -> None:
        until(holds, seconds=5)


class TestContinuous(ScannerPromises):
    @pytest.fixture
    def setup(self) -> Iterator[Setup]:
        machine = ScannerMachine()
        with Wired(machine) as wired:
            scanner = scanner_at(wired)
            yield Setup(scanner, MachineWorld(machine, wired, by_plug=True))
            scanner.close()


class TestTriggered(ScannerPromises):
    @pytest.fixture
    def setup(self) -> Iterator[Setup]:
        machine = ScannerMachine(triggered=True)
        machine.reading_seconds = 0.9
        with Wired(machine) as wired:
            scanner = scanner_at(wired, triggered=True, reading_s=1)
            yield Setup(scanner, MachineWorld(machine, wired, by_plug=False))
            scanner.close()


@pytest.fixture
def machine() -> ScannerMachine:
    return ScannerMachine()


@pytest.fixture
def wired(machine: ScannerMachine) -> Iterator[Wired]:
    with Wired(machine) as wired:
        yield wired


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def scanner(wired: Wired, inbox: Inbox) -> Iterator[SerialScanner]:
    scanner = scanner_at(wired)
    scanner.listen(inbox.post)
    yield scanner
    scanner.close()


@pytest.mark.parametrize("triggered", [False, True])
def test_a_code_that_is_left_before_it_is_posted_once(inbox, triggered):
    machine = ScannerMachine(triggered=triggered)
    with Wired(machine) as wired:
        scanner = scanner_at(
            wired, Pace(answer=0.3, half=0.1, away=1.0, again=0.1), triggered=triggered, reading_s=1
        )
        scanner.listen(inbox.post)
        machine.hold(TICKET)
        until(lambda: len(machine.read) >= 3)
        machine.take_away()
        assert inbox.take() == TICKET
        scanner.close()
        assert inbox.rest() == []


@pytest.mark.parametrize("end", [b"\r", b"\r\n", b"\n"])
def test_whichever_way_a_line_ends_is_understood(machine, scanner, inbox, end):
    machine.end = end
    machine.show(TICKET)
    machine.show(APPOINTMENT)
    assert [inbox.take(), inbox.take()] == [TICKET, APPOINTMENT]


def test_glued_codes_are_told_apart_and_a_chinese_one_is_nobody_s(machine, scanner, inbox):
    machine.show(b"A017\rA018\r" + "社保卡".encode() + b"\rA019")
    assert [inbox.take() for _ in range(3)] == ["A017", "A018", "A019"]
    assert scanner.health() == Health()


@pytest.mark.parametrize("way", ["noise", "half", "no end"])
def test_what_is_no_code_three_times_is_one_fault_until_a_good_one_comes(
    machine, scanner, inbox, caplog, way
):
    if way == "noise":
        machine.noise = b"\x00\xfe\x13"
    elif way == "half":
        machine.half = True
    else:
        machine.end = b""
    for _ in range(20):
        if scanner.health().usable:
            machine.show(TICKET)
            time.sleep(0.5)
    assert inbox.rest() == []
    assert scanner.health() == Health(usable=False, troubles=(Trouble.BROKEN,))
    assert caplog.text.count("sends what is no code; check its baud rate") == 1
    assert "hall.example" not in caplog.text
    machine.noise, machine.half, machine.end = b"", False, b"\r"
    machine.show(APPOINTMENT)
    assert inbox.take() == APPOINTMENT
    until(lambda: scanner.health() == Health())


@pytest.mark.parametrize("fault", ["mute", "garble"])
def test_a_triggered_scanner_that_does_not_answer_is_one_fault_and_heals(inbox, caplog, fault):
    machine = ScannerMachine(triggered=True)
    with Wired(machine) as wired:
        scanner = scanner_at(wired, triggered=True, reading_s=1)
        setattr(machine, fault, True)
        scanner.listen(inbox.post)
        until(lambda: scanner.health().troubles == (Trouble.NO_ANSWER,))
        time.sleep(0.8)
        assert caplog.text.count("does not answer; check its power") == 1
        setattr(machine, fault, False)
        until(lambda: scanner.health() == Health(), seconds=5)
        machine.show(TICKET)
        assert inbox.take() == TICKET
        scanner.close()


def test_a_scanner_that_comes_later_is_found(wired, machine, inbox):
    wired.unplug()
    scanner = open_scanner(settings_for(wired), Lines())
    scanner.listen(inbox.post)
    until(lambda: scanner.health().troubles == (Trouble.OFFLINE,))
    wired.replug()
    until(lambda: scanner.health() == Health(), seconds=5)
    machine.show(TICKET)
    assert inbox.take() == TICKET
    scanner.close()


def test_no_log_tells_a_code(machine, wired, caplog):
    caplog.set_level(logging.DEBUG)

    def post(code: str) -> None:
        raise ValueError(code)

    scanner = scanner_at(wired)
    scanner.listen(post)
    machine.show(TICKET)
    until(lambda: "Nobody took a code: ValueError" in caplog.text)
    scanner.close()
    assert "hall.example" not in caplog.text

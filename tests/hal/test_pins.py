"""One pin factory for the whole process, whichever threads ask for it first."""

from __future__ import annotations

import threading

import pytest
from gpiozero import Device

from firmware.hal.buses.gpio import open_pins


def test_threads_that_open_pins_at_the_same_time_get_the_same_factory(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "mock")
    monkeypatch.setattr(Device, "pin_factory", None)
    together = threading.Barrier(8)
    found: list[object] = []

    def open_them() -> None:
        together.wait()
        found.append(open_pins())

    threads = [threading.Thread(target=open_them) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len({id(factory) for factory in found}) == 1

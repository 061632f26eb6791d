"""The pins of this Raspberry Pi: one pin factory for the whole process, named, and never a silent fall-back."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from gpiozero import Device, GPIOPinInUse, PinUnknownPi
from gpiozero.pins import Factory

from firmware.hal import HardwareFault

__all__ = ["edges_may_come", "named_faults", "open_pins"]

_FACTORY = "GPIOZERO_PIN_FACTORY"
# Each part opens in its worker's thread, and gpiozero makes a factory for each thread that finds none yet.
_OPENING = threading.Lock()


def open_pins() -> Factory:
    """The process's pin factory: lgpio, or what GPIOZERO_PIN_FACTORY names. Raises HardwareFault."""
    # Left alone, gpiozero would try one library after the other and only warn.
    os.environ.setdefault(_FACTORY, "lgpio")
    # At its import lgpio makes a fifo in LG_WD, else in the working directory, which a service may not write.
    if runtime := os.environ.get("RUNTIME_DIRECTORY"):
        os.environ.setdefault("LG_WD", runtime.partition(":")[0])
    try:
        with _OPENING:
            Device.ensure_pin_factory()
    except Exception as fault:  # lgpio's own errors share no base class but this
        raise HardwareFault(
            f"The GPIO pins cannot be used by {os.environ[_FACTORY]}: {fault!r}; {_remedy(fault)}"
        ) from fault
    return Device.pin_factory


def edges_may_come() -> bool:
    """Whether lgpio's one callback thread lives, where lgpio is in use: without it no edge comes until the process starts anew."""
    threads = [thread for thread in threading.enumerate() if type(thread).__module__ == "lgpio"]
    return bool(threads) or "lgpio" not in sys.modules


@contextmanager
def named_faults(what: str, pin: int) -> Iterator[None]:
    """Turn what gpiozero or its pin library raises into a HardwareFault about `what`."""
    try:
        yield
    except GPIOPinInUse as fault:
        raise HardwareFault(
            f"{what} cannot have GPIO{pin}: another key or lamp of this board has it; "
            f"give each its own pin in the settings"
        ) from fault
    except Exception as fault:  # lgpio's own errors share no base class but this
        raise HardwareFault(
            f"{what} at GPIO{pin} does not work: {fault}; check the pin's number and its wiring"
        ) from fault


def _remedy(fault: Exception) -> str:
    match fault:
        case ModuleNotFoundError():
            return (
                "install it: on Raspberry Pi OS `apt install python3-lgpio` for a venv made with "
                "--system-site-packages, or `pip install lgpio==0.2.2.0` for Python 3.11 and 3.12"
            )
        case PinUnknownPi():
            return "this is no Raspberry Pi: take the GPIO devices out of this board's settings"
        case FileNotFoundError() | PermissionError():
            return "set LG_WD to a directory that this user may write, such as /run/jiaohao"
        case _:
            return "check that /dev/gpiochip0 is there and that this user is in the group gpio"

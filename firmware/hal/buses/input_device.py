"""Opens a USB keyboard for this program alone: by its file, or by looking for its model among all that are plugged in."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import struct
from pathlib import Path

from firmware.hal import HardwareFault, Trouble
from firmware.hal.buses.input_places import InputModel, InputPath, InputPlace
from firmware.hal.buses.key_codes import KEY_CODES
from firmware.hal.buses.line import Line

__all__ = ["LOST_SECONDS", "open_input"]

LOST_SECONDS = 2.0
"""After which one looks again for a keyboard that is not there."""

_GRAB = 0x40044590  # EVIOCGRAB: its keys reach neither the console nor any other program
_WORD_BITS = 8 * struct.calcsize("@l")
_DIGITS = [KEY_CODES[name] for name in ("KEY_1", "KEY_KP1")]  # which the file for volume keys lacks


def open_input(
    place: InputPlace, *, sysfs: Path = Path("/sys/class/input"), files: Path = Path("/dev/input")
) -> Line:
    """Open it with nothing left to read. Raises OSError; HardwareFault where one can say what to do."""
    path = _path(place, sysfs, files)
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except PermissionError as fault:
        raise HardwareFault(
            f"{path} may not be read: put the user of this service into the group `input`",
            Trouble.OFFLINE,
        ) from fault
    line = Line(os.fdopen(fd, "rb", buffering=0))
    try:
        if stat.S_ISCHR(os.fstat(fd).st_mode):
            _grab(fd, path)
        line.drain()
    except OSError:
        line.close()
        raise
    return line


def _grab(fd: int, path: Path) -> None:
    try:
        fcntl.ioctl(fd, _GRAB, 1)
    except OSError as fault:
        if fault.errno == errno.EBUSY:
            why = "is another program's: end that, or give each part a keyboard of its own"
        elif fault.errno in (errno.ENOTTY, errno.EINVAL):
            why = "is no input device: take the one in /dev/input/by-id that ends with event-kbd"
        else:
            raise
        raise HardwareFault(f"{path} {why}", Trouble.OFFLINE) from fault


def _path(place: InputPlace, sysfs: Path, files: Path) -> Path:
    match place:
        case InputPath(path):
            return Path(path)
        case InputModel(vendor, product):
            model = f"{vendor:04x}:{product:04x}"
            found = [event for event in sorted(sysfs.glob("event*")) if _is(event, place)]
            if not found:
                raise FileNotFoundError(errno.ENODEV, "no such keyboard is plugged in", model)
            if len(found) > 1:
                raise HardwareFault(
                    f"{len(found)} keyboards {model} are plugged in: name each by its file in /dev/input/by-path",
                    Trouble.OFFLINE,
                )
            return files / found[0].name


def _is(event: Path, model: InputModel) -> bool:
    """Whether this is the model, and the one of its several files that has the keys."""
    try:
        ids = [int((event / "device/id" / name).read_text(), 16) for name in ("vendor", "product")]
        words = (event / "device/capabilities/key").read_text().split()
    except (OSError, ValueError):
        return False  # pulled out while one looks
    keys = 0
    for word in words:
        keys = keys << _WORD_BITS | int(word, 16)
    return ids == [model.vendor, model.product] and any(keys >> key & 1 for key in _DIGITS)

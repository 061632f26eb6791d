"""Opens a USB keyboard or a touch screen for this program alone: by its file, or by its model among all that are plugged in."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import struct
from dataclasses import dataclass
from pathlib import Path

from firmware.hal import HardwareFault, Trouble
from firmware.hal.buses.input_places import (
    KEYBOARD_FILE,
    TOUCH_FILE,
    InputModel,
    InputPath,
    InputPlace,
)
from firmware.hal.buses.key_codes import KEY_CODES
from firmware.hal.buses.line import Line

__all__ = ["KEYBOARD", "LOST_SECONDS", "TOUCH", "Axis", "Sort", "axis_of", "open_input"]

LOST_SECONDS = 2.0
"""After which one looks again for a keyboard that is not there."""

_GRAB = 0x40044590  # EVIOCGRAB: its keys reach neither the console nor any other program
_WORD_BITS = 8 * struct.calcsize("@l")
_ABSINFO = struct.Struct("=6i")
_EVIOCGABS = 0x80184540  # and the axis
_BTN_TOUCH = 0x14A


@dataclass(frozen=True, slots=True)
class Sort:
    """What is looked for: of a device's several files the one that has one of these keys."""

    name: str
    keys: tuple[int, ...]
    file: str


# Not any key: the file for a keyboard's volume has those, too.
KEYBOARD = Sort("keyboard", (KEY_CODES["KEY_1"], KEY_CODES["KEY_KP1"]), KEYBOARD_FILE)
TOUCH = Sort("touch screen", (_BTN_TOUCH,), TOUCH_FILE)


@dataclass(frozen=True, slots=True)
class Axis:
    """Where an axis is now, and from where to where it goes."""

    now: int
    least: int
    most: int


def axis_of(line: Line, code: int) -> Axis | None:
    """What the kernel knows of an axis of an open device; None if it has none."""
    try:
        told = fcntl.ioctl(line.fileno(), _EVIOCGABS + code, bytes(_ABSINFO.size))
    except OSError:
        return None
    now, least, most, *_ = _ABSINFO.unpack(told)
    return Axis(now, least, most) if least < most else None


def open_input(
    place: InputPlace,
    sort: Sort = KEYBOARD,
    *,
    sysfs: Path = Path("/sys/class/input"),
    files: Path = Path("/dev/input"),
) -> Line:
    """Open it with nothing left to read. Raises OSError; HardwareFault where one can say what to do."""
    path = _path(place, sort, sysfs, files)
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
            _grab(fd, path, sort)
        line.drain()
    except OSError:
        line.close()
        raise
    return line


def _grab(fd: int, path: Path, sort: Sort) -> None:
    try:
        fcntl.ioctl(fd, _GRAB, 1)
    except OSError as fault:
        if fault.errno == errno.EBUSY:
            why = f"is another program's: end that, or give each part a {sort.name} of its own"
        elif fault.errno in (errno.ENOTTY, errno.EINVAL):
            why = f"is no input device: take the one in /dev/input/{sort.file}"
        else:
            raise
        raise HardwareFault(f"{path} {why}", Trouble.OFFLINE) from fault


def _path(place: InputPlace, sort: Sort, sysfs: Path, files: Path) -> Path:
    match place:
        case InputPath(path):
            return Path(path)
        case InputModel(vendor, product):
            model = f"{vendor:04x}:{product:04x}"
            found = [event for event in sorted(sysfs.glob("event*")) if _is(event, place, sort)]
            if not found:
                raise FileNotFoundError(errno.ENODEV, f"no such {sort.name} is plugged in", model)
            if len(found) > 1:
                raise HardwareFault(
                    f"{len(found)} {sort.name}s {model} are plugged in: name each by its file in /dev/input/by-path",
                    Trouble.OFFLINE,
                )
            return files / found[0].name


def _is(event: Path, model: InputModel, sort: Sort) -> bool:
    """Whether this is the model, and the right one of its several files."""
    try:
        ids = [int((event / "device/id" / name).read_text(), 16) for name in ("vendor", "product")]
        words = (event / "device/capabilities/key").read_text().split()
    except (OSError, ValueError):
        return False  # pulled out while one looks
    keys = 0
    for word in words:
        keys = keys << _WORD_BITS | int(word, 16)
    return ids == [model.vendor, model.product] and any(keys >> key & 1 for key in sort.keys)

"""A device of hall.toml on the bench: its parts, each with its settings, its kind, and what its device does with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from broker.lock import hold
from broker.phrases import Language
from broker.settings import Device, Hall
from broker.wrong_values import meant
from firmware.bench.catalogue import kind_of
from firmware.check import load

__all__ = ["Bench", "Part", "held"]


@dataclass(frozen=True, slots=True)
class Part:
    """`does` are the effects that the device gives this part, each with the call that carries it out."""

    name: str
    kind: str
    settings: Any
    does: Mapping[type, Callable[..., object]]

    @property
    def language(self) -> Language:
        """What it speaks, if it does."""
        return Language.ENGLISH if self.name.endswith("_en") else Language.CHINESE

    @property
    def as_written(self) -> str:
        """Its table as it could stand in hall.toml, with all that was left out there."""
        return _toml(msgspec.to_builtins(self.settings))


@dataclass(frozen=True, slots=True)
class Bench:
    """A device, the board that hosts it, and those of its parts that are to be looked at."""

    hall: Hall
    board: str
    device: Device
    parts: tuple[Part, ...]


@contextmanager
def held(hall_toml: Path, device: str, only: str | None, data: Path) -> Iterator[Bench]:
    """Keep a device for the bench alone. Raises SettingsFault, or OSError with a sentence, also while its board runs."""
    hall = load(hall_toml)
    found = hall.device.get(device)
    if found is None:
        raise OSError(f"{hall_toml}: there is no device {device!r}{meant(device, hall.device)}")
    board = hall.board_of[device]
    parts = tuple(_parts(hall, found))
    if only is not None and only not in [part.name for part in parts]:
        known = [part.name for part in parts]
        raise OSError(f"{device} has no part {only!r}{meant(only, known)}")
    with ExitStack() as stack:
        # Two who talk over one line would each take the other's answers for their own.
        stack.enter_context(hold(data / f"{board}.lock", f"board {board!r}"))
        yield Bench(hall, board, found, tuple(p for p in parts if only in (None, p.name)))


def _toml(value: Any) -> str:
    """A value on one line.

    >>> _toml({"model": "gpio", "keys": {"pause:lunch": 5}, "pull_up": True})
    '{ model = "gpio", keys = { "pause:lunch" = 5 }, pull_up = true }'
    """
    if isinstance(value, dict):
        # TOML has no word for what is not there.
        said = {name: one for name, one in value.items() if one is not None}
        pairs = ", ".join(f"{_key(name)} = {_toml(one)}" for name, one in said.items())
        return f"{{ {pairs} }}"
    if isinstance(value, list):
        return f"[{', '.join(_toml(one) for one in value)}]"
    return msgspec.json.encode(value).decode()


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else msgspec.json.encode(name).decode()


def _parts(hall: Hall, device: Device) -> Iterator[Part]:
    room = import_module(f"firmware.{device.kind}.hardware")
    hardware = msgspec.convert(device.hardware, room.Hardware)
    for name, does in room.wiring(hall, hardware).parts.items():
        settings = getattr(hardware, name)
        if settings is not None:
            yield Part(name, kind_of(settings), settings, does)

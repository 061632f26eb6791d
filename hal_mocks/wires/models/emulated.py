"""What an emulated model is: a device at the far end of a line, or one whose driver runs with it in one process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hal_mocks.wires.wired import MOUTHFUL, FarEnd

__all__ = ["Emulated", "Emulator", "Fault", "flag", "table"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What one can do to a device, and how that is undone; without `mend` it passes by itself."""

    name: str
    hurt: Callable[[], object]
    mend: Callable[[], object] | None = None


@dataclass(frozen=True, slots=True)
class Emulator:
    """A device that one can look at: `words` are all that it took in so far, `faults` go by the key that one types.

    `far_end` lives on a line, and takes `appetite` bytes now. Without one the driver runs in this process, beside what
    hangs on its pins; `close` ends both.
    """

    words: Callable[[], list[str]]
    faults: Mapping[str, Fault]
    far_end: FarEnd | None = None
    appetite: Callable[[], int] = lambda: MOUTHFUL
    close: Callable[[], object] = lambda: None


Table = Callable[[str, Mapping[str, Any]], str]
"""A part's table in hall.toml, made of the port as a driver names it, and of the options."""


@dataclass(frozen=True, slots=True)
class Emulated:
    """`options` are what can be chosen, each with what it is if nothing is said; `tables` go by the kind of hardware.

    `port` is how a driver names its line, with {} for the address, and "" where there is none; `tcp` says whether it
    may hang on the network instead.
    """

    about: str
    make: Callable[..., Emulator]
    tables: Mapping[str, Table]
    options: Mapping[str, Any] = field(default_factory=dict)
    port: str = ""
    tcp: bool = False


def flag(far_end: object, name: str) -> Fault:
    """A fault that is an attribute of the far end."""
    return Fault(
        name.replace("_", " "),
        lambda: setattr(far_end, name, True),
        lambda: setattr(far_end, name, False),
    )


def table(model: str, *names: str, rest: str = "") -> Table:
    """`model`, the port if it has one, the options of these names, and the rest as it is written.

    >>> table("strip", "frame", rest="main = true")("serial:/dev/ttyUSB0", {"frame": "S1", "address": 1})
    '{ model = "strip", port = "serial:/dev/ttyUSB0", frame = "S1", main = true }'
    """

    def toml(port: str, options: Mapping[str, Any]) -> str:
        def pairs() -> Iterator[str]:
            yield f'model = "{model}"'
            if port:
                yield f'port = "{port}"'
            for name in names:
                value = options[name]
                yield f'{name} = "{value}"' if isinstance(value, str) else f"{name} = {value}"
            if rest:
                yield rest

        return f"{{ {', '.join(pairs())} }}"

    return toml

"""What the demo and its boards say to each other, one JSON line each: deeds of the world in, memories of parts out."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

__all__ = ["DEEDS", "KEYED", "Deed", "Memory"]

DEEDS: dict[str, frozenset[str]] = {
    "keys": frozenset({"press"}),
    "help": frozenset({"press"}),
    "printer": frozenset(
        {
            "run_out_of_paper",
            "put_near_end",
            "refill",
            "open_cover",
            "close_cover",
            "leave_ticket",
            "take_ticket",
            "stop_answering",
            "answer_again",
        }
    ),
    "scanner": frozenset({"hold"}),
    "screen": frozenset({"touch"}),
    "card_reader": frozenset({"lay"}),
    "led": frozenset({"unplug", "replug"}),
    "voice": frozenset({"break_down", "repair"}),
    "voice_en": frozenset({"break_down", "repair"}),
}

KEYED = frozenset({"press", "hold", "lay", "touch"})
"""Those that are done with something: a key, a code, a card."""


class Deed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the world does to a part; `key` is what is pressed or held before it, or whose card is laid."""

    device: str
    part: str
    do: str
    key: str = ""


class Memory(Struct, frozen=True, kw_only=True):
    """What a part remembers now, all of it: whoever missed the last one has missed nothing."""

    device: str
    part: str
    now: dict[str, Any]

"""What the demo and its boards say to each other, one JSON line each: deeds of the world in, memories of parts out."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

__all__ = ["DEEDS", "Deed", "Memory"]

DEEDS: dict[str, frozenset[str]] = {
    "keys": frozenset({"press"}),
    "help": frozenset({"press"}),
    "printer": frozenset(
        {
            "run_out_of_paper",
            "refill",
            "open_cover",
            "close_cover",
            "stop_answering",
            "answer_again",
        }
    ),
    "led": frozenset({"unplug", "replug"}),
    "voice": frozenset({"break_down", "repair"}),
}


class Deed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the world does to a part; `key` is for `press` alone."""

    device: str
    part: str
    do: str
    key: str = ""


class Memory(Struct, frozen=True, kw_only=True):
    """What a part remembers now, all of it: whoever missed the last one has missed nothing."""

    device: str
    part: str
    now: dict[str, Any]

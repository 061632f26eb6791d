"""What differs from one ESC/POS printer to the next, by the names of profiles.toml; no printer is asked here."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

__all__ = ["PROFILES", "Dots", "PerInch", "Profile", "ProofKind", "Untaken", "profiles"]

Dots = Annotated[int, Meta(ge=64, le=832)]
PerInch = Annotated[int, Meta(ge=100, le=255)]
ProofKind = Literal["id", "status", "estimated"]
Untaken = Literal["leave", "retract", "eject"]

PROFILES = "profiles.toml"


class Profile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One model; profiles.toml says what each field means."""

    width: Dots
    dots_per_inch: PerInch = 203
    cutter: bool = True
    near_end: bool = True
    reports: bool = True
    proof: ProofKind = "status"
    empties_buffer: bool = False
    chinese_rom: bool = False
    chinese_apart: bool = False
    qr_code: bool = True
    lacks: str = ""
    full_status: bool = False
    untaken: Untaken = "leave"


@cache
def profiles() -> dict[str, Profile]:
    """All of profiles.toml."""
    text = files("firmware.hal.printer").joinpath(PROFILES).read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Profile])

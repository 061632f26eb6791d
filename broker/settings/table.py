"""What every table of hall.toml is."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

__all__ = ["InEnglish", "Settings"]


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of hall.toml: what it does not know it refuses."""


InEnglish = Annotated[str, Meta(max_length=60)]
"""A name in English; empty where the Chinese one stands on English pages, too."""

"""A table of phrases."""

from __future__ import annotations

from msgspec import Struct

__all__ = ["Table"]


class Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Phrases and tables of phrases; a table of another language has its own text for each of them."""

"""The catalogue as the hall reads it: a TOML file beside hall.toml, which names it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec

from broker.catalogue.agreement import disagreements
from broker.items import Catalogue
from broker.loading import SettingsFault, convert, locate, not_toml, read
from broker.private import write_private
from broker.settings import Hall
from broker.wrong_values import Problem

__all__ = ["check", "file_of", "furnished", "text_of", "write"]

HEAD = """\
# The catalogue of service items, as the hall reads it; docs/catalogue.md says what each key means.
# `jiaohao catalogue export` makes a workbook of it, `jiaohao catalogue import` writes this file anew: remarks are lost.

"""


def file_of(hall: Hall, hall_toml: Path) -> Path | None:
    """Where the catalogue stands; None if the hall has none."""
    return hall_toml.parent / hall.hall.catalogue if hall.hall.catalogue else None


def furnished(hall: Hall, hall_toml: Path) -> tuple[Hall, tuple[str, ...]]:
    """The hall with its catalogue, or as it is with everything that is wrong, as `file:line:column: sentence`."""
    path = file_of(hall, hall_toml)
    if path is None:
        return hall, ()
    try:
        catalogue, problems = check(read(path), hall, str(path))
    except SettingsFault as fault:
        return hall, fault.lines
    if catalogue is None or problems:
        return hall, problems
    return msgspec.structs.replace(hall, catalogue=catalogue), ()


def check(text: str, hall: Hall, name: str) -> tuple[Catalogue | None, tuple[str, ...]]:
    """The catalogue, if its tables can be read at all, and every problem as `file:line:column: sentence`."""
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as fault:
        return None, (not_toml(str(fault), text, name),)
    catalogue: Catalogue | None
    problems: list[Problem]
    catalogue, problems = convert(raw, Catalogue)
    if catalogue is not None:
        problems = [*disagreements(catalogue, hall)]
    return catalogue, locate(problems, text, name)


def text_of(catalogue: Catalogue) -> str:
    """The catalogue as TOML, without what is as it would be anyhow."""
    import tomli_w

    return HEAD + tomli_w.dumps(_table(catalogue))


def write(path: Path, catalogue: Catalogue) -> None:
    """Write the file whole or not at all, also if the power fails. Raises OSError."""
    write_private(path, text_of(catalogue).encode(), mode=0o644)  # no secret: visitors read it


def _table(part: msgspec.Struct) -> dict[str, object]:
    table: dict[str, object] = {}
    for field in msgspec.structs.fields(part):
        value = getattr(part, field.name)
        if value != field.default:
            table[field.encode_name] = _value(value)
    return table


def _value(value: object) -> object:
    match value:
        case msgspec.Struct():
            return _table(value)
        case tuple():
            return [_value(one) for one in value]
        case _:
            return value

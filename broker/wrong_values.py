"""What is wrong with the values of a TOML file, in the words of whoever wrote it; it reads no file and knows no rule."""

from __future__ import annotations

import enum
import re
import types
import typing
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any

import msgspec

__all__ = ["Problem", "Steps", "meant", "wrong"]

Steps = tuple[str | int, ...]

KINDS = {
    "int": "a whole number",
    "float": "a number",
    "str": 'a text in "quotes"',
    "bool": "true or false, without quotes",
    "date": "a date, such as 2026-10-01",
    "time": "a time, such as 09:00:00",
    "array": "a list in [brackets]",
    "object": "a table",
}
FORMS = {
    r"^[a-z0-9][a-z0-9_-]{0,31}\Z": "a short name of small letters, digits, '-' and '_', such as \"counter-1\"",
    r"^[A-Z]\Z": "one capital letter, A to Z",
    r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z": 'a time of day, such as "09:00"',
    r"^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)\Z": 'hours from and to, such as "09:00-12:00"',
    r"^(?:[^\s\x00-\x1f](?:[^\x00-\x1f\ufffe\uffff]*[^\s\x00-\x1f])?)?\Z": "one line of text, without blanks at its ends",
    r"^#[0-9A-Fa-f]{6}\Z": 'a colour as #RRGGBB, such as "#0B4A7F"',
    r"^(?:即时办结|[1-9][0-9]{0,2}(?:个工作日|日|个月))?\Z": "a time limit: 即时办结, or such as 15个工作日, 60日, 3个月",
    r"^[A-Za-z0-9.:-]{1,253}\Z": "an address or a host's name, such as 192.168.1.10",
    r"^[a-z][a-z0-9-]{0,30}\Z": "a name of small letters, digits and '-', such as \"technician\"",
    r"^[A-Z]{2}\Z": "a country's two capital letters, such as CN",
    r"^(?:\$[0-9a-z]{1,6}\$[./0-9A-Za-z$=,]+)?\Z": "what `openssl passwd -6` prints",
    r"^(?:ssh|ecdsa|sk)-[a-z0-9@.-]+ [A-Za-z0-9+/=]+(?: [A-Za-z0-9@._+:= -]*)?\Z": "an SSH public key, the one line of a file such as id_ed25519.pub",
}
BOUNDS = {">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where in the settings' tree, and a sentence."""

    steps: Steps
    sentence: str


def wrong(raw: object, wanted: Any, steps: Steps = ()) -> Iterator[Problem]:
    """Every key and value of `raw`, which stands at `steps`, that makes it no `wanted`."""
    below = list(_below(raw, wanted, steps))
    yield from below
    if below:
        return  # a table is as good as what is in it
    try:
        msgspec.convert(raw, wanted)
    except msgspec.ValidationError as fault:
        yield Problem(steps, _in_plain_words(str(fault), raw, wanted, _name(steps)))


def meant(word: str, known: Iterable[str]) -> str:
    """The rest of a sentence about a word that is not known: the likely meaning, else all there are.

    >>> meant("clse", ["close", "refuse"]), meant("x", ["close", "refuse"])
    ("; did you mean 'close'?", '; known here are: close, refuse')
    """
    known = list(known)
    likely = _likely(word, known)
    return f"; did you mean {likely!r}?" if likely else f"; known here are: {', '.join(known)}"


def _likely(word: str, known: Iterable[str]) -> str | None:
    known = list(known)
    within = [one for one in known if len(word) > 2 and (word in one or one in word)]
    return next(iter(get_close_matches(word, known, n=1, cutoff=0.6) or within), None)


# --- tables and lists ---------------------------------------------------------------------------------


def _below(raw: object, wanted: Any, steps: Steps) -> Iterator[Problem]:
    """What is wrong inside a table or a list."""
    for kind in _kinds(wanted):
        origin, inner = typing.get_origin(kind), typing.get_args(kind)
        if isinstance(raw, dict) and origin is dict:
            for key, value in raw.items():
                yield from _wrong_key(key, inner[0], (*steps, key))
                yield from wrong(value, inner[1], (*steps, key))
        elif isinstance(raw, list) and origin in (list, tuple):
            if origin is list or inner[-1] is ...:
                inner = inner[:1] * len(raw)
            for index, (item, one) in enumerate(zip(raw, inner, strict=False)):
                yield from wrong(item, one, (*steps, index))
    structs = [kind for kind in _kinds(wanted) if _is_struct(kind)]
    if isinstance(raw, dict) and structs:
        yield from _table(raw, structs, steps)


def _wrong_key(key: str, wanted: Any, steps: Steps) -> Iterator[Problem]:
    for problem in wrong(key, wanted, steps):
        choices = _choices(wanted)
        yield Problem(steps, f"unknown key {key!r}{meant(key, choices)}") if choices else problem


def _table(raw: dict[str, Any], structs: list[Any], steps: Steps) -> Iterator[Problem]:
    """Of several structs the one that the table names by its tag is the one that counts."""
    tag = structs[0].__struct_config__.tag_field
    tags = [str(struct.__struct_config__.tag) for struct in structs]
    named = structs if len(structs) == 1 else []
    if tag in raw:
        named = [s for s in structs if s.__struct_config__.tag == raw[tag]]
        if not named:
            yield Problem((*steps, tag), f"{raw[tag]!r} is no {tag!r}{meant(str(raw[tag]), tags)}")
    elif not named:
        yield Problem(steps, f"the key {tag!r} is missing here: write one of {', '.join(tags)}")
    for struct in named:
        fields = _fields(struct)
        unknown = [key for key in raw if key not in fields and key != tag]
        for key in unknown:
            yield Problem((*steps, key), f"unknown key {key!r}{meant(key, fields)}")
        misspelt = {_likely(key, fields) for key in unknown}
        for name, field in fields.items():
            if name in raw:
                yield from wrong(raw[name], field.type, (*steps, name))
            elif field.required and name not in misspelt:
                yield Problem(steps, f"the key {name!r} is missing here")


@cache
def _fields(struct: type[msgspec.Struct]) -> dict[str, msgspec.structs.FieldInfo]:
    return {field.encode_name: field for field in msgspec.structs.fields(struct)}


@cache
def _kinds(wanted: Any) -> tuple[Any, ...]:
    """`X` and `Y` of `X | Y`, without what is annotated."""
    origin, inner = typing.get_origin(wanted), typing.get_args(wanted)
    if origin is typing.Annotated:
        return _kinds(inner[0])
    if origin in (types.UnionType, typing.Union):
        return tuple(kind for one in inner for kind in _kinds(one))
    return (wanted,)


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


# --- one value ----------------------------------------------------------------------------------------


def _in_plain_words(sentence: str, value: object, wanted: Any, name: str) -> str:
    """What msgspec's `sentence` says of a `value` that should be a `wanted`."""
    if sentence.startswith("Invalid enum value"):
        return f"{value!r} is no {name}{meant(str(value), _choices(wanted))}"
    if match := re.fullmatch(r"Invalid RFC3339 encoded (\w+)", sentence):
        return f"{name} must be {KINDS.get(match[1], match[1])}, not {_shown(value)}"
    if match := re.fullmatch(r"Expected `(.+)`, got `.+`", sentence):
        return f"{name} must be {_expected(match[1], wanted)}, not {_shown(value)}"
    if match := re.fullmatch(r"Expected `.+` of length (>=|<=|)\s?(\d+)(?:, got \d+)?", sentence):
        return _length(name, value, match[1], match[2])
    if match := re.fullmatch(r"Expected `.+` (>=|<=|>|<) (\S+)", sentence):
        return f"{name} must be {BOUNDS[match[1]]} {match[2]}, not {value}"
    if match := re.fullmatch(r"Expected `str` matching regex '(.+)'", sentence):
        form = match[1].replace(r"\\", "\\")  # it stands there as Python would write it
        return f"{name} must be {FORMS.get(form, f'of the form {form}')}, not {value!r}"
    return sentence


def _choices(wanted: Any) -> list[str]:
    return [
        str(choice)
        for kind in _kinds(wanted)
        for choice in (kind if isinstance(kind, enum.EnumType) else typing.get_args(kind))
    ]


def _name(steps: Steps) -> str:
    if not steps:
        return "the file"
    if isinstance(steps[-1], str):
        return repr(steps[-1])
    return f"item {steps[-1] + 1} of {_name(steps[:-1])}"


def _expected(kinds: str, wanted: Any) -> str:
    words = [KINDS.get(kind, kind) for kind in kinds.split(" | ") if kind != "null"]
    items = [
        item for kind in _kinds(wanted) for one in typing.get_args(kind) for item in _kinds(one)
    ]
    if "array" in kinds and any(map(_is_struct, items)):
        words = ["a list of tables, each under [[double brackets]]"]
    return " or ".join(words)


def _shown(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f"the text {value!r}"
        case int() | float():
            return f"the number {value}"
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return f"{value}"


def _length(name: str, value: object, sign: str, bound: str) -> str:
    if sign == ">=" and bound == "1":
        return f"{name} must not be empty"
    parts = "characters" if isinstance(value, str) else "entries"
    has = f"; it has {len(value)}" if isinstance(value, str | list | dict) else ""
    return f"{name} must have {BOUNDS.get(sign, 'exactly')} {bound} {parts}{has}"

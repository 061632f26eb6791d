"""What is wrong with one value of hall.toml, in the words of whoever wrote it; it reads no file and knows no rule."""

from __future__ import annotations

import enum
import re
import types
import typing
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any

import msgspec

__all__ = ["Steps", "in_plain_words", "meant", "steps_of", "struct_in"]

Steps = tuple[str | int, ...]

KINDS = {
    "int": "a whole number",
    "float": "a number",
    "str": 'a text in "quotes"',
    "bool": "true or false, without quotes",
    "array": "a list in [brackets]",
    "object": "a table",
}
FORMS = {
    "^[a-z0-9][a-z0-9_-]{0,31}$": "a short name of small letters, digits, '-' and '_', such as \"counter-1\"",
    "^[A-Z]$": "one capital letter, A to Z",
}


def steps_of(path: str, raw: object, wanted: Any) -> Steps:
    """The steps in msgspec's path to what is wrong in `raw`; where it says `[...]`, the first entry that is no good."""
    steps: list[str | int] = []
    for name, index in re.findall(r"\.([^.\[\]`]+)|\[(\d+|\.\.\.)\]", path):
        step = _bad_entry(raw, _inner(wanted)) if index == "..." else int(index) if index else name
        wanted, _ = _below(wanted, raw, step)
        raw = _at(raw, step)
        steps.append(step)
    return tuple(steps)


def _bad_entry(table: object, wanted: Any) -> str:
    for key, value in table.items() if isinstance(table, dict) else ():
        try:
            msgspec.convert(value, wanted)
        except msgspec.ValidationError:
            return str(key)
    return "..."


def meant(word: str, known: Iterable[str]) -> str:
    """The rest of a sentence about a word that is not known: the likely meaning, else all there are.

    >>> meant("clse", ["close", "refuse"]), meant("x", ["close", "refuse"])
    ("; did you mean 'close'?", '; known here are: close, refuse')
    """
    known = list(known)
    within = [one for one in known if len(word) > 2 and (word in one or one in word)]
    near = get_close_matches(word, known, n=1, cutoff=0.6) or within
    return f"; did you mean {near[0]!r}?" if near else f"; known here are: {', '.join(known)}"


def struct_in(wanted: Any, raw: object) -> Any:
    """The struct inside `tuple[X, ...]`, `Annotated[...]` or `X | None`; of a tagged union, the one that `raw` names."""
    structs = _structs_in(wanted)
    if len(structs) > 1 and isinstance(raw, dict):
        structs = [s for s in structs if raw.get(_tag_field(s)) == s.__struct_config__.tag]
    return structs[0] if structs else None


def _structs_in(wanted: Any) -> list[Any]:
    if isinstance(wanted, type) and issubclass(wanted, msgspec.Struct):
        return [wanted]
    if typing.get_origin(wanted) is dict:
        return []
    return [struct for inner in typing.get_args(wanted) for struct in _structs_in(inner)]


def _tag_field(struct: Any) -> str | None:
    field: str | None = struct.__struct_config__.tag_field
    return field


# --- one value ----------------------------------------------------------------------------------------


def in_plain_words(sentence: str, raw: object, wanted: Any, steps: Steps) -> str:
    """The `sentence` of msgspec about what stands at `steps` of `raw`, which should be a `wanted`."""
    value = raw
    known: tuple[str, ...] = ()
    for step in steps:
        wanted, known = _below(wanted, value, step)
        value = _at(value, step)
    name = _name(steps)
    if match := re.fullmatch(r"Object missing required field `(.+)`", sentence):
        tags = [str(s.__struct_config__.tag) for s in _structs_in(wanted) if _tag_field(s)]
        rest = f": write one of {', '.join(tags)}" if _is_tag(match[1], wanted) else ""
        return f"the key {match[1]!r} is missing here{rest}"
    if sentence.startswith("Invalid "):
        return f"{value!r} is no {name}{meant(str(value), known or _choices(wanted))}"
    if match := re.fullmatch(r"Expected `(.+)`, got `.+`", sentence):
        return f"{name} must be {_kinds(match[1], wanted)}, not {_shown(value)}"
    if match := re.fullmatch(r"Expected `(.+)` of length (>=|<=) (\d+)", sentence):
        return _length(name, value, match[2], match[3])
    if match := re.fullmatch(r"Expected `.+` (>=|<=) (\S+)", sentence):
        bound = "at least" if match[1] == ">=" else "at most"
        return f"{name} must be {bound} {match[2]}, not {value}"
    if match := re.fullmatch(r"Expected `str` matching regex '(.+)'", sentence):
        return f"{name} must be {FORMS.get(match[1], f'of the form {match[1]}')}, not {value!r}"
    return sentence


def _below(wanted: Any, raw: object, step: str | int) -> tuple[Any, tuple[str, ...]]:
    """The type one step down; for the key that names a table's model, the models there are."""
    if isinstance(step, int):
        return _inner(wanted), ()
    if _is_tag(step, wanted):
        return str, tuple(str(struct.__struct_config__.tag) for struct in _structs_in(wanted))
    struct = struct_in(wanted, raw)
    if struct is None:
        return _inner(wanted), ()
    fields = {field.encode_name: field.type for field in msgspec.structs.fields(struct)}
    return fields.get(str(step)), ()


def _inner(wanted: Any) -> Any:
    """What a list's items or a table's values are."""
    origin, inner = typing.get_origin(wanted), typing.get_args(wanted)
    if origin is typing.Annotated:
        return _inner(inner[0])
    if origin is dict:
        return inner[1]
    return inner[0] if inner and origin not in (types.UnionType, typing.Union) else None


def _is_tag(key: str | int, wanted: Any) -> bool:
    return any(_tag_field(struct) == key for struct in _structs_in(wanted))


def _at(raw: object, step: str | int) -> object:
    try:
        return raw[step]  # type: ignore[index]  # whatever it is, msgspec has been there
    except (LookupError, TypeError):
        return None


def _choices(wanted: Any) -> Sequence[str]:
    if isinstance(wanted, type) and issubclass(wanted, enum.Enum):
        return [str(member.value) for member in wanted]
    return [str(choice) for choice in typing.get_args(wanted)]


def _name(steps: Steps) -> str:
    if not steps:
        return "the file"
    if isinstance(steps[-1], str):
        return repr(steps[-1])
    return f"item {steps[-1] + 1} of {_name(steps[:-1])}"


def _kinds(expected: str, wanted: Any) -> str:
    words = [KINDS.get(kind, kind) for kind in expected.split(" | ") if kind != "null"]
    if "array" in expected and _structs_in(wanted):
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
    return f"{name} must have at {'least' if sign == '>=' else 'most'} {bound} {parts}{has}"

"""Inputs for fuzzing: messages of the right shape with odd content, messages bent out of shape, and plain noise."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from functools import cache
from random import Random
from typing import Any

import msgspec

from tests.queue.halls import NINE

__all__ = ["bent", "noise", "shaped"]

ODD_TEXTS = (
    "",
    "0",
    "A001",
    "x" * 41,
    "x" * 600,
    "号" * 20,
    "\x00",
    "../..",
    "kiosk-1",
    "1",
    "pension",
)
ODD_NUMBERS = (-1, 0, 1, 2, 9999, 10**4, 2**31, 2**63, 10**14, 10**30, -(2**63))
LATEST = 10**14
"""The bound by which a time is known; without times near the test's own nothing would ever be in time, or just too late."""
SPLICES = (
    b"{",
    b"}",
    b"[",
    b'"',
    b"\xff\xfe",
    b"null",
    b"1e999",
    b"\\ud800",
    b"[" * 2000,
    b'"x":' + b"[" * 2000,
    b"\x00",
)


def shaped(random: Random, wanted: Any, words: Sequence[str] = ()) -> Any:
    """JSON for a type: mostly what the type says, with `words` where it wants texts; at times what it forbids."""
    return _value(random, _info(wanted), words)


@cache
def _info(wanted: Any) -> Any:
    """It is read once: to look through all messages takes longer than to feed one."""
    return msgspec.inspect.type_info(wanted)


def _value(random: Random, kind: Any, words: Sequence[str]) -> Any:
    info = msgspec.inspect
    if random.random() < 0.01:
        return random.choice((None, [], {}, -1, "", True, 1.5, 10**30))
    match kind:
        case info.StructType():
            return _struct(random, kind, words)
        case info.UnionType(types=types):
            return _value(random, random.choice(types), words)
        case info.EnumType(cls=cls):
            return _one(random, cls).value
        case info.StrType():
            return (
                random.choice(words or ODD_TEXTS)
                if random.random() < 0.8
                else random.choice(ODD_TEXTS)
            )
        case info.IntType(le=bound) if bound == LATEST and random.random() < 0.7:
            return NINE + random.randrange(-(10**7), 10**7)
        case info.IntType():
            return random.choice(ODD_NUMBERS) if random.random() < 0.2 else random.randrange(1, 4)
        case info.FloatType():
            return random.random() * 100
        case info.BoolType():
            return random.random() < 0.5
        case info.NoneType():
            return None
        case info.VarTupleType(item_type=item) | info.ListType(item_type=item):
            return [_value(random, item, words) for _ in range(random.randrange(4))]
        case info.TupleType(item_types=items):
            return [_value(random, item, words) for item in items]
        case info.DictType(key_type=key, value_type=value):
            return {
                str(_value(random, key, words)): _value(random, value, words)
                for _ in range(random.randrange(3))
            }
        case _:
            raise AssertionError(f"no fuzz for {kind}")


def _one(random: Random, cls: type[Enum]) -> Enum:
    return random.choice(list(cls))


def _struct(random: Random, kind: Any, words: Sequence[str]) -> Any:
    fields = {
        field.encode_name: _value(random, field.type, words)
        for field in kind.fields
        if field.required or random.random() < 0.7
    }
    if kind.array_like:
        return list(fields.values())
    if kind.tag_field:
        fields[kind.tag_field] = kind.tag
    if random.random() < 0.02:
        fields[random.choice(ODD_TEXTS)] = 1
    return fields


def bent(random: Random, payload: bytes, splices: Sequence[bytes] = SPLICES) -> bytes:
    """A payload with bytes changed, lost, doubled or, out of `splices`, put in."""
    bytes_ = bytearray(payload)
    for _ in range(random.randrange(1, 4)):
        where = random.randrange(len(bytes_) + 1)
        match random.randrange(4):
            case 0:
                bytes_[where:where] = random.choice(splices)
            case 1:
                del bytes_[where : where + random.randrange(1, 9)]
            case 2:
                bytes_[where : where + 1] = bytes([random.randrange(256)])
            case _:
                bytes_[where:where] = bytes_[where : where + random.randrange(1, 30)]
    return bytes(bytes_)


def noise(random: Random) -> bytes:
    return random.randbytes(random.randrange(200))

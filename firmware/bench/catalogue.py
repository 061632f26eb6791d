"""`jiaohao hardware list`: every kind and model of hardware and what each needs, read from the settings' own types."""

from __future__ import annotations

import argparse
import inspect
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any, get_args

import msgspec
from msgspec import NODEFAULT, Struct
from msgspec import inspect as types

from broker.settings import Kind
from firmware import hal

__all__ = ["KindOfPart", "Model", "Setting", "kind_of", "kinds", "main"]


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of a model's table in hall.toml: which values it takes, and which it has when it is left out."""

    name: str
    takes: str
    default: str | None

    @property
    def needed(self) -> bool:
        return self.default is None


@dataclass(frozen=True, slots=True)
class Model:
    """A model as hall.toml names it, what its docstring says of it, and its settings."""

    name: str
    about: str
    settings: tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class KindOfPart:
    """A kind of hardware; `used` are the parts of devices that it serves as: ("ticket_kiosk", "printer")."""

    name: str
    about: str
    models: tuple[Model, ...]
    used: tuple[tuple[str, str], ...]


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="jiaohao hardware list",
        description="What hardware can stand in hall.toml, and what each model needs there.",
    )
    parser.add_argument("kind", nargs="?", help="only this kind, or this model")
    wanted = parser.parse_args(argv).kind
    found = [text for kind in kinds() if (text := "\n".join(_told(kind, wanted)))]
    if not found:
        known = ", ".join(kind.name for kind in kinds())
        parser.error(f"there is no kind and no model {wanted!r}; kinds are {known}")
    print("\n\n".join(found))
    return 0


def kinds() -> tuple[KindOfPart, ...]:
    """Every kind that has models, by name."""
    rooms = [module.name for module in pkgutil.iter_modules(hal.__path__) if module.ispkg]
    return tuple(kind for room in sorted(rooms) if (kind := _kind(room)) is not None)


def kind_of(settings: object) -> str:
    """The kind whose room defines these settings.

    >>> from firmware.hal.led_panel import OnbonPanelSettings
    >>> kind_of(OnbonPanelSettings(port="tcp:panel", card="6K", width=64, height=16))
    'led_panel'
    """
    return type(settings).__module__.split(".")[2]


def _kind(room: str) -> KindOfPart | None:
    module = import_module(f"firmware.hal.{room}")
    union = getattr(module, room.title().replace("_", "") + "Settings", None)
    if union is None:
        return None  # lines and pins, or a kind without a driver
    structs = _structs(union)
    return KindOfPart(
        room,
        inspect.cleandoc(module.__doc__ or ""),
        tuple(_model(struct) for struct in structs),
        tuple(_used(set(structs))),
    )


def _structs(annotation: Any) -> tuple[type[Struct], ...]:
    """The settings in a union, in an optional, or alone."""
    return tuple(
        one
        for one in (get_args(annotation) or (annotation,))
        if isinstance(one, type) and issubclass(one, Struct)
    )


def _model(struct: type[Struct]) -> Model:
    described = types.type_info(struct)
    if not isinstance(described, types.StructType):
        raise TypeError(f"{struct} is no table of settings")
    return Model(
        str(described.tag),
        inspect.cleandoc(struct.__doc__ or ""),
        tuple(
            Setting(field.encode_name, _takes(field.type), _default(field))
            for field in described.fields
        ),
    )


def _used(models: set[type[Struct]]) -> Iterator[tuple[str, str]]:
    for kind in Kind:
        hardware = import_module(f"firmware.{kind.value}.hardware").Hardware
        for field in msgspec.structs.fields(hardware):
            if models & set(_structs(field.type)):
                yield kind.value, field.encode_name


def _default(field: types.Field) -> str | None:
    if field.required:
        return None
    value = field.default_factory() if field.default is NODEFAULT else field.default
    return "nothing" if value is None else msgspec.json.encode(value).decode()


def _takes(type_: types.Type) -> str:
    """Which values a setting takes, in words."""
    match type_:
        case types.BoolType():
            return "true or false"
        case types.IntType() | types.FloatType():
            return _number(type_)
        case types.LiteralType(values=values):
            return " or ".join(msgspec.json.encode(value).decode() for value in values)
        case types.EnumType(cls=cls):
            return " or ".join(f'"{member.value}"' for member in cls)
        case types.DictType(key_type=key, value_type=value):
            return f"a table {{ {_name(key)} = {_takes(value)}, ... }}"
        case types.ListType(item_type=item) | types.VarTupleType(item_type=item):
            return f"a list [ {_takes(item)}, ... ]"
        case types.TupleType(item_types=items):
            return f"a list [ {', '.join(_takes(item) for item in items)} ]"
        case types.UnionType(types=members):
            kept = [one for one in members if not isinstance(one, types.NoneType)]
            return " or ".join(_takes(one) for one in kept)
        case types.StructType(fields=fields, tag=tag):
            named = [] if tag is None else [f'model = "{tag}"']
            inside = [*named, *(f"{one.encode_name} = {_takes(one.type)}" for one in fields)]
            return f"a table {{ {', '.join(inside)} }}"
        case _:
            return "a text"


def _name(key: types.Type) -> str:
    return _takes(key) if isinstance(key, types.LiteralType | types.EnumType) else "NAME"


def _number(type_: types.IntType | types.FloatType) -> str:
    what = "a whole number" if isinstance(type_, types.IntType) else "a number"
    least, most = type_.ge, type_.le
    if least is not None and most is not None:
        return f"{what} from {least} to {most}"
    if least is not None:
        return f"{what} from {least} on"
    return what


def _told(kind: KindOfPart, wanted: str | None) -> Iterator[str]:
    """The kind in lines; none of them if something else is wanted."""
    models = [model for model in kind.models if wanted in (None, kind.name, model.name)]
    if not models:
        return
    yield f"{kind.name}: {kind.about}"
    parts = ", ".join(f"{part} of {device}" for device, part in kind.used)
    yield f"  in hall.toml as {parts}" if parts else "  no device has a part of this kind yet"
    for model in models:
        yield ""
        yield f'  model = "{model.name}"'
        yield from (f"    {line}".rstrip() for line in model.about.splitlines())
        width = max(len(setting.name) for setting in model.settings) if model.settings else 0
        for setting in model.settings:
            default = "needed" if setting.needed else f"{setting.default} if left out"
            yield f"    {setting.name:<{width}}  {setting.takes}; {default}"


if __name__ == "__main__":
    import sys

    raise SystemExit(main(sys.argv[1:]))

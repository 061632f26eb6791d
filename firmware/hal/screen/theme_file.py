"""The file of a theme, typed: colours, sizes, fonts, logo; a hall's own over the shipped one, and what is wrong with it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from broker.loading import SettingsFault, convert, locate, not_toml, read
from broker.wrong_values import Problem, Steps
from firmware.hal.screen.drawing import Colour, Drawing, Paint, Tint
from firmware.hal.screen.theme import Logo, Look, contrast

__all__ = ["Mixed", "load_theme", "problems_of", "shipped"]

SHIPPED = "theme.toml"
LEAST, LEAST_LARGE = 4.5, 7.0  # WCAG 2.2: contrast of type, and of type for those who see little

Hex = Annotated[str, Meta(pattern=r"^#[0-9A-Fa-f]{6}\Z")]
File = Annotated[str, Meta(max_length=400)]


class _Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class Card(_Table, frozen=True, kw_only=True):
    """Type on its ground: the main ink and a quieter one for what is second."""

    ground: Hex
    main: Hex
    quiet: Hex


class Band(_Table, frozen=True, kw_only=True):
    ground: Hex
    main: Hex


class Paints(_Table, frozen=True, kw_only=True):
    bare: Card
    card: Card
    other_card: Card
    fresh: Card
    off: Card
    notice: Card
    accent: Hex
    edge: Hex


class Tones(_Table, frozen=True, kw_only=True):
    calm: Band
    good: Band
    wait: Band
    stop: Band


class Fonts(_Table, frozen=True, kw_only=True):
    text: File
    strong: File


class Sizes(_Table, frozen=True, kw_only=True):
    scale: Annotated[float, Meta(ge=0.8, le=1.4)]
    smallest: Annotated[int, Meta(ge=0, le=96)]


class ThemeFile(_Table, frozen=True, kw_only=True):
    """theme.toml says what each of it means."""

    logo: File
    fonts: Fonts
    sizes: Sizes
    kiosk: Paints
    hall: Paints
    large: Paints
    tones: Tones


@dataclass(frozen=True, slots=True)
class Mixed:
    """A theme that was read: what colour each paint is; files as they are found, None where the theme names none."""

    colours: dict[Paint, Colour] = field(hash=False)
    look: Look
    logo: Path | None = None
    text: Path | None = None
    strong: Path | None = None

    def colour(self, tint: Tint) -> Colour:
        return self.colours[tint] if isinstance(tint, Paint) else tint

    def with_logo(self, logo: Logo) -> Mixed:
        return replace(self, look=replace(self.look, logo=logo))

    def painted(self, drawing: Drawing) -> Drawing:
        """The drawing in this theme's colours."""
        colour = self.colour
        return replace(
            drawing,
            ground=colour(drawing.ground),
            panels=tuple(
                replace(one, fill=colour(one.fill), edge=one.edge and colour(one.edge))
                for one in drawing.panels
            ),
            words=tuple(_inked(self, one) for one in drawing.words),
            signs=tuple(_inked(self, one) for one in drawing.signs),
            codes=tuple(_inked(self, one) for one in drawing.codes),
            pulses=tuple(replace(one, edge=colour(one.edge)) for one in drawing.pulses),
        )


def _inked(mixed: Mixed, one: Any) -> Any:
    return replace(one, ink=mixed.colour(one.ink), ground=mixed.colour(one.ground))


@cache
def shipped() -> Mixed:
    """The theme that is used where a hall has none of its own."""
    return _mixed(msgspec.convert(_shipped(), ThemeFile), Path())


def load_theme(path: Path) -> Mixed:
    """A hall's own theme over the shipped one. Raises SettingsFault, all problems as `file:line:column: sentence`."""
    text = read(path)
    theme, lines = _check(text, str(path))
    if theme is None or lines:
        raise SettingsFault(lines)
    return _mixed(theme, path.parent)


def problems_of(path: Path) -> tuple[str, ...]:
    """Everything that is wrong with a theme, files that it names included."""
    try:
        theme = load_theme(path)
    except SettingsFault as fault:
        return fault.lines
    named = {
        ("logo",): theme.logo,
        ("fonts", "text"): theme.text,
        ("fonts", "strong"): theme.strong,
    }
    missing = [
        Problem(steps, f"there is no file {file}: copy it there, or leave {steps[-1]!r} out")
        for steps, file in named.items()
        if file is not None and not file.is_file()
    ]
    return locate(missing, read(path), str(path))


def _shipped() -> dict[str, Any]:
    text = files("firmware.hal.screen").joinpath(SHIPPED).read_text(encoding="utf-8")
    return tomllib.loads(text)


def _check(text: str, name: str) -> tuple[ThemeFile | None, tuple[str, ...]]:
    try:
        own = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as fault:
        return None, (not_toml(str(fault), text, name),)
    theme: ThemeFile | None
    theme, problems = convert(_over(_shipped(), own), ThemeFile)
    if theme is not None:
        problems = [*_too_faint(theme)]
    return theme, locate(problems, text, name)


def _over(under: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Tables in tables: what `own` says counts, whatever it does not say stays."""
    whole = deepcopy(under)
    for key, value in own.items():
        below = whole.get(key)
        if isinstance(below, dict) and isinstance(value, dict):
            value = _over(below, value)  # noqa: PLW2901
        whole[key] = value
    return whole


def _too_faint(theme: ThemeFile) -> Iterator[Problem]:
    for name, paints, least in (
        ("kiosk", theme.kiosk, LEAST),
        ("hall", theme.hall, LEAST),
        ("large", theme.large, LEAST_LARGE),
    ):
        for card in ("bare", "card", "other_card", "fresh", "off", "notice"):
            inks: Card = getattr(paints, card)
            for ink in ("main", "quiet"):
                yield from _faint((name, card, ink), getattr(inks, ink), inks.ground, least)
        for card in ("bare", "card", "other_card"):
            ground = getattr(paints, card).ground
            yield from _faint((name, "accent"), paints.accent, ground, least)
    for tone in ("calm", "good", "wait", "stop"):
        band: Band = getattr(theme.tones, tone)
        yield from _faint(("tones", tone, "main"), band.main, band.ground, LEAST_LARGE)
        # A large word in the tone's colour, on a card.
        for paints, least in ((theme.kiosk, LEAST), (theme.large, LEAST_LARGE)):
            yield from _faint(("tones", tone, "ground"), band.ground, paints.card.ground, least)


def _faint(steps: Steps, ink: str, ground: str, least: float) -> Iterator[Problem]:
    found = contrast(_colour(ink), _colour(ground))
    if found < least:
        # Downwards: 4.49 must not be told as 4.5.
        told = int(found * 10) / 10
        yield Problem(
            steps,
            f"{'.'.join(map(str, steps))} {ink} on {ground} has a contrast of {told} to 1,"
            f" and needs {least:g} to 1 to be read; make one of the two lighter or darker",
        )


def _mixed(theme: ThemeFile, folder: Path) -> Mixed:
    def found(file: str) -> Path | None:
        return folder / file if file else None

    return Mixed(
        colours={
            Paint(table, name): _colour(value)
            for table in ("kiosk", "hall", "large", "tones")
            for name, value in _leaves(msgspec.to_builtins(getattr(theme, table)))
        },
        look=Look(theme.sizes.scale, theme.sizes.smallest),
        logo=found(theme.logo),
        text=found(theme.fonts.text),
        strong=found(theme.fonts.strong),
    )


def _leaves(table: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each colour by its dotted name."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from ((f"{key}.{name}", leaf) for name, leaf in _leaves(value))
        else:
            yield key, value


def _colour(written: str) -> Colour:
    red, green, blue = bytes.fromhex(written[1:])
    return red, green, blue

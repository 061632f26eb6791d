"""`jiaohao check hall.toml`: says in words what is wrong with a hall's settings, hardware included."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from broker.catalogue.agreement import notes as catalogue_notes
from broker.catalogue.toml_file import furnished
from broker.letters import notes as letter_notes
from broker.loading import Problem, SettingsFault, check, convert, locate, read
from broker.settings import Board, Hall, Kind
from broker.wrong_values import Steps, meant

__all__ = ["faults", "load", "main", "notes", "themes", "with_catalogue", "with_photos"]

READERS = (Kind.TICKET_KIOSK, Kind.COUNTER_DISPLAY)
"""The kinds of devices that read the catalogue; no other board spends time and memory on it."""

log = logging.getLogger(__name__)


def main(argv: list[str]) -> int:
    """Exit status 0 if the file can be used, else 1 with one line per problem."""
    parser = argparse.ArgumentParser(prog="jiaohao check", description="Check a hall's settings.")
    parser.add_argument("hall", type=Path, help="hall.toml")
    options = parser.parse_args(argv)
    try:
        hall = load(options.hall)
    except SettingsFault as fault:
        print(fault)
        return 1
    hall, lines = furnished(hall, options.hall)
    lines = (*lines, *themes(hall, options.hall))
    if lines:
        print(*lines, sep="\n")
        return 1
    today = datetime.now(ZoneInfo(hall.hall.timezone)).date()
    photos = _photo_notes(with_photos(hall, options.hall))
    for note in (*notes(hall), *letter_notes(hall), *photos, *catalogue_notes(hall, today)):
        print(f"{options.hall}: note: {note}")
    devices = len(hall.device)
    print(
        f"{options.hall}: in order: {len(hall.services)} services, {len(hall.counters)} counters, {len(hall.boards)} boards, {devices} devices"
    )
    return 0


def faults(path: Path) -> tuple[str, ...]:
    """Everything for which the command refuses a hall.toml, its catalogue and its themes, one sentence a line."""
    try:
        hall = load(path)
    except SettingsFault as fault:
        return fault.lines
    hall, lines = furnished(hall, path)
    return (*lines, *themes(hall, path))


def load(path: Path, board: str = "") -> Hall:
    """The hall that a file describes, with the hardware of this board, or of all, looked at too. Raises SettingsFault."""
    text = read(path)
    hall, lines = check(text, str(path))
    if hall is not None:
        lines = (*lines, *locate(_hardware(hall, board), text, str(path)))
        known = [one.id for one in hall.boards]
        if board and board not in known:
            lines = (*lines, f"{path}: there is no board {board!r}{meant(board, known)}")
    if hall is None or lines:
        raise SettingsFault(lines)
    return hall


def with_catalogue(hall: Hall, path: Path, board: str) -> Hall:
    """The hall with its catalogue, if a kiosk or a counter display of this board tells visitors of it.

    One that cannot be used stops no device: tickets then carry the checklists of hall.toml, and the log says why.
    """
    if not any(hall.board_of[d.id] == board and d.kind in READERS for d in hall.device.values()):
        return hall
    hall, lines = furnished(hall, path)
    for line in lines:
        log.error("the catalogue is not used: %s", line)
    return hall


def with_photos(hall: Hall, path: Path) -> Hall:
    """The hall with its clerks' photos where they are: beside its file, unless they say otherwise."""
    clerks = tuple(
        replace(clerk, photo=str(path.absolute().parent / clerk.photo)) if clerk.photo else clerk
        for clerk in hall.clerks
    )
    return replace(hall, clerks=clerks)


def _photo_notes(hall: Hall) -> Iterator[str]:
    for clerk in hall.clerks:
        if clerk.photo and not Path(clerk.photo).is_file():
            yield (
                f"the photo of clerk {clerk.id!r} is not there: {clerk.photo};"
                " a silhouette stands in its place"
            )


def notes(hall: Hall, board: str = "") -> Iterator[str]:
    """What devices in order, of this board or of all, cannot do by their nature."""
    for device in (d for one in hall.boards if board in ("", one.id) for d in one.devices):
        room = import_module(f"firmware.{device.kind}.hardware")
        if hasattr(room, "notes"):
            yield from room.notes(device, msgspec.convert(device.hardware, room.Hardware))


def themes(hall: Hall, path: Path) -> Iterator[str]:
    """Everything that is wrong with the themes that screens name; no board stops for it, its screens look as shipped."""
    parts = (part for device in hall.device.values() for part in device.hardware.values())
    named = (part.get("theme") for part in parts if isinstance(part, dict))
    for theme in dict.fromkeys(theme for theme in named if isinstance(theme, str) and theme):
        from firmware.hal.screen.theme_file import problems_of

        yield from problems_of(path.parent / theme)


def _hardware(hall: Hall, only: str) -> Iterator[Problem]:
    """What is wrong with the devices' own tables, alone and together on their board."""
    for b, board in enumerate(hall.boards):
        if only not in ("", board.id):
            continue
        tables: dict[int, Any] = {}
        for d, device in enumerate(board.devices):
            room = import_module(f"firmware.{device.kind}.hardware")
            steps = ("boards", b, "devices", d, "hardware")
            hardware, found = convert(device.hardware, room.Hardware, steps)
            yield from found
            if hardware is not None:
                tables[d] = hardware
                for one in room.problems(hall, device, hardware):
                    yield Problem(steps + one.steps, one.sentence)
        yield from _shared(board, ("boards", b, "devices"), tables)


def _shared(board: Board, above: Steps, tables: dict[int, Any]) -> Iterator[Problem]:
    """A pin or a port of one board that two want: whoever opens it second would not get it."""
    users: dict[object, tuple[str, str, tuple[int, str]]] = {}
    for d, hardware in tables.items():
        for part in msgspec.structs.fields(hardware):
            settings = getattr(hardware, part.encode_name)
            for claim in settings.claims() if hasattr(settings, "claims") else ():
                here = (part.encode_name, *claim.steps)
                user = f"{'.'.join(map(str, here))} of {board.devices[d].id!r}"
                turns = (d, claim.turns)
                other, *shares = users.setdefault(claim.wanted, (user, claim.protocol, turns))
                if other != user and not (
                    (claim.protocol and claim.protocol == shares[0])
                    or (claim.turns and turns == shares[1])
                ):
                    yield Problem(
                        (*above, d, "hardware", *here),
                        f"{claim.what} of board {board.id!r} is used twice: by {other} and by {user}; give each its own",
                    )

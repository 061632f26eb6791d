"""`jiaohao catalogue`: the hall's catalogue out to a workbook, back in from one, and what is wrong with either."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from broker.catalogue.agreement import notes
from broker.catalogue.toml_file import file_of, furnished, write
from broker.items import Catalogue
from broker.loading import SettingsFault, load
from broker.settings import Hall

__all__ = ["changes", "main"]


def main(argv: list[str]) -> int:
    """Exit status 0 if it was done or is in order, 1 if something is wrong: then nothing was written."""
    options = _options(argv)
    try:
        hall = load(options.hall)
        path = file_of(hall, options.hall)
        if path is None:
            raise SettingsFault(
                (
                    f'{options.hall}: no catalogue is named; write catalogue = "catalogue.toml" under [hall]',
                )
            )
        match options.what:
            case "export":
                _export(hall, path, options)
            case "import":
                _import(hall, path, options)
            case _:
                _check(hall, path, options)
    except (SettingsFault, OSError) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    return 0


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="jiaohao catalogue",
        description="The catalogue of service items (办事事项) that hall.toml names: as a workbook, and back.",
    )
    what = parser.add_subparsers(dest="what", required=True, metavar="export | import | check")
    for name, told, file in (
        ("export", "write the catalogue as a workbook", "the .xlsx to write"),
        (
            "import",
            "take the catalogue over from a workbook, or say what is wrong",
            "the .xlsx to read",
        ),
        ("check", "say what is wrong with the catalogue, or with a workbook", "the .xlsx to read"),
    ):
        one = what.add_parser(name, help=told, description=told)
        one.add_argument("file", type=Path, help=file, nargs="?" if name == "check" else None)
        one.add_argument("--hall", type=Path, required=True, help="hall.toml")
    return parser.parse_args(argv)


def _with_catalogue(hall: Hall, options: argparse.Namespace) -> Hall:
    hall, lines = furnished(hall, options.hall)
    if lines:
        raise SettingsFault(lines)
    return hall


def _export(hall: Hall, path: Path, options: argparse.Namespace) -> None:
    from broker.catalogue import workbook  # a library that a board never needs

    # A hall that begins has no catalogue yet: its workbook is empty, with the headers.
    if path.exists():
        hall = _with_catalogue(hall, options)
    workbook.write(options.file, hall.catalogue, hall)
    sys.stdout.write(f"{options.file}: written, {_sum(hall.catalogue)}\n")


def _import(hall: Hall, path: Path, options: argparse.Namespace) -> None:
    from broker.catalogue import read_workbook

    new = read_workbook.read(options.file, hall)
    before, lines = furnished(hall, options.hall)
    if lines and path.exists():
        sys.stdout.write(f"{path}: could not be used, and is replaced\n")
    write(path, new)
    for line in changes(before.catalogue, new):
        sys.stdout.write(f"{line}\n")
    _tell_notes(msgspec.structs.replace(hall, catalogue=new), options.file)
    sys.stdout.write(f"{path}: written, {_sum(new)}\n")


def _check(hall: Hall, path: Path, options: argparse.Namespace) -> None:
    if options.file is None:
        hall = _with_catalogue(hall, options)
    else:
        from broker.catalogue import read_workbook

        path = options.file
        hall = msgspec.structs.replace(hall, catalogue=read_workbook.read(path, hall))
    _tell_notes(hall, path)
    sys.stdout.write(f"{path}: in order: {_sum(hall.catalogue)}\n")


def _tell_notes(hall: Hall, path: Path) -> None:
    today = datetime.now(ZoneInfo(hall.hall.timezone)).date()
    for note in notes(hall, today):
        sys.stdout.write(f"{path}: note: {note}\n")


def _sum(catalogue: Catalogue) -> str:
    return f"{len(catalogue.items)} items in {len(catalogue.groups)} groups"


def changes(old: Catalogue, new: Catalogue) -> Iterator[str]:
    """What an import does to the items, one sentence each."""
    before = {item.id: item for item in old.items}
    after = {item.id: item for item in new.items}
    yield from (f"{one}: new" for one in after if one not in before)
    yield from (f"{one}: gone" for one in before if one not in after)
    for one, item in after.items():
        if one in before and before[one] != item:
            kept = before[one].version >= item.version
            warning = (
                f", but its version is {item.version} as before; make it higher" if kept else ""
            )
            yield f"{one}: changed{warning}"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

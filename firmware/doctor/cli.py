"""`jiaohao doctor`: looks at a board, a hub or a whole hall; exit status 0 all well, 1 somebody should look, 2 broken."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from rich.console import Console

from broker.backup.owner import owned_as
from broker.identity import open_identity
from broker.loading import SettingsFault, load
from broker.messages import Presence
from broker.session import Address
from broker.settings import Hall
from firmware.doctor.broker_line import listen
from firmware.doctor.bundle import contents, write_bundle
from firmware.doctor.examine import desk_address, examine
from firmware.doctor.findings import State, worst
from firmware.doctor.hall import Board, boards_table, reports_in
from firmware.doctor.machine import Machine
from firmware.doctor.sending import keep, send
from firmware.doctor.told import as_json, as_table
from firmware.doctor.versions import versions
from firmware.doctor.where import Where, add_options, where_from

__all__ = ["main"]

EXIT = {State.OK: 0, State.LOOK: 1, State.BROKEN: 2}
NO_ANSWER = 2


def main(argv: list[str]) -> int:
    """Exit status by the worst that was found."""
    options = _options(argv)
    machine = Machine()
    try:
        if options.hall:
            return _hall(machine, options)
        return _one(machine, options)
    except (OSError, SettingsFault) as fault:
        sys.stderr.write(f"jiaohao doctor: {fault}\n")
        return NO_ANSWER


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="jiaohao doctor",
        description="How this board or hub is, and what to do about it; nothing is printed, shown or said.",
    )
    add_options(parser)
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument(
        "--language", choices=("en", "zh"), default=_language(), help="of the table (by LANG)"
    )
    parser.add_argument(
        "--no-hardware",
        action="store_true",
        help="leave the parts of a board that does not run alone",
    )
    parser.add_argument(
        "--bundle",
        type=Path,
        metavar="FILE",
        help="write a support bundle without personal data, tar.gz",
    )
    parser.add_argument(
        "--send", action="store_true", help="bring it to the hub's desk, and print nothing"
    )
    parser.add_argument(
        "--hall",
        type=Path,
        metavar="HALL.TOML",
        help="on the hub: every board of the hall, by its newest report and by who is there now",
    )
    parser.add_argument("--as", dest="console", help="with --hall: a console's id, who asks")
    return parser.parse_args(argv)


def _language() -> str:
    return "zh" if os.environ.get("LC_ALL", os.environ.get("LANG", "")).startswith("zh") else "en"


def _one(machine: Machine, options: argparse.Namespace) -> int:
    where = where_from(options)
    findings = examine(machine, where, hardware=not options.no_hardware)
    at = int(machine.clock() * 1000)
    found = as_json(where.board, versions(machine), findings, at)
    if options.bundle:
        write_bundle(options.bundle, contents(machine, where, found), at)
    if options.send:
        _send(machine, where, found)
    elif options.json:
        sys.stdout.write(f"{json.dumps(found, ensure_ascii=False)}\n")
    else:
        Console().print(as_table(where.board, findings, options.language))
        if options.bundle:
            sys.stdout.write(f"{options.bundle}: look through it before you send it on\n")
    return EXIT[worst(findings)]


def _send(machine: Machine, where: Where, found: dict[str, Any]) -> None:
    """Raises OSError."""
    if where.is_hub:
        desk = where.data / "desk"
        keep(desk, where.board, found)
        owned_as(where.data, desk)
        return
    hall = load(where.settings)
    desk_of = desk_address(machine, where, hall)
    send(desk_of[0], where.identity, desk_of[1], where.name, found)


def _hall(machine: Machine, options: argparse.Namespace) -> int:
    where = where_from(options)
    hall = load(options.hall)
    presences = _presences(hall, options)
    reports = reports_in(where.data / "desk")
    boards = [
        Board(one.id, reports.get(one.id, {}), (presences or {}).get(one.id)) for one in hall.boards
    ]
    now = int(machine.clock() * 1000)
    asked = presences is not None
    table, state = boards_table(boards, now, options.language, asked=asked)
    if options.json:
        sys.stdout.write(f"{json.dumps(reports, ensure_ascii=False)}\n")
    else:
        Console().print(table)
    return EXIT[state]


def _presences(hall: Hall, options: argparse.Namespace) -> dict[str, Presence] | None:
    """Who is there, as a console or, where the line is not encrypted, anybody may hear; None if nobody was asked."""
    tls = open_identity(options.identity, options.console or "") if options.identity else None
    if tls is not None and not options.console:
        return None
    address = Address(hall.broker.host, hall.broker.tls_port if tls else hall.broker.port)
    name = options.console or f"doctor-{os.getpid()}"
    heard = listen(address, hall.hall.id, name, tls, all_boards=True, patience_s=2.0)
    if heard.why:
        sys.stderr.write(f"jiaohao doctor: the broker was not asked who is there: {heard.why}\n")
        return None
    return {one.board: one for one in heard.boards}


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

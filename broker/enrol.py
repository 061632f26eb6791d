"""`jiaohao ca`: the hall's authority at the command line - an identity for each board and console of hall.toml, new ones, revoked ones."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from broker.ca import RELEASED, Authority, Issued
from broker.loading import SettingsFault, load
from broker.mosquitto import SERVER, TECHNICIAN, names
from broker.settings import Hall

__all__ = ["main"]


def main(argv: list[str]) -> int:
    """Make what is missing or about to end; `renew NAME` makes a new one, `revoke NAME` ends those that are out."""
    parser = argparse.ArgumentParser(
        prog="jiaohao ca",
        description="The hall's certificate authority: one identity for each board and console of hall.toml, and the technician's.",
    )
    parser.add_argument(
        "deed", nargs="?", choices=("renew", "revoke"), help="nothing: make what is missing"
    )
    parser.add_argument(
        "name", nargs="?", help="a board, a console, coordinator, broker or technician"
    )
    parser.add_argument("--hall", type=Path, required=True, help="hall.toml")
    parser.add_argument(
        "--data", type=Path, default=Path("var"), help="the authority lives in its folder ca"
    )
    parser.add_argument(
        "--enrol",
        action="store_true",
        help="boards make keys of their own and enrol at the desk (jiaohao provision): make none for them",
    )
    parser.add_argument(
        "--older", action="store_true", help="revoke all but the newest, after a renewal"
    )
    options = parser.parse_args(argv)
    try:
        hall = load(options.hall)
        now = datetime.now(UTC)
        if now < RELEASED:
            raise ValueError(f"this machine's clock says {now:%Y-%m-%d}: set it first")
        authority = Authority(options.data / "ca", hall.hall.id, now)
        for line in _do(authority, hall, options):
            print(line)
    except (OSError, ValueError, SettingsFault) as fault:
        sys.stderr.write(f"jiaohao ca: {fault}\n")
        return 1
    return 0


def _do(authority: Authority, hall: Hall, options: argparse.Namespace) -> Iterator[str]:
    known = (SERVER, *names(hall), TECHNICIAN)
    if options.deed is None:
        yield from _make_missing(authority, hall, enrol=options.enrol)
        return
    given = {issued.name for issued in authority.issued()}
    if options.name is None:
        raise ValueError(f"{options.deed} whom? Name one of {', '.join(known)}")
    if options.name not in known and (options.deed == "renew" or options.name not in given):
        raise ValueError(f"{options.name!r} is none of {', '.join(known)}; name one of them")
    if options.deed == "renew":
        issued = authority.renew(options.name, _addresses(hall, options.name))
        home = authority.folder / "identities" / options.name
        yield f"{options.name}: made anew, until {issued.ends:%Y-%m-%d}, in {home}: copy that folder to where it runs, and start it anew there"
        yield f"the earlier one is still valid; once the new one is in use: jiaohao ca revoke {options.name} --older"
    else:
        revoked = authority.revoke(options.name, keep_newest=options.older)
        yield f"{options.name}: {revoked} revoked; a running broker takes note within a second"
        if not options.older:
            yield f"for a board that takes its place: jiaohao ca renew {options.name}"


def _make_missing(authority: Authority, hall: Hall, *, enrol: bool) -> Iterator[str]:
    boards = {board.id for board in hall.boards} if enrol else set()
    for name in (SERVER, *names(hall), TECHNICIAN):
        if name in boards:
            continue
        issued, made = authority.identity(name, _addresses(hall, name))
        yield _line(issued, authority, made=made)
    known = {SERVER, TECHNICIAN, *names(hall)}
    for name in sorted(
        {issued.name for issued in authority.issued() if not issued.revoked} - known
    ):
        yield f"{name}: no longer in hall.toml, but not revoked: jiaohao ca revoke {name}"


def _line(issued: Issued, authority: Authority, *, made: bool) -> str:
    home = authority.folder / "identities" / issued.name
    how = f"made, in {home}" if made else "kept"
    return f"{issued.name}: {how}, until {issued.ends:%Y-%m-%d}"


def _addresses(hall: Hall, name: str) -> tuple[str, ...]:
    """What the broker's certificate says of where it is; nobody else serves."""
    if name != SERVER:
        return ()
    broker = hall.broker
    return tuple(dict.fromkeys((broker.host, "127.0.0.1", "localhost", *broker.names)))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""`jiaohao desk`: runs the desk on the hub; and the technician's word on boards that wait there, and on new settings."""

from __future__ import annotations

import argparse
import asyncio
import logging
import math
import signal
import ssl
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import entry_points
from pathlib import Path
from zoneinfo import ZoneInfo

from aiohttp import web

from broker.cli import choose
from broker.desk.announcing import announce
from broker.desk.book import Accepted, Asked, Book, TurnedAway
from broker.desk.enrolling import Desk
from broker.desk.packing import pack_settings
from broker.desk.server import Server, tls_for
from broker.loading import SettingsFault, load
from broker.lock import hold
from broker.mosquitto import SERVER
from broker.parent import when_parent_ends
from broker.private import check_private, make_private_folder
from broker.refused import DESK_WORD, Refusals, leave_word
from broker.settings import Hall
from broker.watchdog import Vitals, Watchdog, watchdog_of_this_service

__all__ = ["main"]

log = logging.getLogger(__name__)

BROUGHT = "jiaohao.desk"
"""The entry points of what is done at the desk by rooms that the broker does not know."""
LOOK_S = 1.0
HANDSHAKE_S = 10.0
IDLE_S = 30.0


def main(argv: list[str]) -> int:
    """Run the desk until told to stop; or `waiting`, `accept BOARD`, `refuse BOARD`, or what other rooms bring."""
    if argv and argv[0] in entry_points(group=BROUGHT).names:
        return choose("jiaohao desk", BROUGHT, argv)
    parser = argparse.ArgumentParser(
        prog="jiaohao desk",
        description="The enrolment desk of the hub: boards come with the token of their card and get an identity."
        " `jiaohao desk settings FILE` gives the hub another hall.toml.",
    )
    parser.add_argument(
        "deed",
        nargs="?",
        choices=("waiting", "accept", "refuse"),
        help="nothing: run the desk; who waits; let a board in, or turn it away",
    )
    parser.add_argument("board", nargs="?", help="the board that you accept or refuse")
    parser.add_argument("key", nargs="?", default="", help="its key's first letters, as it says")
    parser.add_argument("--hall", type=Path, required=True, help="hall.toml")
    parser.add_argument(
        "--data", type=Path, default=Path("var"), help="the hub's folder: ca and desk are in it"
    )
    parser.add_argument("--port", type=int, help="another port than hall.toml's")
    parser.add_argument(
        "--identity",
        type=Path,
        help="the broker's own, from `jiaohao ca` (DATA/ca/identities/broker)",
    )
    parser.add_argument(
        "--interface",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="announce the hub on this address of the machine alone, not on all",
    )
    parser.add_argument("--until-eof", action="store_true", help="end when the standard input ends")
    options = parser.parse_args(argv)
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    try:
        hall = load(options.hall)
        folder: Path = options.data / "desk"
        if options.deed:
            for line in _answer(Book(folder), hall, options):
                print(line)
        else:
            make_private_folder(folder)
            with hold(folder / "desk.lock", "a desk"):
                asyncio.run(_serve(hall, folder, options))
    except (OSError, ValueError, SettingsFault) as fault:
        sys.stderr.write(f"jiaohao desk: {fault}\n")
        return 1
    return 0


# --- the technician's word -----------------------------------------------------------------------------


def _answer(book: Book, hall: Hall, options: argparse.Namespace) -> Iterator[str]:
    with book.open() as pen:
        waiting = book.waiting()
        if options.deed == "waiting":
            yield from (_line(one, hall) for one in waiting) if waiting else ("nobody waits",)
            return
        if options.board is None:
            raise ValueError(
                f"{options.deed} whom? Name a board; `jiaohao desk waiting` lists them"
            )
        named = [one for one in waiting if one.board == options.board]
        named = [one for one in named if one.key.startswith(options.key.lower())]
        if len(named) != 1:
            lines = "\n".join(_line(one, hall) for one in named or waiting) or "nobody waits"
            several = "several boards wait under that name; add the first letters of the key that is meant"
            raise ValueError(f"{several if named else 'no such board waits'}:\n{lines}")
        (one,) = named
        kind = Accepted if options.deed == "accept" else TurnedAway
        pen.write(kind(board=one.board, at=int(time.time() * 1000), key=one.key))
        word = "accepted" if options.deed == "accept" else "turned away"
        yield f"{one.board} (key {one.key[:8]}): {word}; it hears of it within some seconds"


def _line(one: Asked, hall: Hall) -> str:
    at = datetime.fromtimestamp(one.at / 1000, ZoneInfo(hall.hall.timezone))
    return f"{one.board}  key {one.key[:8]}  since {at:%Y-%m-%d %H:%M}"


# --- the server ------------------------------------------------------------------------------------------


async def _serve(hall: Hall, folder: Path, options: argparse.Namespace) -> None:
    authority = options.data / "ca"
    identity = options.identity or authority / "identities" / SERVER
    for needed in (authority / "ca.key", identity / "cert.pem"):
        if not needed.exists():
            raise FileNotFoundError(f"{needed} is not there; run `jiaohao ca` first")
    check_private(identity / "key.pem")
    refusals = Refusals()
    desk = Desk(hall, folder, authority, refusals)
    with desk.book.open():
        pass  # a damaged book is told now, not to the first board that comes
    server = Server(
        hall=hall,
        desk=desk,
        folder=folder,
        authority=authority,
        refusals=refusals,
        settings=pack_settings(options.hall),
        clock=lambda: datetime.now(UTC),
    )
    tls = tls_for(identity, authority)
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    if options.until_eof:
        when_parent_ends(lambda: _from_a_thread(loop, stop))
    runner = web.AppRunner(server.application(), access_log=None, keepalive_timeout=IDLE_S)
    await runner.setup()
    port = options.port or hall.broker.desk_port
    assert runner.server is not None  # noqa: S101 - it was set up
    # Not by a TCPSite: it would give a handshake a minute.
    listening = await loop.create_server(
        runner.server, None, port, ssl=tls, ssl_handshake_timeout=HANDSHAKE_S
    )
    print(f"desk: on port {port}, over TLS", flush=True)
    watchdog = watchdog_of_this_service(leaves_word=False)
    tasks = [
        asyncio.create_task(announce(hall, options.interface)),
        asyncio.create_task(_report(options.data, refusals)),
        asyncio.create_task(_renew(tls, identity)),
        asyncio.create_task(_feed(watchdog)),
    ]
    await stop.wait()
    watchdog.stopping()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    listening.close()
    await runner.cleanup()


def _from_a_thread(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    loop.call_soon_threadsafe(stop.set)


async def _feed(watchdog: Watchdog) -> None:
    """There is this one thread: who feeds is the proof that it moves."""
    while watchdog.due < math.inf:
        watchdog.look(time.monotonic(), (), Vitals())
        await asyncio.sleep(max(0.0, watchdog.due - time.monotonic()))


async def _report(data: Path, refusals: Refusals) -> None:
    """Let the coordinator know what was refused here, for the technician."""
    told = None
    while True:
        refused = refusals.all(int(time.time() * 1000))
        if refused != told:
            leave_word(data, refused, DESK_WORD)
            told = refused
        await asyncio.sleep(LOOK_S)


async def _renew(tls: ssl.SSLContext, identity: Path) -> None:
    """Take up a new identity of the hub as it comes, as the broker does."""
    certificate = identity / "cert.pem"
    in_use = certificate.read_bytes()
    while True:
        await asyncio.sleep(LOOK_S)
        try:
            found = certificate.read_bytes()
            if found != in_use:
                tls.load_cert_chain(certificate, identity / "key.pem")
                in_use = found
                log.info("the desk has a new identity")
        except OSError as fault:
            log.warning("the desk's new identity cannot be used yet: %s", fault)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""The desk's HTTPS: time, enrolment, what a board is to run, its reports; who asks is its certificate. It decides nothing about enrolment."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
from aiohttp import web
from msgspec import Meta, Struct

from broker.ca import revoked_in
from broker.desk.book import ReleaseWanted
from broker.desk.enrolling import AskedFor, Desk, Given, Refused, Waiting
from broker.mosquitto import TECHNICIAN
from broker.private import make_private_folder, write_private
from broker.refused import Refusals
from broker.settings import Hall
from broker.updates.wanted import Release, Report, bundles, keep_report, read_wanted

__all__ = ["Server", "tls_for"]

log = logging.getLogger(__name__)

LARGEST = 256 * 1024
SLOWEST_S = 20.0

Asked = TypeVar("Asked")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class _ToRevoke(Struct, frozen=True, forbid_unknown_fields=True):
    board: Annotated[str, Meta(max_length=64)]


class _Denied(Exception):
    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def tls_for(identity: Path, authority: Path) -> ssl.SSLContext:
    """The desk is the hub, by the broker's identity; whoever shows a certificate must have it of this hall.

    A revoked one comes in and is told so: see `Server`. Raises OSError.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(identity / "cert.pem", identity / "key.pem")
    context.load_verify_locations(authority / "ca.pem")
    context.verify_mode = ssl.CERT_OPTIONAL
    return context


@dataclass(slots=True)
class Server:
    """`settings` is the tar that boards are given; a newer hall.toml is in force once the desk starts anew, as with the coordinator."""

    hall: Hall
    desk: Desk
    folder: Path
    authority: Path
    refusals: Refusals
    settings: bytes
    clock: Callable[[], datetime]

    def application(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST, middlewares=[_in_words])
        app.add_routes(
            [
                web.get("/time", self._time),
                web.post("/enrol", self._enrol),
                web.get("/wanted", self._wanted),
                web.get("/releases/{file}", self._release),
                web.get("/settings", self._settings),
                web.post("/report", self._report),
                web.post("/doctor", self._doctor),
                web.post("/revoke", self._revoke),
            ]
        )
        return app

    async def _time(self, _request: web.Request) -> web.Response:
        return _json({"now": self.clock().isoformat(timespec="milliseconds")})

    async def _enrol(self, request: web.Request) -> web.Response:
        asked = await _body(request, AskedFor)
        match self.desk.enrol(asked, request.remote or "nowhere", self.clock()):
            case Given(certificate=certificate, ca=ca):
                return _json({"certificate": certificate, "ca": ca})
            case Waiting(sentence=sentence):
                return _json({"waiting": sentence}, 202)
            case Refused(kind=kind, sentence=sentence):
                return _json({"refused": sentence, "kind": kind}, 403)

    async def _wanted(self, request: web.Request) -> web.Response:
        board = self._whose(request)
        release = read_wanted(self.folder).boards.get(board)
        if release:
            self._write_down(board, release)
        wanted = msgspec.to_builtins(release) if release else None
        return _json({"release": wanted, "settings": sha256(self.settings).hexdigest()})

    def _write_down(self, board: str, release: Release) -> None:
        """What a board is told to run stands in the book before it hears of it."""
        book = self.desk.book
        if book.wanted.get(board) != release.sha256:
            with book.open() as pen:
                entry = ReleaseWanted(
                    board=board,
                    at=self._now(),
                    version=release.version,
                    counter=release.counter,
                    sha256=release.sha256,
                )
                pen.write(entry)

    async def _release(self, request: web.Request) -> web.StreamResponse:
        self._whose(request)
        name = request.match_info["file"]
        path = bundles(self.folder) / name
        # A name with a slash in it, however it is written, is no name of a file here.
        if Path(name).name != name or path.suffix != ".bundle" or not path.is_file():
            raise _Denied(404, "there is no such release here")
        return web.FileResponse(path)

    async def _settings(self, request: web.Request) -> web.Response:
        self._whose(request)
        return web.Response(body=self.settings, content_type="application/x-tar")

    async def _report(self, request: web.Request) -> web.Response:
        board = self._whose(request)
        if board not in {one.id for one in self.hall.boards}:
            raise _Denied(403, f"{board!r} is no board of this hall")
        report = await _body(request, Report)
        keep_report(self.folder, board, msgspec.structs.replace(report, at=self._now()))
        return _json({})

    async def _doctor(self, request: web.Request) -> web.Response:
        """What `jiaohao doctor` found on a board; it is kept as it came, with when."""
        board = self._whose(request)
        if board not in {one.id for one in self.hall.boards}:
            raise _Denied(403, f"{board!r} is no board of this hall")
        found = await _body(request, dict[str, Any])
        folder = self.folder / "doctor"
        make_private_folder(folder)
        kept = msgspec.json.encode({**found, "board": board, "at": self._now()})
        write_private(folder / f"{board}.json", kept)
        return _json({})

    async def _revoke(self, request: web.Request) -> web.Response:
        if self._whose(request) != TECHNICIAN:
            raise _Denied(403, "only a technician's identity revokes another")
        board = (await _body(request, _ToRevoke)).board
        if board not in {one.id for one in self.hall.boards}:
            raise _Denied(404, f"this hall's hall.toml knows no board {board!r}")
        return _json({"revoked": self.desk.revoke(board, TECHNICIAN, self.clock())})

    def _now(self) -> int:
        return int(self.clock().timestamp() * 1000)

    def _whose(self, request: web.Request) -> str:
        """Whose certificate the other side has shown, and proven by its key."""
        shown = request.transport.get_extra_info("peercert") if request.transport else None
        if not shown:
            raise _Denied(401, "show an identity of this hall")
        names = dict(part for parts in shown["subject"] for part in parts)
        name = str(names["commonName"])
        if int(shown["serialNumber"], 16) in revoked_in(self.authority):
            why = f"its identity was revoked: write a new card with --replace {name}"
            self.refusals.note(f"board {name}, at the desk", "revoked", why, self._now())
            raise _Denied(403, why)
        return name


@web.middleware
async def _in_words(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whatever goes wrong is a sentence; one bad request stops nobody else's."""
    try:
        return await handler(request)
    except _Denied as denied:
        return _json({"refused": str(denied), "kind": "identity"}, denied.status)
    except web.HTTPException as fault:
        return _json({"refused": fault.reason, "kind": "request"}, fault.status)
    except (OSError, ValueError) as fault:
        log.exception("the desk cannot answer %s %s", request.method, request.path)
        return _json({"refused": f"the hub cannot do it: {fault}", "kind": "hub"}, 503)


async def _body(request: web.Request, wanted: type[Asked]) -> Asked:
    try:
        async with asyncio.timeout(SLOWEST_S):
            return msgspec.json.decode(await request.read(), type=wanted)
    except msgspec.DecodeError as fault:
        raise _Denied(400, f"this is not what the desk reads: {fault}") from fault
    except TimeoutError as fault:
        raise _Denied(408, "the rest of it did not come in time") from fault


def _json(answer: object, status: int = 200) -> web.Response:
    return web.Response(
        status=status, body=msgspec.json.encode(answer), content_type="application/json"
    )

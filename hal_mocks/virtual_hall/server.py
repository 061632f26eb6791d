"""The page's server: hands out the page, pushes what is seen of the hall, takes presses and breakages; decides nothing."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from pylopdf_fonts_zh_cn import sans_path
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from broker.settings import Hall
from hal_mocks.virtual_hall import aloud
from hal_mocks.virtual_hall.scene import Scene
from hal_mocks.virtual_hall.talk import DEEDS, Deed
from hal_mocks.virtual_hall.troupe import Troupe

__all__ = ["hall_page"]

STATIC = Path(__file__).parent / "static"
# The page is one of ours or nobody's: another page in the same browser gets no answer under a name of its own.
HOSTS = ["127.0.0.1", "localhost"]

Word = TypeVar("Word")


class Breakage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`what` is a process by its name."""

    what: str


class Unfit(ValueError):
    """A request that cannot be done; the sentence is for whoever sent it."""


class Drawings(StaticFiles):
    """Asked for anew each time: a page and a script of two versions do not fit together."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


def hall_page(hall: Hall, scene: Scene, troupe: Troupe) -> Starlette:
    """Make the web application; its life is the troupe's: it starts and stops the hall's processes."""

    @contextlib.asynccontextmanager
    async def open_hall(_: Starlette) -> AsyncIterator[None]:
        try:
            for name in troupe.names:
                await troupe.start(name)
            yield
        finally:
            await troupe.stop()

    async def events(_: Request) -> Response:
        return EventSourceResponse(_pushed(scene))

    async def press(request: Request) -> Response:
        deed = await _read(request, Deed)
        board = hall.board_of.get(deed.device)
        if board is None or deed.do not in DEEDS.get(deed.part, ()):
            raise Unfit(f"nobody can {deed.do!r} the {deed.part!r} of {deed.device!r} in this hall")
        if not troupe.tell(f"board:{board}", msgspec.json.encode(deed)):
            raise Unfit(f"the board {board} does not run, so {deed.device} feels nothing")
        return Response(status_code=204)

    async def break_(request: Request) -> Response:
        return await _to_process(request, troupe, troupe.kill)

    async def mend(request: Request) -> Response:
        return await _to_process(request, troupe, troupe.start)

    return Starlette(
        routes=[
            Route("/", lambda _: FileResponse(STATIC / "index.html")),
            Route("/font.otf", _font),
            Route("/events", events),
            Route("/aloud", _aloud),
            Route("/clip", _clip),
            Route("/press", press, methods=["POST"]),
            Route("/break", break_, methods=["POST"]),
            Route("/mend", mend, methods=["POST"]),
            Mount("/static", Drawings(directory=STATIC)),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS)],
        exception_handlers={Unfit: _say_unfit},
        lifespan=open_hall,
    )


async def _pushed(scene: Scene) -> AsyncIterator[ServerSentEvent]:
    async for kind, data in scene.follow():
        yield ServerSentEvent(data=data, event=kind)


def _font(_: Request) -> Response:
    return FileResponse(
        sans_path(), media_type="font/otf", headers={"Cache-Control": "max-age=86400"}
    )


def _aloud(request: Request) -> Response:
    steps = aloud.steps(request.query_params.get("text", ""))
    return Response(msgspec.json.encode(steps), media_type="application/json")


def _clip(request: Request) -> Response:
    asked = request.query_params
    sound = aloud.clip(asked.get("language", ""), asked.get("text", ""))
    if sound is None:
        return PlainTextResponse("no voice has a recording of that", status_code=404)
    return Response(sound, media_type="audio/ogg", headers={"Cache-Control": "max-age=86400"})


async def _to_process(
    request: Request, troupe: Troupe, do: Callable[[str], Awaitable[None]]
) -> Response:
    breakage = await _read(request, Breakage)
    if breakage.what not in troupe.names:
        raise Unfit(f"no process is called {breakage.what!r}; there are {', '.join(troupe.names)}")
    await do(breakage.what)
    return Response(status_code=204)


async def _read(request: Request, wanted: type[Word]) -> Word:
    """The request's body. Only JSON: a browser asks before it lets a foreign page send that."""
    if request.headers.get("content-type") != "application/json":
        raise Unfit("send application/json")
    try:
        return msgspec.json.decode(await request.body(), type=wanted)
    except msgspec.DecodeError as fault:
        raise Unfit(f"this cannot be read: {fault}") from fault


def _say_unfit(_: Request, fault: Exception) -> Response:
    return PlainTextResponse(str(fault), status_code=409)

"""A bad network in one place: a TCP proxy that can delay, stall, cut, or go silent without a word; MQTT passes it unread."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any

__all__ = ["Proxy"]

CHUNK = 65_536


class Proxy:
    """Between whoever connects to `port` and a port of this machine. Its own thread carries; any thread gives the orders.

    `delay` holds each piece back so long, one way. `stall` holds everything back and brings it later, as TCP does
    when packets are lost. `go_half_open` lets the present connections lie dead without a FIN, and lets nobody in.
    `cut` ends them and lets nobody in. `heal` ends all that: the dead stay dead, new ones pass.
    """

    def __init__(self, to_port: int) -> None:
        self._to = to_port
        self._delay_s = 0.0
        self._lets_in = True
        self._lines: set[_Line] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self._thread.start()
        self._server = self._do(asyncio.start_server(self._accept, "127.0.0.1", 0)).result(5)
        self.port: int = self._server.sockets[0].getsockname()[1]

    def delay(self, seconds: float) -> None:
        self._delay_s = seconds

    def stall(self) -> None:
        self._do(self._each(_Line.stall)).result(5)

    def go_half_open(self) -> None:
        self._lets_in = False
        self._do(self._each(_Line.die)).result(5)

    def cut(self) -> None:
        self._lets_in = False
        self._do(self._each(_Line.cut)).result(5)

    def heal(self) -> None:
        self._lets_in, self._delay_s = True, 0.0
        self._do(self._each(_Line.go_on)).result(5)

    def close(self) -> None:
        self._do(self._end()).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        await self._each(_Line.cut)
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    def _do(self, work: Coroutine[Any, Any, Any]) -> Future[Any]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _each(self, deed: Any) -> None:
        for line in list(self._lines):
            deed(line)

    async def _accept(self, near: asyncio.StreamReader, near_w: asyncio.StreamWriter) -> None:
        line = _Line(near_w)
        if not self._lets_in:
            line.cut()
            return
        # Known before its other end is there: an order that comes in between is for it too.
        self._lines.add(line)
        try:
            far, far_w = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:
            self._lines.discard(line)
            line.cut()
            return
        line.ends.append(far_w)
        if line.is_cut:
            line.cut()
        # asyncio tells of a cancelled connection as of a fault of its own.
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(self._carry(line, near, far_w), self._carry(line, far, near_w))
        self._lines.discard(line)

    async def _carry(
        self, line: _Line, source: asyncio.StreamReader, sink: asyncio.StreamWriter
    ) -> None:
        pieces: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        bring = asyncio.create_task(self._bring(line, pieces, sink))
        with contextlib.suppress(OSError):
            while piece := await source.read(CHUNK):
                pieces.put_nowait((self._loop.time() + self._delay_s, piece))
        pieces.put_nowait((0.0, b""))
        await bring

    async def _bring(
        self,
        line: _Line,
        pieces: asyncio.Queue[tuple[float, bytes]],
        sink: asyncio.StreamWriter,
    ) -> None:
        while True:
            due, piece = await pieces.get()
            await asyncio.sleep(max(0.0, due - self._loop.time()))
            await line.moves.wait()
            if line.dead:
                # Nobody is told that it is dead: only `close` or a new life ends it.
                await asyncio.Event().wait()
            if not piece:
                line.cut()
                return
            with contextlib.suppress(OSError):
                sink.write(piece)
                await sink.drain()


class _Line:
    """One connection, both its ends."""

    def __init__(self, near: asyncio.StreamWriter) -> None:
        self.ends = [near]
        self.dead = self.is_cut = False
        self.moves = asyncio.Event()
        self.moves.set()

    def stall(self) -> None:
        self.moves.clear()

    def go_on(self) -> None:
        self.moves.set()

    def die(self) -> None:
        self.dead = True

    def cut(self) -> None:
        self.is_cut = True
        for end in self.ends:
            end.close()

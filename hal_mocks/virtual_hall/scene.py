"""All that can be seen of the hall: the newest memory of every part and how every process is; never what it means."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from hal_mocks.virtual_hall.talk import Memory
from hal_mocks.virtual_hall.troupe import State

__all__ = ["Scene"]


class Scene:
    """One event loop writes and reads. Who follows sees everything once, then what changes, newest only."""

    def __init__(self, layout: dict[str, Any]) -> None:
        self._layout = layout
        self._parts: dict[str, Memory] = {}
        self._processes: dict[str, State] = {}
        self._followers: set[_Follower] = set()
        self._over = False

    def remember(self, memory: Memory) -> None:
        self._parts[f"{memory.device}/{memory.part}"] = memory
        self._tell(f"part {memory.device}/{memory.part}", "part", memory)

    def process(self, name: str, state: State) -> None:
        self._processes[name] = state
        self._tell(f"process {name}", "process", {"name": name, "state": state})

    def close(self) -> None:
        """Let every follower go."""
        self._over = True
        for follower in self._followers:
            follower.news.set()

    async def follow(self) -> AsyncIterator[tuple[str, str]]:
        """Give (kind, JSON), as long as the scene is open: `scene` first, then `part` and `process`."""
        follower = _Follower()
        self._followers.add(follower)
        try:
            yield "scene", self._snapshot()
            while not self._over:
                await follower.news.wait()
                follower.news.clear()
                changed, follower.changed = follower.changed, {}
                for kind, what in changed.values():
                    yield kind, _json(what)
        finally:
            self._followers.discard(follower)

    def _snapshot(self) -> str:
        return _json(
            {
                "layout": self._layout,
                "parts": list(self._parts.values()),
                "processes": self._processes,
            }
        )

    def _tell(self, about: str, kind: str, what: object) -> None:
        for follower in self._followers:
            follower.changed[about] = (kind, what)
            follower.news.set()


class _Follower:
    """What one follower has not seen yet: a slow one skips what is old, and memory stays small."""

    def __init__(self) -> None:
        self.changed: dict[str, tuple[str, object]] = {}
        self.news = asyncio.Event()


def _json(what: object) -> str:
    return msgspec.json.encode(what).decode()

"""The hall's processes: starts them, kills them, listens to them, says how each is; never starts one that died by itself."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["State", "Troupe"]

PATIENCE_S = 1.5  # a board that is just speaking need not finish its sentence
LAST_WORDS = 4096
LONGEST_LINE = 4_000_000  # a ticket's picture is one line


@dataclass(frozen=True, slots=True)
class State:
    """How a process is; `why` says it in a sentence when it does not run."""

    running: bool
    why: str = ""


@dataclass(slots=True)
class Member:
    command: tuple[str, ...]
    log: Path
    process: Process | None = None
    listening: asyncio.Task[None] | None = None
    killed: bool = False
    starting: asyncio.Lock = field(default_factory=asyncio.Lock)  # two may ask at once


class Troupe:
    """Children by name. Each ends when its standard input does, so that none outlives us, however we die."""

    def __init__(
        self,
        commands: Mapping[str, tuple[str, ...]],
        logs: Path,
        heard: Callable[[str, bytes], None],
        changed: Callable[[str, State], None],
    ) -> None:
        self._heard, self._changed = heard, changed
        self._members = {
            name: Member(command, logs / f"{name.replace(':', '-')}.log")
            for name, command in commands.items()
        }

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._members)

    async def start(self, name: str) -> None:
        """Start what does not run."""
        member = self._members[name]
        async with member.starting:
            if member.process is None:
                await self._start(name, member)

    async def _start(self, name: str, member: Member) -> None:
        member.log.parent.mkdir(parents=True, exist_ok=True)
        with member.log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *member.command,
                stdin=PIPE,
                stdout=PIPE,
                stderr=log,
                limit=LONGEST_LINE,
                start_new_session=True,  # Ctrl-C at the terminal is for us; they end in our order
            )
        member.process, member.killed = process, False
        member.listening = asyncio.create_task(self._listen(name, member, process))
        self._changed(name, State(running=True))

    async def kill(self, name: str) -> None:
        """Pull the plug: no farewell, no clean end."""
        member = self._members[name]
        if member.process is None or member.listening is None:
            return
        self._kill(member, member.process)
        await asyncio.wait({member.listening})

    def tell(self, name: str, line: bytes) -> bool:
        """Give a child one line to read; False if it does not run."""
        process = self._members[name].process if name in self._members else None
        if process is None or process.stdin is None or process.stdin.is_closing():
            return False
        process.stdin.write(line + b"\n")
        return True

    async def stop(self) -> None:
        """End all, the kind way first."""
        listening = {m.listening for m in self._members.values() if m.listening and m.process}
        for member in self._members.values():
            if member.process is not None:
                member.killed = True
                with contextlib.suppress(ProcessLookupError):
                    member.process.terminate()
        if listening:
            _, slow = await asyncio.wait(listening, timeout=PATIENCE_S)
            for member in self._members.values():
                if member.process is not None:
                    self._kill(member, member.process)
            if slow:
                await asyncio.wait(slow)

    @staticmethod
    def _kill(member: Member, process: Process) -> None:
        member.killed = True
        with contextlib.suppress(ProcessLookupError):
            # Its whole group: the broker has a child, and that must not outlive it.
            os.killpg(process.pid, signal.SIGKILL)

    async def _listen(self, name: str, member: Member, process: Process) -> None:
        if process.stdout is not None:
            async for line in process.stdout:
                self._heard(name, line)
        code = await process.wait()
        if process.stdin is not None:
            process.stdin.close()
        member.process = None
        why = "stopped from this page" if member.killed else _ended(code, member.log)
        self._changed(name, State(running=False, why=why))


def _ended(code: int, log: Path) -> str:
    """Say how a process ended that nobody stopped, with its last words."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - LAST_WORDS))
        lines = file.read().decode("utf-8", errors="replace").splitlines()
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    how = f"it ended by itself, exit code {code}; see {log}"
    return f"{how}: {last[:200]}" if last else how

"""Which release is to run: one small file that is true; the links follow it."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from firmware.onboard.durable import write_durably
from firmware.onboard.places import Places
from firmware.onboard.whole import is_whole, manifest_of, names

__all__ = ["ATTEMPTS", "State", "changing", "known_state", "read_state", "write_state"]

ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class State:
    """Names of releases; None where there is none.

    `candidate` runs, but is not confirmed: it has `attempts_left` starts. `confirmed` is the one that ran well last,
    `previous` the one before it, `factory` the one of the card. `counter` is the greatest that was ever in force.
    `refused` are those that did not run well: they are not tried again, until a technician's
    `again` is greater than the last that was heard; `why` is said of the last of them.
    """

    confirmed: str | None = None
    candidate: str | None = None
    attempts_left: int = 0
    flipped_at: int = 0
    previous: str | None = None
    factory: str | None = None
    counter: int = 0
    refused: tuple[str, ...] = ()
    why: str = ""
    again: int = 0

    @property
    def wanted(self) -> str | None:
        """What is to run."""
        return self.candidate or self.confirmed

    @property
    def back(self) -> str | None:
        """What runs if the wanted one does not."""
        return self.confirmed if self.candidate else self.previous

    @property
    def kept(self) -> frozenset[str]:
        """Releases that stay on the disk."""
        named = (self.confirmed, self.candidate, self.previous, self.factory)
        return frozenset(name for name in named if name)


def read_state(places: Places) -> State:
    """Empty where there is none. Raises ValueError for what is no state: that takes a damaged disk."""
    try:
        found = json.loads(places.state.read_bytes())
    except FileNotFoundError:
        return State()
    if not isinstance(found, dict):
        raise ValueError(f"{places.state} is no state")  # noqa: TRY004 - as json says it
    known = {field.name for field in fields(State)}
    kept: dict[str, Any] = {name: value for name, value in found.items() if name in known}
    state = State(**{**kept, "refused": tuple(kept.get("refused", ()))})
    for name in (state.confirmed, state.candidate, state.previous, state.factory):
        if not (name is None or isinstance(name, str)):
            raise ValueError(f"{places.state} names no release: {name!r}")
    return state


def known_state(places: Places) -> State:
    """The state, in which every release is whole. What a damaged disk lost is made up from what is there."""
    try:
        state = read_state(places)
    except ValueError:
        state = State()
    state = replace(
        state,
        confirmed=_if_whole(places, state.confirmed),
        candidate=_if_whole(places, state.candidate),
        previous=_if_whole(places, state.previous),
        factory=_if_whole(places, state.factory),
    )
    linked = [
        link.readlink().name for link in (places.current, places.previous) if link.is_symlink()
    ]
    if state.wanted or not (linked or places.state.exists()):
        return state
    counters = {
        name: manifest_of(places, name).counter for name in names(places) if is_whole(places, name)
    }
    newest = sorted(counters, key=counters.__getitem__, reverse=True)
    best = [state.previous, *linked, state.factory, *newest]
    confirmed = next((name for name in best if name and name in counters), None)
    counter = max(state.counter, *counters.values(), 0)
    return replace(state, confirmed=confirmed, attempts_left=0, counter=counter)


def _if_whole(places: Places, name: str | None) -> str | None:
    return name if name and is_whole(places, name) else None


def write_state(places: Places, state: State) -> None:
    write_durably(places.state, json.dumps(asdict(state), indent=1).encode())


@contextmanager
def changing(places: Places) -> Iterator[None]:
    """One at a time reads, thinks and writes: a unit may be starting while the updater works."""
    places.home.mkdir(parents=True, exist_ok=True)
    with places.state_lock.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

"""Releases lie side by side and a link chooses: how one is put there, tried, confirmed, and gone back from."""

from __future__ import annotations

from dataclasses import replace

from firmware.onboard.durable import point, sweep
from firmware.onboard.installing import install
from firmware.onboard.manifest import ReleaseFault
from firmware.onboard.places import Places
from firmware.onboard.state import ATTEMPTS, State, changing, known_state, write_state
from firmware.onboard.whole import is_whole, manifest_of

__all__ = [
    "align",
    "attempt",
    "begin",
    "confirm",
    "flip",
    "forgive",
    "install",
    "roll_back",
    "tidy",
]


def begin(places: Places, name: str) -> None:
    """The first release of a board: there is none to go back to, so it needs no confirming."""
    with changing(places):
        state = known_state(places)
        if state.wanted is None:
            counter = max(state.counter, manifest_of(places, name).counter)
            state = replace(state, confirmed=name, factory=name, counter=counter)
            write_state(places, state)
        align(places, state)


def flip(places: Places, name: str, now: float) -> None:
    """Let an installed release be the one that runs, as a candidate, from the next start on.

    Raises ReleaseFault, and nothing changes, if it is not whole, if it was refused before, or while another is tried.
    """
    with changing(places):
        state = known_state(places)
        if state.candidate and state.candidate != name:
            raise ReleaseFault(
                f"{state.candidate} is being tried on this board: {name} comes after it"
            )
        if not is_whole(places, name):
            raise ReleaseFault(f"{name} is not whole on this board: install it again")
        if name in state.refused:
            raise ReleaseFault(
                f"{name} was tried on this board and did not run well: make a new bundle"
            )
        if state.wanted != name:
            state = replace(
                state,
                candidate=name,
                attempts_left=ATTEMPTS,
                flipped_at=int(now),
                counter=max(state.counter, manifest_of(places, name).counter),
            )
            write_state(places, state)
        align(places, state)


def attempt(places: Places, *, counts: bool) -> str:
    """A unit is about to start: the release that it is to run. One that had all its attempts is gone back from.

    Raises ReleaseFault if there is no whole release at all.
    """
    with changing(places):
        state = known_state(places)
        if state.candidate and counts:
            if state.attempts_left > 0:
                state = replace(state, attempts_left=state.attempts_left - 1)
            elif state.confirmed:
                state = _gone_back(state, f"it ended or hung in each of {ATTEMPTS} starts")
            write_state(places, state)
        align(places, state)
        if state.wanted is None:
            raise ReleaseFault(
                f"there is no whole release in {places.releases}: write the card anew"
            )
        return state.wanted


def confirm(places: Places, name: str) -> None:
    """The candidate runs well: it is the one to go back to from the next."""
    with changing(places):
        state = known_state(places)
        if state.candidate == name:
            state = replace(state, confirmed=name, candidate=None, previous=state.confirmed)
            write_state(places, replace(state, attempts_left=0))
        align(places, state)


def roll_back(places: Places, name: str, why: str) -> None:
    """The candidate does not run well: what ran before it runs from the next start on."""
    with changing(places):
        state = known_state(places)
        if state.candidate == name and state.confirmed:
            state = _gone_back(state, why)
            write_state(places, state)
        align(places, state)


def forgive(places: Places, name: str, again: int) -> None:
    """A technician wants a release tried once more that did not run well."""
    with changing(places):
        state = known_state(places)
        refused = tuple(one for one in state.refused if one != name)
        write_state(places, replace(state, refused=refused, again=max(again, state.again)))


def _gone_back(state: State, why: str) -> State:
    refused = (*state.refused, *([state.candidate] if state.candidate else []))[-20:]
    return replace(state, candidate=None, attempts_left=0, refused=refused, why=why)


def align(places: Places, state: State) -> None:
    """Let the links say what the state says; a power cut between the two is mended by whoever comes next."""
    for link, name in ((places.previous, state.back), (places.current, state.wanted)):
        target = f"{places.releases.name}/{name}"
        if name and not (link.is_symlink() and str(link.readlink()) == target):
            point(link, target)


def tidy(places: Places, spare: str = "") -> None:
    """Take away the releases that nobody goes back to, and what is left of half ones; `spare` one of these."""
    with changing(places):
        kept = known_state(places).kept | {spare, f"{spare}.part"}
        for folder in places.releases.iterdir() if places.releases.is_dir() else ():
            if folder.name not in kept:
                sweep(folder)

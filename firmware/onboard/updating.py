"""One pass of the updater: confirms what runs well, goes back from what does not, then takes what the hub wants run.

A timer starts it twice a minute; nothing of it stays in memory between.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, Protocol

from firmware.onboard import releases
from firmware.onboard.durable import read_plainly, write_durably
from firmware.onboard.idle import while_idle
from firmware.onboard.installing import check_room
from firmware.onboard.manifest import ReleaseFault, Target
from firmware.onboard.places import Places
from firmware.onboard.state import State, known_state
from firmware.onboard.successor import follow
from firmware.onboard.verdict import Watched, judge, parts_that_work, what_is_wrong
from firmware.onboard.whole import is_whole, manifest_of

__all__ = ["Desk", "Machine", "Pass", "Report", "ReportState", "WantedRelease"]

# runs: confirmed, and nothing else is wanted. tries: a candidate. waits: it is here, and a visitor is being served.
# went back: it did not run well, what ran before runs. refused: the bundle, with a sentence. fetches: it was not whole yet.
ReportState = Literal["runs", "tries", "waits", "fetches", "went back", "refused"]

# A disk may have been given room meanwhile.
AGAIN_S = 3600.0


@dataclass(frozen=True, slots=True)
class WantedRelease:
    """What the hub's desk wants this board to run: `name` is the release's folder, `file` the bundle's name there.

    `again` grows with each time that a technician wants it tried once more where it did not run well.
    """

    name: str
    file: str
    sha256: str
    size: int
    counter: int
    version: str
    again: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """What a board tells the desk: the release that runs, the one before it, and how far it is with the one that is `wanted`."""

    release: str
    version: str
    counter: int
    state: ReportState
    sentence: str
    wanted: str
    machine: str
    python: str
    previous: str = ""


class Desk(Protocol):
    """The hub's desk. Each raises OSError where the hub cannot be reached, or refuses, with a sentence."""

    def wanted(self) -> WantedRelease | None:
        """None where nothing but what runs is wanted."""

    def fetch(self, wanted: WantedRelease, to: Path) -> None:
        """Download the bundle; what of it is in `to` already is not asked for again."""

    def report(self, report: Report) -> None: ...


class Machine(Protocol):
    """What a pass sees of the machine beside its files, and does to it."""

    def wall(self) -> float:
        """Seconds since 1970; it may jump."""

    def uptime(self) -> float:
        """Seconds since this machine was started."""

    def broker_answers(self) -> bool | None:
        """Whether the broker takes this board's identity now; None on the hub, whose broker is of the release itself."""

    def units_down(self) -> tuple[str, ...]:
        """Which units of this machine do not run now."""

    def start_anew(self) -> None:
        """Let the units of this machine start anew, by their current release; it does not wait for them."""


class Pass:
    """`install` puts a bundle beside the others: `releases.install`, or what a test has for it."""

    def __init__(
        self,
        places: Places,
        machine: Machine,
        desk: Desk,
        install: Callable[[Path, Places], str] = releases.install,
    ) -> None:
        self._places, self._machine, self._desk, self._install = places, machine, desk, install

    def run(self) -> Report | None:
        """Raises OSError where the hub cannot be reached, once all that needs no hub is done; the next pass asks again."""
        state = known_state(self._places)
        releases.align(self._places, state)
        if state.candidate:
            return self._watch(state, state.candidate)
        follow(self._places)
        wanted = self._desk.wanted()
        if wanted is None or wanted.name == state.wanted:
            releases.tidy(self._places)
            self._drop_downloads()
            return self._tell(state, "runs", "", wanted)
        if wanted.name in state.refused:
            if wanted.again <= state.again:
                return self._tell(state, "went back", state.why, wanted)
            releases.forgive(self._places, wanted.name, wanted.again)
        sentence = self._turned_away(wanted)
        if not sentence:
            try:
                return self._take(state, wanted)
            except ReleaseFault as fault:
                sentence = f"{fault}"
                self._turn_away(wanted, sentence)
                self._drop_downloads()
        return self._tell(state, "refused", sentence, wanted)

    def _turned_away(self, wanted: WantedRelease) -> str:
        """Why this bundle was refused within the last hour; else empty."""
        try:
            found = json.loads(read_plainly(self._places.turned_away))
            recent = 0 <= self._machine.uptime() - found["at"] < AGAIN_S
            return str(found["sentence"]) if found["sha256"] == wanted.sha256 and recent else ""
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def _turn_away(self, wanted: WantedRelease, sentence: str) -> None:
        self._places.run.mkdir(parents=True, exist_ok=True)
        said = {"sha256": wanted.sha256, "sentence": sentence, "at": self._machine.uptime()}
        write_durably(self._places.turned_away, json.dumps(said).encode())

    def _watch(self, state: State, candidate: str) -> Report | None:
        watched = self._watched(candidate)
        wrong = what_is_wrong(
            self._health(),
            candidate,
            self._machine.wall(),
            broker_answers=self._machine.broker_answers(),
            worked=watched.worked,
            units_down=self._machine.units_down(),
        )
        verdict, watched = judge(watched, self._machine.uptime(), wrong)
        match verdict:
            case "waits":
                write_durably(self._places.watched, json.dumps(asdict(watched)).encode())
                return self._tell(state, "tries", wrong, None)
            case "confirmed":
                releases.confirm(self._places, candidate)
                return self._tell(known_state(self._places), "runs", "", None)
            case "went back":
                releases.roll_back(self._places, candidate, wrong)
                self._machine.start_anew()
                return self._tell(known_state(self._places), "went back", wrong, None)

    def _take(self, state: State, wanted: WantedRelease) -> Report | None:
        if not is_whole(self._places, wanted.name):
            if not wanted.file:
                raise ReleaseFault(
                    f"{wanted.name} is not on this board any more: give its bundle to the hub"
                )
            self._fetch(wanted)
            if self._install(self._download(wanted), self._places) != wanted.name:
                raise ReleaseFault(
                    f"the desk's {wanted.file} holds another release than it says: give it to the hub anew"
                )
            self._drop_downloads()
        with while_idle(self._places) as idle:
            if not idle:
                return self._tell(state, "waits", "a visitor is being served", wanted)
            worked = parts_that_work(self._health())
            releases.flip(self._places, wanted.name, self._machine.wall())
            watched = Watched(wanted.name, self._machine.uptime(), worked=worked)
            write_durably(self._places.watched, json.dumps(asdict(watched)).encode())
            self._machine.start_anew()
        return self._tell(known_state(self._places), "tries", "", wanted)

    def _fetch(self, wanted: WantedRelease) -> None:
        """Raises ReleaseFault if it is not what the desk said; then nothing of it is kept."""
        to = self._download(wanted)
        to.parent.mkdir(parents=True, exist_ok=True)
        for other in to.parent.iterdir():
            if other != to:
                other.unlink()
        there = to.stat().st_size if to.exists() else 0
        # The bundle, and what comes out of it: what exactly, its manifest will say.
        check_room(self._places, 4 * wanted.size - there)
        releases.tidy(self._places, wanted.name)
        self._tell(known_state(self._places), "fetches", "", wanted)
        # A power cut may have come between the last byte and the use of it.
        if there != wanted.size:
            self._desk.fetch(wanted, to)
        if _digest(to) != wanted.sha256:
            raise ReleaseFault(f"{wanted.file} arrived altered from the desk: it is fetched anew")

    def _download(self, wanted: WantedRelease) -> Path:
        return self._places.downloads / f"{wanted.sha256[:16]}.bundle"

    def _drop_downloads(self) -> None:
        if self._places.downloads.is_dir():
            for file in self._places.downloads.iterdir():
                file.unlink()

    def _health(self) -> dict[str, Any] | None:
        try:
            found = json.loads(read_plainly(self._places.health))
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def _watched(self, candidate: str) -> Watched:
        """What earlier passes of this boot saw of it."""
        try:
            found = json.loads(read_plainly(self._places.watched))
            watched = Watched(**{**found, "worked": tuple(found["worked"])})
        except (OSError, ValueError, TypeError, KeyError):
            return Watched(candidate, self._machine.uptime())
        return (
            watched
            if watched.candidate == candidate
            else Watched(candidate, self._machine.uptime())
        )

    def _tell(
        self, state: State, word: ReportState, sentence: str, wanted: WantedRelease | None
    ) -> Report | None:
        """Raises OSError where the hub cannot be reached."""
        if state.wanted is None:
            return None
        manifest, here = manifest_of(self._places, state.wanted), Target.here()
        report = Report(
            release=state.wanted,
            version=manifest.version,
            counter=manifest.counter,
            state=word,
            sentence=sentence,
            wanted=wanted.name
            if wanted
            else state.refused[-1]
            if word == "went back"
            else state.wanted,
            previous=state.back or "",
            machine=here.machine,
            python=here.python,
        )
        self._desk.report(report)
        return report


def _digest(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()

"""Wires one pass of the updater on a real machine: the hub's own files on the hub, the desk's line on a board."""

from __future__ import annotations

import json
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from firmware.onboard import hall_settings, last_seen
from firmware.onboard.desk import DeskLine
from firmware.onboard.durable import read_plainly, write_durably
from firmware.onboard.hub_place import HubPlace, known_places, places_announced, write_hub
from firmware.onboard.idle import while_idle
from firmware.onboard.machine import ThisMachine, is_hub
from firmware.onboard.own_desk import OwnDesk
from firmware.onboard.places import Places
from firmware.onboard.state import known_state
from firmware.onboard.updating import Machine, Pass, Report, WantedRelease

__all__ = ["FoundDesk", "one_pass", "take_settings"]


def one_pass(places: Places) -> str:
    """What there is to tell of it, in a line. Raises OSError where the hub cannot be reached, ReleaseFault."""
    last_seen.remember(places)
    machine = ThisMachine(places)
    if is_hub(places):
        return _line(Pass(places, machine, OwnDesk(places)).run())
    desk = FoundDesk(places)
    report = Pass(places, machine, desk).run()
    # One thing at a time: what a release cannot use is seen while that one release runs.
    if report and known_state(places).candidate is None:
        try:
            take_settings(places, machine, desk.line())
        except hall_settings.SettingsFault as fault:
            desk.report(replace(report, sentence=f"{fault}"))
            raise
    return _line(report)


def _line(report: Report | None) -> str:
    if report is None:
        return "there is no release here"
    about = "" if report.wanted == report.release else f"; {report.wanted} is wanted"
    return (
        f"{report.release} {report.state}{about}{f': {report.sentence}' if report.sentence else ''}"
    )


def take_settings(places: Places, machine: Machine, line: DeskLine) -> None:
    """The hall's settings, if the desk has others than are in force, and the release that runs can use them.

    Raises OSError, or SettingsFault with what it says: then those in force stay.
    """
    digest = line.settings_wanted()
    if digest is None or hall_settings.in_force(places, digest):
        hall_settings.tidy(places)
        return
    about = {"settings": digest, "release": places.current.resolve().name}
    if sentence := _refused(places, about):
        raise hall_settings.SettingsFault(sentence)
    folder = places.home / hall_settings.name_of(digest)
    if not folder.is_dir():
        folder = hall_settings.put(places, line.settings())
    _check(places, folder, about)
    with while_idle(places) as idle:
        if idle:
            hall_settings.choose(places, folder)
            machine.start_anew()


def _refused(places: Places, about: dict[str, str]) -> str:
    """Why the release that runs refused these settings since this boot: it is not asked each half minute. Else empty."""
    try:
        found = json.loads(read_plainly(places.settings_refused))
        return str(found["sentence"]) if {**found, **about} == found else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _check(places: Places, folder: Path, about: dict[str, str]) -> None:
    board = (places.identity / "name").read_text(encoding="utf-8").strip()
    try:
        hall_settings.check(places, folder, board)
    except subprocess.TimeoutExpired as fault:
        raise OSError("the settings were not read in time") from fault
    except hall_settings.SettingsFault as fault:
        places.run.mkdir(parents=True, exist_ok=True)
        said = json.dumps({**about, "sentence": f"{fault}"})
        write_durably(places.settings_refused, said.encode())
        raise


class FoundDesk:
    """See `updating.Desk`: the desk where it was last; if nobody is there, where else it may be. One that answers is remembered."""

    def __init__(
        self,
        places: Places,
        find: Callable[[Places, str, HubPlace], list[HubPlace]] = places_announced,
    ) -> None:
        self._places, self._find = places, find
        self._line: DeskLine | None = None

    def line(self) -> DeskLine:
        """Raises OSError if the hub is nowhere."""
        if self._line is None:
            self._line = self._look()
        return self._line

    def _look(self) -> DeskLine:
        identity = self._places.identity
        known = list(known_places(self._places))
        if not known:
            raise OSError(f"{self._places.hub} does not say where the hub is")
        for place in self._candidates(known):
            line = DeskLine(place, identity / "ca.pem", identity)
            # What answers there without the hub's certificate is somebody else; the hub may still be elsewhere.
            with suppress(OSError):
                line.time()
                if place != known[0]:
                    write_hub(self._places, place)
                return line
        raise OSError(f"the hub does not answer at {known[0].host}, and nobody else says to be it")

    def _candidates(self, known: list[HubPlace]) -> Iterator[HubPlace]:
        yield from known
        for place in self._find(self._places, self._hall(), known[0]):
            if place not in known:
                yield place

    def _hall(self) -> str:
        """The hall's id, as the hub announces it."""
        with (self._places.settings / "hall.toml").open("rb") as file:
            return str(tomllib.load(file)["hall"]["id"])

    def wanted(self) -> WantedRelease | None:
        return self.line().wanted()

    def fetch(self, wanted: WantedRelease, to: Path) -> None:
        self.line().fetch(wanted, to)

    def report(self, report: Report) -> None:
        self.line().report(report)

"""Where the hub is: what the card said, what was found since; and the search for one that is elsewhere now."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from firmware.onboard.durable import write_durably
from firmware.onboard.places import Places
from firmware.onboard.whole import PACKAGES

__all__ = ["HubPlace", "known_places", "places_announced", "read_hub", "write_hub"]

HOST = re.compile(r"[A-Za-z0-9.:-]{1,253}")
SEARCH_S = 4.0
MOST_BYTES = 4096


@dataclass(frozen=True, slots=True)
class HubPlace:
    """`server_name` is what the hub's certificate has to be made out to, wherever the hub is."""

    host: str
    server_name: str
    port: int = 8883
    desk_port: int = 8884

    @staticmethod
    def of(found: Any) -> HubPlace:
        """Out of JSON. Raises ValueError."""
        try:
            place = HubPlace(found["host"], found["server_name"], found["port"], found["desk_port"])
        except (TypeError, KeyError) as fault:
            raise ValueError(f"this says nothing of a hub: {fault!r}") from fault
        names, ports = (found["host"], found["server_name"]), (found["port"], found["desk_port"])
        for name in names:
            if not isinstance(name, str) or not HOST.fullmatch(name):
                raise ValueError(f"{name!r} is no address of a hub")
        for port in ports:
            if type(port) is not int or not 0 < port < 65536:
                raise ValueError(f"{port!r} is no port of a hub")
        return place


def read_hub(path: Path) -> HubPlace | None:
    """None if nothing of use stands there. The board's own user may have written it: it is read as a plain file or not at all."""
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(opened, "rb") as file:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            return None
        try:
            return HubPlace.of(json.loads(file.read(MOST_BYTES)))
        except (ValueError, RecursionError):
            return None


def write_hub(places: Places, place: HubPlace) -> None:
    write_durably(places.hub, json.dumps(asdict(place)).encode())


def known_places(places: Places, said: HubPlace | None = None) -> Iterator[HubPlace]:
    """Where it may be, without asking anybody: as found last, as the running board found it, as `said`."""
    first = read_hub(places.hub) or said
    if first is None:
        return
    yield first
    found = read_hub(places.var / "hub.json")
    others = (found, said)
    for other in dict.fromkeys(
        replace(one, server_name=first.server_name) for one in others if one
    ):
        if other != first:
            yield other


def places_announced(places: Places, hall: str, known: HubPlace) -> list[HubPlace]:
    """Where somebody says that the hub is; only its certificate proves it. The release looks, which has a library for it."""
    packages = places.current / PACKAGES
    look = [sys.executable, "-P", "-m", "broker.finding", hall, "--seconds", str(SEARCH_S)]
    try:
        said = subprocess.run(
            look,
            check=False,
            capture_output=True,
            env={**os.environ, "PYTHONPATH": str(packages), "PYTHONDONTWRITEBYTECODE": "1"},
            timeout=60,
        )
        found = json.loads(said.stdout)
        return [HubPlace.of({**one, "server_name": known.server_name}) for one in found]
    except (OSError, subprocess.TimeoutExpired, ValueError, TypeError):
        return []

"""A hub's way, from its blank card on: a board enrols there and serves, and what the hub wrote down is there after the plug."""

from __future__ import annotations

import time

from tests.guest.asking import release_of, set_up, until
from tests.guest.board import calls, first_boot, nothing_failed, prints, root_is_not_written
from tests.guest.found import Found
from tests.guest.hall import BOARD, Hall
from tests.guest.laptop import Laptop
from tests.guest.machine import Machine
from tests.guest.releases import Bundle

__all__ = ["HubRun"]

HUB = "hub"
SERVICES = ("jiaohao-broker", "jiaohao-coordinator", "jiaohao-desk", "chrony")


class HubRun:
    """The hall of a hub and a board, each a machine of its own, of which nothing is on this one but what hangs on the board."""

    def __init__(self, laptop: Laptop, hall: Hall, patience: float, found: Found) -> None:
        self._laptop, self._hall, self._patience, self._found = laptop, hall, patience, found

    def all(self) -> None:
        release = self._laptop.bundle(HUB)
        card = self._laptop.card(HUB, release)
        with Machine(card, self._patience, self._hall.ports, has_clock=True) as hub:
            self._first_boot(hub, release)
            self._services(hub)
            card = self._laptop.card(BOARD, release)
            with Machine(card, self._patience) as board:
                first_boot(board, self._hall, release, self._found)
                prints(board, self._hall, self._found)
                self._plug(hub)
                until(board, "the board is with its hub again", lambda: self._hall.is_up)
                calls(board, self._hall, "A001", self._found)

    def _first_boot(self, hub: Machine, release: Bundle) -> None:
        began = time.monotonic()
        hub.switch_on()
        hub.until_off()
        hub.switch_on()
        until(hub, "the hub's first heartbeat", lambda: self._hall.hub_is_up)
        self._found.took("from a hub's power-on to its first heartbeat", time.monotonic() - began)
        hub.until_off()
        self._hall.hub_seen.clear()
        hub.switch_on()
        until(hub, "the hub is back", lambda: self._hall.hub_is_up)
        self._found.took("until it is back with its root read-only", time.monotonic() - began)
        root_is_not_written(hub, self._found)
        set_up(hub)
        self._found.must(f"the hub runs {release.name}", release_of(hub) == release.name)
        card = hub.look("ls", "/boot/firmware/jiaohao")
        self._found.must("the authority is gone from the card", "authority.tar" not in card, card)

    def _services(self, hub: Machine) -> None:
        nothing_failed(hub, self._found)
        for service in SERVICES:
            state = hub.look("systemctl", "is-active", service).strip()
            self._found.must(f"{service} runs on the hub", state == "active", state)
        own = hub.look("systemctl", "is-enabled", "mosquitto.service").strip()
        self._found.must("Mosquitto's own service never starts", own == "masked", own)
        told = hub.look("jiaohao", "doctor")
        self._found.must("the doctor finds nothing wrong", "All is well." in told, told)

    def _plug(self, hub: Machine) -> None:
        """Pulled with a visitor waiting, and in again."""
        hub.switch_off()
        self._hall.hub_seen.clear()
        self._hall.seen.clear()
        began = time.monotonic()
        hub.switch_on()
        until(hub, "the hub's first heartbeat after the plug", lambda: self._hall.hub_is_up)
        took = time.monotonic() - began
        self._found.took("from the plug of a hub that is set up to its first heartbeat", took)
        root_is_not_written(hub, self._found)
        nothing_failed(hub, self._found)

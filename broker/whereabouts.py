"""Where a board looks for the hub: where it was last, and after a while without it wherever somebody announces it."""

from __future__ import annotations

import ipaddress
import logging
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from broker.address import Address
from broker.private import write_private

__all__ = ["NAME", "Place", "Whereabouts", "read_place", "write_place"]

log = logging.getLogger(__name__)

NAME = "hub.json"
"""In a board's folder: where it found the hub. What its card said stands outside of what it may write."""

PATIENCE_S = 30.0
SEARCH_S = 3.0

Port = Annotated[int, Meta(ge=1, le=65535)]


class Place(Struct, frozen=True, kw_only=True):
    """`server_name` is what the hub's certificate has to be made out to, whatever `host` is now."""

    host: Annotated[str, Meta(pattern=r"^[A-Za-z0-9.:-]{1,253}\Z")]
    server_name: str
    port: Port = 8883
    desk_port: Port = 8884

    @property
    def address(self) -> Address:
        return Address(self.host, self.port)


def read_place(path: Path) -> Place | None:
    """None if there is none, or none that can be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Place)
    except (OSError, msgspec.DecodeError):
        return None


def write_place(path: Path, place: Place) -> None:
    """Raises OSError."""
    write_private(path, msgspec.json.encode(place), mode=0o644)


class Whereabouts:
    """`next` says where to try now, `reached` hears that the hub was there. Only the session's thread asks.

    `said` is what the settings say, `last` where the hub was found, if that was elsewhere. A hub on this machine is not looked for: it cannot move away from it.
    """

    def __init__(
        self,
        said: Place,
        last: Place | None,
        find: Callable[[], tuple[Place, ...]],
        keep: Callable[[Place], None],
        monotonic: Callable[[], float],
        *,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._said, self._find, self._keep = said, find, keep
        # Found under another name, it was found by other settings than these.
        found = last if last and last.server_name == said.server_name else said
        self._known = self._tried = found
        self._monotonic, self._patience_s = monotonic, patience_s
        self._others: deque[Place] = deque()
        self._look_at: float | None = None

    @property
    def server_name(self) -> str:
        return self._known.server_name

    @property
    def tried(self) -> Address:
        return self._tried.address

    def next(self) -> Address:
        """It may look around for some seconds first."""
        now = self._monotonic()
        if self._look_at is None:
            self._look_at = now + self._patience_s
        elif now >= self._look_at and not self._others and not _is_here(self._known.host):
            self._others.extend(self._look())
            # Between any two looks the place that was known gets its tries: a stranger may announce himself for ever.
            self._look_at = self._monotonic() + self._patience_s
        self._tried = self._others.popleft() if self._others else self._known
        return self._tried.address

    def reached(self) -> None:
        """The hub is where it was tried last: its certificate proved it."""
        self._look_at = None
        self._others.clear()
        if self._tried != self._known:
            self._known = self._tried
            log.warning("the hub has moved: it is at %s now", self._known.host)
            try:
                self._keep(self._known)
            except OSError as fault:
                log.warning("where the hub is now cannot be kept: %s", fault)

    def _look(self) -> list[Place]:
        try:
            found = self._find()
        except OSError as fault:
            log.info("the hub cannot be looked for: %s", fault)
            found = ()
        return [one for one in (self._said, *found) if one.address != self._known.address]


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

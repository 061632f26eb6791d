"""Looks for the hub on the hall's network, by what announces itself there; whoever answers may lie, so TLS has to prove it."""

from __future__ import annotations

import argparse
import sys
import threading
import time
from collections.abc import Sequence

import msgspec
from msgspec import Struct
from zeroconf import InterfaceChoice, IPVersion, ServiceBrowser, ServiceListener, Zeroconf

__all__ = ["DESK_PORT", "HALL", "SERVICE", "Found", "find", "main"]

SERVICE = "_jiaohao._tcp.local."
HALL, DESK_PORT = "hall", "desk_port"

MOST = 8
"""Places that are looked at: a stranger may announce as many as he likes."""


class Found(Struct, frozen=True):
    """Where somebody says that the hub is."""

    host: str
    port: int
    desk_port: int


def find(hall: str, patience_s: float, interfaces: Sequence[str] = ()) -> tuple[Found, ...]:
    """Every place that is announced as the hub of this hall within some time. Raises OSError if there is no network."""
    heard = _Heard()
    with Zeroconf(
        interfaces=list(interfaces) or InterfaceChoice.All, ip_version=IPVersion.V4Only
    ) as wire:
        browser = ServiceBrowser(wire, SERVICE, heard)
        until, found = time.monotonic() + patience_s, dict[Found, None]()
        while (left := until - time.monotonic()) > 0 and len(found) < MOST:
            name = heard.next(left)
            if name is None:
                break
            found |= dict.fromkeys(_places(wire, hall, name, left))
        browser.cancel()
    return tuple(found)[:MOST]


def _places(wire: Zeroconf, hall: str, name: str, patience_s: float) -> list[Found]:
    info = wire.get_service_info(SERVICE, name, timeout=int(patience_s * 1000))
    if info is None or not info.port:
        return []
    said = info.decoded_properties
    desk_port = said.get(DESK_PORT) or ""
    if said.get(HALL) != hall or not desk_port.isascii() or not desk_port.isdecimal():
        return []
    addresses = info.parsed_addresses(IPVersion.V4Only)
    if not 0 < int(desk_port) < 65536:
        return []
    return [Found(address, info.port, int(desk_port)) for address in addresses]


class _Heard(ServiceListener):
    """Names of what is announced, as they come; they come in zeroconf's own thread."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._there = threading.Condition()

    def next(self, patience_s: float) -> str | None:
        with self._there:
            self._there.wait_for(lambda: self._names, patience_s)
            return self._names.pop(0) if self._names else None

    def add_service(self, _wire: Zeroconf, _kind: str, name: str) -> None:
        with self._there:
            if len(self._names) < MOST:
                self._names.append(name)
            self._there.notify()

    def update_service(self, wire: Zeroconf, kind: str, name: str) -> None:
        self.add_service(wire, kind, name)

    def remove_service(self, _wire: Zeroconf, _kind: str, _name: str) -> None:
        pass


def main(argv: list[str]) -> int:
    """`python -m broker.finding HALL`: what `find` finds, as JSON; for the first boot, which has no library of its own."""
    parser = argparse.ArgumentParser(prog="python -m broker.finding", description="Find the hub.")
    parser.add_argument("hall", help="the hall's id")
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--interface", action="append", default=[], help="an address of this board")
    options = parser.parse_args(argv)
    try:
        found = find(options.hall, options.seconds, options.interface)
    except OSError as fault:
        sys.stderr.write(f"there is no network to look for the hub on: {fault}\n")
        return 1
    sys.stdout.buffer.write(msgspec.json.encode(found))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""The machine that the updater works on: its clocks, its units, its line to the broker; the one place that runs systemctl."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import time
import tomllib

from firmware.onboard.launching import UNITS
from firmware.onboard.places import Places

__all__ = ["ThisMachine", "is_hub", "service"]

ANSWER_S = 5.0
# What the broker has against an identity it says in its first words after the handshake, or never.
ALERT_S = 1.0


def service(unit: str) -> str:
    """The name by which systemd knows a unit."""
    return f"jiaohao-{unit}.service"


def is_hub(places: Places) -> bool:
    return places.role.is_file() and places.role.read_text(encoding="utf-8").strip() == "hub"


class ThisMachine:
    """See `updating.Machine`."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def wall(self) -> float:
        return time.time()

    def uptime(self) -> float:
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    def start_anew(self) -> None:
        restart = ["systemctl", "restart", "--no-block", *map(service, self._units)]
        subprocess.run(restart, check=False, timeout=60)

    def units_down(self) -> tuple[str, ...]:
        return tuple(unit for unit in self._units if not self._runs(unit))

    @property
    def _units(self) -> tuple[str, ...]:
        return UNITS["hub" if is_hub(self._places) else "board"]

    @staticmethod
    def _runs(unit: str) -> bool:
        asked = ["systemctl", "is-active", "--quiet", service(unit)]
        return subprocess.run(asked, check=False, timeout=60).returncode == 0

    def broker_answers(self) -> bool | None:
        """By a handshake alone: to say more, one would have to be this board, and would end its line."""
        if is_hub(self._places):
            return None
        try:
            return self._shakes_hands()
        except (OSError, ValueError, KeyError):
            return False

    def _shakes_hands(self) -> bool:
        host, port, server_name = self._broker()
        identity = self._places.identity
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(identity / "ca.pem")
        context.load_cert_chain(identity / "cert.pem", identity / "key.pem")
        with (
            socket.create_connection((host, port), ANSWER_S) as line,
            context.wrap_socket(line, server_hostname=server_name) as encrypted,
        ):
            encrypted.settimeout(ALERT_S)
            try:
                return encrypted.recv(1) != b""
            except TimeoutError:
                return True

    def _broker(self) -> tuple[str, int, str]:
        if self._places.hub.is_file():
            hub = json.loads(self._places.hub.read_bytes())
            return hub["host"], hub["port"], hub["server_name"]
        with (self._places.settings / "hall.toml").open("rb") as file:
            broker = tomllib.load(file).get("broker", {})
        host = broker.get("host", "127.0.0.1")
        return host, broker.get("tls_port", 8883), host

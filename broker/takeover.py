"""Ends sessions that are open: whoever enters the broker under a name takes the name's session, and leaves again."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Collection
from pathlib import Path

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from broker.ca import Authority
from broker.identity import open_identity

__all__ = ["Takeover"]

PATIENCE_S = 5.0


class Takeover(threading.Thread):
    """Takes each name's session from it, by an identity that the hall's authority lends for the moment.

    Revoking alone shuts nobody out who is in, and Mosquitto itself hangs up on nobody. A thread of its own, for the
    broker serves only while its log is read. `failed` says in the end who could not be shut out, and why.
    """

    def __init__(self, authority: Authority, names: Collection[str], port: int) -> None:
        super().__init__(name="takeover", daemon=True)
        self.names = names
        self._authority, self._port = authority, port
        self.failed = ""

    def run(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for name in self.names:
                try:
                    self._take(name, Path(folder) / name)
                except (OSError, ValueError) as fault:
                    self.failed = f"{name}: {fault}"

    def _take(self, name: str, identity: Path) -> None:
        self._authority.lend(name, identity)
        inside = threading.Event()
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=name, protocol=mqtt.MQTTv311, clean_session=True
        )
        client.tls_set_context(open_identity(identity, name))
        client.connect_timeout = PATIENCE_S
        client.on_connect = lambda _client, _userdata, _flags, reason, _properties: (
            None if reason.is_failure else inside.set()
        )
        client.connect("127.0.0.1", self._port)
        client.loop_start()
        try:
            if not inside.wait(PATIENCE_S):
                raise TimeoutError("the broker did not let us in")
        finally:
            client.disconnect()
            client.loop_stop()

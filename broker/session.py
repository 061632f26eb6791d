"""One MQTT session: connect, reconnect, birth and will, publish, subscribe; it knows no message's meaning.

QoS 0 throughout: the durability is the coordinator's answer, by id, and every state is retained, sent anew at each
connect and refreshed from time to time. QoS 1 would add a second resend whose old states could overtake new ones.
"""

from __future__ import annotations

import logging
import socket
from argparse import ArgumentTypeError
from collections.abc import Callable
from dataclasses import dataclass

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

__all__ = ["Address", "Session"]

log = logging.getLogger(__name__)

KEEPALIVE_S = 5


@dataclass(frozen=True, slots=True)
class Address:
    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read `host:port`.

        >>> Address.parse("127.0.0.1:1883")
        Address(host='127.0.0.1', port=1883)
        """
        host, _, port = text.rpartition(":")
        if not host or not port.isdecimal():
            raise ArgumentTypeError(f"{text!r} is no broker address; write it as 192.168.1.10:1883")
        return cls(host, int(port))


class Session:
    """All callbacks come from the session's own thread and must only post to an inbox."""

    def __init__(
        self,
        address: Address,
        name: str,
        *,
        subscribe: tuple[str, ...],
        will: tuple[str, bytes],
        on_up: Callable[[], None],
        on_down: Callable[[str], None],
        on_message: Callable[[str, bytes], None],
    ) -> None:
        self._address, self._name = address, name
        self._subscribe = [(topic, 0) for topic in subscribe]
        self._on_up, self._on_down, self._on_message = on_up, on_down, on_message
        self._client = client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=name, protocol=mqtt.MQTTv311
        )
        client.will_set(will[0], will[1], qos=0, retain=True)
        client.reconnect_delay_set(min_delay=0.2, max_delay=1)  # type: ignore[arg-type]  # paho waits fractions just as well
        client.connect_timeout = 3
        client.on_socket_open = _no_delay
        client.on_connect = self._connected
        client.on_subscribe = self._subscribed
        client.on_disconnect = self._disconnected
        client.on_message = self._received

    def start(self) -> None:
        self._client.connect_async(self._address.host, self._address.port, keepalive=KEEPALIVE_S)
        self._client.loop_start()

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Hand over a message; while the session is down it is dropped."""
        self._client.publish(topic, payload, qos=0, retain=retain)

    def stop(self) -> None:
        """Leave in order: the broker does not speak the will."""
        self._client.disconnect()
        self._client.loop_stop()

    def _connected(
        self,
        client: mqtt.Client,
        _userdata: object,
        _flags: mqtt.ConnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if reason.is_failure:
            self._on_down(
                f"the broker at {self._address.host}:{self._address.port} refuses {self._name!r}: {reason}"
            )
            return
        client.subscribe(self._subscribe)

    def _subscribed(self, *_details: object) -> None:
        # Up only now: what is asked from here on can be answered.
        self._on_up()

    def _disconnected(
        self,
        _client: mqtt.Client,
        _userdata: object,
        _flags: mqtt.DisconnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        self._on_down(f"the line to the broker is broken: {reason}")

    def _received(self, _client: mqtt.Client, _userdata: object, message: mqtt.MQTTMessage) -> None:
        self._on_message(message.topic, bytes(message.payload))


def _no_delay(_client: mqtt.Client, _userdata: object, line: object) -> None:
    # Without it, Nagle's algorithm and the peer's delayed ACK cost 44 ms a round trip.
    if isinstance(line, socket.socket):
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

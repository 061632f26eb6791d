"""One MQTT session: connect, reconnect, birth and will, publish, subscribe; it knows no message's meaning.

QoS 0 throughout: the durability is the coordinator's answer, by id, and every state is retained, sent anew at each
connect and refreshed from time to time. QoS 1 would add a second resend whose old states could overtake new ones.
"""

from __future__ import annotations

import socket
import ssl
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, LogLevel, MQTTErrorCode
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from broker.address import Address
from broker.identity import why_refused
from broker.pulse import Pulse
from broker.whereabouts import Whereabouts

__all__ = ["Address", "Session"]


KEEPALIVE_S = 5

# paho's thread looks once a second while it has a line. To find one it may have to wait for a name server that does
# not answer, half a minute and longer.
LINE_S = 20.0
CONNECT_S = 90.0


class _Client(mqtt.Client):
    """paho's client, but whoever publishes also writes, instead of waking paho's thread for it: that costs 0.1 ms.

    One lock lets only one thread at a time write, so that packets keep their order, or use the line at all: OpenSSL
    allows no more. The line never blocks; nothing is waited for while the lock is held.
    """

    def __init__(self, name: str, pulse: Pulse, whereabouts: Whereabouts | None) -> None:
        self._at_the_line = threading.RLock()
        self._pulse, self._whereabouts = pulse, whereabouts
        self.trouble = ""
        """What a line broke of, in paho's words; it tells it to its log alone."""
        super().__init__(CallbackAPIVersion.VERSION2, client_id=name, protocol=mqtt.MQTTv311)

    def send(self, topic: str, payload: bytes, *, retain: bool) -> None:
        """Publish; what does not go out now is left to paho's thread, and so is a line that broke."""
        with self._at_the_line:
            # Else it wakes its thread for each packet, which then wants the interpreter just when we write.
            bell, self._sockpairW = self._sockpairW, None
            try:
                self.publish(topic, payload, qos=0, retain=retain)
                self._packet_write()
            finally:
                self._sockpairW = bell
        if bell is not None and self.want_write():
            with suppress(BlockingIOError):
                bell.send(b"0")

    def _create_socket_connection(self) -> socket.socket:
        if self._whereabouts is None:
            return super()._create_socket_connection()
        place = self._whereabouts.next()
        # It may have looked around for as long as a connection takes.
        self._pulse.beat(CONNECT_S)
        return socket.create_connection((place.host, place.port), self.connect_timeout)

    def _easy_log(self, level: LogLevel, fmt: str, *args: object) -> None:
        if level == LogLevel.MQTT_LOG_ERR:
            self.trouble = fmt % args

    def reconnect(self) -> MQTTErrorCode:
        self._pulse.beat(CONNECT_S)
        try:
            return super().reconnect()
        finally:
            self._pulse.beat(LINE_S)

    def loop_misc(self) -> MQTTErrorCode:
        self._pulse.beat(LINE_S)
        return super().loop_misc()

    def _packet_write(self) -> MQTTErrorCode:
        with self._at_the_line:
            return super()._packet_write()

    def _sock_recv(self, bufsize: int) -> bytes:
        with self._at_the_line:
            return super()._sock_recv(bufsize)


class Session:
    """All callbacks come from the session's own thread and must only post to an inbox.

    With `tls` (see `broker.identity`) the line is encrypted, and each side knows the other. Then `whereabouts` may say
    that the hub is elsewhere now; its certificate has to be made out to the same name all the same.
    `pulse` beats in the session's thread.
    """

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
        tls: ssl.SSLContext | None = None,
        whereabouts: Whereabouts | None = None,
        pulse: Pulse | None = None,
    ) -> None:
        if whereabouts and not tls:
            raise ValueError("without TLS anybody could say that he is the hub, and be believed")
        self._address, self._name, self._whereabouts = address, name, whereabouts
        self._subscribe = [(topic, 0) for topic in subscribe]
        self._on_up, self._on_down, self._on_message = on_up, on_down, on_message
        self._up = False
        self._pulse = pulse or Pulse("line")
        self._client = client = _Client(name, self._pulse, whereabouts)
        self._plain = tls is None
        if tls is not None:
            client.tls_set_context(tls)
        client.will_set(will[0], will[1], qos=0, retain=True)
        client.reconnect_delay_set(min_delay=0.2, max_delay=1)  # type: ignore[arg-type]  # paho waits fractions just as well
        client.connect_timeout = 3
        client.on_socket_open = _no_delay
        client.on_connect = self._connected
        client.on_connect_fail = self._failed
        client.on_subscribe = self._subscribed
        client.on_disconnect = self._disconnected
        client.on_message = self._received

    def start(self) -> None:
        # paho checks the certificate against this name, wherever it connects to.
        name = self._whereabouts.server_name if self._whereabouts else self._address.host
        self._client.connect_async(name, self._address.port, keepalive=KEEPALIVE_S)
        self._client.loop_start()

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Hand over a message; while the session is not up it is dropped."""
        # paho would send it as soon as the line is open: a hub said that it is up before it could hear any command.
        if self._up:
            self._client.send(topic, payload, retain=retain)

    def stop(self) -> None:
        """Leave in order: the broker does not speak the will."""
        self._client.disconnect()
        self._client.loop_stop()
        self._pulse.rest()

    def _connected(
        self,
        client: mqtt.Client,
        _userdata: object,
        _flags: mqtt.ConnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        self._client.trouble = ""
        if reason.is_failure:
            self._on_down(f"the broker at {self._tried()} refuses {self._name!r}: {reason}")
            return
        if self._whereabouts:
            self._whereabouts.reached()
        client.subscribe(self._subscribe)

    def _subscribed(self, *_details: object) -> None:
        # Up only now: what is asked from here on can be answered.
        self._up = True
        self._on_up()

    def _disconnected(
        self,
        _client: mqtt.Client,
        _userdata: object,
        _flags: mqtt.DisconnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        self._up = False
        if self._client.trouble:
            # Under TLS 1.3 the broker says only after the handshake that it does not want our certificate.
            self._tell(self._client.trouble)
        else:
            self._on_down(f"the line to the broker is broken: {reason}")

    def _failed(self, _client: mqtt.Client, _userdata: object) -> None:
        fault = sys.exception()
        self._tell(fault if fault is not None else "no connection")

    def _tell(self, fault: BaseException | str) -> None:
        # What a TLS port does to who speaks without.
        hint = (
            "; is it a port for TLS? then give --identity"
            if self._plain and "reset" in str(fault)
            else ""
        )
        self._on_down(f"no line to the broker at {self._tried()}: {why_refused(fault)}{hint}")

    def _tried(self) -> str:
        address = self._whereabouts.tried if self._whereabouts else self._address
        return f"{address.host}:{address.port}"

    def _received(self, _client: mqtt.Client, _userdata: object, message: mqtt.MQTTMessage) -> None:
        self._on_message(message.topic, bytes(message.payload))


def _no_delay(_client: mqtt.Client, _userdata: object, line: object) -> None:
    # Without it, Nagle's algorithm and the peer's delayed ACK cost 44 ms a round trip.
    if isinstance(line, socket.socket):
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

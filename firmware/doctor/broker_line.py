"""A real connection to the hub's broker with this machine's own identity, and what came of it."""

from __future__ import annotations

import json
import queue
import socket
import ssl
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from broker.identity import open_identity, why_refused
from broker.messages import JUNK, HubState, Presence
from broker.mosquitto import COORDINATOR
from broker.session import Address, Session
from broker.topics import Topics
from firmware.doctor.findings import Both, Finding, broken, look, ok

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Heard", "hub_time", "let_in", "listen", "tls_line", "told"]

PATIENCE_S = 5.0
# Under TLS 1.3 the broker says only after the handshake that it does not want our certificate.
SECOND_THOUGHTS_S = 0.5


@dataclass(frozen=True, slots=True)
class Heard:
    """`why` is empty where the broker let us in; `hub` is its coordinator's heartbeat, None where none was to be heard."""

    why: str = ""
    hub: HubState | None = None
    ahead_s: float | None = None
    boards: tuple[Presence, ...] = ()
    listened: bool = True


def let_in(address: Address, identity: Path, server_name: str, name: str) -> Heard:
    """Whether the broker takes our certificate; we say nothing there, or it would end the session of who works under it."""
    try:
        with tls_line(address, identity, server_name, name) as line:
            line.settimeout(SECOND_THOUGHTS_S)
            with suppress(TimeoutError):
                if not line.recv(1):
                    return Heard(why="the broker hung up at once", listened=False)
    except OSError as fault:
        return Heard(why=why_refused(fault), listened=False)
    return Heard(listened=False)


def tls_line(address: Address, identity: Path, server_name: str, name: str) -> ssl.SSLSocket:
    """A line over TLS, on which each side knows the other. Raises OSError."""
    tls = open_identity(identity, name)
    plain = socket.create_connection((address.host, address.port), PATIENCE_S)
    try:
        return tls.wrap_socket(plain, server_hostname=server_name)
    except BaseException:
        plain.close()
        raise


def hub_time(
    address: Address,
    identity: Path,
    server_name: str,
    name: str,
    clock: Callable[[], float] = time.time,
) -> float | None:
    """How many seconds this clock is ahead of the hub's, as its desk says; None where it says nothing."""
    try:
        with tls_line(address, identity, server_name, name) as line:
            asked = clock()
            line.sendall(
                f"GET /time HTTP/1.1\r\nHost: {server_name}\r\nConnection: close\r\n\r\n".encode()
            )
            answer = b""
            while piece := line.recv(4096):
                answer += piece
            came = clock()
        now = datetime.fromisoformat(json.loads(answer.partition(b"\r\n\r\n")[2])["now"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return (asked + came) / 2 - now.timestamp()


def listen(
    address: Address,
    hall: str,
    name: str,
    tls: ssl.SSLContext | None,
    *,
    all_boards: bool = False,
    patience_s: float = PATIENCE_S,
    clock: Callable[[], float] = time.time,
) -> Heard:
    """Connect as `name` and hear the hub's heartbeat, or every board's presence. Nobody else may be connected as this."""
    topics, boot = Topics(hall), uuid.uuid4().hex[:8]
    heard: queue.SimpleQueue[tuple[str, bytes] | str] = queue.SimpleQueue()
    # Should we be cut off, what it says is so: nobody runs under this name.
    will: tuple[str, bytes] = (
        topics.presence(name),
        msgspec.json.encode(Presence(board=name, boot=boot, up=False)),
    )
    if name == COORDINATOR:
        will = (topics.hub, msgspec.json.encode(HubState(boot=boot, up=False)))
    session = Session(
        address,
        f"{hall}-{name}",
        subscribe=(topics.hub, *((topics.every_presence,) if all_boards else ())),
        will=will,
        on_up=lambda: heard.put(""),
        on_down=heard.put,
        on_message=lambda topic, payload: heard.put((topic, payload)),
        tls=tls,
    )
    session.start()
    try:
        return _hear(heard, topics, patience_s, clock, all_boards=all_boards)
    finally:
        session.stop()


def _hear(
    heard: queue.SimpleQueue[tuple[str, bytes] | str],
    topics: Topics,
    patience_s: float,
    clock: Callable[[], float],
    *,
    all_boards: bool,
) -> Heard:
    until = time.monotonic() + patience_s
    why, hub, ahead = f"it does not answer within {patience_s:.0f} s", None, None
    boards: dict[str, Presence] = {}
    with suppress(queue.Empty):
        while (left := until - time.monotonic()) > 0:
            word = heard.get(timeout=left)
            if isinstance(word, str):
                why = word
                if why:
                    break
                continue
            topic, payload = word
            with suppress(*JUNK):
                if topic == topics.hub:
                    hub = msgspec.json.decode(payload, type=HubState)
                    if hub.up:
                        ahead = clock() - hub.at / 1000
                    if not all_boards:
                        break
                else:
                    one = msgspec.json.decode(payload, type=Presence)
                    boards[topics.last_level(topic)] = one
    return Heard(why=why, hub=hub, ahead_s=ahead, boards=tuple(boards.values()))


def told(heard: Heard) -> Finding:
    if heard.why:
        said = Both(
            f"The broker does not let us in: {heard.why}.", f"消息服务器拒绝连接：{heard.why}。"
        )
        return broken(
            "broker",
            said,
            Both(
                "Do what the sentence says; if it names the clock, set the hub's clock and see this board's time server.",
                "按提示处理；若提到时钟，先校准主机时钟并检查本板的时间服务器。",
            ),
        )
    if not heard.listened:
        return ok(
            "broker",
            "The broker takes this identity (the running session was left alone).",
            "消息服务器接受本机身份（未打扰正在运行的会话）。",
        )
    if heard.hub is None or not heard.hub.up:
        return broken(
            "broker",
            Both(
                "The broker lets us in, but the coordinator is down.",
                "消息服务器可连接，但协调程序没有运行。",
            ),
            Both(
                "On the hub: `systemctl status jiaohao-coordinator`, and what its log says last.",
                "在主机上查看 systemctl status jiaohao-coordinator 及其日志末尾。",
            ),
        )
    if heard.hub.problems:
        return look(
            "broker",
            Both(
                f"The coordinator runs and has troubles: {'; '.join(heard.hub.problems)}",
                f"协调程序在运行，但报告：{'；'.join(heard.hub.problems)}",
            ),
            Both("See to each of them on the hub.", "请在主机上逐项处理。"),
        )
    return ok(
        "broker",
        "The broker lets us in, the coordinator runs.",
        "消息服务器可连接，协调程序在运行。",
    )

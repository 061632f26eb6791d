"""A person's line to the hub: asks one command at a time, again under its id until it is answered; it keeps nothing."""

from __future__ import annotations

import argparse
import getpass
import queue
import ssl
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from broker.identity import open_identity
from broker.loading import SettingsFault, load
from broker.messages import JUNK, Answer, DeviceCommand, Event, HubState, Presence, Request
from broker.session import Address, Session
from broker.settings import Hall
from broker.topics import Topics
from broker.wrong_values import meant

__all__ = ["HubLine", "NoAnswer", "add_options", "hall_of", "open_line"]

PATIENCE_S = 10.0
RESEND_S = 1.0


class NoAnswer(ConnectionError):
    """Nothing is known of what was asked, but that it is stale by now; the sentence says why."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """What every command needs that asks the hub for a person."""
    parser.add_argument("--hall", type=Path, required=True, help="hall.toml")
    parser.add_argument("--as", dest="console", required=True, help="the console's id in hall.toml")
    parser.add_argument(
        "--broker", type=Address.parse, help="host:port; as in hall.toml if not given"
    )
    parser.add_argument(
        "--identity",
        type=Path,
        help="folder that `jiaohao ca` made for this console; then over TLS",
    )
    parser.add_argument(
        "--staff", default="", help="your id in [[staff]], for what needs a PIN; it is asked for"
    )


def hall_of(options: argparse.Namespace) -> Hall:
    """The hall of the options, in which their console is. Raises SettingsFault."""
    hall = load(options.hall)
    if options.console not in hall.console:
        known = meant(options.console, hall.console) if hall.console else "; add [[consoles]]"
        raise SettingsFault((f"{options.hall}: there is no console {options.console!r}{known}",))
    return hall


def open_line(hall: Hall, options: argparse.Namespace) -> HubLine:
    """The line of the options' console. Raises OSError."""
    tls = open_identity(options.identity, options.console) if options.identity else None
    port = hall.broker.tls_port if tls else hall.broker.port
    address = options.broker or Address(hall.broker.host, port)
    if options.staff and tls is None and address.host not in ("127.0.0.1", "localhost", "::1"):
        raise PermissionError(
            f"a PIN does not travel to {address.host} in the clear; give this console's --identity"
        )
    person = (options.staff, _pin()) if options.staff else ("", "")
    return HubLine(hall, options.console, address, person=person, tls=tls)


def _pin() -> str:
    """Never on the command line, where everybody on the machine could read it."""
    if sys.stdin.isatty():
        return getpass.getpass("PIN: ")
    return sys.stdin.readline().rstrip("\n")


class HubLine:
    """Open as long as its `with` block lasts. `person` is who sits there, with the PIN that proves it."""

    def __init__(
        self,
        hall: Hall,
        console: str,
        address: Address,
        *,
        person: tuple[str, str] = ("", ""),
        tls: ssl.SSLContext | None = None,
        open_session: Callable[..., Session] = Session,
        patience_s: float = PATIENCE_S,
        resend_s: float = RESEND_S,
    ) -> None:
        self._patience_s, self._resend_s = patience_s, resend_s
        self._staff, self._pin = person
        self._console, self._topics = console, Topics(hall.hall.id)
        self._heard: queue.SimpleQueue[tuple[str, bytes] | str] = queue.SimpleQueue()
        self._hub: tuple[int, float] | None = None
        self._why = f"no broker answers at {address.host}:{address.port}"
        gone = Presence(board=console, boot="", up=False)
        self._session = open_session(
            address,
            f"{hall.hall.id}-{console}",
            subscribe=(self._topics.answer(console), self._topics.hub),
            will=(self._topics.presence(console), msgspec.json.encode(gone)),
            on_up=lambda: self._heard.put(""),
            on_down=self._heard.put,
            on_message=lambda topic, payload: self._heard.put((topic, payload)),
            tls=tls,
        )

    def __enter__(self) -> Self:
        self._session.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._session.stop()

    def ask(self, command: DeviceCommand, command_id: str) -> tuple[Event, ...]:
        """What was written down for a command: now, or when this id was asked first. Raises NoAnswer."""
        gives_up, again = time.monotonic() + self._patience_s, 0.0
        request: Request | None = None
        while (now := time.monotonic()) < gives_up:
            if self._hub is not None and now >= again:
                request = request or self._request(command, command_id, gives_up - now)
                self._session.publish(
                    self._topics.command(self._console), msgspec.json.encode(request)
                )
                again = now + self._resend_s
                self._why = "the hub gave no answer; see what it wrote down before you ask again"
            answer = self._hear(min(again or gives_up, gives_up) - now)
            if answer is None or answer.command_id != command_id:
                continue
            if not answer.not_now:
                return answer.events
            self._why = f"the hub cannot write: {answer.not_now}"
        raise NoAnswer(f"no answer within {self._patience_s:.0f} s: {self._why}")

    def _request(self, command: DeviceCommand, command_id: str, lives_s: float) -> Request:
        at, heard = self._hub or (0, 0.0)
        hub_time = at + int((time.monotonic() - heard) * 1000)
        return Request(
            command_id=command_id,
            device=self._console,
            command=command,
            expires=hub_time + int(lives_s * 1000),
            staff=self._staff,
            pin=self._pin,
        )

    def _hear(self, patience_s: float) -> Answer | None:
        """What comes next, if it is an answer; from the hub's heartbeats we learn its time."""
        try:
            word = self._heard.get(timeout=patience_s)
        except queue.Empty:
            return None
        if isinstance(word, str):
            self._hub = None
            self._why = word or "the broker is there, but no coordinator of this hall"
            return None
        topic, payload = word
        try:
            if topic != self._topics.hub:
                return msgspec.json.decode(payload, type=Answer)
            state = msgspec.json.decode(payload, type=HubState)
        except JUNK as fault:
            self._why = f"the hub speaks another version of the language: {fault}"
            return None
        self._hub = (state.at, time.monotonic()) if state.up else None
        if not state.up:
            self._why = "the coordinator of this hall is down"
        return None

"""Composes a hall's cards: from hall.toml, cards.toml, the authority and a bundle to what each card says; it touches no card."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID

from broker.ca import revoked_in
from broker.desk.token import Token, read_token, sign_token
from broker.mosquitto import HUB
from broker.settings import Hall
from broker.wrong_values import meant
from firmware.cards.card import Card, Hub, authority_tar
from firmware.cards.carried import Carried
from firmware.cards.needs import needs_of, needs_of_hub
from firmware.cards.partition import CardFault
from firmware.cards.settings import CardSettings
from firmware.cards.system import System

__all__ = ["Composer", "boards_of"]

NumberOf = Callable[[], str]
"""A token's own number, never the same twice."""


def boards_of(hall: Hall) -> tuple[str, ...]:
    """Everything that gets a card: the hub first, as the others come to it; a board without devices is only remembered."""
    return (HUB, *(board.id for board in hall.boards if board.devices))


@dataclass(frozen=True, slots=True)
class Composer:
    """`settings` are hall.toml and its files, packed; `authority` is the folder that `jiaohao ca` made."""

    hall: Hall
    wishes: CardSettings
    settings: bytes
    authority: Path
    technician: Path
    release_keys: Sequence[Path]

    def check(self, board: str) -> None:
        """Raises CardFault if no card can be made for it."""
        known = boards_of(self.hall)
        if board not in known:
            raise CardFault(
                f"there is no board {board!r} with devices in hall.toml{meant(board, known)}"
            )
        if _is_own(self.hall.broker.host):
            raise CardFault(
                f"hall.toml has the hub at {self.hall.broker.host}, which every board would take for itself:"
                ' write its address in the hall\'s network under [broker], such as host = "192.168.1.10"'
            )
        if HUB in {one.id for one in self.hall.boards}:
            raise CardFault(
                f"hall.toml has a board {HUB!r}: that is what the hub's own card is called"
            )

    def card(
        self, board: str, bundle: Carried, now: datetime, number: NumberOf, *, replace: bool = False
    ) -> Card:
        """Everything that the card says. Raises CardFault, OSError, ValueError."""
        self.check(board)
        hub = board == HUB
        now = now.replace(microsecond=0)
        expires = now + timedelta(days=self.wishes.days)
        row = next((one for one in self.hall.boards if one.id == board), None)
        devices = tuple(device.id for device in row.devices) if row else ()
        token = Token(
            hall=self.hall.hall.id,
            board=board,
            devices=devices,
            jti=number(),
            exp=int(expires.timestamp()),
            replace=replace,
        )
        broker = self.hall.broker
        ca = (self.authority / "ca.pem").read_bytes()
        if (whose := _hall_of(ca)) != self.hall.hall.id:
            raise CardFault(
                f"the authority in {self.authority} is that of the hall {whose!r}, and hall.toml says {self.hall.hall.id!r}"
            )
        return Card(
            hall=self.hall.hall.id,
            board=board,
            devices=devices,
            hub=Hub(broker.host, broker.host, broker.tls_port, broker.desk_port),
            made=now,
            expires=expires,
            token="" if hub else self._signed(token, now),
            ca=ca,
            release_keys=tuple(key.read_bytes() for key in self.release_keys),
            bundle=bundle.path,
            onboard=bundle.onboard,
            settings=self.settings,
            needs=needs_of(row) if row else needs_of_hub(self.wishes.clock),
            system=self._system(board),
            authority=authority_tar(self.authority) if hub else b"",
            accept=self.hall.enrolment.accept,
            read_only_root=self.wishes.read_only_root,
            clock=self.wishes.clock if hub else "none",
        )

    def _signed(self, token: Token, now: datetime) -> str:
        """The token, looked at as the desk will: a technician's identity that has ended makes no card."""
        text = sign_token(token, self.technician)
        authority = x509.load_pem_x509_certificate((self.authority / "ca.pem").read_bytes())
        read_token(text, authority, revoked_in(self.authority), now)
        return text

    def _system(self, board: str) -> System:
        wishes, host = self.wishes, self.hall.broker.host
        address = wishes.address_of(board)
        servers = wishes.time_servers if board == HUB else (host, *wishes.time_servers)
        return System(
            hostname=board.replace("_", "-").strip("-"),
            timezone=self.hall.hall.timezone,
            user=wishes.user,
            password_hash=wishes.password_hash,
            ssh_keys=wishes.ssh_keys,
            country=wishes.country,
            wifi=wishes.wifi_of(board),
            address=address,
            time_servers=tuple(dict.fromkeys(servers)),
        )


def _is_own(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _hall_of(ca: bytes) -> str:
    names = x509.load_pem_x509_certificate(ca).subject
    return str(names.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value)

"""Who is given an identity at the desk: a board with a token of the technician's and a key of its own, once. It speaks no HTTP."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import Meta, Struct

from broker.ca import RELEASED, Authority, common_name, revoked_in
from broker.desk.book import Accepted, Asked, Book, Enrolled, Pen, Revoked, TurnedAway
from broker.desk.token import Token, TokenRefused, read_token
from broker.refused import Refusals
from broker.settings import Hall

__all__ = ["AskedFor", "Desk", "Given", "Refused", "Waiting"]


class AskedFor(Struct, frozen=True, forbid_unknown_fields=True):
    """What a board brings: its name, the token of its card, and a request for a certificate (PKCS 10, PEM)."""

    board: Annotated[str, Meta(max_length=64)]
    token: Annotated[str, Meta(max_length=8192)]
    csr: Annotated[str, Meta(max_length=8192)]


@dataclass(frozen=True, slots=True)
class Given:
    """Both in PEM."""

    certificate: str
    ca: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A technician has to say yes first."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Refused:
    """`kind` is one of clock, token, expired, used, board, key, turned_away."""

    kind: str
    sentence: str


class _No(Exception):
    def __init__(self, kind: str, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind


class Desk:
    """`folder` is the desk's own, `authority` the hall's, with its key."""

    def __init__(self, hall: Hall, folder: Path, authority: Path, refusals: Refusals) -> None:
        self._hall, self._authority, self._refusals = hall, authority, refusals
        self.book = Book(folder)

    def enrol(self, asked: AskedFor, came_from: str, now: datetime) -> Given | Waiting | Refused:
        """Answer a board. What is given is in the book first, and given again to whoever comes with the same token and key.

        Raises OSError, ValueError if the book or the authority cannot be used; nothing is given then.
        """
        who = f"somebody at {came_from}"
        try:
            token = self._granted(asked, now)
            who = f"board {token.board}, enrolling"
            public = _requested(asked, token)
            with self.book.open() as pen:
                return self._decide(token, public, pen, now)
        except _No as no:
            self._refusals.note(who, no.kind, str(no), _ms(now))
            return Refused(no.kind, str(no))

    def _granted(self, asked: AskedFor, now: datetime) -> Token:
        """What the technician grants with the token, whenever that was."""
        if now < RELEASED:
            raise _No(
                "clock", f"the hub's clock says {now:%Y-%m-%d}: set it, then this board enrols"
            )
        try:
            pem = (self._authority / "ca.pem").read_bytes()
            certificate = x509.load_pem_x509_certificate(pem)
            token = read_token(asked.token, certificate, revoked_in(self._authority), now)
        except TokenRefused as fault:
            raise _No("token", str(fault)) from fault
        hall = self._hall.hall.id
        if token.hall != hall:
            raise _No("token", f"the token is for the hall {token.hall!r}, and this is {hall!r}")
        if token.board != asked.board:
            raise _No(
                "token", f"the token is for the board {token.board!r}, not for {asked.board[:64]!r}"
            )
        if token.board not in {board.id for board in self._hall.boards}:
            raise _No(
                "board",
                f"the hub's hall.toml knows no board {token.board!r}: copy the newer hall.toml to the hub"
                " and start the hub anew; this board comes again by itself",
            )
        return token

    def _decide(
        self, token: Token, public: ec.EllipticCurvePublicKey, pen: Pen, now: datetime
    ) -> Given | Waiting:
        book, key = self.book, _hash(public)
        before = book.tokens.get(token.jti)
        if before and before.key != key:
            raise _No(
                "used",
                f"the token for {token.board} was used before, by another key ({before.key[:8]}, this is {key[:8]}):"
                f" write a new card with --replace {token.board}. If you do not know who used it: jiaohao ca revoke {token.board}",
            )
        if isinstance(before, Enrolled):
            return self._give(before, public, now)
        # Who asked in time and had to wait is not late.
        if before is None and token.expired(now):
            raise _No(
                "expired",
                f"the token for {token.board} expired at {token.ends:%Y-%m-%d %H:%M} UTC, now is {now:%Y-%m-%d %H:%M}:"
                " write a new token on the card (and see whether the hub's clock is right)",
            )
        self._refuse_a_second(token)
        if self._hall.enrolment.accept and (waits := self._wait(token, key, before, pen, now)):
            return waits
        entry = Enrolled(
            board=token.board,
            at=_ms(now),
            token=token.jti,
            key=key,
            serial=f"{x509.random_serial_number():x}",
            replace=token.replace,
            devices=token.devices,
        )
        pen.write(entry)
        return self._give(entry, public, now)

    def _refuse_a_second(self, token: Token) -> None:
        """Two cards for one board are a mistake, unless the technician says that one replaces the other."""
        newest = self.book.enrolled.get(token.board)
        if not token.replace and newest and int(newest.serial, 16) not in self._revoked():
            raise _No(
                "board",
                f"{token.board} has an identity already (key {newest.key[:8]}): if this board takes its place,"
                f" write the card with --replace {token.board}",
            )

    def _wait(
        self, token: Token, key: str, before: Asked | None, pen: Pen, now: datetime
    ) -> Waiting | None:
        """None once a technician said yes."""
        match self.book.answers.get(key):
            case Accepted():
                return None
            case TurnedAway():
                raise _No(
                    "turned_away",
                    f"a technician turned this board ({token.board}, key {key[:8]}) away at the desk",
                )
            case None:
                if before is None:
                    asked = Asked(board=token.board, at=_ms(now), token=token.jti, key=key)
                    pen.write(asked)
                return Waiting(
                    f"{token.board} waits for a technician's word on the hub:"
                    f" jiaohao desk accept {token.board} (key {key[:8]})"
                )

    def _give(self, entry: Enrolled, public: ec.EllipticCurvePublicKey, now: datetime) -> Given:
        """The certificate that stands in the book, made unless it is there; earlier ones end before, if it replaces them."""
        serial = int(entry.serial, 16)
        if self.book.enrolled[entry.board] is not entry or serial in self._revoked():
            raise _No(
                "used",
                f"the identity that this token gave {entry.board} has ended, revoked or replaced by a later card's:"
                " write a new card",
            )
        authority = Authority(self._authority, self._hall.hall.id, now)
        if entry.replace and not (self._authority / "issued" / f"{serial:x}.pem").exists():
            authority.revoke(entry.board)
        issued = authority.certify(entry.board, public, serial)
        return Given(_pem(issued.certificate), _pem(authority.certificate))

    def revoke(self, board: str, by: str, now: datetime) -> int:
        """End every identity of a board: how many were valid. Raises OSError, ValueError."""
        with self.book.open() as pen:
            ended = Authority(self._authority, self._hall.hall.id, now).revoke(board)
            pen.write(Revoked(board=board, at=_ms(now), by=by, certificates=ended))
        return ended

    def _revoked(self) -> dict[int, datetime]:
        return revoked_in(self._authority)


def _requested(asked: AskedFor, token: Token) -> ec.EllipticCurvePublicKey:
    """The key that a board has made, which it proves to hold."""
    try:
        request = x509.load_pem_x509_csr(asked.csr.encode())
        public, name, proven = (
            request.public_key(),
            common_name(request),
            request.is_signature_valid,
        )
    except (ValueError, UnsupportedAlgorithm, InvalidSignature) as fault:
        raise _No("key", "the board's request for a certificate cannot be read") from fault
    if not isinstance(public, ec.EllipticCurvePublicKey) or public.curve.name != "secp256r1":
        raise _No("key", "the board's key is not of the kind that this hall uses (EC P-256)")
    if not proven:
        raise _No("key", "the board does not hold the key that it asks a certificate for")
    if name != token.board:
        raise _No("key", f"the token is for {token.board!r}, but the request names {name[:64]!r}")
    return public


def _hash(public: ec.EllipticCurvePublicKey) -> str:
    """SHA-256 of the public key (DER), in hex; its first eight letters are what people compare."""
    der = public.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return hashlib.sha256(der).hexdigest()


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)

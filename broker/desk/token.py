"""The enrolment token on a card: for one board, once, until it expires; signed by the hall's technician, so that no hub is needed to write it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import jwt
import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import Meta, Struct

from broker.ca import common_name
from broker.mosquitto import TECHNICIAN
from broker.private import check_private

__all__ = ["Token", "TokenRefused", "read_token", "sign_token"]

ALGORITHM = "ES256"
LONGEST = 8192
"""Characters; one with thirty devices has 1,600."""

Word = Annotated[str, Meta(min_length=1, max_length=64)]


class TokenRefused(ValueError):
    """Nobody is enrolled by this token; the sentence is for the technician."""


class Token(Struct, frozen=True, kw_only=True):
    """What the technician grants. `jti` is the token's own number, never given twice; `exp` in seconds since 1970, UTC.

    With `replace` the board's earlier identities end when this one is given.
    """

    hall: Word
    board: Word
    jti: Annotated[str, Meta(min_length=16, max_length=64)]
    exp: Annotated[int, Meta(ge=0, lt=2**40)]
    devices: Annotated[tuple[Word, ...], Meta(max_length=64)] = ()
    replace: bool = False

    def expired(self, now: datetime) -> bool:
        return now.timestamp() >= self.exp

    @property
    def ends(self) -> datetime:
        return datetime.fromtimestamp(self.exp, UTC)


def sign_token(token: Token, technician: Path) -> str:
    """The token as one line of ASCII, a JWT with the signer's certificate (RFC 7515, x5c).

    `technician` is that identity's folder, which `jiaohao ca` makes. Raises OSError, ValueError.
    """
    check_private(technician / "key.pem")
    key = serialization.load_pem_private_key((technician / "key.pem").read_bytes(), None)
    certificate = x509.load_pem_x509_certificate((technician / "cert.pem").read_bytes())
    if not isinstance(key, ec.EllipticCurvePrivateKey) or common_name(certificate) != TECHNICIAN:
        raise ValueError(
            f"{technician} is not the identity {TECHNICIAN!r} that `jiaohao ca` makes; give its folder"
        )
    der = certificate.public_bytes(serialization.Encoding.DER)
    headers = {"x5c": [base64.b64encode(der).decode()]}
    return jwt.encode(msgspec.to_builtins(token), key, ALGORITHM, headers)


def read_token(
    text: str, authority: x509.Certificate, revoked: Collection[int], now: datetime
) -> Token:
    """What a token grants, if this hall's technician signed it; whether it has expired is asked of the `Token`.

    `revoked` are the serial numbers of identities that have ended. Raises TokenRefused.
    """
    signer = _signer(text)
    try:
        signer.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature) as fault:
        raise TokenRefused(
            "the token is of another hall: another authority made its technician's identity;"
            " write the card with this hall's"
        ) from fault
    whose = common_name(signer)
    if whose != TECHNICIAN:
        raise TokenRefused(f"the token was signed by {whose!r}, which is no technician")
    if signer.serial_number in revoked:
        raise TokenRefused(
            "the technician's identity that signed the token was revoked: write the card with the new one"
        )
    if signer.not_valid_after_utc <= now:
        raise TokenRefused(
            "the technician's identity that signed the token has expired: run `jiaohao ca` where its folder lies,"
            " and write the card anew"
        )
    try:
        claims = jwt.decode(
            text,
            signer.public_key(),  # type: ignore[arg-type]  # `_signer` let only an EC key pass
            [ALGORITHM],
            options={"verify_exp": False, "verify_aud": False},
        )
        return msgspec.convert(claims, Token)
    except jwt.InvalidSignatureError as fault:
        raise TokenRefused(
            "the token was altered after it was signed: write the card anew"
        ) from fault
    except (jwt.PyJWTError, msgspec.ValidationError) as fault:
        raise TokenRefused(f"the token is not one of this suite's ({fault})") from fault


def _signer(text: str) -> x509.Certificate:
    """The certificate that a token brings; nothing of it is believed yet."""
    if len(text) > LONGEST:
        raise TokenRefused("the token is too long to be one")
    try:
        header = jwt.get_unverified_header(text)
        (first,) = msgspec.convert(header.get("x5c"), tuple[str])
        certificate = x509.load_der_x509_certificate(base64.b64decode(first, validate=True))
        key = certificate.public_key()
        common_name(certificate)
    except (jwt.PyJWTError, msgspec.ValidationError, binascii.Error, ValueError) as fault:
        raise TokenRefused(
            "the token cannot be read: the card is damaged, write it anew"
        ) from fault
    if header.get("alg") != ALGORITHM or not isinstance(key, ec.EllipticCurvePublicKey):
        raise TokenRefused("the token is not one of this suite's: it is signed in another way")
    return certificate

"""The board's own key, made on the board and never leaving it, by the system's openssl; and the identity that is built on it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from firmware.onboard.commands import run
from firmware.onboard.durable import sync, write_durably
from firmware.onboard.places import Places

__all__ = ["fingerprint", "has_identity", "keep_identity", "make_key", "request"]

KEY, CERTIFICATE, CA, NAME = "key.pem", "cert.pem", "ca.pem", "name"
PRIVATE = 0o600


def make_key(places: Places) -> None:
    """EC P-256, unless there is one. Raises OSError."""
    key = places.identity / KEY
    places.identity.mkdir(mode=0o700, parents=True, exist_ok=True)
    if key.exists():
        return
    part = key.with_name(f"{KEY}.part")
    part.unlink(missing_ok=True)
    # Made by us with its mode first, so that the key never lies there for others to read.
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
    curve = ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
    _openssl("genpkey", *curve, "-out", str(part))
    part.chmod(PRIVATE)
    sync(part)
    part.replace(key)
    sync(key.parent)


def request(places: Places, hall: str, board: str) -> str:
    """A request for a certificate (PKCS 10, PEM), by which the board proves that it holds the key. Raises OSError."""
    key = str(places.identity / KEY)
    return _openssl("req", "-new", "-key", key, "-subj", f"/O={hall}/CN={board}").decode()


def fingerprint(places: Places) -> str:
    """The first letters of the key's hash, as the desk shows them to the technician. Raises OSError."""
    return hashlib.sha256(_public(places.identity / KEY)).hexdigest()[:8]


def has_identity(places: Places, board: str) -> bool:
    """Whether what was given is all there, for this board and this key."""
    home = places.identity
    try:
        if (home / NAME).read_text(encoding="utf-8") != board or not (home / CA).is_file():
            return False
        der = _openssl("x509", "-in", str(home / CERTIFICATE), "-noout", "-pubkey")
        return _der(der) == _public(home / KEY)
    except OSError:
        return False


def keep_identity(places: Places, board: str, certificate: str, ca: str) -> None:
    """Raises OSError if the certificate is not for this board's key, or is none."""
    home = places.identity
    offered = _openssl("x509", "-noout", "-pubkey", given=certificate.encode())
    if _der(offered) != _public(home / KEY):
        raise OSError("the desk gave a certificate for another key than this board's")
    for name, content in ((CA, ca), (NAME, board), (CERTIFICATE, certificate)):
        write_durably(home / name, content.encode(), PRIVATE)


def _public(key: Path) -> bytes:
    return _openssl("pkey", "-in", str(key), "-pubout", "-outform", "DER")


def _der(public_pem: bytes) -> bytes:
    return _openssl("pkey", "-pubin", "-pubout", "-outform", "DER", given=public_pem)


def _openssl(*words: str, given: bytes = b"") -> bytes:
    """Raises OSError with openssl's own words."""
    return run("openssl", *words, given=given)

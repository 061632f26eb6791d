"""The key that signs releases, Ed25519: made once, kept on the technician's laptop; boards have its public half."""

from __future__ import annotations

from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from broker.private import check_private, make_private_folder, write_private

__all__ = ["KeyFault", "is_signed", "make_key", "open_key", "public_pem"]


class KeyFault(OSError):
    """The key cannot be used: a sentence for the technician."""


def make_key(folder: Path) -> tuple[Path, Path]:
    """Make `release.key` and `release.pub`. Raises KeyFault if there is one: releases of it would be refused everywhere."""
    make_private_folder(folder)
    secret, public = folder / "release.key", folder / "release.pub"
    if secret.exists():
        raise KeyFault(
            f"{secret} is there already, and boards trust it: to change it, make the next one in another folder"
            " and bring its release.pub as release-next.pub with the cards"
        )
    key = Ed25519PrivateKey.generate()
    write_private(public, public_pem(key), 0o644)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_private(secret, pem)
    return secret, public


def public_pem(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def open_key(path: Path) -> Ed25519PrivateKey:
    """Raises KeyFault; OSError if others may read it."""
    if not path.is_file():
        raise KeyFault(f"there is no key {path}: make one with `jiaohao bundle key`")
    check_private(path)
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError) as fault:
        raise KeyFault(f"{path} is no key without a passphrase: {fault}") from fault
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFault(f"{path} is no Ed25519 key: make one with `jiaohao bundle key`")
    return key


def is_signed(content: bytes, signature: bytes, public: bytes) -> bool:
    """Whether a public key in PEM says so. Raises KeyFault if it is no such key."""
    try:
        key = load_pem_public_key(public)
    except ValueError as fault:
        raise KeyFault(f"this is no public key: {fault}") from fault
    if not isinstance(key, Ed25519PublicKey):
        raise KeyFault("this is no Ed25519 key")
    try:
        key.verify(signature, content)
    except InvalidSignature:
        return False
    return True

"""Backups that only who has the passphrase can read: a stream in sealed pieces; it knows nothing of what is in it.

The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015): each piece is ChaCha20-Poly1305 under a nonce that
holds its number and whether it is the last, so that pieces cannot be swapped, left out or cut off unnoticed.
"""

from __future__ import annotations

import io
from hashlib import scrypt
from os import urandom
from typing import IO, TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

if TYPE_CHECKING:
    from typing_extensions import Buffer  # what `readinto` takes

__all__ = ["SEAL", "SealFault", "Sealed", "Unsealed"]

SEAL = b"jiaohao-sealed-1\n"
PIECE = 65_536
TAG = 16
SALT, PREFIX = 16, 7
# 64 MB and about half a second a try on a Pi.
N, R, P = 1 << 16, 8, 1


class SealFault(OSError):
    """It cannot be read with this passphrase, or not at all."""


def _cipher(passphrase: bytes, salt: bytes) -> ChaCha20Poly1305:
    key = scrypt(passphrase, salt=salt, n=N, r=R, p=P, maxmem=128 * N * R * 2, dklen=32)
    return ChaCha20Poly1305(key)


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])


class Sealed(io.RawIOBase):
    """Writes to `out`, sealed. Only `close` makes it whole."""

    def __init__(self, out: IO[bytes], passphrase: bytes) -> None:
        salt, self._prefix = urandom(SALT), urandom(PREFIX)
        self._cipher, self._out = _cipher(passphrase, salt), out
        self._number, self._rest = 0, bytearray()
        out.write(SEAL + salt + self._prefix)

    def writable(self) -> bool:
        return True

    def write(self, piece: Buffer) -> int:
        came = memoryview(piece).tobytes()
        self._rest += came
        # One piece stays back: the last is sealed as such.
        while len(self._rest) > PIECE:
            self._seal(bytes(self._rest[:PIECE]), last=False)
            del self._rest[:PIECE]
        return len(came)

    def _seal(self, piece: bytes, *, last: bool) -> None:
        nonce = _nonce(self._prefix, self._number, last=last)
        self._out.write(self._cipher.encrypt(nonce, piece, SEAL))
        self._number += 1

    def close(self) -> None:
        if not self.closed:
            self._seal(bytes(self._rest), last=True)
        super().close()


class Unsealed(io.RawIOBase):
    """Reads what was sealed; `file` stands at its beginning. Raises SealFault, at the latest at the end."""

    def __init__(self, file: IO[bytes], passphrase: bytes) -> None:
        head = file.read(len(SEAL) + SALT + PREFIX)
        if not head.startswith(SEAL) or len(head) < len(SEAL) + SALT + PREFIX:
            raise SealFault("it is not sealed, or cut off at its beginning")
        salt, self._prefix = head[len(SEAL) : -PREFIX], head[-PREFIX:]
        self._cipher, self._file = _cipher(passphrase, salt), file
        self._number, self._rest = 0, b""
        self._next = file.read(PIECE + TAG)

    def readable(self) -> bool:
        return True

    def readinto(self, into: Buffer) -> int:
        if not self._rest and self._next:
            self._rest = self._open()
        room = memoryview(into).cast("B")
        taken = min(len(room), len(self._rest))
        room[:taken] = self._rest[:taken]
        self._rest = self._rest[taken:]
        return taken

    def _open(self) -> bytes:
        piece, self._next = self._next, self._file.read(PIECE + TAG)
        nonce = _nonce(self._prefix, self._number, last=not self._next)
        self._number += 1
        try:
            return self._cipher.decrypt(nonce, piece, SEAL)
        except InvalidTag:
            raise SealFault(
                "the passphrase is not the one it was made with"
                if self._number == 1
                else "it is damaged or cut off"
            ) from None

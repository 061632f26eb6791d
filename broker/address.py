"""Where a server listens."""

from __future__ import annotations

from argparse import ArgumentTypeError
from dataclasses import dataclass

__all__ = ["Address"]


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

"""Brings what the doctor found to the hub's desk: a board over its HTTPS with its own identity, the hub straight into the folder."""

from __future__ import annotations

from http import HTTPStatus
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any

import msgspec

from broker.private import make_private_folder, write_private
from broker.session import Address
from firmware.doctor.broker_line import tls_line

__all__ = ["DOCTOR", "keep", "send"]

DOCTOR = "doctor"
"""The folder in the desk's, a file for each board."""


def send(
    address: Address, identity: Path, server_name: str, name: str, found: dict[str, Any]
) -> None:
    """Raises OSError with a sentence."""
    connection = HTTPSConnection(address.host, address.port, timeout=10)
    with tls_line(address, identity, server_name, name) as line:
        connection.sock = line
        body = msgspec.json.encode(found)
        try:
            connection.request("POST", "/doctor", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            said = answer.read().decode(errors="replace")
        except HTTPException as fault:
            raise OSError(f"the desk at {address.host} gave no answer: {fault!r}") from fault
    if answer.status != HTTPStatus.OK:
        raise OSError(f"the desk at {address.host} did not take it: {said[:200]}")


def keep(desk: Path, board: str, found: dict[str, Any]) -> None:
    """On the hub itself. Raises OSError."""
    make_private_folder(desk / DOCTOR)
    write_private(desk / DOCTOR / f"{board}.json", msgspec.json.encode(found))

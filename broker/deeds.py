"""What a technician did on the hub that opens or shuts a door, as the files of authority and PINs show it; it changes nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from broker.ca import issued_in
from broker.messages import Deed, NoteDeed
from broker.staff import PINS, read_pins

__all__ = ["Deeds"]

log = logging.getLogger(__name__)

Told = tuple[tuple[str, NoteDeed], ...]


class Deeds:
    """Looks again only when a file has changed. Each deed has an id, so that it is noted once."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._ca = folder, folder / "ca"
        self._noted: list[int] = []
        self._seen: list[int] = []

    def fresh(self) -> Told:
        """All that were ever done, as long as some of them may not be noted yet; else nothing."""
        self._seen = self._changes()
        if self._seen == self._noted:
            return ()
        try:
            return tuple(sorted((*self._pins(), *self._identities()), key=_when))
        except (OSError, ValueError, msgspec.DecodeError) as fault:
            log.warning("what was done with identities and PINs cannot be written down: %s", fault)
            return ()

    def noted(self) -> None:
        """What `fresh` told last is in the journal."""
        self._noted = self._seen

    def _changes(self) -> list[int]:
        watched = (self._folder / PINS, self._ca / "crl.pem", self._ca / "issued")
        return [path.stat().st_mtime_ns if path.exists() else 0 for path in watched]

    def _pins(self) -> Iterator[tuple[str, NoteDeed]]:
        for staff, pin in read_pins(self._folder / PINS).items():
            note = NoteDeed(deed=Deed.PIN_SET, name=staff, done_at=pin.set_at)
            yield f"pin-{pin.salt.hex()}", note

    def _identities(self) -> Iterator[tuple[str, NoteDeed]]:
        if not self._ca.exists():
            return
        for one in issued_in(self._ca):
            serial = f"{one.certificate.serial_number:x}"
            made = NoteDeed(deed=Deed.IDENTITY_MADE, name=one.name, done_at=_ms(one.made_at))
            yield f"made-{serial}", made
            if one.revoked_at:
                at = _ms(one.revoked_at)
                revoked = NoteDeed(deed=Deed.IDENTITY_REVOKED, name=one.name, done_at=at)
                yield f"revoked-{serial}", revoked


def _when(told: tuple[str, NoteDeed]) -> int:
    return told[1].done_at


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)

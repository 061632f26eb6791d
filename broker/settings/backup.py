"""Where the hub's backups go, how often, and how many are kept."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from broker.settings.table import Settings

__all__ = ["Backup"]


class Backup(Settings, frozen=True):
    """`to` is empty for nowhere, `stick` for a USB stick that is named JIAOHAO, a folder, or `ssh://user@box/folder`.

    One that is `every_min` minutes old is due for the next; the newest `keep` are kept. With a `passphrase_file`, a
    path on the hub, they are encrypted: without that file nobody reads them, its owner included.
    """

    to: Annotated[
        str, Meta(pattern=r"^(stick|/[^\x00]*|ssh://([\w.-]+@)?[\w.-]+(:[0-9]+)?/[\w./-]*)?\Z")
    ] = ""
    every_min: Annotated[int, Meta(ge=5, le=1440)] = 60
    keep: Annotated[int, Meta(ge=1, le=1000)] = 48
    passphrase_file: Annotated[str, Meta(max_length=200)] = ""

"""Tars as nobody honest would write them."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping

__all__ = ["tar_of"]


def tar_of(files: Mapping[str, bytes], kind: bytes = tarfile.REGTYPE) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.type, member.linkname = len(content), kind, "/etc/passwd"
            tar.addfile(member, io.BytesIO(content))
    return packed.getvalue()

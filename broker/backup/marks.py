"""What a restore leaves in the hub's folder for the coordinator: that it is half done, or what to write down; it restores nothing."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from broker.messages import NoteRestore
from broker.private import write_private

__all__ = ["HALF_DONE", "leave_note", "refuse_half_done", "to_note"]

HALF_DONE = "restore.part"
NOTE = "restored.json"


class Restored(Struct, frozen=True, kw_only=True):
    """`id` is the restore's own, so that it is written down once."""

    id: str
    note: NoteRestore


def refuse_half_done(folder: Path) -> None:
    """Raises OSError with a sentence where a restore was cut short: part of the hall would begin anew at number 1."""
    if (folder / HALF_DONE).exists():
        raise OSError(
            f"a restore into {folder} was cut short: run the same `jiaohao restore` again; it begins anew and harms nothing"
        )


def leave_note(folder: Path, restore_id: str, note: NoteRestore) -> None:
    """Have the coordinator write it down before it answers anybody."""
    write_private(folder / NOTE, msgspec.json.encode(Restored(id=restore_id, note=note)))


def to_note(folder: Path) -> tuple[tuple[str, NoteRestore], ...]:
    """What is to be in the journal before the first answer; it may be already. Raises OSError."""
    try:
        left = msgspec.json.decode((folder / NOTE).read_bytes(), type=Restored)
    except FileNotFoundError:
        return ()
    except msgspec.DecodeError as damage:
        raise OSError(
            f"{folder / NOTE} is damaged ({damage}): run the same `jiaohao restore` again"
        ) from damage
    return ((f"restore-{left.id}", left.note),)

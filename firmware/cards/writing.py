"""Writes a card so that nothing half-written is ever taken for whole: asleep first, the manifest behind all that it names, the kernel's line last of all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from firmware.cards import cmdline, config_txt
from firmware.cards.card import FOLDER, FORMAT, Card, contents
from firmware.cards.generations import Generation, Stock
from firmware.cards.mtools import STAGE
from firmware.cards.partition import CardFault, Partition, Source, Told, chunks, nobody, size
from firmware.onboard.places import Places

__all__ = ["MANIFEST", "Plan", "bytes_to_move", "is_sealed", "plan", "whose", "write_card"]

MANIFEST, SET_UP = "manifest.json", Places().set_up.name
CMDLINE, ORIGINAL, CONFIG = "cmdline.txt", "cmdline.txt.orig", "config.txt"
CLUSTER = 64 << 10
"""The largest that FAT32 has: what a file may waste at its end."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a card is to hold, by path: `payload` in any order, `last` in its own, each behind all before it."""

    payload: Mapping[str, Source]
    last: Mapping[str, bytes]


def plan(stock: Stock, generation: Generation, card: Card) -> Plan:
    inside = contents(card, generation.name, generation.secrets(card))
    files: dict[str, Source] = {**generation.inside(card), **inside}
    payload: dict[str, Source] = {f"{FOLDER}/{name}": source for name, source in files.items()}
    config = config_txt.rewritten(stock.config, card.needs.config)
    starters = generation.starters(card)
    manifest = {
        "format": FORMAT,
        "files": {name: _sha256(source) for name, source in files.items()},
        "edits": {name: _sha256(text) for name, text in ({CONFIG: config} | starters).items()},
    }
    line = cmdline.rewritten(
        stock.cmdline,
        (cmdline.LIMITS, *generation.words(card)),
        # What must last needs room behind the root, which would fill the card: see `firmware.onboard.data_partition`.
        without=generation.grows if card.read_only_root else "",
        serial_console=card.needs.serial_console,
    )
    named = {
        f"{FOLDER}/{MANIFEST}": json.dumps(manifest, indent=1, sort_keys=True).encode() + b"\n"
    }
    return Plan({**payload, CONFIG: config}, named | starters | {CMDLINE: line})


def write_card(
    partition: Partition, stock: Stock, generation: Generation, card: Card, told: Told = nobody
) -> None:
    """Write the card and read it back. Raises CardFault: then what stands there starts nothing, and may be written anew."""
    wanted = plan(stock, generation, card)
    try:
        _put_to_sleep(partition, stock, generation)
        _check_room(partition, wanted)
        _write(partition, wanted, stock.cmdline, told)
    except FileNotFoundError as fault:
        raise CardFault(
            f"{fault.filename or fault} was on the card and is gone: is the card damaged? Take another"
        ) from fault
    except OSError as fault:
        raise CardFault(
            f"the card could not be written ({fault.strerror or fault}): was it pulled out, is it full or locked?"
            " It is not whole, and starts nothing of the hall: put it in again, and run the same command"
        ) from fault


def _write(partition: Partition, wanted: Plan, original: bytes, told: Told) -> None:
    if ORIGINAL not in partition.names():
        partition.write(ORIGINAL, original, nobody)
    for path, source in wanted.payload.items():
        partition.write(path, source, told)
    _read_back(partition, wanted.payload, told)
    # Whatever is written last may be what starts the first boot: all before it is on the card by then.
    for path, text in wanted.last.items():
        partition.flush()
        partition.write(path, text, nobody)
    _read_back(partition, wanted.last, nobody)
    if STAGE in partition.names():
        partition.remove(STAGE)
    partition.flush()


def _put_to_sleep(partition: Partition, stock: Stock, generation: Generation) -> None:
    """Take away all that an earlier writing left, what would start it first. Raises OSError."""
    there = partition.names()
    if FOLDER in there or ORIGINAL in there:
        quiet = cmdline.rewritten(stock.cmdline, ())
        if CMDLINE not in there or partition.read(CMDLINE) != quiet:
            partition.write(CMDLINE, quiet, nobody)
        for path, text in generation.asleep().items():
            if text is None and path in there:
                partition.remove(path)
            elif text is not None:
                partition.write(path, text, nobody)
    inside = partition.names(FOLDER)
    for name in (*(inside & {MANIFEST}), *sorted(inside - {MANIFEST})):
        partition.remove(f"{FOLDER}/{name}")
    if STAGE in there:
        partition.remove(STAGE)


def whose(partition: Partition) -> tuple[str, str] | None:
    """The board and the day that a whole card was written for; None if there is none."""
    if MANIFEST not in partition.names(FOLDER):
        return None
    try:
        said = json.loads(partition.read(f"{FOLDER}/card.json"))
        return str(said["board"]), str(said["made"])[:10]
    except (OSError, ValueError, KeyError, TypeError):
        return "a board that cannot be read", "a day that cannot be read"


def is_sealed(partition: Partition) -> bool:
    """Whether the system behind it was set up for good: what is put into a root that is never written is gone with the next start."""
    if SET_UP not in partition.names(FOLDER):
        return False
    try:
        return json.loads(partition.read(f"{FOLDER}/card.json"))["read_only_root"] is True
    except (OSError, ValueError, KeyError, TypeError):
        return True


def bytes_to_move(card: Card) -> int:
    """How many bytes are written and read back, about, for who waits."""
    return 2 * (size(card.bundle) + len(card.onboard) + len(card.settings) + len(card.authority))


def _check_room(partition: Partition, wanted: Plan) -> None:
    needed = sum(size(source) + CLUSTER for source in ({**wanted.payload, **wanted.last}).values())
    free = partition.free()
    if needed > free:
        raise CardFault(
            f"the boot partition has room for {free >> 20} MB more, and {-(-needed >> 20)} MB are wanted:"
            " take off it what you have put there, or flash the card anew"
        )


def _read_back(partition: Partition, wanted: Mapping[str, Source], told: Told) -> None:
    for path, source in wanted.items():
        if partition.sha256(path, told) != _sha256(source):
            raise CardFault(
                f"{path} reads back other than it was written: the card is worn out or counterfeit, take another"
            )


def _sha256(source: Source) -> str:
    found = sha256()
    for chunk in chunks(source):
        found.update(chunk)
    return found.hexdigest()

"""The laws of the power's cuts: what was flushed stays, what was not may go, and nothing else ever appears."""

from __future__ import annotations

import struct
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.power.write_log import SECTOR, Write, note, notes, read_log, settled, survivors

FLUSH = Write(0, b"", flush=True)
sectors = st.integers(1, 255).map(lambda n: bytes([n]) * SECTOR)
writes = st.builds(
    Write,
    st.integers(0, 7).map(SECTOR.__mul__),
    st.lists(sectors, min_size=1, max_size=4).map(b"".join),
)
logs = st.lists(writes | st.just(FLUSH), max_size=12)


def as_logged(log: list[Write]) -> bytes:
    """As QEMU writes it, by the layout in its block/blklogwrites.c."""
    head = struct.pack("<QQQI", 0x6A736677736872, 1, len(log), SECTOR).ljust(SECTOR, b"\0")
    entries = (
        struct.pack("<QQQQ", w.at // SECTOR, len(w.data) // SECTOR, int(w.flush), 0).ljust(
            SECTOR, b"\0"
        )
        + bytes(w.data)
        for w in log
    )
    return head + b"".join(entries)


@given(logs)
def test_a_log_is_read_as_it_was_written(log: list[Write]):
    assert read_log(as_logged(log)) == log


def test_what_lies_behind_the_last_counted_entry_is_not_read():
    log = [Write(0, b"\1" * SECTOR), FLUSH]
    assert read_log(as_logged(log) + b"\2" * SECTOR) == log


@pytest.mark.parametrize(
    "raw",
    [
        bytes(SECTOR),
        as_logged([Write(0, b"\1" * SECTOR)])[:-SECTOR],
        struct.pack("<QQQI", 0x6A736677736872, 1, 0, 4096).ljust(SECTOR, b"\0"),
        as_logged([FLUSH])[: SECTOR + 16] + struct.pack("<QQ", 4, 0).ljust(SECTOR - 16, b"\0"),
    ],
    ids=["no log", "cut short", "other sectors", "a discard"],
)
def test_what_is_no_whole_log_of_writes_is_refused(raw: bytes):
    with pytest.raises(ValueError, match="log"):
        read_log(raw)


@given(logs, st.data())
def test_only_what_stands_behind_the_last_flush_is_unsettled(log: list[Write], data: st.DataObject):
    cut = data.draw(st.integers(0, len(log)))
    safe = settled(log, cut)
    assert safe <= cut
    assert safe == 0 or log[safe - 1].flush
    assert not any(write.flush for write in log[safe:cut])


@given(st.lists(writes, max_size=6), st.integers())
def test_survivors_are_sectors_of_the_writes_in_their_order(unsettled: list[Write], seed: int):
    left = iter(
        (write.at + at, bytes(write.data[at : at + SECTOR]))
        for write in unsettled
        for at in range(0, len(write.data), SECTOR)
    )
    for write in survivors(unsettled, Random(seed)):
        for at in range(0, len(write.data), SECTOR):
            assert (write.at + at, bytes(write.data[at : at + SECTOR])) in left


def test_one_seed_cuts_one_way_and_cuts_keep_lose_and_tear():
    write = Write(0, bytes(range(1, 9)) * SECTOR)

    def kept(seed: int) -> int:
        return sum(len(w.data) for w in survivors([write], Random(seed)))

    fates = [kept(seed) for seed in range(200)]
    assert fates == [kept(seed) for seed in range(200)]
    assert 0 in fates
    assert len(write.data) in fates
    assert len({fate for fate in fates if 0 < fate < len(write.data)}) > 3


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n\0"), max_size=100)))
def test_a_note_is_read_as_it_was_said(lines: list[str]):
    assert list(notes(Write(0, b"".join(map(note, lines))))) == lines


def test_what_is_no_note_says_nothing():
    assert list(notes(Write(0, bytes(4096)))) == []


def test_a_line_too_long_for_a_sector_is_refused():
    with pytest.raises(ValueError, match="too long"):
        note("x" * SECTOR)

"""What a printer says is told apart by its fixed bits, whatever else comes down the line."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware.hal import Trouble
from firmware.hal.printer.status import (
    Finished,
    InOrder,
    Named,
    RealTime,
    Report,
    Said,
    StatusReader,
    health_of,
    troubles_of,
)

T = Trouble


@pytest.mark.parametrize(
    ("came", "said"),
    [
        (b"\x12", (RealTime(0x12),)),
        (b"\x7e", (RealTime(0x7E),)),
        (b"\x00", (InOrder(0),)),
        (b"\x0f", (InOrder(0x0F),)),
        (b"\x11\x13\x11", ()),
        (b"\xff\xfe\x80\x90", ()),
        (b"\x14\x00\x00\x0f", (Report(()),)),
        (b"\x3c\x00\x0c\x0f", (Report((T.COVER_OPEN, T.PAPER_OUT, T.OFFLINE)),)),
        (b"\x10\x00\x03\x0f", (Report((T.PAPER_NEAR_END,)),)),
        (b"\x37\x22ABCD\x00", (Finished(b"ABCD"),)),
        (b"\x37\x25\x00", ()),
        (b"\x5fTM-T82II\x00", (Named("TM-T82II"),)),
    ],
)
def test_each_kind_of_answer_is_known_by_its_mask(came: bytes, said: tuple[Said, ...]):
    assert StatusReader().read(came) == said


def test_a_stray_report_before_the_answer_is_not_the_answer():
    assert StatusReader().read(b"\x14\x00\x00\x0f\x13\x1e") == (Report(()), RealTime(0x1E))


def test_a_report_cut_short_by_an_answer_does_not_swallow_it():
    assert StatusReader().read(b"\x14\x00\x12") == (RealTime(0x12),)


def test_a_block_that_is_none_does_not_swallow_what_follows():
    assert StatusReader().read(b"\x37\x22A\x12") == (RealTime(0x12),)
    assert StatusReader().read(b"\x37" + b"A" * 200 + b"\x12")[-1] == RealTime(0x12)


@settings(max_examples=40)
@given(st.binary(max_size=60), st.integers(0, 60))
def test_where_the_bytes_were_torn_apart_makes_no_difference(came: bytes, at: int):
    reader = StatusReader()
    assert reader.read(came[:at]) + reader.read(came[at:]) == StatusReader().read(came)


@pytest.mark.parametrize(
    ("question", "answer", "troubles"),
    [
        (1, 0x12, ()),
        (1, 0x16, ()),  # the drawer's pin says nothing about the printer
        (1, 0x1A, (T.OFFLINE,)),
        (2, 0x16, (T.COVER_OPEN,)),
        (2, 0x1A, ()),  # the feed key is held down
        (2, 0x32, (T.PAPER_OUT,)),
        (2, 0x52, (T.BROKEN,)),
        (3, 0x16, (T.JAM,)),
        (3, 0x1A, (T.CUTTER,)),
        (3, 0x32, (T.BROKEN,)),
        (3, 0x52, (T.OVERHEATED,)),
        (4, 0x1E, (T.PAPER_NEAR_END,)),
        (4, 0x72, (T.PAPER_OUT,)),
        (4, 0x7E, (T.PAPER_OUT, T.PAPER_NEAR_END)),
    ],
)
def test_the_bits_of_each_answer_mean_what_the_manual_says(
    question: int, answer: int, troubles: tuple[Trouble, ...]
):
    assert troubles_of(question, answer) == troubles


@pytest.mark.parametrize(
    ("found", "troubles"),
    [
        ([], ()),
        ([T.OFFLINE], (T.OFFLINE,)),
        ([T.OFFLINE, T.BROKEN], (T.BROKEN,)),
        ([T.OFFLINE, T.BROKEN, T.CUTTER], (T.CUTTER,)),
        ([T.OFFLINE, T.PAPER_NEAR_END], (T.OFFLINE, T.PAPER_NEAR_END)),
        ([T.OFFLINE, T.PAPER_OUT, T.PAPER_OUT, T.PAPER_NEAR_END], (T.PAPER_OUT,)),
        ([T.OFFLINE, T.PAPER_OUT, T.COVER_OPEN], (T.COVER_OPEN,)),
    ],
)
def test_the_cause_is_told_and_the_vague_is_not(
    found: list[Trouble], troubles: tuple[Trouble, ...]
):
    assert health_of(found).troubles == troubles
    assert health_of(found).usable == (troubles == ())


def test_near_end_is_usable_and_without_its_sensor_not_believed():
    assert health_of([T.PAPER_NEAR_END]).usable
    assert health_of([T.PAPER_NEAR_END], near_end_sensor=False).troubles == ()

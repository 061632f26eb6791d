"""The laws of paper: kill -9 of a kiosk at each step of a print; the tape of the emulated printer is the witness."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from broker.loading import parse
from broker.messages import TicketIssued
from firmware.hal.printer import Bitmap
from firmware.hal.printer.drawing import draw
from firmware.ticket_kiosk.hardware import paper
from firmware.ticket_kiosk.in_hand import first_paper
from firmware.ticket_kiosk.paper import set_out
from tests.chaos.hall import TEXT
from tests.chaos.paper import kill_while_printing
from tests.chaos.tape import copies
from tests.chaos.test_crash import assert_clean

HALL = parse(TEXT)
A001 = TicketIssued(
    ticket="A001", service="pension", kiosk="kiosk-1", issued_at=10**12, ahead=3, code="K7Q2MX"
)


def strip(*, again: bool = False, ahead: int = 3) -> Bitmap:
    made = replace(first_paper(A001), again=again, ahead=ahead)
    return draw(set_out(paper(HALL, made)))


def glued(*strips: Bitmap) -> Bitmap:
    rows = b"".join(one.rows for one in strips)
    return Bitmap(576, len(rows) // 72, rows)


def upper(whole: Bitmap, rows: int) -> Bitmap:
    return Bitmap(576, rows, whole.rows[: rows * 72])


PLAIN, MARKED = strip(), strip(again=True)
FRAGMENT = upper(PLAIN, 400)


@pytest.mark.parametrize(
    ("tape", "seen"),
    [
        ([PLAIN], [False]),
        ([PLAIN, MARKED, MARKED], [False, True, True]),
        ([MARKED, PLAIN], [True, False]),
        ([FRAGMENT, MARKED], [True]),
        ([glued(FRAGMENT, MARKED)], [True]),
        ([glued(PLAIN, MARKED)], [False, True]),
        ([upper(PLAIN, PLAIN.height - 60)], []),
        ([strip(ahead=4)], []),
        ([], []),
    ],
)
def test_the_witness_sees_whole_copies_and_their_marks_and_nothing_in_a_fragment(tape, seen):
    assert copies(HALL, A001, tape) == seen


def test_a_kiosk_killed_at_any_step_of_a_print_loses_no_number_and_marks_every_further_copy(
    tmp_path: Path,
):
    assert_clean(kill_while_printing(tmp_path, "embedded", "1", at_random=4))

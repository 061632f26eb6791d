"""The laws of a day whose journal was brought back: no number is given twice, no paper is turned away, and the day after all is as ever."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broker.messages import (
    BlockLent,
    BorrowBlock,
    EnterTicket,
    JournalRestored,
    NoteRestore,
    OpenDay,
    Refusal,
    ReportIssuedAlone,
    ReportPrinted,
    RestoredFrom,
    TicketIssued,
)
from tests.queue.halls import MINUTE, MONDAY, TUESDAY, Day, clock, day, only

BACKUP = NoteRestore(source=RestoredFrom.BACKUP, seq=7, last_at=1, restored_at=2, whole=False)
CARD = NoteRestore(source=RestoredFrom.OLD_CARD, seq=9, last_at=1, restored_at=2)


def restored(today: Day, note: NoteRestore = BACKUP) -> JournalRestored:
    return only(JournalRestored, today.ask(note))


def alone(today: Day, ticket: str) -> ReportIssuedAlone:
    return ReportIssuedAlone(
        ticket=ticket, service="pension", day=MONDAY, issued_at=today.at - MINUTE
    )


def test_numbers_go_on_where_none_can_have_been_given():
    today = day()
    assert [today.take(), today.take()] == ["A001", "A002"]
    assert restored(today).numbers_from == 8001
    assert [today.take(), today.take(), today.take("card")] == ["A8001", "A8002", "B8001"]


def test_from_the_old_card_nothing_is_missing_and_numbers_go_on_as_they_were():
    today = day()
    today.take()
    assert restored(today, CARD).numbers_from == 0
    assert today.take() == "A002"


def test_the_technician_may_know_better():
    today = day()
    note = NoteRestore(
        source=RestoredFrom.BACKUP, seq=7, last_at=1, restored_at=2, whole=False, numbers_from=301
    )
    restored(today, note)
    assert today.take() == "A301"


def test_a_day_that_is_restored_twice_goes_on_further():
    today = day()
    restored(today)
    assert today.take() == "A8001"
    assert restored(today).numbers_from == 8501
    assert today.take() == "A8501"


def test_the_next_day_begins_as_any_other():
    today = day()
    restored(today)
    today.at = clock("00:01", TUESDAY)
    today.ask(OpenDay(day=TUESDAY))
    assert today.take() == "A001"
    assert today.ask(BorrowBlock(service="pension"), "kiosk-1")


def test_a_kiosk_hands_in_what_it_gave_out_alone_though_its_loan_is_lost_with_the_journal():
    today = day()
    restored(today)
    issued = only(TicketIssued, today.ask(alone(today, "A903"), "kiosk-1"))
    assert (issued.ticket, issued.alone) == ("A903", True)
    today.ask(ReportPrinted(ticket="A903"), "kiosk-1")
    assert today.call() == "A903"


@pytest.mark.parametrize("ticket", ["A003", "A1000", "B901"])
def test_a_number_that_no_kiosk_is_ever_lent_is_still_refused(ticket: str):
    today = day()
    restored(today)
    assert today.refuses(alone(today, ticket), "kiosk-1") is Refusal.NOT_LENT


def test_two_papers_with_one_lent_number_are_still_told():
    today = day()
    restored(today)
    today.ask(alone(today, "A903"), "kiosk-1")
    assert today.refuses(alone(today, "A903"), "kiosk-2") is Refusal.NOT_LENT


def test_on_that_day_no_more_numbers_are_lent_for_nobody_knows_which_ones_are():
    today = day()
    restored(today)
    assert today.refuses(BorrowBlock(service="pension"), "kiosk-1") is Refusal.NUMBERS_EXHAUSTED


def test_what_the_backup_knows_to_be_lent_stays_lent():
    today = day()
    only(BlockLent, today.ask(BorrowBlock(service="pension"), "kiosk-1"))
    restored(today)
    assert today.refuses(alone(today, "A901"), "kiosk-2") is Refusal.NOT_LENT
    only(TicketIssued, today.ask(alone(today, "A901"), "kiosk-1"))


def entered(today: Day, ticket: str, service: str = "pension") -> EnterTicket:
    return EnterTicket(ticket=ticket, service=service, issued_at=today.at - MINUTE)


def test_a_paper_that_the_journal_lost_is_taken_in_under_its_own_number():
    today = day(secret="secret")
    today.take()
    today.later(5 * MINUTE)
    restored(today)
    issued = only(TicketIssued, today.ask(entered(today, "A017"), "guide-1"))
    assert issued.ticket == "A017"
    # The day's secret came with the backup: the code on the lost paper is the same.
    assert issued.code
    assert [today.call(1), today.call(2)] == ["A001", "A017"], "by when they were given"
    assert today.take() == "A8001"


@pytest.mark.parametrize(
    ("ticket", "why"),
    [
        ("A001", Refusal.BAD_MESSAGE),  # the journal knows it
        ("A8001", Refusal.BAD_MESSAGE),  # is given after the restore
        ("B017", Refusal.BAD_MESSAGE),  # of another service
        ("A17", Refusal.BAD_MESSAGE),  # not as it stands on a paper
        ("A000", Refusal.BAD_MESSAGE),
    ],
)
def test_no_other_number_is_taken_in_by_hand(ticket: str, why: Refusal):
    today = day()
    today.take()
    restored(today)
    assert today.refuses(entered(today, ticket), "guide-1") is why


def test_on_any_other_day_numbers_written_by_hand_have_their_own_letter():
    today = day()
    assert today.refuses(entered(today, "A017"), "guide-1") is Refusal.BAD_MESSAGE


def test_calls_are_counted_on_from_where_no_device_has_heard_of_them():
    today = day()
    before = today.queue.last_call
    restored(today)
    assert today.queue.last_call >= before + 10_000


@settings(max_examples=40)
@given(lost=st.integers(0, 60), known=st.integers(0, 40), after=st.integers(1, 40))
def test_no_number_on_any_paper_of_the_day_is_given_again(lost: int, known: int, after: int):
    ran = day()
    papers = [ran.take() for _ in range(known)]
    backup = day()
    for _ in range(known):
        backup.take()
    papers += [ran.take() for _ in range(lost)]
    restored(backup)
    papers += [backup.take() for _ in range(after)]
    assert len(papers) == len(set(papers))

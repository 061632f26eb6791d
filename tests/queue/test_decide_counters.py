"""The laws of a counter's day: open, pause, resume, close; and whether its calls were heard."""

from __future__ import annotations

import pytest

from broker.messages import (
    AdoptSettings,
    Announced,
    AnnouncementFailed,
    CallNext,
    CallTakenUp,
    CloseCounter,
    Command,
    CounterClosed,
    CounterOpened,
    CounterPaused,
    CounterResumed,
    CounterStatus,
    Heard,
    HoldTicket,
    MarkNoShow,
    OpenCounter,
    PauseCounter,
    Recall,
    Refusal,
    ReportAnnounced,
    ReportAnnouncementFailed,
    ReportTakenUp,
    ResumeCounter,
    ReturnTicket,
    Serve,
    Transfer,
)
from broker.queue import counter_state, due, queue_state
from tests.queue.halls import MINUTE, SECOND, Day, Window, day, text_of


def test_every_counter_begins_the_day_closed():
    today = day(open_=False)
    assert counter_state(today.queue, 1).status is CounterStatus.CLOSED
    today.take()
    assert today.refuses(CallNext(counter=1)) is Refusal.COUNTER_CLOSED


def test_a_counter_opens_with_the_clerk_who_signs_on_or_the_one_in_the_settings():
    today = day(open_=False)
    assert today.ask(OpenCounter(counter=1)) == (CounterOpened(counter=1, clerk="clerk 1"),)
    assert today.ask(OpenCounter(counter=2, clerk="工号 7")) == (
        CounterOpened(counter=2, clerk="工号 7"),
    )
    assert counter_state(today.queue, 2).clerk == "工号 7"


def test_a_paused_counter_says_why_and_until_when_and_calls_nobody():
    today = day()
    today.take()
    assert today.ask(PauseCounter(counter=1, reason="午休", minutes=30)) == (
        CounterPaused(counter=1, reason="午休", until=today.at + 30 * MINUTE),
    )
    shown = counter_state(today.queue, 1)
    assert shown.status is CounterStatus.PAUSED
    assert (shown.pause_reason, shown.pause_until) == ("午休", today.at + 30 * MINUTE)
    assert today.refuses(CallNext(counter=1)) is Refusal.COUNTER_PAUSED


def test_a_pause_without_a_planned_return_has_none():
    today = day()
    today.ask(PauseCounter(counter=1))
    assert counter_state(today.queue, 1).pause_until == 0


def test_after_a_pause_the_counter_goes_on_and_shows_nothing_of_it():
    today = day()
    ticket = today.take()
    today.ask(PauseCounter(counter=1, reason="午休", minutes=30))
    assert today.ask(ResumeCounter(counter=1)) == (CounterResumed(counter=1),)
    shown = counter_state(today.queue, 1)
    assert (shown.status, shown.pause_reason, shown.pause_until) == (CounterStatus.OPEN, "", 0)
    assert today.call() == ticket


@pytest.mark.parametrize("paused", [False, True])
def test_an_open_or_paused_counter_can_be_closed_and_opened_again(paused: bool):
    today = day()
    if paused:
        today.ask(PauseCounter(counter=1))
    assert today.ask(CloseCounter(counter=1)) == (CounterClosed(counter=1),)
    assert today.ask(OpenCounter(counter=1)) == (CounterOpened(counter=1, clerk="clerk 1"),)


def test_a_change_that_changes_nothing_is_refused():
    today = day()
    assert today.refuses(OpenCounter(counter=1)) is Refusal.ALREADY_SO
    assert today.refuses(ResumeCounter(counter=1)) is Refusal.ALREADY_SO
    today.ask(PauseCounter(counter=1))
    assert today.refuses(PauseCounter(counter=1)) is Refusal.ALREADY_SO
    assert today.refuses(OpenCounter(counter=1)) is Refusal.ALREADY_SO
    today.ask(CloseCounter(counter=1))
    for command in (CloseCounter(counter=1), PauseCounter(counter=1), ResumeCounter(counter=1)):
        assert today.refuses(command) is Refusal.ALREADY_SO


@pytest.mark.parametrize("command", [PauseCounter(counter=1), CloseCounter(counter=1)])
@pytest.mark.parametrize("serving", [False, True])
def test_nobody_is_left_standing_at_a_counter_that_pauses_or_closes(
    command: Command, serving: bool
):
    today = day()
    today.take()
    today.call()
    if serving:
        today.ask(Serve(counter=1))
    assert today.refuses(command) is Refusal.COUNTER_BUSY


@pytest.mark.parametrize(
    "command",
    [
        OpenCounter(counter=9),
        CloseCounter(counter=9),
        PauseCounter(counter=9),
        ResumeCounter(counter=9),
        ReportAnnounced(counter=9, call=1, recall=0),
    ],
)
def test_a_counter_that_the_hall_does_not_have_is_unknown(command: Command):
    assert day().refuses(command) is Refusal.UNKNOWN_COUNTER


def test_the_counters_shown_for_a_service_are_those_that_serve_it_now():
    today = day(Window(services=("pension",)), Window(), Window(), open_=False)

    def shown() -> tuple[int, int]:
        services = queue_state(today.queue, today.at).services
        return services["pension"].counters, services["card"].counters

    assert shown() == (0, 0)
    today.ask(OpenCounter(counter=1))
    today.ask(OpenCounter(counter=2))
    assert shown() == (2, 1)
    today.ask(PauseCounter(counter=2))
    assert shown() == (1, 0)
    today.ask(ResumeCounter(counter=2))
    today.ask(CloseCounter(counter=1))
    assert shown() == (1, 1)


def test_a_pause_has_a_reason_and_a_return_and_a_new_pause_has_its_own():
    today = day()
    today.ask(PauseCounter(counter=1, reason="午休", minutes=30))
    today.ask(ResumeCounter(counter=1))
    today.ask(PauseCounter(counter=1))
    shown = counter_state(today.queue, 1)
    assert (shown.pause_reason, shown.pause_until) == ("", 0)


# --- who waits for one counter alone ---------------------------------------------------------------------


def sent_to_two() -> tuple[Day, str]:
    today = day(Window(), Window(), Window())
    ticket = today.take()
    today.call(1)
    today.ask(Transfer(counter=1, to_counter=2))
    return today, ticket


def test_a_counter_shows_how_many_wait_for_it_alone():
    today, _ = sent_to_two()
    assert [counter_state(today.queue, n).own for n in (1, 2, 3)] == [0, 1, 0]
    assert queue_state(today.queue, today.at).services["pension"].waiting == 0


def test_whoever_waited_for_a_counter_alone_is_called_anywhere_once_it_closes():
    today, ticket = sent_to_two()
    assert today.refuses(CallNext(counter=1)) is Refusal.NOBODY_WAITING
    today.ask(CloseCounter(counter=2))
    assert counter_state(today.queue, 2).own == 0
    assert queue_state(today.queue, today.at).services["pension"].waiting == 1
    later = today.take()
    assert [today.call(1), today.call(3)] == [ticket, later]


def test_whoever_waits_for_a_paused_counter_waits_for_its_return():
    today, ticket = sent_to_two()
    today.ask(PauseCounter(counter=2, minutes=5))
    assert today.refuses(CallNext(counter=1)) is Refusal.NOBODY_WAITING
    today.ask(ResumeCounter(counter=2))
    assert today.call(2) == ticket


def test_a_counter_that_closes_forgets_neither_who_is_on_hold_nor_who_was_missed_there():
    today = day(Window(), Window())
    held, missed = today.take(), today.take()
    today.call(1)
    today.ask(HoldTicket(counter=1))
    today.call(2)
    today.ask(Transfer(counter=2, to_counter=1))
    assert today.call(1) == missed
    today.ask(MarkNoShow(counter=1))
    today.ask(CloseCounter(counter=1))
    for ticket in (held, missed):
        today.ask(ReturnTicket(ticket=ticket), "guide-1")
    assert [today.call(2), today.queue.tickets[missed].to_counter] == [held, 0]
    today.ask(MarkNoShow(counter=2))
    assert today.call(2) == missed


def test_a_counter_that_new_settings_take_away_keeps_nobody():
    today = day(Window(), Window(), Window())
    waiting, held = today.take(), today.take()
    today.call(1)
    today.ask(Transfer(counter=1, to_counter=3))
    today.call(3)
    today.ask(Transfer(counter=3, to_counter=2))
    today.call(3)
    today.ask(HoldTicket(counter=3))
    today.ask(AdoptSettings(text=text_of((Window(),))))
    today.ask(ReturnTicket(ticket=held), "guide-1")
    assert today.call(1) == waiting
    today.ask(MarkNoShow(counter=1))
    assert today.call(1) == held


# --- heard ---------------------------------------------------------------------------------------------


def test_a_call_is_pending_until_it_was_heard():
    today = day()
    today.take()
    today.call()
    assert heard(today) is Heard.PENDING
    report = ReportAnnounced(counter=1, call=1, recall=0)
    assert today.ask(report, "voice-1") == (Announced(counter=1, call=1, recall=0),)
    assert heard(today) is Heard.YES


def test_the_clerk_sees_that_nobody_heard_the_call():
    today = day()
    today.take()
    today.call()
    report = ReportAnnouncementFailed(counter=1, call=1, recall=0, reason="the chip is silent")
    assert today.ask(report, "voice-1") == (
        AnnouncementFailed(counter=1, call=1, recall=0, reason="the chip is silent"),
    )
    assert heard(today) is Heard.NO


def test_a_recall_is_to_be_heard_anew():
    today = day()
    today.take()
    today.call()
    today.ask(ReportAnnounced(counter=1, call=1, recall=0))
    today.later(SECOND)
    today.ask(Recall(counter=1))
    assert heard(today) is Heard.PENDING
    today.ask(ReportAnnounced(counter=1, call=1, recall=0))
    assert heard(today) is Heard.PENDING
    today.ask(ReportAnnounced(counter=1, call=1, recall=1))
    assert heard(today) is Heard.YES


def test_a_report_about_a_call_that_is_over_says_nothing_of_the_next_one():
    today = day()
    today.take()
    today.take()
    today.call()
    today.ask(MarkNoShow(counter=1))
    today.call()
    assert today.ask(ReportAnnounced(counter=1, call=1, recall=0)) == (
        Announced(counter=1, call=1, recall=0),
    )
    assert heard(today) is Heard.PENDING


def test_a_report_about_a_call_that_never_was_is_refused():
    today = day()
    today.take()
    today.call()
    never = ReportAnnounced(counter=1, call=2, recall=0)
    assert today.refuses(never) is Refusal.BAD_MESSAGE


def test_a_call_of_which_no_voice_tells_anything_counts_as_unheard():
    today = day()
    today.take()
    today.call()
    today.ask(ReportTakenUp(counter=1, call=1, recall=0), "voice-1")
    assert due(today.queue, today.at + 19_999) == ()
    (silence,) = due(today.queue, today.at + 20_000)
    (failed,) = today.ask(silence)
    assert isinstance(failed, AnnouncementFailed)
    assert heard(today) is Heard.NO
    assert due(today.queue, today.at + 60_000) == ()


def test_a_call_that_no_voice_takes_up_counts_as_unheard_at_once():
    today = day()
    today.take()
    today.call()
    assert due(today.queue, today.at + 1199) == ()
    (silence,) = due(today.queue, today.at + 1200)
    (failed,) = today.ask(silence)
    assert isinstance(failed, AnnouncementFailed)
    assert "away" in failed.reason
    assert heard(today) is Heard.NO
    today.later(SECOND)
    today.ask(Recall(counter=1))
    assert due(today.queue, today.at) == ()
    (silence,) = due(today.queue, today.at + 1200)
    assert silence == ReportAnnouncementFailed(counter=1, call=1, recall=1, reason=failed.reason), (
        "a recall is to be taken up anew"
    )


def test_a_voice_that_takes_up_a_call_late_may_still_speak_it():
    today = day()
    today.take()
    today.call()
    today.later(1200)
    (silence,) = due(today.queue, today.at)
    today.ask(silence)
    today.ask(ReportTakenUp(counter=1, call=1, recall=0), "voice-1")
    assert heard(today) is Heard.PENDING
    today.ask(ReportAnnouncementFailed(counter=1, call=1, recall=0, reason="silent"), "voice-1")
    today.ask(ReportTakenUp(counter=1, call=1, recall=0), "voice-1")
    assert heard(today) is Heard.NO, "which took it up, and failed"


def test_no_voice_is_expected_to_tell_what_could_not_be_heard():
    today = day()
    today.take()
    today.call()
    later = today.at + 5000
    assert due(today.queue, later, listening_since=later) == ()
    assert due(today.queue, later + 1200, listening_since=later) != ()


def test_a_voice_that_took_up_another_call_says_nothing_of_this_one():
    today = day()
    today.take()
    today.take()
    today.call()
    today.ask(MarkNoShow(counter=1))
    today.call()
    taken = ReportTakenUp(counter=1, call=1, recall=0)
    assert today.ask(taken, "voice-1") == (CallTakenUp(counter=1, call=1, recall=0),)
    assert due(today.queue, today.at + 1200) != ()


def heard(today) -> Heard:
    call = counter_state(today.queue, 1).call
    assert call is not None
    return call.heard

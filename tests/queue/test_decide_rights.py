"""The laws of who may ask what: each device for itself, people by their role, and the hub's own for the hub alone."""

from __future__ import annotations

from contextlib import suppress
from typing import get_args

import pytest

from broker.messages import (
    Act,
    AdoptSettings,
    AnswerGuide,
    AnswerHelp,
    BookAppointment,
    BorrowBlock,
    CallForHelp,
    CallGuide,
    CallNext,
    CallTicket,
    CancelAppointment,
    CancelTicket,
    ChangeService,
    CloseCounter,
    CloseTicket,
    Command,
    CommandRejected,
    DeclareEmergency,
    Deed,
    DeviceCommand,
    EndEmergency,
    EndSession,
    EnterTicket,
    GiveReasons,
    HoldTicket,
    HubCommand,
    IssueTicket,
    LapseMissed,
    LapseRating,
    Level,
    MarkNoShow,
    NoteClockStep,
    NoteDeed,
    NoteRestore,
    OpenCounter,
    OpenDay,
    PauseCounter,
    PostNotice,
    Rate,
    Recall,
    Refusal,
    ReportAnnounced,
    ReportAnnouncementFailed,
    ReportDoneAlone,
    ReportIssuedAlone,
    ReportPrinted,
    ReportPrintFailed,
    ReportTakenUp,
    Reprint,
    RestoredFrom,
    ResumeCounter,
    ResumeIssuing,
    ReturnTicket,
    Serve,
    StopIssuing,
    Transfer,
    UndoCall,
    VoidTicket,
    Withdraw,
)
from broker.queue.rights import ASKED_BY
from tests.queue.halls import MONDAY, NINE, day

Commands = tuple[Command, ...]
ALL = (
    "panel-1",
    "panel-2",
    "kiosk-1",
    "pad-1",
    "pad-2",
    "voice-1",
    "voice-2",
    "guide-1",
    "supervisor-1",
)
COUNTER: Commands = (
    OpenCounter(counter=1),
    CloseCounter(counter=1),
    PauseCounter(counter=1),
    ResumeCounter(counter=1),
)
PANEL: Commands = (
    CallNext(counter=1),
    UndoCall(counter=1),
    Recall(counter=1),
    Serve(counter=1),
    CloseTicket(counter=1),
    MarkNoShow(counter=1),
    HoldTicket(counter=1),
    Transfer(counter=1, to_service="card"),
    ReportDoneAlone(counter=1, ticket="A001", day=MONDAY, act=Act.CALLED, done_at=NINE),
    CallForHelp(counter=1, called_at=NINE),
)
PAPER: Commands = (
    ReportPrinted(ticket="A001"),
    ReportPrintFailed(ticket="A001", reason="jam"),
    VoidTicket(ticket="A001", reason="jam"),
)
ALONE: Commands = (
    BorrowBlock(service="pension"),
    ReportIssuedAlone(ticket="A901", service="pension", day=MONDAY, issued_at=NINE),
    Withdraw(command_id="c1"),
    CallGuide(kiosk="kiosk-1"),
)
VISITOR: Commands = (
    IssueTicket(service="pension"),
    CancelTicket(ticket="A001"),
    ChangeService(ticket="A001", to_service="card"),
    Reprint(ticket="A001"),
)
BACK: Commands = (ReturnTicket(ticket="A001"),)
PEOPLE: Commands = (
    EnterTicket(ticket="X001", service="pension", issued_at=NINE),
    BookAppointment(code="K", service="pension", starts=NINE, ends=NINE + 1),
    CancelAppointment(code="K"),
    AnswerHelp(counter=1),
    AnswerGuide(kiosk="kiosk-1"),
)
SUPERVISOR: Commands = (
    StopIssuing(),
    ResumeIssuing(),
    DeclareEmergency(text="请从最近的出口离开"),
    EndEmergency(),
    PostNotice(text="3号窗口下午暂停"),
    CallTicket(counter=1, ticket="A001", reason="an infant"),
)
PAD: Commands = (
    Rate(counter=1, day=MONDAY, ticket="A001", level=Level.SATISFIED, pressed_at=1),
    GiveReasons(counter=1, day=MONDAY, ticket="A001", reasons=("wait",)),
)
VOICE: Commands = (
    ReportTakenUp(counter=1, call=1, recall=0),
    ReportAnnounced(counter=1, call=1, recall=0),
    ReportAnnouncementFailed(counter=1, call=1, recall=0, reason="silent"),
)
HUB: Commands = (
    AdoptSettings(text=""),
    OpenDay(day=MONDAY),
    EndSession(service="pension"),
    LapseMissed(ticket="A001"),
    LapseRating(counter=1, ticket="A001"),
    NoteClockStep(by_ms=1),
    NoteDeed(deed=Deed.PIN_SET, name="wang", done_at=1),
    NoteRestore(source=RestoredFrom.BACKUP, seq=1, last_at=1, restored_at=1),
)
MAY: dict[Commands, tuple[str, ...]] = {
    COUNTER: ("panel-1", "supervisor-1"),
    PANEL: ("panel-1",),
    PAPER: ("kiosk-1",),
    ALONE: ("kiosk-1",),
    VISITOR: ("kiosk-1", "guide-1", "supervisor-1"),
    BACK: ("kiosk-1", "panel-1", "panel-2", "guide-1", "supervisor-1"),
    PEOPLE: ("guide-1", "supervisor-1"),
    SUPERVISOR: ("supervisor-1",),
    PAD: ("pad-1",),
    VOICE: ("voice-1",),
    HUB: (),
}
PAIRS = [(command, who) for commands in MAY for command in commands for who in ALL]


def named(value: object) -> str:
    return value if isinstance(value, str) else type(value).__name__


def may(command: Command) -> tuple[str, ...]:
    return next(who for commands, who in MAY.items() if command in commands)


@pytest.mark.parametrize(
    ("command", "stranger"), [(c, who) for c, who in PAIRS if who not in may(c)], ids=named
)
def test_nobody_may_ask_what_is_anothers(command: Command, stranger: str):
    assert day().refuses(command, stranger) is Refusal.NOT_YOURS


@pytest.mark.parametrize(
    ("command", "sender"), [(c, who) for c, who in PAIRS if who in may(c)], ids=named
)
def test_each_may_ask_its_own(command: Command, sender: str):
    today = day(secret="secret")
    today.take(printed=False)
    with suppress(CommandRejected):
        today.ask(command, sender)
        return
    assert today.refuses(command, sender) is not Refusal.NOT_YOURS


@pytest.mark.parametrize("command", [c for commands in MAY for c in commands], ids=named)
def test_who_is_not_in_the_settings_may_ask_nothing_and_the_hub_itself_everything(
    command: Command,
):
    today = day()
    for stranger in ("panel-9", "guide-9", "hall"):
        assert today.refuses(command, stranger) is Refusal.NOT_YOURS
    if command not in PAPER:  # which is that of a kiosk, whoever asks
        with suppress(CommandRejected):
            today.ask(command)
            return
        assert today.refuses(command) is not Refusal.NOT_YOURS


def test_every_command_has_its_place_in_this_table():
    listed = {type(command) for commands in MAY for command in commands}
    assert listed == {*DeviceCommand.__args__, *HubCommand.__args__}


def test_a_refusal_of_rights_names_who_asked_and_what():
    with pytest.raises(
        CommandRejected, match="caller_panel 'panel-2' may not ask CallNext of counter 1"
    ):
        day().ask(CallNext(counter=1), "panel-2")
    with pytest.raises(CommandRejected, match="'kiosk-1' may not ask CallGuide"):
        day().ask(CallGuide(kiosk="kiosk-2"), "kiosk-1")
    with pytest.raises(CommandRejected, match="guide's console 'guide-1' may not ask StopIssuing"):
        day().ask(StopIssuing(), "guide-1")


def test_every_command_of_a_device_is_for_some_kind_of_device_or_for_people_alone():
    for_people = {
        EnterTicket,
        BookAppointment,
        CancelAppointment,
        StopIssuing,
        ResumeIssuing,
        CallTicket,
        AnswerHelp,
        DeclareEmergency,
        EndEmergency,
        PostNotice,
        AnswerGuide,
    }
    assert ASKED_BY.keys() | for_people == set(get_args(DeviceCommand))
    assert not ASKED_BY.keys() & for_people

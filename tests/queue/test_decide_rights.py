"""The laws of who may ask what: each device for itself, and the hub's own commands for the hub alone."""

from __future__ import annotations

import pytest

from broker.messages import (
    AdoptSettings,
    CallNext,
    CloseCounter,
    CloseTicket,
    Command,
    CommandRejected,
    DeviceCommand,
    HubCommand,
    IssueTicket,
    LapseRating,
    Level,
    MarkNoShow,
    NoteClockStep,
    OpenCounter,
    OpenDay,
    PauseCounter,
    Rate,
    Recall,
    Refusal,
    ReportAnnounced,
    ReportAnnouncementFailed,
    ReportPrinted,
    ReportPrintFailed,
    ResumeCounter,
    Serve,
    Transfer,
    VoidTicket,
)
from tests.queue.halls import MONDAY, day

PANEL: tuple[Command, ...] = (
    OpenCounter(counter=1),
    CloseCounter(counter=1),
    PauseCounter(counter=1),
    ResumeCounter(counter=1),
    CallNext(counter=1),
    Recall(counter=1),
    Serve(counter=1),
    CloseTicket(counter=1),
    MarkNoShow(counter=1),
    Transfer(counter=1, to_service="card"),
)
KIOSK: tuple[Command, ...] = (
    IssueTicket(service="pension"),
    ReportPrinted(ticket="A001"),
    ReportPrintFailed(ticket="A001", reason="jam"),
    VoidTicket(ticket="A001", reason="jam"),
)
PAD: tuple[Command, ...] = (
    Rate(counter=1, day=MONDAY, ticket="A001", level=Level.SATISFIED, pressed_at=1),
)
VOICE: tuple[Command, ...] = (
    ReportAnnounced(counter=1, call=1, recall=0),
    ReportAnnouncementFailed(counter=1, call=1, recall=0, reason="silent"),
)
HUB: tuple[Command, ...] = (
    AdoptSettings(text=""),
    OpenDay(day=MONDAY),
    LapseRating(counter=1, ticket="A001"),
    NoteClockStep(by_ms=1),
)
STRANGERS = {
    PANEL: ("panel-2", "kiosk-1", "pad-1", "voice-1"),
    KIOSK: ("panel-1", "pad-1", "voice-1"),
    PAD: ("pad-2", "panel-1", "kiosk-1", "voice-1"),
    VOICE: ("voice-2", "panel-1", "kiosk-1", "pad-1"),
    HUB: ("panel-1", "kiosk-1", "pad-1", "voice-1"),
}


@pytest.mark.parametrize(
    ("command", "stranger"),
    [(c, s) for commands, strangers in STRANGERS.items() for c in commands for s in strangers],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_device_may_not_ask_for_another(command: Command, stranger: str):
    assert day().refuses(command, stranger) is Refusal.NOT_YOURS


@pytest.mark.parametrize("command", [*PANEL, *KIOSK, *PAD, *VOICE], ids=lambda c: type(c).__name__)
def test_a_device_that_the_settings_do_not_know_may_ask_nothing(command: Command):
    assert day().refuses(command, "panel-9") is Refusal.NOT_YOURS


@pytest.mark.parametrize(
    ("commands", "device"),
    [(PANEL, "panel-1"), (KIOSK, "kiosk-1"), (PAD, "pad-1"), (VOICE, "voice-1")],
)
def test_a_device_may_ask_its_own(commands: tuple[Command, ...], device: str):
    for command in commands:
        today = day()
        try:
            today.ask(command, device)
        except ValueError:
            assert today.refuses(command, device) is not Refusal.NOT_YOURS


def test_every_command_has_one_who_may_ask_it():
    listed = {type(command) for commands in STRANGERS for command in commands}
    assert listed == {*DeviceCommand.__args__, *HubCommand.__args__}


def test_a_refusal_of_rights_names_the_device_and_what_it_asked():
    with pytest.raises(
        CommandRejected, match="caller_panel 'panel-2' may not ask CallNext of counter 1"
    ):
        day().ask(CallNext(counter=1), "panel-2")

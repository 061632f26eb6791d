"""`jiaohao ask`: words become a command or a sentence about them; the hub's answer becomes words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from broker.ask import COMMANDS, Misspelt, command_of, in_words, listing, main, moment
from broker.hub_line import NoAnswer
from broker.loading import SettingsFault
from broker.messages import (
    Appointment,
    AppointmentBooked,
    CallTicket,
    CommandRefused,
    CounterPaused,
    DeviceCommand,
    EnterTicket,
    Event,
    HoldTicket,
    IssuingStopped,
    Level,
    OpenCounter,
    Rate,
    Refusal,
    StopIssuing,
    TicketCalled,
    TicketIssued,
    TicketReturned,
    Wait,
)
from tests.queue.desks import SAMPLE, Desk
from tests.queue.halls import NINE, hall_of
from tests.queue.ports import Hub, hub_in

ZONE = ZoneInfo("Asia/Shanghai")
HALL = hall_of(SAMPLE)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with hub_in(tmp_path, SAMPLE) as hub:
        yield hub


# --- from words to a command -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ("OpenCounter counter=3", OpenCounter(counter=3)),
        (
            "CallTicket counter=3 ticket=A017 reason=行动不便",
            CallTicket(counter=3, ticket="A017", reason="行动不便"),
        ),
        ("StopIssuing services=pension,card", StopIssuing(services=("pension", "card"))),
        ("StopIssuing services=", StopIssuing()),
        ("HoldTicket counter=1 anywhere=true", HoldTicket(counter=1, anywhere=True)),
        (
            "EnterTicket ticket=X1 service=card issued_at=2026-11-23_09:00",
            EnterTicket(ticket="X1", service="card", issued_at=NINE),
        ),
        (
            "Rate counter=1 day=2026-11-23 ticket=A001 level=satisfied pressed_at=2026-11-23_09:00",
            Rate(
                counter=1, day="2026-11-23", ticket="A001", level=Level.SATISFIED, pressed_at=NINE
            ),
        ),
    ],
)
def test_words_become_a_command(words: str, command: DeviceCommand):
    name, *fields = (word.replace("_09", " 09") for word in words.split())
    assert command_of(name, fields, ZONE) == command


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("CalTicket", "'CalTicket' is no command; did you mean 'CallTicket'?"),
        ("OpenDay", "'OpenDay' is no command"),
        ("OpenCounter conter=3", "OpenCounter has no field 'conter'; did you mean 'counter'?"),
        ("OpenCounter counter=three", "'counter' must be a whole number, not the text 'three'"),
        ("OpenCounter counter=-1", "'counter' must be at least 0, not -1"),
        ("OpenCounter counter=12345", "'counter' must be at most 9999, not 12345"),
        ("OpenCounter 3", "'3' is no field=value; with spaces in it, put it in quotes"),
        ("OpenCounter", "OpenCounter needs counter=..."),
        ("HoldTicket counter=1 anywhere=maybe", "'anywhere' must be true or false"),
        (f"Reprint ticket={'A' * 41}", "'ticket' must have at most 40 characters; it has 41"),
        ("EnterTicket issued_at=25:61", "issued_at: '25:61' is no time; write it as 2026-11-25"),
        ("Rate level=good", "'good' is no 'level'; known here are: very_satisfied,"),
    ],
)
def test_what_is_no_command_is_told_with_its_likely_meaning(words: str, sentence: str):
    name, *fields = words.split()
    with pytest.raises(Misspelt, match=re.escape(sentence)):
        command_of(name, fields, ZONE)


def test_every_mistake_is_told_at_once_and_how_it_is_written():
    with pytest.raises(Misspelt) as told:
        command_of("CallTicket", ["conter=3", "ticket"], ZONE)
    assert str(told.value).splitlines()[1:] == [
        "'ticket' is no field=value; with spaces in it, put it in quotes",
        "it is written as: CallTicket counter= ticket= reason=",
    ]


def test_a_clock_time_is_todays():
    command = command_of("EnterTicket", ["ticket=X1", "service=card", "issued_at=9:41"], ZONE)
    assert isinstance(command, EnterTicket)
    at = datetime.fromtimestamp(command.issued_at / 1000, ZONE)
    assert f"{at:%H:%M}" == "09:41"
    assert abs(at - datetime.now(ZONE)).days < 2  # a test may run over midnight


@pytest.mark.parametrize(
    "text", ["2026-11-23 09:00", "2026/11/23 9:00", "2026-11-23 9:00", "2026/11/23 09:00:00"]
)
def test_a_time_may_be_written_as_spreadsheets_do(text: str):
    assert moment(text, ZONE) == NINE


# --- what may be asked -----------------------------------------------------------------------------


def listed(console: str) -> set[str]:
    lines = listing(HALL, console).splitlines()
    return {line.split()[0] for line in lines if not line.startswith(" ")}


def test_each_console_is_told_what_its_person_may_ask_and_no_more():
    guide, supervisor = listed("guide-1"), listed("supervisor-1")
    assert guide < supervisor < set(COMMANDS)
    assert {"IssueTicket", "ReturnTicket", "BookAppointment"} <= guide
    assert {"CallTicket", "StopIssuing", "PauseCounter"} <= supervisor - guide
    assert not supervisor & {"CallNext", "Rate", "ReportPrinted", "VoidTicket"}


def test_the_list_says_how_a_command_is_written_and_what_it_does():
    lines = listing(HALL, "supervisor-1").splitlines()
    at = lines.index("CallTicket counter= ticket= reason=")
    assert lines[at + 1] == "    Out of order: a supervisor's right, with the reason."
    assert "OpenCounter counter= [clerk=]" in lines


# --- in words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (
            TicketCalled(
                ticket="A017", counter=3, call=12, rule="supervisor", candidates=5, place=2
            ),
            "ticket called: ticket A017, counter 3, call 12, rule supervisor, candidates 5, place 2",
        ),
        (
            CounterPaused(counter=1, reason="午休", until=NINE),
            "counter paused: counter 1, reason 午休, until 2026-11-23 09:00",
        ),
        (
            AppointmentBooked(
                appointment=Appointment(code="K1", service="card", starts=NINE, ends=NINE)
            ),
            "appointment booked: code K1, service card, starts 2026-11-23 09:00, ends 2026-11-23 09:00",
        ),
        (
            TicketIssued(
                ticket="X1",
                service="card",
                kiosk="",
                issued_at=NINE,
                ahead=0,
                by_hand=True,
                wait=Wait(3, 8),
            ),
            "ticket issued: ticket X1, service card, issued at 2026-11-23 09:00, ahead 0, wait 3 to 8 min, by hand",
        ),
        (TicketReturned(ticket="A017", place=(NINE, 3, 0)), "ticket returned: ticket A017"),
        (IssuingStopped(services=("pension", "card")), "issuing stopped: services pension card"),
    ],
)
def test_an_event_is_a_line_that_a_person_reads(event: Event, line: str):
    assert in_words(event, ZONE) == line


# --- the line to the hub ---------------------------------------------------------------------------


def test_what_was_written_down_is_the_answer(hub: Hub):
    with Desk(hub).line() as line:
        (opened,) = line.ask(OpenCounter(counter=2), "c1")
    assert in_words(opened, ZONE) == "counter opened: counter 2, clerk 工号 025"


def test_a_guides_call_out_of_order_is_refused(hub: Hub):
    with Desk(hub, "guide-1").line() as line:
        (refused,) = line.ask(CallTicket(counter=1, ticket="A001", reason="because"), "c1")
    assert isinstance(refused, CommandRefused)
    assert refused.code is Refusal.NOT_YOURS
    assert refused.reason == "guide's console 'guide-1' may not ask CallTicket of counter 1"


def test_who_gives_a_name_asks_with_it_and_with_the_pin(hub: Hub):
    desk = Desk(hub)
    with desk.line(person=("wang", "270431")) as line:
        line.ask(OpenCounter(counter=2), "c1")
    assert [(request.staff, request.pin) for request in desk.asked] == [("wang", "270431")]


def test_without_an_answer_the_same_is_asked_again_under_its_id(hub: Hub):
    desk = Desk(hub, deaf=2)
    with desk.line(resend_s=0.001) as line:
        line.ask(OpenCounter(counter=2), "c1")
    assert len(desk.asked) == 3
    assert len(set(map(msgspec.json.encode, desk.asked))) == 1


def test_what_is_asked_goes_stale_when_patience_ends(hub: Hub):
    desk = Desk(hub)
    with desk.line(patience_s=7) as line:
        line.ask(OpenCounter(counter=2), "c1")
    (request,) = desk.asked
    assert request.expires is not None
    assert 6_500 <= request.expires - NINE <= 7_000


@pytest.mark.parametrize(
    ("up", "why"),
    [(False, "the coordinator of this hall is down"), (None, "no coordinator of this hall")],
)
def test_nobody_there_is_told_and_nothing_is_asked(hub: Hub, up: bool | None, why: str):
    desk = Desk(hub)
    desk.up = up
    with desk.line(patience_s=0.01) as line, pytest.raises(NoAnswer, match=why):
        line.ask(OpenCounter(counter=2), "c1")
    assert desk.asked == []


def test_a_hub_that_cannot_write_is_quoted(hub: Hub):
    hub.journal.broken = True
    with Desk(hub).line(patience_s=0.01) as line, pytest.raises(NoAnswer, match="the disk is gone"):
        line.ask(OpenCounter(counter=2), "c1")


def test_an_answer_to_somebody_elses_question_is_not_ours(hub: Hub):
    desk = Desk(hub)
    with desk.line() as line:
        desk.say("jiaohao/sample/answer/supervisor-1", b'{"command_id":"other","events":[]}')
        desk.say("jiaohao/sample/answer/supervisor-1", b"junk")
        assert line.ask(OpenCounter(counter=2), "c1") != ()


# --- the command itself ----------------------------------------------------------------------------


def asked(tmp_path: Path, *words: str, console: str = "supervisor-1") -> int:
    hall = tmp_path / "hall.toml"
    hall.write_text(SAMPLE, encoding="utf-8")
    return main(["--hall", str(hall), "--as", console, "--broker", "127.0.0.1:1", *words])


def test_a_console_that_the_hall_does_not_have_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert asked(tmp_path, "--list", console="supervisor") == 2
    said = capsys.readouterr().err
    assert "there is no console 'supervisor'; did you mean 'supervisor-1'?" in said


def test_a_misspelt_command_is_never_sent(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert asked(tmp_path, "CallTicket", "conter=3") == 2
    assert "did you mean 'counter'?" in capsys.readouterr().err


def test_without_a_command_the_list_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert asked(tmp_path) == 0
    assert capsys.readouterr().out == listing(HALL, "supervisor-1")


def test_settings_that_cannot_be_read_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    missing = str(tmp_path / "none.toml")
    assert main(["--hall", missing, "--as", "x", "--list"]) == 2
    assert f"{missing}: cannot be read" in capsys.readouterr().err
    assert issubclass(SettingsFault, ValueError)

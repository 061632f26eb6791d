"""The laws of silent help: the clerk alone sees that it was called, and the lamps of those who come are lit until somebody has."""

from __future__ import annotations

import msgspec
import pytest

from broker.hearing import Alone, Answered, Kept, Together
from broker.messages import CallForHelp, CommandRefused, CounterState, HelpCalled, Refusal
from broker.settings import Hall, Kind
from firmware.announcer import hardware as announcer_hardware
from firmware.announcer.announcer import Announcer
from firmware.caller_panel import hardware as panel_hardware
from firmware.caller_panel.panel import CallerPanel
from firmware.counter_display.display import CounterDisplay
from firmware.device import KeyPressed, LightLamp, Past, Send, Thinking
from firmware.hal.lamps import Light
from firmware.hall_display.display import HallDisplay
from firmware.rating_pad.pad import RatingPad
from hal_mocks.lamps import MockLamps
from tests.devices.among import NOW, asks, bar, clerk, lamps, when
from tests.devices.panels import called, idle, panel_of

HELP = KeyPressed("help")
CALL = CallForHelp(counter=1, called_at=NOW)
KEPT = Kept("panel-1", CALL)


def calling(counter: int = 1, since: int = NOW) -> CounterState:
    return msgspec.structs.replace(idle(counter), help_since=since)


# --- the panel -------------------------------------------------------------------------------------


def test_the_key_asks_once_and_never_goes_stale(hall: Hall):
    panel = panel_of(hall)
    assert panel.handle(HELP, NOW) == (Send(CALL, None),)
    assert panel.handle(HELP, NOW + 1) == ()
    assert asks(when(panel, KEPT, HELP)) == []


def test_the_key_asks_alone_or_not_and_whatever_else_is_on_its_way(hall: Hall):
    busy, alone = panel_of(hall), panel_of(hall)
    when(busy, KeyPressed("next"))
    assert asks(when(busy, HELP)) == [CALL]
    assert asks(when(alone, Alone("gone"), HELP)) == [CALL]


def test_it_holds_up_no_other_press(hall: Hall):
    panel = panel_of(hall)
    when(panel, HELP)
    assert len(asks(when(panel, KeyPressed("next")))) == 1


def test_the_clerk_alone_sees_a_mark_first_of_the_disk_then_of_the_hub(hall: Hall):
    panel = panel_of(hall)
    quiet = panel.handle(idle(), NOW)
    when(panel, HELP)
    noted = panel.handle(KEPT, NOW)
    assert clerk(noted) == f"{clerk(quiet)} ·"
    at_the_hub = panel.handle(calling(), NOW)
    assert clerk(at_the_hub) == f"{clerk(quiet)} ··"
    assert bar(noted) == bar(at_the_hub) == bar(quiet)
    assert lamps(noted) == lamps(at_the_hub) == lamps(quiet)
    when(panel, Answered(CALL, (HelpCalled(counter=1, called_at=NOW),)))
    assert clerk(panel.handle(idle(), NOW)) == clerk(quiet)


def test_nothing_is_shown_before_it_is_written_down(hall: Hall):
    panel = panel_of(hall)
    assert when(panel, HELP) == (Send(CALL, None),)
    assert not clerk(panel.handle(idle(), NOW)).endswith("·")


def test_a_message_to_the_clerk_has_the_mark_too(hall: Hall):
    panel = panel_of(hall)
    when(panel, calling())
    assert clerk(when(panel, KeyPressed("nonsense"))) == "此键未设置 ··"


def test_once_it_was_answered_the_key_calls_again(hall: Hall):
    panel = panel_of(hall)
    when(panel, HELP, calling(), Answered(CALL, (HelpCalled(counter=1, called_at=NOW),)), idle())
    assert len(asks(when(panel, HELP, now=NOW + 9))) == 1


def test_after_a_power_cut_what_is_on_the_disk_is_marked_and_not_asked_twice(hall: Hall):
    panel = CallerPanel(hall, hall.counter[1], past=Past(kept=(CALL,)))
    assert clerk(panel.start()).endswith(" ·")
    assert asks(when(panel, Together(), idle(), HELP)) == []


def test_a_hub_that_knew_of_it_is_no_trouble_and_one_that_refuses_it_is_told(hall: Hall):
    known, strange = panel_of(hall), panel_of(hall)
    for panel, code, said in (
        (known, Refusal.ALREADY_SO, "··"),
        (strange, Refusal.NOT_YOURS, "求助未送达 请报修"),
    ):
        when(panel, HELP, calling() if panel is known else idle())
        refused = CommandRefused(code=code, reason="an English reason for the log")
        assert clerk(when(panel, Answered(CALL, (refused,)))).endswith(said)


def test_no_screen_no_pad_and_no_voice_tells_that_somebody_calls(hall: Hall):
    minds: list[Thinking] = [
        HallDisplay(hall, (1, 2, 3)),
        CounterDisplay(hall, hall.counter[1]),
        RatingPad(hall.phrases, 1, 3.0),
        Announcer(hall, (1, 2, 3), {}),
    ]
    for mind in minds:
        when(mind, Together(), idle())
        assert [e for e in mind.handle(calling(), NOW) if not isinstance(e, LightLamp)] == []


# --- the lamps -------------------------------------------------------------------------------------


@pytest.fixture
def announcer(hall: Hall) -> Announcer:
    announcer = Announcer(hall, (1, 2, 3), {})
    announcer.start()
    return announcer


def test_the_lamps_of_hall_and_counter_are_lit_while_a_call_is_open(announcer: Announcer):
    lit = {"help": Light.BLINK, "help:2": Light.BLINK}
    assert lamps(when(announcer, calling(2))) == lit
    assert when(announcer, calling(2)) == ()
    assert lamps(when(announcer, calling(3))) == {"help": Light.BLINK, "help:3": Light.BLINK}
    assert lamps(when(announcer, idle(2))) == {"help": Light.BLINK, "help:2": Light.OFF}
    assert lamps(when(announcer, idle(3))) == {"help": Light.OFF, "help:3": Light.OFF}


def test_lamps_change_only_with_a_call_for_help(announcer: Announcer):
    assert lamps(when(announcer, idle(1), called(1), idle(1))) == {}


def test_alone_the_lamps_stay_as_they_are(announcer: Announcer):
    when(announcer, Together(), calling(1))
    assert lamps(when(announcer, Alone("gone"))) == {}


def test_the_lamps_light_what_the_thinking_tells(hall: Hall):
    hardware = msgspec.convert(ANNOUNCER, announcer_hardware.Hardware)
    parts = announcer_hardware.wiring(hall, hardware).parts
    mock = MockLamps(["help"])
    parts["lamps"][LightLamp](mock, LightLamp("help", Light.BLINK))
    assert mock.lit == {"help": Light.BLINK}


# --- the settings ----------------------------------------------------------------------------------

ANNOUNCER = {
    "voice": {"model": "syn6288", "port": "serial:/dev/ttyS0"},
    "lamps": {"model": "lcus", "port": "serial:/dev/ttyUSB0", "lamps": {"help": 1, "help:3": 2}},
}
LED = {"model": "onbon", "card": "6K", "port": "tcp:192.168.1.60", "width": 192, "height": 16}
GPIO = {"model": "gpio", "keys": {"next": 2, "serve": 3}}


def test_each_counter_of_a_zone_has_a_lamp_and_others_have_none(hall: Hall):
    device = next(d for d in hall.device.values() if d.kind is Kind.ANNOUNCER)
    hardware = msgspec.convert(ANNOUNCER, announcer_hardware.Hardware)
    assert list(announcer_hardware.problems(hall, device, hardware)) == []
    lamps = {"model": "lcus", "port": "serial:/dev/ttyUSB0", "lamps": {"help:9": 1, "halp": 2}}
    wrong = ANNOUNCER | {"lamps": lamps}
    hardware = msgspec.convert(wrong, announcer_hardware.Hardware)
    found = [p.sentence for p in announcer_hardware.problems(hall, device, hardware)]
    assert found[0].startswith("'help:9' is no lamp of this announcer")
    assert found[1] == "'halp' is no lamp of this announcer; did you mean 'help'?"


def told(hall: Hall, **parts) -> list[str]:
    hardware = msgspec.convert({"keys": GPIO, "led": LED} | parts, panel_hardware.Hardware)
    found = panel_hardware.problems(hall, hall.device["panel-1"], hardware)
    return [problem.sentence for problem in found]


def with_lamp(hall: Hall, lamp: str) -> Hall:
    """The hall with such a lamp at its announcer."""
    (voice,) = (one for one in hall.device.values() if one.kind is Kind.ANNOUNCER)
    lamps = {"model": "lcus", "port": "serial:/dev/ttyUSB9", "lamps": {lamp: 1}}
    lit = msgspec.structs.replace(voice, hardware=voice.hardware | {"lamps": lamps})
    boards = tuple(
        msgspec.structs.replace(
            board, devices=tuple(lit if one is voice else one for one in board.devices)
        )
        for board in hall.boards
    )
    return msgspec.structs.replace(hall, boards=boards)


CONTACT = {"model": "modbus", "port": "serial:/dev/ttyUSB0", "keys": {"help": 1}}
AMONG_ITS_KEYS = {"model": "gpio", "keys": {"next": 2, "serve": 3, "help": 4}}


@pytest.mark.parametrize("parts", [{"help": CONTACT}, {"keys": AMONG_ITS_KEYS}])
def test_a_call_for_help_that_nobody_would_see_is_no_settings(hall: Hall, parts):
    for other in (hall, with_lamp(hall, "help:2")):
        (sentence,) = told(other, **parts)
        assert sentence.startswith("nobody would see counter 1 call for help")
    for seen in ("help", "help:1"):
        assert told(with_lamp(hall, seen), **parts) == []


def test_a_contact_to_call_for_help_has_no_other_keys(hall: Hall):
    both = CONTACT | {"keys": {"help": 1, "halp": 2}}
    (sentence,) = told(with_lamp(hall, "help"), help=both)
    assert sentence == "'halp' is no key to call for help; did you mean 'help'?"

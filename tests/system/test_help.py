"""A clerk's silent call for help, over a real broker and through a dead hub: lit at the desk, answered at a console, written down."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.system.stage import SAMPLE, Stage, staged, wait_until
from tests.system.test_console import ask

pytestmark = pytest.mark.needs("mosquitto")


CONTACT = """\
help = { model = "modbus", port = "serial:/dev/ttyUSB8", keys = { help = 1 }, normally_closed = ["help"], hold_ms = { help = 2000 } }
"""
VOICE = 'voice = { model = "syn6288", port = "serial:/dev/serial0" }\n'
TOWER = 'lamps = { model = "modbus", port = "serial:/dev/ttyUSB9", lamps = { help = 1, "help:1" = 2, "help:2" = 3 } }\n'


def guarded_hall(folder: Path) -> Path:
    """The sample hall with a contact under counter 1's desk, and a light tower at the guard's."""
    text = SAMPLE.read_text(encoding="utf-8")
    begin = text.index('id = "panel-1"')
    led = text.index("led =", begin)
    text = text[:led] + CONTACT + text[led:]
    assert text.count(VOICE) == 1
    hall = folder / "hall.toml"
    hall.write_text(text.replace(VOICE, VOICE + TOWER), encoding="utf-8")
    return hall


def lit(stage: Stage) -> dict[str, str]:
    found: dict[str, str] = stage.now.get(("voice-1", "lamps"), {}).get("lit", {})
    return found


DARK = {"help": "off", "help:1": "off", "help:2": "off"}
LIT = {"help": "blink", "help:1": "blink", "help:2": "off"}


def test_a_call_made_while_the_hub_was_dead_is_lit_until_a_console_answers_it(tmp_path: Path):
    hall = guarded_hall(tmp_path)
    with staged(tmp_path, boards=("counter-1", "hall-1"), hall=hall) as stage:
        bar = stage.shows("panel-1", "led", "1号窗口")["text"]
        wait_until("the tower is dark", lambda: lit(stage) == DARK)
        stage.kill("hub")
        stage.shows("panel-1", "display", "与主机断开")
        stage.do("panel-1", "help", "press", "help")
        stage.shows("panel-1", "display", " ·")
        # The panel, too, loses its power before the hub is back.
        stage.kill("counter-1")
        stage.now.pop(("panel-1", "display"))
        stage.start_board("counter-1")
        stage.shows("panel-1", "display", " ·")
        assert lit(stage) == DARK
        stage.start_hub()
        wait_until("the tower is lit", lambda: lit(stage) == LIT)
        stage.shows("panel-1", "display", " ··")
        assert stage.shows("panel-1", "led", "1号窗口")["text"] == bar
        # So it is for a hub, and for a tower's board, that start anew.
        for name, start in (
            ("hub", stage.start_hub),
            ("hall-1", lambda: stage.start_board("hall-1")),
        ):
            stage.kill(name)
            if name == "hall-1":
                stage.now.pop(("voice-1", "lamps"))
            start()
            wait_until("the tower is lit again", lambda: lit(stage) == LIT)
        answer = ("AnswerHelp", "counter=1", "outcome=已平息")

        def answered() -> bool:
            return ask(stage, "guide-1", *answer)[0] == 0

        wait_until("the guide has answered", answered)
        wait_until("the tower is dark again", lambda: lit(stage) == DARK)
        assert ask(stage, "guide-1", *answer)[0] == 1
        told = [(kind, body) for kind, body in stage.journal() if kind.startswith("Help")]
        assert [kind for kind, _ in told] == ["HelpCalled", "HelpAnswered"]
        assert told[0][1]["counter"] == 1
        assert told[1][1] == {**told[1][1], "by": "guide-1", "outcome": "已平息"}

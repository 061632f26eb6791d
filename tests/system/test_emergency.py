"""An emergency over a real broker, through a dead hub: shown and said, kept over its restart, ended at a console, written down."""

from __future__ import annotations

from pathlib import Path

import pytest

from broker.messages import CommandRefused, IssueTicket, Refusal
from tests.system.stage import Stage, staged, wait_until
from tests.system.test_console import ask

pytestmark = pytest.mark.needs("mosquitto")

EXIT = "请从最近的出口有序离开"


def said(stage: Stage) -> list[str]:
    voice = stage.now.get(("voice-1", "voice"), {})
    return [*voice.get("said", []), voice.get("saying", "")]


def test_it_is_shown_and_said_everywhere_until_a_supervisor_ends_it_and_no_restart_forgets_it(
    tmp_path: Path,
):
    with staged(tmp_path, boards=("counter-1", "hall-1")) as stage:
        kiosk = stage.peer("kiosk-1")
        bar = stage.shows("panel-1", "led", "1号窗口")["text"]
        declare = ("DeclareEmergency", "kind=fire", f"text={EXIT}")
        assert ask(stage, "guide-1", *declare)[0] == 1
        assert ask(stage, "supervisor-1", *declare)[0] == 0
        stage.shows("panel-1", "led", EXIT)
        wait_until("the voice says it", lambda: EXIT in said(stage))
        stage.kill("hub")
        stage.start_hub()
        (refused,) = kiosk.ask("kiosk-1", IssueTicket(service="pension")).events
        assert isinstance(refused, CommandRefused)
        assert refused.code is Refusal.EMERGENCY
        # So it is for a board that starts anew.
        stage.kill("counter-1")
        stage.now.pop(("panel-1", "led"))
        stage.start_board("counter-1")
        stage.shows("panel-1", "led", EXIT)
        assert ask(stage, "supervisor-1", "EndEmergency", "outcome=演练结束")[0] == 0
        stage.shows("panel-1", "led", bar)
        told = [(kind, body) for kind, body in stage.journal() if kind.startswith("Emergency")]
        assert [kind for kind, _ in told] == ["EmergencyDeclared", "EmergencyEnded"]
        assert told[0][1] == {**told[0][1], "kind": "fire", "text": EXIT}
        assert told[1][1]["outcome"] == "演练结束"

"""A person at a console, over a real broker: what a supervisor asks happens, what a guide may not is refused."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.messages import IssueTicket, ReportPrinted, TicketIssued
from tests.system.stage import Stage, staged

pytestmark = pytest.mark.needs("mosquitto")

JIAOHAO = str(Path(sys.executable).with_name("jiaohao"))


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("hall"), boards=("counter-2",)) as stage:
        yield stage


def jiaohao(stage: Stage, command: str, console: str, *words: str) -> tuple[int, str, str]:
    """Exit status, output and complaints of a command at a console."""
    line = ("--hall", str(stage.hall), "--broker", f"127.0.0.1:{stage.port}", "--as", console)
    done = subprocess.run(
        [JIAOHAO, command, *line, *words], capture_output=True, text=True, timeout=30, check=False
    )
    return done.returncode, done.stdout, done.stderr


def ask(stage: Stage, console: str, *words: str) -> tuple[int, str, str]:
    return jiaohao(stage, "ask", console, *words)


def a_ticket(stage: Stage) -> str:
    kiosk = stage.peer("kiosk-1")
    (issued,) = kiosk.ask("kiosk-1", IssueTicket(service="pension")).events
    assert isinstance(issued, TicketIssued)
    kiosk.ask("kiosk-1", ReportPrinted(ticket=issued.ticket))
    return issued.ticket


def test_a_supervisors_call_out_of_order_reaches_the_counters_led_bar(stage: Stage):
    a_ticket(stage)
    second = a_ticket(stage)
    assert ask(stage, "supervisor-1", "OpenCounter", "counter=2")[0] == 0
    call = ("CallTicket", "counter=2", f"ticket={second}", "reason=行动不便")
    status, said, _ = ask(stage, "supervisor-1", *call)
    assert status == 0
    assert said.startswith(f"ticket called: ticket {second}, counter 2")
    assert "rule supervisor" in said
    stage.shows("panel-2", "led", f"请{second}号到2号窗口")
    stage.shows("panel-2", "display", f"已呼叫{second} 值班长叫号")
    called = [body for kind, body in stage.journal() if kind == "TicketCalled"][-1]
    assert called["reason"] == "行动不便"


def test_a_guides_call_out_of_order_is_refused_and_changes_nothing(stage: Stage):
    ticket = a_ticket(stage)
    call = ("CallTicket", "counter=2", f"ticket={ticket}", "reason=because")
    status, said, complaint = ask(stage, "guide-1", *call)
    assert (status, said) == (1, "")
    assert "refused (not_yours): guide's console 'guide-1' may not ask CallTicket" in complaint
    assert ticket not in [
        body.get("ticket") for kind, body in stage.journal() if kind == "TicketCalled"
    ]


def test_a_list_of_appointments_imported_twice_is_booked_once(stage: Stage, tmp_path: Path):
    file = tmp_path / "bookings.csv"
    rows = (
        "K1,pension,2035-11-26 09:30,2035-11-26 10:00",
        "K2,card,2035/11/26 10:00,2035/11/26 10:30",
    )
    file.write_text("\n".join(("code,service,starts,ends", *rows)), encoding="utf-8-sig")
    status, said, _ = jiaohao(stage, "appointments", "guide-1", str(file))
    assert (status, said.splitlines()[-1]) == (0, "2 booked, 0 known already, 0 refused")
    before = stage.journal()
    assert [kind for kind, _ in before].count("AppointmentBooked") == 2
    status, said, _ = jiaohao(stage, "appointments", "guide-1", str(file))
    assert (status, said.splitlines()[-1]) == (0, "0 booked, 2 known already, 0 refused")
    assert stage.journal() == before


def test_where_no_broker_is_that_is_told(stage: Stage, tmp_path: Path):
    away = ("--hall", str(stage.hall), "--broker", "127.0.0.1:1", "--as", "guide-1")
    done = subprocess.run(
        [JIAOHAO, "ask", *away, "IssueTicket", "service=card"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    assert "no answer within 10 s: no line to the broker at 127.0.0.1:1" in done.stderr

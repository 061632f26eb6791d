"""A kiosk without its hub, over a real broker: visitors get numbers it was lent; they join the hall's line when it is back."""

from __future__ import annotations

import signal
from typing import Any

import pytest

from broker.messages import CallNext, CloseTicket, OpenCounter, Serve, TicketCalled
from tests.system.stage import Stage, set_file_limit, staged, wait_until

SERVICES = 4


@pytest.fixture(
    params=[
        pytest.param(False, marks=pytest.mark.needs("mosquitto"), id="mosquitto"),
        pytest.param(True, id="embedded"),
    ]
)
def stage(request, tmp_path):
    with staged(tmp_path, boards=("kiosk-1",), embedded=request.param) as stage:
        wait_until(
            "the kiosk was lent its numbers", lambda: stage.kinds().count("BlockLent") == SERVICES
        )
        at_home(stage)
        yield stage


def at_home(stage: Stage) -> None:
    wait_until(
        "the kiosk is at home",
        lambda: (stage.now.get(("kiosk-1", "screen"), {}).get("page") or {}).get("keys"),
    )


def take(stage: Stage, number: str) -> None:
    at_home(stage)
    stage.press("kiosk-1", "pension")
    stage.shows("kiosk-1", "screen", f"您已领取{number}号")


def issued(stage: Stage) -> list[dict[str, Any]]:
    return [body for kind, body in stage.journal() if kind == "TicketIssued"]


def printed(stage: Stage) -> set[str]:
    return {body["ticket"] for kind, body in stage.journal() if kind == "TicketPrinted"}


def called(stage: Stage, count: int) -> list[str]:
    """Whom counter 2 calls, one after another."""
    counter = stage.peer("counter-2")
    counter.ask("panel-2", OpenCounter(counter=2))
    numbers = []
    for _ in range(count):
        *_, call = counter.ask("panel-2", CallNext(counter=2)).events
        assert isinstance(call, TicketCalled)
        numbers.append(call.ticket)
        counter.ask("panel-2", Serve(counter=2))
        counter.ask("panel-2", CloseTicket(counter=2))
    return numbers


def test_without_a_coordinator_paper_comes_out_and_the_ticket_stands_by_its_time_when_it_is_back(
    stage,
):
    take(stage, "A001")
    stage.kill("hub")
    stage.shows("kiosk-1", "screen", "系统脱机，照常取号")
    take(stage, "A901")
    assert stage.now["kiosk-1", "printer"]["printed"] == 2
    stage.start_hub()
    wait_until("A901 is in the journal, printed", lambda: "A901" in printed(stage))
    wait_until("the kiosk is together again", lambda: "脱机" not in page(stage))
    take(stage, "A002")
    wait_until("A002 is printed", lambda: "A002" in printed(stage))
    assert [(body["ticket"], body.get("alone", False)) for body in issued(stage)] == [
        ("A001", False),
        ("A901", True),
        ("A002", False),
    ]
    assert called(stage, 3) == ["A001", "A901", "A002"]


def page(stage: Stage) -> str:
    return str(stage.now["kiosk-1", "screen"])


def test_a_kiosk_killed_while_alone_comes_back_alone_and_goes_on_with_the_next_number(stage):
    stage.kill("broker")
    stage.shows("kiosk-1", "screen", "系统脱机，照常取号")
    take(stage, "A901")
    stage.kill("kiosk-1")
    stage.now.clear()
    stage.start_board("kiosk-1")
    stage.shows("kiosk-1", "screen", "系统脱机，照常取号")
    take(stage, "A902")
    assert stage.now["kiosk-1", "printer"]["printed"] == 1, "what came before came once"
    stage.start_broker()
    wait_until("both are in the journal, printed", lambda: printed(stage) == {"A901", "A902"})
    assert [body["ticket"] for body in issued(stage)] == ["A901", "A902"]
    assert "TicketVoided" not in stage.kinds()


def test_a_touch_that_the_hub_never_answers_leads_to_one_number_and_one_paper(stage):
    hub = stage.processes["hub"]
    hub.send_signal(signal.SIGSTOP)
    stage.press("kiosk-1", "pension")
    stage.shows("kiosk-1", "screen", "您已领取A901号")
    hub.send_signal(signal.SIGCONT)
    wait_until("A901 is in the journal, printed", lambda: "A901" in printed(stage))
    wait_until("the question is taken back", lambda: "CommandWithdrawn" in stage.kinds())
    assert stage.now["kiosk-1", "printer"]["printed"] == 1
    assert [body["ticket"] for body in issued(stage)] == ["A901"]


def test_a_hub_whose_disk_is_full_leaves_the_kiosk_alone_though_its_heart_beats(stage, tmp_path):
    set_file_limit(stage.processes["hub"], 1)
    stage.press("kiosk-1", "pension")
    stage.shows("kiosk-1", "screen", "您已领取A901号")
    stage.shows("kiosk-1", "screen", "脱机：主机无应答")
    set_file_limit(stage.processes["hub"], -1)
    wait_until("A901 is in the journal, printed", lambda: "A901" in printed(stage))
    wait_until("the kiosk is together again", lambda: "脱机：" not in page(stage))
    assert [body["ticket"] for body in issued(stage)] == ["A901"]
    take(stage, "A001")

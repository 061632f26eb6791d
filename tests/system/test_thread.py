"""The whole thread with the real boards in processes of their own, over a real broker: from the ticket to the rating."""

from __future__ import annotations

import pytest

from tests.system.stage import Stage, staged, wait_until

ALL = ("kiosk-1", "counter-1", "counter-3", "hall-1")


@pytest.fixture(
    params=[
        pytest.param(False, marks=pytest.mark.needs("mosquitto"), id="mosquitto"),
        pytest.param(True, id="embedded"),
    ]
)
def stage(request, tmp_path):
    with staged(tmp_path, boards=ALL, embedded=request.param) as stage:
        yield stage


def take_ticket(stage: Stage, service: str, number: str) -> None:
    wait_until(
        "the kiosk is at home",
        lambda: (stage.now.get(("kiosk-1", "screen"), {}).get("page") or {}).get("keys"),
    )
    stage.press("kiosk-1", service)
    stage.shows("kiosk-1", "screen", f"您已领取{number}号")


def in_order(kinds: list[str], wanted: list[str]) -> bool:
    """All wanted kinds stand in the journal, in this order, others in between."""
    rest = iter(kinds)
    return all(kind in rest for kind in wanted)


def test_a_visitor_is_served_from_ticket_to_rating(stage):
    take_ticket(stage, "pension", "A001")
    assert stage.now["kiosk-1", "printer"]["tickets"]
    stage.press("panel-1", "next")
    stage.shows("panel-1", "display", "窗口已开放")
    stage.press("panel-1", "next")
    stage.shows("panel-1", "led", "请A001号到1号窗口")
    stage.shows("display-1", "screen", "请A001号到1号窗口")
    stage.shows("voice-1", "voice", "请A零零一号，到一号窗口")
    wait_until("the call was heard", lambda: "Announced" in stage.kinds())
    stage.press("panel-1", "serve")
    stage.shows("panel-1", "led", "A001号 正在办理")
    stage.press("panel-1", "close")
    stage.shows("pad-1", "lamps", "blink")
    stage.shows("pad-1", "display", "请您对本次服务作出评价")
    stage.press("pad-1", "very_satisfied")
    wait_until("the rating is in the journal", lambda: "RatingRecorded" in stage.kinds())
    stage.shows("pad-1", "lamps", '"on"')
    stage.shows("pad-1", "display", "感谢您")
    assert in_order(
        stage.kinds(),
        [
            "SettingsAdopted",
            "DayOpened",
            "TicketIssued",
            "TicketPrinted",
            "CounterOpened",
            "TicketCalled",
            "Announced",
            "TicketServed",
            "TicketClosed",
            "RatingRecorded",
        ],
    )


def test_a_panel_without_a_serve_key_ends_what_it_called(stage):
    take_ticket(stage, "employment", "C001")
    stage.press("panel-3", "next")
    stage.shows("panel-3", "display", "窗口已开放")
    stage.press("panel-3", "next")
    stage.shows("panel-3", "led", "请C001号到3号窗口")
    stage.press("panel-3", "close")
    stage.shows("pad-3", "lamps", "blink")
    assert in_order(stage.kinds(), ["TicketCalled", "TicketServed", "TicketClosed"])


def test_without_paper_no_number_exists(stage):
    wait_until(
        "the kiosk is at home",
        lambda: (stage.now.get(("kiosk-1", "screen"), {}).get("page") or {}).get("keys"),
    )
    stage.do("kiosk-1", "printer", "run_out_of_paper")
    stage.shows("kiosk-1", "screen", "缺纸")
    stage.press("kiosk-1", "pension")
    stage.do("kiosk-1", "printer", "refill")
    wait_until(
        "the kiosk is at home again", lambda: stage.now["kiosk-1", "screen"]["page"].get("keys")
    )
    assert "TicketIssued" not in stage.kinds()
    take_ticket(stage, "pension", "A001")


def test_a_killed_kiosk_makes_the_paper_it_owes_marked_and_the_ticket_is_not_called_before(stage):
    take_ticket(stage, "pension", "A001")
    stage.kill("kiosk-1")
    peer = stage.peer("kiosk-1")
    from broker.messages import CallNext, IssueTicket, OpenCounter

    (issued,) = peer.ask(
        "kiosk-1", IssueTicket(service="pension")
    ).events  # the kiosk died before its paper came
    assert issued.ticket == "A002"
    counter = stage.peer("counter-2")
    counter.ask("panel-2", OpenCounter(counter=2))
    assert counter.ask("panel-2", CallNext(counter=2)).events[-1].ticket == "A001"
    wait_until(
        "the hub shows what the kiosk owes",
        lambda: (
            [ticket["ticket"] for ticket in peer.state("state/kiosk/kiosk-1").get("unprinted", ())]
            == ["A002"]
        ),
    )
    stage.start_board("kiosk-1")
    stage.shows("kiosk-1", "screen", "您已领取A002号")
    wait_until("nothing is owed", lambda: not peer.state("state/kiosk/kiosk-1").get("unprinted"))


def test_after_kill_9_of_everything_every_device_shows_what_the_journal_says(stage):
    take_ticket(stage, "pension", "A001")
    stage.press("panel-1", "next")
    stage.shows("panel-1", "display", "窗口已开放")
    stage.press("panel-1", "next")
    stage.shows("panel-1", "led", "请A001号到1号窗口")
    wait_until("the call was heard", lambda: "Announced" in stage.kinds())
    said = stage.now["voice-1", "voice"]["said"]
    for name in ("hub", "broker", "counter-1", "hall-1"):
        stage.kill(name)
    stage.now.clear()
    stage.start_broker()
    stage.start_hub()
    stage.start_board("counter-1")
    stage.start_board("hall-1")
    stage.shows("panel-1", "led", "请A001号到1号窗口")
    stage.shows("display-1", "screen", "请A001号到1号窗口")
    assert said
    assert not stage.now.get(("voice-1", "voice"), {}).get("said"), (
        "a call that was heard is not spoken again"
    )
    stage.press("panel-1", "serve")
    stage.shows("panel-1", "led", "A001号 正在办理")


def test_alone_the_devices_say_so_and_heal(stage):
    take_ticket(stage, "pension", "A001")
    stage.kill("broker")
    stage.shows("panel-1", "display", "与主机断开")
    stage.shows("kiosk-1", "screen", "系统脱机，照常取号")
    stage.press("panel-1", "next")
    stage.start_broker()
    stage.shows("panel-1", "display", "按下一位开放窗口")
    assert "CounterOpened" not in stage.kinds(), "a press that waited out the outage does nothing"


def test_a_voice_that_fails_is_seen_by_the_clerk(stage):
    stage.do("voice-1", "voice", "break_down")
    take_ticket(stage, "pension", "A001")
    stage.press("panel-1", "next")
    stage.shows("panel-1", "display", "窗口已开放")
    stage.press("panel-1", "next")
    stage.shows("panel-1", "display", "语音未播出")


def test_a_led_bar_that_was_unplugged_shows_the_present_when_it_is_back(stage):
    take_ticket(stage, "pension", "A001")
    stage.press("panel-1", "next")
    stage.shows("panel-1", "led", "1号窗口 ")
    stage.do("panel-1", "led", "unplug")
    stage.shows("panel-1", "display", "等候1人")
    stage.press("panel-1", "next")
    wait_until("the call is in the journal", lambda: "TicketCalled" in stage.kinds())
    stage.do("panel-1", "led", "replug")
    stage.shows("panel-1", "led", "请A001号到1号窗口")

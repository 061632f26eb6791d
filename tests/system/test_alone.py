"""The hall in pieces, over a real broker: counters that call by hand, a voice that dies, a board that was replaced."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest

from broker.messages import CallNext, Level, OpenCounter, Rate
from tests.system.stage import SAMPLE, Stage, staged, wait_until

pytestmark = pytest.mark.needs("mosquitto")

# Keys to type with, in the place of lamps, and a voice of its own, for the panels of counters 1 and 2.
KEYS = (*("next", "recall", "serve", "close", "no_show"), *"0123456789", "prefix")
PAD = {4, 8, 12, 18, 24, 25}
PINS = [pin for pin in range(2, 28) if pin not in PAD]
BY_HAND = 'keys = {{ model = "gpio", keys = {{ {keys} }} }}\nvoice = {{ model = "syn6288", port = "serial:/dev/ttyAMA{n}" }}\n'.format


# So long after its line is back a hub gives boards the time to be back too.
BOARDS_BACK_S = 3.0


def typing_hall(folder: Path) -> Path:
    keys = ", ".join(f"{name} = {pin}" for name, pin in zip(KEYS, PINS, strict=False))
    text = SAMPLE.read_text(encoding="utf-8")
    for n in (1, 2):
        begin = text.index(f'id = "panel-{n}"')
        end = text.index("led =", begin)
        head, panel, rest = text[:begin], text[begin:end], text[end:]
        panel = re.sub(r"keys = .*\nlamps = .*\n", BY_HAND(keys=keys, n=n), panel)
        text = head + panel + rest
    hall = folder / "hall.toml"
    hall.write_text(text, encoding="utf-8")
    return hall


def press(stage: Stage, device: str, *keys: str) -> None:
    for key in keys:
        stage.press(device, key)


def take(stage: Stage, *numbers: str) -> None:
    for number in numbers:
        wait_until(
            "the kiosk is at home",
            lambda: stage.now.get(("kiosk-1", "screen"), {}).get("page", {}).get("keys"),
        )
        stage.press("kiosk-1", "pension")
        stage.shows("kiosk-1", "screen", f"您已领取{number}号")
        stage.press("kiosk-1", "home")


def of(stage: Stage, kind: str) -> list[dict[str, Any]]:
    return [body for found, body in stage.journal() if found == kind]


def test_without_the_hub_counters_call_by_hand_and_hand_it_in_with_what_was_called_twice(tmp_path):
    boards = ("kiosk-1", "counter-1", "counter-2")
    with staged(tmp_path, boards=boards, hall=typing_hall(tmp_path)) as stage:
        take(stage, "A001", "A002", "A003")
        stage.kill("hub")
        for n in (1, 2):
            stage.shows(f"panel-{n}", "display", "与主机断开")
            stage.shows(f"panel-{n}", "display", "键入号码A 按下一位")
        press(stage, "panel-1", "1", "next")
        stage.shows("panel-1", "led", "请A001号到1号窗口")
        stage.shows("panel-1", "voice", "请A零零一号，到一号窗口")
        press(stage, "panel-1", "serve")
        stage.shows("panel-1", "led", "A001号 正在办理")
        press(stage, "panel-1", "close")
        stage.shows("panel-1", "led", "1号窗口")
        press(stage, "panel-1", "2", "next")
        stage.shows("panel-1", "led", "请A002号到1号窗口")
        press(stage, "panel-2", "1", "next")
        stage.shows("panel-2", "led", "请A001号到2号窗口")
        stage.kill("counter-1")
        stage.now.clear()
        stage.start_board("counter-1")
        stage.shows("panel-1", "led", "请A002号到1号窗口")
        stage.kill("counter-2")  # what it did is on its disk
        stage.start_hub()
        wait_until("counter 1 has told all", lambda: len(of(stage, "DoneAlone")) >= 4)
        stage.start_board("counter-2")
        wait_until("both have told all", lambda: len(of(stage, "DoneAlone")) == 5)
        calls = {(b["ticket"], b["counter"]): b for b in of(stage, "TicketCalled")}
        assert set(calls) == {("A001", 1), ("A002", 1)}
        assert all(body["alone_at"] for body in calls.values())
        (twice,) = of(stage, "CalledTwice")
        assert (twice["ticket"], twice["counter"], twice["other"]) == ("A001", 2, 1)
        # What goes on when the hub is back is the counter's: it is ended and rated as always.
        stage.shows("panel-1", "led", "请A002号到1号窗口")
        stage.shows("panel-1", "display", "等候1人")
        press(stage, "panel-1", "serve")
        stage.shows("panel-1", "led", "A002号 正在办理")
        press(stage, "panel-1", "close")
        stage.shows("pad-1", "display", "请您对本次服务作出评价")
        assert stage.now["panel-2", "led"]["text"].startswith("2号窗口")


def test_the_clerk_sees_that_the_voices_board_died(tmp_path):
    with staged(tmp_path, boards=("kiosk-1", "counter-1", "hall-1")) as stage:
        take(stage, "A001", "A002")
        press(stage, "panel-1", "next")
        stage.shows("panel-1", "display", "窗口已开放")
        time.sleep(BOARDS_BACK_S)
        press(stage, "panel-1", "next")
        wait_until("the voice took the call up", lambda: of(stage, "CallTakenUp"))
        stage.shows("panel-1", "display", "已呼叫A001")
        stage.kill("hall-1")
        died = time.monotonic()
        # It died while it spoke: that call was not heard to its end.
        stage.shows("panel-1", "display", "A001 语音未播出 请口头叫号")
        print(f"after kill -9 of a voice that speaks: {time.monotonic() - died:.2f} s")
        press(stage, "panel-1", "no_show")
        stage.shows("panel-1", "display", "已记过号")
        wait_until("the counter is free", lambda: "等候" in stage.now["panel-1", "display"]["text"])
        pressed = time.monotonic()
        press(stage, "panel-1", "next")
        stage.shows("panel-1", "display", "A002 语音未播出 请口头叫号")
        print(f"a call while no voice is there: {time.monotonic() - pressed:.2f} s")
        stage.start_board("hall-1")
        wait_until("the voice is back", lambda: stage.now.get(("voice-1", "voice")))
        stage.shows("display-1", "screen", "A002")
        time.sleep(1)  # two presses so close are one
        press(stage, "panel-1", "recall")
        stage.shows("voice-1", "voice", "请A零零二号，到一号窗口")


def test_a_voice_that_stands_still_is_seen_too(tmp_path):
    import os
    import signal

    with staged(tmp_path, boards=("kiosk-1", "counter-1", "hall-1")) as stage:
        take(stage, "A001")
        press(stage, "panel-1", "next")
        stage.shows("panel-1", "display", "窗口已开放")
        time.sleep(BOARDS_BACK_S)
        os.kill(stage.processes["hall-1"].pid, signal.SIGSTOP)  # its line stays open
        pressed = time.monotonic()
        press(stage, "panel-1", "next")
        stage.shows("panel-1", "display", "A001 语音未播出 请口头叫号")
        print(f"a call that a hanging voice does not take up: {time.monotonic() - pressed:.2f} s")
        assert time.monotonic() - pressed < 5, "long before the keepalive ends"
        os.kill(stage.processes["hall-1"].pid, signal.SIGCONT)


def moved(text: str) -> str:
    """Counter 1's devices are on a new board; the old one stays, to hand in what it kept."""
    return text.replace('[[boards]]\nid = "counter-1"', '[[boards]]\nid = "counter-1b"').replace(
        '[[boards]]\nid = "counter-2"',
        '[[boards]]\nid = "counter-1"\n\n[[boards]]\nid = "counter-2"',
    )


def test_a_new_board_takes_over_and_what_the_dead_one_kept_is_taken_in(tmp_path):
    hall = typing_hall(tmp_path)
    with staged(tmp_path, boards=("kiosk-1", "counter-1"), hall=hall) as stage:
        take(stage, "A001", "A002")
        stage.kill("hub")
        stage.shows("panel-1", "display", "键入号码A 按下一位")
        press(stage, "panel-1", "1", "next")
        stage.shows("panel-1", "led", "请A001号到1号窗口")
        press(stage, "panel-1", "serve")
        stage.shows("panel-1", "led", "A001号 正在办理")
        press(stage, "panel-1", "close")
        stage.shows("panel-1", "led", "1号窗口")
        stage.kill("counter-1")
        old = tmp_path / "old.toml"
        old.write_text(hall.read_text(encoding="utf-8"), encoding="utf-8")
        hall.write_text(moved(hall.read_text(encoding="utf-8")), encoding="utf-8")
        stage.start_hub()
        stage.start_board("counter-1b")
        stage.shows("panel-1", "display", "按下一位开放窗口")
        press(stage, "panel-1", "next")
        stage.shows("panel-1", "display", "窗口已开放")
        stage.hall = old  # the dead one comes back with its own old settings, and its disk
        stage.start_board("counter-1")
        wait_until("what it kept is in the journal", lambda: of(stage, "TicketClosed"))
        assert [body["act"] for body in of(stage, "DoneAlone")] == ["called", "served", "closed"]
        stranger = stage.peer("counter-1")
        refused = stranger.ask("panel-1", CallNext(counter=1)).events[0]
        assert "hosted 'panel-1' once" in str(getattr(refused, "reason", ""))
        assert of(stage, "TicketCalled")[-1]["ticket"] == "A001", "its press called nobody"
        thief = stage.peer("counter-2")
        rate = Rate(
            counter=1,
            day=of(stage, "DayOpened")[-1]["day"],
            ticket="A001",
            level=Level.SATISFIED,
            pressed_at=1,
        )
        assert "does not host" in str(thief.ask("pad-1", rate).events[0])
        assert of(stage, "RatingRecorded") == []
        assert stranger.ask("pad-1", rate).events[0] != refused
        wait_until("its rating is taken in", lambda: of(stage, "RatingRecorded"))


def test_a_new_board_under_the_old_name_begins_with_an_empty_disk(tmp_path):
    with staged(tmp_path, boards=("kiosk-1", "counter-1")) as stage:
        take(stage, "A001")
        press(stage, "panel-1", "next")
        stage.shows("panel-1", "display", "窗口已开放")
        press(stage, "panel-1", "next")
        stage.shows("panel-1", "led", "请A001号到1号窗口")
        stage.kill("counter-1")
        for path in tmp_path.glob("counter-1.*"):
            path.unlink()
        stage.now.clear()
        stage.start_board("counter-1")
        stage.shows("panel-1", "led", "请A001号到1号窗口")
        press(stage, "panel-1", "serve")
        stage.shows("panel-1", "led", "A001号 正在办理")


def test_a_rating_pressed_alone_waits_with_its_time(tmp_path):
    with staged(tmp_path, boards=("counter-1",)) as stage:
        counter = stage.peer("counter-1")
        counter.ask("panel-1", OpenCounter(counter=1))
        take_and_serve(stage)
        stage.shows("pad-1", "display", "请您对本次服务作出评价")
        stage.kill("hub")
        stage.shows("panel-1", "display", "与主机断开")
        pressed = time.time() * 1000
        stage.press("pad-1", "satisfied")
        stage.shows("pad-1", "display", "评价已保存")
        stage.kill("counter-1")
        stage.start_hub()
        stage.start_board("counter-1")
        wait_until("the rating is in the journal", lambda: of(stage, "RatingRecorded"))
        (rating,) = of(stage, "RatingRecorded")
        assert abs(rating["pressed_at"] - pressed) < 5000


def take_and_serve(stage: Stage) -> None:
    """A ticket's way to the question at the pad, through peers."""
    from broker.messages import CloseTicket, IssueTicket, ReportPrinted, Serve

    kiosk, counter = stage.peer("kiosk-1"), stage.peer("counter-1")
    kiosk.ask("kiosk-1", IssueTicket(service="pension"))
    kiosk.ask("kiosk-1", ReportPrinted(ticket="A001"))
    for command in (CallNext(counter=1), Serve(counter=1), CloseTicket(counter=1)):
        counter.ask("panel-1", command)

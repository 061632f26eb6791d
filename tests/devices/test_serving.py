"""When a board may be started anew: never in the midst of what somebody does there, always once they are gone."""

from __future__ import annotations

import fcntl
import queue
import threading
from pathlib import Path

import pytest

from broker.busy import Busy
from broker.hub import Hub
from broker.phrases import Phrases
from broker.session import Address
from broker.settings import Hall
from firmware.board import BoardLoop
from firmware.counter_display.display import CounterDisplay
from firmware.device import Done, KeyPressed, Say, Thinking, TimerFired
from firmware.hall_display.display import HallDisplay
from firmware.onboard.idle import while_idle
from firmware.onboard.places import Places
from firmware.rating_pad.pad import RatingPad
from firmware.ticket_kiosk.countdown import GOES_HOME
from hal_mocks.virtual_hall.props import Props
from tests.devices.among import NOW, of, when
from tests.devices.kiosks import A001, PRINTED_A001, printing, ready
from tests.devices.panels import called, idle, panel_of, serving
from tests.devices.test_announcer import voice_of
from tests.devices.test_pad import asked
from tests.queue.ports import hub_in


def serves(device: Thinking) -> bool:
    return device.serving


def test_a_kiosk_serves_who_has_touched_it_until_they_are_gone(full: Hall):
    kiosk = ready(full)
    assert not serves(kiosk)
    when(kiosk, KeyPressed("service:pension"))
    assert serves(kiosk)
    when(kiosk, TimerFired(GOES_HOME))
    assert not serves(kiosk)


def test_a_kiosk_serves_until_the_paper_is_there(hall: Hall):
    kiosk = printing(hall, A001)
    assert serves(kiosk)
    when(kiosk, Done(PRINTED_A001), TimerFired(GOES_HOME))
    assert not serves(kiosk)


def test_a_panel_serves_from_the_call_to_the_end(hall: Hall):
    panel = panel_of(hall)
    assert not serves(panel)
    for state in (called(), serving()):
        when(panel, state)
        assert serves(panel)
    when(panel, idle())
    assert not serves(panel)


def test_a_pad_serves_while_it_asks():
    pad = RatingPad(Phrases(), counter=1, correct_s=3)
    pad.start()
    assert not serves(pad)
    when(pad, asked())
    assert serves(pad)
    when(pad, asked(done=True))
    assert not serves(pad)


def test_a_voice_serves_until_it_has_said_what_was_called(hall: Hall):
    announcer = voice_of(hall)
    assert not serves(announcer)
    (said,) = of(Say, when(announcer, called()))
    assert serves(announcer)
    when(announcer, Done(said))
    assert not serves(announcer)


def test_displays_are_looked_at_and_serve_nobody(hall: Hall):
    display, counter = HallDisplay(hall, (1, 2, 3)), CounterDisplay(hall, hall.counter[1])
    for shown in (display, counter):
        shown.start()
        when(shown, called(), now=NOW)
        assert not serves(shown)


# --- a board, and the hub -------------------------------------------------------------------------------


class Mind:
    """One that a test tells whether it serves; each key that it hears is a turn of its board."""

    serving = False

    def __init__(self) -> None:
        self.turns: queue.Queue[object] = queue.Queue()

    def start(self) -> tuple[()]:
        return ()

    def handle(self, event: object, _now: int) -> tuple[()]:
        if isinstance(event, KeyPressed):
            self.turns.put(event)
        return ()


def test_a_board_holds_the_lock_as_long_as_one_of_its_devices_serves(
    hall: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("JIAOHAO_RUN", str(tmp_path))
    board = next(board for board in hall.boards if board.id == "counter-1")
    parts = Props(board, lambda _memory: None, tmp_path).open_part
    loop, mind = BoardLoop(hall, board, tmp_path, parts), Mind()
    name = next(iter(loop._devices))
    loop._devices[name].mind = mind
    thread = threading.Thread(target=loop.run, args=(Address("127.0.0.1", 1),), daemon=True)
    thread.start()
    for serving_now in (True, False, True, False):
        mind.serving = serving_now
        # What was said in the turn before holds once the next is taken.
        for _ in range(2):
            loop._post_for(name)(KeyPressed("next"))
            mind.turns.get(timeout=60)
        with while_idle(Places(run=tmp_path)) as is_idle:
            assert is_idle is not serving_now
    loop.stop()
    thread.join(60)


def test_the_hub_holds_the_lock_as_long_as_a_counter_has_a_ticket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("JIAOHAO_RUN", str(tmp_path / "run"))
    (tmp_path / "run").mkdir()
    places = Places(run=tmp_path / "run")
    with hub_in(tmp_path / "hub") as port:
        hub = Hub(port.coordinator, Address("nowhere", 1), "boot")
        counter = port.coordinator.queue.desks[1]
        for ticket in ("", "A001", ""):
            counter.ticket = ticket
            hub._beat()
            with while_idle(places) as is_idle:
                assert is_idle is (not ticket)


# --- the lock -------------------------------------------------------------------------------------------


def test_the_updater_waits_until_nobody_serves(tmp_path: Path):
    places = Places(run=tmp_path)
    board, other = Busy(places.busy), Busy(places.busy)
    for serving_now in (True, True, False):
        board.be(serving_now)
        with while_idle(places) as is_idle:
            assert is_idle is not serving_now
    board.be(serving=True)
    other.be(serving=True)
    board.be(serving=False)
    with while_idle(places) as is_idle:
        assert not is_idle
    other.be(serving=False)
    with while_idle(places) as is_idle:
        assert is_idle


def test_who_serves_while_all_starts_anew_is_not_held_up(tmp_path: Path):
    places = Places(run=tmp_path)
    board = Busy(places.busy)
    with while_idle(places):
        board.be(serving=True)
    # The next that it says of itself is heard again.
    board.be(serving=True)
    with while_idle(places) as is_idle:
        assert not is_idle


def test_a_lock_goes_with_who_held_it(tmp_path: Path):
    places = Places(run=tmp_path)
    with places.busy.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
    with while_idle(places) as is_idle:
        assert is_idle


def test_where_no_updater_is_nobody_is_told(tmp_path: Path):
    busy = Busy.of_this_service({})
    busy.be(serving=True)
    busy.be(serving=False)
    assert list(tmp_path.iterdir()) == []
    named = Busy.of_this_service({"JIAOHAO_RUN": str(tmp_path)})
    named.be(serving=True)
    assert [path.name for path in tmp_path.iterdir()] == ["busy"]


def test_a_link_in_the_lock_s_place_is_not_followed(tmp_path: Path):
    (tmp_path / "busy").symlink_to(tmp_path / "elsewhere")
    Busy(tmp_path / "busy").be(serving=True)
    assert not (tmp_path / "elsewhere").exists()

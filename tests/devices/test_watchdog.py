"""The watchdog is fed only while every thread moves, and nobody is ready before each has begun."""

from __future__ import annotations

import json
import queue
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.loading import parse
from broker.notify import System
from broker.outbox import Outbox
from broker.pulse import Pulse
from broker.session import CONNECT_S, LINE_S, Address, Session
from broker.watchdog import HEALTH_FILE, Vitals, Watchdog, watchdog_of_this_service
from firmware.board import BoardLoop
from firmware.daemon import CALL_S, ONCE_S, Worker
from firmware.device import Done, KeyPressed, Show
from hal_mocks.virtual_hall.props import Props
from tests.devices.workers import A001, DOES, NEVER, SOON, Part, Posted, Slow, working

LIMIT_S = 20.0


class Service:
    """The system's end of the socket."""

    def __init__(self, folder: Path, limit_s: float = LIMIT_S) -> None:
        self.line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.line.bind(str(folder / "notify"))
        self.line.settimeout(SOON)
        self.environ = {
            "NOTIFY_SOCKET": str(folder / "notify"),
            "WATCHDOG_USEC": str(int(limit_s * 1e6)),
        }

    def take(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in self.line.recv(4096).decode().splitlines())

    def until(self, word: str) -> dict[str, str]:
        while word not in (heard := self.take()):
            pass
        return heard

    @property
    def is_silent(self) -> bool:
        self.line.setblocking(False)
        try:
            return not self.line.recv(4096)
        except BlockingIOError:
            return True
        finally:
            self.line.settimeout(SOON)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with closing((found := Service(tmp_path)).line):
        yield found


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Felt(Pulse):
    """A pulse whose beats can be waited for."""

    __slots__ = ("beats",)

    def __init__(self, name: str, clock: Callable[[], float]) -> None:
        super().__init__(name, clock)
        self.beats: queue.SimpleQueue[float] = queue.SimpleQueue()

    def beat(self, within_s: float) -> None:
        super().beat(within_s)
        self.beats.put(within_s)

    def until(self, within_s: float) -> None:
        while self.beats.get(timeout=SOON) != within_s:
            pass


def begun(name: str, clock: Clock, within_s: float) -> Pulse:
    pulse = Pulse(name, clock)
    pulse.beat(within_s)
    return pulse


# --- what the system hears -------------------------------------------------------------------------


def test_what_is_told_arrives_word_by_word_each_on_one_line(service: Service):
    System(service.environ).tell(READY="1", STATUS="the hub\nis   silent: 叫号")
    assert service.take() == {"READY": "1", "STATUS": "the hub is silent: 叫号"}


def test_a_name_without_a_file_is_reached_too():
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind("")  # the kernel gives it an abstract name
        name = line.getsockname().decode().replace("\0", "@", 1)
        line.settimeout(SOON)
        System({"NOTIFY_SOCKET": name}).tell(STOPPING="1")
        assert line.recv(100) == b"STOPPING=1"


def test_a_child_finds_nothing_by_which_it_could_speak_for_its_service(service: Service):
    environ = {**service.environ, "WATCHDOG_PID": "1", "PATH": "/bin"}
    System(environ)
    assert environ == {"PATH": "/bin"}


def test_the_watchdog_of_another_is_not_ours(service: Service):
    assert System({**service.environ, "WATCHDOG_PID": "1"}).watchdog_s is None
    assert System(service.environ).watchdog_s == LIMIT_S


def test_a_system_that_is_gone_or_does_not_listen_stops_nobody(service: Service, tmp_path: Path):
    deaf = System(service.environ)
    for _ in range(1_000):  # more than any socket holds
        deaf.tell(WATCHDOG="1")
    System({"NOTIFY_SOCKET": str(tmp_path / "nobody")}).tell(READY="1")


# --- who feeds it ------------------------------------------------------------------------------------


@given(
    threads=st.lists(
        st.one_of(st.none(), st.floats(0.1, 400, allow_nan=False)), min_size=1, max_size=6
    ),
    later=st.floats(0, 500, allow_nan=False),
)
def test_it_is_fed_exactly_when_no_thread_is_late_and_all_have_begun(
    threads: list[float | None], later: float
):
    clock = Clock()
    pulses = [
        Pulse("new", clock) if within is None else begun("old", clock, within) for within in threads
    ]
    told: list[dict[str, str]] = []
    system = System({})
    system.tell = lambda **words: told.append(words)  # type: ignore[method-assign]  # its other end
    watchdog = Watchdog(system)
    clock.now += later
    watchdog.look(clock.now, pulses, Vitals())
    may = all(within is not None and clock.now <= 1000.0 + within for within in threads)
    assert watchdog.ready is may
    assert any("WATCHDOG" in words for words in told) is may
    assert any("READY" in words for words in told) is may


def test_ready_is_told_once_with_how_it_is_and_then_only_what_changed(service: Service):
    watchdog, clock = Watchdog(System(service.environ)), Clock()
    pulse = begun("line", clock, NEVER)
    alone = Vitals(link=False, why="the hub is silent", parts={"kiosk-1 printer": False})
    for vitals in (Vitals(), Vitals(), alone):
        assert watchdog.due <= clock.now
        watchdog.look(clock.now, (pulse,), vitals)
        clock.now += LIMIT_S / 4
    assert [service.take() for _ in range(3)] == [
        {"READY": "1", "WATCHDOG": "1", "STATUS": "connected"},
        {"WATCHDOG": "1"},
        {"WATCHDOG": "1", "STATUS": "alone: the hub is silent; not usable: kiosk-1 printer"},
    ]


def test_who_is_late_is_named_once_and_fed_again_as_soon_as_it_moves(
    service: Service, caplog: pytest.LogCaptureFixture
):
    watchdog, clock = Watchdog(System(service.environ)), Clock()
    pulses = [begun("line", clock, NEVER), begun("kiosk-1 printer", clock, 10)]
    watchdog.look(clock.now, pulses, Vitals())
    service.until("READY")
    for _ in range(3):
        clock.now += 11
        watchdog.look(clock.now, pulses, Vitals())
        assert watchdog.due - clock.now == 1
    assert service.take() == {"STATUS": "does not move any more: kiosk-1 printer"}
    assert service.is_silent
    assert caplog.text.count("kiosk-1 printer") == 1
    pulses[1].beat(10)
    watchdog.look(clock.now, pulses, Vitals())
    assert service.take() == {"WATCHDOG": "1", "STATUS": "connected"}


def test_who_has_ended_in_order_is_not_waited_for():
    clock = Clock()
    pulse = begun("relays", clock, 1)
    pulse.rest()
    assert not pulse.is_late(clock.now + NEVER)


def test_without_a_system_nothing_is_ever_due(monkeypatch: pytest.MonkeyPatch):
    for name in ("NOTIFY_SOCKET", "WATCHDOG_USEC", "RUNTIME_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    assert watchdog_of_this_service().due == float("inf")


def test_health_is_left_whole_with_each_feed_and_not_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("RUNTIME_DIRECTORY", f"{tmp_path}:/elsewhere")
    monkeypatch.setenv("JIAOHAO_RELEASE", "0.1.0-12345678")
    clock, file = Clock(), tmp_path / HEALTH_FILE
    watchdog = watchdog_of_this_service()
    pulse = Pulse("line", clock)
    watchdog.look(clock.now, (pulse,), Vitals())
    assert not file.exists()
    pulse.beat(10)
    watchdog.look(clock.now, (pulse,), Vitals(link=False, why="the hub is down", parts={"a": True}))
    health = json.loads(file.read_bytes())
    assert isinstance(health.pop("at"), int)
    assert health == {
        "ready": True,
        "link": "down",
        "why": "the hub is down",
        "parts": {"a": True},
        "version": version("jiaohao"),
        "release": "0.1.0-12345678",
    }
    file.unlink()
    watchdog.look(clock.now + 11, (pulse,), Vitals())
    assert [path.name for path in tmp_path.iterdir()] == []


# --- a worker ------------------------------------------------------------------------------------------


def worker(pulse: Pulse, posted: Posted, *parts: Part, look_s: float = NEVER) -> Worker:
    left = list(parts)
    return Worker("part", partial(left.pop, 0), DOES, posted.post, look_s=look_s, pulse=pulse)


def test_a_worker_has_begun_once_it_has_tried_its_part():
    pulse, opening, go = Felt("part", Clock()), threading.Event(), threading.Event()

    def opened() -> Part:
        opening.set()
        assert go.wait(SOON)
        return Part()

    with working(Worker("part", opened, DOES, Posted().post, pulse=pulse)):
        assert opening.wait(SOON)
        assert not pulse.begun
        go.set()
        pulse.until(CALL_S)
        assert pulse.begun


def test_an_idle_worker_proves_that_it_lives():
    clock = Clock()
    pulse = Felt("part", clock)
    with working(worker(pulse, Posted(), Part(), look_s=0.001)):
        for _ in range(5):
            pulse.until(CALL_S)
            assert not pulse.is_late(clock.now)


@pytest.mark.parametrize(("effect", "may_take_s"), [(A001, ONCE_S), (Show("1"), CALL_S)])
def test_a_worker_in_its_driver_is_dead_only_when_no_driver_takes_so_long(
    effect: Any, may_take_s: float
):
    clock, part, posted = Clock(), Slow(), Posted()
    pulse = Felt("part", clock)
    with working(worker(pulse, posted, part)) as busy:
        busy.do(effect)
        assert part.busy.wait(SOON)
        assert not pulse.is_late(clock.now + may_take_s)
        clock.now += may_take_s + 1
        assert pulse.is_late(clock.now)
        part.let_go.set()
        busy.do(A001)
        posted.until(Done(A001))
        pulse.until(NEVER + 10)
        assert not pulse.is_late(clock.now)


def test_the_threads_of_a_part_count_as_long_as_it_is_open():
    clock = Clock()

    class Heard(Part):
        def __init__(self) -> None:
            super().__init__()
            self.pulses = (begun("ear", clock, 1),)

    posted, pulse = Posted(), Felt("part", clock)
    running = worker(pulse, posted, Heard())
    assert [one.name for one in running.pulses] == ["part"]
    with working(running):
        running.do(A001)
        posted.until(Done(A001))
        assert [one.name for one in running.pulses] == ["part", "ear"]
    assert [one.name for one in running.pulses] == ["part"]


# --- the link's thread, and the outbox's -----------------------------------------------------------


@pytest.fixture
def nobody() -> Iterator[Address]:
    """An address at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield Address(*taken.getsockname())


def session(address: Address, pulse: Pulse, on_down: Callable[[str], None]) -> Session:
    return Session(
        address,
        "board",
        subscribe=(),
        will=("will", b""),
        on_up=lambda: None,
        on_down=on_down,
        on_message=lambda _topic, _payload: None,
        pulse=pulse,
    )


def test_a_link_that_finds_no_broker_lives_as_long_as_it_tries(nobody: Address):
    clock, downs = Clock(), queue.SimpleQueue[str]()
    line = session(nobody, pulse := Felt("line", clock), downs.put)
    line.start()
    for _ in range(2):
        downs.get(timeout=SOON)
        pulse.until(CONNECT_S)
        pulse.until(LINE_S)
        assert not pulse.is_late(clock.now + LINE_S)
        clock.now += NEVER
    line.stop()
    assert not pulse.is_late(clock.now + NEVER)


def test_a_links_thread_that_hangs_is_late(nobody: Address):
    clock, hangs, go = Clock(), threading.Event(), threading.Event()

    def hang(_why: str) -> None:
        hangs.set()
        assert go.wait(SOON)

    line = session(nobody, pulse := Pulse("line", clock), hang)
    line.start()
    assert hangs.wait(SOON)
    assert pulse.is_late(clock.now + LINE_S + 1)
    go.set()
    line.stop()


def test_an_outbox_moves_with_each_write_and_hangs_with_one(tmp_path: Path):
    outbox, hangs, go = Outbox(tmp_path / "board.db"), threading.Event(), threading.Event()
    outbox.pulse = pulse = Felt("outbox", clock := Clock())

    def hang() -> None:
        hangs.set()
        assert go.wait(SOON)

    outbox.mark("call", 1, hang)
    assert hangs.wait(SOON)
    clock.now += 61
    assert pulse.is_late(clock.now)
    go.set()
    outbox.mark("call", 2, lambda: None)
    outbox.close()


# --- a whole board -----------------------------------------------------------------------------------

SAMPLE = files("broker").joinpath("halls", "sample.toml").read_text(encoding="utf-8")


class Stuck:
    """A mind that does not come to an end with what it hears."""

    serving = False

    def __init__(self) -> None:
        self.hangs, self.go = threading.Event(), threading.Event()

    def start(self) -> tuple[()]:
        return ()

    def handle(self, _event: object, _now: int) -> tuple[()]:
        self.hangs.set()
        assert self.go.wait(SOON)
        return ()


def test_a_board_is_ready_once_all_its_threads_run_and_starves_the_watchdog_when_its_loop_hangs(
    tmp_path: Path, nobody: Address
):
    hall = parse(SAMPLE)
    board = next(board for board in hall.boards if board.id == "counter-1")
    with closing((service := Service(tmp_path, limit_s=0.04)).line):
        watchdog, line = Watchdog(System(service.environ), tmp_path), Pulse("line")
        parts = Props(board, lambda _memory: None, tmp_path).open_part
        open_session = partial(Session, pulse=line)
        loop = BoardLoop(hall, board, tmp_path, parts, open_session, watchdog=watchdog, line=line)
        stuck = Stuck()
        next(iter(loop._devices.values())).mind = stuck
        thread = threading.Thread(target=loop.run, args=(nobody,), daemon=True)
        thread.start()
        assert stuck.hangs.wait(SOON)
        service.line.settimeout(0.2)
        with pytest.raises(TimeoutError):
            service.take()
        service.line.settimeout(SOON)
        stuck.go.set()
        ready = service.until("READY")
        assert ready["STATUS"].startswith("alone: ")
        for _ in range(3):
            service.until("WATCHDOG")
        while not (health := json.loads((tmp_path / HEALTH_FILE).read_bytes()))["parts"]:
            service.until("WATCHDOG")
        assert (health["ready"], health["link"]) == (True, "down")
        assert all(health["parts"].values())
        stuck.go.clear()
        stuck.hangs.clear()
        loop._post_for(next(iter(loop._devices)))(KeyPressed("next"))
        assert stuck.hangs.wait(SOON)
        while not service.is_silent:
            pass
        service.line.settimeout(0.2)
        with pytest.raises(TimeoutError):
            service.take()
        service.line.settimeout(SOON)
        stuck.go.set()
        service.until("WATCHDOG")
        loop.stop()
        thread.join(SOON)
        service.until("STOPPING")

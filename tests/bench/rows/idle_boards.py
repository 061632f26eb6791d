"""What a board costs while nothing happens: resident memory and CPU, with a screen and without."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass

import psutil

from broker.messages import (
    Answer,
    CallNext,
    DeviceCommand,
    Event,
    IssueTicket,
    OpenCounter,
    TicketCalled,
)
from hal_mocks.wires.escpos_printer import EscposPrinterOnWire
from hal_mocks.wires.line import PtyLine
from hal_mocks.wires.onbon import OnbonCard
from hal_mocks.wires.syn6288 import SpeechChip
from hal_mocks.wires.wired import Wired
from tests.bench import halls
from tests.bench.row import RUNS, Bench, BenchFault, Measured, Row, Say
from tests.bench.sessions import Lane, Sessions, times
from tests.bench.stage import Stage, wait_until

__all__ = ["BENCH"]

IDLE_S = 10.0
SETTLE_S = 3.0
SERVICES = ("one", "two", "three", "four")
WITHOUT_SCREEN = ("counter-1",)
WITH_SCREEN = ("kiosk-1", "hall-1")
# As on a Pi, but that its pins and its glass are not there.
ENV = {"GPIOZERO_PIN_FACTORY": "mock", "SDL_VIDEODRIVER": "dummy"}

ROWS = (
    Row("board_memory", "resident memory of an idle board without a screen", "MB", 40),
    Row("board_cpu", "CPU of an idle board without a screen, of one core", "%", 1),
    Row("screen_board_memory", "resident memory of an idle board with a screen", "MB", 90),
    Row("screen_board_cpu", "CPU of an idle board with a screen, of one core", "%", 3),
)


@dataclass(frozen=True, slots=True)
class _Cost:
    """What one board needs: MB resident, % of one core."""

    memory: float
    cpu: float


def measure(say: Say) -> Measured:
    runs: list[dict[str, _Cost]] = []
    for run in range(RUNS):
        runs.append(_run())
        each = (f"{name} {cost.memory:.1f} MB {cost.cpu:.2f} %" for name, cost in runs[-1].items())
        say(f"run {run + 1} of {RUNS}: {', '.join(each)}")
    note = f"boards: {IDLE_S:.0f} s idle on {', '.join(WITHOUT_SCREEN)}; with a screen the worse of {', '.join(WITH_SCREEN)}"
    return Measured(
        {
            "board_memory": tuple(max(run[b].memory for b in WITHOUT_SCREEN) for run in runs),
            "board_cpu": tuple(max(run[b].cpu for b in WITHOUT_SCREEN) for run in runs),
            "screen_board_memory": tuple(max(run[b].memory for b in WITH_SCREEN) for run in runs),
            "screen_board_cpu": tuple(max(run[b].cpu for b in WITH_SCREEN) for run in runs),
        },
        note,
    )


class _Hardware:
    """The far ends of all serial lines of the hall."""

    def __init__(self, owner: ExitStack) -> None:
        self.led = owner.enter_context(Wired(OnbonCard(width=192)))
        self.display = owner.enter_context(Wired(OnbonCard(width=128)))
        self.chip = SpeechChip(seconds_per_character=0.02)
        self.voice = owner.enter_context(Wired(self.chip))
        self.printer = EscposPrinterOnWire(PtyLine())
        owner.callback(self.printer.close)

    def hall(self) -> str:
        """One board of each sort, with all that the sample hall gives it."""
        return halls.hall(
            SERVICES,
            halls.counters((1, 2, 3), SERVICES),
            halls.board(
                "kiosk-1",
                halls.kiosk(
                    "kiosk-1",
                    f"""
printer = {{ model = "escpos", port = "serial:{self.printer.line.address}" }}
screen = {{ model = "pygame", width = 1080, height = 1920, fullscreen = false }}
keys = {{ model = "gpio", keys = {{ one = 5, two = 6, three = 13, four = 19, green = 26 }} }}""",
                ),
            ),
            halls.board(
                "counter-1",
                halls.panel(
                    1,
                    f"""
keys = {{ model = "gpio", keys = {{ next = 5, recall = 6, close = 19, no_show = 26, pause = 21 }} }}
lamps = {{ model = "gpio", lamps = {{ next = 17, serve = 27, close = 22, pause = 23 }} }}
led = {{ model = "onbon", port = "serial:{self.led.address}", card = "6K", width = 192, height = 16 }}
display = {{ model = "onbon", port = "serial:{self.display.address}", card = "6K", width = 128, height = 16 }}""",
                ),
                halls.pad(
                    1,
                    """
keys = { model = "gpio", keys = { very_satisfied = 4, satisfied = 12, fairly_satisfied = 18, dissatisfied = 24, very_dissatisfied = 25 } }
lamps = { model = "gpio", lamps = { remind = 8 } }""",
                ),
            ),
            halls.board("counter-2", halls.panel(2), halls.panel(3)),  # seen by others, not run
            halls.board(
                "hall-1",
                halls.display(
                    "display-1",
                    'screen = { model = "pygame", width = 1920, height = 1080, fullscreen = false }',
                ),
                halls.announcer(
                    "voice-1",
                    f'voice = {{ model = "syn6288", port = "serial:{self.voice.address}" }}',
                ),
            ),
        )


def _run() -> dict[str, _Cost]:
    with ExitStack() as owner:
        hardware = _Hardware(owner)
        stage = owner.enter_context(Stage(hardware.hall()))
        boards = {name: _start(stage, name) for name in (*WITHOUT_SCREEN, *WITH_SCREEN)}
        try:
            _let_each_work(stage, hardware)
        except BenchFault as fault:
            logs = "; ".join(f"{name}: {stage.said(name)}" for name in boards)
            raise BenchFault(f"{fault}; the boards' logs: {logs}") from fault
        time.sleep(SETTLE_S)
        return _idle(boards)


def _start(stage: Stage, name: str) -> psutil.Process:
    options = ("--board", name, "--data", str(stage.folder))
    started = stage.start("firmware.board", *stage.to_the_hall, *options, name=name, env=ENV)
    return psutil.Process(started.pid)


def _let_each_work(stage: Stage, hardware: _Hardware) -> None:
    """A ticket is printed, called, shown and said, so that all that a day needs is loaded."""
    boards: dict[str, tuple[tuple[int, ...], tuple[str, ...]]] = {
        "kiosk-1": ((), ()),
        "counter-1": ((), ()),
    }
    with Sessions(stage.hall.hall.id, stage.port, boards) as sessions:
        # In the boards' names: a kiosk prints what it owes, whoever asked for it.
        sessions.ask([Lane("counter-1", "panel-1", times(1, OpenCounter(counter=1)))])
        sessions.ask([Lane("kiosk-1", "kiosk-1", times(1, IssueTicket(service="one")))])
        wait_until(lambda: hardware.printer.printed, "the kiosk's ticket")
        wait_until(lambda: _called(sessions), "the first call")
        wait_until(lambda: len(hardware.chip.said) >= 2, "the announcement")


def _called(sessions: Sessions) -> bool:
    """Press Next; False as long as the ticket is not known to be printed."""
    called: list[Event] = []

    def press(answer: Answer | None) -> DeviceCommand | None:
        if answer is None:
            return CallNext(counter=1)
        called.extend(event for event in answer.events if isinstance(event, TicketCalled))
        return None

    sessions.ask([Lane("counter-1", "panel-1", press)])
    return bool(called)


def _idle(boards: Mapping[str, psutil.Process]) -> dict[str, _Cost]:
    """Look, wait, look again."""
    before = {name: _cpu(board) for name, board in boards.items()}
    start = time.monotonic()
    time.sleep(IDLE_S)
    seconds = time.monotonic() - start
    return {
        name: _Cost(board.memory_info().rss / 1e6, (_cpu(board) - before[name]) / seconds * 100)
        for name, board in boards.items()
    }


def _cpu(board: psutil.Process) -> float:
    spent = board.cpu_times()
    return spent.user + spent.system


BENCH = Bench(ROWS, measure)

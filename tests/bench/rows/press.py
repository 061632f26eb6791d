"""From a press on the panel to the first byte on its LED line, by turns with the floor under it; the same over TLS."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median, quantiles
from subprocess import Popen

import msgspec

from broker.messages import (
    Answer,
    Call,
    CallNext,
    CounterState,
    CounterStatus,
    DeviceCommand,
    IssueTicket,
    Phase,
    ReportPrinted,
    Request,
    TicketIssued,
)
from tests.bench import halls
from tests.bench.floor import FLOORS, Floor
from tests.bench.led_line import LedLine, serve, serve_until_change
from tests.bench.row import RUNS, Bench, BenchFault, Measured, Row, Say
from tests.bench.sessions import Lane, Sessions
from tests.bench.stage import Stage

__all__ = ["BENCH", "OVER_TLS"]

PRESSES = 300
WARM_UP = 20
NEXT_PIN = 5
DEBOUNCE_MS = 5
LET_GO_S = 0.010  # longer than the debouncing, so that each move of the key is seen
PATIENCE_S = 10.0

ROWS = (
    Row("press_p50", "press to first byte on the LED line, p50 over the floor's", "x", 1.5),
    Row("press_p99", "press to first byte on the LED line, p99 over the floor's", "x", 2.0),
)

ROWS_OVER_TLS = (
    Row("press_tls_p50", "the same with TLS on, p50 over the floor's with TLS", "x", 1.5),
    Row("press_tls_p99", "the same with TLS on, p99 over the floor's with TLS", "x", 2.0),
)


def measure(say: Say) -> Measured:
    return _measure(say, ROWS, secure=False)


def measure_over_tls(say: Say) -> Measured:
    return _measure(say, ROWS_OVER_TLS, secure=True)


def _measure(say: Say, rows: tuple[Row, Row], *, secure: bool) -> Measured:
    p50, p99 = [], []
    floors, presses = [], []
    for run in range(RUNS):
        floor, press = _run(secure=secure)
        (floor_p50, floor_p99), (press_p50, press_p99) = _percentiles(floor), _percentiles(press)
        p50.append(press_p50 / floor_p50)
        p99.append(press_p99 / floor_p99)
        floors.append((floor_p50, floor_p99))
        presses.append((press_p50, press_p99))
        say(
            f"run {run + 1} of {RUNS}: p50 {press_p50:.2f} ms over {floor_p50:.2f} ms,"
            f" p99 {press_p99:.2f} ms over {floor_p99:.2f} ms"
        )
    what = "press over TLS" if secure else "press"
    note = f"{what}: medians in ms, p50 and p99: floor {_medians(floors)}, press {_medians(presses)}; {PRESSES} of each a run"
    return Measured({rows[0].name: tuple(p50), rows[1].name: tuple(p99)}, note)


def _percentiles(values: Sequence[float]) -> tuple[float, float]:
    return median(values), quantiles(values, n=100, method="inclusive")[98]


def _medians(pairs: Sequence[tuple[float, float]]) -> str:
    return " and ".join(f"{median(column):.2f}" for column in zip(*pairs, strict=True))


def _run(*, secure: bool) -> tuple[list[float], list[float]]:
    led, display = LedLine(width=192), LedLine(width=128)
    try:
        with Stage(_hall(led.port, display.port)) as stage:
            _fill_the_queue(stage)
            if secure:
                stage.go_secure()
            there, back = _sizes()
            floor = Floor(stage, there=there, back=back, secure=secure)
            identity = ("--identity", str(stage.identity("counter-1"))) if secure else ()
            board = stage.start(
                "tests.bench.actors.board",
                *stage.to_the_hall,
                *("--board", "counter-1", "--data", str(stage.folder)),
                *identity,
                name="board",
                env={"GPIOZERO_PIN_FACTORY": "mock"},
            )
            try:
                return _by_turns(floor, _Panel(board, led, display))
            except BenchFault as fault:
                raise BenchFault(f"{fault}; the board's log: {stage.said('board')}") from fault
            finally:
                floor.close()
    finally:
        led.close()
        display.close()


def _by_turns(floor: Floor, panel: _Panel) -> tuple[list[float], list[float]]:
    """Floor and press one after the other, so that both meet the same machine."""
    panel.open()
    floors, presses = [], []
    for _ in range(WARM_UP + PRESSES):
        floors.append(floor.round_trip())
        presses.append(panel.press())
    return floors[WARM_UP:], presses[WARM_UP:]


class _Panel:
    """The board's panel as the one in front of it sees it: a key to press, a bar to look at."""

    def __init__(self, board: Popen[bytes], led: LedLine, display: LedLine) -> None:
        self._board, self._led = board, led
        self._lines = (led, display)

    def open(self) -> None:
        """Wait until it lives, then open the counter."""
        serve_until_change(self._lines, self._led, PATIENCE_S)
        serve(self._lines, 2.0)  # for the hub's states
        self.press()

    def press(self) -> float:
        """Press Next: how long until the bar's new text begins, in ms."""
        pressed = self._move("down")
        changed = serve_until_change(self._lines, self._led, PATIENCE_S)
        serve(self._lines, LET_GO_S)
        self._move("up")
        serve(self._lines, LET_GO_S)
        return (changed - pressed) / 1e6

    def _move(self, how: str) -> int:
        hand, word = self._board.stdin, self._board.stdout
        assert hand is not None
        assert word is not None
        try:
            hand.write(f"{how} {NEXT_PIN}\n".encode())
            hand.flush()
            return int(word.readline())
        except (BrokenPipeError, ValueError) as fault:
            raise BenchFault("the board has ended by itself") from fault


def _hall(led: str, display: str) -> str:
    hardware = f"""
keys = {{ model = "gpio", keys = {{ next = {NEXT_PIN}, recall = 6, serve = 13, close = 19 }}, debounce_ms = {DEBOUNCE_MS} }}
lamps = {{ model = "gpio", lamps = {{ next = 17, serve = 27, close = 22, pause = 23 }} }}
led = {{ model = "onbon", port = "{led}", card = "6K", width = 192, height = 16 }}
display = {{ model = "onbon", port = "{display}", card = "6K", width = 128, height = 16 }}"""
    return halls.hall(
        ("one",),
        halls.counters((1,), ("one",)),
        halls.board("kiosk-1", halls.kiosk("kiosk-1")),
        halls.board("counter-1", halls.panel(1, hardware)),
        *map(halls.console, FLOORS),
    )


def _fill_the_queue(stage: Stage) -> None:
    """One ticket for each press, with its paper."""

    def take(answer: Answer | None) -> DeviceCommand | None:
        match answer:
            case Answer(events=(TicketIssued(ticket=ticket),)):
                return ReportPrinted(ticket=ticket)
            case None:
                return IssueTicket(service="one")
            case _:
                return None

    with Sessions(stage.hall.hall.id, stage.port, {"kiosk-1": ((), ("kiosk-1",))}) as sessions:
        sessions.ask([Lane("kiosk-1", "kiosk-1", take)] * (WARM_UP + PRESSES))


def _sizes() -> tuple[int, int]:
    """The bytes of a press and of the counter's state after it."""
    number = "0" * 32
    now = 1_700_000_000_000
    press = Request(command_id=number, device="panel-1", command=CallNext(counter=1), expires=now)
    call = Call(seq=100, ticket="A0100", recall=0, valid_until=now)
    state = CounterState(
        counter=1, status=CounterStatus.OPEN, phase=Phase.CALLED, ticket="A0100", call=call
    )
    return len(msgspec.json.encode(press)), len(msgspec.json.encode(state))


BENCH = Bench(ROWS, measure)
OVER_TLS = Bench(ROWS_OVER_TLS, measure_over_tls)

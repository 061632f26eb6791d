"""A hall of real processes that can be killed at any step: broker, coordinator, a kiosk, two counters, display and voice."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from broker.loading import parse
from broker.settings import Hall
from tests.chaos.diaries import Diaries
from tests.processes import Processes, free_port, listens

__all__ = ["BOARDS", "Broken", "ChaosHall", "opened", "wait_until"]

SAMPLE = Path(__file__).parents[2] / "broker" / "halls" / "sample.toml"
BOARDS = ("kiosk-1", "counter-1", "counter-2", "hall-1")
PATIENCE_S = 20.0

# Short times, so that what an outage makes stale is stale while the test looks.
# Where it is about noon no run meets midnight, nor does a clock that jumps: then numbers begin anew.
NOON = f"Etc/GMT{time.gmtime().tm_hour - 12:+d}"
TEXT = (
    SAMPLE.read_text(encoding="utf-8")
    .replace(
        "double_press_ms = 800", "double_press_ms = 100\ncall_valid_s = 5\npress_expires_s = 5"
    )
    .replace('timezone = "Asia/Shanghai"', f'timezone = "{NOON}"')
)
SECOND_KIOSK = """
[[boards]]
id = "kiosk-2"
[[boards.devices]]
id = "kiosk-2"
kind = "ticket_kiosk"
[boards.devices.hardware]
printer = { model = "escpos", port = "file:/dev/usb/lp0" }
screen = { model = "pygame", width = 1080, height = 1920 }
keys = { model = "gpio", keys = { pension = 5 } }
"""


class Broken(AssertionError):
    """Something did not come back, or never happened; the sentence says what."""


def wait_until(what: str, true: Callable[[], object], patience_s: float = PATIENCE_S) -> None:
    until = time.monotonic() + patience_s
    while not true():
        if time.monotonic() > until:
            raise Broken(f"waited {patience_s:.0f} s in vain: {what}")
        time.sleep(0.01)


class ChaosHall(Processes):
    """`broker` is `mosquitto` or `embedded`; all files are in `folder`."""

    def __init__(self, folder: Path, broker: str, text: str = TEXT + SECOND_KIOSK) -> None:
        super().__init__(folder)
        self.broker, self.port = broker, free_port()
        self.toml = folder / "hall.toml"
        self.toml.write_text(text, encoding="utf-8")
        self.hall: Hall = parse(text)
        self.diaries = Diaries(folder)
        self.hub_options: tuple[str, ...] = ()
        self.board_options: tuple[str, ...] = ()
        self.hub_data = folder
        self.through: dict[str, int] = {}

    def begin(self, name: str) -> None:
        """Start a process of the hall: `broker`, `hub`, or a board."""
        (self.folder / f"{name}.order").unlink(missing_ok=True)
        if name == "broker":
            self.start(
                "tests.chaos.actors.broker",
                self.broker,
                str(self.port),
                str(self.folder / "broker"),
                name=name,
            )
        elif name == "hub":
            options = ("--until-eof", *self.hub_options)
            self.start(
                "tests.chaos.actors.hub", *self._common(name, self.hub_data), *options, name=name
            )
        else:
            diary = ("--diary", str(self.folder / f"{name}.diary"))
            self.start(
                "tests.chaos.actors.board",
                *("--board", name, *self._common(name, self.folder), *diary, *self.board_options),
                name=name,
            )

    def begin_twin(self, board: str, data: Path) -> None:
        """A second process under a board's name, on a disk of its own; it is known here as `twin`."""
        diary = ("--diary", str(self.folder / "twin.diary"))
        common = self._common("twin", data)
        self.start("tests.chaos.actors.board", "--board", board, *common, *diary, name="twin")

    def begin_many(self, processes: int = 4) -> None:
        """Every kiosk of the hall as a link alone, shared among some processes."""
        for part in range(processes):
            name = f"many-{part}"
            more = ("--diary", str(self.folder / f"{name}.diary"), "--part", str(part))
            common = self._common(name, self.folder)
            self.start("tests.chaos.actors.many", *common, *more, "--of", str(processes), name=name)

    def _common(self, name: str, data: Path) -> tuple[str, ...]:
        port = self.through.get(name, self.port)
        return (
            *("--hall", str(self.toml), "--broker", f"127.0.0.1:{port}", "--data", str(data)),
            *("--order", str(self.folder / f"{name}.order")),
        )

    def begin_all(self, boards: tuple[str, ...] = BOARDS) -> None:
        self.begin("broker")
        wait_until("the broker listens", lambda: listens(self.port))
        since = int(time.time() * 1000)
        for name in ("hub", *boards):
            self.begin(name)
        for board in boards:
            wait_until(
                f"{board} hears the hub: {self.log(board)[-2000:]}",
                partial(self.diaries.any, "beat", since=since, board=board),
            )

    # --- faults ---------------------------------------------------------------------------------------

    def order(self, name: str, step: str, count: int = 1) -> None:
        """Let a process die when it passes a step for the `count`th time from now on."""
        draft = self.folder / f"{name}.order.draft"
        draft.write_text(f"{count} {step}", encoding="utf-8")
        draft.rename(self.folder / f"{name}.order")

    def is_dead(self, name: str) -> bool:
        return self.processes[name].poll() is not None

    def bury(self, name: str) -> None:
        """What is left of a dead process; a board without power shows nothing."""
        process = self.processes.pop(name)
        assert process.wait(PATIENCE_S) == -signal.SIGKILL, self.log(name)[-3000:]
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self.diaries.blank(name)

    def kill(self, name: str) -> None:
        self.processes[name].kill()
        self.bury(name)

    def press(self, device: str, key: str) -> None:
        """A hand on a key; on a board that is dead it does nothing."""
        self.press_on(self.hall.board_of[device], device, key)

    def press_on(self, name: str, device: str, key: str) -> None:
        process = self.processes.get(name)
        if process is not None and process.stdin is not None:
            with contextlib.suppress(OSError, ValueError):
                process.stdin.write(f"{device} {key}\n".encode())
                process.stdin.flush()

    def close(self) -> None:
        for process in self.processes.values():
            process.kill()
        for name in list(self.processes):
            self.bury_quietly(name)
        self.diaries.close()

    def bury_quietly(self, name: str) -> None:
        process = self.processes.pop(name)
        process.wait(PATIENCE_S)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


@contextlib.contextmanager
def opened(
    folder: Path, broker: str = "mosquitto", boards: tuple[str, ...] = BOARDS
) -> Iterator[ChaosHall]:
    hall = ChaosHall(folder, broker)
    try:
        hall.begin_all(boards)
        yield hall
    finally:
        hall.close()

"""`jiaohao demo`: a whole hall on this machine - real broker, coordinator and boards, virtual hardware, one page. It only wires."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import uvicorn

import broker
from broker.loading import SettingsFault
from broker.lock import hold
from broker.settings import Hall
from firmware.check import load
from hal_mocks.virtual_hall.layout import layout
from hal_mocks.virtual_hall.scene import Scene
from hal_mocks.virtual_hall.server import hall_page
from hal_mocks.virtual_hall.talk import Memory
from hal_mocks.virtual_hall.troupe import Troupe

__all__ = ["main"]

HOST = "127.0.0.1"
PORT = 8388
NEIGHBOURS = 20
SAMPLE = Path(broker.__file__).parent / "halls" / "sample.toml"
GRACE_S = 2


def main(argv: list[str]) -> int:
    """Open the virtual hall until Ctrl-C."""
    options = _options(argv)
    with contextlib.ExitStack() as held:
        try:
            hall = load(options.hall)
            door = held.enter_context(_door(options.port))
            held.enter_context(hold(options.data / "demo.lock", "another virtual hall"))
        except (SettingsFault, OSError) as fault:
            sys.stderr.write(f"{fault}\n")
            return 1
        asyncio.run(_run(hall, options, door))
    return 0


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="jiaohao demo",
        description="A whole hall on this machine: virtual devices, to be pressed and broken in the browser.",
    )
    parser.add_argument("--hall", type=Path, default=SAMPLE, help="hall.toml (the sample hall)")
    parser.add_argument(
        "--port", type=int, help=f"of the page; 0 is any ({PORT}, or the next free)"
    )
    parser.add_argument(
        "--data", type=Path, default=Path("var/demo"), help="folder that keeps the day (var/demo)"
    )
    parser.add_argument(
        "--embedded",
        action="store_true",
        help="the embedded broker even where Mosquitto is installed",
    )
    parser.add_argument(
        "--wires",
        action="store_true",
        help="through the real drivers, in the devices' own bytes, with emulators at the far ends",
    )
    return parser.parse_args(argv)


async def _run(hall: Hall, options: argparse.Namespace, door: socket.socket) -> None:
    scene = Scene({**layout(hall), "wires": options.wires})
    commands = _commands(hall, options, _free_port())
    troupe = Troupe(commands, options.data / "log", _hearing(scene), scene.process)
    server = _Server(
        uvicorn.Config(
            hall_page(hall, scene, troupe), log_level="warning", timeout_graceful_shutdown=GRACE_S
        )
    )

    def close() -> None:
        scene.close()
        server.should_exit = True

    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(name, close)
    print(f"The hall is open: http://{HOST}:{door.getsockname()[1]}/", flush=True)
    await server.serve(sockets=[door])


class _Server(uvicorn.Server):
    """Leaves signals to us: uvicorn raises them again after its end, past our own."""

    def capture_signals(self) -> contextlib.AbstractContextManager[None]:  # type: ignore[override]  # all that serve() needs
        return contextlib.nullcontext()


def _hearing(scene: Scene) -> Callable[[str, bytes], None]:
    """Boards tell what their parts remember; what the others print is for the terminal."""

    def heard(name: str, line: bytes) -> None:
        if name.startswith("board:"):
            scene.remember(msgspec.json.decode(line, type=Memory))
        else:
            print(line.decode(errors="replace"), end="", flush=True)

    return heard


def _commands(hall: Hall, options: argparse.Namespace, port: int) -> dict[str, tuple[str, ...]]:
    """The command line of every process, by its name."""
    python, data = sys.executable, str(options.data)
    common = ("--hall", str(options.hall), "--broker", f"{HOST}:{port}", "--data", data)
    serve = (python, "-m", "broker.serve", "--port", str(port), "--data", data, "--until-eof")
    boards = {
        f"board:{board.id}": (
            *(python, "-m", "hal_mocks.virtual_hall.board"),
            *("--board", board.id),
            *common,
            *(("--wires",) if options.wires else ()),
        )
        for board in hall.boards
    }
    return {
        "broker": (*serve, "--embedded") if options.embedded else serve,
        "coordinator": (python, "-m", "broker.hub", *common, "--until-eof"),
        **boards,
    }


def _door(port: int | None) -> socket.socket:
    """The socket that the page is served on: the port asked for, or the first free one from the usual one on."""
    if port is not None:
        try:
            return _bound(port)
        except (OSError, OverflowError) as fault:
            raise OSError(f"port {port} is not free ({fault}); choose another --port") from fault
    for neighbour in range(PORT, PORT + NEIGHBOURS):
        with contextlib.suppress(OSError):
            return _bound(neighbour)
    return _bound(0)


def _bound(port: int) -> socket.socket:
    door = socket.socket()
    # A hall that was closed a moment ago leaves its port in waiting.
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((HOST, port))
        door.listen()
    except OSError:
        door.close()
        raise
    return door


def _free_port() -> int:
    with _bound(0) as probe:
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""`jiaohao demo` as a command: it leaves no process behind, however it ends, and says what it cannot do."""

from __future__ import annotations

import http.client
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from hal_mocks.virtual_hall.demo import main
from tests.browser.opened import Demo, wait_for

PROCESSES = 8  # the broker and its child, the coordinator, five boards


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    demo = Demo(tmp_path)
    yield demo
    demo.stop()


def whole_family(demo: Demo) -> list[psutil.Process]:
    """Every process of a hall that works: its bars show what the coordinator told them."""
    wait_for(lambda: "按下一位开放窗口" in seen(demo))
    return wait_for(lambda: family if len(family := demo.family()) >= PROCESSES else [])


def seen(demo: Demo) -> str:
    """All that can be seen of the hall now, as the page gets it first."""
    link = http.client.HTTPConnection("127.0.0.1", demo.port)
    try:
        link.request("GET", "/events")
        answer = link.getresponse()
        return next(line for line in answer if line.startswith(b"data:")).decode()
    finally:
        link.close()


def left_behind(family: list[psutil.Process]) -> list[str]:
    _, alive = psutil.wait_procs(family, timeout=10)
    return [" ".join(process.cmdline()) for process in alive]


@pytest.mark.needs("mosquitto")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP], ids=str)
def test_a_demo_that_is_asked_to_end_leaves_nothing_behind(
    demo: Demo, number: signal.Signals
) -> None:
    family = whole_family(demo)
    assert demo.stop(number) == 0
    assert left_behind(family) == []
    assert "Traceback" not in demo.terminal


@pytest.mark.needs("mosquitto")
def test_a_demo_killed_outright_leaves_nothing_behind(demo: Demo) -> None:
    family = whole_family(demo)
    assert demo.stop(signal.SIGKILL) == -signal.SIGKILL
    assert left_behind(family) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=str)
def test_the_embedded_broker_is_not_left_behind_either(
    tmp_path: Path, number: signal.Signals
) -> None:
    demo = Demo(tmp_path, "--embedded")
    family = whole_family(demo)
    demo.stop(number)
    assert left_behind(family) == []


@pytest.mark.needs("mosquitto")
def test_a_press_that_nobody_can_do_is_refused_in_words(demo: Demo) -> None:
    assert post(demo, '{"device":"panel-9","part":"keys","do":"press"}')[1].startswith(
        "nobody can 'press'"
    )
    assert post(demo, '{"device":"panel-1","part":"led","do":"__init__"}')[0] == 409
    assert post(demo, "{", kind="text/plain") == (409, "send application/json")
    assert post(demo, "{}", host="hall.example")[0] == 400


def post(
    demo: Demo, body: str, *, kind: str = "application/json", host: str = "localhost"
) -> tuple[int, str]:
    link = http.client.HTTPConnection("127.0.0.1", demo.port)
    try:
        link.request("POST", "/press", body, {"Content-Type": kind, "Host": host})
        answer = link.getresponse()
        return answer.status, answer.read().decode()
    finally:
        link.close()


def test_a_port_that_is_taken_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["--port", str(port)]) == 1
    assert f"port {port} is not free" in capsys.readouterr().err


def test_a_hall_that_cannot_be_read_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--hall", str(tmp_path / "none.toml"), "--port", "0"]) == 1
    assert "none.toml" in capsys.readouterr().err

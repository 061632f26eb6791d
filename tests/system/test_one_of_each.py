"""Two processes never share a journal or an outbox: the second says who has it and what to do, and goes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.system.stage import SAMPLE, Stage, staged

pytestmark = pytest.mark.needs("mosquitto")


@pytest.mark.parametrize(
    ("module", "more"),
    [
        ("broker.hub", ()),
        ("hal_mocks.virtual_hall.board", ("--board", "counter-1")),
    ],
)
def test_a_second_one_on_the_same_data_is_refused_with_a_sentence(
    tmp_path: Path, module: str, more: tuple[str, ...]
):
    with staged(tmp_path, boards=("counter-1",)) as stage:
        second = [sys.executable, "-m", module, "--hall", str(SAMPLE), *more]
        second += ["--broker", f"127.0.0.1:{stage.port}", "--data", str(tmp_path)]
        pipe = subprocess.PIPE
        with subprocess.Popen(second, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
            assert process.wait(30) == 1
            assert process.stderr is not None
            said = process.stderr.read()
        assert "already" in said
        assert "--data" in said
        assert_alive(stage)


def assert_alive(stage: Stage) -> None:
    assert all(process.poll() is None for process in stage.processes.values())

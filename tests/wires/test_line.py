"""A line keeps to its time-outs and settings, whatever device hangs on it."""

from __future__ import annotations

import os
import termios
import time
from collections.abc import Iterator

import pytest

from firmware.hal.buses.line import open_line
from firmware.hal.buses.places import Flow, SerialPlace
from hal_mocks.wires.line import PtyLine

MORE_THAN_IT_HOLDS = bytes(1 << 20)


@pytest.fixture
def far_end() -> Iterator[PtyLine]:
    far_end = PtyLine()
    yield far_end
    far_end.close()


def test_a_line_that_takes_nothing_is_given_up_in_time(far_end: PtyLine):
    line = open_line(SerialPlace(far_end.address, 9600))
    began = time.monotonic()
    with pytest.raises(OSError, match="takes no more bytes"):
        line.send(MORE_THAN_IT_HOLDS, 0.1)
    assert line.write(b"A", 0.1) == 0
    assert 0.2 <= time.monotonic() - began < 1
    line.abandon()


def test_what_was_abandoned_does_not_come_before_what_is_sent_later(far_end: PtyLine):
    line = open_line(SerialPlace(far_end.address, 9600))
    sent = 0
    while taken := line.write(bytes(1000), 0.05):
        sent += taken
    line.abandon()
    line = open_line(SerialPlace(far_end.address, 9600))
    line.send(b"today", 0.1)
    came = b""
    while more := far_end.read(4096, 0.1):
        came += more
    line.close()
    assert came.endswith(b"today")
    # What the far end has got already, one buffer of its, is out of this end's hands.
    assert len(came) < 5000 < sent


@pytest.mark.parametrize(("flow", "xon"), [("none", False), ("xonxoff", True)])
def test_a_serial_line_has_the_flow_control_it_was_given(far_end: PtyLine, flow: Flow, xon: bool):
    line = open_line(SerialPlace(far_end.address, 9600, flow))
    looking = os.open(far_end.address, os.O_RDWR | os.O_NOCTTY)
    assert bool(termios.tcgetattr(looking)[0] & termios.IXON) is xon
    os.close(looking)
    line.close()

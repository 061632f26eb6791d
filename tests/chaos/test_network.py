"""The laws of a bad network between a zone and the broker; what the proxy itself does comes first."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.network import bad_network
from tests.chaos.proxy import Proxy
from tests.chaos.test_crash import assert_clean


@contextlib.contextmanager
def a_line() -> Iterator[tuple[Proxy, socket.socket, socket.socket]]:
    """A proxy, and both ends of one connection through it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        proxy = Proxy(server.getsockname()[1])
        with socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as near:
            far, _ = server.accept()
            far.settimeout(5)
            with far:
                yield proxy, near, far
        proxy.close()


def test_the_proxy_carries_both_ways_and_delays():
    with a_line() as (proxy, near, far):
        near.sendall(b"there")
        assert far.recv(99) == b"there"
        proxy.delay(0.2)
        began = time.monotonic()
        far.sendall(b"back")
        assert near.recv(99) == b"back"
        assert time.monotonic() - began >= 0.2


def test_what_the_proxy_stalls_comes_later_and_what_is_half_open_never_and_without_a_word():
    with a_line() as (proxy, near, far):
        proxy.stall()
        near.sendall(b"late")
        far.settimeout(0.3)
        with pytest.raises(TimeoutError):
            far.recv(99)
        proxy.heal()
        far.settimeout(5)
        assert far.recv(99) == b"late"
        proxy.go_half_open()
        near.sendall(b"lost")
        proxy.heal()
        far.settimeout(0.3)
        with pytest.raises(TimeoutError):
            far.recv(99)


def test_what_the_proxy_cuts_is_closed_and_nobody_is_let_in_until_it_heals():
    with a_line() as (proxy, near, _far):
        proxy.cut()
        assert near.recv(99) == b""
        with socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as other:
            assert other.recv(99) == b""


@pytest.mark.needs("mosquitto")
@pytest.mark.parametrize("fault", ["delay", "half-open", "partition"])
def test_a_zone_behind_a_bad_line_loses_and_doubles_nothing_knows_that_it_is_alone_and_comes_back(
    fault: str, tmp_path: Path
):
    assert_clean(bad_network(tmp_path, fault, "mosquitto", "1", times=1))

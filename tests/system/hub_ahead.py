"""The hub's process with its clock put so many seconds ahead: `python -m tests.system.hub_ahead SECONDS ...`."""

from __future__ import annotations

import sys
import time
from types import SimpleNamespace

import broker.hub

if __name__ == "__main__":
    ahead = float(sys.argv[1])
    clocks = SimpleNamespace(time=lambda: time.time() + ahead, monotonic=time.monotonic)
    vars(broker.hub).update(time=clocks)
    raise SystemExit(broker.hub.main(sys.argv[2:]))

"""`python3 -m firmware.self_test`: reads every module of a release once, before it may run; ends with 1 and a sentence if one is missing.

A board's updater starts it by this name in releases that it does not know yet: the name stays.
"""

from __future__ import annotations

import os
import pkgutil
import sys
import tempfile
from importlib import import_module
from importlib.util import find_spec

import broker
import firmware

__all__ = ["main"]

# Not of a board or a hub: what a laptop or a build machine does.
ELSEWHERE = ("firmware.studio", "firmware.bench", "firmware.cards", "broker.simulate")
# Where it is not there, a part says so when it is opened: it stands on boards alone.
ON_BOARDS = ("lgpio",)


def modules() -> list[str]:
    found = [
        module.name
        for package in (broker, firmware)
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    ]
    return sorted(
        name for name in found if not name.startswith(ELSEWHERE) and "__main__" not in name
    )


def main() -> int:
    # lgpio makes a pipe in the folder that it is read in.
    with tempfile.TemporaryDirectory(prefix="jiaohao-") as folder:
        os.environ["LG_WD"] = folder
        os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"
        wanted = modules()
        if os.uname().machine == "aarch64" or find_spec("lgpio"):
            wanted += ON_BOARDS
        for name in wanted:
            try:
                import_module(name)
            except Exception as fault:  # noqa: BLE001 - whatever it is, it is told
                sys.stderr.write(f"{name}: {fault!r}\n")
                return 1
    sys.stdout.write(f"{len(wanted)} modules\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

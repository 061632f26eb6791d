"""`python -m tests.guest`: from blank cards to a working hall on emulated machines; ends with a table, and with 1 if a law broke."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.guest.board import BoardRun
from tests.guest.found import Found, say
from tests.guest.hall import HallFault, a_hall
from tests.guest.hub import HubRun
from tests.guest.laptop import Laptop
from tests.guest.machine import NoGuest
from tests.guest.system import ROOT, NoSystem

WAYS: dict[str, type[BoardRun | HubRun]] = {"board": BoardRun, "hub": HubRun}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.guest", description=__doc__)
    parser.add_argument("--only", choices=WAYS, help="a board's way, or a hub's")
    parser.add_argument("--keep", action="store_true", help="keep cards and logs")
    parser.add_argument(
        "--bundle", type=Path, help="one that was made before; beside it a folder keys"
    )
    parser.add_argument(
        "--patience", type=float, default=1, help="so many times as long, on a busy machine"
    )
    options = parser.parse_args()
    build = ROOT / "build" / "guest"
    build.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=build))
    began, found = time.monotonic(), Found()
    try:
        for name in [options.only] if options.only else WAYS:
            say(f"a {name}'s way")
            found.way = name
            here = folder / f"hall-of-{name}"
            here.mkdir()
            with a_hall(here, hub=name == "board") as hall:
                laptop = Laptop(hall, here, options.bundle)
                WAYS[name](laptop, hall, options.patience, found).all()
    except (NoGuest, NoSystem, HallFault) as fault:
        print(f"guest: {fault}\nguest: what there is of it is in {folder}", file=sys.stderr)
        return 1
    print(f"\n{found.table()}\n")
    say(f"the whole run took {time.monotonic() - began:.0f} s")
    for broken in found.broken:
        print(f"guest: broken: {broken}", file=sys.stderr)
    if found.broken or options.keep:
        print(f"guest: cards and logs are in {folder}", file=sys.stderr)
    else:
        shutil.rmtree(folder)
    return int(bool(found.broken))


if __name__ == "__main__":
    sys.exit(main())

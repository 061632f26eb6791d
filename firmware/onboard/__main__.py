"""`python3 onboard.pyz COMMAND`: what a board's units start. Ends with 1 and a sentence where it cannot."""

from __future__ import annotations

import importlib
import pkgutil
import sys

from firmware import onboard
from firmware.onboard import last_seen, launching, read_only_root
from firmware.onboard.hall_settings import SettingsFault
from firmware.onboard.manifest import ReleaseFault
from firmware.onboard.passing import one_pass
from firmware.onboard.places import Places
from firmware.onboard.setting_up import setting_up
from firmware.onboard.state import known_state

__all__ = ["main"]

USAGE = "usage: onboard.pyz first-boot | catch-up | check-root | attempt UNIT | launch UNIT | update | status | self-test\n"


def main(argv: list[str], places: Places | None = None) -> int:
    places = places or Places()
    try:
        return _do(argv, places)
    except (ReleaseFault, SettingsFault, OSError) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1


def _do(argv: list[str], places: Places) -> int:
    match argv:
        case ["first-boot"]:
            setting_up(places)
        case ["catch-up"]:
            if last_seen.catch_up(places):
                sys.stdout.write("the clock was behind, and goes on from when it was last seen\n")
        case ["check-root"]:
            faults = read_only_root.look(places)
            # The number in front is how the system's log knows an error.
            sys.stderr.writelines(f"<3>{fault}\n" for fault in faults)
            return int(bool(faults))
        case ["attempt", unit]:
            sys.stdout.write(f"{unit}: {launching.count_attempt(places, unit)}\n")
        case ["launch", unit]:
            return launching.launch(places, unit)
        case ["update"]:
            sys.stdout.write(f"{one_pass(places)}\n")
        case ["status"]:
            state = known_state(places)
            sys.stdout.write(f"{state.wanted or 'no release'}\n")
        case ["self-test"]:
            # Every module can be read, by this Python and without any library: so an older one may make way for it.
            for found in pkgutil.iter_modules(onboard.__path__, "firmware.onboard."):
                importlib.import_module(found.name)
        case _:
            sys.stderr.write(USAGE)
            return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

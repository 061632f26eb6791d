"""A board's way, from its blank card on: it serves, hangs, is updated, goes back, and starts by the plug. Its hub is on this machine."""

from __future__ import annotations

import json
import time
from concurrent.futures import Future, ThreadPoolExecutor

from tests.guest.asking import press, release_of, set_up, until
from tests.guest.found import Found, say
from tests.guest.hall import BOARD, Hall, HallFault
from tests.guest.laptop import Laptop
from tests.guest.machine import Machine
from tests.guest.releases import Bundle

__all__ = ["BoardRun", "calls", "first_boot", "nothing_failed", "prints", "root_is_not_written"]

FIRST_MESSAGE_S = 240.0
"""The most that may pass from power-on to the board's first message."""

UNIT = "jiaohao-board.service"
# There is neither screen nor sound in this machine.
DROP_IN = "[Service]\nEnvironment=SDL_VIDEODRIVER=dummy SDL_AUDIODRIVER=dummy\n"


def first_boot(
    machine: Machine, hall: Hall, release: Bundle, found: Found, limit_s: float | None = None
) -> None:
    """From a board's card in the slot to its first message, in `limit_s` at most."""
    began = time.monotonic()
    machine.switch_on()
    machine.until_off()
    found.took("power-on, the card's first program, restart", time.monotonic() - began)
    machine.switch_on()
    machine.do("mkdir", "-p", f"/etc/systemd/system/{UNIT}.d")
    put = f"cat >/etc/systemd/system/{UNIT}.d/guest.conf <<'END'\n{DROP_IN}END"
    machine.do("sh", "-c", put)
    until(machine, "the board's first message", lambda: hall.is_up)
    first_seen = next(at for at, presence in hall.seen if presence.up)
    found.took("from power-on to the first message", first_seen - began, limit_s)
    boot = hall.boot
    machine.until_off()
    found.took("from power-on until it starts anew for its root", time.monotonic() - began)
    machine.switch_on()
    until(machine, "it is back", lambda: hall.is_up and hall.boot != boot)
    root_is_not_written(machine, found)
    set_up(machine)
    found.must(f"it runs {release.name}", release_of(machine) == release.name)
    card = machine.look("ls", "/boot/firmware/jiaohao")
    found.must("the token is gone from the card", "enrol.token" not in card, card)
    key = machine.look("stat", "-c", "%a %U", "/data/jiaohao/identity/key.pem").strip()
    found.must("its key is its own", key == "600 jiaohao", key)


def nothing_failed(machine: Machine, found: Found) -> None:
    failed = machine.look("systemctl", "--failed", "--no-legend", "--plain").strip()
    found.must("no unit has failed", not failed, failed)


def root_is_not_written(machine: Machine, found: Found) -> None:
    words = ("findmnt", "--noheadings", "--output=FSTYPE,OPTIONS", "--mountpoint")
    root, data = machine.do(*words, "/"), machine.do(*words, "/data")
    found.must("its root is not written any more", root.startswith("overlay "), root)
    found.must("what must last has its own partition", data.startswith("ext4 "), data)
    check = machine.look("systemctl", "is-active", "jiaohao-root.service").strip()
    found.must("the boot has looked, and found nothing wrong", check == "active", check)


def prints(machine: Machine, hall: Hall, found: Found) -> None:
    """A ticket out of the emulated printer, by an emulated key."""
    until(
        machine, "every part works", lambda: hall.is_up and hall.health and not hall.health.troubles
    )
    printed = len(hall.words("printer"))
    took = press(
        machine, hall, ("keys", "1"), "the printed ticket", lambda: hall.words("printer")[printed:]
    )
    found.took("from a key to the printed ticket", took)


def calls(machine: Machine, hall: Hall, ticket: str, found: Found) -> None:
    """The emulated call key, and the ticket on the emulated bar."""
    took = press(
        machine,
        hall,
        ("keypad", "n"),
        "the call on the bar",
        lambda: ticket in " ".join(hall.words("led")),
    )
    found.took("from a key to the call on the bar", took)


class BoardRun:
    """The steps, in the order in which a technician comes by them."""

    def __init__(self, laptop: Laptop, hall: Hall, patience: float, found: Found) -> None:
        self._laptop, self._hall, self._patience, self._found = laptop, hall, patience, found

    def all(self) -> None:
        release = self._laptop.bundle("board")
        with ThreadPoolExecutor() as beside:
            self._steps(release, beside.submit(self._laptop.later, release))

    def _steps(self, release: Bundle, later: Future[tuple[Bundle, Bundle]]) -> None:
        card = self._laptop.card(BOARD, release)
        with Machine(card, self._patience) as machine:
            first_boot(machine, self._hall, release, self._found, FIRST_MESSAGE_S)
            nothing_failed(machine, self._found)
            self._system(machine)
            self._counter(machine)
            self._hang(machine)
            self._updates(machine, *later.result())
            self._start_again(machine, later.result()[0])

    def _system(self, machine: Machine) -> None:
        limit = machine.do("systemctl", "show", "--property=RuntimeWatchdogUSec,RebootWatchdogUSec")
        self._found.must("the hardware watchdog is set to 14 s", limit.count("=14s") == 2, limit)
        log = machine.do("journalctl", "--disk-usage")
        where = machine.look("ls", "/var/log/journal")
        self._found.must("the log is in memory", "cannot access" in where, f"{log} {where}")
        panic = machine.do("cat", "/proc/sys/kernel/panic").strip()
        self._found.must("a kernel that stopped starts anew after 10 s", panic == "10", panic)
        show = machine.do(
            "systemctl", "show", UNIT, "--property=MemoryCurrent,MemoryMax,NRestarts,StatusText"
        )
        values = dict(line.split("=", 1) for line in show.splitlines())
        say(f"the board: {values['StatusText']}; {int(values['MemoryCurrent']) >> 20} MB of memory")
        self._found.must("the board has not been started anew", values["NRestarts"] == "0", show)

    def _counter(self, machine: Machine) -> None:
        prints(machine, self._hall, self._found)
        time.sleep(1)
        calls(machine, self._hall, "A001", self._found)
        # No update starts a board anew while somebody is served there.
        took = press(machine, self._hall, ("keypad", "n"), "a free counter", self._hall.has_closed)
        self._found.took("from a key to a counter that is free again", took)

    def _hang(self, machine: Machine) -> None:
        boot, began = self._hall.boot, time.monotonic()
        machine.do("systemctl", "kill", "--kill-whom=main", "--signal=STOP", UNIT)
        until(
            machine,
            "a board that hung is back",
            lambda: self._hall.is_up and self._hall.boot != boot,
        )
        self._found.took(
            "from a board that hangs to its next first message", time.monotonic() - began
        )
        log = machine.do("journalctl", "--unit", UNIT, "--output=cat", "--no-pager")
        self._found.must("its watchdog ended it", "Watchdog timeout" in log, log[-2000:])

    def _updates(self, machine: Machine, later: Bundle, broken: Bundle) -> None:
        key = ("--pub", str(self._laptop.public_key))
        began = time.monotonic()
        said = self._hall.jiaohao(
            "update", "board", BOARD, str(later.path), *self._hall.common, *key
        )
        self._found.took("an update, until it is confirmed", time.monotonic() - began)
        self._found.must(f"it runs {later.name}", release_of(machine) == later.name, said)
        began = time.monotonic()
        try:
            said = self._hall.jiaohao(
                "update", "board", BOARD, str(broken.path), *self._hall.common, *key
            )
            self._found.must("a broken release stops the update", holds=False, told=said)
        except HallFault as fault:
            self._found.took(
                "a broken release, until the board went back", time.monotonic() - began
            )
            self._found.must(
                "the hub hears that it went back", "went back" in str(fault), str(fault)
            )
        until(machine, "the board is back", lambda: self._hall.is_up)
        state = json.loads(machine.do("cat", "/data/jiaohao/state.json"))
        self._found.must(f"it runs {later.name} again", release_of(machine) == later.name)
        self._found.must("the broken one is refused from now on", broken.name in state["refused"])

    def _start_again(self, machine: Machine, release: Bundle) -> None:
        boot = self._hall.boot
        machine.do("sync")
        machine.switch_off()
        began = time.monotonic()
        machine.switch_on()
        until(
            machine,
            "it is back after the plug",
            lambda: self._hall.is_up and self._hall.boot != boot,
        )
        self._found.took(
            "from power-on of a board that is set up to its first message", time.monotonic() - began
        )
        self._found.must(f"it runs {release.name}", release_of(machine) == release.name)
        root_is_not_written(machine, self._found)
        nothing_failed(machine, self._found)
        self._late_partition(machine)

    def _late_partition(self, machine: Machine) -> None:
        """As by a card that takes minutes to show it."""
        boot, began = self._hall.boot, time.monotonic()
        machine.do("systemctl", "stop", "data.mount")
        until(
            machine,
            "it is back with its partition",
            lambda: self._hall.is_up and self._hall.boot != boot,
        )
        took = time.monotonic() - began
        self._found.took("from a lost data partition to the board's next first message", took)

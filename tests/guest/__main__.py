"""`python -m tests.guest`: from a blank card to a working counter on an emulated machine; ends with a table, and with 1 if a law broke."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from tests.guest.hall import BOARD, Hall, HallFault, a_hall
from tests.guest.machine import Machine, NoGuest
from tests.guest.releases import TARGET, Bundle, first, packed_anew
from tests.guest.system import ROOT, NoSystem, flash, read_boot

T = TypeVar("T")

FIRST_MESSAGE_S = 240.0
"""The most that may pass from power-on to the board's first message."""

PATIENCE_S = 900.0
AGAIN_S = 10.0
HEALTH = "/run/jiaohao/health.json"
UNIT = "jiaohao-board.service"
# There is neither screen nor sound in this machine.
DROP_IN = "[Service]\nEnvironment=SDL_VIDEODRIVER=dummy SDL_AUDIODRIVER=dummy\n"


def say(sentence: str) -> None:
    print(f"guest: {time.strftime('%H:%M:%S')} {sentence}", flush=True)


@dataclass
class Found:
    """What came of each step: how long it took, if it is over time, what broke."""

    rows: list[tuple[str, float, float | None]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def took(self, what: str, seconds: float, limit: float | None = None) -> None:
        self.rows.append((what, seconds, limit))
        say(f"{what}: {seconds:.1f} s")
        if limit is not None and seconds > limit:
            self.broken.append(f"{what} took {seconds:.0f} s, more than {limit:.0f}")

    def must(self, law: str, holds: object, told: str = "") -> None:
        say(f"{'holds' if holds else 'BROKEN'}: {law}{'' if holds else f' ({told})'}")
        if not holds:
            self.broken.append(law)

    def table(self) -> str:
        lines = ["| step | took (s) | at most |", "|---|---:|---:|"]
        for what, seconds, limit in self.rows:
            lines.append(f"| {what} | {seconds:.1f} | {'' if limit is None else f'{limit:.0f}'} |")
        return "\n".join(lines)


class Run:
    """The steps, in the order in which a technician comes by them."""

    def __init__(self, folder: Path, hall: Hall, patience: float, bundle: Path | None) -> None:
        """`bundle` is one that was made before, in a folder with `keys`."""
        self._folder, self._hall, self._bundle = folder, hall, bundle
        self._patience_s = patience * PATIENCE_S
        self._found = Found()
        self._common = ("--hall", str(hall.hall), "--data", str(hall.data))

    def all(self) -> Found:
        with ThreadPoolExecutor() as beside:
            made = self._make_bundle()
            return self._steps(first(made), beside.submit(self._later_bundles, made))

    def _steps(self, release: Bundle, later: Future[tuple[Bundle, Bundle]]) -> Found:
        began = time.monotonic()
        card = flash(self._folder)
        say(f"a fresh card in {time.monotonic() - began:.0f} s")
        key = ("--release-key", str(self._keys / "release.pub"), "--bundle", str(release.path))
        machine_kind = ("--machine", TARGET.partition("-")[0])
        said = self._hall.jiaohao(
            "provision", BOARD, *self._common, "--card", str(card.disk), *key, *machine_kind
        )
        say(f"provision: {said.strip().splitlines()[-1] if said.strip() else 'done'}")
        machine = Machine(card, self._folder, self._patience_s)
        try:
            self._first_boot(machine, release)
            self._system(machine)
            self._counter(machine)
            self._hang(machine)
            self._updates(machine, *later.result())
            self._start_again(machine, later.result()[0])
        finally:
            say(f"STATUS.txt:\n{read_boot(card.disk, 'jiaohao/STATUS.txt').decode()}")
            machine.switch_off()
        return self._found

    @property
    def _keys(self) -> Path:
        return self._folder / "keys"

    def _make_bundle(self) -> Path:
        if self._bundle:
            shutil.copytree(self._bundle.parent / "keys", self._keys)
            return self._bundle
        began, out = time.monotonic(), self._folder / "bundles"
        self._hall.jiaohao("bundle", "key", "--out", str(self._keys))
        key = str(self._keys / "release.key")
        words = ("--target", TARGET, "--key", key, "--out", str(out), "--counter", "1")
        self._hall.jiaohao("bundle", *words, "--read-only-root")
        (made,) = out.glob("*.bundle")
        say(f"a bundle of {made.stat().st_size >> 20} MB in {time.monotonic() - began:.0f} s")
        return made

    def _later_bundles(self, made: Path) -> tuple[Bundle, Bundle]:
        """One that runs, and one that is broken."""
        key, out = self._keys / "release.key", self._folder / "bundles"
        return packed_anew(made, key, 2, out), packed_anew(made, key, 3, out, broken=True)

    # --- the steps ----------------------------------------------------------------------------------------

    def _first_boot(self, machine: Machine, release: Bundle) -> None:
        began = time.monotonic()
        machine.switch_on()
        machine.until_off()
        self._found.took("power-on, the card's first program, restart", time.monotonic() - began)
        machine.switch_on()
        machine.do("mkdir", "-p", f"/etc/systemd/system/{UNIT}.d")
        put = f"cat >/etc/systemd/system/{UNIT}.d/guest.conf <<'END'\n{DROP_IN}END"
        machine.do("sh", "-c", put)
        self._until(machine, "the board's first message", lambda: self._hall.is_up)
        first_seen = next(at for at, presence in self._hall.seen if presence.up)
        self._found.took("from power-on to the first message", first_seen - began, FIRST_MESSAGE_S)
        status = self._until(machine, "the first boot is done", lambda: self._status(machine))
        self._found.must(
            "STATUS.txt says that it is set up", "The board is set up" in status, status
        )
        self._found.must(f"it runs {release.name}", self._release(machine) == release.name)
        card = machine.look("ls", "/boot/firmware/jiaohao")
        self._found.must("the token is gone from the card", "enrol.token" not in card, card)
        key = machine.look("stat", "-c", "%a %U", "/data/jiaohao/identity/key.pem").strip()
        self._found.must("its key is its own", key == "600 jiaohao", key)

    def _system(self, machine: Machine) -> None:
        failed = machine.look("systemctl", "--failed", "--no-legend", "--plain").strip()
        self._found.must("no unit has failed", not failed, failed)
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
        """A ticket out of the emulated printer, called by an emulated key, shown on the emulated bar."""
        hall = self._hall
        self._until(machine, "every part works", lambda: hall.health and not hall.health.troubles)
        self._press(machine, "keys", "1", "the printed ticket", lambda: hall.words("printer"))
        time.sleep(1)
        self._press(
            machine,
            "keypad",
            "n",
            "the call on the bar",
            lambda: "A001" in " ".join(hall.words("led")),
        )

        # No update starts a board anew while somebody is served there.
        self._press(machine, "keypad", "n", "a counter that is free again", hall.has_closed)

    def _press(
        self, machine: Machine, emulated: str, key: str, what: str, found: Callable[[], object]
    ) -> None:
        """As a person does: again where nothing comes of it, for a slow machine's board may miss a short stroke."""
        pressed = 0.0

        def comes() -> object:
            nonlocal pressed
            if time.monotonic() > pressed + AGAIN_S:
                pressed = time.monotonic()
                self._hall.press(emulated, key)
            return found()

        self._until(machine, what, comes)
        self._found.took(f"from a key to {what}", time.monotonic() - pressed)

    def _hang(self, machine: Machine) -> None:
        boot, began = self._hall.boot, time.monotonic()
        machine.do("systemctl", "kill", "--kill-whom=main", "--signal=STOP", UNIT)
        self._until(
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
        key = ("--pub", str(self._keys / "release.pub"))
        began = time.monotonic()
        said = self._hall.jiaohao("update", "board", BOARD, str(later.path), *self._common, *key)
        self._found.took("an update, until it is confirmed", time.monotonic() - began)
        self._found.must(f"it runs {later.name}", self._release(machine) == later.name, said)
        began = time.monotonic()
        try:
            said = self._hall.jiaohao(
                "update", "board", BOARD, str(broken.path), *self._common, *key
            )
            self._found.must("a broken release stops the update", holds=False, told=said)
        except HallFault as fault:
            self._found.took(
                "a broken release, until the board went back", time.monotonic() - began
            )
            self._found.must(
                "the hub hears that it went back", "went back" in str(fault), str(fault)
            )
        self._until(machine, "the board is back", lambda: self._hall.is_up)
        state = json.loads(machine.do("cat", "/data/jiaohao/state.json"))
        self._found.must(f"it runs {later.name} again", self._release(machine) == later.name)
        self._found.must("the broken one is refused from now on", broken.name in state["refused"])

    def _start_again(self, machine: Machine, release: Bundle) -> None:
        boot = self._hall.boot
        machine.do("sync")
        machine.switch_off()
        began = time.monotonic()
        machine.switch_on()
        self._until(
            machine,
            "it is back after the plug",
            lambda: self._hall.is_up and self._hall.boot != boot,
        )
        self._found.took(
            "from power-on of a board that is set up to its first message", time.monotonic() - began
        )
        self._found.must(f"it runs {release.name}", self._release(machine) == release.name)
        found = machine.do("findmnt", "--noheadings", "--output=FSTYPE,OPTIONS", "--mountpoint=/")
        self._found.must("its root is not written any more", found.startswith("overlay "), found)
        found = machine.do(
            "findmnt", "--noheadings", "--output=FSTYPE,OPTIONS", "--mountpoint=/data"
        )
        self._found.must("what must last has its own partition", found.startswith("ext4 "), found)
        check = machine.look("systemctl", "is-active", "jiaohao-root.service").strip()
        self._found.must("the boot has looked, and found nothing wrong", check == "active", check)

    # --- looking --------------------------------------------------------------------------------------------

    def _status(self, machine: Machine) -> str:
        text = machine.look("cat", "/boot/firmware/jiaohao/STATUS.txt")
        return text if "The board is set up" in text else ""

    def _release(self, machine: Machine) -> str:
        """What runs; waited for, as a board that starts has not said it yet."""

        def said() -> str:
            text = machine.look("cat", HEALTH).strip()
            return str(json.loads(text)["release"]) if text.startswith("{") else ""

        return self._until(machine, "a release says that it runs", said)

    def _until(self, machine: Machine, what: str, found: Callable[[], T]) -> T:
        end = time.monotonic() + self._patience_s
        while not (now := found()):
            if time.monotonic() > end:
                state = machine.look("systemctl", "status", "--no-pager", "jiaohao-*")
                log = machine.look("journalctl", "--no-pager", "--lines=60", "--output=cat")
                raise NoGuest(f"waited {self._patience_s:.0f} s in vain: {what}\n{state}\n{log}")
            time.sleep(0.1)
        return now


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.guest", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="keep card and logs")
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
    began = time.monotonic()
    try:
        with a_hall(folder) as hall:
            found = Run(folder, hall, options.patience, options.bundle).all()
    except (NoGuest, NoSystem, HallFault) as fault:
        print(f"guest: {fault}\nguest: what there is of it is in {folder}", file=sys.stderr)
        return 1
    print(f"\n{found.table()}\n")
    say(f"the whole run took {time.monotonic() - began:.0f} s")
    for broken in found.broken:
        print(f"guest: broken: {broken}", file=sys.stderr)
    if found.broken or options.keep:
        print(f"guest: card and logs are in {folder}", file=sys.stderr)
    else:
        shutil.rmtree(folder)
    return int(bool(found.broken))


if __name__ == "__main__":
    sys.exit(main())

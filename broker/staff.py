"""Who of the hall's people asks, proved by a PIN: its hash, the lock after wrong ones, and `jiaohao pin`, which sets one."""

from __future__ import annotations

import argparse
import getpass
import hmac
import sys
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from hashlib import scrypt
from itertools import pairwise
from pathlib import Path
from secrets import token_bytes
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from broker.journal import Row
from broker.loading import SettingsFault, load
from broker.messages import CommandRejected, Refusal, Request
from broker.private import check_private, write_private
from broker.queue.rights import needs_supervisor
from broker.settings import Hall, Role

__all__ = ["PINS", "Door", "main", "read_pins", "set_pin", "weakness"]

PINS = "pins.json"
TRIES = 5
LOCK_MS = 5 * 60 * 1000
LONGEST_LOCK_MS = 4 * 3600 * 1000
N, R, P = 1 << 14, 8, 1


class Pin(Struct, frozen=True, kw_only=True):
    """A PIN as scrypt leaves it. About 50 ms and 16 MB a try: nobody tries many, and no call waits long for one."""

    salt: bytes
    hash: bytes
    set_at: int
    n: int = N
    r: int = R
    p: int = P

    def is_(self, pin: str) -> bool:
        return hmac.compare_digest(self.hash, _hash(pin, self.salt, self.n, self.r, self.p))


def _hash(pin: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return scrypt(pin.encode(), salt=salt, n=n, r=r, p=p)


class Door:
    """Lets requests pass whose person is who they say. Wrong PINs lock the name: 5 minutes after five, then doubling."""

    def __init__(self, hall: Hall, folder: Path) -> None:
        self._hall, self._path = hall, folder / PINS
        self._wrong: dict[str, tuple[int, int]] = {}

    def recall(self, rows: Iterable[Row]) -> None:
        """Learn from the journal who is locked: a restart frees nobody."""
        for row in rows:
            staff = row.sender.partition("/")[2]
            if staff in self._hall.person:
                if row.kind != "CommandRefused":
                    self._wrong.pop(staff, None)
                elif msgspec.json.decode(row.body)["code"] == Refusal.WRONG_PIN:
                    self._count(staff, row.at)

    def admit(self, request: Request, at: int) -> None:
        """Raises CommandRejected; a request that names nobody passes unless only a supervisor may ask it."""
        privileged = needs_supervisor(request.command) and request.device in self._hall.console
        if request.staff:
            self._prove(request, at)
        elif privileged and self._hall.staff:
            raise CommandRejected(
                Refusal.WRONG_PIN, "this is a supervisor's: give your name and your PIN"
            )
        if request.staff and privileged:
            person = self._hall.person[request.staff]
            if person.role is not Role.SUPERVISOR:
                raise CommandRejected(Refusal.NOT_YOURS, f"{person.id} is no supervisor")

    def _prove(self, request: Request, at: int) -> None:
        staff = request.staff
        if request.device not in self._hall.console:
            raise CommandRejected(Refusal.NOT_YOURS, "only a console speaks for a person")
        pin = self._pins().get(staff) if staff in self._hall.person else None
        if pin is None:
            raise CommandRejected(
                Refusal.WRONG_PIN,
                f"{staff!r} has no PIN here; `jiaohao pin` sets one for who stands in hall.toml",
            )
        times, last = self._wrong.get(staff, (0, 0))
        if last < pin.set_at:
            self._wrong.pop(staff, None)
            times = 0
        until = last + _lock_ms(times)
        if at < until:
            raise CommandRejected(
                Refusal.LOCKED,
                f"{staff} is locked until {self._time(until)} after {times} wrong PINs",
            )
        if not pin.is_(request.pin):
            times = self._count(staff, at)
            lock = _lock_ms(times)
            after = f"; locked until {self._time(at + lock)}" if lock else ""
            raise CommandRejected(
                Refusal.WRONG_PIN, f"wrong PIN for {staff}, {times} in a row{after}"
            )
        self._wrong.pop(staff, None)

    def _count(self, staff: str, at: int) -> int:
        times = self._wrong.get(staff, (0, 0))[0] + 1
        self._wrong[staff] = (times, at)
        return times

    def _pins(self) -> dict[str, Pin]:
        """Read anew each time: a PIN that was just set is valid in the running hall, and frees a locked name."""
        try:
            return read_pins(self._path)
        except (OSError, msgspec.DecodeError) as fault:
            raise CommandRejected(Refusal.LOCKED, f"the PINs cannot be used: {fault}") from fault

    def _time(self, at: int) -> str:
        return datetime.fromtimestamp(at / 1000, ZoneInfo(self._hall.hall.timezone)).strftime(
            "%H:%M"
        )


def _lock_ms(times: int) -> int:
    return 0 if times < TRIES else min(LOCK_MS << min(times - TRIES, 16), LONGEST_LOCK_MS)


def read_pins(path: Path) -> dict[str, Pin]:
    """Everybody's PIN, as a hash. Raises OSError, DecodeError."""
    if not path.exists():
        return {}
    check_private(path)
    return msgspec.json.decode(path.read_bytes(), type=dict[str, Pin])


def set_pin(folder: Path, staff: str, pin: str, at: int) -> None:
    """Write a person's PIN, as a hash, into the data folder. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    salt = token_bytes(16)
    one = Pin(salt=salt, hash=_hash(pin, salt, N, R, P), set_at=at, n=N)
    write_private(folder / PINS, msgspec.json.encode(read_pins(folder / PINS) | {staff: one}))


def weakness(pin: str) -> str:
    """Why a PIN is too easy to guess; empty if it is not.

    >>> weakness("1234"), weakness("270431")
    ('a run of digits is the first that is tried', '')
    """
    if not pin.isascii() or not pin.isdecimal() or not 4 <= len(pin) <= 12:
        return "a PIN is 4 to 12 digits, better 6"
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, 9}:
        return "a run of digits is the first that is tried"
    if len(set(pin)) <= 2:
        return "two digits alone are soon guessed"
    if len(pin) == 4 and pin[:2] in ("19", "20"):
        return "a year of birth is soon guessed"
    return ""


def main(argv: list[str]) -> int:
    """`jiaohao pin STAFF`: ask twice for a person's PIN and keep its hash."""
    parser = argparse.ArgumentParser(
        prog="jiaohao pin", description="Set the PIN of one of the staff."
    )
    parser.add_argument("staff", help="the id of one of [[staff]] in hall.toml")
    parser.add_argument("--hall", type=Path, required=True, help="hall.toml")
    parser.add_argument(
        "--data", type=Path, default=Path("var"), help="folder of the journal and the PINs"
    )
    options = parser.parse_args(argv)
    try:
        hall = load(options.hall)
        if options.staff not in hall.person:
            known = ", ".join(hall.person) or "nobody; add [[staff]]"
            raise ValueError(f"{options.staff!r} is not of the staff in {options.hall}: {known}")
        pin = _ask_twice(_from_keyboard if sys.stdin.isatty() else _from_pipe)
        set_pin(options.data, options.staff, pin, int(time.time() * 1000))
        sys.stdout.write(f"{options.staff}: the PIN is set, also for a coordinator that runs\n")
    except (OSError, ValueError, SettingsFault) as fault:
        sys.stderr.write(f"jiaohao pin: {fault}\n")
        return 1
    return 0


def _ask_twice(ask: Callable[[str], str]) -> str:
    pin = ask("PIN: ")
    if why := weakness(pin):
        raise ValueError(f"not taken: {why}")
    if ask("again: ") != pin:
        raise ValueError("the two are not the same; nothing was changed")
    return pin


def _from_keyboard(prompt: str) -> str:
    return getpass.getpass(prompt)


def _from_pipe(_prompt: str) -> str:
    return sys.stdin.readline().rstrip("\n")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""`jiaohao hardware monitor DEVICE`: live, how each part is, what it tells, and what goes over its line, in words and hex."""

from __future__ import annotations

import argparse
import queue
import sys
import threading
import time
from contextlib import ExitStack, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from broker.loading import SettingsFault
from firmware.bench.part import Bench, Part, held
from firmware.bench.steps import LISTENERS, SAMPLED, sample
from firmware.bench.tap import Tap
from firmware.bench.words import decoder
from firmware.hal.buses.places import FilePlace, Place, SerialPlace, TcpPlace
from firmware.parts import open_parts

__all__ = ["main"]

QUIET_S = 0.2  # after it what began is told, though it did not end


class Told:
    """What is to be told, from any thread: stamped when it is said, printed by a thread of its own as it comes."""

    def __init__(self) -> None:
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._print, name="told", daemon=True)
        self._thread.start()

    def put(self, who: str, what: str) -> None:
        at = f"{datetime.now().astimezone():%H:%M:%S.%f}"[:-3]
        self._lines.put(f"{at} {who} {what}")

    def close(self) -> None:
        """Once everything is printed."""
        self._lines.put(None)
        self._thread.join()

    def _print(self) -> None:
        while (line := self._lines.get()) is not None:
            print(line, flush=True)


def main(argv: list[str]) -> int:
    """Watch until Ctrl-C, or for so many seconds; exit status 1 if it could not be begun."""
    options = _options(argv)
    try:
        with held(options.hall, options.device, options.part, options.data) as bench:
            _watch(bench, options)
    except (OSError, SettingsFault) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    except KeyboardInterrupt:
        print()
    return 0


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="jiaohao hardware monitor",
        description="Watch a device: how each part is, what it tells, and the frames on its line; "
        "> is what was sent, < is what came.",
    )
    parser.add_argument("device", help="the device's id in hall.toml")
    parser.add_argument("--hall", type=Path, default=Path("hall.toml"), help="hall.toml")
    parser.add_argument("--part", help="only this part: printer, led, keys ...")
    parser.add_argument(
        "--data", type=Path, default=Path("var"), help="folder of the board's durable log"
    )
    parser.add_argument("--every", type=float, default=2.0, help="seconds between looks at a part")
    parser.add_argument("--seconds", type=float, help="end by itself after so long")
    parser.add_argument(
        "--use", action="store_true", help="use each part once at the start: show, speak, print"
    )
    return parser.parse_args(argv)


def _watch(bench: Bench, options: argparse.Namespace) -> None:
    end = time.monotonic() + options.seconds if options.seconds else float("inf")
    with ExitStack() as stack:
        told = Told()
        stack.callback(told.close)
        taps: dict[Place, _Tapped] = {}
        opener = open_parts(options.hall.parent)
        watched = []
        for part in bench.parts:
            settings = _tapped(part, taps, told, stack)
            try:
                opened = opener(bench.device, part.name, settings)
            except OSError as fault:
                print(f"{part.name}: it cannot be opened: {fault}", flush=True)
                continue
            stack.callback(_close, opened)
            watched.append(_Watched(part, opened, told))
        print(f"watching {', '.join(one.part.name for one in watched) or 'nothing'}", flush=True)
        if options.use:
            for one in watched:
                one.use(bench)
        _live(watched, list(taps.values()), every_s=options.every, end=end)


def _live(watched: list[_Watched], taps: list[_Tapped], *, every_s: float, end: float) -> None:
    look = time.monotonic()
    while time.monotonic() < end:
        if time.monotonic() >= look:
            for one in watched:
                one.look()
            look = time.monotonic() + every_s
        time.sleep(QUIET_S / 2)
        for tap in taps:
            tap.quiet()


def _close(opened: Any) -> None:
    with suppress(OSError):
        opened.close()


class _Watched:
    """A part, its health as it was told last, and what it tells by itself."""

    def __init__(self, part: Part, opened: Any, told: Told) -> None:
        self.part = part
        self._opened, self._told = opened, told
        self._known = ""
        if part.kind in LISTENERS:
            opened.listen(self._heard)

    def look(self) -> None:
        if not hasattr(self._opened, "health"):
            return
        try:
            health = self._opened.health()
        except OSError as fault:
            now = str(fault)
        else:
            troubles = ", ".join(one.value.replace("_", " ") for one in health.troubles)
            now = f"{'well' if health.usable else 'NOT USABLE'}{troubles and ': '}{troubles}"
        if now != self._known:
            self._known = now
            self._told.put(self.part.name, now)

    def use(self, bench: Bench) -> None:
        """Let it do once what its device does with it."""
        now = time.time_ns() // 1_000_000
        for effect in self.part.does:
            if effect in SAMPLED:
                one = sample(effect, bench.hall, now, self.part.language)
                try:
                    self.part.does[effect](self._opened, one.effect)
                except OSError as fault:
                    self._told.put(self.part.name, f"{one.step}: {fault}")
                else:
                    self._told.put(self.part.name, f"{one.step}: done")

    def _heard(self, what: Any) -> None:
        match self.part.kind:
            case "keypad":
                words = f"the key {what!r}"
            case "scanner":
                words = f"a code of {len(str(what))} characters"
            case _:
                words = "a card"  # whose it is is nobody's business here
        self._told.put(self.part.name, words)


class _Tapped:
    """A line of the device and the decoders of its two directions; several parts may share it."""

    def __init__(self, place: Place, model: str, told: Told) -> None:
        self.place, self.name, self._told = place, _called(place), told
        self._decoders = {way: decoder(model, sent=way) for way in (True, False)}
        self._last = {True: time.monotonic(), False: time.monotonic()}
        self.tap = Tap(place, self._saw, partial(self._tell, "--"))

    def quiet(self) -> None:
        for sent, one in self._decoders.items():
            if time.monotonic() - self._last[sent] > QUIET_S:
                self._say(sent, one.rest())

    def _saw(self, sent: bool, chunk: bytes) -> None:
        self._last[sent] = time.monotonic()
        self._say(sent, self._decoders[sent].feed(chunk))

    def _say(self, sent: bool, lines: list[str]) -> None:
        for line in lines:
            self._tell(">" if sent else "<", line)

    def _tell(self, sign: str, line: str) -> None:
        self._told.put(self.name, f"{sign} {line}")


def _tapped(part: Part, taps: dict[Place, _Tapped], told: Told, stack: ExitStack) -> Any:
    """The part's settings, its port replaced by a tap of it; as they are where it hangs on no line."""
    place = getattr(part.settings, "place", None)
    if not isinstance(place, SerialPlace | FilePlace | TcpPlace):
        return part.settings
    if place not in taps:
        model = type(part.settings).__struct_config__.tag
        taps[place] = _Tapped(place, str(model), told)
        stack.callback(taps[place].tap.close)
    return msgspec.structs.replace(part.settings, port=taps[place].tap.port)


def _called(place: Place) -> str:
    return f"{place.host}:{place.port}" if isinstance(place, TcpPlace) else place.path


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

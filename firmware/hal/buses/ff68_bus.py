"""One FF 68 line for all parts that hang on it: opened once, read by one thread that echoes each press at once."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from broker.pulse import Pulse
from firmware.hal import STALL_S, HardwareFault, Health, Trouble
from firmware.hal.buses.ff68 import Conversation, Frame, Noise, Unframer
from firmware.hal.buses.line import Line, open_line
from firmware.hal.buses.places import Place, TcpPlace

__all__ = ["Ff68Bus"]

_log = logging.getLogger(__name__)

_LOOK_SECONDS = 0.25
_SILENCE_SECONDS = 0.05  # after it the rest of a frame will not come
_SEND_SECONDS = 0.5
_AGAIN_SECONDS = 1.0


class Ff68Bus:
    """Parts `enter`, say what they `hear`, `tell` and `leave`. The line is open as long as a part is there.

    A line that broke is opened anew once a second. Nothing is known of a device that stays silent: it may be
    that nobody presses its keys.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._name = f"{place.host}:{place.port}" if isinstance(place, TcpPlace) else place.path
        self._gate = threading.Lock()  # who enters and leaves
        self._parts = 0
        self._thread: threading.Thread | None = None
        self._pulse = Pulse(f"FF 68 bus {self._name}")
        self.pulses = (self._pulse,)
        self._ended = threading.Event()
        self._talk = threading.Lock()  # who writes; and what the two below hold
        self._line: Line | None = None
        self._conversation = Conversation()
        self._why = ""
        self._heard: dict[tuple[int, int], Callable[[bytes], None]] = {}
        self._unframer = Unframer()
        self._noise = Noise()
        self._loud = False

    def enter(self) -> None:
        with self._gate:
            self._parts += 1
            if self._parts > 1:
                return
            self._open()
            self._ended = threading.Event()
            self._thread = threading.Thread(target=self._run, name="ff68 bus", daemon=True)
            self._thread.start()

    def leave(self) -> None:
        with self._gate:
            self._parts -= 1
            if self._parts or self._thread is None:
                return
            self._ended.set()
            self._thread.join()
            self._thread = None
            self._pulse.rest()

    def hear(self, address: int, command: int, heard: Callable[[bytes], None] | None) -> None:
        """Call `heard` with the data of each new press of an address; it must not block. None: nobody hears it."""
        if heard is None:
            self._heard.pop((address, command), None)
        else:
            self._heard[address, command] = heard

    def tell(self, frame: Frame) -> None:
        """Send a frame, within a second. No device answers, so nothing more is known. Raises HardwareFault."""
        self._wait_for_quiet()
        with self._talk:
            if self._line is None:
                raise self._fault()
            try:
                self._say(self._line, frame)
            except OSError as fault:
                self._why, self._line = str(fault), None  # its reader sees that, and opens it anew
                raise self._fault() from fault

    def health(self) -> Health:
        if self._line is None:
            return Health(usable=False, troubles=(Trouble.OFFLINE,))
        if self._noise.loud(time.monotonic()):
            return Health(usable=False, troubles=(Trouble.BROKEN,))
        return Health()

    def _wait_for_quiet(self) -> None:
        """On a line of two wires, who speaks into another's frame damages both; a device sends its own again."""
        deadline = time.monotonic() + _SILENCE_SECONDS
        while self._unframer.in_a_frame and time.monotonic() < deadline:
            time.sleep(0.002)

    def _say(self, line: Line, frame: Frame) -> None:
        line.send(self._conversation.say(frame, time.monotonic()), _SEND_SECONDS)

    def _fault(self) -> HardwareFault:
        return HardwareFault(
            f"The FF 68 bus at {self._name} cannot be reached: {self._why};"
            " check its adapter, its cable and the port in the settings",
            Trouble.OFFLINE,
        )

    # --- the reader's thread -----------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._ended.is_set():
            self._pulse.beat(STALL_S)
            if self._line is None and not self._open():
                self._ended.wait(_AGAIN_SECONDS)
            elif (line := self._line) is not None:
                self._read_until_it_breaks(line)

    def _open(self) -> bool:
        try:
            line = open_line(self._place)
        except OSError as fault:
            self._lost(fault)
            return False
        if self._why:
            _log.info("The FF 68 bus at %s is there again", self._name)
        with self._talk:
            self._unframer, self._why, self._line = Unframer(), "", line
        return True

    def _lost(self, fault: OSError) -> None:
        was_there = not self._why
        with self._talk:
            self._line, self._why = None, str(fault)
        if was_there:
            _log.warning("%s", self._fault())

    def _read_until_it_breaks(self, line: Line) -> None:
        try:
            while not self._ended.is_set() and line is self._line:
                self._pulse.beat(STALL_S)
                wait = _SILENCE_SECONDS if self._unframer.in_a_frame else _LOOK_SECONDS
                self._take(line, line.read(wait))
        except OSError as fault:
            self._lost(fault)
        with self._talk:
            if self._line is line:
                self._line = None
        with suppress(OSError):
            line.abandon()

    def _take(self, line: Line, chunk: bytes) -> None:
        junk = self._unframer.junk
        found = self._unframer.feed(chunk) if chunk else self._unframer.give_up()
        for frame in found:
            self._answer(line, frame)
        self._listen_for_noise(self._unframer.junk - junk, frames=bool(found))

    def _answer(self, line: Line, frame: Frame) -> None:
        heard = self._heard.get((frame.address, frame.command))
        if heard is None:
            return  # not acknowledged either: nobody here obeys it
        answer, new = self._conversation.hear(frame, time.monotonic())
        if new:
            try:
                heard(frame.data)
            except Exception:  # noqa: BLE001 - one press that nobody takes must not end all others
                _log.exception("Nobody took the press of address %d", frame.address)
                return
        if answer is not None:
            with self._talk:
                self._say(line, answer)

    def _listen_for_noise(self, junk: int, *, frames: bool) -> None:
        now = time.monotonic()
        if junk or frames:
            self._noise.heard(junk, now, frames=frames)
        was, self._loud = self._loud, self._noise.loud(now)
        if self._loud and not was:
            _log.warning(
                "The FF 68 bus at %s carries noise instead of frames; check its speed, its wires A and B,"
                " their resistors at both ends, and that no two devices have one address",
                self._name,
            )

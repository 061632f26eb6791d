"""A panel on an Onbon BX-5K or BX-6K card, over a serial line or TCP."""

from __future__ import annotations

import time
from dataclasses import replace

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.buses.gbk import one_line, to_gbk
from firmware.hal.buses.line import Line, StandingLine
from firmware.hal.led_panel import OnbonPanelSettings
from firmware.hal.led_panel.bxk import (
    ERRORS,
    HOST,
    Area,
    Effect,
    Packet,
    Unframer,
    frame,
    ping,
    read_reply,
    show_area,
)

__all__ = ["OnbonPanel", "laid_out"]

_ANSWER_SECONDS = 0.5
# The cards' own font; each byte of GBK is half a character wide.
_FONT_WIDTH, _FONT_HEIGHT = 8, 16
_SCROLL_SPEED = 4


class OnbonPanel:
    """Shows a text in one dynamic area that fills the panel, and waits until the card has taken it."""

    def __init__(
        self,
        settings: OnbonPanelSettings,
        line: StandingLine,
        *,
        answer_seconds: float = _ANSWER_SECONDS,
    ) -> None:
        self._settings = settings
        self._answer_seconds = answer_seconds
        self._line = line

    def show(self, text: str) -> None:
        area = laid_out(text, self._settings.width, self._settings.height)
        self._command(show_area(area, self._settings.card))

    def health(self) -> Health:
        """Ask the card, within a second."""
        try:
            self._command(ping())
        except HardwareFault as fault:
            return Health(usable=False, troubles=(fault.trouble,))
        return Health()

    def close(self) -> None:
        with self._line.lock:  # another panel may wait for its answer on this line
            self._line.close()

    def _command(self, payload: bytes) -> None:
        wrapped = frame(Packet(self._settings.screen, HOST, payload))
        with self._line.lock:
            error = self._exchange(wrapped)
        if error is None:
            raise HardwareFault(
                f"The LED panel at {self._settings.port} does not answer as screen "
                f"{self._settings.screen}; check its power, its cable, its speed and its number",
                Trouble.NO_ANSWER,
            )
        if error:
            raise HardwareFault(
                f"The LED panel at {self._settings.port} refuses what it is sent: "
                f"{ERRORS.get(error, f'error {error}')}; if this stays, check that the card is a "
                f"{self._settings.card} card with fonts and the wires for noise"
            )

    def _exchange(self, wrapped: bytes) -> int | None:
        """Send a frame and return what the card answers; a line that gave none is opened anew for the next."""
        try:
            line = self._line.fresh()
            seconds = self._answer_seconds + len(wrapped) * line.seconds_per_byte
            line.send(wrapped, seconds)
            error = self._answer(line, seconds)
        except OSError as fault:
            self._line.drop()
            raise HardwareFault(
                f"The LED panel at {self._settings.port} cannot be reached: {fault}; "
                f"check its power, its cable and the port in the settings",
                Trouble.OFFLINE,
            ) from fault
        if error is None:
            self._line.drop()
        return error

    def _answer(self, line: Line, seconds: float) -> int | None:
        """Return the card's error, 0 if it took the command, None if it stayed silent."""
        deadline = time.monotonic() + seconds
        unframer = Unframer()
        while (left := deadline - time.monotonic()) > 0:
            for found in unframer.feed(line.read(left)):
                if not isinstance(found, Packet) or found.sender != self._settings.screen:
                    continue  # noise, or another card on this RS-485 line
                answer = read_reply(found.payload)
                if answer is not None:
                    # A refusal without a reason is still one.
                    return 0 if answer.taken else answer.error or 1
        return None


def laid_out(text: str, width: int, height: int) -> Area:
    """The text in an area of `width` by `height` dots: still if it fits, else on several lines, else scrolling."""
    # A backslash would begin one of the card's own codes.
    shown = to_gbk(one_line(text).replace("\\", "＼"), instead="?")
    area = Area(width, height, shown)
    columns = width // _FONT_WIDTH
    if len(shown) <= columns:
        return area
    if len(shown) <= columns // 2 * 2 * (height // _FONT_HEIGHT):
        return replace(area, several_lines=True)
    return replace(area, effect=Effect.LEFT, speed=_SCROLL_SPEED, stay=0)

"""A card reader with a SAM on its line: find, select, read, and wait until the card leaves. It keeps what it reads to itself."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.buses.line import Line, StandingLine
from firmware.hal.card_reader import Card, SdtCardReaderSettings
from firmware.hal.card_reader.day_key import DayKey
from firmware.hal.card_reader.id_card import Holder, holder, is_60, text_of
from firmware.hal.card_reader.sdt_frames import Command, Reply, Status, Unframer, request
from firmware.hal.ear import AGAIN_SECONDS, Ear, hand_on
from firmware.hal.showing import Showing

__all__ = ["Pace", "SdtCardReader", "china_today"]

_BAD_IN_A_ROW = 3
_LONGEST_ANSWER = 1295
_LOOK_SECONDS = 0.2

_LAST_WORDS: dict[int, str] = {
    Status.SELF_TEST_FAILED: "failed its self-test; cut its power for a moment, then have it repaired",
    Status.UNAUTHORISED: "has a security module without authorisation; have its vendor mend it",
    Status.NO_COMMAND: "does not know a command of every SDT reader; ask its vendor for the protocol",
}


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between two looks for a card, to wait for an answer and for what is on a card, after which a card that
    comes back is shown anew, and after which a lost reader is tried again.
    """

    look: float = 0.3
    answer: float = 1.0
    card: float = 3.0
    away: float = 2.0
    again: float = AGAIN_SECONDS


def china_today() -> date:
    """The day by which the holders of Chinese cards age while the hub's day is not known, whatever the board's zone."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


class SdtCardReader:
    """Posts each card once per showing.

    What a card says lives in `_card` and what that calls, which raise nothing while they hold it: so no log,
    no fault and no trace can tell it.
    """

    def __init__(
        self,
        settings: SdtCardReaderSettings,
        line: StandingLine,
        *,
        pace: Pace | None = None,
        today: Callable[[], date] = china_today,
    ) -> None:
        self._name = f"The card reader at {settings.port}"
        self._standing = line
        self._pace = pace or Pace()
        self._today = today
        self._key: DayKey | None = None
        # Only tells the card that lies there from another; no hash by it leaves this object.
        self._own_key = DayKey(date.min, secrets.token_bytes(32))
        self._showing = Showing(self._pace.away)
        self._lies = False  # a card that is read already
        self._doubtful = False  # whether it is still that one, after nobody could look
        self._bad = 0
        self._unframer = Unframer()
        self._post: Callable[[Card], None] = lambda _: None
        self._ear = Ear(self._name, self._turn, self._lost, again=self._pace.again)
        self.pulses = (self._ear.pulse,)

    def listen(self, post: Callable[[Card], None]) -> None:
        self._post = post
        self._ear.start()

    def use(self, key: DayKey) -> None:
        self._key = key

    def health(self) -> Health:
        return self._ear.health()

    def close(self) -> None:
        self._ear.close()
        self._standing.drop()

    def _lost(self) -> None:
        self._standing.drop()
        self._doubtful = self._lies

    def _turn(self) -> HardwareFault | None:
        """Look for a card once, and read it if it is a new one."""
        at = time.monotonic()
        match self._status(Command.FIND):
            case Status.FOUND if self._lies and not self._doubtful:
                self._showing.still(at)
            case Status.FOUND:
                self._read(at)
            case Status.NO_CARD:
                self._lies = self._doubtful = False
            case Status.SELF_TEST_FAILED | Status.UNAUTHORISED | Status.NO_COMMAND as status:
                self._ear.rest(self._pace.look)
                return HardwareFault(f"{self._name} {_LAST_WORDS[status]}")
            case _:
                pass  # a damaged question, or a card that has moved: look again
        self._ear.rest(self._pace.look)
        return None

    def _read(self, at: float) -> None:
        if self._doubtful:
            self._showing.still(at)  # the time without an answer took no card away
        if self._status(Command.SELECT) != Status.DONE:
            return
        read = self._card()
        if read is None:
            return
        self._lies, self._doubtful = True, False
        which, card = read
        if self._showing.new(which, at):
            hand_on(self._post, card, "a card")

    def _card(self) -> tuple[str, Card] | None:
        """Read what lies there, and which card it is. None if it was misread: it will be found again."""
        reply = self._ask(Command.READ, self._pace.card)
        found = _holder(reply) if reply and reply.status == Status.DONE else None
        if found is None:
            return None
        key = self._key or DayKey(self._today(), b"")
        card = Card(key.person(found.number), is_60(found.born, key.day))
        return self._own_key.person(found.number), card

    def _status(self, command: Command) -> int | None:
        reply = self._ask(command, self._pace.answer)
        return reply.status if reply else None

    def _ask(self, command: Command, seconds: float) -> Reply | None:
        """The answer; None for a damaged one. Raises OSError: none, or one damaged answer after the other."""
        line = self._standing.fresh()
        self._unframer = Unframer()
        line.send(request(command), self._pace.answer)
        reply = self._await(line, seconds + _LONGEST_ANSWER * line.seconds_per_byte)
        self._bad = 0 if reply else self._bad + 1
        if self._bad >= _BAD_IN_A_ROW:
            raise HardwareFault(
                f"{self._name} sends damaged answers; check its cable and its baud rate"
            )
        return reply

    def _await(self, line: Line, seconds: float) -> Reply | None:
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0 and not self._ear.stopping:
            for found in self._unframer.feed(line.read(min(left, _LOOK_SECONDS))):
                return found if isinstance(found, Reply) else None
        raise HardwareFault(
            f"{self._name} does not answer; check its power and its cable", Trouble.NO_ANSWER
        )


def _holder(reply: Reply) -> Holder | None:
    text = text_of(reply.data)
    return holder(text) if text else None

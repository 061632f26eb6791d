"""Parts that are real drivers on a line of their own, each with an emulator at the far end, which the world works."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Hashable
from typing import Any

import msgspec

from firmware.hal import Health, Trouble
from hal_mocks.printer import png
from hal_mocks.virtual_hall.props import LAST_SAID
from hal_mocks.wires.escpos_machine import EscposMachine
from hal_mocks.wires.escpos_printer import PrinterFarEnd
from hal_mocks.wires.gm65 import ScannerMachine
from hal_mocks.wires.id_cards import IdCard
from hal_mocks.wires.line import PtyLine, TcpLine
from hal_mocks.wires.onbon import OnbonCard
from hal_mocks.wires.sdt import CardReaderMachine
from hal_mocks.wires.syn6288 import SpeechChip
from hal_mocks.wires.wired import MOUTHFUL, FarEnd, Wired

__all__ = ["OnWire", "WiredCardReader", "WiredPanel", "WiredPrinter", "WiredScanner", "WiredVoice"]

CARDS = {
    "elderly": IdCard(number="11010519491231002X", born="19491231"),
    "younger": IdCard(),
}


class OnWire:
    """An emulator at the end of a line of its own. `watcher` is told whenever `seen` gave something else."""

    def __init__(
        self,
        far_end: FarEnd,
        port: str,
        watcher: Callable[[], None],
        *,
        appetite: Callable[[], int] = lambda: MOUTHFUL,
    ) -> None:
        scheme, _, rest = port.partition(":")
        self._far_end, self._watcher = far_end, watcher
        self._plugged = True
        self._last: Hashable = None
        line = TcpLine() if scheme == "tcp" else PtyLine()
        self._wired = Wired(self, line, appetite=appetite)
        _, mark, options = rest.partition("?")
        self._port = f"{scheme}:{self._wired.address}{mark}{options}"

    def hung(self, settings: Any) -> Any:
        """The settings with the port that it really has."""
        return msgspec.structs.replace(settings, port=self._port)

    def seen(self) -> Hashable:
        """All that changes what the page shows, and cheap to look at; nothing, of one that only tells."""
        return None

    def memory(self) -> dict[str, Any]:
        return {}

    # The world's side.

    def unplug(self) -> None:
        self._plugged = False
        self._wired.unplug()

    def replug(self) -> None:
        self._plugged = True
        self._wired.replug()

    # The wire's side.

    def powered(self, at: float) -> bytes:
        return self._far_end.powered(at)

    def heard(self, chunk: bytes, at: float) -> bytes:
        answer = self._far_end.heard(chunk, at)
        self._look()
        return answer

    def passed(self, at: float) -> bytes:
        answer = self._far_end.passed(at)
        self._look()
        return answer

    def _look(self) -> None:
        now = self.seen()
        if now != self._last:
            self._last = now
            self._watcher()


class WiredPrinter(OnWire):
    """Its tickets are what came out on the emulator's tape."""

    def __init__(self, port: str, watcher: Callable[[], None]) -> None:
        self._machine = machine = EscposMachine()
        self._troubles: set[Trouble] = set()
        super().__init__(
            PrinterFarEnd(machine), port, watcher, appetite=lambda: min(machine.room, MOUTHFUL)
        )

    def seen(self) -> Hashable:
        return len(self._machine.printed)

    def memory(self) -> dict[str, Any]:
        printed = self._machine.printed
        return {
            "tickets": [b64encode(png(ticket)).decode() for ticket in printed[-1:]],
            "printed": len(printed),
            "health": msgspec.to_builtins(self._health()),
            "troubles": sorted(self._troubles),
        }

    def run_out_of_paper(self) -> None:
        self._machine.run_out_of_paper()
        self._troubles.add(Trouble.PAPER_OUT)

    def refill(self) -> None:
        self._machine.refill()
        self._troubles -= {Trouble.PAPER_OUT, Trouble.PAPER_NEAR_END}

    def put_near_end(self) -> None:
        self._machine.put_near_end()
        self._troubles.add(Trouble.PAPER_NEAR_END)

    def leave_ticket(self) -> None:
        """It has no presenter that could tell."""
        self._troubles.add(Trouble.TICKET_NOT_TAKEN)

    def take_ticket(self) -> None:
        self._troubles.discard(Trouble.TICKET_NOT_TAKEN)

    def open_cover(self) -> None:
        self._machine.open_cover()
        self._troubles.add(Trouble.COVER_OPEN)

    def close_cover(self) -> None:
        self._machine.close_cover()
        self._troubles.discard(Trouble.COVER_OPEN)

    def stop_answering(self) -> None:
        self._machine.stop_answering()
        self._troubles.add(Trouble.NO_ANSWER)

    def answer_again(self) -> None:
        self._machine.answer_again()
        self._troubles.discard(Trouble.NO_ANSWER)

    def _health(self) -> Health:
        """What whoever asks it can know: a mute one tells of nothing else, and with its cover up nobody knows of paper."""
        for telling in (Trouble.NO_ANSWER, Trouble.COVER_OPEN, Trouble.PAPER_OUT):
            if telling in self._troubles:
                return Health(usable=False, troubles=(telling,))
        near_end = Trouble.PAPER_NEAR_END in self._troubles
        return Health(troubles=(Trouble.PAPER_NEAR_END,) if near_end else ())


class WiredPanel(OnWire):
    """Shows what its card decoded."""

    def __init__(self, said: dict[str, Any], watcher: Callable[[], None]) -> None:
        self._card = OnbonCard(
            screen=said.get("screen", 1),
            card=said["card"],
            width=said["width"],
            height=said["height"],
        )
        super().__init__(self._card, said["port"], watcher)

    def seen(self) -> Hashable:
        return self._card.text

    def memory(self) -> dict[str, Any]:
        return {"text": self._card.text, "health": _plugged(well=self._plugged)}


class WiredCardReader(OnWire):
    """A card is laid once the reader has seen that none lies there, and lies until it was read; nothing of it is
    ever seen.
    """

    def __init__(self, port: str, watcher: Callable[[], None]) -> None:
        self._machine = CardReaderMachine()
        self._next: IdCard | None = None
        self._looks = 0
        super().__init__(self._machine, port, watcher)

    def lay(self, whose: str) -> None:
        """Raises ValueError if nobody has such a card."""
        if whose not in CARDS:
            raise ValueError(f"nobody has a card {whose!r}; there are: {', '.join(CARDS)}")
        self._next = CARDS[whose]

    def heard(self, chunk: bytes, at: float) -> bytes:
        answer = super().heard(chunk, at)
        if self._machine.read:
            self._machine.read.clear()
            self._machine.take_away()
            self._looks = self._machine.found_none
        elif self._next and self._machine.found_none > self._looks:
            self._machine.lay(self._next)
            self._next = None
        return answer


class WiredScanner(OnWire):
    """A code is held before it for a moment."""

    def __init__(self, said: dict[str, Any], watcher: Callable[[], None]) -> None:
        self._scanner = ScannerMachine(triggered=said.get("triggered", False))
        super().__init__(self._scanner, said["port"], watcher)

    def hold(self, code: str) -> None:
        self._scanner.show(code)


class WiredVoice(OnWire):
    """Says what its chip decoded; a chip that broke down says nothing at all."""

    def __init__(self, said: dict[str, Any], watcher: Callable[[], None]) -> None:
        self._chip = SpeechChip(said.get("chip", "syn6288"))
        super().__init__(self._chip, said["port"], watcher)

    def seen(self) -> Hashable:
        return self._chip.saying, len(self._chip.said)

    def memory(self) -> dict[str, Any]:
        heard = self._chip.heard_text
        return {
            "saying": self._chip.saying,
            "said": heard[-LAST_SAID:],
            "times": len(heard),
            "health": _plugged(well=not self._chip.mute),
        }

    def break_down(self) -> None:
        self._chip.mute = True

    def repair(self) -> None:
        self._chip.mute = False


def _plugged(*, well: bool) -> Any:
    troubles = () if well else (Trouble.OFFLINE,)
    return msgspec.to_builtins(Health(usable=well, troubles=troubles))

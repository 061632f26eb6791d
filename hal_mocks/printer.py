"""A printer for tests and the virtual hall: the real Protocol, a world's side to break it, a memory of paper."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO

from PIL import Image

from firmware.hal import Health, Trouble
from firmware.hal.printer import Bitmap, Paper, PrintFault, Proof
from firmware.hal.printer.drawing import draw
from firmware.hal.printer.paper import Code

__all__ = ["MockPrinter", "png"]


class MockPrinter:
    """Prints at once. Any thread may work the world's side; `printed` holds every strip that came out whole.

    `code` is what the QR code on the newest says, empty where it has none.
    """

    def __init__(
        self,
        width: int = 576,
        proof: Proof = Proof.PRINTED,
        *,
        watcher: Callable[[], None] | None = None,
    ) -> None:
        self.width = width
        self.proof = proof
        self.printed: list[Bitmap] = []
        self.code = ""
        self.closed = False
        self._watcher = watcher
        self._lock = threading.Lock()
        self._troubles: set[Trouble] = set()
        self._rows_left: int | None = None
        self._jams_in_the_middle = False

    @property
    def troubles(self) -> frozenset[Trouble]:
        """All that is wrong with it, whether it can tell or not."""
        with self._lock:
            return frozenset(self._troubles)

    # The Protocol.

    def health(self) -> Health:
        with self._lock:
            return self._health()

    def print(self, paper: Paper) -> Proof:
        ticket = draw(paper, self.width)
        with self._changing():
            health = self._health()
            if not health.usable:
                raise _fault(health.troubles[0], started=False)
            if self._jams_in_the_middle:
                self._jams_in_the_middle = False
                self._troubles.add(Trouble.JAM)
                raise _fault(Trouble.JAM, started=True)
            if self._rows_left is not None:
                self._rows_left -= ticket.height
                if self._rows_left < 0:
                    self._troubles.add(Trouble.PAPER_OUT)
                    raise _fault(Trouble.PAPER_OUT, started=True)
            self.printed.append(ticket)
            self.code = next((item.payload for item in paper if isinstance(item, Code)), "")
            return self.proof

    def clear(self) -> None:
        """Nothing is ever left in it."""

    def close(self) -> None:
        self.closed = True

    # The world's side.

    def run_out_of_paper(self, after_rows: int = 0) -> None:
        with self._changing():
            self._rows_left = after_rows
            if after_rows == 0:
                self._troubles.add(Trouble.PAPER_OUT)

    def put_near_end(self) -> None:
        self._break(Trouble.PAPER_NEAR_END)

    def refill(self) -> None:
        with self._changing():
            self._rows_left = None
            self._troubles -= {Trouble.PAPER_OUT, Trouble.PAPER_NEAR_END}

    def open_cover(self) -> None:
        self._break(Trouble.COVER_OPEN)

    def close_cover(self) -> None:
        self._mend(Trouble.COVER_OPEN)

    def jam(self) -> None:
        self._break(Trouble.JAM)

    def jam_in_the_middle(self) -> None:
        """Of the next ticket."""
        with self._changing():
            self._jams_in_the_middle = True

    def clear_jam(self) -> None:
        self._mend(Trouble.JAM)

    def stick_cutter(self) -> None:
        self._break(Trouble.CUTTER)

    def free_cutter(self) -> None:
        self._mend(Trouble.CUTTER)

    def overheat(self) -> None:
        self._break(Trouble.OVERHEATED)

    def cool_down(self) -> None:
        self._mend(Trouble.OVERHEATED)

    def leave_ticket(self) -> None:
        """One that came out long ago hangs in its mouth."""
        self._break(Trouble.TICKET_NOT_TAKEN)

    def take_ticket(self) -> None:
        self._mend(Trouble.TICKET_NOT_TAKEN)

    def stop_answering(self) -> None:
        self._break(Trouble.NO_ANSWER)

    def answer_again(self) -> None:
        self._mend(Trouble.NO_ANSWER)

    def unplug(self) -> None:
        self._break(Trouble.NO_ANSWER)

    def replug(self) -> None:
        self._mend(Trouble.NO_ANSWER)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """One thread at a time; whoever watches is told afterwards, outside the lock."""
        with self._lock:
            yield
        if self._watcher:
            self._watcher()

    def _break(self, trouble: Trouble) -> None:
        with self._changing():
            self._troubles.add(trouble)

    def _mend(self, trouble: Trouble) -> None:
        with self._changing():
            self._troubles.discard(trouble)

    def _health(self) -> Health:
        if Trouble.NO_ANSWER in self._troubles:
            return Health(usable=False, troubles=(Trouble.NO_ANSWER,))
        troubles = tuple(trouble for trouble in _TELLING_FIRST if trouble in self._troubles)
        # As on a real one: with the cover up nothing is known of the paper, and out is more than near.
        if Trouble.COVER_OPEN in troubles:
            troubles = tuple(one for one in troubles if one not in _OF_PAPER)
        elif Trouble.PAPER_OUT in troubles:
            troubles = tuple(one for one in troubles if one is not Trouble.PAPER_NEAR_END)
        return Health(usable=_BEARABLE.issuperset(troubles), troubles=troubles)


_OF_PAPER = (Trouble.PAPER_OUT, Trouble.PAPER_NEAR_END)
_BEARABLE = frozenset({Trouble.PAPER_NEAR_END, Trouble.TICKET_NOT_TAKEN})
_TELLING_FIRST = (
    Trouble.COVER_OPEN,
    Trouble.CUTTER,
    Trouble.JAM,
    Trouble.PAPER_OUT,
    Trouble.OVERHEATED,
    Trouble.TICKET_NOT_TAKEN,
    Trouble.PAPER_NEAR_END,
)


def png(bitmap: Bitmap) -> bytes:
    """Show a bitmap as paper: a black and white PNG."""
    # PNG and Pillow hold white as 1, a printer's dot is the other way round.
    white = bytes(byte ^ 0xFF for byte in bitmap.rows)
    image = Image.frombytes("1", (bitmap.width, bitmap.height), white)
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def _fault(trouble: Trouble, *, started: bool) -> PrintFault:
    sentence = f"The mock printer stopped: {trouble.value}. Mend it on the world's side."
    return PrintFault(sentence, trouble, started=started)

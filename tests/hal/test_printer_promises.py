"""What a kiosk may rely on of any printer; tests/wires keeps the real driver to the same promises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import pytest

from firmware.hal import Trouble
from firmware.hal.printer import Bitmap, Printer, PrintFault, Proof
from hal_mocks.printer import MockPrinter

LOOKS = 5


class World(Protocol):
    """What happens around a printer, and the paper it left."""

    printed: list[Bitmap]

    def run_out_of_paper(self, after_rows: int = 0) -> None: ...
    def put_near_end(self) -> None: ...
    def refill(self) -> None: ...
    def open_cover(self) -> None: ...
    def close_cover(self) -> None: ...
    def jam(self) -> None: ...
    def clear_jam(self) -> None: ...
    def stop_answering(self) -> None: ...
    def answer_again(self) -> None: ...
    def unplug(self) -> None: ...
    def replug(self) -> None: ...


@dataclass(frozen=True)
class Setup:
    printer: Printer
    world: World


def picture(height: int = 300, width: int = 576, seed: int = 7) -> Bitmap:
    """Stripes, white gaps and slanted lines, so that a row or column astray cannot go unseen."""
    stride = (width + 7) // 8
    spare = stride * 8 - width
    rows = bytearray()
    for y in range(height):
        row = 0
        if y % 50 < 30:
            for x in range(24 + y % 50 + seed, width - 24, 40):
                row |= 0b111 << (width - x)
        rows += (row << spare).to_bytes(stride)
    return Bitmap(width, height, bytes(rows))


class PrinterPromises:
    """Collected through its heirs, each with a fixture `setup`."""

    proof = Proof.PRINTED

    def test_what_is_printed_is_what_was_asked_dot_for_dot(self, setup: Setup):
        tickets = [picture(seed=1), picture(height=140, seed=2), picture(width=384, height=9)]
        for ticket in tickets[:2]:
            assert setup.printer.print((ticket,)) is self.proof
        assert setup.world.printed == tickets[:2]

    def test_a_well_printer_is_usable_and_has_no_troubles(self, setup: Setup):
        health = setup.printer.health()
        assert health.usable
        assert health.troubles == ()

    def test_a_ticket_wider_than_the_paper_is_the_callers_mistake(self, setup: Setup):
        with pytest.raises(ValueError, match="does not fit"):
            setup.printer.print((picture(width=900, height=8),))
        assert setup.world.printed == []

    def test_paper_near_its_end_is_told_and_still_printed_on(self, setup: Setup):
        setup.world.put_near_end()
        health = setup.printer.health()
        assert health.usable
        assert health.troubles == (Trouble.PAPER_NEAR_END,)
        setup.printer.print((picture(),))
        assert setup.world.printed == [picture()]

    def test_without_paper_nothing_starts_until_the_roll_is_changed(self, setup: Setup):
        setup.world.run_out_of_paper()
        self.nothing_starts(setup, Trouble.PAPER_OUT)
        setup.world.refill()
        self.prints_again(setup)

    def test_with_the_cover_open_nothing_starts_until_it_is_closed(self, setup: Setup):
        setup.world.open_cover()
        self.nothing_starts(setup, Trouble.COVER_OPEN)
        setup.world.close_cover()
        self.prints_again(setup)

    def test_with_the_cover_open_nobody_trusts_the_paper_sensors(self, setup: Setup):
        setup.world.run_out_of_paper()
        setup.world.open_cover()
        assert setup.printer.health().troubles == (Trouble.COVER_OPEN,)

    def test_a_jam_stops_it_until_it_is_cleared(self, setup: Setup):
        setup.world.jam()
        self.nothing_starts(setup, Trouble.JAM)
        setup.world.clear_jam()
        self.prints_again(setup)

    def test_silence_is_never_taken_for_well(self, setup: Setup):
        setup.world.stop_answering()
        self.nothing_starts(setup, Trouble.NO_ANSWER)
        setup.world.answer_again()
        self.prints_again(setup)

    def test_an_unplugged_printer_is_found_again_once_it_is_back(self, setup: Setup):
        setup.printer.print((picture(seed=3),))
        setup.world.unplug()
        self.nothing_starts(setup, Trouble.NO_ANSWER)
        setup.world.replug()
        self.prints_again(setup)

    def test_paper_that_ends_in_the_middle_is_told_as_started(self, setup: Setup):
        setup.world.run_out_of_paper(after_rows=100)
        with pytest.raises(PrintFault) as caught:
            setup.printer.print((picture(),))
        assert caught.value.started
        assert caught.value.trouble is Trouble.PAPER_OUT
        assert picture() not in setup.world.printed
        assert not setup.printer.health().usable

    def test_after_a_new_roll_the_same_ticket_comes_whole(self, setup: Setup):
        setup.world.run_out_of_paper(after_rows=100)
        with pytest.raises(PrintFault):
            setup.printer.print((picture(),))
        setup.world.refill()
        self.prints_again(setup)

    def nothing_starts(self, setup: Setup, trouble: Trouble) -> None:
        before = list(setup.world.printed)
        health = setup.printer.health()
        assert not health.usable
        assert health.troubles == (trouble,)
        with pytest.raises(PrintFault) as caught:
            setup.printer.print((picture(),))
        assert not caught.value.started
        assert caught.value.trouble is trouble
        assert setup.world.printed == before

    def prints_again(self, setup: Setup) -> None:
        # A printer's answer may come too late for a look, on a busy machine: a board looks again and again.
        assert any(setup.printer.health().usable for _ in range(LOOKS))
        assert setup.printer.print((picture(seed=5),)) is self.proof
        assert setup.world.printed[-1] == picture(seed=5)


class TestTheMockPrinter(PrinterPromises):
    @pytest.fixture
    def setup(self) -> Setup:
        printer = MockPrinter()
        return Setup(printer, printer)

    def test_a_jam_in_the_middle_is_told_as_started(self):
        printer = MockPrinter()
        printer.jam_in_the_middle()
        with pytest.raises(PrintFault) as caught:
            printer.print((picture(),))
        assert caught.value.started
        assert printer.health().troubles == (Trouble.JAM,)

    def test_a_mute_printer_hides_its_troubles_and_has_them_still(self):
        printer = MockPrinter()
        printer.run_out_of_paper()
        printer.stop_answering()
        assert printer.health().troubles == (Trouble.NO_ANSWER,)
        assert printer.troubles == {Trouble.NO_ANSWER, Trouble.PAPER_OUT}
        printer.refill()
        assert printer.troubles == {Trouble.NO_ANSWER}

"""What an emulated printer feels, and how it tells it: DLE EOT, automatic status, full status."""

from __future__ import annotations

from dataclasses import dataclass

from hal_mocks.wires.escpos_model import Model

__all__ = ["Sensors"]


@dataclass(slots=True)
class Sensors:
    paper_out: bool = False
    near_end: bool = False
    cover_open: bool = False
    jammed: bool = False
    cutter_stuck: bool = False
    hot: bool = False
    in_mouth: bool = False
    mute: bool = False
    held: bool = False
    rows_to_end: int | None = None

    @property
    def stopped(self) -> bool:
        return self.paper_out or self.cover_open or self.in_error

    @property
    def in_error(self) -> bool:
        return self.jammed or self.cutter_stuck or self.hot

    def run_out_of_paper(self, after_rows: int) -> None:
        self.rows_to_end = after_rows
        self.paper_out = after_rows == 0

    def refill(self) -> None:
        self.paper_out = self.near_end = False
        self.rows_to_end = None

    def moved_a_row(self) -> None:
        if self.rows_to_end is not None:
            self.rows_to_end -= 1
            self.paper_out = self.rows_to_end <= 0

    def answer_to(self, question: int, model: Model) -> bytes:
        """DLE EOT; nothing to a question that it does not know."""
        if question == 20 and model.has_full_status:
            paper = 0x01 * self.paper_out | 0x04 * self.near_end | 0x20 * self.in_mouth
            can_recover = 0x01 * self.hot | 0x40 * self.jammed
            return bytes(
                [0x10, 0x0F, paper, 0x02 * self.cover_open, can_recover, 0x01 * self.cutter_stuck]
            )
        bits = {
            1: 0x08 * self.stopped,
            2: 0x04 * self.cover_open | 0x20 * self.paper_out | 0x40 * self.in_error,
            3: 0x04 * self.jammed | 0x08 * self.cutter_stuck | 0x40 * self.hot,
            4: 0x0C * self.near_end | 0x6C * self.paper_out,
        }.get(question)
        return b"" if bits is None else bytes([0x12 | bits])

    def report(self) -> bytes:
        """Four bytes of automatic status."""
        paper = 0x03 * self.near_end | 0x0F * self.paper_out
        printer = 0x10 | 0x08 * self.stopped | 0x20 * self.cover_open
        error = 0x04 * self.jammed | 0x08 * self.cutter_stuck | 0x40 * self.hot
        return bytes([printer, error, paper, 0x0F])

"""What differs between the emulated ESC/POS printers; it knows none of the driver's profiles."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CUSTOM", "DUMB_CLONE", "EPSON", "MODELS", "Model"]


@dataclass(frozen=True, slots=True)
class Model:
    """`baud` and `rows_per_second` 0 are as fast as it goes; `answer_seconds` is how long it thinks before it answers."""

    name: str = "TM-T82II"
    maker: str = "EPSON"
    width: int = 576
    buffer: int = 4096
    baud: int = 0
    rows_per_second: int = 0
    answer_seconds: float = 0.0
    knows_job_ids: bool = True  # GS ( H
    knows_reports: bool = True  # GS a
    answers_in_order: bool = True  # GS r
    can_empty_buffer: bool = True  # DLE DC4 8
    hears_when_stopped: bool = True  # answers real-time questions while paper or cover stop it
    has_chinese_rom: bool = True
    sizes_chinese_apart: bool = False  # GS ! leaves Chinese as it is
    makes_qr_codes: bool = True  # GS ( k
    has_full_status: bool = False  # DLE EOT 20
    has_presenter: bool = False
    repeats_answers: bool = False  # says everything twice, as a bad cable's echo does


EPSON = Model()
CUSTOM = Model(
    name="VKP80II",
    maker="CUSTOM",
    knows_job_ids=False,
    knows_reports=False,
    can_empty_buffer=False,
    has_chinese_rom=False,
    has_full_status=True,
    has_presenter=True,
)
DUMB_CLONE = Model(
    name="",
    maker="",
    width=384,
    knows_job_ids=False,
    knows_reports=False,
    answers_in_order=False,
    can_empty_buffer=False,
    has_chinese_rom=False,
    makes_qr_codes=False,
)
MODELS = {"epson": EPSON, "custom": CUSTOM, "dumb-clone": DUMB_CLONE}

"""A small one of the printer's chaos, so that it works when it is wanted."""

from __future__ import annotations

from pathlib import Path

from tests.chaos.printer_faults import printer_faults


def test_a_printer_that_breaks_along_a_tickets_bytes_loses_and_doubles_nothing(tmp_path: Path):
    result = printer_faults(tmp_path, "1", lambda _: None, seeds=6)
    assert result.is_good, result.troubles
    assert result.tried == result.recovered > 100

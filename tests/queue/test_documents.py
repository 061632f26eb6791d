"""What the documents say of the code is made from the code."""

from __future__ import annotations

from pathlib import Path

from broker.queue.life import diagram


def test_the_diagram_in_architecture_is_made_from_the_table():
    text = (Path(__file__).parents[2] / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert diagram() in text

"""What the documents say of the code is made from the code, or is still there."""

from __future__ import annotations

import re
from pathlib import Path

from broker.queue.life import diagram

HERE = Path(__file__).parents[2]
ARCHITECTURE = (HERE / "ARCHITECTURE.md").read_text(encoding="utf-8")


def test_the_diagram_in_architecture_is_made_from_the_table():
    assert diagram() in ARCHITECTURE


def test_every_module_of_hub_and_board_stands_once_in_the_tree():
    tree = ARCHITECTURE.split("```")[1]
    rooms = (HERE / "broker", HERE / "broker" / "queue", HERE / "firmware")
    modules = [path.name for room in rooms for path in room.glob("[a-z]*.py")]
    named = re.findall(r"(?<![\w/])[a-z_]+\.py", tree)
    assert len(modules) > 60
    assert {name: named.count(name) for name in modules if named.count(name) != 1} == {}


def test_every_test_and_file_that_the_security_document_builds_on_is_there():
    text = (HERE / "docs" / "security.md").read_text(encoding="utf-8")
    tests = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("tests/*/test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", text))
    assert len(named) > 20
    assert {name for name in named if f"def {name}(" not in tests} == set()
    files = set(re.findall(r"`((?:broker|firmware|tests)/[\w/*.]+)`", text))
    assert {name for name in files if not [*HERE.glob(name)]} == set()

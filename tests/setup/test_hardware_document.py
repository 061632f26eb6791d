"""Every snippet of docs/hardware.md is one that a hall can be set up with, and every model stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from firmware.bench.catalogue import kinds
from firmware.check import load
from hal_mocks.virtual_hall.demo import SAMPLE

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "hardware.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```toml\n# (\w+)\n(.*?)```", TEXT, re.DOTALL)

# What a device needs besides, on ports that no snippet names.
BESIDES = {
    "ticket_kiosk": {
        "printer": '{ model = "escpos", port = "tcp:printer" }',
        "screen": '{ model = "pygame" }',
        "keys": '{ model = "usb", port = "input:ffff:ffff", keys = { pension = "KEY_1" } }',
    },
    "caller_panel": {
        "keys": '{ model = "usb", port = "input:ffff:ffff", keys = { next = "KEY_1", serve = "KEY_2" } }',
        "led": '{ model = "onbon", card = "6K", port = "tcp:panel", width = 64, height = 16 }',
    },
    "rating_pad": {
        "keys": '{ model = "usb", port = "input:ffff:fffe", keys = { very_satisfied = "KEY_1",'
        ' satisfied = "KEY_2", fairly_satisfied = "KEY_3", dissatisfied = "KEY_4", very_dissatisfied = "KEY_5" } }',
    },
    "announcer": {
        "voice": '{ model = "syn6288", port = "serial:/dev/serial1" }',
        "lamps": '{ model = "modbus", port = "tcp:relays:4001", lamps = { help = 1 } }',
    },
    "hall_display": {"screen": '{ model = "pygame" }'},
    "counter_display": {"screen": '{ model = "pygame" }'},
}
HANGS_AT = {
    "ticket_kiosk": "kiosk-1",
    "caller_panel": "panel-1",
    "rating_pad": "pad-1",
    "announcer": "voice-1",
    "hall_display": "display-1",
    "counter_display": "over-1",
}


def hung(hall: str, device: str, parts: str) -> str:
    """The hall with these parts at a device, and what it needs besides, instead of what it had."""
    pattern = (
        rf'(id = "{device}"\nkind = "(\w+)"\n.*?\[boards.devices.hardware\]\n).*?(?=\n\[\[|\Z)'
    )
    found = re.search(pattern, hall, re.DOTALL)
    assert found is not None
    named = re.findall(r"(?m)^(\w+) = ", parts)
    lines = [f"{n} = {t}" for n, t in BESIDES[found[2]].items() if n not in named]
    return hall.replace(found[0], found[1] + "\n".join((parts, *lines)))


@pytest.mark.parametrize(
    ("kind", "parts"),
    SNIPPETS,
    ids=[re.sub(r"[^a-z0-9_]+", " ", text.split(",")[0]) for _, text in SNIPPETS],
)
def test_a_snippet_is_in_order(kind: str, parts: str, tmp_path: Path) -> None:
    file = tmp_path / "hall.toml"
    bare = SAMPLE.read_text(encoding="utf-8")
    for device in HANGS_AT.values():
        bare = hung(bare, device, "")
    if kind == "announcer" and "voice_en" in parts:
        bare = bare.replace("[rules]", "[rules]\nannounce_english = true")
    file.write_text(hung(bare, HANGS_AT[kind], parts), encoding="utf-8")
    board = next(
        one.id for one in load(SAMPLE).boards if HANGS_AT[kind] in [d.id for d in one.devices]
    )
    assert load(file, board).device[HANGS_AT[kind]].hardware.keys() >= {
        *re.findall(r"(?m)^(\w+) = ", parts)
    }


def test_every_block_of_toml_says_for_which_device_it_is() -> None:
    assert TEXT.count("```toml") == len(SNIPPETS) > 20


def test_every_model_of_every_kind_has_a_snippet() -> None:
    written = "\n".join(parts for _, parts in SNIPPETS)
    missing = {
        (kind.name, model.name)
        for kind in kinds()
        for model in kind.models
        if not re.search(
            rf'(?m)^({"|".join(p for _, p in kind.used)}) = {{ model = "{model.name}"', written
        )
    }
    assert missing == set()


def test_both_lists_name_every_model() -> None:
    chinese = (DOCS / "hardware.zh-CN.md").read_text(encoding="utf-8")
    for kind in kinds():
        for model in kind.models:
            assert f"`{model.name}`" in TEXT
            assert f"`{model.name}`" in chinese

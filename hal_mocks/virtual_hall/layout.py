"""What stands in the hall and what is written on its keys, for the page to draw; from settings alone."""

from __future__ import annotations

from typing import Any

from broker.settings import Board, Counter, Device, Hall, Kind

__all__ = ["layout"]

# Engraved on real panels, hence not among the hall's phrases: what the clerk reads, and what a newcomer reads.
PANEL_KEYS = {
    "next": ("下一位", "Next"),
    "recall": ("重呼", "Recall"),
    "serve": ("到达", "Has come"),
    "close": ("结束", "Close"),
    "no_show": ("过号", "No-show"),
    "undo": ("撤销", "Undo"),
    "help": ("求助", "Help"),
    "hold": ("挂起", "Hold"),
    "hold:any": ("挂起", "Hold, any counter"),
    "pause": ("暂停", "Pause"),
    "prefix": ("字母", "Letter, or clear"),
}
PAD_KEYS = {
    "very_satisfied": ("非常满意", "Very satisfied"),
    "satisfied": ("满意", "Satisfied"),
    "fairly_satisfied": ("基本满意", "Fairly satisfied"),
    "dissatisfied": ("不满意", "Dissatisfied"),
    "very_dissatisfied": ("非常不满意", "Very dissatisfied"),
}
TRANSFER = "transfer:"
PAUSE = "pause:"


def layout(hall: Hall) -> dict[str, Any]:
    """The hall as JSON-able tables: its name, counters, and every device with its board, keys and parts."""
    return {
        "name": hall.hall.name,
        "boards": [board.id for board in hall.boards],
        "counters": [{"number": c.number, "clerk": _clerk(hall, c)} for c in hall.counters],
        "devices": [
            _device(hall, board, device) for board in hall.boards for device in board.devices
        ],
    }


def _clerk(hall: Hall, counter: Counter) -> str:
    """Who sits there, in a word or two."""
    known = hall.clerk.get(counter.clerk)
    return f"{known.id} {known.name}".strip() if known else counter.clerk


def _device(hall: Hall, board: Board, device: Device) -> dict[str, Any]:
    return {
        "id": device.id,
        "kind": device.kind.value,
        "board": board.id,
        "counter": device.counter,
        "parts": sorted(device.hardware),
        # A kiosk's keys are on its screen, as the kiosk itself draws them.
        "keys": [] if device.kind is Kind.TICKET_KIOSK else _keys(hall, device),
        "lamps": _names(device, "lamps"),
    }


def _keys(hall: Hall, device: Device) -> list[dict[str, str]]:
    return [_key(hall, device.kind, key) for key in _names(device, "keys")]


def _names(device: Device, part: str) -> list[str]:
    """The names of keys or lamps that the settings give a device."""
    return list(device.hardware.get(part, {}).get(part, {}))


def _key(hall: Hall, kind: Kind, key: str) -> dict[str, str]:
    if key.startswith(TRANSFER):
        to = key.removeprefix(TRANSFER)
        name = hall.service[to].name if to in hall.service else f"{to}号窗口"
        label, english = f"转{name}", "Transfer"
    elif key.startswith(PAUSE):
        reasons = {f"{PAUSE}{reason.id}": reason.name for reason in hall.pauses}
        label, english = reasons.get(key, key), "Pause"
    else:
        words = PAD_KEYS if kind is Kind.RATING_PAD else PANEL_KEYS
        label, english = words.get(key, (key, ""))
    return {"key": key, "label": label, "english": english}

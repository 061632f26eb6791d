"""The halls that are measured, as texts of hall.toml."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["announcer", "board", "console", "counters", "display", "hall", "kiosk", "pad", "panel"]

HEAD = """
[hall]
id = "bench"
name = "测量用大厅"
phone = "12333"

[rules]
number_digits = 4
double_press_ms = 0         # the bench presses faster than any clerk
next_while_serving = "close"

[[zones]]
id = "main"
name = "综合服务区"
"""


def hall(services: Iterable[str], *parts: str) -> str:
    """A hall with these services and what `parts` say. Prefixes are A, B and so on."""
    tables = (
        f'[[services]]\nid = "{service}"\nprefix = "{chr(ord("A") + number)}"\nname = "业务{number + 1}"\n'
        for number, service in enumerate(services)
    )
    return "\n".join((HEAD, *tables, *parts))


def counters(numbers: Iterable[int], services: Iterable[str]) -> str:
    """Counters that serve all of these; `next` alone leads from one ticket to the next."""
    served = ", ".join(f'"{service}"' for service in services)
    return "".join(
        f'[[counters]]\nnumber = {number}\nservices = [{served}]\nzone = "main"\nserve_key = false\n'
        for number in numbers
    )


def board(name: str, *devices: str) -> str:
    return f'[[boards]]\nid = "{name}"\n' + "".join(devices)


def console(name: str) -> str:
    return f'[[consoles]]\nid = "{name}"\n'


def panel(counter: int, hardware: str = "") -> str:
    return _device(f"panel-{counter}", "caller_panel", f"counter = {counter}", hardware)


def pad(counter: int, hardware: str = "") -> str:
    return _device(f"pad-{counter}", "rating_pad", f"counter = {counter}", hardware)


def kiosk(name: str, hardware: str = "") -> str:
    return _device(name, "ticket_kiosk", "", hardware)


def display(name: str, hardware: str = "") -> str:
    return _device(name, "hall_display", "", hardware)


def announcer(name: str, hardware: str = "") -> str:
    return _device(name, "announcer", 'zone = "main"', hardware)


def _device(name: str, kind: str, place: str, hardware: str) -> str:
    return (
        f'[[boards.devices]]\nid = "{name}"\nkind = "{kind}"\n{place}\n'
        f"[boards.devices.hardware]\n{hardware}\n"
    )

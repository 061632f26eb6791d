"""`python -m tests.pictures.wiring`: how each kind of box is wired, drawn from the sample hall's own settings into docs/pictures.

Each picture is an SVG of the Pi's 40-pin header, with what hangs on its pins, and on its sockets, in English and Chinese.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from broker.settings import Device, Hall
from firmware.check import load
from hal_mocks.virtual_hall.demo import SAMPLE

__all__ = ["BOXES", "FOLDER", "HEADER", "file_of", "picture", "wires_of"]

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
# The header from pin 1 on, the same on every Pi since the B+; a number is the BCM's (`pinout` on a Pi shows it).
ALL_PINS = "3V3 5V 2 5V 3 GND 4 14 GND 15 17 18 27 GND 22 23 3V3 24 10 GND 9 25 11 8 GND 7 0 1 5 GND 6 12 13 GND 19 16 26 20 GND 21"
HEADER = tuple(ALL_PINS.split())
KEY, LAMP, GROUND, SUPPLY, LINE = "#1a5fb4", "#a85500", "#222222", "#b3001b", "#00703c"
UNUSED = "#777777"
WIDTH, HEIGHT = 1240, 1010
TOP, STEP = 128, 31
ODD_X, EVEN_X = 590, 634

WORDS = {
    "next": "Next 下一位",
    "recall": "Recall 重呼",
    "serve": "Serve 到达",
    "close": "Close 结束",
    "no_show": "No-show 过号",
    "undo": "Undo 撤销",
    "hold": "Hold 挂起",
    "pause": "Pause 暂停",
    "green": "Green channel 绿色通道",
    "very_satisfied": "Very satisfied 非常满意",
    "satisfied": "Satisfied 满意",
    "fairly_satisfied": "Fairly satisfied 基本满意",
    "dissatisfied": "Dissatisfied 不满意",
    "very_dissatisfied": "Very dissatisfied 非常不满意",
    "remind": "Please rate 请评价",
    "ready": "Ready, green 正常 绿",
    "attention": "Attention, yellow 注意 黄",
    "stopped": "Stopped, red 停止 红",
}
PARTS = {
    "printer": "ticket printer 票据打印机",
    "screen": "screen 显示屏",
    "scanner": "code scanner 扫码器",
    "card_reader": "ID-card reader 身份证阅读器",
    "led": "LED bar 条屏",
    "display": "small display 小屏",
    "voice": "voice chip 语音模块",
}
KINDS = {"keys": (KEY, "key 键"), "lamps": (LAMP, "lamp 灯"), "tower": (LAMP, "light 灯")}


@dataclass(frozen=True, slots=True)
class Wire:
    """`pin` is the header's, 1 to 40; `part` and `name` are hall.toml's, or say what it is."""

    pin: int
    words: str
    colour: str
    part: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A kind of box: the sample's devices in it; `grounds` are the pins that their common wires go to; `others` share its board."""

    name: str
    title: str
    devices: tuple[str, ...]
    grounds: tuple[int, ...] = ()
    others: tuple[str, ...] = ()
    fixed: tuple[Wire, ...] = ()
    sockets: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


VOICE = (
    Wire(8, "RXD of the voice chip 语音模块 RXD", LINE, "voice", "TXD"),
    Wire(10, "TXD of the voice chip 语音模块 TXD", LINE, "voice", "RXD"),
    Wire(6, "GND of the voice chip 语音模块 GND", GROUND),
)
CLOCK = (
    Wire(1, "VCC of the clock chip 时钟模块 VCC", SUPPLY),
    Wire(3, "SDA of the clock chip 时钟模块 SDA", LINE),
    Wire(5, "SCL of the clock chip 时钟模块 SCL", LINE),
    Wire(9, "GND of the clock chip 时钟模块 GND", GROUND),
)
BOXES = (
    Box("kiosk", "Kiosk 取号机", ("kiosk-1",), (39, 9)),
    Box("counter", "Counter box 窗口盒", ("panel-1", "over-1"), (39, 6), ("pad-1",)),
    Box(
        "pad",
        "Rating pad 评价器",
        ("pad-1",),
        (20, 25),
        ("panel-1",),
        sockets=(
            ("HDMI + USB", "or a touch screen, no keys 或触摸屏"),
            ("the counter's board 窗口盒的板", "one board has both 与呼叫面板同一块板"),
        ),
    ),
    Box(
        "hall",
        "Hall display and voice 大厅屏与语音",
        ("display-1", "voice-1"),
        fixed=VOICE,
        sockets=(("amplifier 功放", "loudspeaker at the voice chip 音箱接语音模块"),),
        notes=(
            "TXD goes to RXD, RXD to TXD.",
            "收发交叉：TXD 接 RXD，RXD 接 TXD。",
            "VCC as the module says;",
            "its signals 3.3 V, never 5 V.",
            "VCC 按模块标注；信号 3.3 V，",
            "不得用 5 V。",
        ),
    ),
    Box(
        "hub",
        "Hub 主机",
        (),
        fixed=CLOCK,
        sockets=(
            ("USB", "stick named JIAOHAO, for backups 备份 U 盘"),
            ("Pi 5: BAT (J5)", "battery, in place of the chip 电池，代替时钟模块"),
        ),
        notes=(
            'DS3231, clock = "ds3231" in cards.toml,',
            "with its battery in.",
            "DS3231，cards.toml 写 clock，",
            "装好纽扣电池。",
        ),
    ),
)


def wires_of(hall: Hall, device: str) -> Iterator[Wire]:
    """Every pin that hall.toml gives the device's keys and lamps."""
    hardware: dict[str, Any] = hall.device[device].hardware
    for part, (colour, kind) in KINDS.items():
        settings = hardware.get(part, {})
        if settings.get("model") != "gpio":
            continue
        for name, pin in settings.get("keys", settings.get("lamps", {})).items():
            words = f"{_words(hall, name)} · {kind}"
            yield Wire(HEADER.index(str(pin)) + 1, words, colour, f"{device} {part}", name)


def _words(hall: Hall, name: str) -> str:
    if name in hall.service:
        found = hall.service[name]
        return f"{found.english} {found.name}"
    if name.startswith("transfer:"):
        return f"To {name.partition(':')[2]} 转{hall.service[name.partition(':')[2]].name}"
    if name == "pause:lunch":
        return "Lunch 午休"
    return WORDS[name]


def file_of(box: Box) -> Path:
    return FOLDER / f"wiring-{box.name}.svg"


def picture(box: Box, hall: Hall) -> str:
    """The SVG's text."""
    wires = [*box.fixed, *(wire for device in box.devices for wire in wires_of(hall, device))]
    gpio = [wire.colour for wire in wires]
    common = {KEY: "GND of all keys 按键公共地线", LAMP: "GND of all lamps 灯公共地线"}
    wires += [
        Wire(pin, common[colour], GROUND)
        for pin, colour in zip(box.grounds, (KEY, LAMP), strict=False)
        if colour in gpio
    ]
    others = {wire.pin: name for name in box.others for wire in wires_of(hall, name)}
    boards = [hall.board_of[name] for name in box.devices[:1]] or ["hub"]
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"',
        " font-family=\"'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',sans-serif\">",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        _text(30, 48, box.title, 30, bold=True),
        _text(30, 78, f"board 板：{' · '.join((boards[0], *box.devices))}", 17, UNUSED),
        *_header(wires, others),
        *_beside(box, gpio),
        *_sockets(box, hall),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _header(wires: list[Wire], others: dict[int, str]) -> Iterator[str]:
    bottom = TOP + 19 * STEP
    yield f'<rect x="{ODD_X - 24}" y="{TOP - 20}" width="{EVEN_X - ODD_X + 48}" height="{19 * STEP + 40}" rx="8" fill="#1d3b2a"/>'
    middle = (ODD_X + EVEN_X) // 2
    yield _text(middle, TOP - 32, "end at the SD card 存储卡一端", 15, UNUSED, anchor="middle")
    yield _text(middle, bottom + 42, "far end 另一端", 15, UNUSED, anchor="middle")
    yield _text(EVEN_X + 40, bottom + 42, "edge of the board 板边 →", 15, UNUSED)
    by_pin = {wire.pin: wire for wire in wires}
    assert len(by_pin) == len(wires), "two wires on one pin"
    for pin, name in enumerate(HEADER, 1):
        odd = pin % 2 == 1
        x, y = (ODD_X if odd else EVEN_X), TOP + (pin - 1) // 2 * STEP
        label = name if name in ("3V3", "5V", "GND") else f"GPIO{name}"
        wire = by_pin.get(pin)
        fill = wire.colour if wire else "#d8d8d8"
        yield f'<circle cx="{x}" cy="{y}" r="12" fill="{fill}"/>'
        yield _text(x, y + 4, str(pin), 12, "#ffffff" if wire else "#333333", anchor="middle")
        end = ODD_X - 34 if odd else EVEN_X + 34
        anchor = "end" if odd else "start"
        if wire is None:
            shared = f"{label} · {others[pin]}" if pin in others else label
            yield _text(end, y + 5, shared, 12, UNUSED, anchor=anchor)
            continue
        far = end - 100 if odd else end + 100
        yield f'<line x1="{x - 12 if odd else x + 12}" y1="{y}" x2="{far}" y2="{y}" stroke="{wire.colour}" stroke-width="3"/>'
        place = f"{label} · {wire.words}" if not odd else f"{wire.words} · {label}"
        yield (
            f'<g data-part="{escape(wire.part)}" data-name="{escape(wire.name)}" data-pin="{escape(name)}">'
            f"{_text(far - 6 if odd else far + 6, y + 5, place, 16, wire.colour, anchor=anchor)}</g>"
        )


def _beside(box: Box, gpio: list[str]) -> Iterator[str]:
    """How one key and one lamp are wired, and what is to be heeded."""
    x, y = 1010, 30
    notes = list(box.notes)
    if KEY in gpio:
        yield _text(x, y + 10, "a key 按键", 15, KEY)
        yield f'<path d="M{x} {y + 34} h60 m0 0 l34 -16 m6 16 h60" stroke="{KEY}" stroke-width="3" fill="none"/>'
        yield _text(x, y + 56, "GPIO", 13, UNUSED)
        yield _text(x + 160, y + 56, "GND", 13, UNUSED, anchor="end")
        y += 80
    if LAMP in gpio:
        yield _text(x, y + 10, "a lamp 指示灯", 15, LAMP)
        yield f'<path d="M{x} {y + 34} h30 m50 0 h25 m22 0 h40" stroke="{LAMP}" stroke-width="3" fill="none"/>'
        yield f'<rect x="{x + 30}" y="{y + 26}" width="50" height="16" fill="none" stroke="{LAMP}" stroke-width="2"/>'
        yield f'<path d="M{x + 105} {y + 24} l22 10 l-22 10 z M{x + 127} {y + 24} v20" fill="{LAMP}" stroke="{LAMP}" stroke-width="2"/>'
        yield _text(x, y + 62, "GPIO", 13, UNUSED)
        yield _text(x + 55, y + 62, "330 Ω", 13, UNUSED, anchor="middle")
        yield _text(x + 116, y + 62, "LED", 13, UNUSED, anchor="middle")
        yield _text(x + 167, y + 62, "GND", 13, UNUSED, anchor="end")
        y += 86
    if gpio:
        notes = [
            *notes,
            "Never 5 V on a GPIO pin.",
            "GPIO 引脚不得接 5 V。",
            "Wire with the power off.",
            "断电接线。",
        ]
    x = 30
    for number, note in enumerate(notes):
        yield _text(
            x,
            850 + number * 21 - 21 * len(notes),
            note,
            15,
            SUPPLY if note in notes[-4:] else GROUND,
        )


def _sockets(box: Box, hall: Hall) -> Iterator[str]:
    """Everything that is plugged in, not wired."""
    found = [
        *(row for device in box.devices for row in _plugs(hall.device[device])),
        *box.sockets,
        ("LAN 网口", "the hall's switch 大厅交换机"),
        ("power 电源", "the Pi's own supply 树莓派原装电源"),
    ]
    for number, (socket, what) in enumerate(found):
        column, row = number % 3, number // 3
        x, y = 30 + column * 400, 866 + row * 70
        yield f'<rect x="{x}" y="{y}" width="380" height="58" rx="6" fill="#f2f5f8" stroke="#8899aa"/>'
        yield _text(x + 12, y + 23, socket, 14, UNUSED)
        yield _text(x + 12, y + 46, what, 16)


def _plugs(device: Device) -> Iterator[tuple[str, str]]:
    for part, settings in device.hardware.items():
        words = f"{PARTS[part]} ({device.id})" if part in PARTS else ""
        port = str(settings.get("port", ""))
        if part == "screen":
            size = f"{settings['width']}×{settings['height']}"
            yield "HDMI", f"{words} {size}"
        elif port and "/dev/serial0" not in port:
            yield f"USB · {port}", words


def _text(
    x: int,
    y: int,
    words: str,
    size: int,
    colour: str = GROUND,
    *,
    anchor: str = "start",
    bold: bool = False,
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{colour}" text-anchor="{anchor}"{weight}>{escape(words)}</text>'


def main() -> None:
    hall = load(SAMPLE)
    for box in BOXES:
        file_of(box).write_text(picture(box, hall), encoding="utf-8")


if __name__ == "__main__":
    main()

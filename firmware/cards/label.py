"""The label that goes onto a board: which it is, what it hosts, until when its card is good; a page of a PDF, with a QR code."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFont
from pylopdf_fonts_zh_cn import sans_path

__all__ = ["Label", "device_line", "draw", "write_labels"]

# 62 by 29 mm at 300 dots to the inch: what the office's label printers take.
DPI = 300
WIDTH, HEIGHT = 732, 342
MARGIN = 24
INK, GROUND = 0, 255
KINDS = {
    "ticket_kiosk": "取号机",
    "caller_panel": "呼叫器",
    "rating_pad": "评价器",
    "announcer": "语音",
    "hall_display": "大厅屏",
    "counter_display": "窗口屏",
}
HUB_LINE = "主机"


@dataclass(frozen=True, slots=True)
class Label:
    """`devices` are lines such as a kind and where it is; `expires` is when the card can no longer enrol a board; None: never."""

    hall: str
    hall_name: str
    board: str
    devices: tuple[str, ...]
    made: datetime
    expires: datetime | None

    @property
    def code(self) -> str:
        """What the QR code says, in words that anybody may read."""
        return f"jiaohao hall={self.hall} board={self.board} made={self.made:%Y-%m-%dT%H:%M}"


def device_line(kind: str, identifier: str, counter: int) -> str:
    """As the person reads it who hangs the board up.

    >>> device_line("caller_panel", "panel-3", 3)
    '呼叫器 panel-3 · 3号窗口'
    """
    where = f" · {counter}号窗口" if counter else ""
    return f"{KINDS.get(kind, kind)} {identifier}{where}"


def draw(label: Label) -> Image.Image:
    image = Image.new("L", (WIDTH, HEIGHT), GROUND)
    pen = ImageDraw.Draw(image)
    code = _code(label.code)
    left = code.width + MARGIN + MARGIN // 2
    room = WIDTH - left - MARGIN
    image.paste(code, (MARGIN // 2, (HEIGHT - code.height) // 2))

    y = MARGIN - 6
    y = _line(pen, (left, y), label.hall_name, 26, room)
    y = _line(pen, (left, y), label.board, 72, room) + 4
    shown = list(label.devices or (HUB_LINE,))
    if len(shown) > 4:
        shown = [*shown[:3], f"… +{len(shown) - 3}"]
    for text in shown:
        y = _line(pen, (left, y), text, 25, room)
    until = f"  卡有效至 card good until {label.expires:%m-%d %H:%M}" if label.expires else ""
    foot = f"{label.made:%Y-%m-%d}{until}"
    _line(pen, (left, HEIGHT - MARGIN - 22), foot, 20, room)
    return image


def write_labels(labels: Iterable[Label], path: Path) -> None:
    """One page each. Raises OSError."""
    pages = [draw(label) for label in labels]
    if not pages:
        return
    out = io.BytesIO()
    pages[0].save(out, "PDF", resolution=DPI, save_all=True, append_images=pages[1:])
    path.write_bytes(out.getvalue())


def _code(text: str) -> Image.Image:
    """As large as the label allows, its quiet zone counted: modules of half a millimetre, which any telephone reads."""
    found = segno.make(text, error="m", micro=False)
    modules, _ = found.symbol_size(scale=1, border=2)
    out = io.BytesIO()
    found.save(out, kind="png", scale=(HEIGHT - 2 * MARGIN) // modules, border=2)
    return Image.open(out).convert("L")


def _line(pen: ImageDraw.ImageDraw, at: tuple[int, int], text: str, height: int, room: int) -> int:
    """Set a line, smaller if it would not fit; where the next one begins."""
    font = _font(height)
    while font.getlength(text) > room and height > 14:
        height -= 1
        font = _font(height)
    while font.getlength(text) > room:
        text = text[:-2] + "…"
    pen.text(at, text, fill=INK, font=font)
    return at[1] + round(height * 1.28)


@cache
def _font(height: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(sans_path()), height)

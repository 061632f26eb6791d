"""The pictures that docs/pictures keeps: which they are, how they are made small, and how one is compared with a fresh one."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops, ImageStat

__all__ = ["CHOSEN", "FOLDER", "difference", "file_of", "kept"]

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
KIOSK = (
    "sample-usual-zh-home-1080x1920",
    "sample-usual-zh-items-1080x1920",
    "sample-usual-zh-bring-1080x1920",
    "sample-usual-zh-taken-1080x1920",
    "sample-usual-zh-complaint-1080x1920",
    "sample-usual-zh-missed-code-1080x1920",
    "sample-usual-en-home-1080x1920",
    "sample-large-zh-home-1080x1920",
    "sample-low-zh-home-1080x1920",
    "sample-heard-zh-home-1080x1920",
    "hard-usual-zh-services-1080x1920",
    "hard-large-zh-home-1080x1920",
    "sample-usual-zh-guide-item-1920x1080",
    "sample-usual-zh-appointment-1920x1080",
    "hard-usual-zh-home-1920x1080",
    "sample-large-zh-bring-1920x1080",
    "sample-usual-zh-home-1280x800",
    "sample-usual-zh-agency-notice-1280x800",
    "sample-usual-zh-emergency-1280x800",
    "sample-usual-zh-early-closing-1280x800",
    "sample-large-zh-taken-1280x800",
    "hard-usual-zh-missed-1280x800",
    "sample-usual-zh-home-800x480",
    "sample-usual-zh-printing-800x480",
    "sample-usual-zh-taken-800x480",
    "sample-usual-zh-paper-out-800x480",
    "sample-usual-zh-alone-800x480",
    "sample-usual-zh-guide-comes-800x480",
    "hard-usual-en-taken-800x480",
)
DISPLAY = (
    "sample-busy-1920x1080",
    "sample-emergency-1920x1080",
    "sample-old-1920x1080",
    "hard-busy-1920x1080",
    "sample-busy-1080x1920",
)
COUNTER = (
    "sample-called-1024x600",
    "sample-serving-item-1024x600",
    "sample-paused-others-open-800x480",
    "hard-called-1280x400",
)
PAD = (
    "sample-idle-800x480",
    "sample-faces-800x480",
    "sample-reason-800x480",
    "hard-thanks-480x800",
)
CHOSEN = (
    *(f"ticket_kiosk-{name}" for name in KIOSK),
    *(f"hall_display-{name}" for name in DISPLAY),
    *(f"counter_display-{name}" for name in COUNTER),
    *(f"rating_pad-{name}" for name in PAD),
)
COLOURS = 48


def file_of(name: str) -> Path:
    return FOLDER / f"{name}.png"


def kept(png: bytes) -> bytes:
    """The same as it is committed. Pages have few colours: with a palette they are a quarter as large."""
    few = _opened(png).quantize(COLOURS, dither=Image.Dither.NONE)
    file = BytesIO()
    few.save(file, "PNG", optimize=True)
    return file.getvalue()


def difference(before: bytes, fresh: bytes) -> tuple[float, float]:
    """The mean difference of a pixel, of 255, and the share of those that are another colour; 255 and 1 for another size.

    Type is set a shade differently by another FreeType: edges differ a little everywhere, a moved word a lot somewhere.
    """
    one, other = _opened(before), _opened(fresh)
    if one.size != other.size:
        return 255.0, 1.0
    apart = ImageChops.difference(one, other).convert("L")
    strongly = sum(apart.histogram()[64:])
    return ImageStat.Stat(apart).mean[0], strongly / (one.width * one.height)


def _opened(png: bytes) -> Image.Image:
    with Image.open(BytesIO(png)) as image:
        return image.convert("RGB")

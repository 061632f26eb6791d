"""Another's eyes: what tesseract reads on a part of a picture, a number or a sentence in Chinese."""

from __future__ import annotations

import subprocess
from pathlib import Path
from string import ascii_uppercase, digits

from PIL import Image, ImageOps

__all__ = ["number_on", "sentence_on"]

# Pixels of what is read, so that its type is about as large as the reader was taught on: many lines, one number.
LINES, NUMBER = 400, 120


def number_on(part: Image.Image, folder: Path) -> str:
    """A ticket's or a counter's number."""
    # Whose language is Chinese reads a lone 0 as an O with a stroke too many.
    only = ("-c", f"tessedit_char_whitelist={ascii_uppercase}{digits}")
    return _read(part, folder, NUMBER, "eng", *only)


def sentence_on(part: Image.Image, folder: Path) -> str:
    return _read(part, folder, LINES, "chi_sim")


def _read(part: Image.Image, folder: Path, height: int, language: str, *options: str) -> str:
    """Dark on light, with some light around."""
    part = part.convert("L")
    if sum(part.resize((9, 9)).tobytes()) < 81 * 128:
        part = ImageOps.invert(part)
    part = ImageOps.autocontrast(part)
    part = part.resize((part.width * height // part.height, height))
    ImageOps.expand(part, 40, part.getpixel((0, 0))).save(folder / "part.png")  # type: ignore[arg-type]  # a shade of grey
    done = subprocess.run(
        ["tesseract", str(folder / "part.png"), "-", "-l", language, "--psm", "6", *options],
        capture_output=True,
        text=True,
        check=True,
    )
    return "".join(done.stdout.split())

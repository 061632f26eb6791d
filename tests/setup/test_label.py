"""A board's label: what it says fits, whatever its names are, and a telephone reads its code."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from firmware.cards.label import DPI, Label, device_line, draw, write_labels

MADE = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
USUAL = Label(
    hall="sample",
    hall_name="示范人力资源和社会保障服务大厅",
    board="counter-1",
    devices=(device_line("caller_panel", "panel-1", 1), device_line("rating_pad", "pad-1", 1)),
    made=MADE,
    expires=MADE + timedelta(days=3),
)
HUB = Label("sample", "大厅", "hub", (), MADE, expires=None)
LONGEST = Label(
    hall="a-hall-with-the-longest-name-of-32",
    hall_name="某某市某某区人力资源和社会保障局政务服务中心综合受理大厅二楼东区窗口某某某某",
    board="a-board-with-the-longest-name-32",
    devices=tuple(
        device_line("counter_display", f"device-with-a-long-name-{n:02}-xxxxx", 12)
        for n in range(9)
    ),
    made=MADE,
    expires=MADE + timedelta(days=30),
)
LABELS = {"usual": USUAL, "hub": HUB, "longest": LONGEST}


@pytest.mark.parametrize("which", LABELS)
def test_nothing_touches_the_edge(which: str):
    image = draw(LABELS[which])
    ink = ImageChops.invert(image).getbbox()
    assert ink is not None
    left, top, right, bottom = ink
    assert left >= 12
    assert top >= 12
    assert right <= image.width - 20
    assert bottom <= image.height - 12


@pytest.mark.parametrize(("which", "lines"), [("usual", 5), ("hub", 4), ("longest", 7)])
def test_the_lines_keep_clear_of_each_other_and_of_the_code(which: str, lines: int):
    """Between the code and the words is a gap from top to bottom, and between two lines one from side to side."""
    image = ImageChops.invert(draw(LABELS[which]))

    def empty(left: int, top: int, right: int, bottom: int) -> bool:
        return image.crop((left, top, right, bottom)).getbbox() is None

    left = next(x for x in range(200, 420) if empty(x, 0, x + 12, image.height))
    rows = [empty(left, y, image.width, y + 1) for y in range(image.height)]
    assert sum(above and not here for above, here in pairwise(rows)) == lines


@pytest.mark.needs("zbarimg")
@pytest.mark.parametrize("which", LABELS)
def test_a_telephone_reads_its_code(which: str, tmp_path: Path):
    draw(LABELS[which]).save(tmp_path / "label.png")
    command = [
        "zbarimg",
        "-q",
        "--raw",
        "-Sdisable",
        "-Sqrcode.enable",
        str(tmp_path / "label.png"),
    ]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said.strip() == LABELS[which].code


def test_a_hall_s_labels_are_pages_of_one_file(tmp_path: Path):
    path = tmp_path / "labels.pdf"
    write_labels(LABELS.values(), path)
    content = path.read_bytes()
    assert content.startswith(b"%PDF")
    assert content.count(b"/Type /Page\n") == 3
    width, height = (round(dots / DPI * 72, 2) for dots in draw(USUAL).size)
    assert f"/MediaBox [ 0 0 {width} {height} ]".encode() in content
    assert isinstance(draw(HUB), Image.Image)

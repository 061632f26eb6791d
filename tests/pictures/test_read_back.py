"""What a visitor must read is on the committed pictures: another's eyes find number, counter and main sentence there."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.pictures.chosen import CHOSEN, file_of
from tests.pictures.reader import number_on, sentence_on
from tests.wires.test_escpos_witnesses import likeness

pytestmark = pytest.mark.needs("tesseract")

# Where on the page, in hundredths of its width and height, what is read there.
READ = {
    ("hall_display-sample-busy-1920x1080", (1, 18, 41, 62)): "A014",
    ("hall_display-sample-busy-1920x1080", (8, 60, 41, 73)): "请A014号到1号窗口",
    ("hall_display-hard-busy-1920x1080", (1, 20, 37, 48)): "A1003",
    ("hall_display-hard-busy-1920x1080", (9, 46, 37, 64)): "101",
    (
        "hall_display-sample-emergency-1920x1080",
        (0, 35, 100, 85),
    ): "从最近的安全出口有序离开，不要使用电梯",
    ("counter_display-sample-called-1024x600", (2, 16, 61, 32)): "请到本窗口",
    ("counter_display-sample-called-1024x600", (2, 32, 61, 90)): "A014",
    ("counter_display-sample-paused-others-open-800x480", (2, 16, 61, 96)): "请到2、3号窗口办理",
    ("ticket_kiosk-sample-usual-zh-taken-1080x1920", (5, 14, 95, 32)): "A017",
    ("ticket_kiosk-sample-usual-zh-taken-1080x1920", (0, 33, 100, 44)): "请取走号票，留意叫号",
    (
        "ticket_kiosk-sample-usual-zh-paper-out-800x480",
        (0, 55, 100, 85),
    ): "打印机缺纸，请告知工作人员换纸",
    ("ticket_kiosk-sample-usual-zh-emergency-1280x800", (0, 50, 100, 95)): "请听从工作人员指挥",
    ("ticket_kiosk-sample-usual-zh-printing-800x480", (0, 80, 100, 95)): "正在打印，请稍候",
    ("ticket_kiosk-hard-usual-en-taken-800x480", (5, 17, 45, 52)): "A1017",
    ("rating_pad-sample-faces-800x480", (0, 14, 100, 28)): "请您对本次服务作出评价",
}


def test_they_are_of_every_device():
    devices = {name.split("-")[0] for name in CHOSEN}
    assert {name.split("-")[0] for name, _ in READ} == devices
    assert len({name for name, _ in READ}) >= 10


@pytest.mark.parametrize(("name", "place"), READ, ids=str)
def test_what_matters_is_read_back(name: str, place: tuple[int, int, int, int], tmp_path: Path):
    text = READ[name, place]
    with Image.open(file_of(name)) as image:
        x, y = image.width / 100, image.height / 100
        left, top, right, bottom = place
        part = image.crop((round(left * x), round(top * y), round(right * x), round(bottom * y)))
    if text.isascii():
        assert text in number_on(part, tmp_path)
    else:
        seen = sentence_on(part, tmp_path)
        assert likeness(text, seen) >= 0.8, seen

"""From the kiosk's home page to a ticket in the hand: real fingers' events, real pixels, real paper, in each manner and size."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest

from broker.phrases import spoken_ticket
from firmware.ticket_kiosk.keys import CHOOSE, LANGUAGE, LARGE, LOW, NEXT
from hal_mocks.printer import png
from tests.pictures.reader import number_on
from tests.system.stage import Stage, staged, wait_until
from tests.system.touched_kiosk import TouchedKiosk, touched_kiosk

pytestmark = pytest.mark.needs("mosquitto", "tesseract", "zbarimg")

# Width and height as people see the page; how panel and touch screen are turned against it.
SCREENS = {
    "1080x1920": ((1080, 1920), 90, 90),
    "1920x1080": ((1920, 1080), 0, 0),
    "1280x800": ((1280, 800), 180, 0),
    "800x480": ((800, 480), 0, 270),
}
ITEM = ("service:pension", "bring:pension", "take:pension")
WAYS = {
    "usual": ITEM,
    "large": (LARGE, "service:pension", "take:pension"),
    "low": (LOW, *ITEM),
    "english": (LANGUAGE, *ITEM),
}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("hall")) as stage:
        yield stage


@pytest.fixture(params=SCREENS)
def kiosk(request: pytest.FixtureRequest, stage: Stage, tmp_path: Path) -> Iterator[TouchedKiosk]:
    with touched_kiosk(tmp_path, stage.port, *SCREENS[request.param]) as kiosk:
        kiosk.at_home()
        yield kiosk


def printed(stage: Stage) -> list[str]:
    return [body["ticket"] for kind, body in stage.journal() if kind == "TicketPrinted"]


def the_ticket(stage: Stage, kiosk: TouchedKiosk, folder: Path) -> str:
    """The number of the one ticket that came out, as its paper's QR code has it; the hall wrote the same down."""
    wait_until("the ticket comes out", lambda: kiosk.paper)
    picture = folder / "ticket.png"
    picture.write_bytes(png(kiosk.paper[0]))
    scan = ["zbarimg", "--quiet", "--raw", str(picture)]
    code = subprocess.run(scan, capture_output=True, text=True, check=True).stdout
    found = re.search(r"/r/\d{8}/([A-Z]\d{3})/", code)
    assert found is not None, code
    number = found[1]
    wait_until(f"{number} is written down as printed", lambda: number in printed(stage))
    assert printed(stage)[-1] == number
    assert len(kiosk.paper) == 1
    return number


def shows(kiosk: TouchedKiosk, number: str, folder: Path) -> None:
    """The number is read off the panel's own pixels, and each of these is as in a full drawing of the page."""

    def stands_there() -> bool:
        words = kiosk.page.words if kiosk.page else ()
        return any(one.text == number for one in words)

    wait_until(f"{number} stands there, not {kiosk.text!r}", stands_there)
    wait_until("its paper is in the hand", lambda: "正在" not in kiosk.text)
    pixels, page = kiosk.panel()
    anew = kiosk.drawn_anew(page)
    assert pygame.image.tobytes(pixels, "RGB") == pygame.image.tobytes(anew, "RGB")
    words = next(one for one in page.words if one.text == number)
    assert number in number_on(kiosk.picture_of(pixels, words.box), folder)


@pytest.mark.parametrize("manner", WAYS)
def test_who_touches_from_page_to_page_holds_the_ticket_that_the_screen_shows(
    stage: Stage, kiosk: TouchedKiosk, manner: str, tmp_path: Path
):
    for key in WAYS[manner]:
        kiosk.touch(key)
    number = the_ticket(stage, kiosk, tmp_path)
    shows(kiosk, number, tmp_path)
    keys = [key for key, _ in kiosk.touches if not key.startswith("page:more")]
    assert keys == [*WAYS[manner]]
    match manner:
        case "large":
            assert len(kiosk.touches) == 3
            assert spoken_ticket(number) in kiosk.said()
        case "low":
            assert all(2 * box.y >= kiosk.height for _, box in kiosk.touches[1:])
        case "english":
            assert f"Yournumberis{number}" in "".join(kiosk.text.split())
        case _:
            assert f"您已领取{number}号" in kiosk.text


def test_who_sees_nothing_is_led_to_the_same_ticket_by_four_keys_and_the_voice(
    stage: Stage, kiosk: TouchedKiosk, tmp_path: Path
):
    for wanted in ("养老保险", "取号"):
        heard = kiosk.feel(NEXT)
        for _ in range(30):
            if wanted in heard.split("，"):
                break
            heard = kiosk.feel(NEXT)
        assert wanted in heard.split("，")
        kiosk.feel(CHOOSE)
    number = the_ticket(stage, kiosk, tmp_path)
    shows(kiosk, number, tmp_path)
    assert kiosk.touches == []
    said = wait_until("the number is said", lambda: _number_in(kiosk.said()))
    assert said == spoken_ticket(number)


def _number_in(said: str) -> str:
    found = re.search(r"您已领取([A-Z][零一二三四五六七八九]{3})号", said)
    return found[1] if found else ""

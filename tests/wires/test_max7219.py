"""The MAX7219 panel keeps the promises of every LED panel, and what its chips hold is the picture that was meant."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec
import pytest
from luma.core.interface.serial import noop, spi
from luma.led_matrix.device import max7219
from PIL import Image

from firmware.daemon import Worker
from firmware.device import PartHealth, Show
from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.buses.line import Lines
from firmware.hal.buses.spi import MODE_0, SPEED, SpiDevice
from firmware.hal.led_panel import LedPanelSettings, Max7219PanelSettings, open_led_panel
from firmware.hal.led_panel.dots import HEIGHT, PAUSE_STEPS, drawn, seen
from firmware.hal.led_panel.max7219 import Max7219Panel
from firmware.hal.led_panel.max7219_bytes import Register, picture, to_all
from hal_mocks.wires.max7219 import Max7219Chain, Picture
from tests.hal.test_led_panel import LedPanelPromises, Setup

WIDTH = 160
CALL = "请A012号到3号窗口"
LONG = "请到3号窗口办理业务，请带好身份证原件和复印件"
NEVER = 3600.0
TEXTS = (CALL, "暂停服务", "1号窗口 综合业务", "A001", "A002", "A003")


def dots(image: Image.Image) -> Picture:
    pixels = image.load()
    assert pixels is not None
    return tuple(
        "".join("#" if pixels[x, y] else "." for x in range(image.width))
        for y in range(image.height)
    )


def still(text: str, width: int = WIDTH) -> Picture:
    return dots(seen(drawn(text), width, 0))


READ = {still(text): text for text in TEXTS}


def settings_for(width: int = WIDTH, **changed) -> Max7219PanelSettings:
    table = {"model": "max7219", "port": "spi:/dev/spidev0.0", "width": width, "orientation": 0}
    return msgspec.convert(table | changed, Max7219PanelSettings)


@dataclass(frozen=True)
class Mounted:
    """A chain of chips, and the texts that can be read on it."""

    chain: Max7219Chain = field(default_factory=lambda: Max7219Chain(WIDTH))

    @property
    def shown(self) -> list[str]:
        return [READ[one] for one in self.chain.seen if one in READ]

    def unplug(self) -> None:
        self.chain.unplug()

    def replug(self) -> None:
        self.chain.replug()


class TestMax7219Panel(LedPanelPromises):
    @pytest.fixture
    def setup(self) -> Iterator[Setup]:
        world = Mounted()
        panel = Max7219Panel(settings_for(), world.chain.open)
        yield Setup(panel, world)
        panel.close()


@pytest.fixture
def chain() -> Max7219Chain:
    return Max7219Chain(WIDTH)


@pytest.fixture
def panel(chain: Max7219Chain) -> Iterator[Max7219Panel]:
    panel = Max7219Panel(settings_for(), chain.open, step_seconds=0.0005)
    yield panel
    panel.close()


def test_a_text_stands_still_in_the_middle_if_it_fits(chain, panel):
    panel.show("暂停服务")
    lines = chain.picture()
    assert lines == still("暂停服务")
    shining = [line.find("#") for line in lines if "#" in line]
    assert 0 <= min(shining) - (WIDTH - 4 * 16) // 2 < 3
    assert not chain.wait_for(lambda now: now != lines, 0.02)


def test_a_text_that_does_not_fit_is_read_from_its_beginning_to_its_end_and_again():
    chain, width = Max7219Chain(32), 32
    panel = Max7219Panel(settings_for(width), chain.open, step_seconds=0.0005)
    panel.show(CALL)
    strip = drawn(CALL)
    assert chain.picture() == still(CALL, width)
    end = dots(seen(strip, width, PAUSE_STEPS + strip.width - width))
    assert chain.wait_for(lambda now: now == end)
    assert chain.wait_for(lambda now: now == still(CALL, width))
    panel.show("窗口")
    assert chain.picture() == still("窗口", width)
    panel.close()


def test_every_dot_of_a_moving_text_comes_by_and_none_is_jumped_over():
    strip = drawn(LONG)
    views = [seen(strip, WIDTH, step) for step in range(PAUSE_STEPS + strip.width)]
    assert all(dots(view) == dots(views[0]) for view in views[: PAUSE_STEPS + 1])
    for view, after in zip(views[PAUSE_STEPS:], views[PAUSE_STEPS + 1 :], strict=False):
        assert dots(view.crop((1, 0, WIDTH, HEIGHT))) == dots(after.crop((0, 0, WIDTH - 1, HEIGHT)))


@pytest.mark.parametrize(
    ("register", "value"),
    [(0xC, 0), (0xB, 2), (0x9, 0xFF), (0xF, 1), (0xA, 15), (0x3, 0xAA)],
    ids=["asleep", "scan limit", "decoding", "test", "glaring", "a column"],
)
def test_what_a_spark_did_is_over_at_the_next_look(chain, panel, register, value):
    panel.show(CALL)
    chain.spark(5, register, value)
    assert chain.picture() != still(CALL) or chain.intensity() != {3}
    assert panel.health() == Health()
    assert chain.picture() == still(CALL)
    assert chain.intensity() == {3}


def test_modules_that_lost_their_power_show_the_text_again_at_the_next_look(chain, panel):
    panel.show(CALL)
    chain.power_cycle()
    assert "#" not in "".join(chain.picture())
    panel.health()
    assert chain.picture() == still(CALL)


def test_saying_everything_anew_flickers_nowhere(chain, panel):
    panel.show(CALL)
    before = len(chain.seen)
    for _ in range(5):
        panel.health()
    assert len(chain.seen) == before


def test_a_bus_that_goes_while_a_text_moves_is_told_and_the_text_goes_on_when_it_is_back(
    chain, panel
):
    panel.show(LONG)
    start = chain.picture()
    assert chain.wait_for(lambda now: now != start)
    chain.unplug()
    assert panel.health() == Health(usable=False, troubles=(Trouble.OFFLINE,))
    chain.replug()
    assert panel.health() == Health()
    stands = chain.picture()
    assert chain.wait_for(lambda now: now != stands)


def test_a_board_without_spi_is_told_what_to_switch_on(chain, panel):
    chain.unplug()
    with pytest.raises(HardwareFault, match=r"No such file .*switch SPI on .*dtparam=spi=on"):
        panel.show(CALL)


def test_a_closed_panel_is_dark_and_moves_no_more(chain):
    panel = Max7219Panel(settings_for(), chain.open, step_seconds=0.0005)
    panel.show(LONG)
    panel.close()
    dark = chain.picture()
    assert "#" not in "".join(dark)
    assert not chain.wait_for(lambda now: now != dark, 0.02)


def test_after_recovery_a_worker_shows_the_present_text_not_the_past(chain):
    told: queue.SimpleQueue[object] = queue.SimpleQueue()
    worker = Worker(
        "led",
        lambda: Max7219Panel(settings_for(), chain.open),
        {Show: lambda panel, effect: panel.show(effect.text)},
        told.put,
        retry_s=(0.001,),
        look_s=0.001,
    )
    worker.start()
    worker.do(Show("A001"))
    assert chain.wait_for(lambda now: now == still("A001"))
    chain.unplug()
    worker.do(Show("A002"))
    worker.do(Show("A003"))
    ill = PartHealth("led", Health(usable=False, troubles=(Trouble.OFFLINE,)))
    while told.get(timeout=5) != ill:
        pass
    chain.replug()
    assert chain.wait_for(lambda now: now == still("A003"))
    assert still("A002") not in chain.seen
    worker.stop()


# --- bytes, and another hand that draws on the same chain --------------------------------------------


def test_bytes_are_the_data_sheets():
    assert to_all(2, Register.SHUTDOWN, 1) == bytes.fromhex("0C 01 0C 01")
    assert to_all(1, Register.DISPLAY_TEST, 0) == bytes.fromhex("0F 00")
    assert to_all(1, Register.SCAN_LIMIT, 7) == bytes.fromhex("0B 07")
    assert to_all(1, Register.DECODE_MODE, 0) == bytes.fromhex("09 00")
    assert to_all(1, Register.INTENSITY, 3) == bytes.fromhex("0A 03")


def test_the_farthest_chip_is_sent_first_and_the_nearest_is_at_the_top_left():
    image = Image.new("1", (16, 16))
    image.putpixel((0, 0), 1)  # the nearest chip: digit 0, lowest bit
    image.putpixel((15, 15), 1)  # the farthest: digit 7, highest bit
    sent = picture(image, 0, reverse=False)
    assert sent[0] == bytes.fromhex("01 00 01 00 01 00 01 01")
    assert sent[7] == bytes.fromhex("08 80 08 00 08 00 08 00")
    assert sent[3] == bytes.fromhex("04 00 04 00 04 00 04 00")


class LumasBus:
    """What luma takes for spidev."""

    def __init__(self, chain: Max7219Chain) -> None:
        self._chain = chain
        self.max_speed_hz = 0

    def open(self, _port: int, _device: int) -> None:
        pass

    def writebytes(self, transfer: list[int]) -> None:
        self._chain.write(bytes(transfer))

    def close(self) -> None:
        pass


@pytest.mark.parametrize("orientation", [0, 90, 180, -90])
@pytest.mark.filterwarnings("ignore:Image.Image.getdata")
def test_luma_and_the_driver_put_the_same_picture_on_the_same_modules(orientation):
    turned = orientation // 90 % 4
    lumas, ours = Max7219Chain(WIDTH, turned=turned), Max7219Chain(WIDTH, turned=turned)
    serial = spi(spi=LumasBus(lumas), gpio=noop())
    device = max7219(serial, width=WIDTH, height=HEIGHT, block_orientation=orientation)
    device.display(seen(drawn(CALL), WIDTH, 0))
    panel = Max7219Panel(settings_for(orientation=orientation), ours.open)
    panel.show(CALL)
    assert ours.picture() == lumas.picture() == still(CALL)
    panel.close()


def test_a_chain_that_begins_at_the_right_shows_the_same_picture():
    chain = Max7219Chain(WIDTH, right_to_left=True)
    panel = Max7219Panel(settings_for(reverse=True), chain.open)
    panel.show(CALL)
    assert chain.picture() == still(CALL)
    panel.close()


def test_a_font_of_ones_own_is_drawn_and_a_missing_one_is_told(chain, tmp_path):
    panel = Max7219Panel(settings_for(font=str(tmp_path / "unifont.otf")), chain.open)
    with pytest.raises(HardwareFault, match=r"has no font .*unifont.otf"):
        panel.show(CALL)
    panel.close()


# --- the bus of the Pi itself -------------------------------------------------------------------------


def test_the_kernels_numbers_are_made_as_its_header_makes_them():
    def iow(number: int, size: int) -> int:
        return 1 << 30 | size << 16 | ord("k") << 8 | number

    assert (MODE_0[0], SPEED) == (iow(1, 1), iow(4, 4))


def test_what_is_no_spi_bus_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError):
        SpiDevice(str(tmp_path / "spidev0.0"), speed_hz=1_000_000)
    (tmp_path / "spidev0.0").touch()
    with pytest.raises(OSError, match="ioctl"):
        SpiDevice(str(tmp_path / "spidev0.0"), speed_hz=1_000_000)


def test_on_a_board_without_spi_it_opens_and_says_so_when_it_is_to_show_something():
    panel = open_led_panel(settings_for(port="spi:/dev/spidev9.9"), Lines())
    with pytest.raises(HardwareFault, match="switch SPI on"):
        panel.show(CALL)
    panel.close()


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"port": "/dev/spidev0.0"}, "matching regex"),
        ({"port": "spi:/dev/ttyUSB0"}, "matching regex"),
        ({"width": 100}, "multiple of 8"),
        ({"brightness": 16}, "<= 15"),
        ({"orientation": 45}, "Invalid enum value"),
        ({"height": 16}, "unknown field"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(changed, why):
    table = {"model": "max7219", "port": "spi:/dev/spidev0.0", "width": 128}
    assert msgspec.convert(table, LedPanelSettings)
    with pytest.raises(msgspec.ValidationError, match=why):
        msgspec.convert(table | changed, LedPanelSettings)


def test_it_claims_its_bus_and_the_pins_that_the_kernel_takes_for_it():
    assert {claim.wanted for claim in settings_for().claims()} == {
        "/dev/spidev0.0", 7, 8, 9, 10, 11,
    }  # fmt: skip
    both = [*settings_for().claims(), *settings_for(port="spi:/dev/spidev0.1").claims()]
    assert len({claim.protocol for claim in both if claim.wanted == 10}) == 1

"""`jiaohao hardware` as a technician uses it: real commands, real drivers, emulators on real lines."""

from __future__ import annotations

import contextlib
import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from broker.lock import hold
from hal_mocks.virtual_hall.demo import SAMPLE

JIAOHAO = str(Path(sys.executable).with_name("jiaohao"))
# Pins of no board, and no screen: what hangs on lines is tried here.
ENV = {**os.environ, "GPIOZERO_PIN_FACTORY": "mock", "PYTHONUNBUFFERED": "1"}
PATIENCE_S = 30.0


@dataclass
class Running:
    """A command that goes on: what it said so far, and its keyboard."""

    process: subprocess.Popen[bytes]
    said: str = ""

    def until(self, words: str) -> str:
        """Read on until it says these words; then the rest of that line."""
        out = self.process.stdout
        assert out is not None
        end = time.monotonic() + PATIENCE_S
        while not (found := re.search(words + r"(.*)\n", self.said)):
            assert time.monotonic() < end, f"it never said {words!r}, only {self.said!r}"
            if select.select([out], [], [], 0.1)[0]:
                came = os.read(out.fileno(), 65536)
                assert came, f"it ended before it said {words!r}: {self.said!r}"
                self.said += came.decode()
        return found[1].strip()

    def type(self, keys: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(keys.encode())
        self.process.stdin.flush()


@dataclass
class Bench:
    folder: Path
    running: list[Running] = field(default_factory=list)

    @property
    def hall(self) -> Path:
        return self.folder / "hall.toml"

    @property
    def report(self) -> str:
        (found,) = (self.folder / "var").glob("test-*.txt")
        text = found.read_text(encoding="utf-8")
        found.unlink()
        return text

    def start(self, *words: str) -> Running:
        process = subprocess.Popen(
            [JIAOHAO, "hardware", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=ENV,
        )
        self.running.append(Running(process))
        return self.running[-1]

    def emulate(self, *words: str, kind: str = "") -> tuple[Running, str]:
        """An emulator, and its table for hall.toml, as hardware of this kind where it is of several."""
        emulator = self.start("emulate", *words)
        return emulator, emulator.until(f"{kind} in hall.toml: ")

    def hang(self, **tables: str) -> None:
        """Write a hall in which these parts, of the first device that has them, hang there; a kiosk gets what it lacks."""
        text = SAMPLE.read_text(encoding="utf-8")
        for part, table in tables.items():
            before = re.search(rf"(?m)^{part} = .*$", text)
            line = f"{part} = {table}"
            if before is None:
                text = text.replace(
                    'printer = { model = "escpos"', f'{line}\nprinter = {{ model = "escpos"'
                )
            else:
                text = text.replace(before[0], line, 1)
        self.hall.write_text(text, encoding="utf-8")

    def command(self, *words: str) -> list[str]:
        return [*words, "--hall", str(self.hall), "--data", str(self.folder / "var")]

    def test(self, *words: str, says: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [JIAOHAO, "hardware", *self.command("test", *words)],
            input=says,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
            env=ENV,
        )


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    for one in bench.running:
        one.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            one.process.communicate(timeout=10)
        one.process.kill()


def test_a_ticket_goes_from_the_test_to_the_emulator_and_the_report_says_so(bench: Bench) -> None:
    emulator, table = bench.emulate("escpos")
    bench.hang(printer=table)
    done = bench.test("kiosk-1", "--part", "printer", says="y\n")
    assert done.returncode == 0, done.stdout + done.stderr
    emulator.until("a ticket of 576 x ")
    report = bench.report
    for words in (
        "device     kiosk-1 (ticket_kiosk)",
        "board      kiosk-1",
        "versions   jiaohao ",
        "passed  it answers and is well (seen by the machine)",
        "passed  it prints a test ticket (asked of the person)",
        "result: 2 of 2 steps passed",
    ):
        assert words in report


def test_a_mute_printer_fails_and_nobody_is_asked_for_its_ticket(bench: Bench) -> None:
    emulator, table = bench.emulate("escpos")
    bench.hang(printer=table)
    emulator.type("m")
    emulator.until("mute: now")
    done = bench.test("kiosk-1", "--part", "printer", says="y\n")
    assert done.returncode == 1
    assert "FAILED  it answers and is well (seen by the machine): no answer" in done.stdout
    assert "does not answer" in bench.report
    emulator.type("m")
    emulator.until("mute: mended")
    assert bench.test("kiosk-1", "--part", "printer", says="y\n").returncode == 0


@pytest.mark.parametrize(("fault", "words"), [("p", "paper out"), ("c", "cover open")])
def test_what_the_printer_lacks_is_said(bench: Bench, fault: str, words: str) -> None:
    emulator, table = bench.emulate("escpos")
    bench.hang(printer=table)
    emulator.type(fault)
    emulator.until(f"{words}: now")
    assert bench.test("kiosk-1", "--part", "printer", says="y\n").returncode == 1
    assert words in bench.report


@pytest.mark.parametrize("line", [(), ("--tcp",)], ids=["serial", "tcp"])
def test_a_panel_shows_what_the_test_sent(bench: Bench, line: tuple[str, ...]) -> None:
    emulator, table = bench.emulate("onbon", "width=256", *line)
    bench.hang(led=table)
    done = bench.test("panel-1", "--part", "led", says="y\n")
    assert done.returncode == 0, done.stdout
    emulator.until("it shows 测试 请A012号到3号窗口")


def test_a_text_that_the_person_does_not_see_fails_though_the_card_took_it(bench: Bench) -> None:
    emulator, table = bench.emulate("onbon")
    bench.hang(led=table)
    assert bench.test("panel-1", "--part", "led", says="n\n").returncode == 1
    emulator.until("it shows 测试")
    assert "FAILED  it shows a text (asked of the person)" in bench.report


def test_a_voice_is_heard(bench: Bench) -> None:
    emulator, table = bench.emulate("syn6288")
    bench.hang(voice=table)
    done = bench.test("panel-3", "--part", "voice", says="y\n")
    assert done.returncode == 0, done.stdout
    emulator.until("到三号窗口")


def test_a_dead_led_and_an_unpressed_key_have_their_verdicts(bench: Bench) -> None:
    bench.hang()
    lamps = bench.test("pad-1", "--part", "lamps", says="n\ny\n")
    assert lamps.returncode == 1
    assert "FAILED  the lamp 'remind' lights up (asked of the person)" in bench.report
    keys = bench.test("pad-1", "--part", "keys", "--patience", "0.1")
    assert keys.returncode == 1
    report = bench.report
    assert "FAILED  the key 'satisfied' tells its press (seen by the machine)" in report
    assert "nothing came within 0.1 s" in report


def test_a_device_whose_board_runs_is_left_alone(bench: Bench) -> None:
    bench.hang()
    with hold(bench.folder / "var" / "kiosk-1.lock", "board 'kiosk-1'"):
        done = bench.test("kiosk-1")
    assert done.returncode == 2
    assert "board 'kiosk-1' runs" in done.stderr


def test_a_device_or_a_part_that_is_not_there_is_named(bench: Bench) -> None:
    bench.hang()
    assert "no device 'kisok-1'" in bench.test("kisok-1").stderr
    done = bench.test("kiosk-1", "--part", "led")
    assert (done.returncode, done.stderr[:21]) == (2, "kiosk-1 has no part '")


def test_the_monitor_shows_every_frame_in_words_and_how_each_part_is(bench: Bench) -> None:
    emulator, table = bench.emulate("onbon", "width=256")
    bench.hang(led=table)
    monitor = bench.start(
        *bench.command("monitor", "panel-1", "--part", "led", "--use", "--every", "0.2")
    )
    monitor.until("> screen 1: show '测试 请A012号到3号窗口'")
    monitor.until("< screen 1: taken")
    monitor.until("led it shows a text: done")
    monitor.until("> screen 1: are you there?")
    monitor.until("led well")
    emulator.until("it shows 测试")
    emulator.type("m")
    monitor.until("led NOT USABLE: no answer")
    emulator.type("m")
    emulator.until("mute: mended")
    monitor.said = ""
    monitor.until("led well")


def test_the_monitor_watches_a_printer_over_tcp_and_hands_every_byte_on(bench: Bench) -> None:
    emulator, table = bench.emulate("escpos", "--tcp")
    bench.hang(printer=table)
    monitor = bench.start(*bench.command("monitor", "kiosk-1", "--part", "printer", "--use"))
    monitor.until("> cut")
    monitor.until("< it is so far")
    monitor.until("printer it prints a test ticket: done")
    emulator.until("a ticket of 576 x ")


def test_the_monitor_says_that_a_line_is_not_there_and_finds_it_when_it_comes(bench: Bench) -> None:
    emulator, table = bench.emulate("syn6288")
    emulator.type("u")
    emulator.until("unplugged: now")
    bench.hang(voice=table)
    monitor = bench.start(*bench.command("monitor", "panel-3", "--part", "voice", "--every", "0.2"))
    monitor.until("ttyUSB0 -- ")
    monitor.until("voice NOT USABLE")
    emulator.type("u")
    monitor.until("voice well")
    monitor.until("< idle")


def test_the_monitor_ends_by_itself_where_it_is_told_to(bench: Bench) -> None:
    bench.hang()
    monitor = bench.start(*bench.command("monitor", "pad-1", "--part", "keys", "--seconds", "0.5"))
    monitor.until("keys well")
    assert monitor.process.wait(PATIENCE_S) == 0


def test_an_emulator_refuses_what_it_does_not_have(bench: Bench) -> None:
    assert "there are: card=6K" in bench.start("emulate", "onbon", "hight=3").until("'hight=3'")
    bench.start("emulate", "nothing").until("invalid choice: 'nothing'")
    tcp = bench.start("emulate", "syn6288", "--tcp")
    tcp.until("hangs on no network")
    assert tcp.process.wait(PATIENCE_S) == 2


def test_a_key_is_pressed_on_the_emulator_when_it_is_asked_for_and_the_others_fail(
    bench: Bench,
) -> None:
    emulator, table = bench.emulate("ff68")
    bench.hang()
    text = bench.hall.read_text(encoding="utf-8")
    # Counter 3 wants no key for a visitor who has come; the first three stand for its keys.
    before = re.search(r"(?m)^keys = .*next = 5, recall = 6, close = 19.*$", text)
    assert before is not None
    bench.hall.write_text(text.replace(before[0], f"keys = {table}"), encoding="utf-8")
    test = bench.start(*bench.command("test", "panel-3", "--part", "keys", "--patience", "3"))
    test.until("Press the key 'next'")
    emulator.type("n")
    test.until("passed  the key 'next' tells its press")
    emulator.until("its press 0c was taken")
    test.until("Press the key 'recall'")
    emulator.type("z")
    assert "the key 'pause' came instead" in test.until("FAILED  the key 'recall' tells its press")
    test.until("FAILED  the key 'pause' tells its press")
    assert test.process.wait(PATIENCE_S) == 1


def test_a_code_and_a_card_are_read_and_nothing_of_either_is_kept(bench: Bench) -> None:
    scanner, code = bench.emulate("serial")
    reader, card = bench.emulate("sdt")
    bench.hang(scanner=code, card_reader=card)
    test = bench.start(*bench.command("test", "kiosk-1", "--part", "scanner"))
    test.until("Hold a code before the scanner")
    scanner.type("s")
    assert "a code of 8 characters" in test.until("passed  it reads a code")
    assert test.process.wait(PATIENCE_S) == 0
    report = bench.report
    assert "A0010001" not in report + test.said
    test = bench.start(*bench.command("test", "kiosk-1", "--part", "card_reader"))
    test.until("Lay an identity card on the reader")
    reader.type("l")
    test.until("passed  it reads a card")
    assert test.process.wait(PATIENCE_S) == 0
    report = bench.report
    assert "140109" not in report + test.said
    assert "person" not in test.said


def test_the_monitor_of_a_card_reader_tells_which_frames_and_nothing_of_the_card(
    bench: Bench,
) -> None:
    reader, card = bench.emulate("sdt")
    bench.hang(card_reader=card)
    monitor = bench.start(*bench.command("monitor", "kiosk-1", "--part", "card_reader"))
    monitor.until("> find a card")
    reader.type("l")
    monitor.until("> read it")
    assert monitor.until("< done").endswith(" bytes]")
    monitor.until("card_reader a card")
    assert "140109" not in monitor.said
    assert "AA AA AA" not in monitor.said


def test_relays_light_in_turn(bench: Bench) -> None:
    board, table = bench.emulate("modbus")
    bench.hang(tower=table)
    done = bench.test("kiosk-1", "--part", "tower", says="y\n" * 4)
    assert done.returncode == 0, done.stdout
    for relay in (1, 2, 3):
        board.until(f"relay {relay} on")
    board.type("m")
    board.until("mute: now")
    done = bench.test("kiosk-1", "--part", "tower", says="y\n" * 4)
    assert done.returncode == 1
    assert "FAILED  the lamp 'ready' lights up (seen by the machine)" in done.stdout


@pytest.mark.parametrize("frame", ["S1", "S2", "S3"])
def test_a_strip_screen_that_answers_nothing_is_asked_of_the_person(
    bench: Bench, frame: str
) -> None:
    emulator, table = bench.emulate("strip", f"frame={frame}")
    bench.hang(led=table)
    assert bench.test("panel-1", "--part", "led", says="y\n").returncode == 0
    emulator.until("it shows 测试 请A012号到3号窗口")


def test_a_scanner_that_types_as_a_keyboard_is_read(bench: Bench) -> None:
    keyboard, table = bench.emulate("usb", kind="scanner")
    bench.hang(scanner=table)
    test = bench.start(*bench.command("test", "kiosk-1", "--part", "scanner"))
    test.until("Hold a code before the scanner")
    # Its driver opens the file in a thread of its own, and what was typed before is nobody's.
    while "passed  it reads a code" not in test.said and test.process.poll() is None:
        keyboard.type("s")
        keyboard.until("it typed A0010001 and Enter")
        keyboard.said = ""
        with contextlib.suppress(subprocess.TimeoutExpired):
            test.process.wait(0.3)
    assert "a code of 8 characters" in test.until("passed  it reads a code")


def test_what_hangs_on_pins_is_tried_beside_its_driver(bench: Bench) -> None:
    pins, _ = bench.emulate("gpio")
    pins.type("1l")
    pins.until("its driver told the press of 'next'")
    pins.until("the lamp 'close' shines")
    digits, _ = bench.emulate("tm1637", "digits=6")
    digits.type("t")
    digits.until("it reads '  A012'")
    bench.start("emulate", "max7219", "width=12").until("Expected `int` >= 16")

"""A pack is made piece by piece, goes on where it stopped, and is one that a board can play."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import msgspec
import pytest

from firmware.hal.voice.pack import Pack
from firmware.studio import build as command
from firmware.studio import check as checking
from firmware.studio.build import build
from firmware.studio.check import check
from firmware.studio.engines import EngineFault
from firmware.studio.engines.command import CommandEngine
from firmware.studio.levels import Samples, loudness
from firmware.studio.ogg import decoded
from firmware.studio.shelf import Shelf
from firmware.studio.wanted import Wanted
from tests.studio.voices import ABOUT, RATE, hush, spoken

PIECES = (
    Wanted("letter-a", "请A"),
    Wanted("number-001", "零零一号"),
    Wanted("counter-3", "到三号窗口"),
)

TOY = f"""{sys.executable} -c "
import math, struct, sys, wave
text = sys.stdin.read()
if text == '坏':
    sys.exit('this syllable is not in the voice')
with wave.open(sys.stdout.buffer, 'wb') as file:
    file.setnchannels(1); file.setsampwidth(2); file.setframerate(22050)
    file.writeframes(b''.join(struct.pack('<h', int((2000 + 900 * len(text)) * math.sin(i / 8))) for i in range(9000)))
" """
NAMED = ("--engine", "command", "--command", TOY, "--voice", "toy", "--maker", "the tests")
LICENSED = ("--licence", "Apache-2.0", "--provenance", "sines")
FEW = ("--calls", "--letters", "AB", "--numbers", "2", "--counters", "1-3")


class Toy:
    """An engine that hums each text at a level of its own."""

    rate, maker, licence, provenance = RATE, "the tests", "Apache-2.0", "sines"

    def __init__(self) -> None:
        self.spoke: list[str] = []

    def speak(self, text: str) -> Samples:
        self.spoke.append(text)
        return hush(1.0) if text == "静" else spoken(level=0.02 * len(text))

    def takes(self, _text: str) -> Iterator[Samples]:
        return iter(())


def test_every_piece_is_in_the_pack_trimmed_and_equally_loud(tmp_path):
    assert build(Toy(), PIECES, Shelf(tmp_path / "pack", ABOUT)) == 3
    pack = Pack(tmp_path / "pack")
    assert list(pack.manifest.clips) == ["请A", "零零一号", "到三号窗口"]
    for one in check(pack):
        assert one.faults == ()
        assert one.loudness == pytest.approx(-20.0, abs=0.5)
        assert one.seconds == pytest.approx(0.5, abs=0.06)


def test_what_is_there_is_not_made_again_and_what_was_lost_is(tmp_path):
    build(Toy(), PIECES, Shelf(tmp_path, ABOUT))
    (tmp_path / "number-001.ogg").unlink()
    toy = Toy()
    assert build(toy, PIECES, Shelf(tmp_path, ABOUT)) == 1
    assert toy.spoke == ["零零一号"]


def test_an_engine_that_is_silent_is_told_and_what_came_before_is_kept(tmp_path):
    with pytest.raises(EngineFault, match="only silence of '静'"):
        build(Toy(), (*PIECES, Wanted("words", "静")), Shelf(tmp_path, ABOUT))
    assert len(Pack(tmp_path).manifest.clips) == 3


def test_two_voices_never_mix_in_one_pack(tmp_path):
    build(Toy(), PIECES, Shelf(tmp_path, ABOUT))
    with pytest.raises(ValueError, match="another manifest"):
        Shelf(tmp_path, msgspec.structs.replace(ABOUT, voice="another"))


def test_two_texts_never_share_a_file(tmp_path):
    shelf = Shelf(tmp_path, ABOUT)
    shelf.put(Wanted("letter-a", "请A"), spoken())
    with pytest.raises(ValueError, match="another text"):
        shelf.put(Wanted("letter-a", "叫A"), spoken())


def test_any_program_is_an_engine():
    engine = CommandEngine(TOY, maker="the tests", licence="Apache-2.0", provenance="sines")
    assert engine.rate == 22_050
    assert loudness(engine.speak("一二三"), engine.rate) > -25


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("no-such-program", "made no WAV of '1'.*echo '1' | no-such-program > try.wav"),
        ("true", "made no WAV"),
        ("sh -c 'echo no model >&2; exit 3'", "failed at '1': no model"),
    ],
)
def test_a_program_that_is_no_engine_is_told(command, why):
    with pytest.raises(EngineFault, match=why):
        CommandEngine(command, maker="m", licence="l", provenance="p")


def test_from_the_command_to_a_checked_pack(tmp_path, capsys):
    pack = str(tmp_path / "pack")
    assert command.main([pack, *NAMED, *LICENSED, *FEW]) == 0
    assert "8 pieces, 8 made now" in capsys.readouterr().out
    assert command.main([pack, *NAMED, *LICENSED, *FEW]) == 0
    assert "8 pieces, 0 made now" in capsys.readouterr().out
    assert checking.main([pack, *FEW]) == 0
    assert "toy (zh) by the tests, Apache-2.0: 8 clips" in capsys.readouterr().out
    samples, rate = decoded((tmp_path / "pack" / "counter-3.ogg").read_bytes())
    assert rate == 22_050
    assert loudness(samples, rate) == pytest.approx(-20, abs=0.5)


def test_a_fault_of_the_engine_ends_the_command_in_a_sentence(tmp_path, capsys):
    (tmp_path / "more.txt").write_text("坏\n", encoding="utf-8")
    more = ("--sentences", str(tmp_path / "more.txt"))
    assert command.main([str(tmp_path / "pack"), *NAMED, *LICENSED, *FEW, *more]) == 1
    assert "not whole" in (out := capsys.readouterr().out)
    assert "failed at '坏': this syllable is not in the voice" in out


def test_nobody_builds_a_pack_without_saying_whose_voice_it_is(tmp_path, capsys):
    with pytest.raises(SystemExit):
        command.main([str(tmp_path / "pack"), *NAMED, *FEW])
    assert "--licence" in capsys.readouterr().err

"""What one would hear as a fault in the hall is found on the table of the build machine."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

import broker
from firmware.hal.voice.pack import MANIFEST, Pack
from firmware.studio.check import check, main, missing
from firmware.studio.levels import Samples
from firmware.studio.ogg import encoded
from firmware.studio.wanted import Wanted
from tests.studio.voices import ABOUT, RATE, hush, spoken

LEVEL = 0.1 * 2**0.5  # a tone of -20 dB


def pack_of(folder: Path, *sounds: Samples, rate: int = RATE) -> Path:
    clips = {str(number): f"clip-{number}.ogg" for number, _ in enumerate(sounds)}
    for name, samples in zip(clips.values(), sounds, strict=True):
        (folder / name).write_bytes(encoded(samples, rate))
    about = msgspec.structs.replace(ABOUT, clips=clips)
    (folder / MANIFEST).write_bytes(msgspec.json.encode(about))
    return folder


def spike() -> Samples:
    samples = spoken(level=LEVEL, around=0.05)
    samples[samples.size // 2 : samples.size // 2 + 20] = 1.0
    return samples


def faults(folder: Path, *sounds: Samples, rate: int = RATE) -> list[tuple[str, ...]]:
    return [one.faults for one in check(Pack(pack_of(folder, *sounds, rate=rate)))]


def test_good_clips_have_no_fault(tmp_path):
    good = [spoken(number, level=LEVEL, around=0.05) for number in range(3)]
    assert faults(tmp_path, *good) == [()] * 3


@pytest.mark.parametrize(
    ("samples", "fault"),
    [
        (hush(1.0), "silent"),
        (np.zeros(RATE, np.float32), "silent"),
        (spike(), "clipped"),
        (spoken(level=LEVEL * 2, around=0.05), "louder than the others"),
        (spoken(level=LEVEL / 2, around=0.05), "quieter than the others"),
        (spoken(level=LEVEL, around=0.5), "begins late"),
        (spoken(level=LEVEL, seconds=13, around=0), "too long"),
    ],
    ids=["a room", "nothing", "clipped", "loud", "quiet", "late", "long"],
)
def test_each_fault_has_its_word(tmp_path, samples, fault):
    good = spoken(level=LEVEL, around=0.05)
    assert faults(tmp_path, good, samples, good) == [(), (fault,), ()]


def test_a_clip_of_another_rate_is_told(tmp_path):
    assert faults(tmp_path, spoken(level=LEVEL, around=0), rate=48_000) == [
        ("48000 Hz, not 24000",)
    ]


def test_a_file_that_is_away_or_no_sound_is_told(tmp_path):
    good = spoken(level=LEVEL, around=0.05)
    pack_of(tmp_path, good, good, good)
    (tmp_path / "clip-0.ogg").unlink()
    (tmp_path / "clip-2.ogg").write_bytes(b"OggS and nothing")
    assert [one.faults for one in check(Pack(tmp_path))] == [("missing",), (), ("no sound",)]


def test_a_text_is_missing_only_if_smaller_pieces_do_not_make_it(tmp_path):
    pack = Pack(pack_of(tmp_path, *[spoken()] * 3))
    wanted = [Wanted("a", "01"), Wanted("b", "0，2"), Wanted("c", "03")]
    assert missing(pack, wanted) == ("03",)


FEW = ("--calls", "--letters", "AB", "--numbers", "1", "--counters", "3")


def whole(folder: Path, *without: str) -> Path:
    texts = (
        "请A",
        "请B",
        "零零一号",
        "到三号窗口",
        "测试",
        "请您对本次服务作出评价",
        "感谢您的评价",
        "评价已保存，感谢您",
    )
    pack_of(folder, *[spoken(level=LEVEL, around=0.05)] * len(texts))
    clips = {text: f"clip-{n}.ogg" for n, text in enumerate(texts) if text not in without}
    about = msgspec.structs.replace(ABOUT, clips=clips)
    (folder / MANIFEST).write_bytes(msgspec.json.encode(about))
    return folder


def test_a_whole_pack_passes(tmp_path, capsys):
    assert main([str(whole(tmp_path)), *FEW]) == 0
    assert "8 clips, 5 s, 0 faulty, 0 missing" in capsys.readouterr().out


def test_a_pack_that_lacks_a_letter_does_not_pass_and_says_which(tmp_path, capsys):
    assert main([str(whole(tmp_path, "请B")), *FEW]) == 1
    assert "no pieces for 1 of 5 texts: 请B" in capsys.readouterr().out


def test_a_pack_with_a_faulty_clip_does_not_pass_and_lists_it_alone(tmp_path, capsys):
    (whole(tmp_path) / "clip-3.ogg").write_bytes(encoded(hush(1.0), RATE))
    assert main([str(tmp_path), *FEW]) == 1
    out = capsys.readouterr().out
    assert "到三号窗口" in out
    assert "silent" in out
    assert "零零一号" not in out


def test_what_is_no_pack_is_told_in_a_sentence(tmp_path, capsys):
    assert main([str(tmp_path / "nowhere")]) == 1
    assert "cannot be read" in capsys.readouterr().out


def test_the_pack_of_a_hall_has_the_halls_letters_counters_and_phrases(tmp_path, capsys):
    hall = Path(broker.__file__).parent / "halls" / "sample.toml"
    assert main([str(whole(tmp_path)), "--hall", str(hall)]) == 1
    out = capsys.readouterr().out
    assert "请C、请K、请X、零零二号" in out

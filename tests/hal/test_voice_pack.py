"""A voice pack says whose voice it is, and leads nowhere but into itself."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from firmware.hal import Trouble
from firmware.hal.voice.pack import SHIPPED, Pack, PackFault, place
from firmware.hal.voice.planning import Clip

MANIFEST = {
    "language": "zh",
    "voice": "xiaoyi",
    "maker": "somebody",
    "licence": "Apache-2.0",
    "provenance": "spoken",
    "sample_rate": 24000,
    "loudness": -23.0,
    "clips": {"请A": "letter-a.ogg", "零一七号": "number-017.ogg"},
}


def written(folder: Path, **changed: object) -> Path:
    folder.mkdir(exist_ok=True)
    table = {key: value for key, value in (MANIFEST | changed).items() if value is not None}
    (folder / "manifest.json").write_text(json.dumps(table), encoding="utf-8")
    (folder / "letter-a.ogg").write_bytes(b"A")
    return folder


def test_a_folder_and_a_zip_give_the_same_clips(tmp_path):
    folder = written(tmp_path / "pack")
    with zipfile.ZipFile(tmp_path / "pack.zip", "w") as archive:
        for path in folder.iterdir():
            archive.write(path, path.name)
    for path in (folder, tmp_path / "pack.zip"):
        pack = Pack(path)
        assert pack.clip("请A") == b"A"
        assert Clip("零一七号") in pack.pieces.plan("请A零一七号")


@pytest.mark.parametrize("lacking", ["voice", "maker", "licence", "provenance", "language"])
def test_nobody_has_to_guess_whose_voice_it_is(tmp_path, lacking):
    with pytest.raises(PackFault, match=lacking):
        Pack(written(tmp_path / "pack", **{lacking: None}))
    with pytest.raises(PackFault, match=lacking):
        Pack(written(tmp_path / "pack", **{lacking: ""}))


@pytest.mark.parametrize(
    "file", ["../letter-a.ogg", "/etc/passwd", "a/b.ogg", ".ogg", "a.wav", "a\n.ogg"]
)
def test_a_clip_lies_in_its_pack(tmp_path, file):
    with pytest.raises(PackFault, match="matching regex"):
        Pack(written(tmp_path / "pack", clips={"请A": file}))


@pytest.mark.parametrize(
    "changed", [{"format": 2}, {"clip": {}}, {"clips": {"": "a.ogg"}}, {"sample_rate": 4}]
)
def test_a_manifest_of_another_kind_is_refused(tmp_path, changed):
    with pytest.raises(PackFault, match=r"not as docs/voice\.md says"):
        Pack(written(tmp_path / "pack", **changed))


def test_a_file_that_is_away_is_named(tmp_path):
    pack = Pack(written(tmp_path / "pack"))
    with pytest.raises(PackFault, match=r"number-017\.ogg") as fault:
        pack.clip("零一七号")
    assert fault.value.trouble is Trouble.OFFLINE


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all"])
def test_what_is_no_pack_is_told(tmp_path, content):
    (tmp_path / "pack.zip").write_bytes(content)
    with pytest.raises(PackFault, match=r"pack\.zip cannot be read"):
        Pack(tmp_path / "pack.zip")
    with pytest.raises(PackFault, match=r"nowhere\.zip cannot be read"):
        Pack(tmp_path / "nowhere.zip")


def test_a_name_is_a_shipped_pack_and_anything_else_a_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "zh").mkdir()
    assert place("zh") == SHIPPED / "zh.zip"
    assert place("./zh") == Path("zh")
    assert place("xiaoyi") == Path("xiaoyi")
    assert place("/var/lib/zh.zip") == Path("/var/lib/zh.zip")

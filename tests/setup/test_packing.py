"""The laws of packed settings: all that hall.toml names beside itself, nothing else, and the same bytes for the same files."""

from __future__ import annotations

import os
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from broker.desk.packing import pack_settings, settings_files

HALL = """
[hall]
id = "x"
name = "photos"
catalogue = "catalogue.toml"

[[clerks]]
id = "012"
photo = "photos/012.jpg"

[[boards.devices]]
[boards.devices.hardware]
screen = { theme = "themes/dark.toml" }
voice = { pack = "packs/ours" }
led = { port = "/etc/hostname", font = "../outside.ttf" }
"""


@pytest.fixture
def hall(tmp_path: Path) -> Path:
    folder = tmp_path / "hall"
    (tmp_path / "outside.ttf").write_text("not of this hall")
    for name, content in {
        "hall.toml": HALL,
        "catalogue.toml": 'version = "1"\nlogo = "logo.png"\n',
        "logo.png": "logo",
        "photos/012.jpg": "photo",
        "photos/013.jpg": "of nobody here, in a folder that is called as the hall is",
        "themes/dark.toml": 'font = "dark.ttf"\n',
        "themes/dark.ttf": "font",
        "packs/ours/pack.toml": "x = 1\n",
        "packs/ours/clips/1.ogg": "clip",
        "private.key": "nobody names it",
        "hall.toml~": "nor this",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder / "hall.toml"


def test_all_that_it_names_beside_itself_and_what_that_names_is_packed_and_nothing_else(hall: Path):
    assert list(settings_files(hall)) == [
        "hall.toml",
        "catalogue.toml",
        "logo.png",
        "packs/ours/clips/1.ogg",
        "packs/ours/pack.toml",
        "photos/012.jpg",
        "themes/dark.toml",
        "themes/dark.ttf",
    ]


def test_the_same_files_make_the_same_bytes(hall: Path):
    first = pack_settings(hall)
    os.utime(hall, (1, 1))
    (hall.parent / "photos" / "012.jpg").chmod(0o600)
    assert pack_settings(hall) == first
    (hall.parent / "photos" / "012.jpg").write_text("another")
    assert pack_settings(hall) != first


def test_whatever_the_file_is_called_here_it_is_hall_toml_there(hall: Path):
    other = hall.rename(hall.with_name("our-hall.toml"))
    with tarfile.open(fileobj=BytesIO(pack_settings(other))) as tar:
        assert tar.getnames()[0] == "hall.toml"
        assert "our-hall.toml" not in tar.getnames()


def test_a_link_that_leads_elsewhere_is_not_packed(hall: Path):
    (hall.parent / "photos" / "012.jpg").unlink()
    (hall.parent / "photos" / "012.jpg").symlink_to("/etc/passwd")
    (hall.parent / "logo.png").unlink()
    (hall.parent / "logo.png").symlink_to("/etc/passwd")
    assert not {"logo.png", "photos/012.jpg"} & set(settings_files(hall))

"""The laws of private files where root writes them, as a technician does by `sudo`: they belong to whom the folder belongs."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from broker.private import make_private_folder, write_private
from broker.staff import PINS, set_pin

SOMEBODY = 4321
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives anything away")


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    folder = tmp_path / "var"
    folder.mkdir(mode=0o700)
    os.chown(folder, SOMEBODY, SOMEBODY)
    return folder


def whose(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)


def test_a_pin_that_root_sets_is_the_halls(theirs: Path):
    set_pin(theirs, "wang", "270431", 0)
    assert whose(theirs / PINS) == (SOMEBODY, SOMEBODY, 0o600)


def test_a_folder_that_root_makes_is_whose_the_one_around_it_is(theirs: Path):
    make_private_folder(theirs / "ca")
    write_private(theirs / "ca" / "crl.pem", b"nobody")
    assert whose(theirs / "ca") == (SOMEBODY, SOMEBODY, 0o700)
    assert whose(theirs / "ca" / "crl.pem") == (SOMEBODY, SOMEBODY, 0o600)


def test_a_folder_that_was_there_stays_whose_it_is(theirs: Path):
    mine = theirs / "mine"
    mine.mkdir(mode=0o700)
    make_private_folder(mine)
    assert whose(mine)[0] == 0

"""The laws of a board's light and of STATUS.txt: a pattern for each state, the newest first, and nothing that stops it."""

from __future__ import annotations

import time
from pathlib import Path

from firmware.onboard.places import Places
from firmware.onboard.status import KEPT, STATES, Led, Status
from tests.processes import REPOSITORY
from tests.setup.first_boots import MADE
from tests.system.stage import wait_until


def led(folder: Path, trigger: str = "none rc-feedback [mmc0] timer heartbeat") -> Path:
    folder.mkdir()
    (folder / "trigger").write_text(trigger)
    (folder / "brightness").write_text("0")
    return folder


def blinks_of(folder: Path, patience_s: float = 8) -> int:
    """How often it goes on between two pauses longer than a second."""
    ons: list[float] = []
    seen, until = "0", time.monotonic() + patience_s
    while time.monotonic() < until:
        now = (folder / "brightness").read_text() or seen
        if now == "1" and seen == "0":
            ons.append(time.monotonic())
        seen = now
        groups: list[list[float]] = []
        for on in ons:
            if groups and on - groups[-1][-1] < 1:
                groups[-1].append(on)
            else:
                groups.append([on])
        if len(groups) == 3:
            return len(groups[1])
        time.sleep(0.01)
    raise AssertionError(f"no two pauses: {ons}")


def test_the_light_blinks_as_often_as_the_state_says_and_is_given_back(tmp_path: Path):
    folder = led(tmp_path / "ACT")
    light = Led((tmp_path / "none", folder))
    light.show(STATES["no hub"].blinks)
    assert blinks_of(folder) == 2
    assert (folder / "trigger").read_text() == "none"
    light.rest()
    wait_until("the light is the system's", lambda: (folder / "trigger").read_text() == "mmc0")


def test_what_a_first_boot_that_was_cut_off_left_is_nobodys_usual(tmp_path: Path):
    folder = led(tmp_path / "ACT", "[none] mmc0")
    Led((folder,)).rest()
    assert (folder / "trigger").read_text() == "mmc0"


def test_a_board_without_a_light_is_silent(tmp_path: Path):
    light = Led((tmp_path / "nothing",))
    light.show(3)
    light.rest()


def test_the_newest_state_stands_first_and_the_last_dozen_below_also_over_a_restart(
    tmp_path: Path,
):
    places = Places(tmp_path, tmp_path, tmp_path)
    places.card.mkdir()
    at = [MADE]
    status = Status(places, "kiosk-1", Led(()), lambda: at[0], lambda: at[0])
    status.tell("works")
    for number in range(KEPT):
        at[0] += 300
        status.tell("no hub", f"try {number}")
    text = (places.card / "STATUS.txt").read_text(encoding="utf-8")
    assert text.startswith("JIAOHAO 叫号")
    assert "kiosk-1   LED: 2" in text
    past = text.partition("最新在前:\n")[2]
    lines = past.strip().splitlines()
    assert len(lines) == KEPT
    assert lines[0].strip().endswith(f"no hub: try {KEPT - 1}")
    assert "works" not in past

    again = Status(places, "kiosk-1", Led(()), lambda: at[0])
    again.tell("done", "kiosk-1 of sample")
    past = (places.card / "STATUS.txt").read_text(encoding="utf-8").partition("最新在前:\n")[2]
    first, second, *_ = (line.strip() for line in past.strip().splitlines())
    assert first.endswith("done: kiosk-1 of sample")
    assert second.endswith(f"no hub: try {KEPT - 1}")


def test_the_same_again_is_written_once(tmp_path: Path):
    places = Places(tmp_path, tmp_path, tmp_path)
    places.card.mkdir()
    status = Status(places, "kiosk-1", Led(()), lambda: MADE)
    status.tell("no hub", "192.168.1.10: refused")
    before = (places.card / "STATUS.txt").stat().st_mtime_ns
    for _ in range(5):
        status.tell("no hub", "192.168.1.10: refused")
    assert (places.card / "STATUS.txt").stat().st_mtime_ns == before


def test_a_sentence_that_changes_with_the_clock_does_not_wear_the_card_out(tmp_path: Path):
    places = Places(tmp_path, tmp_path, tmp_path)
    places.card.mkdir()
    now = [0.0]
    status = Status(places, "kiosk-1", Led(()), lambda: MADE + now[0], lambda: now[0])
    written = set()
    for second in range(0, 3600, 30):
        now[0] = second
        status.tell("token", f"it expired, now is {second}")
        written.add((places.card / "STATUS.txt").read_text(encoding="utf-8"))
    assert len(written) == 12
    status.tell("done", "at once")
    assert "at once" in (places.card / "STATUS.txt").read_text(encoding="utf-8")


def test_the_setup_document_explains_every_light():
    text = (REPOSITORY / "docs" / "setup.md").read_text(encoding="utf-8")
    for word in STATES.values():
        assert (
            f"| {word.blinks or 'as usual'} | {word.english} {word.chinese} | {word.then}" in text
        )

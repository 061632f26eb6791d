"""The laws of a hall's update: one board first, then by what they do; it stops at the first that goes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import StringIO
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from broker.settings import Board as BoardSettings
from broker.settings import Hall
from broker.updates import cli
from broker.updates.bundle_file import BundleFault, keep, read_bundle
from broker.updates.cli import Course
from broker.updates.rollout import AWAY_MS, Rollout, Standing
from broker.updates.stages import CANARY, stages
from broker.updates.wanted import HUB, Release, Report, keep_report, read_wanted
from firmware.cards.release_key import public_pem
from tests.setup.bundles import KEY, made

SAMPLE = Path("broker/halls/sample.toml")


def release(number: int = 2, machine: str = "aarch64") -> Release:
    return Release(
        name=f"1.{number}-0000000{number}",
        file=f"{number}.bundle",
        sha256=f"{number}" * 64,
        size=1,
        counter=number,
        version=f"1.{number}",
        machine=machine,
        python="3.11",
    )


OLD, NEW = release(1), release(2)


@pytest.fixture(scope="module")
def hall() -> Hall:
    from broker.loading import load

    return load(SAMPLE)


def test_every_board_is_in_one_stage_and_the_canary_alone_in_the_first(hall: Hall):
    order = stages(hall, hub=True)
    named = [board for stage in order for board in stage.boards]
    assert sorted(named) == sorted([*(board.id for board in hall.boards), HUB])
    assert order[0].name == CANARY
    assert len(order[0].boards) == 1
    assert order[-1].boards == (HUB,)


def test_never_all_kiosks_nor_all_counters_at_once(hall: Hall):
    kinds = {board.id: {device.kind for device in board.devices} for board in hall.boards}
    for kind in ("ticket_kiosk", "caller_panel"):
        with_it = {board for board, found in kinds.items() if kind in found}
        if len(with_it) > 1:
            assert not any(with_it <= set(stage.boards) for stage in stages(hall))


def test_who_tries_it_first_may_be_named(hall: Hall):
    last = hall.boards[-1].id
    assert stages(hall, last)[0].boards == (last,)
    with pytest.raises(ValueError, match="no board 'nobody'"):
        stages(hall, "nobody")


def test_a_board_without_devices_has_its_place_too(hall: Hall):
    more = msgspec.structs.replace(hall, boards=(*hall.boards, BoardSettings(id="spare")))
    assert "spare" in {board for stage in stages(more) for board in stage.boards}


# --- a whole course, with boards that live in the desk's folder -----------------------------------------


@dataclass
class Boards:
    """Each takes what the desk wants two looks later, and says how it is; `sick` go back, `off` say nothing."""

    desk: Path
    names: list[str]
    sick: frozenset[str] = frozenset()
    off: frozenset[str] = frozenset()
    now: float = 1_700_000_000.0
    order: list[str] = field(default_factory=list)
    runs: dict[str, str] = field(default_factory=dict)
    refused: dict[str, set[str]] = field(default_factory=dict)

    def live(self) -> None:
        for board in self.names:
            if board in self.off:
                continue
            runs = self.runs.setdefault(board, OLD.name)
            wanted = read_wanted(self.desk).boards.get(board)
            state, about = "runs", runs
            if wanted and wanted.name != runs:
                about = wanted.name
                if about in self.refused.get(board, ()):
                    state = "went back"
                elif board not in self.order:
                    self.order.append(board)
                    state = "tries"
                elif board in self.sick:
                    self.refused.setdefault(board, set()).add(about)
                    state = "went back"
                else:
                    self.runs[board] = runs = about
            self._say(board, runs, state, about)

    def _say(self, board: str, runs: str, state: str, about: str) -> None:
        report = Report(
            release=runs,
            version="1",
            counter=1,
            state=state,
            sentence="it is not ready" if state == "went back" else "",
            wanted=about,
            previous=OLD.name if runs != OLD.name else "",
            machine="aarch64",
            python="3.11",
            at=int(self.now * 1000),
        )
        keep_report(self.desk, board, report)

    def sleep(self, seconds: float) -> None:
        self.now += 30 * seconds
        self.live()

    def wall(self) -> float:
        return self.now


def course(hall: Hall, boards: Boards, new: Release | None = NEW) -> tuple[Course, StringIO]:
    out = StringIO()
    order = stages(hall)
    releases = {board: new for stage in order for board in stage.boards}
    console = Console(file=out, width=200, force_terminal=False)
    return Course(hall, boards.desk, order, releases, console, boards.wall, boards.sleep), out


@pytest.fixture
def boards(tmp_path: Path, hall: Hall) -> Boards:
    found = Boards(tmp_path / "desk", [board.id for board in hall.boards])
    found.desk.mkdir(mode=0o700)
    found.live()
    return found


def test_all_boards_run_it_in_the_order_of_the_stages(hall: Hall, boards: Boards):
    going, _ = course(hall, boards)
    assert going.run() == 0
    assert set(boards.runs.values()) == {NEW.name}
    rank = {board: n for n, stage in enumerate(stages(hall)) for board in stage.boards}
    assert [rank[board] for board in boards.order] == sorted(rank[board] for board in boards.order)


def test_one_that_goes_back_stops_it_and_nobody_after_it_is_told(hall: Hall, boards: Boards):
    order = [board for stage in stages(hall) for board in stage.boards]
    boards.sick = frozenset({order[0]})
    going, out = course(hall, boards)
    assert going.run() == 1
    assert list(read_wanted(boards.desk).boards) == [order[0]]
    assert f"stopped: {order[0]} went back: it is not ready" in out.getvalue()


def test_a_board_that_is_off_stops_nobody_and_takes_it_when_it_is_back(hall: Hall, boards: Boards):
    order = [board for stage in stages(hall) for board in stage.boards]
    (boards.desk / "reports" / f"{order[-1]}.json").unlink()
    boards.off = frozenset({order[-1]})
    going, out = course(hall, boards)
    assert going.run() == 0
    assert f"away: {order[-1]}" in out.getvalue()
    assert read_wanted(boards.desk).boards[order[-1]] == NEW


def test_without_its_canary_no_update_begins(hall: Hall, boards: Boards):
    order = [board for stage in stages(hall) for board in stage.boards]
    boards.off = frozenset({order[0]})
    looks = 0

    def sleep(seconds: float) -> None:
        nonlocal looks
        looks += 1
        if looks > 200:
            raise KeyboardInterrupt
        boards.sleep(seconds)

    going, _ = course(hall, boards)
    going.sleep = sleep
    with pytest.raises(KeyboardInterrupt):
        going.run()
    assert boards.now > 1_700_000_000 + AWAY_MS / 1000
    assert list(read_wanted(boards.desk).boards) == [order[0]]


def test_the_same_command_again_goes_on_where_it_was(hall: Hall, boards: Boards):
    going, _ = course(hall, boards)
    going.run(wait=False)
    for _ in range(5):
        boards.sleep(2)
    going, _ = course(hall, boards)
    assert going.run() == 0
    assert set(boards.runs.values()) == {NEW.name}


def test_a_board_of_another_kind_is_told_of_no_bundle_that_is_not_for_it(
    hall: Hall, boards: Boards
):
    going, out = course(hall, boards, None)
    assert going.run() == 0
    assert read_wanted(boards.desk).boards == {}
    assert "no bundle for" in out.getvalue()


reports = st.builds(
    Report,
    release=st.sampled_from([OLD.name, NEW.name]),
    version=st.just("1"),
    counter=st.just(1),
    state=st.sampled_from(["runs", "tries", "waits", "fetches", "went back", "refused"]),
    wanted=st.sampled_from([OLD.name, NEW.name]),
    at=st.integers(0, 10 * AWAY_MS),
)


@given(st.data())
def test_whatever_boards_say_nobody_is_told_before_those_of_the_stage_before_run_it_or_are_away(
    hall: Hall, data: st.DataObject
):
    order = stages(hall)
    names = [board for stage in order for board in stage.boards]
    said = data.draw(st.dictionaries(st.sampled_from(names), reports))
    now = 10 * AWAY_MS
    told = data.draw(st.dictionaries(st.sampled_from(names), st.integers(0, now)))
    rollout = Rollout.at(order, dict.fromkeys(names, NEW), said, now, told)
    over = {Standing.DONE, Standing.AWAY}
    for stage, after in pairwise(order):
        if any(board in rollout.told for board in after.boards):
            assert all(rollout.standings[board] in over for board in stage.boards)
    if any(
        len(stage.boards) and board in rollout.told for stage in order[1:] for board in stage.boards
    ):
        assert rollout.standings[order[0].boards[0]] is Standing.DONE


# --- the bundle in the technician's hand, and the commands ----------------------------------------------


def test_the_hub_reads_a_bundle_as_boards_do(tmp_path: Path):
    bundle = made(tmp_path, 7)
    found = read_bundle(bundle.path, [public_pem(KEY)])
    assert (found.name, found.counter) == (bundle.name, 7)
    desk = tmp_path / "desk"
    keep(bundle.path, found, desk)
    assert (desk / "releases" / found.file).read_bytes() == bundle.path.read_bytes()


def test_what_no_board_would_take_the_hub_does_not_take(tmp_path: Path):
    bundle = made(tmp_path, 7)
    other = Ed25519PrivateKey.generate()
    with pytest.raises(BundleFault, match="another key"):
        read_bundle(bundle.path, [public_pem(other)])
    torn = tmp_path / "torn.bundle"
    torn.write_bytes(bundle.path.read_bytes()[:200])
    with pytest.raises(BundleFault, match="torn"):
        read_bundle(torn, [public_pem(KEY)])


def test_the_commands_refuse_with_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    where = ["--hall", str(SAMPLE), "--data", str(tmp_path / "var")]
    bundle = made(tmp_path, 7)
    assert cli.main(["hall", str(bundle.path), *where]) == 2
    assert "to check releases with" in capsys.readouterr().err
    (tmp_path / "release.pub").write_bytes(public_pem(KEY))
    assert cli.main(["board", "nobody", str(bundle.path), *where]) == 2
    assert "there is no board 'nobody'" in capsys.readouterr().err
    assert cli.rollback(where) == 2
    assert "which boards?" in capsys.readouterr().err


def test_one_board_alone_is_told(tmp_path: Path):
    (tmp_path / "release.pub").write_bytes(public_pem(KEY))
    bundle = made(tmp_path, 7)
    where = ["--hall", str(SAMPLE), "--data", str(tmp_path / "var"), "--no-wait"]
    assert cli.main(["board", "kiosk-1", str(bundle.path), *where]) == 0
    assert read_wanted(tmp_path / "var" / "desk").boards["kiosk-1"].name == bundle.name


def test_a_rollback_names_what_each_board_ran_before(tmp_path: Path, hall: Hall):
    data = tmp_path / "var"
    board = hall.boards[0].id
    (data / "desk").mkdir(parents=True, mode=0o700)
    (data / "desk").parent.chmod(0o700)
    report = Report(release=NEW.name, version="1", counter=2, state="runs", previous=OLD.name)
    keep_report(data / "desk", board, report)
    where = ["--hall", str(SAMPLE), "--data", str(data), "--no-wait"]
    assert cli.rollback([board, *where]) == 0
    wanted = read_wanted(data / "desk").boards[board]
    assert (wanted.name, wanted.file) == (OLD.name, "")

"""The laws of the updater: what runs well is confirmed, what does not is gone back from, nobody who is served is disturbed."""

from __future__ import annotations

import fcntl
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from shutil import copyfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.onboard import releases
from firmware.onboard.places import Places
from firmware.onboard.state import read_state
from firmware.onboard.updating import Pass, Report, WantedRelease
from firmware.onboard.verdict import CONFIRM_S, FRESH_S, GIVE_UP_S, Watched, judge, what_is_wrong
from tests.setup.bundles import Board, Made, program

PASS_S = 30.0


@dataclass
class Hub:
    """A desk in memory; `away` while nobody answers there."""

    made: Made | None = None
    ordered: WantedRelease | None = None
    away: bool = False
    reports: list[Report] = field(default_factory=list)
    fetched: int = 0

    def wanted(self) -> WantedRelease | None:
        self._answers()
        if self.ordered or self.made is None:
            return self.ordered
        raw = self.made.path.read_bytes()
        return WantedRelease(
            self.made.name,
            self.made.path.name,
            sha256(raw).hexdigest(),
            len(raw),
            self.made.manifest.counter,
            self.made.manifest.version,
        )

    def fetch(self, wanted: WantedRelease, to: Path) -> None:
        del wanted
        self._answers()
        assert self.made
        self.fetched += 1
        copyfile(self.made.path, to)

    def report(self, report: Report) -> None:
        self._answers()
        self.reports.append(report)

    def _answers(self) -> None:
        if self.away:
            raise OSError("the hub does not answer")


@dataclass
class Machine:
    """Its clocks go by hand; a release that is started says of itself what `how` says, by its name."""

    places: Places
    now: float = 50.0
    broker: bool | None = True
    how: dict[str, dict[str, object]] = field(default_factory=dict)
    starts: int = 0
    down: tuple[str, ...] = ()

    def wall(self) -> float:
        return self.now + 1_700_000_000

    def uptime(self) -> float:
        return self.now

    def broker_answers(self) -> bool | None:
        return self.broker

    def units_down(self) -> tuple[str, ...]:
        return self.down

    def start_anew(self) -> None:
        self.starts += 1
        releases.attempt(self.places, counts=True)

    def lives(self) -> None:
        """Half a minute, at the end of which the running release says how it is."""
        self.now += PASS_S
        name = self.places.current.resolve().name
        well: dict[str, object] = {"ready": True, "link": "up", "release": name}
        said = {**well, **self.how.get(name, {}), "at": self.wall()}
        self.places.run.mkdir(exist_ok=True)
        self.places.health.write_text(json.dumps(said))


@dataclass
class Scene:
    board: Board
    hub: Hub
    machine: Machine

    @property
    def places(self) -> Places:
        return self.board.places

    @property
    def runs(self) -> str:
        return self.places.current.resolve().name

    def passes(self, number: int = 1) -> Report:
        """The report of the last of so many passes."""
        for _ in range(number - 1):
            self.machine.lives()
            Pass(self.places, self.machine, self.hub, install).run()
        self.machine.lives()
        report = Pass(self.places, self.machine, self.hub, install).run()
        assert report
        return report

    def wants(self, counter: int, **wishes: object) -> str:
        self.hub.made = self.board.bundle(counter, **wishes)
        return self.hub.made.name


def install(bundle: Path, places: Places) -> str:
    return releases.install(bundle, places, try_it=lambda _: None)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    board = Board(tmp_path / "board")
    releases.begin(board.places, install(board.bundle(1).path, board.places))
    board.places.run.mkdir()
    return Scene(board, Hub(), Machine(board.places))


@contextmanager
def serving(places: Places) -> Iterator[None]:
    with places.busy.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


def test_an_update_goes_through_and_is_confirmed_between_one_and_two_minutes(scene: Scene):
    old, new = scene.runs, scene.wants(2)
    assert scene.passes().state == "tries"
    assert scene.runs == new
    flipped = scene.machine.now
    while read_state(scene.places).candidate:
        scene.passes()
    assert CONFIRM_S <= scene.machine.now - flipped <= GIVE_UP_S
    report = scene.passes()
    assert (report.state, report.release, report.previous, report.sentence) == (
        "runs",
        new,
        old,
        "",
    )
    assert not list(scene.places.downloads.iterdir())


def test_nothing_is_started_anew_while_somebody_is_served(scene: Scene):
    old, new = scene.runs, scene.wants(2)
    with serving(scene.places):
        for _ in range(5):
            assert scene.passes().state == "waits"
        assert (scene.runs, scene.machine.starts) == (old, 0)
    scene.passes()
    assert (scene.runs, scene.machine.starts, scene.hub.fetched) == (new, 1, 1)


SICK: dict[str, dict[str, object]] = {
    "not ready": {"ready": False, "why": "the printer's thread is stuck"},
    "a bad part": {"ready": False, "parts": {"printer": False}},
    "without a line": {"link": "down"},
    "another release": {"release": "0.9-00000000"},
}


@pytest.mark.parametrize("sick", SICK.values(), ids=SICK)
def test_what_does_not_run_well_is_gone_back_from_and_not_tried_again(
    scene: Scene, sick: dict[str, object]
):
    old, new = scene.runs, scene.wants(2)
    scene.machine.how[new] = sick
    scene.passes(1 + int(GIVE_UP_S / PASS_S))
    assert scene.runs == old
    report = scene.passes(3)
    assert (report.state, report.wanted, report.release) == ("went back", new, old)
    assert report.sentence
    assert scene.hub.fetched == 1


def test_a_part_that_worked_before_has_to_work(scene: Scene):
    old = scene.runs
    scene.machine.how[old] = {"parts": {"kiosk-1 printer": True, "kiosk-1 screen": False}}
    scene.passes()
    new = scene.wants(2)
    scene.machine.how[new] = {"parts": {"kiosk-1 printer": False, "kiosk-1 screen": False}}
    scene.passes(6)
    assert scene.runs == old
    assert scene.passes().sentence == "what worked before does not now: kiosk-1 printer"


def test_what_went_back_is_tried_once_more_if_a_technician_wants_that(scene: Scene):
    old, new = scene.runs, scene.wants(2)
    scene.machine.how[new] = {"ready": False}
    assert scene.passes(6).state == "went back"
    wanted = scene.hub.wanted()
    assert wanted
    scene.hub.ordered = replace(wanted, again=5)
    scene.passes(6)
    assert scene.runs == old
    del scene.machine.how[new]
    assert scene.passes(4).state == "went back"
    scene.hub.ordered = replace(wanted, again=6)
    scene.passes(4)
    assert read_state(scene.places).confirmed == new


def test_what_ends_at_once_is_gone_back_from_by_its_attempts_without_any_pass(scene: Scene):
    old, new = scene.runs, scene.wants(2)
    scene.passes()
    for _ in range(3):
        releases.attempt(scene.places, counts=True)
    assert scene.runs == old
    assert scene.passes().state == "went back"
    assert new in read_state(scene.places).refused


def test_a_broker_outage_never_rolls_back(scene: Scene):
    new = scene.wants(2)
    scene.passes()
    scene.machine.how[new] = {"link": "down"}
    scene.machine.broker = False
    scene.hub.away = True
    for _ in range(20):
        with pytest.raises(OSError, match="does not answer"):
            scene.passes()
    state = read_state(scene.places)
    assert (state.confirmed, state.refused) == (new, ())


def test_on_the_hub_the_broker_is_the_release_s_own(scene: Scene):
    old, new = scene.runs, scene.wants(2)
    scene.machine.how[new] = {"link": "down"}
    scene.machine.broker = None
    scene.passes(6)
    assert scene.runs == old


def test_what_does_not_run_beside_the_main_unit_counts_too(scene: Scene):
    old, _ = scene.runs, scene.wants(2)
    scene.passes()
    scene.machine.down = ("desk",)
    scene.passes(6)
    assert scene.runs == old
    assert scene.passes().sentence == "not all of it runs: desk"


def test_one_bad_moment_is_no_reason(scene: Scene):
    new = scene.wants(2)
    scene.passes()
    scene.machine.how[new] = {"link": "down"}
    scene.passes(3)
    # The broker was away until now, and its line is there by the next look.
    scene.machine.broker = True
    scene.machine.how[new] = {}
    scene.passes()
    assert read_state(scene.places).confirmed == new


def test_a_reboot_begins_the_minutes_anew(scene: Scene):
    new = scene.wants(2)
    scene.passes(2)
    scene.machine.now = 0.0
    scene.places.watched.unlink()
    scene.passes(2)
    assert read_state(scene.places).candidate == new
    scene.passes()
    assert read_state(scene.places).confirmed == new


def test_a_refused_bundle_is_told_and_not_fetched_each_time(scene: Scene):
    scene.wants(2, files={"site-packages/x.py": b"x"}, min_from=7)
    before = scene.runs
    for _ in range(10):
        report = scene.passes()
        assert report.state == "refused"
        assert "in steps" in report.sentence
    assert (scene.runs, scene.hub.fetched) == (before, 1)
    scene.machine.now += 3600
    scene.passes()
    assert scene.hub.fetched == 2


def test_a_download_that_was_altered_is_not_used(scene: Scene):
    scene.wants(2)
    scene.hub.ordered = scene.hub.wanted()
    assert scene.hub.made
    scene.hub.made.path.write_bytes(scene.hub.made.path.read_bytes() + b"x")
    assert "altered" in scene.passes().sentence


def test_the_hub_may_order_back_what_the_board_still_has(scene: Scene):
    old = scene.runs
    scene.wants(2)
    scene.passes(4)
    scene.hub.ordered = WantedRelease(old, "", "", 0, 0, "1.0")
    scene.passes(4)
    assert (scene.runs, read_state(scene.places).confirmed) == (old, old)
    assert scene.hub.fetched == 1


def test_what_the_board_does_not_have_any_more_cannot_be_ordered_back(scene: Scene):
    scene.hub.ordered = WantedRelease("0.9-00000000", "", "", 0, 0, "0.9")
    assert "not on this board any more" in scene.passes().sentence


def test_the_program_outside_the_releases_follows_a_confirmed_one(scene: Scene):
    scene.places.program.write_bytes(program())
    brought = zipped("import sys; sys.exit(sys.argv[1:] != ['self-test'])")
    scene.wants(2, files={"onboard.pyz": brought})
    scene.passes(2)
    assert scene.places.program.read_bytes() == program()
    scene.passes(4)
    assert scene.places.program.read_bytes() == brought


def test_a_program_that_cannot_be_read_whole_is_not_followed(scene: Scene):
    scene.places.program.write_bytes(program())
    scene.wants(2, files={"onboard.pyz": zipped("import no_such_module")})
    scene.passes(6)
    assert read_state(scene.places).candidate is None
    assert scene.places.program.read_bytes() == program()


def zipped(main: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("__main__.py", main)
    return out.getvalue()


# --- the verdict ----------------------------------------------------------------------------------------

healths = st.fixed_dictionaries(
    {},
    optional={
        "ready": st.booleans() | st.none(),
        "link": st.sampled_from(["up", "down", ""]),
        "why": st.text(max_size=5),
        "parts": st.dictionaries(st.text(max_size=3), st.booleans(), max_size=2) | st.integers(),
        "at": st.floats(-1e3, 1e3) | st.none() | st.text(max_size=3),
        "release": st.sampled_from(["a", "b"]),
    },
)


@given(healths, st.floats(-1e3, 1e3), st.sampled_from([True, False, None]))
def test_only_a_fresh_word_of_the_candidate_itself_that_all_is_ready_is_well(
    health: dict[str, object], wall: float, broker: bool | None
):
    if not what_is_wrong(health, "a", wall, broker_answers=broker):
        assert health["ready"] is True
        assert health.get("release", "a") == "a"
        at = health.get("at", 0.0)
        assert abs(wall - (at if isinstance(at, float) else 0.0)) <= FRESH_S
        assert health.get("link") == "up" or broker is False


@given(st.lists(st.tuples(st.floats(0, 60), st.booleans()), max_size=30))
def test_no_verdict_comes_before_its_time(looks: list[tuple[float, bool]]):
    watched, uptime = Watched("a", 0.0), 0.0
    for later, well in looks:
        uptime += later
        verdict, watched = judge(watched, uptime, "" if well else "it fell silent")
        if verdict == "confirmed":
            assert well
            assert uptime >= CONFIRM_S
        if verdict == "went back":
            assert not well
            assert uptime >= GIVE_UP_S
            assert watched.bad >= 2

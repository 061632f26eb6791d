"""The laws of releases: checked before they are unpacked, whole before they bear their name, gone back from if they do not run."""

from __future__ import annotations

import errno
import gzip
import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firmware.cards.release_key import public_pem
from firmware.onboard import installing, releases
from firmware.onboard.manifest import ReleaseFault
from firmware.onboard.places import Places
from firmware.onboard.state import ATTEMPTS, known_state, read_state, write_state
from firmware.onboard.unpacking import Bundle
from firmware.onboard.whole import altered, is_whole
from tests.setup.bundles import HERE, Board, Made, made, other


def fine(_: Path) -> None:
    """In place of the release's own test, where that is not what is looked at."""


def never(_: Path) -> None:
    pytest.fail("it was unpacked")


@pytest.fixture
def board(tmp_path: Path) -> Board:
    return Board(tmp_path / "board")


@pytest.fixture
def begun(board: Board) -> Board:
    """A board that runs its first release, of counter 5."""
    first = releases.install(board.bundle(5).path, board.places)
    releases.begin(board.places, first)
    return board


def running(places: Places) -> str:
    """The release that the link leads to; it must be whole."""
    target = places.current.resolve()
    assert is_whole(places, target.name)
    assert list(altered(target)) == []
    return target.name


# --- installing -----------------------------------------------------------------------------------------


def test_a_release_is_put_beside_the_others_and_nothing_runs_it_yet(begun: Board):
    first = running(begun.places)
    second = releases.install(begun.bundle(6).path, begun.places)
    assert begun.kept() == {first, second}
    assert running(begun.places) == first
    assert list(altered(begun.places.releases / second)) == []
    compiled = begun.places.releases / second / "site-packages" / "broker" / "__pycache__"
    assert list(compiled.glob("cli.*.pyc"))


def test_installing_again_what_is_there_changes_nothing(begun: Board):
    bundle = begun.bundle(6)
    name = releases.install(bundle.path, begun.places)
    before = (begun.places.releases / name).stat().st_ino
    assert releases.install(bundle.path, begun.places) == name
    assert (begun.places.releases / name).stat().st_ino == before


OTHER_KEY = Ed25519PrivateKey.from_private_bytes(b"somebody else's key for tests 00")
REFUSALS: dict[str, tuple[Callable[[Path], Made], str]] = {
    "another key": (lambda at: made(at, 6, key=OTHER_KEY), "signed by another key"),
    "another machine": (
        lambda at: made(at, 6, target=other(HERE, machine="riscv64")),
        "is for riscv64",
    ),
    "another Python": (
        lambda at: made(at, 6, target=other(HERE, python="3.13")),
        "with Python 3.13",
    ),
    "an older counter": (lambda at: made(at, 4), r"is older \(counter 4\)"),
    "the same counter": (lambda at: made(at, 5, files={"site-packages/x.py": b""}), "is older"),
    "a step left out": (lambda at: made(at, 9, min_from=7), "update it in steps"),
    "a release that does not run": (
        lambda at: made(at, 6, files={"site-packages/firmware/self_test.py": b"import no_such\n"}),
        "does not run on this board: ModuleNotFoundError: No module named 'no_such'",
    ),
}


@pytest.mark.parametrize(("bundle", "sentence"), REFUSALS.values(), ids=REFUSALS)
def test_what_is_refused_is_refused_with_a_sentence_and_leaves_nothing(
    begun: Board, bundle: Callable[[Path], Made], sentence: str
):
    before = begun.kept()
    with pytest.raises(ReleaseFault, match=sentence):
        releases.install(bundle(begun.bundles).path, begun.places)
    assert begun.kept() == before


def test_nothing_is_taken_without_a_key(board: Board):
    board.places.release_keys[0].unlink()
    with pytest.raises(ReleaseFault, match="no key"):
        releases.install(board.bundle(1).path, board.places)


def test_the_next_key_signs_too_once_it_is_there(begun: Board):
    bundle = begun.bundle(6, key=OTHER_KEY)
    begun.places.release_keys[1].write_bytes(public_pem(OTHER_KEY))
    assert releases.install(bundle.path, begun.places) == bundle.name


def test_a_disk_without_room_is_seen_before_anything_is_unpacked(
    begun: Board, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(installing, "SPARE_BYTES", 1 << 60)
    before = begun.kept()
    with pytest.raises(ReleaseFault, match=r"too full: \d+ MB are needed"):
        releases.install(begun.bundle(6).path, begun.places, try_it=never)
    assert begun.kept() == before


def test_a_disk_that_fills_up_meanwhile_leaves_nothing(begun: Board):
    def full(_: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = begun.kept()
    with pytest.raises(ReleaseFault, match="the disk is full"):
        releases.install(begun.bundle(6).path, begun.places, try_it=full)
    assert begun.kept() == before


FULL = """
import sys
from pathlib import Path
from firmware.onboard import installing
from firmware.onboard.manifest import ReleaseFault
from firmware.onboard.places import Places
home, bundle = map(Path, sys.argv[1:])
installing.SPARE_BYTES = -1 << 40  # as if another wrote more than is spared, just now
places = Places(home)
try:
    installing.install(bundle, places)
except ReleaseFault as fault:
    print(fault)
print(sorted(path.name for path in places.releases.iterdir()))
"""


def test_on_a_disk_that_is_really_full_nothing_is_left(board: Board):
    alone = ["unshare", "--user", "--map-root-user", "--mount"]
    if subprocess.run([*alone, "true"], check=False, capture_output=True).returncode:
        pytest.skip("needs a user namespace of its own, to mount a small disk in")
    bundle, small = board.bundle(6), board.folder / "small"
    small.mkdir()
    mount = 'mount -t tmpfs -o size=128k none "$1" && cp "$2" "$1" && exec "$3" -c "$4" "$1" "$5"'
    key = str(board.places.release_keys[0])
    words = ["sh", "-c", mount, "sh", str(small), key, sys.executable, FULL, str(bundle.path)]
    ran = subprocess.run([*alone, *words], check=True, capture_output=True, text=True)
    assert ran.stdout.startswith("the disk is full: nothing was installed")
    assert ran.stdout.splitlines()[-1] == "[]"


def test_the_signature_is_checked_before_anything_is_unpacked(
    begun: Board, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Bundle, "unpack", lambda *_: pytest.fail("it was unpacked"))
    with pytest.raises(ReleaseFault, match="another key"):
        releases.install(begun.bundle(6, key=OTHER_KEY).path, begun.places)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Board, bytes]:
    board = Board(tmp_path_factory.mktemp("shared") / "board")
    return board, board.bundle(6).path.read_bytes()


def _whole_or_refused(board: Board, raw: bytes) -> None:
    """It is refused and nothing is left, or what was installed is what was signed."""
    path = board.bundles / "tampered.bundle"
    path.write_bytes(raw)
    try:
        name = releases.install(path, board.places, try_it=fine)
    except ReleaseFault:
        assert board.kept() == set()
    else:
        assert list(altered(board.places.releases / name)) == []
        releases.tidy(board.places)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_bit_changed_anywhere_is_refused_or_changes_nothing(
    shared: tuple[Board, bytes], place: float, bit: int
):
    board, raw = shared
    changed = bytearray(raw)
    changed[int(place * len(raw))] ^= 1 << bit
    _whole_or_refused(board, bytes(changed))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(place=st.floats(0, 1, exclude_max=True), new=st.binary(max_size=40), old=st.integers(0, 700))
def test_content_altered_and_packed_again_is_refused_or_changes_nothing(
    shared: tuple[Board, bytes], place: float, new: bytes, old: int
):
    board, raw = shared
    content = gzip.decompress(raw)
    at = int(place * len(content))
    again = gzip.compress(content[:at] + new + content[at + old :], 1)
    _whole_or_refused(board, again)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(place=st.floats(0, 1, exclude_max=True))
def test_a_bundle_that_ends_early_is_refused(shared: tuple[Board, bytes], place: float):
    board, raw = shared
    path = board.bundles / "torn.bundle"
    # Without its last bytes, which are gzip's own check, all files are there.
    path.write_bytes(raw[: int(place * (len(raw) - 64))])
    with pytest.raises(ReleaseFault, match="torn or was altered"):
        releases.install(path, board.places, try_it=fine)
    assert board.kept() == set()


# --- the flip -------------------------------------------------------------------------------------------


def second(board: Board, counter: int = 6) -> str:
    name = releases.install(board.bundle(counter).path, board.places, try_it=fine)
    releases.flip(board.places, name, 1000.0)
    return name


def test_a_candidate_that_is_confirmed_is_what_the_next_goes_back_to(begun: Board):
    places, first = begun.places, running(begun.places)
    newer = second(begun)
    assert running(places) == newer
    assert places.previous.resolve().name == first
    assert releases.attempt(places, counts=True) == newer
    releases.confirm(places, newer)
    state = read_state(places)
    assert (state.confirmed, state.candidate, state.previous, state.counter) == (
        newer,
        None,
        first,
        6,
    )


def test_a_candidate_has_its_attempts_and_then_what_ran_before_runs(begun: Board):
    places, first = begun.places, running(begun.places)
    newer = second(begun)
    assert [releases.attempt(places, counts=True) for _ in range(ATTEMPTS)] == [newer] * ATTEMPTS
    assert releases.attempt(places, counts=True) == first
    assert running(places) == first
    assert read_state(places).refused == (newer,)
    with pytest.raises(ReleaseFault, match="did not run well"):
        releases.flip(places, newer, 2000.0)


def test_units_beside_the_one_that_counts_use_up_no_attempt(begun: Board):
    newer = second(begun)
    for _ in range(2 * ATTEMPTS):
        assert releases.attempt(begun.places, counts=False) == newer
    assert read_state(begun.places).attempts_left == ATTEMPTS


def test_what_is_confirmed_may_start_as_often_as_it_likes(begun: Board):
    first = running(begun.places)
    for _ in range(2 * ATTEMPTS):
        assert releases.attempt(begun.places, counts=True) == first


def test_one_candidate_at_a_time(begun: Board):
    second(begun)
    later = releases.install(begun.bundle(7).path, begun.places, try_it=fine)
    with pytest.raises(ReleaseFault, match="is being tried"):
        releases.flip(begun.places, later, 1000.0)


def test_what_is_not_whole_is_never_flipped_to(begun: Board):
    newer = releases.install(begun.bundle(6).path, begun.places, try_it=fine)
    (begun.places.releases / newer / "complete.json").unlink()
    with pytest.raises(ReleaseFault, match="not whole"):
        releases.flip(begun.places, newer, 1000.0)


def test_one_may_go_back_by_hand_and_the_counter_stays(begun: Board):
    places, first = begun.places, running(begun.places)
    newer = second(begun)
    releases.confirm(places, newer)
    releases.flip(places, first, 2000.0)
    assert running(places) == first
    releases.confirm(places, first)
    state = read_state(places)
    assert (state.confirmed, state.previous, state.counter) == (first, newer, 6)


def test_two_releases_and_the_one_of_the_card_are_kept(begun: Board):
    places, factory = begun.places, running(begun.places)
    names = []
    for counter in range(6, 10):
        names.append(second(begun, counter))
        releases.confirm(places, names[-1])
        releases.tidy(places)
    assert begun.kept() == {factory, *names[-2:]}


def test_what_a_cut_left_is_taken_away(begun: Board):
    half = begun.places.releases / "1.0-00000000.part"
    half.mkdir()
    (half / "onboard.pyz").write_bytes(b"half")
    releases.tidy(begun.places)
    assert begun.kept() == {running(begun.places)}


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b'{"confirmed": 7}', b'{"confirmed": "gone-12345678"}']
)
def test_a_state_that_a_damaged_disk_lost_is_made_up_from_what_is_there(
    begun: Board, damage: bytes
):
    first = running(begun.places)
    begun.places.state.write_bytes(damage)
    assert releases.attempt(begun.places, counts=True) == first
    assert running(begun.places) == first


def test_a_release_that_a_damaged_disk_lost_is_not_started(begun: Board):
    places, first = begun.places, running(begun.places)
    newer = second(begun)
    releases.confirm(places, newer)
    (places.releases / newer / "manifest.json").write_bytes(b"")
    assert releases.attempt(places, counts=True) == first


def test_without_any_whole_release_it_is_said(begun: Board):
    (begun.places.releases / running(begun.places) / "complete.json").unlink()
    with pytest.raises(ReleaseFault, match="write the card anew"):
        releases.attempt(begun.places, counts=True)


steps = st.sampled_from(
    ["flip", "flip", "attempt", "confirm", "roll back", "by hand", "tidy", "cut"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(walk=st.lists(steps, max_size=25))
def test_whatever_happens_in_whatever_order_a_whole_release_runs(
    tmp_path_factory: pytest.TempPathFactory, walk: list[str]
):
    board = Board(tmp_path_factory.mktemp("walk") / "board")
    places, counter = board.places, 1
    releases.begin(places, _laid(board, counter))
    for step in walk:
        state = read_state(places)
        candidate = state.candidate or ""
        match step:
            case "flip" if not candidate:
                counter += 1
                releases.flip(places, _laid(board, counter), 1000.0)
            case "attempt":
                assert releases.attempt(places, counts=True) == known_state(places).wanted
            case "confirm":
                releases.confirm(places, candidate)
            case "roll back":
                releases.roll_back(places, candidate, "it does not run well")
            case "by hand" if (
                state.previous and not candidate and state.previous not in state.refused
            ):
                releases.flip(places, state.previous, 1000.0)
            case "tidy":
                releases.tidy(places)
            case "cut" if not candidate:
                # Between the state and the links: the next start mends them.
                counter += 1
                later = replace(state, candidate=_laid(board, counter), attempts_left=3)
                write_state(places, later)
                releases.attempt(places, counts=False)
            case _:
                continue
        state = read_state(places)
        assert running(places) == state.wanted
        assert state.wanted not in state.refused
        assert state.counter <= counter


def _laid(board: Board, counter: int) -> str:
    """A release as installing leaves it, laid there by hand: quicker."""
    manifest = json.dumps(
        {
            "format": 1,
            "version": "1.0",
            "counter": counter,
            "target": {"machine": HERE.machine, "python": HERE.python},
            "files": [{"path": "onboard.pyz", "size": 1, "sha256": _sha(b"x")}],
        }
    ).encode()
    digest = _sha(manifest)
    folder = board.places.releases / f"1.0-{digest[:8]}"
    folder.mkdir(parents=True)
    (folder / "onboard.pyz").write_bytes(b"x")
    (folder / "manifest.json").write_bytes(manifest)
    (folder / "complete.json").write_text(json.dumps({"manifest": digest}))
    return folder.name


def _sha(raw: bytes) -> str:
    return sha256(raw).hexdigest()


# --- kill -9 --------------------------------------------------------------------------------------------


def test_killed_at_any_moment_of_an_update_a_whole_release_runs_and_the_next_update_goes_through(
    begun: Board,
):
    places = begun.places
    work = [sys.executable, "-m", "tests.power.release_at_work", str(places.home)]
    lots = random.Random(7)
    began = time.monotonic()
    subprocess.run(work, check=True)
    whole_s = time.monotonic() - began
    for _ in range(20):
        worker = subprocess.Popen(work)
        time.sleep(lots.uniform(0, whole_s))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        read_state(places)
        running(places)
        for name in begun.kept():
            assert name.endswith(".part") or list(altered(places.releases / name)) == []
    subprocess.run(work, check=True)
    assert running(places) == read_state(places).confirmed

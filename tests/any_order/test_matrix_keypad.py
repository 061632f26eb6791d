"""A matrix of keys on pins: ghosts, shorts, lost edges, held keys; the wires are gpiozero's mock pins, joined by what is pressed."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.keypad import KeypadSettings, MatrixKeypadSettings
from firmware.hal.keypad.crossings import Crossings, unsure
from firmware.hal.keypad.matrix import MatrixKeypad
from hal_mocks.wires.key_matrix import KeyMatrix
from tests.hal.keypads import Inbox
from tests.hal.test_keypad import KeypadPromises, Setup

ROWS, COLUMNS = (5, 6, 13, 19), (12, 16, 20, 21)
KEYS = {
    f"{name}": (row, column)
    for row, names in enumerate(("1 2 3 next", "4 5 6 recall", "7 8 9 no_show", "prefix 0 close help"), 1)
    for column, name in enumerate(names.split(), 1)
}  # fmt: skip
SCANS = 2 * (
    len(ROWS) * (len(COLUMNS) + 1)
)  # reads of pins that are two whole scans, whatever came before


def keypad_on(pins: KeyMatrix, *, rest_seconds: float = 0.002, **changed) -> MatrixKeypad:
    table = {"debounce_ms": 0} | changed
    settings = MatrixKeypadSettings(rows=ROWS, columns=COLUMNS, keys=KEYS, **table)
    return MatrixKeypad(settings, pins, rest_seconds=rest_seconds)


@pytest.fixture
def pins() -> Iterator[KeyMatrix]:
    pins = KeyMatrix(ROWS, COLUMNS)
    yield pins
    assert not pins.shorted


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def keypad(pins: KeyMatrix, inbox: Inbox) -> Iterator[MatrixKeypad]:
    keypad = keypad_on(pins)
    keypad.listen(inbox.post)
    yield keypad
    keypad.close()


def down(pins: KeyMatrix, *keys: str) -> None:
    for key in keys:
        pins.press(*KEYS[key])


def up(pins: KeyMatrix, *keys: str) -> None:
    for key in keys:
        pins.release(*KEYS[key])
    pins.wait_for_reads(SCANS, 0.1)


def tap(pins: KeyMatrix, key: str) -> None:
    """As long as a finger needs at least: two scans. Where nobody scans, that is for ever."""
    down(pins, key)
    pins.wait_for_reads(SCANS, 0.1)
    up(pins, key)


class TestMatrixKeypad(KeypadPromises):
    @pytest.fixture
    def setup(self, pins: KeyMatrix) -> Iterator[Setup]:
        keypad = keypad_on(pins)
        yield Setup(keypad, lambda key: tap(pins, key))
        keypad.close()


def test_every_key_is_posted_under_its_name(pins, inbox, keypad):
    for key in KEYS:
        tap(pins, key)
        assert inbox.take() == key
    assert inbox.rest() == []


def test_a_key_is_heard_while_another_is_down(pins, inbox, keypad):
    down(pins, "1")
    assert inbox.take() == "1"
    down(pins, "5")
    assert inbox.take() == "5"
    up(pins, "1", "5")
    assert inbox.rest() == []


def test_the_fourth_corner_of_three_keys_is_never_posted(pins, inbox, keypad):
    down(pins, "1", "2")
    assert sorted([inbox.take(), inbox.take()]) == ["1", "2"]
    down(pins, "4")  # now 5 seems to be down as well
    pins.wait_for_reads(SCANS)
    assert inbox.rest() == []
    up(pins, "1")  # now 4 is sure, and still down
    assert inbox.take() == "4"
    up(pins, "2", "4")
    keypad.close()
    assert inbox.rest() == []


def test_three_corners_at_once_press_nothing(pins, inbox, keypad):
    with pins.moving():
        down(pins, "1", "2", "4")
    pins.wait_for_reads(SCANS)
    with pins.moving():
        for key in ("1", "2", "4"):
            pins.release(*KEYS[key])
    pins.wait_for_reads(SCANS)
    keypad.close()
    assert inbox.rest() == []


def test_at_rest_no_column_is_switched_and_an_edge_alone_wakes(pins, inbox):
    keypad = keypad_on(pins, rest_seconds=3600)
    keypad.listen(inbox.post)
    pins.wait_for_reads(1, 0.1)  # the look with which listening begins
    written = [len(pins.pin(column).states) for column in COLUMNS]
    assert not pins.wait_for_reads(1, 0.02)
    assert [len(pins.pin(column).states) for column in COLUMNS] == written
    tap(pins, "8")
    assert inbox.take() == "8"
    keypad.close()


def test_a_lost_edge_is_made_good_by_looking(pins, inbox, keypad):
    pins.silent = True
    down(pins, "next")
    assert inbox.take() == "next"
    pins.silent = False
    up(pins, "next")
    assert keypad.health() == Health()


def test_when_no_edge_comes_any_more_every_key_is_heard_still_and_its_health_says_so(
    pins, inbox, keypad, caplog
):
    pins.silent = True
    for _ in range(4):
        tap(pins, "next")
        assert inbox.take() == "next"
    assert keypad.health() == Health(troubles=(Trouble.BROKEN,))
    assert caplog.text.count("edges do not come any more") == 1
    pins.silent = False
    tap(pins, "recall")
    assert inbox.take() == "recall"
    assert keypad.health() == Health()


def test_a_key_that_must_be_held_counts_once_it_was(pins, inbox):
    keypad = keypad_on(pins, hold_ms={"help": 30})
    keypad.listen(inbox.post)
    down(pins, "help")
    assert inbox.take() == "help"
    up(pins, "help")
    keypad.close()
    assert inbox.rest() == []


def test_a_key_that_is_down_from_the_start_posts_nothing_until_pressed_anew(pins, inbox):
    down(pins, "7")
    keypad = keypad_on(pins)
    keypad.listen(inbox.post)
    pins.wait_for_reads(SCANS)
    assert inbox.rest() == []
    up(pins, "7")
    tap(pins, "7")
    assert inbox.take() == "7"
    keypad.close()


def test_pins_that_cannot_be_read_show_in_its_health_until_they_can_be_again(pins, keypad, caplog):
    pins.fails = True
    pins.wait_for_reads(3)
    assert keypad.health() == Health(usable=False, troubles=(Trouble.BROKEN,))
    pins.fails = False
    pins.wait_for_reads(SCANS, 0.1)
    assert keypad.health() == Health()
    assert caplog.text.count("cannot be read") == 1


def test_a_closed_keypad_gives_its_pins_back_and_a_taken_pin_is_a_fault(pins):
    first = keypad_on(pins)
    with pytest.raises(HardwareFault, match=r"row 1 of the keys cannot have GPIO5"):
        keypad_on(pins)
    first.close()
    keypad_on(pins).close()


# --- which crossings are sure: pure ------------------------------------------------------------------

any_case = settings(max_examples=25)
crossing = st.tuples(st.integers(1, 4), st.integers(1, 4))
QUIET = 0.03


def felt(pressed: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """All crossings whose wires are joined by what is pressed, over however many others."""
    felt = set(pressed)
    while True:
        more = {
            (row, column)
            for row, other_column in felt
            for other_row, column in felt
            if (other_row, other_column) in felt
        }
        if more <= felt:
            return felt
        felt |= more


@any_case
@given(st.sets(crossing, max_size=8))
def test_what_is_sure_is_really_pressed(pressed):
    seen = felt(pressed)
    assert seen - unsure(seen) <= pressed


@any_case
@given(st.sets(crossing, max_size=2))
def test_two_keys_are_never_unsure(pressed):
    assert unsure(felt(pressed)) == frozenset()


@any_case
@given(st.lists(st.sets(crossing, max_size=4), max_size=30))
def test_no_key_presses_that_was_never_pressed(strokes):
    crossings = Crossings(KEYS, QUIET, {})
    names = {crossing: name for name, crossing in KEYS.items()}
    crossings.feed(0.0, ())
    ever: set[str] = set()
    for number, pressed in enumerate(strokes, start=1):
        ever |= {names[one] for one in pressed}
        assert set(crossings.feed(float(number), felt(pressed))) <= ever


@any_case
@given(st.lists(st.sampled_from(list(KEYS)), max_size=6), st.sampled_from(list(KEYS)))
def test_keys_one_after_the_other_press_once_each(keys, held):
    crossings = Crossings(KEYS, QUIET, {held: 0.5})
    crossings.feed(0.0, ())
    came: list[str] = []
    for number, key in enumerate(keys):
        for at in range(200):  # each is down for half a second, of one
            seen = (KEYS[key],) if at < 100 else ()
            came += crossings.feed(1 + number + at * 0.005, seen)
    assert came == [key for key in keys if key != held]


# --- settings ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"rows": [5, 5]}, "share a pin"),
        ({"columns": [5, 12]}, "share a pin"),
        ({"keys": {"1": [1, 1], "2": [1, 1]}}, "share a crossing"),
        ({"keys": {"1": [3, 1]}}, "'1' is at row 3, column 1: there are 2 rows and 2 columns"),
        ({"keys": {"1": [0, 1]}}, "counted from 1"),
        ({"keys": {"1": [1]}}, "length 2"),
        ({"keys": {}}, "length >= 1"),
        ({"hold_ms": {"help": 2000}}, "names help"),
        ({"normally_closed": ["1"]}, "unknown field"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(changed, why):
    table = {"model": "matrix", "rows": [5, 6], "columns": [12, 16], "keys": {"1": [1, 1]}}
    assert msgspec.convert(table, KeypadSettings)
    with pytest.raises(msgspec.ValidationError, match=why):
        msgspec.convert(table | changed, KeypadSettings)


def test_it_claims_every_wire():
    settings = MatrixKeypadSettings(rows=(5, 6), columns=(12,), keys={"1": (1, 1)})
    assert [(claim.steps, claim.wanted) for claim in settings.claims()] == [
        (("rows", 0), 5),
        (("rows", 1), 6),
        (("columns", 0), 12),
    ]

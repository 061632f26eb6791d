"""The laws of the door: a person is who their PIN says, wrong ones lock the name, and no restart frees it."""

from __future__ import annotations

import io
import stat
from pathlib import Path

import pytest

from broker.clock import HubClock
from broker.coordinator import Coordinator
from broker.journal import Journal
from broker.loading import parse
from broker.messages import (
    CommandRejected,
    DeviceCommand,
    OpenCounter,
    Refusal,
    Request,
    StopIssuing,
)
from broker.staff import PINS, Door, main, set_pin, weakness
from tests.queue.halls import MINUTE, NINE
from tests.queue.mistakes import SAMPLE

RIGHT, WRONG = "270431", "270432"
STAFF = '\n[[staff]]\nid = "wang"\nrole = "supervisor"\n\n[[staff]]\nid = "li"\n'
HALL = parse(SAMPLE + STAFF)
OPEN = OpenCounter(counter=1)


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What makes each try dear to a thief would make these tests slow."""
    monkeypatch.setattr("broker.staff.N", 16)


@pytest.fixture
def door(tmp_path: Path) -> Door:
    set_pin(tmp_path, "wang", RIGHT, NINE - MINUTE)
    set_pin(tmp_path, "li", RIGHT, NINE - MINUTE)
    return Door(HALL, tmp_path)


def asked(
    staff: str = "wang",
    pin: str = RIGHT,
    device: str = "supervisor-1",
    command: DeviceCommand = OPEN,
) -> Request:
    return Request(command_id="1", device=device, command=command, staff=staff, pin=pin)


def refusal(door: Door, request: Request, at: int = NINE) -> CommandRejected:
    with pytest.raises(CommandRejected) as refused:
        door.admit(request, at)
    return refused.value


def locked(door: Door, times: int = 5) -> None:
    for _ in range(times):
        assert refusal(door, asked(pin=WRONG)).code is Refusal.WRONG_PIN


def test_who_gives_their_own_pin_passes(door: Door):
    door.admit(asked(), NINE)


def test_what_is_a_supervisors_needs_a_name_a_pin_and_a_supervisor(door: Door):
    assert refusal(door, asked(staff="", pin="")).code is Refusal.WRONG_PIN
    assert refusal(door, asked(pin="")).code is Refusal.WRONG_PIN
    assert refusal(door, asked(staff="li")).code is Refusal.NOT_YOURS


def test_nobody_has_a_pin_until_one_is_set(tmp_path: Path):
    assert refusal(Door(HALL, tmp_path), asked(pin="")).code is Refusal.WRONG_PIN
    assert refusal(Door(HALL, tmp_path), asked(staff="nobody")).code is Refusal.WRONG_PIN


def test_a_board_speaks_for_no_person(door: Door):
    assert refusal(door, asked(device="panel-1")).code is Refusal.NOT_YOURS


def test_five_wrong_pins_lock_the_name_for_five_minutes_also_against_the_right_one(door: Door):
    locked(door)
    assert refusal(door, asked(), NINE + 5 * MINUTE - 1).code is Refusal.LOCKED
    door.admit(asked(), NINE + 5 * MINUTE)


def test_each_further_wrong_pin_doubles_the_lock_up_to_four_hours(door: Door):
    locked(door)
    at = NINE
    for minutes in (5, 10, 20, 40, 80, 160, 240, 240):
        assert refusal(door, asked(pin=WRONG), at + minutes * MINUTE - 1).code is Refusal.LOCKED
        at += minutes * MINUTE
        assert refusal(door, asked(pin=WRONG), at).code is Refusal.WRONG_PIN


def test_a_right_pin_forgets_the_wrong_ones_before_it(door: Door):
    locked(door, 4)
    door.admit(asked(), NINE)
    locked(door, 4)
    door.admit(asked(), NINE)


def test_one_name_locked_locks_no_other(door: Door):
    locked(door)
    assert refusal(door, asked(staff="li")).code is Refusal.NOT_YOURS


def test_a_pin_set_anew_frees_the_name_at_once(door: Door, tmp_path: Path):
    locked(door)
    set_pin(tmp_path, "wang", "903152", NINE + 1)
    door.admit(asked(pin="903152"), NINE + 2)
    assert refusal(door, asked(), NINE + 3).code is Refusal.WRONG_PIN


def test_pins_that_others_could_read_open_nothing(door: Door, tmp_path: Path):
    (tmp_path / PINS).chmod(0o644)
    refused = refusal(door, asked())
    assert refused.code is Refusal.LOCKED
    assert "can be read or written by others" in refused.reason


def test_a_pin_is_kept_as_a_hash_that_only_its_owner_reads(door: Door, tmp_path: Path):
    kept = (tmp_path / PINS).read_bytes()
    assert RIGHT.encode() not in kept
    assert stat.S_IMODE((tmp_path / PINS).stat().st_mode) == 0o600
    assert kept.count(b'"salt"') == 2


def test_who_did_it_and_who_failed_stand_in_the_journal_and_no_restart_frees_the_locked(
    door: Door, tmp_path: Path
):
    now = NINE / 1000
    journal = Journal(tmp_path / "journal.db")
    hub = Coordinator(
        HALL, SAMPLE + STAFF, journal, HubClock(lambda: now, lambda: now), admit=door.admit
    )
    hub.start()
    stop = StopIssuing(services=("card",), reason="系统故障")
    requests = [
        Request(command_id=f"{number}", device="supervisor-1", command=stop, staff="wang", pin=pin)
        for number, pin in enumerate((RIGHT, *[WRONG] * 5))
    ]
    hub.handle(requests)
    rows = [row for row in journal.rows() if row.sender == "supervisor-1/wang"]
    assert [row.kind for row in rows] == ["IssuingStopped", *["CommandRefused"] * 5]
    text = "".join(row.body for row in journal.rows())
    assert RIGHT not in text
    assert WRONG not in text
    again = Door(HALL, tmp_path)
    again.recall(journal.rows())
    assert refusal(again, asked()).code is Refusal.LOCKED
    journal.close()


# --- jiaohao pin -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pin", ["", "123", "1234", "987654", "0000", "121212", "1984", "12345a", "１２７４"]
)
def test_a_pin_that_is_soon_guessed_is_not_taken(pin: str):
    assert weakness(pin)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (f"{RIGHT}\n{RIGHT}\n", ""),
        (f"{RIGHT}\n{WRONG}\n", "the two are not the same; nothing was changed"),
        ("1234\n1234\n", "not taken: a run of digits"),
        ("", "not taken: a PIN is 4 to 12 digits"),
    ],
)
def test_a_pin_is_set_only_if_it_was_said_twice_and_is_not_weak(
    typed: str,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    hall = tmp_path / "hall.toml"
    hall.write_text(SAMPLE + STAFF, encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    status = main(["wang", "--hall", str(hall), "--data", str(tmp_path / "data")])
    out, complaint = capsys.readouterr()
    assert status == (1 if said else 0)
    assert said in complaint
    assert (tmp_path / "data" / PINS).exists() == (not said)
    assert ("wang: the PIN is set" in out) == (not said)

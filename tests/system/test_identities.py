"""Identities in a running hall, on the real Mosquitto: renewed and revoked without a break, and what a thief with one cannot do."""

from __future__ import annotations

import shutil
import stat
import struct
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from broker import enrol
from broker.ask import main as ask
from broker.guard import FLOOD
from broker.identity import IdentityFault, open_identity
from broker.messages import IssueTicket, TicketIssued
from broker.staff import set_pin
from tests.system.guarded import Guarded, Raw, guarded, packet, text
from tests.system.peer import Peer
from tests.system.stage import wait_until

pytestmark = [
    pytest.mark.needs("mosquitto"),
    # Python itself leaves a TLS line open that the broker reset before the handshake, as it does when it starts again.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

PIN = "270431"
OWN = "jiaohao/sample/command/counter-3"


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    with guarded(tmp_path_factory.mktemp("hall")) as hall:
        yield hall
        assert hall.processes["hub"].poll() is None, hall.log("hub")
        assert hall.processes["broker"].poll() is None, hall.log("broker")


@pytest.fixture(scope="module")
def technician(hall: Guarded) -> Peer:
    return hall.peer("guide-1")


@pytest.fixture(scope="module")
def kiosk(hall: Guarded) -> Peer:
    return hall.peer("kiosk-1")


def lets_in(hall: Guarded, identity: Path) -> bool:
    try:
        Raw(hall.port, open_identity(identity)).close()
    except OSError:
        return False
    return True


def issued(kiosk: Peer) -> bool:
    (event,) = kiosk.ask("kiosk-1", IssueTicket(service="pension")).events
    return isinstance(event, TicketIssued)


def starts(hall: Guarded) -> int:
    return hall.log("broker").count("running")


# --- jiaohao ca --------------------------------------------------------------------------------------------


def test_every_key_is_its_owners_alone(hall: Guarded):
    ca = hall.data / "ca"
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in [ca, *ca.rglob("*")]}
    assert len(modes) > 40
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}
    for name in ("journal.db", "mosquitto.conf", "mosquitto.acl"):
        assert stat.S_IMODE((hall.data / name).stat().st_mode) == 0o600


def test_asked_again_the_authority_keeps_what_is_valid(
    hall: Guarded, capsys: pytest.CaptureFixture[str]
):
    before = (hall.identity("kiosk-1") / "cert.pem").read_bytes()
    hall.ca()
    assert (hall.identity("kiosk-1") / "cert.pem").read_bytes() == before
    assert "made" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("renew",), "renew whom? Name one of broker, coordinator, kiosk-1"),
        (("revoke", "nobody"), "'nobody' is none of broker, coordinator"),
    ],
)
def test_who_is_unknown_is_neither_renewed_nor_revoked(
    hall: Guarded, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
):
    status = enrol.main([*words, "--hall", str(hall.hall), "--data", str(hall.data)])
    assert (status, said in capsys.readouterr().err) == (1, True)


def test_anothers_folder_and_one_that_others_could_read_are_refused_in_words(
    hall: Guarded, tmp_path: Path
):
    with pytest.raises(IdentityFault, match=r"is that of 'counter-1', not of 'counter-2'"):
        open_identity(hall.identity("counter-1"), "counter-2")
    copy = Path(shutil.copytree(hall.identity("counter-1"), tmp_path / "copy"))
    (copy / "key.pem").chmod(0o640)
    with pytest.raises(IdentityFault, match=r"key\.pem can be read or written by others"):
        open_identity(copy)
    (copy / "key.pem").unlink()
    with pytest.raises(IdentityFault, match="is not whole; run `jiaohao ca`"):
        open_identity(copy)


# --- rotation and revocation in a running hall -----------------------------------------------------------------


def test_a_renewed_board_comes_in_and_after_the_revocation_the_old_one_does_not(
    hall: Guarded, kiosk: Peer
):
    old = hall.stolen("counter-1")
    hall.ca("renew", "counter-1")
    new = hall.identity("counter-1")
    assert lets_in(hall, old), "the board has not taken the new one yet"
    assert lets_in(hall, new)
    hall.ca("revoke", "counter-1", "--older")
    wait_until("it takes note", lambda: not lets_in(hall, old) and lets_in(hall, new), 5)
    assert not lets_in(hall, old)
    assert issued(kiosk)


def test_a_revocation_ends_the_session_that_is_open_and_stops_nobody_else(
    hall: Guarded, kiosk: Peer
):
    old = hall.stolen("counter-2")
    before = starts(hall)
    with Raw(hall.port, open_identity(old)) as thief, hall.raw("counter-1") as other:
        hall.ca("revoke", "counter-2")
        assert thief.is_cut_off(5)
        assert not other.is_cut_off(1)
    assert issued(kiosk)
    assert starts(hall) == before, "the broker goes on"
    assert not lets_in(hall, old)
    assert not lets_in(hall, hall.identity("counter-2"))
    hall.ca()
    assert lets_in(hall, hall.identity("counter-2")), "the board that takes its place"


def test_a_new_identity_of_the_broker_is_taken_up_by_itself(hall: Guarded, kiosk: Peer):
    before = starts(hall)
    hall.ca("renew", "broker")
    wait_until("it has started again", lambda: starts(hall) > before, 5)
    assert issued(kiosk)


# --- what ACLs do not stop ------------------------------------------------------------------------------------


def test_a_message_above_quality_0_ends_its_session_so_that_none_piles_up_in_the_broker(
    hall: Guarded, technician: Peer, kiosk: Peer
):
    for qos in (1, 2):
        with hall.raw("counter-3") as thief:
            thief.send(packet(0x30 | qos << 1, text(OWN) + struct.pack(">H", 7) + b"x" * 9000))
            assert thief.is_cut_off(5)
    assert issued(kiosk)


def test_a_flood_of_messages_is_silenced_and_no_press_of_another_is_lost(
    hall: Guarded, technician: Peer, kiosk: Peer
):
    with hall.raw("counter-3") as thief:
        for _ in range(2 * FLOOD):
            thief.publish(OWN, b"{}")
        hall.told(technician, "board counter-3 was refused", "more than 200 packets")
        before = hall.log("hub").count("dropped")
        for _ in range(FLOOD):
            thief.publish(OWN, b"{}")
        assert issued(kiosk)
        assert hall.log("hub").count("dropped") == before


def test_a_flood_that_no_fault_explains_is_cut_off_at_once_while_the_broker_goes_on(
    hall: Guarded, technician: Peer, kiosk: Peer
):
    stolen = hall.stolen("counter-3")
    before = starts(hall)
    with Raw(hall.port, open_identity(stolen)) as thief, suppress(OSError):
        for _ in range(100_000):
            thief.publish(OWN, b"{}")
    assert issued(kiosk)
    assert starts(hall) == before
    assert not lets_in(hall, stolen)
    hall.told(technician, "board counter-3", "revoked for flooding")


def test_a_flood_of_subscriptions_which_no_rights_stop_ends_in_a_revocation(
    hall: Guarded, technician: Peer, kiosk: Peer
):
    stolen = hall.stolen("hall-1")
    before = starts(hall)
    many = b"".join(text(f"a/{number}") + b"\0" for number in range(6000))
    with Raw(hall.port, open_identity(stolen)) as thief:
        thief.send(packet(0x82, struct.pack(">H", 1) + many))
        assert thief.is_cut_off(5)
    assert issued(kiosk)
    assert starts(hall) == before, "the broker goes on"
    assert not lets_in(hall, stolen)
    hall.told(technician, "board hall-1", "revoked for flooding", "jiaohao ca renew hall-1")
    hall.ca("renew", "hall-1")
    assert lets_in(hall, hall.identity("hall-1"))


# --- a person at a console --------------------------------------------------------------------------------------


def test_a_supervisor_asks_over_tls_with_a_pin_and_the_journal_says_who(
    hall: Guarded, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    set_pin(hall.data, "wang", PIN, int(time.time() * 1000))

    def asked(pin: str, *, console: str = "supervisor-1", broker: str = "127.0.0.1") -> int:
        monkeypatch.setattr("getpass.getpass", lambda _prompt: pin)
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        where = ("--hall", str(hall.hall), "--broker", f"{broker}:{hall.port}")
        who = ("--as", console, "--identity", str(hall.identity("supervisor-1")), "--staff", "wang")
        return ask([*where, *who, "OpenCounter", "counter=3"])

    assert asked("999999") == 1
    assert "wrong PIN for wang, 1 in a row" in capsys.readouterr().err
    assert asked(PIN) == 0
    assert asked(PIN, console="guide-1") == 2
    assert "is that of 'supervisor-1', not of 'guide-1'" in capsys.readouterr().err
    rows = [
        (kind, body) for kind, body in hall.journal() if PIN in str(body) or "999999" in str(body)
    ]
    assert rows == []
    hall.told(hall.peer("guide-1"), "supervisor-1", "wrong PIN for wang")


def test_a_pin_does_not_travel_in_the_clear(hall: Guarded, capsys: pytest.CaptureFixture[str]):
    where = ("--hall", str(hall.hall), "--broker", "192.0.2.1:1883", "--as", "supervisor-1")
    assert ask([*where, "--staff", "wang", "OpenCounter", "counter=3"]) == 2
    assert "a PIN does not travel to 192.0.2.1 in the clear" in capsys.readouterr().err

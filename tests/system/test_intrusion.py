"""Who holds the stolen identity of counter 2's board, or none, against the real Mosquitto as it is configured for a hall:
nothing is delivered or done, and the technician reads of it.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import ssl
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broker.ca import Authority
from broker.identity import open_identity
from broker.messages import (
    CallNext,
    CommandRefused,
    IssueTicket,
    OpenCounter,
    Refusal,
    ReportPrinted,
    TicketIssued,
)
from tests.system.guarded import Guarded, Raw, guarded
from tests.system.peer import Peer
from tests.system.stage import wait_until

pytestmark = pytest.mark.needs("mosquitto")

THIEF = "counter-2"
HALL = "jiaohao/sample"
CONNECT = b"\x10\x10\x00\x04MQTT\x04\x02\x00\x3c\x00\x04anon"
LONG_ENOUGH_S = 0.3
"""Several times what a message needs through the broker."""


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


@pytest.fixture
def thief(hall: Guarded) -> Iterator[Raw]:
    with hall.raw(THIEF) as thief:
        yield thief


def request(device: str, command: dict[str, object], command_id: str = "") -> bytes:
    asked = {"command_id": command_id or uuid.uuid4().hex, "device": device, "command": command}
    return json.dumps(asked).encode()


def settled(hall: Guarded, kiosk: Peer) -> int:
    """How much is written down, once all that was sent so far has been answered."""
    (event,) = kiosk.ask("kiosk-1", IssueTicket(service="no-such")).events
    assert isinstance(event, CommandRefused)
    return sum(kind != "CommandRefused" for kind in hall.kinds())


# --- doing what is not its to do -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        {"type": "CallNext", "counter": 1},
        {"type": "OpenCounter", "counter": 1},
        {
            "type": "Rate",
            "counter": 1,
            "day": "2026-01-01",
            "ticket": "A001",
            "level": "satisfied",
            "pressed_at": 1,
        },
        {
            "type": "ReportDoneAlone",
            "counter": 1,
            "ticket": "A001",
            "day": "2026-01-01",
            "act": "closed",
            "done_at": 1,
        },
        {"type": "ReportTakenUp", "counter": 1, "call": 1, "recall": 0},
        {"type": "IssueTicket", "service": "pension"},
        {"type": "StopIssuing", "services": ["pension"], "reason": "x"},
        {"type": "OpenDay", "day": "2030-01-01", "secret": "x"},
    ],
    ids=lambda command: command["type"],
)
@pytest.mark.parametrize("device", ["panel-2", "pad-2", "panel-1", "kiosk-1", "supervisor-1", ""])
def test_a_stolen_board_does_nothing_that_is_not_its_own(hall, kiosk, thief, device, command):
    before = settled(hall, kiosk)
    thief.subscribe(f"{HALL}/answer/{THIEF}")
    thief.publish(f"{HALL}/command/{THIEF}", request(device, command))
    refused = json.loads(wait_until("it is answered", lambda: thief.heard(0.05))[0][1])
    (event,) = refused["events"]
    assert event["type"] == "CommandRefused"
    assert event["code"] in ("not_yours", "bad_message")
    assert settled(hall, kiosk) == before


def test_what_it_asked_is_counted_where_the_technician_looks(hall, technician, thief):
    for _ in range(3):
        thief.publish(
            f"{HALL}/command/{THIEF}", request("panel-3", {"type": "CallNext", "counter": 3})
        )
        thief.publish(
            f"{HALL}/command/{THIEF}", request("panel-2", {"type": "CallNext", "counter": 1})
        )
    hall.told(technician, f"board {THIEF} was refused", "panel-3", "does not host")
    hall.told(technician, f"panel-2 of board {THIEF}", "may not ask CallNext of counter 1")


def test_a_forged_sender_in_the_message_is_refused_and_told(hall, technician, kiosk, thief):
    before = settled(hall, kiosk)
    thief.publish(
        f"{HALL}/command/{THIEF}", request("kiosk-1", {"type": "IssueTicket", "service": "pension"})
    )
    hall.told(technician, f"board {THIEF} was refused", "does not host")
    assert settled(hall, kiosk) == before


@pytest.mark.parametrize(
    "topic",
    ["command/counter-1", "command/supervisor-1", "answer/counter-1", "board/counter-1", "state/hub",
     "state/queue", "state/counter/2", "command/counter-2/x", "anything"],
)  # fmt: skip
def test_it_publishes_on_no_topic_but_its_own(hall, technician, kiosk, thief, topic):
    before = settled(hall, kiosk)
    forged = request("panel-1", {"type": "OpenCounter", "counter": 1})
    with hall.raw("counter-1") as victim:
        victim.subscribe("#")
        thief.publish(f"{HALL}/{topic}", forged, retain=True)
        hall.told(technician, f"board {THIEF} was refused", f"published on {HALL}/{topic}")
        assert forged not in [payload for _, payload in victim.heard(0.1)]
        victim.subscribe("#")  # what was retained would be delivered now
        heard = victim.heard(LONG_ENOUGH_S)
    assert heard
    assert forged not in [payload for _, payload in heard]
    assert settled(hall, kiosk) == before


def test_its_will_speaks_for_nobody_else(hall, technician):
    will = (f"{HALL}/board/counter-1", b'{"board":"counter-1","boot":"x","up":false}')
    with hall.raw("guide-1") as observer:
        observer.subscribe(f"{HALL}/board/counter-1")
        with Raw(hall.port, open_identity(hall.identity(THIEF)), will=will):
            pass  # it ends without a farewell
        assert observer.heard(LONG_ENOUGH_S) == []


# --- reading what is not its to read --------------------------------------------------------------------


def test_nothing_that_is_not_its_own_is_delivered_whatever_it_asks_to_read(
    hall, technician, kiosk, thief
):
    everything = (
        "#", "+/#", "$SYS/#", f"{HALL}/answer/+", f"{HALL}/command/+", f"{HALL}/state/kiosk/kiosk-1",
        f"{HALL}/state/counter/1", f"{HALL}/board/#", f"$share/x/{HALL}/answer/kiosk-1", "$CONTROL/#",
    )  # fmt: skip
    thief.subscribe(*everything)
    (issued,) = kiosk.ask("kiosk-1", IssueTicket(service="pension")).events
    assert isinstance(issued, TicketIssued)
    kiosk.ask("kiosk-1", ReportPrinted(ticket=issued.ticket))
    own = {f"{HALL}/answer/{THIEF}", f"{HALL}/board/{THIEF}", f"{HALL}/state/hub", f"{HALL}/state/hall",
           f"{HALL}/state/queue", f"{HALL}/state/counter/2"}  # fmt: skip
    heard = thief.heard(1.5)
    assert {topic for topic, _ in heard} <= own
    assert f"{HALL}/state/hub" in {topic for topic, _ in heard}, "it heard nothing at all: no proof"
    assert issued.code not in str(heard)
    hall.told(technician, f"board {THIEF} was refused", "asked to read")


# --- with no identity of this hall -----------------------------------------------------------------------


def refused_at_the_door(hall: Guarded, tls: ssl.SSLContext, name: str = THIEF) -> None:
    with pytest.raises(OSError):  # its words depend on the TLS version
        Raw(hall.port, tls, name)


def without_identity(hall: Guarded) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(hall.identity(THIEF) / "ca.pem")
    return context


def counted(hall: Guarded, technician: Peer) -> int:
    """How many connections without a valid identity the technician was told of."""
    told = [
        line
        for line in technician.state("state/hub").get("problems", ())
        if "no valid identity" in line
    ]
    return (
        int(told[0].split(" times")[0].rsplit(" ", 1)[-1])
        if told and " times" in told[0]
        else len(told)
    )


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize(
    "how", ["none", "ended", "of another hall", "the broker's own", "made by a board"]
)
def test_nobody_enters_without_a_valid_identity_and_it_is_counted(
    hall, technician, tmp_path, how, version
):
    before = counted(hall, technician)
    tls = {
        "none": lambda: without_identity(hall),
        "ended": lambda: open_identity(ended(hall, tmp_path)),
        "of another hall": lambda: open_identity(of_another_hall(hall, tmp_path)),
        "the broker's own": lambda: open_identity(hall.identity("broker")),
        "made by a board": lambda: open_identity(made_by_a_board(hall, tmp_path)),
    }[how]()
    tls.minimum_version = tls.maximum_version = version
    refused_at_the_door(hall, tls)
    wait_until("it is told", lambda: counted(hall, technician) > before, 5)


def test_nobody_enters_without_tls_or_with_an_old_one(hall):
    with socket.create_connection(("127.0.0.1", hall.port), 5) as plain:
        plain.sendall(CONNECT)
        with contextlib.suppress(ConnectionResetError):
            assert plain.recv(100)[:1] != b"\x20", "it was let in"
    old = open_identity(hall.identity(THIEF))
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    refused_at_the_door(hall, old)


def ended(hall: Guarded, folder: Path) -> Path:
    """An identity as this hall's authority would have given it long ago."""
    shutil.copytree(hall.data / "ca", folder / "ca")
    Authority(folder / "ca", "sample", datetime(2015, 1, 1, tzinfo=UTC)).renew(THIEF)
    return folder / "ca" / "identities" / THIEF


def of_another_hall(hall: Guarded, folder: Path) -> Path:
    """The same names, by an authority that calls itself the same."""
    Authority(folder / "ca", "sample", datetime.now(UTC)).renew(THIEF)
    home = folder / "ca" / "identities" / THIEF
    shutil.copy(hall.identity(THIEF) / "ca.pem", home / "ca.pem")
    return home


def made_by_a_board(hall: Guarded, folder: Path) -> Path:
    """A board's key signs itself the coordinator's identity."""
    authority = Authority(folder / "ca", "sample", datetime.now(UTC))
    shutil.copy(hall.identity(THIEF) / "key.pem", folder / "ca" / "ca.key")
    shutil.copy(hall.identity(THIEF) / "cert.pem", folder / "ca" / "ca.pem")
    authority = Authority(folder / "ca", "sample", datetime.now(UTC))
    authority.renew("coordinator")
    home = folder / "ca" / "identities" / "coordinator"
    chain = (home / "cert.pem").read_bytes() + (hall.identity(THIEF) / "cert.pem").read_bytes()
    (home / "cert.pem").write_bytes(chain)
    shutil.copy(hall.identity(THIEF) / "ca.pem", home / "ca.pem")
    return home


def test_a_claimed_name_is_worth_nothing_only_the_certificates_is(hall, kiosk):
    """Else it could take the hub's session by claiming the hub's client id."""
    with Raw(hall.port, open_identity(hall.identity(THIEF)), "sample-hub"):
        answer = kiosk.ask("kiosk-1", IssueTicket(service="pension"))
        assert isinstance(answer.events[0], TicketIssued)
    assert hall.log("hub").count("connected to the broker") == 1


# --- with packets that no client sends ---------------------------------------------------------------------


def test_a_replayed_command_gets_its_first_answer_and_nothing_is_done_twice(hall, kiosk, thief):
    own = f"{HALL}/command/{THIEF}"
    thief.subscribe(f"{HALL}/answer/{THIEF}")
    recorded = request("panel-2", {"type": "OpenCounter", "counter": 2})
    for _ in range(3):
        thief.publish(own, recorded)
    answers = [payload for topic, payload in thief.heard(LONG_ENOUGH_S) if "/answer/" in topic]
    assert len(answers) == 3
    assert len(set(answers)) == 1
    settled(hall, kiosk)
    assert hall.kinds().count("CounterOpened") == 1


def test_a_replayed_press_of_another_board_gets_no_further_than_its_own(hall, kiosk, thief):
    kiosk.ask("kiosk-1", IssueTicket(service="card"), command_id="seen-on-the-wire")
    before = settled(hall, kiosk)
    thief.publish(
        f"{HALL}/command/{THIEF}",
        request("kiosk-1", {"type": "IssueTicket", "service": "card"}, "seen-on-the-wire"),
    )
    assert settled(hall, kiosk) == before


def test_an_oversized_packet_ends_its_session_and_is_told(hall, technician, kiosk, thief):
    before = settled(hall, kiosk)
    with contextlib.suppress(OSError):  # it may be cut off before it has said it all
        thief.publish(f"{HALL}/command/{THIEF}", b"x" * 70_000)
    assert thief.is_cut_off(5)
    hall.told(technician, f"board {THIEF}", "not MQTT", "oversize")
    assert settled(hall, kiosk) == before


def test_a_packet_too_large_for_a_command_is_dropped_by_the_hub_and_told(hall, technician, thief):
    thief.publish(f"{HALL}/command/{THIEF}", b"x" * 20_000)
    hall.told(technician, f"board {THIEF} was refused", "20000 bytes")


@pytest.mark.parametrize(
    "packet",
    [
        pytest.param(b"\x30\xff\xff\xff\xff\x7f", id="a length of more than four bytes"),
        pytest.param(b"\x00\x00", id="a kind that does not exist"),
        pytest.param(b"\x30\x03\x00\xffx", id="a topic longer than its packet"),
        pytest.param(
            b"\x30\x0b\x00\x09a\nDenied P",
            id="a topic that would write a line of its own into the log",
        ),
        pytest.param(CONNECT, id="a second greeting"),
        pytest.param(b"\x36\x05\x00\x01a\x00\x01", id="a quality of service of 3"),
    ],
)
def test_a_malformed_packet_ends_its_session_and_is_told(hall, technician, kiosk, thief, packet):
    thief.send(packet)
    assert thief.is_cut_off(5)
    hall.told(technician, f"board {THIEF}", "not MQTT")
    answer = kiosk.ask("kiosk-1", IssueTicket(service="pension"))
    assert isinstance(answer.events[0], TicketIssued)


def test_junk_instead_of_a_command_is_dropped_and_told(hall, technician, thief):
    nested = b'{"x":' + b"[" * 10_000
    for junk in (b"", b"\xff\xfe", b"[" * 5000, nested, b'{"command_id":1}'):
        thief.publish(f"{HALL}/command/{THIEF}", junk)
    hall.told(technician, f"board {THIEF} was refused", "no command of this hall")


def test_the_hall_goes_on_all_the_while(hall, kiosk):
    panel = hall.peer("counter-1")
    panel.ask("panel-1", OpenCounter(counter=1))
    (issued,) = kiosk.ask("kiosk-1", IssueTicket(service="card")).events
    kiosk.ask("kiosk-1", ReportPrinted(ticket=issued.ticket))
    called = panel.ask("panel-1", CallNext(counter=1)).events[-1]
    assert not isinstance(called, CommandRefused), called
    assert Refusal.NOT_YOURS not in called.__class__.__name__

"""Who gets nothing at the desk, over real TLS, and what each is told."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tarfile import open as open_tar

import pytest

from broker.ca import Authority
from broker.mosquitto import TECHNICIAN
from broker.updates.wanted import Release, Report, Wanted, bundles, read_reports, write_wanted
from tests.setup.desks import Answer, Applicant, DeskStage, desk, openssl
from tests.system.stage import wait_until


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskStage]:
    with desk(tmp_path_factory.mktemp("hub")) as stage:
        yield stage
        assert stage.processes["desk"].poll() is None, stage.log("desk")
        assert "Traceback" not in stage.log("desk")


@pytest.fixture
def board(hub: DeskStage, tmp_path: Path) -> Applicant:
    hub.authority().revoke("counter-3")
    return Applicant(tmp_path / "board", "counter-3")


@pytest.fixture(scope="module")
def other_hall(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Another hall of the very same name, with an authority of its own."""
    made = Authority(tmp_path_factory.mktemp("other") / "ca", "sample", datetime.now(UTC))
    made.identity(TECHNICIAN)
    made.identity("counter-3")
    return made


def refused(answer: Answer, kind: str) -> str:
    status, found = answer
    assert (status, found.get("kind")) == (403, kind), found
    return str(found["refused"])


# --- enrolment ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["", "none", "a.b.c", "x" * 8000])
def test_who_has_no_token_gets_no_identity(hub: DeskStage, board: Applicant, token: str):
    assert "cannot be read" in refused(board.enrol(hub, token), "token")
    hub.told("somebody at 127.0.0.1", "cannot be read")


def test_an_expired_token_gives_none(hub: DeskStage, board: Applicant):
    said = refused(board.enrol(hub, hub.token("counter-3", lives_s=-1)), "expired")
    assert "write a new token on the card" in said
    hub.told("board counter-3", "expired at")


def test_a_token_for_another_board_gives_none(hub: DeskStage, board: Applicant):
    said = refused(board.enrol(hub, hub.token("counter-2")), "token")
    assert "is for the board 'counter-2', not for 'counter-3'" in said


def test_a_token_for_another_hall_gives_none(hub: DeskStage, board: Applicant):
    said = refused(board.enrol(hub, hub.token("counter-3", hall="elsewhere")), "token")
    assert "for the hall 'elsewhere'" in said


def test_a_board_that_hall_toml_does_not_know_is_told_what_to_do(hub: DeskStage, tmp_path: Path):
    stranger = Applicant(tmp_path / "board", "counter-9")
    said = refused(stranger.enrol(hub, hub.token("counter-9")), "board")
    assert "copy the newer hall.toml to the hub" in said


@pytest.mark.parametrize("name", ["broker", "coordinator", "technician", "supervisor-1"])
def test_nobody_but_a_board_is_enrolled(hub: DeskStage, tmp_path: Path, name: str):
    refused(Applicant(tmp_path / "board", name).enrol(hub, hub.token(name)), "board")


def test_a_token_that_another_boards_identity_signed_gives_none(
    hub: DeskStage, board: Applicant, tmp_path: Path
):
    from tests.setup.test_token import forge

    thief = forge(hub.identity("counter-1"))
    assert "signed by 'counter-1', which is no technician" in refused(
        board.enrol(hub, thief), "token"
    )


def test_another_halls_technician_gives_none(
    hub: DeskStage, board: Applicant, other_hall: Authority
):
    token = hub.token("counter-3", signer=other_hall.folder / "identities" / TECHNICIAN)
    assert "of another hall" in refused(board.enrol(hub, token), "token")


def test_a_revoked_technician_gives_none_and_the_next_one_does(tmp_path: Path):
    with desk(tmp_path / "hub") as stage:
        board, token = Applicant(tmp_path / "board", "counter-3"), stage.token("counter-3")
        stage.ca("revoke", TECHNICIAN)
        assert "was revoked" in refused(board.enrol(stage, token), "token")
        stage.ca("renew", TECHNICIAN)
        board.keep(board.enrol(stage, stage.token("counter-3")))


def test_a_request_with_another_name_gives_none(hub: DeskStage, board: Applicant):
    answer = board.enrol(hub, hub.token("counter-3"), csr=board.csr("coordinator"))
    assert "the request names 'coordinator'" in refused(answer, "key")


def test_a_request_for_somebody_elses_key_gives_none(
    hub: DeskStage, board: Applicant, tmp_path: Path
):
    """A request that was altered, so that its signature is not by the key in it."""
    der = tmp_path / "csr.der"
    csr = tmp_path / "csr.pem"
    csr.write_text(board.csr())
    openssl("req", "-in", str(csr), "-outform", "DER", "-out", str(der))
    raw = bytearray(der.read_bytes())
    raw[-1] ^= 1
    der.write_bytes(raw)
    altered = openssl("req", "-inform", "DER", "-in", str(der), "-outform", "PEM")
    answer = board.enrol(hub, hub.token("counter-3"), csr=altered)
    assert "does not hold the key" in refused(answer, "key")


@pytest.mark.parametrize(
    "kind", [("RSA", "rsa_keygen_bits:2048"), ("EC", "ec_paramgen_curve:P-384")]
)
def test_a_key_of_another_kind_gives_none(hub: DeskStage, board: Applicant, kind: tuple[str, str]):
    openssl("genpkey", "-algorithm", kind[0], "-pkeyopt", kind[1], "-out", str(board.key))
    assert "EC P-256" in refused(board.enrol(hub, hub.token("counter-3")), "key")


@pytest.mark.parametrize("csr", ["", "hello", "-----BEGIN CERTIFICATE REQUEST-----\n!\n"])
def test_what_is_no_request_gives_none(hub: DeskStage, board: Applicant, csr: str):
    body = {"board": "counter-3", "token": hub.token("counter-3"), "csr": csr}
    assert "cannot be read" in refused(hub.ask("POST", "/enrol", body), "key")


def test_nothing_that_was_refused_stands_in_the_book(hub: DeskStage, board: Applicant):
    before = hub.deeds() if (hub.folder_of_desk / "deeds.jsonl").exists() else []
    board.enrol(hub, hub.token("counter-2"))
    board.enrol(hub, hub.token("counter-3", lives_s=-1))
    board.enrol(hub, hub.token("counter-3"), csr=board.csr("coordinator"))
    assert (hub.deeds() if (hub.folder_of_desk / "deeds.jsonl").exists() else []) == before


# --- who asks for the rest --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/wanted"),
        ("GET", "/settings"),
        ("GET", "/releases/a.bundle"),
        ("POST", "/report"),
        ("POST", "/revoke"),
    ],
)
def test_without_an_identity_nothing_but_the_time_and_enrolment_is_to_be_had(
    hub: DeskStage, method: str, path: str
):
    status, found = hub.ask(method, path, {} if method == "POST" else None)
    assert (status, found["kind"]) == (401, "identity")
    status, found = hub.ask("GET", "/time")
    assert abs(datetime.fromisoformat(found["now"]) - datetime.now(UTC)).total_seconds() < 5


def test_another_halls_identity_is_not_even_spoken_with(hub: DeskStage, other_hall: Authority):
    with pytest.raises(OSError, match=r"(?i)unknown ca|alert|reset|closed"):
        hub.ask("GET", "/wanted", identity=other_hall.folder / "identities" / "counter-3")


def test_who_is_no_technician_revokes_nobody(hub: DeskStage, board: Applicant):
    home = board.keep(board.enrol(hub, hub.token("counter-3")))
    status, found = hub.ask("POST", "/revoke", {"board": "counter-1"}, identity=home)
    assert (status, found["refused"]) == (403, "only a technician's identity revokes another")
    assert hub.ask("GET", "/wanted", identity=hub.identity("counter-1"))[0] == 200


def test_a_technician_revokes_a_board_at_once(hub: DeskStage, board: Applicant):
    home = board.keep(board.enrol(hub, hub.token("counter-3")))
    assert hub.ask("GET", "/wanted", identity=home)[0] == 200
    technician = hub.identity(TECHNICIAN)
    assert hub.ask("POST", "/revoke", {"board": "nobody"}, identity=technician)[0] == 404
    status, found = hub.ask("POST", "/revoke", {"board": "counter-3"}, identity=technician)
    assert (status, found["revoked"] >= 1) == (200, True)
    assert hub.ask("GET", "/wanted", identity=home)[0] == 403
    assert hub.deeds()[-1]["deed"] == "Revoked"
    hub.told("board counter-3", "was revoked", "--replace counter-3")


# --- what strangers send -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"board":1}', b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_question_is_refused_in_words(hub: DeskStage, body: bytes):
    status, found = hub.ask("POST", "/enrol", body)
    assert status == 400
    assert "not what the desk reads" in found["refused"]


def test_an_oversized_body_is_refused_and_nobody_else_waits(hub: DeskStage, board: Applicant):
    answers: list[object] = []

    def send() -> None:
        try:
            answers.append(hub.ask("POST", "/enrol", b"x" * (4 << 20))[0])
        except OSError as fault:  # it hung up before all of it was sent
            answers.append(fault)

    thread = threading.Thread(target=send)
    thread.start()
    board.keep(board.enrol(hub, hub.token("counter-3")))
    thread.join(20)
    assert answers in ([413], [answers[0]])
    assert answers[0] == 413 or isinstance(answers[0], OSError)


def test_who_connects_and_says_nothing_or_no_tls_stops_nobody(hub: DeskStage, board: Applicant):
    silent = [socket.create_connection(("127.0.0.1", hub.port)) for _ in range(30)]
    try:
        for line in silent[:10]:
            line.sendall(b"GET /time HTTP/1.1\r\n\r\n")
        for line in silent[10:20]:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        board.keep(board.enrol(hub, hub.token("counter-3")))
    finally:
        for line in silent:
            line.close()


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
def test_an_old_tls_is_not_spoken(hub: DeskStage):
    context = ssl.create_default_context(cafile=str(hub.data / "ca" / "ca.pem"))
    context.minimum_version = ssl.TLSVersion.TLSv1
    # Else this side's own library would refuse, and prove nothing.
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    with (
        socket.create_connection(("127.0.0.1", hub.port)) as line,
        pytest.raises(OSError, match=r"(?i)alert|reset|EOF"),
    ):
        context.wrap_socket(line, server_hostname="127.0.0.1")


# --- what boards are given -------------------------------------------------------------------------------------------------


def test_a_board_is_told_its_release_gets_all_of_it_or_the_rest_and_reports(
    hub: DeskStage, board: Applicant
):
    home = board.keep(board.enrol(hub, hub.token("counter-3")))
    content = bytes(range(256)) * 5000
    folder = bundles(hub.folder_of_desk)
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / "jiaohao-1.0-7-aarch64-cp311.bundle").write_bytes(content)
    release = Release(
        name="1.0-0011aabb",
        file="jiaohao-1.0-7-aarch64-cp311.bundle",
        sha256=sha256(content).hexdigest(),
        size=len(content),
        counter=7,
        version="1.0",
        machine="aarch64",
        python="3.11",
    )
    assert hub.ask("GET", "/wanted", identity=home)[1]["release"] is None
    write_wanted(hub.folder_of_desk, Wanted(boards={"counter-3": release}))
    found = hub.ask("GET", "/wanted", identity=home)[1]["release"]
    assert Release(**found) == release
    assert [one["deed"] for one in hub.deeds()][-1] == "ReleaseWanted"
    assert hub.ask("GET", "/wanted", identity=hub.identity("counter-1"))[1]["release"] is None

    path = f"/releases/{release.file}"
    assert hub.raw("GET", path, identity=home) == (200, content)
    rest = hub.raw("GET", path, identity=home, headers={"Range": "bytes=1000000-"})
    assert rest == (206, content[1_000_000:])

    report = {"release": release.name, "version": "1.0", "counter": 7, "state": "tries"}
    assert hub.ask("POST", "/report", report, identity=home)[0] == 200
    kept = read_reports(hub.folder_of_desk)["counter-3"]
    assert kept.at > 0
    assert kept == Report(release=release.name, version="1.0", counter=7, state="tries", at=kept.at)


@pytest.mark.parametrize(
    "path",
    [
        "/releases/../deeds.jsonl",
        "/releases/..%2Fdeeds.jsonl",
        "/releases/%2e%2e/deeds.jsonl",
        "/releases/..%2F..%2Fca%2Fca.key",
        "/releases/x.bundle",
        "/releases/%00.bundle",
    ],
)
def test_nothing_but_a_release_is_to_be_had_as_one(hub: DeskStage, path: str):
    status, _ = hub.raw("GET", path, identity=hub.identity("counter-1"))
    assert status == 404


def test_a_board_gets_the_settings_that_the_desk_started_with(hub: DeskStage):
    identity = hub.identity("counter-1")
    status, tar = hub.raw("GET", "/settings", identity=identity)
    assert status == 200
    assert sha256(tar).hexdigest() == hub.ask("GET", "/wanted", identity=identity)[1]["settings"]
    with open_tar(fileobj=BytesIO(tar)) as opened:
        assert opened.getnames() == ["hall.toml", "sample-catalogue.toml"]
        member = opened.extractfile("hall.toml")
        assert member is not None
        assert member.read() == hub.hall.read_bytes()


def test_the_technicians_reports_are_no_boards(hub: DeskStage):
    report = {"release": "r", "version": "1", "counter": 1, "state": "runs"}
    status, found = hub.ask("POST", "/report", report, identity=hub.identity(TECHNICIAN))
    assert (status, found["refused"]) == (403, "'technician' is no board of this hall")


def test_a_new_identity_of_the_hub_is_taken_up_by_itself(tmp_path: Path):
    with desk(tmp_path / "hub") as stage:

        def shown() -> bytes:
            context = ssl.create_default_context(cafile=str(stage.data / "ca" / "ca.pem"))
            with (
                socket.create_connection(("127.0.0.1", stage.port)) as line,
                context.wrap_socket(line, server_hostname="127.0.0.1") as tls,
            ):
                return tls.getpeercert(binary_form=True) or b""

        before = shown()
        stage.ca("renew", "broker")
        wait_until("the desk shows the new one", lambda: shown() != before)

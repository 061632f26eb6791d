"""The laws of the desk, over real TLS: one board, one token, one key; whatever is cut off between, the same end."""

from __future__ import annotations

import fcntl
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509

from broker.desk import cli
from broker.identity import open_identity
from tests.setup.desks import Applicant, DeskStage, desk
from tests.system.stage import wait_until

ACCEPT = "\n[enrolment]\naccept = true\n"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskStage]:
    with desk(tmp_path_factory.mktemp("hub")) as stage:
        yield stage
        assert stage.processes["desk"].poll() is None, stage.log("desk")


@pytest.fixture
def board(hub: DeskStage, tmp_path: Path) -> Applicant:
    """Counter 3, whatever became of it in another test."""
    hub.authority().revoke("counter-3")
    return Applicant(tmp_path / "board", "counter-3")


def other(tmp_path: Path, name: str = "counter-3") -> Applicant:
    return Applicant(tmp_path / "other", name)


def refused(answer: tuple[int, dict[str, str]], kind: str) -> str:
    status, found = answer
    assert (status, found.get("kind")) == (403, kind), found
    return found["refused"]


# --- one board, one token, one key -------------------------------------------------------------------------


def test_a_board_with_a_token_and_a_key_of_its_own_gets_an_identity(
    hub: DeskStage, board: Applicant
):
    home = board.keep(board.enrol(hub, hub.token("counter-3")))
    open_identity(home, "counter-3")
    found = x509.load_pem_x509_certificate((home / "cert.pem").read_bytes())
    found.verify_directly_issued_by(hub.authority().certificate)
    (use,) = found.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert use == x509.oid.ExtendedKeyUsageOID.CLIENT_AUTH
    assert hub.deeds()[-1]["serial"] == f"{found.serial_number:x}"


def test_the_key_is_nowhere_on_the_hub(hub: DeskStage, board: Applicant):
    board.keep(board.enrol(hub, hub.token("counter-3")))
    assert not (hub.identity("counter-3") / "key.pem").exists()
    secret = board.key.read_bytes().splitlines()[1]
    files = [path for path in hub.data.rglob("*") if path.is_file()]
    assert not [path for path in files if secret in path.read_bytes()]


def test_jiaohao_ca_makes_no_other_key_for_a_board_that_has_its_own(
    hub: DeskStage, board: Applicant, capsys: pytest.CaptureFixture[str]
):
    board.keep(board.enrol(hub, hub.token("counter-3")))
    hub.ca()
    assert "counter-3: kept" in capsys.readouterr().out
    assert not (hub.identity("counter-3") / "key.pem").exists()


def test_who_asks_again_with_token_and_key_gets_the_same_certificate(
    hub: DeskStage, board: Applicant
):
    token = hub.token("counter-3")
    first = board.enrol(hub, token)
    assert first[0] == 200
    again = board.enrol(hub, token)
    assert again == first
    enrolled = [one for one in hub.deeds() if one["deed"] == "Enrolled"]
    assert len([one for one in enrolled if one["board"] == "counter-3"]) == len(
        {one["token"] for one in enrolled if one["board"] == "counter-3"}
    )


def test_a_token_used_by_another_key_is_refused_and_told(
    hub: DeskStage, board: Applicant, tmp_path: Path
):
    token = hub.token("counter-3")
    board.keep(board.enrol(hub, token))
    said = refused(other(tmp_path).enrol(hub, token), "used")
    assert "was used before, by another key" in said
    assert "jiaohao ca revoke counter-3" in said
    hub.told("board counter-3", "was used before, by another key", "--replace counter-3")


def test_a_second_card_for_a_board_is_a_mistake_unless_it_replaces_the_first(
    hub: DeskStage, board: Applicant, tmp_path: Path
):
    home = board.keep(board.enrol(hub, hub.token("counter-3")))
    newer = other(tmp_path)
    assert "has an identity already" in refused(newer.enrol(hub, hub.token("counter-3")), "board")
    replacing = newer.keep(newer.enrol(hub, hub.token("counter-3", replace=True)))
    assert hub.ask("GET", "/wanted", identity=replacing)[0] == 200
    status, found = hub.ask("GET", "/wanted", identity=home)
    assert (status, found["kind"]) == (403, "identity")
    assert "was revoked" in found["refused"]


def test_a_token_whose_identity_has_ended_gives_none_again(
    hub: DeskStage, board: Applicant, tmp_path: Path
):
    token = hub.token("counter-3")
    board.keep(board.enrol(hub, token))
    newer = other(tmp_path)
    newer.keep(newer.enrol(hub, hub.token("counter-3", replace=True)))
    assert "has ended" in refused(board.enrol(hub, token), "used")


# --- power cuts and kill -9 ----------------------------------------------------------------------------------


def test_a_desk_killed_between_the_book_and_the_answer_gives_the_same_certificate_later(
    tmp_path: Path,
):
    """The book says who has the token before the certificate exists: whatever dies then, nothing is given twice."""
    with desk(tmp_path / "hub") as stage:
        board, token = Applicant(tmp_path / "board", "counter-3"), stage.token("counter-3")
        issued = stage.data / "ca" / "issued"
        before = {path.name for path in issued.iterdir()}
        # As long as somebody holds the authority's lock, nothing is signed: the desk stands just there.
        with (stage.data / "ca" / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            line = Asking(board, stage, token)
            wait_until("the book has it", lambda: book_has(stage, "Enrolled"))
            stage.end("desk", signal.SIGKILL)
            line.join()
        assert {path.name for path in issued.iterdir()} == before, "nothing was signed yet"
        serial = stage.deeds()[-1]["serial"]

        stage.start_desk()
        stranger = other(tmp_path)
        assert "by another key" in refused(stranger.enrol(stage, token), "used")
        home = board.keep(board.enrol(stage, token))
        found = x509.load_pem_x509_certificate((home / "cert.pem").read_bytes())
        assert f"{found.serial_number:x}" == serial
        assert board.enrol(stage, token)[1]["certificate"] == (home / "cert.pem").read_text()
        assert {path.name for path in issued.iterdir()} - before == {f"{serial}.pem"}


def test_a_line_that_a_power_cut_tore_is_taken_off_and_the_rest_holds(tmp_path: Path):
    with desk(tmp_path / "hub") as stage:
        board, token = Applicant(tmp_path / "board", "counter-3"), stage.token("counter-3")
        first = board.enrol(stage, token)
        stage.end("desk", signal.SIGKILL)
        book = stage.folder_of_desk / "deeds.jsonl"
        whole = book.read_bytes()
        book.write_bytes(whole + whole[: len(whole) // 2].rstrip(b"\n"))
        stage.start_desk()
        assert board.enrol(stage, token) == first
        assert book.read_bytes() == whole


def test_a_damaged_book_stops_the_desk_with_a_sentence(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    stage = DeskStage(tmp_path)
    (tmp_path / "desk").mkdir(mode=0o700)
    (tmp_path / "desk" / "deeds.jsonl").write_bytes(b'{"deed":"Enr\n')
    options = ["--hall", str(stage.hall), "--data", str(stage.data)]
    assert cli.main(options) == 1
    assert "deeds.jsonl is damaged" in capfd.readouterr().err


# --- a technician's word -----------------------------------------------------------------------------------------


def test_where_the_hall_wants_it_a_board_waits_for_a_technician(tmp_path: Path):
    with desk(tmp_path / "hub", ACCEPT) as stage:
        options = ["--hall", str(stage.hall), "--data", str(stage.data)]
        board, token = Applicant(tmp_path / "board", "counter-3"), stage.token("counter-3")
        status, found = board.enrol(stage, token)
        assert status == 202
        assert "jiaohao desk accept counter-3 (key " in found["waiting"]
        assert board.enrol(stage, token) == (202, found), "asked once, however often it comes"
        assert len(stage.deeds()) == 1

        assert cli.main(["accept", "counter-2", *options]) == 1, "another board waits"
        assert cli.main(["accept", "counter-3", *options]) == 0
        board.keep(board.enrol(stage, token))
        assert [one["deed"] for one in stage.deeds()] == ["Asked", "Accepted", "Enrolled"]


def test_who_asked_in_time_is_not_late_because_it_had_to_wait(tmp_path: Path):
    with desk(tmp_path / "hub", ACCEPT) as stage:
        options = ["--hall", str(stage.hall), "--data", str(stage.data)]
        board = Applicant(tmp_path / "board", "counter-3")
        token = stage.token("counter-3", lives_s=2)
        assert board.enrol(stage, token)[0] == 202
        late = Applicant(tmp_path / "late", "counter-2")
        expired = stage.token("counter-2", lives_s=-1)
        assert "expired at" in refused(late.enrol(stage, expired), "expired")

        def too_late() -> bool:
            return late.enrol(stage, stage.token("counter-2", lives_s=-1))[0] == 403

        wait_until("the token has expired", too_late)
        assert cli.main(["accept", "counter-3", *options]) == 0
        board.keep(board.enrol(stage, token))


def test_a_board_that_is_turned_away_is_told_and_another_of_its_name_may_come(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    with desk(tmp_path / "hub", ACCEPT) as stage:
        options = ["--hall", str(stage.hall), "--data", str(stage.data)]
        one, two = Applicant(tmp_path / "one", "counter-3"), other(tmp_path)
        first, second = stage.token("counter-3"), stage.token("counter-3")
        assert one.enrol(stage, first)[0] == two.enrol(stage, second)[0] == 202
        assert cli.main(["accept", "counter-3", *options]) == 1
        said = capsys.readouterr().err
        assert "several boards wait under that name" in said
        keys = {line["token"]: line["key"][:8] for line in stage.deeds()}
        assert all(key in said for key in keys.values())
        numbers = [line["token"] for line in stage.deeds()]
        assert cli.main(["refuse", "counter-3", keys[numbers[0]], *options]) == 0
        assert cli.main(["accept", "counter-3", keys[numbers[1]], *options]) == 0
        assert "turned this board" in refused(one.enrol(stage, first), "turned_away")
        two.keep(two.enrol(stage, second))
        capsys.readouterr()
        assert cli.main(["waiting", *options]) == 0
        assert capsys.readouterr().out == "nobody waits\n"


def book_has(stage: DeskStage, deed: str) -> bool:
    book = stage.folder_of_desk / "deeds.jsonl"
    return book.exists() and any(one["deed"] == deed for one in stage.deeds())


class Asking:
    """Asks in a thread, and does not mind that nobody answers."""

    def __init__(self, board: Applicant, stage: DeskStage, token: str) -> None:
        self._body = {"board": board.name, "token": token, "csr": board.csr()}
        self._stage = stage
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._stage.ask("POST", "/enrol", self._body)
        except OSError:
            return
        raise AssertionError("the desk answered before it was killed")

    def join(self) -> None:
        self._thread.join(20)
        assert not self._thread.is_alive()

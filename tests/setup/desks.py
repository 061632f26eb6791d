"""The real desk as a process of its own, and boards that come to it with the system's openssl and a line of their own."""

from __future__ import annotations

import json
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any

from broker import enrol
from broker.ca import Authority
from broker.desk.token import Token, sign_token
from broker.mosquitto import TECHNICIAN
from tests.processes import Processes, free_port, listens
from tests.system.stage import SAMPLE, wait_until

__all__ = ["HALL", "Answer", "Applicant", "DeskStage", "desk"]

HALL = "sample"
DAY_S = 86_400

Answer = tuple[int, dict[str, Any]]


class DeskStage(Processes):
    """A hub's folder with authority and desk. `text` is what stands in hall.toml beside the sample's."""

    def __init__(self, folder: Path, text: str = "") -> None:
        folder.mkdir(exist_ok=True)
        super().__init__(folder)
        self.data, self.port = folder, free_port()
        self.hall = folder / "hall.toml"
        sample = SAMPLE.read_text(encoding="utf-8").replace(
            "port = 1883\n", f"port = 1883\ndesk_port = {self.port}\n"
        )
        self.hall.write_text(sample + text, encoding="utf-8")
        catalogue = "sample-catalogue.toml"
        shutil.copy(SAMPLE.parent / catalogue, folder / catalogue)
        self.ca()
        self._numbers = iter(range(1, 1000))

    def ca(self, *words: str) -> None:
        assert enrol.main([*words, "--hall", str(self.hall), "--data", str(self.data)]) == 0

    def start_desk(self) -> None:
        where = ("--hall", str(self.hall), "--data", str(self.data), "--interface", "127.0.0.1")
        self.start("broker.desk.cli", *where, "--until-eof", name="desk")
        wait_until("the desk listens", lambda: listens(self.port))

    @property
    def folder_of_desk(self) -> Path:
        return self.data / "desk"

    def authority(self) -> Authority:
        return Authority(self.data / "ca", HALL, datetime.now(UTC))

    def identity(self, name: str) -> Path:
        return self.data / "ca" / "identities" / name

    def token(
        self,
        board: str,
        *,
        signer: Path | None = None,
        lives_s: int = DAY_S,
        replace: bool = False,
        hall: str = HALL,
    ) -> str:
        """One that was never given before."""
        token = Token(
            hall=hall,
            board=board,
            devices=(),
            jti=f"{next(self._numbers):032x}",
            exp=int(datetime.now(UTC).timestamp()) + lives_s,
            replace=replace,
        )
        return sign_token(token, signer or self.identity(TECHNICIAN))

    def deeds(self) -> list[dict[str, Any]]:
        text = (self.folder_of_desk / "deeds.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]

    def told(self, *words: str) -> str:
        """Wait until a technician would read a sentence with all these words."""

        def found() -> str:
            try:
                refused = json.loads((self.data / "desk-refused.json").read_bytes())
            except FileNotFoundError:
                return ""
            lines = [f"{one['who']}: {one['why']}" for one in refused]
            return next((line for line in lines if all(word in line for word in words)), "")

        return str(wait_until(f"{words} is told", found))

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        identity: Path | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        status, raw = self.raw(method, path, body, identity=identity, headers=headers)
        return status, json.loads(raw)

    def raw(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        identity: Path | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, bytes]:
        """Raises OSError if the desk does not even speak with who asks."""
        context = ssl.create_default_context(cafile=str(self.data / "ca" / "ca.pem"))
        if identity:
            context.load_cert_chain(identity / "cert.pem", identity / "key.pem")
        line = HTTPSConnection("127.0.0.1", self.port, context=context, timeout=10)
        said = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        try:
            line.request(method, path, said, headers or {})
            answer = line.getresponse()
            return answer.status, answer.read()
        finally:
            line.close()


class Applicant:
    """A board with a key of its own, made by the system's openssl as a board makes it."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        folder.mkdir(parents=True)
        self.key = folder / "key.pem"
        curve = ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
        openssl("genpkey", *curve, "-out", str(self.key))
        self.key.chmod(0o600)

    def csr(self, name: str = "") -> str:
        subject = f"/O={HALL}/CN={name or self.name}"
        return openssl("req", "-new", "-key", str(self.key), "-subj", subject)

    def enrol(self, stage: DeskStage, token: str, *, csr: str = "", board: str = "") -> Answer:
        body = {"board": board or self.name, "token": token, "csr": csr or self.csr()}
        return stage.ask("POST", "/enrol", body)

    def keep(self, answer: Answer) -> Path:
        """The identity's folder, as a board keeps it."""
        status, found = answer
        assert status == 200, found
        for name, content in (
            ("cert.pem", found["certificate"]),
            ("ca.pem", found["ca"]),
            ("name", self.name),
        ):
            (self.folder / name).write_text(content, encoding="utf-8")
        return self.folder


def openssl(*words: str) -> str:
    return subprocess.run(["openssl", *words], check=True, capture_output=True, text=True).stdout


@contextmanager
def desk(folder: Path, text: str = "") -> Iterator[DeskStage]:
    stage = DeskStage(folder, text)
    try:
        stage.start_desk()
        yield stage
    finally:
        stage.end_all()

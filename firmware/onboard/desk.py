"""The board's side of the hub's desk: HTTPS to whoever has the hub's certificate, and to nobody else."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from firmware.onboard.hub_place import HubPlace
from firmware.onboard.updating import Report, WantedRelease

__all__ = ["DeskLine", "DeskRefused", "Enrolled", "WaitsForWord", "WrongHub"]

PATIENCE_S = 15.0
MOST_BYTES = 1 << 20
PIECE = 1 << 18
FIELDS = ("name", "file", "sha256", "size", "counter", "version")
# X509_V_FLAG_NO_CHECK_TIME of OpenSSL.
ANY_TIME = 0x200000


class DeskRefused(OSError):
    """The desk's own sentence; `kind` says what it is about (see broker.desk.enrolling)."""

    def __init__(self, sentence: str, kind: str) -> None:
        super().__init__(sentence)
        self.kind = kind


class WrongHub(OSError):
    """Something answers there, but it is not this hall's hub."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Both PEM."""

    certificate: str
    ca: str


@dataclass(frozen=True, slots=True)
class WaitsForWord:
    sentence: str


class DeskLine:
    """One desk at one place; a connection for each question. Every question raises OSError with a sentence.

    With an `identity`, a folder with cert.pem and key.pem, the desk knows which board asks. See `updating.Desk`.
    """

    def __init__(self, place: HubPlace, ca: Path, identity: Path | None = None) -> None:
        self.place = place
        self._ca, self._identity = ca, identity

    def time(self) -> float:
        """The hub's time, in seconds since 1970. It is asked before this board's clock is right, so no date counts."""
        found = self._json("GET", "/time", any_time=True)
        try:
            return datetime.fromisoformat(found["now"]).timestamp()
        except (KeyError, TypeError, ValueError) as fault:
            raise OSError(f"the desk does not say what time it is: {fault!r}") from fault

    def enrol(self, board: str, token: str, csr: str) -> Enrolled | WaitsForWord:
        """Raises DeskRefused."""
        found = self._json("POST", "/enrol", {"board": board, "token": token, "csr": csr})
        match found:
            case {"certificate": str(certificate), "ca": str(ca)}:
                return Enrolled(certificate, ca)
            case {"waiting": str(sentence)}:
                return WaitsForWord(sentence)
            case _:
                raise OSError(
                    "the desk answers in another way than this board knows: update the hub"
                )

    def wanted(self) -> WantedRelease | None:
        release = self._json("GET", "/wanted").get("release")
        if release is None:
            return None
        try:
            return WantedRelease(
                **{name: release[name] for name in FIELDS}, again=release.get("again", 0)
            )
        except (TypeError, KeyError) as fault:
            raise OSError(
                f"the desk wants a release that it does not describe: {fault!r}"
            ) from fault

    def settings_wanted(self) -> str | None:
        """The hash of the settings that the desk has for boards."""
        found = self._json("GET", "/wanted").get("settings")
        return found if isinstance(found, str) else None

    def settings(self) -> bytes:
        """A tar, see `settings_files`."""
        with self._asked("GET", "/settings") as answer:
            return _limited(answer, 64 * MOST_BYTES)

    def fetch(self, wanted: WantedRelease, to: Path) -> None:
        """Download a bundle; what of it is in `to` already is not asked for again."""
        there = to.stat().st_size if to.exists() else 0
        if there >= wanted.size:
            # A whole one is not fetched; one that is longer is none of it.
            there = 0
        headers = {"Range": f"bytes={there}-"} if there else {}
        with self._asked("GET", f"/releases/{wanted.file}", headers=headers) as answer:
            left = wanted.size - (there if answer.status == http.client.PARTIAL_CONTENT else 0)
            with to.open("ab" if answer.status == http.client.PARTIAL_CONTENT else "wb") as file:
                while left > 0 and (piece := answer.read(min(PIECE, left))):
                    file.write(piece)
                    left -= len(piece)
        if left:
            raise OSError("the line to the desk broke; the rest is fetched in the next pass")

    def report(self, report: Report) -> None:
        self._json("POST", "/report", asdict(report))

    # --- the line ---------------------------------------------------------------------------------------

    def _json(
        self, method: str, path: str, body: object = None, *, any_time: bool = False
    ) -> dict[str, Any]:
        with self._asked(method, path, body=body, any_time=any_time) as answer:
            found = _object(_limited(answer, MOST_BYTES))
        if found is None:
            raise OSError("the desk answers with something that is no answer")
        return found

    @contextmanager
    def _asked(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        headers: dict[str, str] | None = None,
        any_time: bool = False,
    ) -> Iterator[http.client.HTTPResponse]:
        line = _Line(self.place, self._context(any_time=any_time))
        said = None if body is None else json.dumps(body).encode()
        try:
            line.request(
                method, path, said, {"Content-Type": "application/json", **(headers or {})}
            )
            answer = line.getresponse()
            if answer.status >= http.client.BAD_REQUEST:
                found = _object(_limited(answer, MOST_BYTES)) or {}
                sentence = str(found.get("refused") or f"the desk refuses ({answer.status})")
                raise DeskRefused(sentence, str(found.get("kind", "")))
            yield answer
        except ssl.SSLCertVerificationError as fault:
            raise WrongHub(
                f"what answers at {self.place.host} is not this hall's hub ({fault.verify_message})"
            ) from fault
        except http.client.HTTPException as fault:
            raise OSError(
                f"the desk at {self.place.host} does not speak HTTP: {fault!r}"
            ) from fault
        finally:
            line.close()

    def _context(self, *, any_time: bool) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_verify_locations(self._ca)
        if any_time:
            context.verify_flags = ssl.VerifyFlags(context.verify_flags | ANY_TIME)
        if self._identity is not None:
            context.load_cert_chain(self._identity / "cert.pem", self._identity / "key.pem")
        return context


class _Line(http.client.HTTPSConnection):
    """Connects to one address and checks the certificate for another name: the hub may have moved."""

    def __init__(self, place: HubPlace, context: ssl.SSLContext) -> None:
        super().__init__(place.server_name, place.desk_port, context=context, timeout=PATIENCE_S)
        self._place, self._tls = place, context

    def connect(self) -> None:
        line = socket.create_connection((self._place.host, self._place.desk_port), PATIENCE_S)
        try:
            self.sock = self._tls.wrap_socket(line, server_hostname=self._place.server_name)
        except BaseException:
            line.close()
            raise


def _limited(answer: http.client.HTTPResponse, most: int) -> bytes:
    found = answer.read(most + 1)
    if len(found) > most:
        raise OSError("the desk says more than any answer of its has")
    return found


def _object(raw: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None

"""The laws of enrolment tokens: this hall's technician alone signs them, and nothing of them can be altered."""

from __future__ import annotations

import base64
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from hypothesis import given
from hypothesis import strategies as st

from broker.ca import Authority
from broker.desk.token import Token, TokenRefused, read_token, sign_token
from broker.mosquitto import TECHNICIAN

NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TOKEN = Token(
    hall="sample",
    board="counter-3",
    devices=("panel-3", "pad-3"),
    jti="0123456789abcdef0123456789abcdef",
    exp=int((NOW + DAY).timestamp()),
)


def authority(folder: Path, now: datetime = NOW) -> Authority:
    made = Authority(folder, "sample", now)
    made.identity(TECHNICIAN)
    made.identity("counter-3")
    return made


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("hall") / "ca")


def identity(ca: Authority, name: str = TECHNICIAN) -> Path:
    return ca.folder / "identities" / name


def read(ca: Authority, text: str, *, revoked: tuple[int, ...] = (), now: datetime = NOW) -> Token:
    return read_token(text, ca.certificate, revoked, now)


def serial(ca: Authority) -> int:
    pem = (identity(ca) / "cert.pem").read_bytes()
    return x509.load_pem_x509_certificate(pem).serial_number


@pytest.mark.parametrize("replace", [False, True])
def test_what_the_technician_grants_is_read_as_it_was_signed(ca: Authority, replace: bool):
    token = msgspec.structs.replace(TOKEN, replace=replace)
    text = sign_token(token, identity(ca))
    assert text.isascii()
    assert text.isprintable()
    assert len(text) < 2048
    assert read(ca, text) == token


def test_it_expires_at_its_time_and_not_before():
    assert not TOKEN.expired(NOW + DAY - timedelta(seconds=1))
    assert TOKEN.expired(NOW + DAY)


def test_a_boards_own_identity_signs_no_token(ca: Authority):
    with pytest.raises(ValueError, match="is not the identity 'technician'"):
        sign_token(TOKEN, identity(ca, "counter-3"))
    forged = forge(identity(ca, "counter-3"))
    with pytest.raises(TokenRefused, match="signed by 'counter-3', which is no technician"):
        read(ca, forged)


def test_a_technicians_certificate_without_its_key_signs_no_token(ca: Authority):
    forged = forge(identity(ca, "counter-3"), shown=identity(ca))
    with pytest.raises(TokenRefused, match="altered"):
        read(ca, forged)


def test_another_halls_technician_grants_nothing_here(ca: Authority, tmp_path: Path):
    other = authority(tmp_path / "ca")
    with pytest.raises(TokenRefused, match="of another hall"):
        read(ca, sign_token(TOKEN, identity(other)))


def test_a_revoked_or_expired_technician_grants_nothing(ca: Authority):
    text = sign_token(TOKEN, identity(ca))
    with pytest.raises(TokenRefused, match="was revoked"):
        read(ca, text, revoked=(serial(ca),))
    with pytest.raises(TokenRefused, match="has expired: run `jiaohao ca`"):
        read(ca, text, now=NOW + 6 * 365 * DAY)


def test_a_key_that_others_could_read_signs_no_token(ca: Authority, tmp_path: Path):
    copy = Path(shutil.copytree(identity(ca), tmp_path / "copy"))
    (copy / "key.pem").chmod(0o644)
    with pytest.raises(PermissionError, match="can be read or written by others"):
        sign_token(TOKEN, copy)


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"hall": "sample", "board": "counter-3"},
        {**msgspec.to_builtins(TOKEN), "jti": "short"},
        {**msgspec.to_builtins(TOKEN), "exp": -1},
        {**msgspec.to_builtins(TOKEN), "board": 3},
    ],
)
def test_a_token_that_does_not_say_enough_is_refused(ca: Authority, claims: dict[str, object]):
    with pytest.raises(TokenRefused, match="not one of this suite's"):
        read(ca, forge(identity(ca), claims=claims))


def test_one_signed_in_another_way_is_refused(ca: Authority):
    der = base64.b64encode(certificate(identity(ca))).decode()
    # An algorithm that needs no key, and which a reader that believes a token's own word would take.
    unsigned = jwt.encode(msgspec.to_builtins(TOKEN), "x" * 32, "HS256", {"x5c": [der]})
    with pytest.raises(TokenRefused, match="signed in another way"):
        read(ca, unsigned)


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: raw.decode("latin-1")))
def test_what_is_no_token_is_refused_with_a_sentence(ca: Authority, text: str):
    with pytest.raises(TokenRefused, match=r"cannot be read|not one of this suite's"):
        read(ca, text)


@given(st.data())
def test_no_letter_of_a_token_can_be_another(ca: Authority, data: st.DataObject):
    text = sign_token(TOKEN, identity(ca))
    place = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("ABab01-_.=+ {"))
    altered = text[:place] + letter + text[place + 1 :]
    try:
        assert read(ca, altered) == TOKEN
    except TokenRefused:
        return
    # Base64's last letters have bits that mean nothing.
    assert _raw(altered) == _raw(text)


def test_one_of_endless_length_is_not_even_looked_at(ca: Authority):
    with pytest.raises(TokenRefused, match="too long"):
        read(ca, "a" * 9000)


def forge(signer: Path, shown: Path | None = None, claims: dict[str, object] | None = None) -> str:
    """Signed by one key, with the certificate of another."""
    key = load_pem_private_key((signer / "key.pem").read_bytes(), None)
    der = base64.b64encode(certificate(shown or signer)).decode()
    said = msgspec.to_builtins(TOKEN) if claims is None else claims
    return jwt.encode(said, key, "ES256", {"x5c": [der]})  # type: ignore[arg-type]  # it is an EC key


def certificate(home: Path) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    pem = (home / "cert.pem").read_bytes()
    return x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)


def _raw(text: str) -> list[bytes]:
    return [base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in text.split(".")]

"""The hall's certificate authority: makes, renews and revokes the identities by which the broker tells board from board."""

from __future__ import annotations

import fcntl
import ipaddress
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from broker.private import check_private, make_private_folder, write_private

__all__ = [
    "RELEASED",
    "Authority",
    "Issued",
    "common_name",
    "issued_in",
    "revoked_by",
    "revoked_in",
]

# A Pi has no clock: after a power cut its time is far behind until somebody tells it. So what is made here was
# always valid, and only its end counts; what must not be valid any more is revoked.
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
AUTHORITY_LIVES = timedelta(days=25 * 365)
IDENTITY_LIVES = timedelta(days=5 * 365)
RENEW_BEFORE = timedelta(days=365)
LENT_LIVES = timedelta(minutes=1)
# No machine that runs this had an earlier clock: certificates from it would end before they begin.
RELEASED = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate that this authority gave."""

    name: str
    certificate: x509.Certificate
    made_at: datetime
    revoked_at: datetime | None = None

    @property
    def revoked(self) -> bool:
        return self.revoked_at is not None

    @property
    def ends(self) -> datetime:
        return self.certificate.not_valid_after_utc


class Authority:
    """Lives in a folder of its own: `ca.key`, `ca.pem`, `crl.pem`, every certificate it ever gave in `issued`,
    and for each name a folder in `identities`, to be copied to where that name runs. That of a board which keeps a
    key of its own has no `key.pem`. Several processes may hold one open: whoever changes something does so alone.
    """

    def __init__(self, folder: Path, hall: str, now: datetime) -> None:
        """Open the hall's authority, or make one. Raises OSError, also if others could read its key."""
        self.folder, self._hall, self._now = folder, hall, now
        for needed in (folder, folder / "issued", folder / "identities"):
            make_private_folder(needed)
        with self._alone():
            if not (folder / "ca.key").exists():
                self._make()
        self._key = _read_private(folder / "ca.key")
        self.certificate = x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())
        with self._alone():
            if not (folder / "crl.pem").exists():
                self._write_crl({})

    @contextmanager
    def _alone(self) -> Iterator[None]:
        lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _make(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name(self._hall, f"Jiaohao hall {self._hall}")
        own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        certificate = (
            x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
            .not_valid_before(ALWAYS)
            .not_valid_after(self._now + AUTHORITY_LIVES)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_others=True), critical=True)
            .add_extension(own, critical=False)
            .sign(key, hashes.SHA256())
        )
        write_private(self.folder / "ca.pem", _pem(certificate))
        write_private(self.folder / "ca.key", _pem_key(key))

    # --- identities -----------------------------------------------------------------------------------

    def identity(self, name: str, addresses: tuple[str, ...] = ()) -> tuple[Issued, bool]:
        """The identity of a name, and whether it had to be made: what is valid for a year to come is kept.

        With addresses it is a server's, valid for these alone.
        """
        found = self._current(name)
        if (
            found is not None
            and not found.revoked
            and found.ends > self._now + RENEW_BEFORE
            and _addresses(found.certificate) == {*addresses}
        ):
            return found, False
        return self.renew(name, addresses), True

    def renew(self, name: str, addresses: tuple[str, ...] = ()) -> Issued:
        """A new key and certificate; earlier ones stay valid until they end or are revoked."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._sign(name, key.public_key(), addresses)
        with self._alone():
            write_private(self._issued_as(certificate.serial_number), _pem(certificate))
            home = self._home(name)
            write_private(home / "key.pem", _pem_key(key))
            write_private(home / "cert.pem", _pem(certificate))
        return Issued(name, certificate, self._now)

    def certify(self, name: str, public: ec.EllipticCurvePublicKey, serial: int) -> Issued:
        """A certificate for a key that never leaves its board. Asked again for the same `serial`, the same certificate."""
        with self._alone():
            path = self._issued_as(serial)
            if not path.exists():
                write_private(path, _pem(self._sign(name, public, (), serial)))
            certificate = x509.load_pem_x509_certificate(path.read_bytes())
            if certificate.public_key() != public or common_name(certificate) != name:
                raise ValueError(f"the certificate {serial:x} was given to another key than this")
            home = self._home(name)
            # What was made here before is not what the board uses now.
            (home / "key.pem").unlink(missing_ok=True)
            write_private(home / "cert.pem", _pem(certificate))
        return Issued(name, certificate, self._now, self._revoked().get(serial))

    def lend(self, name: str, folder: Path) -> None:
        """Write an identity of that name into `folder`, good for moments: with it the broker itself takes the name's session."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._sign(name, key.public_key(), (), lives=LENT_LIVES)
        self._introduce(folder, name)
        write_private(folder / "key.pem", _pem_key(key))
        write_private(folder / "cert.pem", _pem(certificate))

    def _issued_as(self, serial: int) -> Path:
        return self.folder / "issued" / f"{serial:x}.pem"

    def _home(self, name: str) -> Path:
        home = self.folder / "identities" / name
        self._introduce(home, name)
        return home

    def _introduce(self, home: Path, name: str) -> None:
        make_private_folder(home)
        write_private(home / "name", name.encode())
        write_private(home / "ca.pem", _pem(self.certificate))

    def revoke(self, name: str, *, keep_newest: bool = False) -> int:
        """Let no certificate of this name be valid any more, or only the newest: how many that were."""
        kept = self._current(name) if keep_newest else None
        with self._alone():
            revoked = self._revoked()
            fresh = [
                issued.certificate.serial_number
                for issued in self.issued()
                if issued.name == name
                and not issued.revoked
                and (kept is None or issued.certificate != kept.certificate)
            ]
            self._write_crl(revoked | dict.fromkeys(fresh, self._now))
        return len(fresh)

    def issued(self) -> Iterator[Issued]:
        """Every certificate that was given, those of the revoked among them."""
        return issued_in(self.folder)

    def _current(self, name: str) -> Issued | None:
        """What stands in the name's folder, if it is ours and whole."""
        home = self.folder / "identities" / name
        try:
            certificate = x509.load_pem_x509_certificate((home / "cert.pem").read_bytes())
            # Written before its certificate, so that only a board's own key is missing here.
            ours = not (home / "key.pem").exists() or (
                _read_private(home / "key.pem").public_key() == certificate.public_key()
            )
            same = (home / "ca.pem").read_bytes() == _pem(self.certificate)
            named = (home / "name").read_text(encoding="utf-8") == name
        except (FileNotFoundError, ValueError):
            return None  # never made, or cut off in the making: `renew` writes it whole
        if not ours or not same or not named or common_name(certificate) != name:
            return None
        revoked = self._revoked().get(certificate.serial_number)
        return Issued(name, certificate, self._now, revoked)

    def _sign(
        self,
        name: str,
        public: ec.EllipticCurvePublicKey,
        addresses: tuple[str, ...],
        serial: int | None = None,
        lives: timedelta = IDENTITY_LIVES,
    ) -> x509.Certificate:
        # A board's certificate opens no server: a stolen one cannot play the broker.
        purpose = ExtendedKeyUsageOID.SERVER_AUTH if addresses else ExtendedKeyUsageOID.CLIENT_AUTH
        own = x509.SubjectKeyIdentifier.from_public_key(public)
        above = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        ends = min(self._now + lives, self.certificate.not_valid_after_utc)
        builder = (
            x509.CertificateBuilder(self.certificate.subject, _name(self._hall, name), public)
            .serial_number(serial or x509.random_serial_number())
            .not_valid_before(ALWAYS)
            .not_valid_after(ends)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_others=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
            .add_extension(own, critical=False)
            .add_extension(above, critical=False)
        )
        if addresses:
            names = x509.SubjectAlternativeName([_general_name(one) for one in addresses])
            builder = builder.add_extension(names, critical=False)
        return builder.sign(self._key, hashes.SHA256())

    # --- what is revoked ------------------------------------------------------------------------------

    def _revoked(self) -> dict[int, datetime]:
        return revoked_in(self.folder)

    def _write_crl(self, revoked: dict[int, datetime]) -> None:
        """A list that never goes stale: one that did would lock the whole hall out.

        Who knows several lists goes by the one that was made last, so each says that it is a second later, all long ago.
        """
        above = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        builder = (
            x509.CertificateRevocationListBuilder(self.certificate.subject)
            .last_update(ALWAYS + timedelta(seconds=len(revoked)))
            .next_update(self.certificate.not_valid_after_utc)
            .add_extension(above, critical=False)
            .add_extension(x509.CRLNumber(len(revoked)), critical=False)
        )
        for serial, at in revoked.items():
            one = x509.RevokedCertificateBuilder(serial, at).build()
            builder = builder.add_revoked_certificate(one)
        crl = builder.sign(self._key, hashes.SHA256())
        write_private(self.folder / "crl.pem", crl.public_bytes(serialization.Encoding.PEM))


def issued_in(folder: Path) -> Iterator[Issued]:
    """Every certificate that the authority in a folder ever gave. Raises OSError, ValueError."""
    revoked = revoked_in(folder)
    for path in sorted((folder / "issued").glob("*.pem")):
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
        # The certificate itself does not say it: it was always valid.
        made_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        name, serial = common_name(certificate), certificate.serial_number
        yield Issued(name, certificate, made_at, revoked.get(serial))


def revoked_in(folder: Path) -> dict[int, datetime]:
    """The serial numbers that are not valid any more, and since when. Raises OSError, ValueError."""
    return revoked_by((folder / "crl.pem").read_bytes())


def revoked_by(crl: bytes) -> dict[int, datetime]:
    """As `revoked_in`, of a list that was read already. Raises ValueError."""
    return {one.serial_number: one.revocation_date_utc for one in x509.load_pem_x509_crl(crl)}


def _usage(*, signs_others: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_others,
        key_cert_sign=signs_others,
        crl_sign=signs_others,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(hall: str, common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, hall),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def common_name(certificate: x509.Certificate | x509.CertificateSigningRequest) -> str:
    """Whose it is. Raises ValueError if it does not name exactly one."""
    (common,) = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common.value)


def _general_name(address: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(address))
    except ValueError:
        return x509.DNSName(address)


def _addresses(certificate: x509.Certificate) -> set[str]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return set()
    return {str(name.value) for name in names}


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _pem_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _read_private(path: Path) -> ec.EllipticCurvePrivateKey:
    check_private(path)
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{path} is no key of this suite's making; take it away")  # noqa: TRY004
    return key

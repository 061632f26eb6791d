"""The laws of a takeover: the session of a name ends, by an identity that is good for moments, or it is said why not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from broker.ca import Authority
from broker.identity import open_identity
from broker.takeover import Takeover
from tests.processes import free_port
from tests.system.guarded import Guarded, Raw, guarded

NOW = datetime(2026, 11, 29, tzinfo=UTC)


@pytest.fixture
def hall(tmp_path: Path):
    with guarded(tmp_path) as hall:
        yield hall


def test_it_ends_the_session_of_those_it_names_alone(hall: Guarded):
    with hall.raw("counter-1") as one, hall.raw("counter-2") as other:
        takeover = Takeover(hall.authority(), ["counter-1"], hall.port)
        takeover.run()
        assert takeover.failed == ""
        assert one.is_cut_off(1)
        assert not other.is_cut_off(0.2)


def test_a_broker_that_lets_nobody_in_is_told(tmp_path: Path):
    takeover = Takeover(Authority(tmp_path / "ca", "sample", NOW), ["counter-1"], free_port())
    takeover.run()
    assert takeover.failed.startswith("counter-1: ")


def test_what_is_lent_ends_in_a_minute_and_is_kept_nowhere(tmp_path: Path):
    authority = Authority(tmp_path / "ca", "sample", NOW)
    authority.lend("counter-1", tmp_path / "lent")
    lent = x509.load_pem_x509_certificate((tmp_path / "lent" / "cert.pem").read_bytes())
    assert lent.not_valid_after_utc == NOW + timedelta(minutes=1)
    assert list(authority.issued()) == []
    assert list((tmp_path / "ca" / "identities").iterdir()) == []


def test_each_list_of_the_revoked_says_it_is_newer_for_openssl_keeps_the_older_ones_too(
    tmp_path: Path,
):
    authority = Authority(tmp_path / "ca", "sample", NOW)
    updates = []
    for name in ("counter-1", "counter-2", "counter-3"):
        authority.identity(name)
        authority.revoke(name)
        crl = x509.load_pem_x509_crl((tmp_path / "ca" / "crl.pem").read_bytes())
        updates.append(crl.last_update_utc)
    assert updates == sorted(set(updates))


def test_one_after_the_other_is_shut_out_of_a_running_broker(hall: Guarded):
    for name in ("counter-1", "counter-2", "counter-3"):
        stolen = hall.stolen(name)
        with Raw(hall.port, open_identity(stolen)) as thief:
            hall.ca("revoke", name)
            assert thief.is_cut_off(5)
        with pytest.raises(OSError, match=r"REVOKED|EOF|eset"):
            Raw(hall.port, open_identity(stolen))

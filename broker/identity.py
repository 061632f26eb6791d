"""Who one is on the hall's wire: a folder with `key.pem`, `cert.pem` and the hall's `ca.pem`; what is wrong, in words."""

from __future__ import annotations

import ssl
from pathlib import Path

from broker.private import check_private

__all__ = ["IdentityFault", "open_identity", "why_refused"]

# The numbers of OpenSSL's X509_V_ERR_..., for what is wrong with the broker's certificate.
VERIFY = {
    9: "the broker's certificate is not valid yet: this board's clock is wrong, set it",
    10: "the broker's certificate has expired, or this board's clock is wrong: see the clock, then run `jiaohao ca` on the hub",
    18: "the broker is not of this hall: its certificate is signed by itself alone",
    19: "the broker is of another hall: another authority made its certificate; copy this hall's identity here anew",
    20: "the broker is of another hall: another authority made its certificate; copy this hall's identity here anew",
    26: "what answers is no broker: its certificate is that of a board; somebody may be playing the broker",
    62: "the broker's certificate is for another address: write its address into [broker] of hall.toml and run `jiaohao ca` on the hub",
    64: "the broker's certificate is for another address: write its address into [broker] of hall.toml and run `jiaohao ca` on the hub",
}

# What the broker's alert says of our certificate, by OpenSSL's words.
ALERTS = {
    "ALERT_CERTIFICATE_REVOKED": "the broker refuses this identity: it was revoked; run `jiaohao ca renew` on the hub and copy the new one here",
    "ALERT_CERTIFICATE_EXPIRED": "the broker refuses this identity: it has expired; run `jiaohao ca` on the hub and copy the new one here",
    "ALERT_UNKNOWN_CA": "the broker refuses this identity: it is of another hall; copy this hall's here",
    "ALERT_CERTIFICATE_REQUIRED": "the broker wants an identity; give one with --identity",
    "ALERT_HANDSHAKE_FAILURE": "the broker wants an identity; give one with --identity",
    "WRONG_VERSION_NUMBER": "the broker speaks no TLS on this port; it is another port, or a broker for trying",
}


class IdentityFault(OSError):
    """The identity's folder cannot be used."""


def open_identity(folder: Path, name: str = "") -> ssl.SSLContext:
    """What a TLS line needs: our certificate, and trust in the hall's own authority alone.

    With a `name`, another's folder is refused: the broker would let it in, but into nothing of ours. Raises IdentityFault.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        check_private(folder / "key.pem")
        whose = (folder / "name").read_text(encoding="utf-8")
        context.load_verify_locations(folder / "ca.pem")
        context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    except PermissionError as fault:
        raise IdentityFault(f"the identity in {folder} cannot be used: {fault}") from fault
    except FileNotFoundError as fault:
        raise IdentityFault(
            f"the identity in {folder} is not whole; run `jiaohao ca` on the hub and copy the folder here"
        ) from fault
    except ssl.SSLError as fault:
        raise IdentityFault(
            f"the identity in {folder} is damaged, or its key is not its certificate's ({fault.reason});"
            " copy the folder from the hub anew"
        ) from fault
    if name and whose != name:
        raise IdentityFault(
            f"the identity in {folder} is that of {whose!r}, not of {name!r}; give its own folder"
        )
    return context


def why_refused(fault: BaseException | str) -> str:
    """Say what a failed connection means; what is not about certificates stays as it is."""
    if isinstance(fault, ssl.SSLCertVerificationError) and fault.verify_code in VERIFY:
        return VERIFY[fault.verify_code]
    return next((said for word, said in ALERTS.items() if word in str(fault)), str(fault))

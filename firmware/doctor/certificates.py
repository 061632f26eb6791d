"""When this machine's certificate and the hall's authority end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from broker.private import check_private
from firmware.doctor.findings import Both, Finding, broken, look, ok

__all__ = ["certificates", "ends"]

SOON_DAYS = 60
RENEW = Both(
    "On the hub: `jiaohao ca renew NAME`, and bring it here (docs/security.md); a card from `jiaohao provision --replace` does it all.",
    "在主机上运行 jiaohao ca renew 名称 并拷贝过来（见 docs/security.md）；或用 jiaohao provision --replace 写新卡。",
)


def certificates(identity: Path, now: float) -> Iterator[Finding]:
    """Of the identity's folder. Where there is none the hall is tried without TLS."""
    if not (identity / "cert.pem").exists():
        yield look(
            "certificates",
            Both(f"There is no identity in {identity}.", f"{identity} 中没有身份证书。"),
            Both(
                "Only for trying a hall does without. Else the board was never enrolled: see STATUS.txt on its card.",
                "只有试用时可以没有；否则说明本板没有注册：看卡上的 STATUS.txt。",
            ),
        )
        return
    at = datetime.fromtimestamp(now, UTC)
    for name, what in (
        ("cert.pem", ("its own", "本机")),
        ("ca.pem", ("the hall's authority", "大厅")),
    ):
        try:
            found = x509.load_pem_x509_certificate((identity / name).read_bytes())
        except (OSError, ValueError) as fault:
            said = Both(f"{name} cannot be read: {fault}.", f"{name} 无法读取：{fault}。")
            yield broken("certificates", said, RENEW)
        else:
            yield ends(what, found.not_valid_after_utc, at)
    try:
        check_private(identity / "key.pem")
    except OSError as fault:
        yield broken("certificates", Both(f"{fault}.", f"{fault}。"), RENEW)


def ends(what: tuple[str, str], end: datetime, now: datetime) -> Finding:
    days = (end - now).days
    en = f"The certificate ({what[0]}) is valid until {end:%Y-%m-%d}, for {days} days."
    zh = f"证书（{what[1]}）有效期至 {end:%Y-%m-%d}，还有 {days} 天。"
    if days < 0:
        en = f"The certificate ({what[0]}) ended on {end:%Y-%m-%d}, or the clock is wrong."
        zh = f"证书（{what[1]}）已于 {end:%Y-%m-%d} 过期，或时钟不对。"
        return broken("certificates", Both(en, zh), RENEW)
    if days < SOON_DAYS:
        return look("certificates", Both(en, zh), RENEW)
    return ok("certificates", en, zh)

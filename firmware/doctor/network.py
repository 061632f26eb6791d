"""Link, address, gateway, Wi-Fi, and the way to the hub."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from firmware.doctor.findings import Both, Finding, broken, look, ok
from firmware.doctor.machine import Machine

__all__ = ["addresses", "gateway", "links", "reached", "wifi"]

CABLE = Both(
    "Plug the cable in at both ends, look for its lamps, try another cable and another port of the switch.",
    "检查网线两端和指示灯，换网线、换交换机端口试试。",
)
PLACE = Both(
    "Bring it nearer to the access point, away from metal, or give it a cable.",
    "移近无线接入点，远离金属，或改用网线。",
)


def links(machine: Machine) -> Iterator[Finding]:
    """Each wire and radio, whether something is at its other end."""
    up: list[str] = []
    down: list[str] = []
    for name in machine.names("/sys/class/net"):
        if name == "lo" or not machine.at(f"/sys/class/net/{name}/device").exists():
            continue
        (up if machine.text(f"/sys/class/net/{name}/carrier") == "1" else down).append(name)
    if up:
        yield ok("network", f"Linked: {', '.join(up)}.", f"已连接：{'、'.join(up)}。")
    elif down:
        said = Both(f"No link on {', '.join(down)}.", f"{'、'.join(down)} 未连接。")
        yield broken("network", said, CABLE)


def addresses(told: str) -> Iterator[Finding]:
    """From `ip -j addr`."""
    found = [
        f"{one.get('ifname')} {info.get('local')}"
        for one in _list(told)
        if one.get("ifname") != "lo"
        for info in one.get("addr_info", ())
        if info.get("family") == "inet"
    ]
    if any(" 169.254." not in one for one in found):
        yield ok("network", f"Addresses: {', '.join(found)}.", f"地址：{'、'.join(found)}。")
    elif told:
        yield broken(
            "network",
            Both("It has no address in the hall's network.", "没有取得大厅网络的地址。"),
            Both(
                "Is there a DHCP server? Else give it a fixed address: [addresses] in cards.toml, and write its card anew.",
                "网络里有 DHCP 吗？没有就在 cards.toml 的 [addresses] 写上固定地址，重新写卡。",
            ),
        )


def gateway(told: str) -> Iterator[Finding]:
    """From `ip -j route show default`. A hall's network needs none: everything is in it."""
    ways = [str(one.get("gateway")) for one in _list(told) if one.get("gateway")]
    if ways:
        yield ok("network", f"Gateway: {', '.join(ways)}.", f"网关：{'、'.join(ways)}。")
    elif told:
        yield ok(
            "network",
            "No gateway; the hall needs none as long as the hub is in the same network.",
            "没有网关；主机在同一网络内即可，不需要网关。",
        )


def wifi(told: str) -> Iterator[Finding]:
    """From /proc/net/wireless: the third number of a line is the level in dBm."""
    for name, level in re.findall(r"^\s*(\w+):\s+\S+\s+[\d.-]+\s+(-?\d+)\.?", told, re.MULTILINE):
        both = Both(f"Wi-Fi {name}: {level} dBm.", f"无线 {name}：{level} dBm。")
        if int(level) >= -67:
            yield ok("network", both.en, both.zh)
        else:
            yield (look if int(level) >= -75 else broken)("network", both, PLACE)


def reached(host: str, port: int, ms: float | None) -> Finding:
    """Whether the hub answers a connection, and how fast."""
    if ms is None:
        return broken(
            "hub",
            Both(f"The hub does not answer at {host}:{port}.", f"主机 {host}:{port} 没有应答。"),
            Both(
                "Is the hub on, and in this network? `ping` it; see its address in [broker] of hall.toml, and run `jiaohao doctor` there.",
                "主机开机了吗？在同一网络吗？ping 它；核对 hall.toml 中 [broker] 的地址，并在主机上运行 jiaohao doctor。",
            ),
        )
    en = f"The hub answers at {host}:{port} in {ms:.1f} ms."
    zh = f"主机 {host}:{port} 应答，{ms:.1f} 毫秒。"
    if ms <= 50:
        return ok("hub", en, zh)
    return look("hub", Both(en, zh), PLACE)


def _list(told: str) -> list[dict[str, Any]]:
    try:
        found = json.loads(told or "[]")
    except ValueError:
        return []
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

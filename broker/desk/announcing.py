"""Announces the hub on the hall's network, so that a board finds one that has moved. It proves nothing: TLS does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

import ifaddr
from zeroconf import Error, InterfaceChoice, IPVersion, ServiceInfo
from zeroconf.asyncio import AsyncZeroconf

from broker.finding import DESK_PORT, HALL, SERVICE
from broker.settings import Hall

__all__ = ["announce"]

log = logging.getLogger(__name__)

LOOK_S = 10.0


async def announce(hall: Hall, interfaces: Sequence[str] = ()) -> None:
    """Until cancelled; anew when this machine's addresses change. `interfaces` are addresses of it, all if none is named."""
    while True:
        addresses = _addresses(interfaces)
        if not addresses:
            await asyncio.sleep(LOOK_S)
            continue
        try:
            async with AsyncZeroconf(
                interfaces=list(interfaces) or InterfaceChoice.All, ip_version=IPVersion.V4Only
            ) as wire:
                await wire.async_register_service(_info(hall, addresses), allow_name_change=True)
                while _addresses(interfaces) == addresses:  # noqa: ASYNC110 - nobody tells it
                    await asyncio.sleep(LOOK_S)
        except (OSError, Error) as fault:
            log.warning("the hub cannot be announced on the network now: %s", fault)
            await asyncio.sleep(LOOK_S)


def _info(hall: Hall, addresses: Sequence[str]) -> ServiceInfo:
    name = hall.hall.id
    return ServiceInfo(
        SERVICE,
        f"jiaohao-{name}.{SERVICE}",
        port=hall.broker.tls_port,
        parsed_addresses=list(addresses),
        properties={HALL: name, DESK_PORT: str(hall.broker.desk_port)},
        server=f"jiaohao-{name}.local.",
    )


def _addresses(interfaces: Sequence[str]) -> tuple[str, ...]:
    if interfaces:
        return tuple(interfaces)
    every = (str(ip.ip) for adapter in ifaddr.get_adapters() for ip in adapter.ips if ip.is_IPv4)
    return tuple(sorted(one for one in every if not one.startswith("127.")))

"""Who waits for what, as a hall display has room for it: by service, or by group where the services are too many."""

from __future__ import annotations

from collections.abc import Iterator

from broker.messages import QueueState, ServiceState
from broker.phrases import Language
from broker.settings import Hall, Service
from firmware.hal.screen import ServiceRow

__all__ = ["MOST", "waiting"]

MOST = 24
"""So many rows can be read across a hall."""


def waiting(
    hall: Hall, services: tuple[Service, ...], queue: QueueState | None
) -> tuple[ServiceRow, ...]:
    """A row for each that the hub has told of. More than `MOST` are summed by group; without groups the fullest are told."""
    states = queue.services if queue else {}
    known = tuple(service for service in services if service.id in states)
    if len(known) > MOST and hall.groups:
        return tuple(_by_group(hall, known, states))
    fullest = sorted(known, key=lambda service: -states[service.id].waiting)[:MOST]
    return tuple(
        ServiceRow(service.prefix, service.name, states[service.id].waiting, service.english)
        for service in known
        if service in fullest
    )


def _by_group(
    hall: Hall, known: tuple[Service, ...], states: dict[str, ServiceState]
) -> Iterator[ServiceRow]:
    for group in hall.groups[:MOST]:
        sums = [states[service.id].waiting for service in known if service.group == group.id]
        if sums:
            yield ServiceRow("", group.name, sum(sums), group.english)
    others = [states[service.id].waiting for service in known if not service.group]
    if others:
        chinese, english = (hall.phrases_in(language).kiosk.home for language in Language)
        yield ServiceRow("", chinese.other_services, sum(others), english.other_services)

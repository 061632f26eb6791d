"""Which of a hall's devices speaks for whom in a simulated day."""

from __future__ import annotations

from dataclasses import dataclass

from broker.settings import Hall, Kind

__all__ = ["Devices", "devices_of"]


@dataclass(frozen=True, slots=True)
class Devices:
    """`panels` has one for every counter of the simulation; `pads` and `voices` where the hall has them.

    `console` is empty where there is none: then nobody can book an appointment, or bring in a missed number.
    """

    kiosks: tuple[str, ...]
    panels: dict[int, str]
    pads: dict[int, str]
    voices: dict[int, str]
    console: str


def devices_of(hall: Hall) -> Devices:
    devices = hall.device.values()
    return Devices(
        kiosks=tuple(d.id for d in devices if d.kind is Kind.TICKET_KIOSK),
        panels={d.counter: d.id for d in devices if d.kind is Kind.CALLER_PANEL},
        pads={d.counter: d.id for d in devices if d.kind is Kind.RATING_PAD},
        voices={
            counter: d.id
            for d in devices
            if d.kind is Kind.ANNOUNCER
            for counter in hall.announced_by(d)
        },
        console=next(iter(hall.console), ""),
    )

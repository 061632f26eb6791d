"""What a counter is there for, in the words that stand over it and on the hall display."""

from __future__ import annotations

from broker.settings import Hall

__all__ = ["functions"]


def functions(hall: Hall, counter: int) -> tuple[str, ...]:
    """The services it serves, by name; all those without a zone of their own are one word together."""
    general = {service.id for service in hall.services if not service.zone}
    served = hall.served[counter]
    everything = len(general) > 1 and general <= served
    names = [s.name for s in hall.services if s.id in (served - general if everything else served)]
    return (hall.phrases.general, *names) if everything else tuple(names)

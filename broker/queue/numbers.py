"""How the numbers of a day run: prefix and digits, the series that only kiosks alone give out, the code on the paper."""

from __future__ import annotations

from base64 import b32encode
from hashlib import blake2s

from broker.messages import CODE_LENGTH, CommandRejected, Refusal
from broker.queue.queue import Queue
from broker.settings import Service

__all__ = ["code_of", "lent_series", "next_number"]


def next_number(queue: Queue, service: Service) -> str:
    """The next running number; where kiosks alone are lent numbers, theirs are left out."""
    # On a day whose journal is not whole others may have been given already.
    running = max(queue.issued[service.prefix] + 1, queue.numbers_from)
    series = _series(queue, service)
    if running in series and queue.hall.rules.alone.block:
        running = series.stop
    while (number := _number(queue, service, running)) in queue.lent:
        running += 1  # of another length of numbers, before new settings
    if running >= 10**4:
        raise CommandRejected(
            Refusal.NUMBERS_EXHAUSTED,
            f"all numbers of prefix {service.prefix} are given out for today",
        )
    return number


def lent_series(queue: Queue, service: Service) -> tuple[str, ...]:
    """The last tenth of a service's numbers: A901 to A999, or A9001 to A9999."""
    return tuple(_number(queue, service, running) for running in _series(queue, service))


def code_of(secret: str, number: str) -> str:
    """The letters and digits on the paper that only who saw the paper, or knows the day's secret, can tell."""
    if not secret:
        return ""
    digest = blake2s(number.encode(), key=secret.encode()[:32], digest_size=4).digest()
    return b32encode(digest).decode()[:CODE_LENGTH]


def _digits(queue: Queue, service: Service) -> int:
    return service.digits or queue.hall.rules.number_digits


def _series(queue: Queue, service: Service) -> range:
    digits = _digits(queue, service)
    return range(9 * 10 ** (digits - 1) + 1, 10**digits)


def _number(queue: Queue, service: Service, running: int) -> str:
    return f"{service.prefix}{running:0{_digits(queue, service)}d}"

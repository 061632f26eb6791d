"""The numbers in a panel's text, for displays that have digits alone."""

from __future__ import annotations

import re

__all__ = ["TICKET", "ticket_in", "waiting_in"]

# As the devices' texts say it: A017 or A0017, and 等候3人.
TICKET = re.compile(r"[A-Z]([0-9]{1,4})(?![0-9])")
_WAITING = re.compile(r"等候(\d+)人")


def ticket_in(text: str) -> int | None:
    """The number of the ticket that a text names, without its letter.

    >>> ticket_in("请A017号到3号窗口"), ticket_in("暂停服务")
    (17, None)
    """
    found = TICKET.search(text)
    return int(found[1]) if found else None


def waiting_in(text: str) -> int | None:
    found = _WAITING.search(text)
    return int(found[1]) if found else None

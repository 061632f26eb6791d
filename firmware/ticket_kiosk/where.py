"""Where in the hall something is done, as a visitor looks for it: zones and counters."""

from __future__ import annotations

from broker.items import Item
from broker.settings import Hall
from firmware.ticket_kiosk.words import Words

__all__ = ["item_counters", "where"]


def where(hall: Hall, words: Words, counters: tuple[int, ...], zone: str = "") -> str:
    """The zones of counters and their numbers; `zone` where it is told apart from them."""
    zones = {one.id: words.name(one) for one in hall.zones}
    of_counters = (hall.counter[number].zone for number in counters)
    names = dict.fromkeys(zones[one] for one in ([zone] if zone in zones else of_counters))
    comma = words.phrases.list_comma
    if not counters:
        return comma.join(names)
    return words.phrases.guide.counters.format(
        zones=comma.join(names), counters=_numbers(counters, "、" if words.is_chinese else ", ")
    )


def item_counters(hall: Hall, item: Item) -> tuple[int, ...]:
    """The counters that do it: its own, or all that serve what one queues for."""
    known = tuple(number for number in item.counters if number in hall.counter)
    return known or hall.counters_for(item.service)


def _numbers(counters: tuple[int, ...], comma: str = "、") -> str:
    """Counters as a visitor looks for them.

    >>> _numbers((1, 2, 3, 7)), _numbers((5, 6))
    ('1-3、7', '5、6')
    """
    runs: list[list[int]] = []
    for number in sorted(counters):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return comma.join(
        f"{run[0]}-{run[-1]}" if len(run) > 2 else comma.join(map(str, run)) for run in runs
    )

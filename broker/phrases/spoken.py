"""How numbers are said in Mandarin: a ticket's sign by sign, a counter's as a number."""

from __future__ import annotations

__all__ = ["spoken_counter", "spoken_ticket"]

DIGITS = "零一二三四五六七八九"


def spoken_ticket(ticket: str, one_as: str = "一") -> str:
    """Letters by name, digits one by one.

    >>> spoken_ticket("A017"), spoken_ticket("B110", one_as="幺")
    ('A零一七', 'B幺幺零')
    """
    digits = DIGITS.replace("一", one_as)
    return "".join(digits[int(sign)] if sign.isdecimal() else sign for sign in ticket)


def spoken_counter(number: int) -> str:
    """A counter is a number (1 to 999), not digits.

    >>> [spoken_counter(n) for n in (3, 10, 12, 20, 101, 110, 205)]
    ['三', '十', '十二', '二十', '一百零一', '一百一十', '二百零五']
    """
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    if not hundreds:
        head = "" if not tens else "十" if tens == 1 else DIGITS[tens] + "十"
        return head + (DIGITS[ones] if ones or not tens else "")
    head = DIGITS[hundreds] + "百"
    if tens:
        return head + DIGITS[tens] + "十" + (DIGITS[ones] if ones else "")
    return head + ("零" + DIGITS[ones] if ones else "")

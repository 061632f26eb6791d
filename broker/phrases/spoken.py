"""How numbers are said in Mandarin and in English: a ticket's sign by sign, a counter's as a number."""

from __future__ import annotations

__all__ = ["english_counter", "english_ticket", "spoken_counter", "spoken_ticket"]

DIGITS = "零一二三四五六七八九"
ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


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


def english_ticket(ticket: str) -> str:
    """The same in English.

    >>> english_ticket("A017")
    'A zero one seven'
    """
    return " ".join(ONES[int(sign)] if sign.isdecimal() else sign for sign in ticket)


def english_counter(number: int) -> str:
    """A counter (1 to 999) as one reads it aloud.

    >>> [english_counter(n) for n in (3, 12, 20, 41, 101, 200)]
    ['three', 'twelve', 'twenty', 'forty-one', 'one hundred and one', 'two hundred']
    """
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _below_hundred(rest)
    head = f"{ONES[hundreds]} hundred"
    return f"{head} and {_below_hundred(rest)}" if rest else head


def _below_hundred(number: int) -> str:
    if number < 20:
        return ONES[number]
    tens, ones = divmod(number, 10)
    return f"{TENS[tens - 2]}-{ONES[ones]}" if ones else TENS[tens - 2]

"""What the hall says and shows, in one table: templates with placeholders, each a setting."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from broker.messages import Rule

__all__ = ["RULE_SENTENCES", "Phrases", "spoken_counter", "spoken_ticket"]

DIGITS = "零一二三四五六七八九"

RULE_SENTENCES: dict[str, tuple[str, str]] = {
    Rule.ARRIVAL: ("按取号先后顺序", "in order of arrival"),
    Rule.GREEN_COUNTER: (
        "绿色通道窗口先呼叫绿色通道号",
        "a green counter calls the green channel first",
    ),
    Rule.GREEN_FIRST: ("绿色通道优先", "the green channel goes first"),
    Rule.GREEN_ONLY: (
        "当时只有绿色通道号等候，按取号先后顺序",
        "only the green channel was waiting: in order of arrival",
    ),
    Rule.APPOINTMENT_FIRST: (
        "预约时间已到，先于未预约的号",
        "an appointment whose time has come goes ahead of those without one",
    ),
    Rule.APPOINTMENT_ONLY: (
        "当时只有预约号等候，按预约时间先后顺序",
        "only appointments were waiting: in order of their times",
    ),
    Rule.AFTER_PRIORITY: (
        "连续优先呼叫已达规定次数，轮到其他等候的号",
        "after so many priority calls in a row, those passed over have their turn",
    ),
    Rule.SUPERVISOR: (
        "由值班主管调整呼叫顺序，原因记录在案",
        "called out of order by a supervisor, with a reason on record",
    ),
    Rule.BY_HAND: (
        "窗口与主机断开期间由工作人员人工叫号",
        "called by hand by a clerk whose counter was alone",
    ),
}
"""The published rules by their ids, as visitors and as staff read them; each call records which one chose."""


class Phrases(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Placeholders: {ticket} {counter} {service} {ahead} {reason} {until}; neutral in tone, never 服务忌语.

    `general` is what a counter is for that serves everything; `paused_until` is shown where a return is planned.
    """

    call_shown: str = "请{ticket}号到{counter}号窗口"
    call_spoken: str = "请{ticket}号，到{counter}号窗口"
    serving: str = "{ticket}号 正在办理"
    idle: str = "{counter}号窗口 {service}"
    general: str = "综合业务"
    paused: str = "暂停服务 {reason} 请到其他窗口"
    paused_until: str = "暂停服务 {reason} {until}恢复 请到其他窗口"
    closed: str = "{counter}号窗口 未开放"
    taken: str = "您已领取{ticket}号"
    ahead: str = "前方等待{ahead}人"
    rate: str = "请您对本次服务作出评价"
    thanks: str = "感谢您的评价"
    rating_kept: str = "评价已保存，感谢您"
    one_as: Literal["一", "幺"] = "一"


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

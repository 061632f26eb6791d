"""All that visitors and clerks read and hear in Chinese, by who says it; neutral in tone, never 服务忌语."""

from __future__ import annotations

from typing import Literal

from broker.phrases.chinese_kiosk import Kiosk
from broker.phrases.table import Table

__all__ = ["CounterDisplay", "Day", "HallDisplay", "Phrases", "RatingPad"]


class Day(Table, frozen=True):
    """A day as displays write it."""

    date: str = "{month}月{day}日 {weekday}"
    monday: str = "星期一"
    tuesday: str = "星期二"
    wednesday: str = "星期三"
    thursday: str = "星期四"
    friday: str = "星期五"
    saturday: str = "星期六"
    sunday: str = "星期日"


class HallDisplay(Table, frozen=True):
    """On the hall display. `first`, `but_green` and what follows are the published rules of the queue."""

    closed: str = "未开放"
    paused: str = "暂停服务"
    free: str = "空闲"
    come: str = "请到窗口"
    serving: str = "正在办理"
    counter: str = "{counter}号窗口"
    calling: str = "正在呼叫"
    before: str = "稍早呼叫"
    listen: str = "请留意显示与语音叫号"
    window: str = "窗口"
    ticket: str = "号码"
    status: str = "状态"
    waiting: str = "等候人数"
    missed: str = "过号"
    old: str = "显示可能不是最新，请听工作人员叫号"
    old_since: str = "显示可能不是最新（截至{at}），请听工作人员叫号"
    emergency_note: str = "{since}起 请听从工作人员安排"
    sent_home: str = "{services}今日办理已结束，未叫到的号已取消，请改日再来"
    rules: str = "按取号先后叫号；{first}；{missed}"
    first: str = "绿色通道、到时的预约优先，同一窗口连续优先不超过{most}次"
    but_green: str = "（绿色通道窗口除外）"
    missed_void: str = "过号作废，请重新取号"
    missed_calls: str = "过号后同业务再叫{keep}个号之内可报到"
    missed_minutes: str = "过号后{keep}分钟内可报到"
    missed_back: str = "过号后自动后移{keep}位"
    missed_guide: str = "过号请咨询工作人员"


class RatingPad(Table, frozen=True):
    """On a rating pad with a screen. What may be added is told alike after every rating, and what it is about is neutral."""

    counter: str = "{counter}号窗口"
    idle: str = "办理结束后，您可以在此评价"
    very_satisfied: str = "非常满意"
    satisfied: str = "满意"
    fairly_satisfied: str = "基本满意"
    dissatisfied: str = "不满意"
    very_dissatisfied: str = "非常不满意"
    again: str = "请您重新选择评价"
    add: str = "您还可以补充关注的方面（自愿，可多选）"
    correct: str = "更正"
    skip: str = "跳过"
    done: str = "完成"


class CounterDisplay(Table, frozen=True):
    """On the display over a counter. `number` stands before a clerk's number; `go_to` names counters that are open."""

    come: str = "请到本窗口"
    serving: str = "正在办理"
    free: str = "请等候叫号"
    paused: str = "暂停服务"
    until: str = "预计{until}恢复"
    closed: str = "未开放"
    go_to: str = "请到{counters}号窗口办理"
    go_elsewhere: str = "请到其他窗口办理"
    number: str = "工号 {number}"
    standard: str = "承诺办理时限"
    limit: str = "办理时限"
    fee: str = "收费"
    result: str = "办理结果"


class Phrases(Table, frozen=True):
    """Those of the whole hall, and a table for each device that says more.

    `general` is what a counter is for that serves everything; `paused_until` is shown where a return is planned;
    `emergency` is shown and said where the supervisor had no time for a sentence.
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
    emergency: str = "紧急情况，请听从工作人员指挥"
    one_as: Literal["一", "幺"] = "一"
    day: Day = Day()
    hall_display: HallDisplay = HallDisplay()
    kiosk: Kiosk = Kiosk()
    rating_pad: RatingPad = RatingPad()
    counter_display: CounterDisplay = CounterDisplay()

"""The sentences that visitors read on the kiosk's screen, by what they are about; no page and no key."""

from __future__ import annotations

from broker.hearing import Cause
from broker.messages import Refusal, Wait
from firmware.hal import Health, Trouble

__all__ = [
    "ALONE_NOT_NOW",
    "ALONE_REFUSED",
    "BROKEN",
    "CAUSES",
    "CHANGING",
    "CUT_OFF",
    "NEAR_END",
    "NOT_NOW",
    "REFUSED",
    "STARTING",
    "STOPPED",
    "TAKE_IT",
    "UNTOLD",
    "about",
    "trouble_told",
    "why_stopped",
]

# What a visitor reads while no ticket can be had; each with what to do.
STOPPED = {
    Trouble.PAPER_OUT: "打印机缺纸，请告知工作人员换纸",
    Trouble.COVER_OPEN: "打印机盖已打开，正在维护，请稍候",
    Trouble.CUTTER: "打印机切刀卡住，请联系工作人员",
    Trouble.OVERHEATED: "打印机过热，冷却后自动恢复，请稍候",
    Trouble.TICKET_NOT_TAKEN: "出票口还有号票，请先取走",
    Trouble.NO_ANSWER: "打印机无应答，请联系工作人员",
    Trouble.OFFLINE: "打印机未就绪，请联系工作人员",
    Trouble.JAM: "打印机卡纸，请联系工作人员",
}
BROKEN = "打印机故障，请联系工作人员"
# What stops nobody yet: for the visitor, and for staff at the foot of the page.
TAKE_IT = "请取走出票口的号票"
NEAR_END = "打印纸将用完，请准备换纸"
CHANGING = "正在换纸，请稍候"

# Why a service has no ticket to give now, in a few words on its key.
NOT_NOW = {
    Refusal.EMERGENCY: "暂停取号",
    Refusal.NOT_OPEN: "非取号时间",
    Refusal.LAST_TICKET_GIVEN: "取号已截止",
    Refusal.ISSUING_STOPPED: "已停止取号",
    Refusal.QUOTA_OF_DAY: "今日号已取完",
    Refusal.QUOTA_OF_SLOT: "当前时段号已满",
}

# Why a wish was refused, and what to do; the hub's English reason goes to the log.
REFUSED: dict[Refusal | None, str] = {
    Refusal.BAD_MESSAGE: "本机设置需要更新，请联系工作人员",
    Refusal.NOT_YOURS: "本机未开通此项服务，请联系工作人员",
    Refusal.STALE: "系统繁忙，未取号，请再试一次",
    Refusal.UNKNOWN_SERVICE: "该业务已调整，请咨询工作人员",
    Refusal.UNKNOWN_TICKET: "今日没有这个号，请核对号票或重新取号",
    Refusal.UNKNOWN_CLASS: "绿色通道暂未开通，请联系工作人员",
    Refusal.UNKNOWN_APPOINTMENT: "没有查到您的预约，请核对预约信息，或直接取号",
    Refusal.UNKNOWN_KIOSK: "本机不能打印，请联系工作人员",
    Refusal.WRONG_STATE: "该号已办结或失效，请重新取号",
    Refusal.WRONG_CODE: "号票信息不符，请联系工作人员",
    Refusal.NUMBERS_EXHAUSTED: "今日号已全部取完，请改日再来或网上预约",
    Refusal.NOT_OPEN: "现在不是取号时间，请在公布的服务时间内取号",
    Refusal.LAST_TICKET_GIVEN: "即将结束受理，已停止取号，请下个时段再来",
    Refusal.ISSUING_STOPPED: "该业务今日已停止取号，请咨询工作人员",
    Refusal.QUOTA_OF_DAY: "该业务今日号已取完，请改日再来或提前预约",
    Refusal.QUOTA_OF_SLOT: "当前时段号已满，请下个时段再来取号",
    Refusal.HAS_TICKET: "您已有号，请留意叫号",
    Refusal.EMERGENCY: "紧急情况，暂停取号，请听从工作人员指挥",
    Refusal.TOO_EARLY: "未到预约取号时间，请稍后再来",
}
UNTOLD = "请联系工作人员"

# The same of a kiosk that is alone: in a few words on the key, and in a sentence.
ALONE_NOT_NOW = {Refusal.NOT_LENT: "脱机暂停取号", Refusal.NUMBERS_EXHAUSTED: "脱机号已发完"}
ALONE_REFUSED = {
    Refusal.NOT_LENT: "系统脱机，该业务暂停取号，请稍候，或到咨询台人工取号",
    Refusal.NUMBERS_EXHAUSTED: "脱机号已发完，请到咨询台人工取号，或稍候再取",
}
# Why the kiosk is alone, for staff, small at the foot of its pages.
CAUSES = {
    Cause.LINE: "脱机：网络断开",
    Cause.HUB: "脱机：主机已停",
    Cause.SILENCE: "脱机：主机无心跳",
    Cause.NO_ANSWER: "脱机：主机无应答",
}
STARTING = "正在启动，请稍候"
CUT_OFF = "系统连接中断，请稍候或联系工作人员"


def why_stopped(printer: Health | None) -> str:
    """Why no ticket can be printed, as the visitor reads it; empty while one can. An unknown printer is not ready."""
    if printer is None:
        return STARTING
    return "" if printer.usable else trouble_told(*printer.troubles)


def trouble_told(*troubles: Trouble) -> str:
    return next((STOPPED[trouble] for trouble in troubles if trouble in STOPPED), BROKEN)


def about(wait: Wait | None) -> str:
    """An estimated wait, as a visitor reads it; empty where nothing is known.

    >>> about(Wait(10, 15)), about(Wait(10, 10)), about(Wait(0, 5)), about(Wait(0, 0)), about(None)
    ('约10~15分钟', '约10分钟', '5分钟内', '1分钟内', '')
    """
    if wait is None:
        return ""
    if not wait.least:
        return f"{max(wait.most, 1)}分钟内"
    return f"约{wait.least}~{wait.most}分钟" if wait.least < wait.most else f"约{wait.most}分钟"

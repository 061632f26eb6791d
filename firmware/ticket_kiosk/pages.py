"""What the kiosk's screen says in each case, as pages; it decides nothing."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from broker.hearing import Cause
from broker.messages import IssueTicket, QueueState, Refusal, Reprint, Wait
from broker.settings import Hall, Service
from firmware.device import Print
from firmware.hal import Health, Trouble
from firmware.hal.screen import KioskKey, KioskPage, Tone

__all__ = [
    "ALONE_NOT_NOW",
    "ALONE_REFUSED",
    "BROKEN",
    "CAUSES",
    "CHECK_IN",
    "CUT_OFF",
    "GREEN",
    "HOME",
    "NOT_NOW",
    "REFUSED",
    "REPRINT",
    "STARTING",
    "STOPPED",
    "UNTOLD",
    "KioskPages",
    "about",
    "why_stopped",
]

GREEN = "green"
# With a colon, which no service's id has.
HOME, REPRINT, CHECK_IN = "page:home", "page:reprint", "page:missed"

# What a visitor reads while no ticket can be had; each with what to do.
STOPPED = {
    Trouble.PAPER_OUT: "打印机缺纸，正在补纸，请稍候",
    Trouble.COVER_OPEN: "打印机正在维护，请稍候",
    Trouble.NO_ANSWER: "打印机无应答，请联系工作人员",
    Trouble.OFFLINE: "打印机未就绪，请联系工作人员",
    Trouble.JAM: "打印机卡纸，请联系工作人员",
}
BROKEN = "打印机故障，请联系工作人员"

# Why a service has no ticket to give now, in a few words on its key.
NOT_NOW = {
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
BACK = KioskKey(HOME, "返回")


def why_stopped(printer: Health | None) -> str:
    """Why no ticket can be printed, as the visitor reads it; empty while one can. An unknown printer is not ready."""
    if printer is None:
        return STARTING
    return "" if printer.usable else _trouble(*printer.troubles)


def _trouble(*troubles: Trouble) -> str:
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


class KioskPages:
    """The pages of one hall's kiosks. `alone` is why this one cannot ask the hub, None while it can."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self.alone: Cause | None = None

    def home(self, queue: QueueState | None, *, green: bool) -> KioskPage:
        choose = "绿色通道：请选择业务" if green else "请选择要办理的业务"
        alone = () if self.alone is None else ("系统脱机，照常取号，按取号时间排队",)
        return KioskPage(
            title=self._hall.hall.name,
            lines=(choose, *alone),
            keys=self.keys(queue, green=green),
            notice=self._notice,
        )

    def stopped(self, why: str) -> KioskPage:
        return KioskPage(title="暂停取号", lines=(why,), tone=Tone.STOP, notice=self._notice)

    def asking(self, service: str) -> KioskPage:
        return KioskPage(title=self._name(service), lines=("正在取号，请稍候",), tone=Tone.WAIT)

    def copying(self, ticket: str) -> KioskPage:
        return KioskPage(title="补打号票", large=ticket, lines=("请稍候",), tone=Tone.WAIT)

    def printing(self, paper: Print) -> KioskPage:
        return KioskPage(
            title=self._name(paper.service),
            large=paper.ticket,
            lines=("正在打印，请稍候",),
            tone=Tone.WAIT,
        )

    def taken(self, paper: Print) -> KioskPage:
        phrases = self._hall.phrases
        if paper.alone:
            ahead, wait = "脱机取号，按取号时间排队", ""
        else:
            ahead, wait = phrases.ahead.format(ahead=paper.ahead), about(paper.wait)
        return KioskPage(
            title=phrases.taken.format(ticket=paper.ticket),
            large=paper.ticket,
            lines=(f"{ahead}，预计等候{wait}" if wait else ahead, "请取走号票，留意叫号"),
            tone=Tone.GOOD,
        )

    def failed(self, paper: Print, trouble: Trouble) -> KioskPage:
        return KioskPage(
            title="号票未打印完成",
            large=paper.ticket,
            lines=("您的号码已保留", _trouble(trouble), "恢复后将自动补打"),
            tone=Tone.STOP,
        )

    def has_ticket(self, ticket: str) -> KioskPage:
        """One ticket for each person and service: the paper can be had again, another number cannot."""
        return KioskPage(
            title=f"您已有{ticket}号",
            large=ticket,
            lines=("请留意叫号", "号票遗失可以补打"),
            keys=(KioskKey(REPRINT, "补打号票"), BACK),
            tone=Tone.WAIT,
        )

    def refused(self, code: Refusal | None, service: str = "", again: int = 0) -> KioskPage:
        """Why a wish was refused; `service` is the one that was touched, from `again` on it can be had."""
        told = REFUSED.get(code, UNTOLD)
        if self.alone is not None and code in ALONE_REFUSED:
            told = ALONE_REFUSED[code]
        lines = (self._name(service), told, self._from(again))
        return self._sorry("暂时不能取号", *filter(None, lines))

    def _from(self, again: int) -> str:
        if not again:
            return ""
        then = datetime.fromtimestamp(again / 1000, ZoneInfo(self._hall.hall.timezone))
        return f"{then.month}月{then.day}日 {then:%H:%M} 起可以取号"

    def unanswered(self, command: IssueTicket | Reprint) -> KioskPage:
        undone = "未取号" if isinstance(command, IssueTicket) else "未补打"
        return self._sorry(f"系统暂时没有应答，{undone}", "请稍后再试，或联系工作人员")

    def unkept(self) -> KioskPage:
        """A number cannot be given out that the kiosk may have forgotten after a power cut."""
        return self._sorry("暂时不能取号", "本机存储无应答，未取号", "请到咨询台人工取号")

    def _sorry(self, title: str, *lines: str) -> KioskPage:
        return KioskPage(
            title=title, lines=lines, keys=(BACK,), tone=Tone.STOP, notice=self._notice
        )

    @property
    def _notice(self) -> str:
        phone = f"咨询投诉电话 {self._hall.hall.phone}" if self._hall.hall.phone else ""
        return "　".join(filter(None, (phone, self.why_alone)))

    @property
    def why_alone(self) -> str:
        """For staff; empty while the hub can be asked."""
        return CAUSES[self.alone] if self.alone is not None else ""

    def _name(self, service: str) -> str:
        # New settings may have taken away the service of a number that is still owed.
        return self._hall.service[service].name if service in self._hall.service else ""

    def keys(self, queue: QueueState | None, *, green: bool) -> tuple[KioskKey, ...]:
        alone = self.alone is not None
        services = (_key(service, queue, alone=alone) for service in self._hall.services)
        return (*services, *self._green(chosen=green), *self._missed(queue))

    def _green(self, *, chosen: bool) -> tuple[KioskKey, ...]:
        """The green channel and for whom it is, where the hall has it."""
        classes = self._hall.priority_class
        if GREEN not in classes:
            return ()
        others = " ".join(one.name for one in classes.values() if one.id != GREEN)
        return (KioskKey(GREEN, classes[GREEN].name, others, chosen=chosen),)

    def _missed(self, queue: QueueState | None) -> tuple[KioskKey, ...]:
        """The way back for missed numbers, while there are any."""
        if queue is None or not (queue.missed and self._hall.rules.no_show.at_kiosk):
            return ()
        return (KioskKey(CHECK_IN, "过号报到", "请备好号票"),)


def _key(service: Service, queue: QueueState | None, *, alone: bool) -> KioskKey:
    """A service with what waits for it, as far as that is known, or with why it cannot be had."""
    state = queue.services.get(service.id) if queue else None
    if state is None:
        return KioskKey(service.id, service.name)
    if state.refused is not None:
        notes = {**NOT_NOW, **ALONE_NOT_NOW} if alone else NOT_NOW
        note = notes.get(state.refused, "暂时不能取号")
        return KioskKey(service.id, service.name, note, enabled=False)
    if alone:
        return KioskKey(service.id, service.name)
    waiting, wait = f"等待 {state.waiting} 人", about(state.wait)
    return KioskKey(service.id, service.name, f"{waiting}，{wait}" if wait else waiting)

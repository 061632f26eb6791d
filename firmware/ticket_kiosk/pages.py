"""What the kiosk's screen says in each case, as pages; it decides nothing."""

from __future__ import annotations

from broker.messages import QueueState
from broker.settings import Hall
from firmware.device import Print
from firmware.hal import Health, Trouble
from firmware.hal.screen import KioskKey, KioskPage, Tone

__all__ = ["BROKEN", "GREEN", "STOPPED", "KioskPages", "why_stopped"]

GREEN = "green"

# What a visitor reads while no ticket can be had; each with what to do.
STOPPED = {
    Trouble.PAPER_OUT: "打印机缺纸，正在补纸，请稍候",
    Trouble.COVER_OPEN: "打印机正在维护，请稍候",
    Trouble.NO_ANSWER: "打印机无应答，请联系工作人员",
    Trouble.OFFLINE: "打印机未就绪，请联系工作人员",
    Trouble.JAM: "打印机卡纸，请联系工作人员",
}
BROKEN = "打印机故障，请联系工作人员"


def why_stopped(printer: Health | None, *, alone: bool) -> str:
    """Why no ticket can be had, as the visitor reads it; empty while one can. An unknown printer is not ready."""
    if alone:
        return "系统连接中断，请稍候或联系工作人员"
    if printer is None:
        return "正在启动，请稍候"
    return "" if printer.usable else _trouble(*printer.troubles)


def _trouble(*troubles: Trouble) -> str:
    return next((STOPPED[trouble] for trouble in troubles if trouble in STOPPED), BROKEN)


class KioskPages:
    """The pages of one hall's kiosks."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall

    def home(self, queue: QueueState | None, *, green: bool) -> KioskPage:
        return KioskPage(
            title=self._hall.hall.name,
            lines=("绿色通道：请选择业务" if green else "请选择要办理的业务",),
            keys=self.keys(queue, green=green),
            notice=self._notice,
        )

    def stopped(self, why: str) -> KioskPage:
        return KioskPage(title="暂停取号", lines=(why,), tone=Tone.STOP, notice=self._notice)

    def asking(self, service: str) -> KioskPage:
        return KioskPage(title=self._name(service), lines=("正在取号，请稍候",), tone=Tone.WAIT)

    def printing(self, paper: Print) -> KioskPage:
        return KioskPage(
            title=self._name(paper.service),
            large=paper.ticket,
            lines=("正在打印，请稍候",),
            tone=Tone.WAIT,
        )

    def taken(self, paper: Print) -> KioskPage:
        phrases = self._hall.phrases
        return KioskPage(
            title=phrases.taken.format(ticket=paper.ticket),
            large=paper.ticket,
            lines=(phrases.ahead.format(ahead=paper.ahead), "请取走号票，留意叫号"),
            tone=Tone.GOOD,
        )

    def failed(self, paper: Print, trouble: Trouble) -> KioskPage:
        return KioskPage(
            title="号票未打印完成",
            large=paper.ticket,
            lines=("您的号码已保留", _trouble(trouble), "恢复后将自动补打"),
            tone=Tone.STOP,
        )

    @property
    def _notice(self) -> str:
        return f"咨询投诉电话 {self._hall.hall.phone}" if self._hall.hall.phone else ""

    def _name(self, service: str) -> str:
        # New settings may have taken away the service of a number that is still owed.
        return self._hall.service[service].name if service in self._hall.service else ""

    def keys(self, queue: QueueState | None, *, green: bool) -> tuple[KioskKey, ...]:
        services = (
            KioskKey(service.id, service.name, _waiting(queue, service.id))
            for service in self._hall.services
        )
        return (*services, KioskKey(GREEN, "绿色通道", "军人 老年人 残疾人 孕妇", chosen=green))


def _waiting(queue: QueueState | None, service: str) -> str:
    if queue is None or service not in queue.services:
        return ""
    return f"等待 {queue.services[service].waiting} 人"

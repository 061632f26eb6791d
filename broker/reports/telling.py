"""A ticket's story in sentences: in Chinese for the visitor, in English for the staff."""

from __future__ import annotations

from broker.messages import (
    AnnouncementFailed,
    CalledTwice,
    CallUndone,
    CounterClosed,
    DayClosed,
    NoShowMarked,
    PrintFailed,
    ReprintOrdered,
    Rule,
    ServiceChanged,
    TicketCalled,
    TicketCancelled,
    TicketClosed,
    TicketHeld,
    TicketIssued,
    TicketPrinted,
    TicketRecalled,
    TicketReopened,
    TicketReturned,
    TicketServed,
    TicketTransferred,
    TicketVoided,
    Wait,
)
from broker.phrases import RULE_SENTENCES
from broker.queue.life import Status
from broker.queue.opening import local
from broker.reports.reasons import Both, lasted, went_ahead, why_called
from broker.reports.story import Step, Story
from broker.reports.visit import End, Visit
from broker.settings import Hall

__all__ = ["tell"]


def tell(story: Story) -> tuple[list[str], list[str]]:
    """The Chinese lines and the English ones; each begins with the hall's local time."""
    told = [(_clock(step.hall, step.at), _step(step)) for step in story.steps]
    chinese = [f"{clock} {zh}" for clock, (zh, _) in told]
    english = [f"{clock} {en}" for clock, (_, en) in told]
    zh, en = _sum(story)
    return [*chinese, zh], [*english, en]


def _step(step: Step) -> Both:
    hall = step.hall
    match step.event:
        case TicketIssued():
            return _issued(step.event, step)
        case TicketPrinted():
            return "票已打印，排入队列。", "its paper came: from now on it could be called."
        case PrintFailed(reason=reason):
            return "票未能打印。", f"its paper could not be printed: {reason}."
        case ReprintOrdered(kiosk=kiosk):
            return "补打一张票。", f"another copy was ordered from {kiosk}."
        case TicketCalled(alone_at=alone_at) if alone_at:
            return _called_alone(step.event, step)
        case TicketCalled():
            return why_called(step.event, step)
        case CalledTwice(counter=counter, other=other, was=was, alone_at=alone_at):
            at = _clock(hall, alone_at)
            zh, en = f"已由 {other} 号窗口受理", f"was {was} at counter {other}"
            return (
                f"{at} {counter} 号窗口脱机叫号时又叫此号；此号{zh if other else '当时已失效'}，记为例外。",
                f"at {at} counter {counter}, alone, called it too; it {en if other else f'was {was}'}: an exception.",
            )
        case TicketRecalled(counter=counter, recall=recall):
            return (
                f"{counter} 号窗口再次呼叫（第 {recall + 1} 次）。",
                f"counter {counter} called it again (recall {recall}).",
            )
        case AnnouncementFailed(reason=reason):
            return "此次呼叫的语音未能播出。", f"nobody heard this call: {reason}."
        case CallUndone(counter=counter):
            return (
                f"{counter} 号窗口撤回误按的呼叫，您的顺序不变。",
                f"counter {counter} took the call back, made by mistake; the ticket kept its place.",
            )
        case TicketReopened(counter=counter):
            return (
                f"{counter} 号窗口撤回误按的结束，继续办理。",
                f"counter {counter} had ended it by mistake: the service goes on.",
            )
        case TicketServed(counter=counter, alone_at=alone_at):
            zh, en = _alone(hall, alone_at)
            return f"{counter} 号窗口开始办理{zh}。", f"counter {counter} began to serve{en}."
        case TicketClosed(counter=counter, alone_at=alone_at):
            zh, en = _alone(hall, alone_at)
            return f"{counter} 号窗口办理结束{zh}。", f"counter {counter} ended the service{en}."
        case NoShowMarked(counter=counter, alone_at=alone_at):
            zh, en = _alone(hall, alone_at)
            return (
                f"{counter} 号窗口呼叫后未见到您，记为过号{zh}。",
                f"counter {counter} marked it as no-show{en}.",
            )
        case TicketHeld(to_counter=to, reason=reason):
            where = (f" {to} 号窗口", f"counter {to}") if to else ("任一可办窗口", "any counter")
            return (
                f"暂停办理{_why(reason)[0]}，回来后到{where[0]}继续。",
                f"on hold{_why(reason)[1]}; to come back to {where[1]}.",
            )
        case TicketReturned(to_counter=to):
            zh, en = _line(hall, step.service, to)
            return (
                f"重新排队等候{zh}，前方 {step.before} 人。",
                f"back in line for {en}, behind {step.before}.",
            )
        case TicketTransferred(to_counter=to, reason=reason):
            zh, en = _line(hall, step.service, to)
            return (
                f"转至{zh}{_why(reason)[0]}，保留取号顺序，前方 {step.before} 人。",
                f"transferred to {en}{_why(reason)[1]}, keeping its place by arrival, behind {step.before}.",
            )
        case ServiceChanged():
            zh, en = _line(hall, step.service, 0)
            return (
                f"改办{zh}，保留取号顺序，前方 {step.before} 人。",
                f"changed to {en}, keeping its place by arrival, behind {step.before}.",
            )
        case TicketVoided(reason=reason):
            return "此号作废。", f"voided: {reason}."
        case TicketCancelled(reason=reason):
            return "此号取消。", f"cancelled{_why(reason)[1]}."
        case CounterClosed(counter=counter):
            return (
                f"{counter} 号窗口停止服务，改由任一可办窗口呼叫您。",
                f"counter {counter} closed: any counter that serves it may call it now.",
            )
        case DayClosed():
            return "当日服务结束，此号失效。", "the day was over: its life ended."


def _called_alone(event: TicketCalled, step: Step) -> Both:
    at = _clock(step.hall, event.alone_at)
    waited_zh, waited_en = lasted(step.waited)
    zh, en = RULE_SENTENCES[Rule.BY_HAND]
    return (
        f"{at} 请到 {event.counter} 号窗口，等候 {waited_zh}。呼叫依据：{zh}（恢复连接后补报）。",
        f"called to counter {event.counter} at {at} after {waited_en}; rule: {en}, and told of now.",
    )


def _alone(hall: Hall, alone_at: int) -> Both:
    """When a counter that was alone did it; nothing for one that was not."""
    at = _clock(hall, alone_at)
    return (f"（脱机，{at}）", f" at {at}, alone") if alone_at else ("", "")


def _issued(event: TicketIssued, step: Step) -> Both:
    hall = step.hall
    zh, en = _line(hall, event.service, 0)
    at = _clock(hall, event.issued_at)
    if event.by_hand:
        zhs = [f"录入 {event.ticket} 号（{at} 手写取号），办理{zh}"]
        ens = [f"{event.ticket} for {en}, written by hand at {at}, was entered"]
    elif event.alone:
        zhs = [f"{at} 取 {event.ticket} 号（脱机取号），办理{zh}"]
        ens = [
            f"{event.ticket} for {en} was taken at {at} at {event.kiosk}, which was alone and told of it now"
        ]
    else:
        zhs = [f"取 {event.ticket} 号，办理{zh}"]
        ens = [f"{event.ticket} for {en} was taken at {event.kiosk}"]
    if event.green:
        found = hall.priority_class.get(event.green)
        zhs.append(f"绿色通道（{found.name if found else event.green}）")
        ens.append(f"green channel ({event.green})")
    if event.slot:
        zhs.append(f"预约时间 {_clock(hall, event.slot)}")
        ens.append(f"with an appointment at {_clock(hall, event.slot)}")
    elif event.appointment:
        zhs.append("预约时间已过，按未预约排队")
        ens.append("too late for its appointment: it waits as one without")
    zhs.append(f"前方等待 {event.ahead} 人" + _estimate(event.wait)[0])
    ens.append(f"{event.ahead} ahead of it" + _estimate(event.wait)[1])
    return "，".join(zhs) + "。", ", ".join(ens) + "."


def _estimate(wait: Wait | None) -> Both:
    if wait is None:
        return "", ""
    if wait.least == wait.most:
        return f"，预计等候 {wait.most} 分钟", f", about {wait.most} min to wait"
    least, most = wait.least, wait.most
    return f"，预计等候 {least} 至 {most} 分钟", f", {least} to {most} min to wait"


def _sum(story: Story) -> Both:
    visit = story.visit
    if visit.end is End.OPEN:
        zh, en = went_ahead(story.ahead)
        if visit.status is Status.WAITING:
            return f"仍在等候；{zh}。", f"It still waits; {en}."
        return "办理尚未结束。", "Its visit goes on."
    if visit.wait_ms is None:
        return "未曾办理。", "It was never served."
    waited_zh, waited_en = lasted(visit.wait_ms)
    served_zh, served_en = lasted(visit.served_ms)
    first_zh, first_en = _first_asked(visit)
    return (
        f"到首次办理等候 {waited_zh}，共办理 {served_zh}。{first_zh}",
        f"It waited {waited_en} to be served first, and was served for {served_en} in all.{first_en}",
    )


def _first_asked(visit: Visit) -> Both:
    """Who took it first answers for it to the end (首问), wherever it was sent."""
    if not (visit.transfers and visit.turns):
        return "", ""
    first = visit.turns[0]
    clerk_zh, clerk_en = (f"（{first.clerk}）", f" ({first.clerk})") if first.clerk else ("", "")
    return (
        f"首问：{first.counter} 号窗口{clerk_zh}。",
        f" First asked: counter {first.counter}{clerk_en}.",
    )


def _line(hall: Hall, service: str, counter: int) -> Both:
    if counter:
        return f" {counter} 号窗口", f"counter {counter}"
    found = hall.service.get(service)
    return (f"“{found.name}”", service) if found else (f"“{service}”", service)


def _why(reason: str) -> Both:
    return (f"（{reason}）", f" ({reason})") if reason else ("", "")


def _clock(hall: Hall, at: int) -> str:
    return f"{local(hall, at):%H:%M:%S}"

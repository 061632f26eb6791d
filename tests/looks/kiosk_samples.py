"""Kiosk pages made by hand with the longest and the most there is, in Chinese and English; what screens they come to."""

from __future__ import annotations

from dataclasses import replace

from firmware.hal.screen import (
    KeySign,
    KioskKey,
    KioskPage,
    Manner,
    PygameScreenSettings,
    Section,
    Tone,
)
from firmware.ticket_kiosk.paging import SIGNS

__all__ = ["PAGES", "SCREENS", "SIZES"]

SIZES = ((1080, 1920), (1920, 1080), (1280, 800), (800, 480))
SCREENS = {
    f"{width}x{height}": PygameScreenSettings(width=width, height=height) for width, height in SIZES
}

SERVICES = (
    "社会保险",
    "不动产登记",
    "就业失业登记",
    "城乡居民养老保险关系转移接续",
    "公积金",
    "工程建设项目审批综合受理窗口",
    "税务",
    "出入境",
)
ENGLISH = (
    "Social insurance",
    "Real estate registration",
    "Employment and unemployment registration",
    "Transfer of basic pension insurance accounts",
    "Housing provident fund",
    "Construction project approval",
    "Tax",
    "Exit and entry",
)
FOOT = (
    KioskKey("page:back", "返回", sign=KeySign.BACK),
    KioskKey("page:home", "首页", sign=KeySign.HOME),
    KioskKey("page:less", "上一页", enabled=False, sign=KeySign.EARLIER),
    KioskKey("page:more", "下一页", sign=KeySign.LATER),
    KioskKey("page:language", "English", sign=KeySign.LANGUAGE),
)
FOOT_EN = (
    KioskKey("page:back", "Back", sign=KeySign.BACK),
    KioskKey("page:home", "Home", sign=KeySign.HOME),
    KioskKey("page:less", "Page before", enabled=False, sign=KeySign.EARLIER),
    KioskKey("page:more", "Next page", sign=KeySign.LATER),
    KioskKey("page:language", "中文", sign=KeySign.LANGUAGE),
)
HOME_FOOT = (
    KioskKey("manner:large", "大字版", sign=KeySign.LARGER),
    KioskKey("manner:low", "低位按键", sign=KeySign.CHAIR),
    KioskKey("page:call", "呼叫导办", sign=KeySign.HELP),
    KioskKey("page:missed", "过号报到"),
    KioskKey("page:complaint", "意见投诉"),
    KioskKey("page:language", "English", sign=KeySign.LANGUAGE),
)
HOME_FOOT_EN = (
    KioskKey("manner:large", "Large type", sign=KeySign.LARGER),
    KioskKey("manner:low", "Lower keys", sign=KeySign.CHAIR),
    KioskKey("page:call", "Call a guide", sign=KeySign.HELP),
    KioskKey("page:missed", "Missed number"),
    KioskKey("page:complaint", "Complaints"),
    KioskKey("page:language", "中文", sign=KeySign.LANGUAGE),
)
LARGE_FOOT_EN = (
    KioskKey("page:less", "Page before", enabled=False, sign=KeySign.EARLIER),
    KioskKey("page:more", "Next page", sign=KeySign.LATER),
    KioskKey("manner:usual", "Usual view", sign=KeySign.SMALLER),
    KioskKey("page:call", "Call a guide", sign=KeySign.HELP),
    KioskKey("page:language", "中文", sign=KeySign.LANGUAGE),
)
END_GUIDE = (KioskKey("manner:usual", "End the audio guide", sign=KeySign.USUAL),)
BRING = (
    Section(
        "需要的材料",
        (
            "居民身份证原件及复印件一份",
            "《就业创业证》或者解除、终止劳动关系证明书原件",
            "近期一寸免冠照片两张",
            "委托他人办理的，另需授权委托书和受托人身份证原件",
        ),
    ),
    Section("办理时限", ("即时办结",)),
    Section("收费", ("不收费",)),
)
BRING_EN = (
    Section(
        "What to bring",
        (
            "Resident identity card, original and one copy",
            "Certificate of employment, or proof that the employment contract has ended, original",
            "Two recent photographs, one inch, without hat",
            "For somebody else: a power of attorney and the original identity card of the authorised person",
        ),
    ),
    Section("How long it takes", ("At once, while you wait",)),
    Section("Fee", ("Free of charge",)),
)


def _keys(names: tuple[str, ...], count: int, waiting: str, closed: str) -> tuple[KioskKey, ...]:
    return tuple(
        KioskKey(
            f"s{n}",
            names[n % len(names)],
            closed if n == 1 else waiting.format(128 - 9 * n, 95 - n),
            enabled=n != 1,
            chosen=n == 2,
        )
        for n in range(count)
    )


def chinese(count: int) -> KioskPage:
    return KioskPage(
        "市民服务中心",
        lines=("请选择要办理的业务",),
        keys=_keys(SERVICES, count, "等待 {} 人，约 {} 分钟", "今日号已取完"),
        notice="咨询投诉电话 0571-12345",
        foot=HOME_FOOT,
        left_s=58,
    )


def english(count: int) -> KioskPage:
    return KioskPage(
        "Citizen Service Centre of the Binhu District, Wuxi",
        lines=("Please choose what you have come for",),
        keys=_keys(ENGLISH, count, "{} waiting, about {} minutes", "No more tickets today"),
        notice="Questions and complaints: 0571-12345. Lost your way? Ask the staff at the information desk.",
        foot=HOME_FOOT_EN,
        left_s=120,
    )


_TAKE = (
    KioskKey("take", "取号", "等待 128 人，约 95 分钟"),
    KioskKey("page:home", "不取号", ""),
)
_TAKE_EN = (
    KioskKey("take", "Take a ticket", "128 waiting, about 95 minutes"),
    KioskKey("page:home", "No ticket"),
)
_TAKEN = KioskPage(
    "取号成功",
    "A1017",
    ("前方等待 128 人，预计等候约 1 小时 35 分钟", "请取走号票，留意叫号"),
    tone=Tone.GOOD,
    code="https://hall.example.gov.cn/t/2026-11-29/A1017?c=8F2K9Q",
    code_note="手机扫码，随时查看前面还有几人",
    foot=FOOT[:1],
    left_s=12,
)

_LETTERS = tuple(KioskKey(f"code:{sign}", sign) for sign in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DIGITS = tuple(KioskKey(f"code:{sign}", sign) for sign in "0123456789-")
_TYPING = (
    KioskKey("letters", "Letters"),
    KioskKey("erase", "Erase"),
    KioskKey("clear", "Clear"),
    KioskKey("enter", "Enter", enabled=False),
)
_CODE = KioskPage(
    "Appointment",
    lines=(
        "Please scan the code of your appointment, or type it below",
        "If it was made with an identity card, lay that on the reader",
    ),
    typed="A7K2",
    keys=(*_DIGITS, *_TYPING),
    notice="Questions and complaints 0571-12345",
    foot=(FOOT_EN[0], FOOT_EN[-1]),
)

_USUAL = {
    "home-8": chinese(8),
    "home-4": chinese(4),
    "home-3": chinese(3),
    "home-en-8": english(8),
    "home-en-6": english(6),
    "bring": KioskPage(
        "就业失业登记",
        keys=_TAKE,
        sections=BRING,
        foot=FOOT,
        left_s=45,
    ),
    "bring-en": KioskPage(
        "Employment and unemployment registration",
        lines=("Counters 101 to 128, third floor, East Wing",),
        keys=_TAKE_EN,
        sections=BRING_EN,
        foot=FOOT_EN,
        left_s=45,
    ),
    "taken": _TAKEN,
    "taken-en": replace(
        _TAKEN,
        title="Here is your ticket",
        lines=(
            "128 people before you, about 1 hour and 35 minutes",
            "Please take your ticket and listen for your number",
        ),
        code_note="Scan with your phone to see how many people are before you",
        foot=FOOT_EN[:1],
    ),
    "has": KioskPage(
        "您已有A1017号",
        "A1017",
        ("请留意叫号", "号票遗失可以补打"),
        (KioskKey("reprint", "补打号票"), KioskKey("page:home", "返回", sign=KeySign.HOME)),
        Tone.WAIT,
        foot=FOOT[-1:],
        left_s=30,
    ),
    "confirm": KioskPage(
        "确认取号",
        "城乡居民养老保险关系转移接续",
        ("等待 128 人，约 95 分钟",),
        (KioskKey("take", "取号"), KioskKey("page:home", "不取号")),
        foot=FOOT,
        left_s=30,
    ),
    "refused": KioskPage(
        "暂时不能取号",
        lines=("社会保险", "该业务今日号已取完，请改日再来或提前预约", "12月31日 09:00 起可以取号"),
        tone=Tone.STOP,
        notice="咨询投诉电话 0571-12345　打印纸将用完，请准备换纸",
        foot=FOOT[:1],
        left_s=8,
    ),
    "refused-en": KioskPage(
        "No ticket can be given now",
        lines=(
            "Employment and unemployment registration",
            "All tickets of today have been given out. Please come another day or make an appointment.",
        ),
        keys=(KioskKey("page:home", "Back to the services", sign=KeySign.HOME),),
        tone=Tone.STOP,
        foot=FOOT_EN[-1:],
        left_s=8,
    ),
    "stopped": KioskPage("暂停取号", lines=("打印机缺纸，请告知工作人员换纸",), tone=Tone.STOP),
    "asking": KioskPage("社会保险", lines=("正在取号，请稍候",), tone=Tone.WAIT),
    "printing": KioskPage("社会保险", "A017", ("正在打印，请稍候",), tone=Tone.WAIT),
    "progress": KioskPage(
        "A1017号的进度",
        "A1017",
        ("前方等待 128 人", "预计 10:35 到 11:05 叫号", "请在三楼东区候号"),
        (KioskKey("reprint", "补打号票"), KioskKey("cancel", "取消号票", "取消后不能恢复")),
        code=_TAKEN.code,
        code_note=_TAKEN.code_note,
        foot=FOOT,
        left_s=30,
        at="cancel",
    ),
    "digits": _CODE,
    "letters": replace(_CODE, keys=(*_LETTERS, *_TYPING)),
    "emergency": KioskPage(
        "紧急情况",
        lines=(
            "请听从工作人员指引，从最近的安全出口离开，不要使用电梯",
            "暂停取号，请听从工作人员安排",
        ),
        tone=Tone.STOP,
    ),
    "tactile": replace(chinese(6), at="s3"),
    "tactile-foot": replace(chinese(4), at="page:call", notice=""),
}


def _in(manner: Manner, few: int, most: int) -> dict[str, KioskPage]:
    """The same in another manner, with as many keys as it is made for."""
    pages = {
        name: replace(page, manner=manner)
        for name, page in _USUAL.items()
        if not name.startswith(("home", "tactile"))
    }
    room = SIGNS[manner] - len(_TYPING)
    pages["letters"] = replace(pages["letters"], keys=(*_LETTERS[:room], *_TYPING))
    pages["home"] = replace(chinese(most), manner=manner)
    pages["home-few"] = replace(chinese(few), manner=manner)
    pages["home-en"] = replace(english(most), manner=manner, at="s2")
    if manner is Manner.LARGE:
        pages["home-en"] = replace(pages["home-en"], foot=LARGE_FOOT_EN)
    return {f"{manner}-{name}": page for name, page in pages.items()}


def _heard() -> dict[str, KioskPage]:
    """Led by the voice: the one key that it speaks of, and the way out."""
    keys = {name: (*page.keys, *page.foot) for name, page in _USUAL.items()}
    return {
        f"heard-{name}": replace(
            page,
            manner=Manner.HEARD,
            keys=keys[name][:1],
            at=keys[name][0].key if keys[name] else "",
            foot=END_GUIDE if keys[name] else (),
        )
        for name, page in _USUAL.items()
    }


PAGES: dict[str, KioskPage] = {
    **_USUAL,
    **_in(Manner.LARGE, 2, 4),
    **_in(Manner.LOW, 4, 6),
    **_heard(),
    "heard-of-60": replace(chinese(60), manner=Manner.HEARD, at="s2", foot=END_GUIDE),
    "heard-of-60-en": replace(english(60), manner=Manner.HEARD, at="s2", foot=END_GUIDE),
}

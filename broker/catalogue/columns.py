"""The sheets of the workbook: which column holds which key of the catalogue, in what form, and what its keeper is told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from broker.wrong_values import Steps

__all__ = [
    "AGENCY",
    "CATALOGUE",
    "GROUPS",
    "ITEMS",
    "MATERIALS",
    "NO",
    "OWN",
    "SHEETS",
    "YES",
    "Column",
    "Form",
    "Sheet",
]

YES, NO = "可", "不可"
OWN, AGENCY = "办理", "代办"


class Form(Enum):
    """How a cell is read: `WORD` is a name or a time limit for machines, `LINES` has one line for each."""

    TEXT = auto()
    WORD = auto()
    LINES = auto()
    STEPS = auto()
    NUMBER = auto()
    NUMBERS = auto()
    DATE = auto()
    YES = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """`steps` lead from the row's table to the key; a `needed` cell is never empty; a `later` column older workbooks lack."""

    header: str
    steps: Steps
    form: Form
    needed: bool
    width: int
    told: str
    later: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    title: str
    columns: tuple[Column, ...]


CATALOGUE = Sheet(
    "目录",
    (
        Column(
            "声明", ("notice",), Form.TEXT, False, 80, "对整个目录的说明，如“示例目录”；可以不写"
        ),
    ),
)
GROUPS = Sheet(
    "分组",
    (
        Column("编号", ("id",), Form.WORD, True, 16, "小写字母、数字、- 和 _，不重复"),
        Column("名称", ("name",), Form.TEXT, True, 24, "不超过24字"),
        Column("英文名称", ("name_en",), Form.TEXT, True, 36, "英文界面显示的名称"),
    ),
)
ITEMS = Sheet(
    "事项",
    (
        Column("编号", ("id",), Form.WORD, True, 22, "小写字母、数字、- 和 _，不重复；启用后不再改动"),
        Column("名称", ("name",), Form.TEXT, True, 36, "事项全称，不超过60字"),
        Column("英文名称", ("name_en",), Form.TEXT, True, 36, "英文界面显示的名称"),
        Column("简称", ("short",), Form.TEXT, False, 16, "按键和号票上的叫法，不超过12字；不写则用名称"),
        Column("分组", ("group",), Form.WORD, True, 14, "“分组”表中的编号"),
        Column("取号业务", ("service",), Form.WORD, True, 14, "在哪个业务排队：hall.toml 中 [[services]] 的 id"),
        Column("事项编码", ("code",), Form.TEXT, False, 20, "政务服务事项的编码；可以不写"),
        Column("受理条件", ("conditions",), Form.LINES, False, 40, "一行一条（Alt+Enter 换行）"),
        Column("办理程序", ("steps",), Form.STEPS, True, 40, "一行一步，不必编号"),
        Column("办理依据", ("basis",), Form.LINES, True, 44, "一行一部法律、法规或文件"),
        Column("法定时限", ("statutory",), Form.WORD, False, 12, "如 15个工作日、60日、3个月、即时办结；法律没有规定则不写"),
        Column("承诺时限", ("promised",), Form.WORD, True, 12, "写法同上；不得长于法定时限"),
        Column("收费", ("fee",), Form.TEXT, True, 12, "如 不收费"),
        Column("办理结果", ("result",), Form.TEXT, True, 36, "办结后得到什么，怎样取得"),
        Column("办理窗口", ("counters",), Form.NUMBERS, False, 12, "窗口号，如 1、3；不写则为办理该业务的全部窗口"),
        Column("办理区域", ("zone",), Form.WORD, False, 12, "hall.toml 中 [[zones]] 的 id；可以不写"),
        Column("咨询电话", ("phone",), Form.TEXT, False, 16, "不写则用大厅电话"),
        Column("可否代办", ("agency",), Form.YES, True, 10, f"{YES} 或 {NO}"),
        Column("代办说明", ("agency", "scope"), Form.TEXT, False, 40, "谁可以代办，能办到哪一步；可代办时必填"),
        Column("代办依据", ("agency", "basis"), Form.LINES, False, 36, "一行一条"),
        Column("代办程序", ("agency", "steps"), Form.STEPS, False, 36, "一行一步；不写则同办理程序"),
        Column("生效日期", ("valid_from",), Form.DATE, True, 13, "从这一天起显示，如 2026-10-01"),
        Column("审核日期", ("reviewed",), Form.DATE, True, 13, "最近一次核对内容的日期"),
        Column("审核人", ("reviewer",), Form.TEXT, True, 14, "核对内容的人"),
        Column("版本", ("version",), Form.NUMBER, True, 8, "每改一次加1"),
    ),
)  # fmt: skip
MATERIALS = Sheet(
    "材料",
    (
        Column("事项编号", ("item",), Form.WORD, True, 22, "“事项”表中的编号；一行一种材料"),
        Column("用途", ("use",), Form.WORD, True, 8, f"{OWN}：本人办理时提交；{AGENCY}：他人代办时提交"),
        Column("材料名称", ("name",), Form.TEXT, True, 44, "一种材料的名称"),
        Column("原件", ("originals",), Form.NUMBER, False, 8, "份数；不要原件则不写"),
        Column("复印件", ("copies",), Form.NUMBER, False, 8, "份数；不要复印件则不写"),
        Column("单位", ("unit",), Form.WORD, False, 8, "份、张、本或页；不写为份"),
        Column("何时需要", ("when",), Form.TEXT, False, 28, "只在某种情形下需要时写，如 领取待遇的"),
        Column("说明", ("note",), Form.TEXT, False, 28, "如 窗口可领取、可出示电子证照"),
        Column("英文名称", ("name_en",), Form.TEXT, False, 36, "英文界面和英文号票上的名称；不写则显示中文", later=True),
        Column("英文何时需要", ("when_en",), Form.TEXT, False, 28, "“何时需要”的英文；有英文名称而缺此项时，整条显示中文", later=True),
        Column("英文说明", ("note_en",), Form.TEXT, False, 28, "“说明”的英文；有英文名称而缺此项时，整条显示中文", later=True),
    ),
)  # fmt: skip
SHEETS = (CATALOGUE, GROUPS, ITEMS, MATERIALS)

"""Two halls for the pictures: the sample hall, and one in which everything is as long and as much as it may be."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec.structs import replace

import broker
from broker.catalogue.toml_file import furnished
from broker.loading import load
from broker.settings import Hall, NoShow, NoShowMode, ServiceGroup

__all__ = ["AT", "HALLS"]

AT = int(datetime(2026, 11, 30, 9, 41, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1000)
"""When all pictures are taken, in milliseconds."""

SAMPLE = Path(broker.__file__).parent / "halls" / "sample.toml"
NAMES = (
    ("城乡居民基本养老保险关系转移接续", "Transfer of basic pension insurance accounts"),
    ("工程建设项目审批综合受理（变更、延续）", "Approval of construction projects and changes"),
    ("不动产登记", "Real estate registration"),
    ("企业职工退休", "Retirement of employees"),
    ("住房公积金提取与贷款", "Housing provident fund"),
    ("出入境证件", "Exit and entry papers"),
)
GROUPS = (
    ("社会保险与养老待遇资格认证", "Social insurance and pensions"),
    ("劳动关系与就业创业服务", "Employment and labour"),
    ("不动产与工程建设项目审批", "Real estate and construction"),
    ("公安户政与出入境", "Residence, exit and entry"),
    ("税务", "Taxes"),
    ("医疗保障", "Medical care"),
)


def _sample() -> Hall:
    """With its catalogue valid whenever a picture is drawn, and missed numbers that may come back."""
    hall, _ = furnished(load(SAMPLE), SAMPLE)
    items = tuple(replace(one, valid_from=date(2023, 1, 1)) for one in hall.catalogue.items)
    rules = replace(hall.rules, no_show=NoShow(mode=NoShowMode.MINUTES, keep=30))
    catalogue = replace(hall.catalogue, items=items, notice="")
    return replace(hall, catalogue=catalogue, rules=rules)


def _hard() -> Hall:
    """Sixty services in groups, long names, counters 101 to 140, numbers of four digits."""
    hall = _sample()
    own = tuple(replace(one, group="g0") for one in hall.services)
    more = tuple(
        replace(
            hall.services[0],
            id=f"s{n}",
            prefix="ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(n + 4) % 26],
            name=NAMES[(n + n // 6) % 6][0],
            english=NAMES[(n + n // 6) % 6][1],
            group=f"g{n % 6}",
            checklist=() if n % 3 else ("居民身份证原件及复印件一份", "近期一寸免冠照片两张"),
        )
        for n in range(56)
    )
    services = (*own, *more)
    everything = tuple(one.id for one in services)
    counters = tuple(
        replace(
            hall.counters[n % 3],
            number=101 + n,
            services=everything if n % 3 else everything[n % 50 : n % 50 + 4],
            clerk=f"工号 10{n:02}",
        )
        for n in range(40)
    )
    return replace(
        hall,
        hall=replace(
            hall.hall,
            name="滨湖经济技术开发区人力资源和社会保障综合服务大厅",
            english="Human resources and social security hall of Binhu development zone",
        ),
        services=services,
        groups=tuple(
            ServiceGroup(id=f"g{n}", name=name, english=english)
            for n, (name, english) in enumerate(GROUPS)
        ),
        counters=counters,
        rules=replace(hall.rules, number_digits=4),
        boards=(),
    )


HALLS: dict[str, Hall] = {"sample": _sample(), "hard": _hard()}

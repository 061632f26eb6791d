"""Where a line of Chinese may end: best after a comma, next between words, last inside a word; it measures and draws nothing."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from budoux import Parser

__all__ = ["INSIDE_WORD", "costs", "pieces"]

# A piece that is never broken: a run of letters and digits with what it counts ("3 人", "12号窗口"), or
# one character; and the marks that cling to either.
_PIECE = re.compile(
    r"\s+"
    r"|[（《「『“‘(\[]*"
    r"(?:[A-Za-z0-9][A-Za-z0-9.:/%+_–~'’-]*(?: ?(?:号窗口|分钟|小时|[号人位元楼层岁日月年时]))?|[^\s])"
    r"[，。！？；：、）》」』”’…,.!?;:)\]]*"
)
_CLAUSE_ENDS = tuple("，。！？；：、）》」』”’…,.!?;:)]")
INSIDE_CLAUSE, INSIDE_WORD = 0.2, 1.0
"""What a break there costs, in squares of a line too long or short by its length."""
_WORDS = re.compile(
    "工作人员|引导员|打印机|切刀|号票|取号|叫号|过号|报到码|告知单|评价器|身份证|预约码|社保卡|社会保障卡|社会保障|人力资源|"
    "养老|失业|工伤|就业|审批|不满意|时段|可多选|下一位|有序|不要|窗口|大厅|待遇|资格认证|申领|参保|代办人|委托人|"
    "绿色通道|意见箱|二维码|主管|咨询台"
)
"""The hall's own words, which the general model parts now and then."""
_HAN = re.compile(r"[\u4e00-\u9fff]{2}")


@lru_cache(maxsize=500)
def pieces(sentence: str) -> tuple[str, ...]:
    """What is never broken; all of them together are the sentence.

    >>> pieces("请A012号到3号窗口。")
    ('请', 'A012号', '到', '3号窗口。')
    """
    return tuple(_PIECE.findall(sentence))


@lru_cache(maxsize=500)
def costs(sentence: str) -> tuple[float, ...]:
    """For each of its pieces what it costs to begin a line with it.

    >>> costs("请呼叫引导员，在此稍候")[:6]
    (0.0, 0.2, 1.0, 0.2, 1.0, 1.0)
    """
    parts = pieces(sentence)
    starts = (0, *accumulate(map(len, parts)))
    words = _word_starts(sentence)
    return tuple(
        _cost(sentence[:start], sentence[start:], starts=start in words) if start else 0.0
        for start in starts[:-1]
    )


def _cost(before: str, after: str, *, starts: bool) -> float:
    if before.endswith(_CLAUSE_ENDS):
        return 0.0
    if before[-1].isspace() or after[0].isspace():
        # Between two scripts a blank only makes room; between two Latin words it is all that parts them.
        latin = before.rstrip()[-1:].isascii() and after.lstrip()[:1].isascii()
        return INSIDE_CLAUSE if latin else 0.0
    return INSIDE_CLAUSE if starts else INSIDE_WORD


def _word_starts(sentence: str) -> frozenset[int]:
    if not _HAN.search(sentence):
        return frozenset()
    starts = accumulate(map(len, _parser().parse(sentence)))
    own = [found.span() for found in _WORDS.finditer(sentence)]
    inside = {n for start, end in own for n in range(start + 1, end)}
    ends = {place for span in own for place in span}
    return frozenset({*starts, *ends} - inside)


@cache
def _parser() -> Parser:
    # Not before a line has to be broken: a board that shows none needs no model.
    from budoux import load_default_simplified_chinese_parser

    return load_default_simplified_chinese_parser()

"""The laws of one wrong key or value: named by its place, in plain words, with its likely meaning."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import pytest
from msgspec import Meta, Struct

from broker.loading import convert
from tests.queue.mistakes import changed, checked, place_of, problems, told

# --- keys --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "wrong", "likely"),
    [
        ("recall_limit = 3", "recal_limit = 3", "recall_limit"),
        ("phone =", "phnoe =", "phone"),
        ('prefix = "B"', 'prefiks = "B"', "prefix"),
        ("[broker]", "[brokr]", "broker"),
        ("one_as =", "one_is =", "one_as"),
        ("serve_key = false", "servekey = false", "serve_key"),
    ],
)
def test_a_misspelt_key_is_named_with_its_likely_meaning(right: str, wrong: str, likely: str):
    text = changed(right, wrong)
    key = wrong.partition("=")[0].strip("[] ")
    told(text, wrong, f"unknown key {key!r}; did you mean {likely!r}?")


def test_a_key_like_no_other_is_named_with_those_there_are():
    text = changed('id = "main"', 'id = "main"\nxyzzy = 1')
    told(text, "xyzzy", "unknown key 'xyzzy'; known here are: id, name, english")


def test_all_misspelt_keys_are_named_at_once_in_the_order_of_their_lines():
    text = changed("recall_limit", "recal_limit").replace("[broker]", "[brokr]", 1)
    text = text.replace("serve_key", "servekey", 1)
    lines = problems(text)
    assert [line.split("'")[1] for line in lines] == ["recal_limit", "brokr", "servekey"]
    numbers = [int(line.split(":")[1]) for line in lines]
    assert numbers == sorted(numbers)


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        ("voice = {", "voicce = {", "unknown key 'voicce'; did you mean 'voice'?"),
        ('port = "file:', 'porrt = "file:', "unknown key 'porrt'; did you mean 'port'?"),
        (
            'model = "escpos"',
            'model = "escposs"',
            "'escposs' is no 'model'; did you mean 'escpos'?",
        ),
        (
            "very_satisfied = 4",
            "very_satisfied = 40",
            "'very_satisfied' must be at most 27, not 40",
        ),
        (
            "width = 1080",
            'width = "1080"',
            "'width' must be a whole number, not the text '1080'",
        ),
    ],
)
def test_a_mistake_deep_in_a_devices_hardware_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], right: str, wrong: str, sentence: str
):
    text = changed(right, wrong)
    status, lines = checked(tmp_path, text, capsys)
    assert f"hall.toml:{place_of(text, wrong)}: {sentence}" in lines
    assert status == 1


def test_a_key_in_a_table_of_its_own_is_found_on_its_own_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    text = changed(
        'lamps = { model = "gpio", lamps = { remind = 8 } }',
        '[boards.devices.hardware.lamps]\nmodel = "gpio"\n[boards.devices.hardware.lamps.lamps]\nremind = 99',
    )
    _, lines = checked(tmp_path, text, capsys)
    assert (
        f"hall.toml:{place_of(text, 'remind = 99')}: 'remind' must be at most 27, not 99" in lines
    )


def test_a_missing_key_is_named_at_its_table():
    text = changed("number = 2\n", "")
    told(text, "[[counters]]", "the key 'number' is missing here", nth=2)
    assert problems("rules = {}") == tuple(
        f"hall.toml:1:1: the key {key!r} is missing here"
        for key in ("counters", "hall", "services", "zones")
    )


# --- values ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        ("recall_limit = 3", 'recall_limit = "three"', "'recall_limit' must be a whole number, not the text 'three'"),
        ("recall_limit = 3", "recall_limit = 3.5", "'recall_limit' must be a whole number, not the number 3.5"),
        ("recall_limit = 3", "recall_limit = true", "'recall_limit' must be a whole number, not true"),
        ("recall_limit = 3", "recall_limit = 12", "'recall_limit' must be at most 9, not 12"),
        ("recall_limit = 3", "recall_limit = -1", "'recall_limit' must be at least 0, not -1"),
        ("green = true", 'green = "yes"', "'green' must be true or false, without quotes, not the text 'yes'"),
        ('next_while_serving = "close"', 'next_while_serving = "clsoe"', "'clsoe' is no 'next_while_serving'; did you mean 'close'?"),
        ('next_while_serving = "close"', 'next_while_serving = "ask"', "'ask' is no 'next_while_serving'; known here are: close, refuse"),
        ('kind = "ticket_kiosk"', 'kind = "kiosk"', "'kiosk' is no 'kind'; did you mean 'ticket_kiosk'?"),
        ('one_as = "一"', 'one_as = "壹"', "'壹' is no 'one_as'; known here are: 一, 幺"),
        ('name = "养老保险"', 'name = ""', "'name' must not be empty"),
        ('name = "养老保险"', f'name = "{"长" * 25}"', "'name' must have at most 24 characters; it has 25"),
        ('prefix = "A"', 'prefix = "AA"', "'prefix' must be one capital letter, A to Z, not 'AA'"),
        ('id = "sample"', 'id = "Sample Hall"', "'id' must be a short name of small letters, digits, '-' and '_', such as \"counter-1\", not 'Sample Hall'"),
        ('services = ["pension", "card"]', 'services = "pension"', "'services' must be a list in [brackets], not the text 'pension'"),
        ("[rules]", "[[rules]]", "'rules' must be a table, not a list"),
        ("[[zones]]", "[zones]", "'zones' must be a list of tables, each under [[double brackets]], not a table"),
        ("port = 1883", "port = 70000", "'port' must be at most 65535, not 70000"),
        ('timezone = "Asia/Shanghai"', "timezone = 2026-11-23", "'timezone' must be a text in \"quotes\", not 2026-11-23"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_in_plain_words(right: str, wrong: str, sentence: str):
    told(changed(right, wrong), wrong, sentence)


def test_a_wrong_item_of_a_list_is_named_where_it_stands():
    text = changed('["pension", "card"]', '["pension", 3]')
    told(text, "3]", "item 2 of 'services' must be a text in \"quotes\", not the number 3")


def test_all_wrong_keys_and_values_are_named_at_once_in_the_order_of_the_text():
    text = """rules = 3
[hall]
id = "大厅"
name = ""
fone = "12333"
[[services]]
id = "card"
name = 7
[[zones]]
id = "main"
naem = "综合服务区"
[[counters]]
number = 0
services = ["card", 3, true]
zone = "main"
"""
    assert problems(text) == (
        "hall.toml:1:1: 'rules' must be a table, not the number 3",
        "hall.toml:3:1: 'id' must be a short name of small letters, digits, '-' and '_', such as \"counter-1\", not '大厅'",
        "hall.toml:4:1: 'name' must not be empty",
        "hall.toml:5:1: unknown key 'fone'; did you mean 'phone'?",
        "hall.toml:6:1: the key 'prefix' is missing here",
        "hall.toml:8:1: 'name' must be a text in \"quotes\", not the number 7",
        "hall.toml:11:1: unknown key 'naem'; did you mean 'name'?",
        "hall.toml:13:1: 'number' must be at least 1, not 0",
        "hall.toml:14:21: item 2 of 'services' must be a text in \"quotes\", not the number 3",
        "hall.toml:14:24: item 3 of 'services' must be a text in \"quotes\", not true",
    )


def test_columns_are_counted_in_characters():
    text = changed('name = "养老保险"', 'name = "养老保险"\nchecklist = ["身份证原件", 3]')
    told(text, "3]", "item 2 of 'checklist' must be a text in \"quotes\", not the number 3")


def test_no_sentence_speaks_the_language_of_programs():
    for right, wrong in (
        ("recall_limit = 3", 'recall_limit = "three"'),
        ('"close"', '"open"'),
        ('id = "sample"', 'id = "Sample"'),
        ("[[zones]]", "[zones]"),
    ):
        (line,) = problems(changed(right, wrong))
        assert not {"`int`", "`str`", "enum", "regex", "object", "array"} & set(line.split())


class Delays(Struct):
    """As another file of settings may have them."""

    pause_s: Annotated[float, Meta(gt=0)] = 1.0
    between: tuple[int, int] = (1, 2)
    since: date | None = None
    share: dict[Annotated[str, Meta(pattern=r"^[A-Z]\Z")], int] = {}
    faces: list[Annotated[str, Meta(max_length=1)]] = []
    at: Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z")] = ""


@pytest.mark.parametrize(
    ("raw", "steps", "sentence"),
    [
        ({"pause_s": 0}, ("pause_s",), "'pause_s' must be more than 0.0, not 0"),
        ({"between": [1, "2"]}, ("between", 1), "item 2 of 'between' must be a whole number, not the text '2'"),
        ({"between": [1]}, ("between",), "'between' must have exactly 2 entries; it has 1"),
        ({"since": "2026-13-01"}, ("since",), "'since' must be a date, such as 2026-10-01, not the text '2026-13-01'"),
        ({"since": 2026}, ("since",), "'since' must be a date, such as 2026-10-01, not the number 2026"),
        ({"share": {"a": 1}}, ("share", "a"), "'a' must be one capital letter, A to Z, not 'a'"),
        ({"faces": {}}, ("faces",), "'faces' must be a list in [brackets], not a table"),
        ({"faces": ["ab"]}, ("faces", 0), "item 1 of 'faces' must have at most 1 characters; it has 2"),
        ({"at": "9:00"}, ("at",), "'at' must be a time of day, such as \"09:00\", not '9:00'"),
        (3, (), "the file must be a table, not the number 3"),
    ],
)  # fmt: skip
def test_other_files_settings_are_read_in_the_same_words(
    raw: object, steps: tuple[str | int, ...], sentence: str
):
    found, (problem,) = convert(raw, Delays)
    assert found is None
    assert (problem.steps, problem.sentence) == (steps, sentence)


def test_what_is_right_is_converted_whole():
    raw = {"pause_s": 2, "between": [3, 4], "since": date(2026, 10, 1), "share": {"A": 1}}
    assert convert(raw, Delays) == (
        Delays(pause_s=2.0, between=(3, 4), since=date(2026, 10, 1), share={"A": 1}),
        [],
    )


class Small(Struct, tag_field="model", tag="small"):
    pins: dict[str, Annotated[int, Meta(le=27)]] = {}


class Large(Struct, tag_field="model", tag="large"):
    card: Literal["5K", "6K"] = "5K"


class Parts(Struct, forbid_unknown_fields=True):
    panel: Small | Large
    spare: Small | None = None


@pytest.mark.parametrize(
    ("raw", "steps", "sentence"),
    [
        ({"panel": {}}, ("panel",), "the key 'model' is missing here: write one of small, large"),
        ({"panel": {"model": "lagre"}}, ("panel", "model"), "'lagre' is no 'model'; did you mean 'large'?"),
        ({"panel": {"model": "large", "card": "7K"}}, ("panel", "card"), "'7K' is no 'card'; known here are: 5K, 6K"),
        ({"panel": {"model": "large", "crad": "5K"}}, ("panel", "crad"), "unknown key 'crad'; did you mean 'card'?"),
        ({"panel": {"model": "small", "pins": {"a": 1, "b": 30}}}, ("panel", "pins", "b"), "'b' must be at most 27, not 30"),
        ({"panel": {"model": 3}}, ("panel", "model"), "3 is no 'model'; known here are: small, large"),
        ({"panel": {"model": "small"}, "spare": {"model": "smal"}}, ("spare", "model"), "'smal' is no 'model'; did you mean 'small'?"),
        ({"panel": {"model": "small"}, "spare": 3}, ("spare",), "'spare' must be a table, not the number 3"),
    ],
)  # fmt: skip
def test_of_several_models_the_one_that_is_named_is_the_one_that_counts(
    raw: object, steps: tuple[str, ...], sentence: str
):
    found, (problem,) = convert(raw, Parts, ("hardware",))
    assert found is None
    assert (problem.steps, problem.sentence) == (("hardware", *steps), sentence)

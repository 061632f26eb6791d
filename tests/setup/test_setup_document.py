"""The technician's documents: their commands are taken, their settings are in order, their sentences are printed, both say the same."""

from __future__ import annotations

import ast
import contextlib
import io
import re
import shlex
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from broker.cli import choose
from broker.loading import convert
from firmware.cards.settings import CardSettings
from firmware.check import load
from firmware.onboard.status import STATES
from hal_mocks.virtual_hall.demo import SAMPLE
from tests.processes import REPOSITORY

DOCS = REPOSITORY / "docs"
ENGLISH, CHINESE = (
    (DOCS / name).read_text(encoding="utf-8") for name in ("setup.md", "setup.zh-CN.md")
)
BEFORE = (["sudo", "-u", "jiaohao", "jiaohao"], ["sudo", "jiaohao"], ["jiaohao"])
LAPTOP = ".venv/bin/jiaohao"


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def commands(text: str) -> list[list[str]]:
    """Every line of a shell as words, without comments."""
    lines = "\n".join(blocks(text, "sh")).replace("\\\n", " ").splitlines()
    return [words for line in lines if (words := shlex.split(line, comments=True))]


def own(words: list[str]) -> list[str] | None:
    """What the suite's command is given; None for a command of another."""
    for head in ([LAPTOP], *BEFORE):
        if words[: len(head)] == head:
            return words[len(head) :]
    return None


def said(*words: str) -> tuple[int, str]:
    """How the suite's command ends, and what it says."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = choose("jiaohao", "jiaohao.commands", [*words])
        except SystemExit as end:
            status = int(end.code or 0)
    return status, out.getvalue() + err.getvalue()


def deeds(help_: str) -> set[str]:
    """What a command's first word may be; empty where it may be anything. `--help` is told before that is looked at."""
    found = re.search(r"positional arguments:\n +\{([\w,]+)\}", help_)
    return set(found[1].split(",")) if found else set()


OWN = sorted({tuple(found) for words in commands(ENGLISH) if (found := own(words))})


@pytest.mark.parametrize("words", OWN, ids=" ".join)
def test_a_command_of_the_document_is_taken_as_it_stands_there(words: tuple[str, ...]):
    status, help_ = said(*words, "--help")
    assert status == 0, help_
    assert help_.startswith("usage: jiaohao ")
    assert (
        not deeds(help_) or not words[1:] or words[1].startswith("--") or words[1] in deeds(help_)
    )
    options = {word.partition("=")[0] for word in words if word.startswith("--")}
    assert {option for option in options if not re.search(rf"{option}\b", help_)} == set()


def test_a_command_that_is_not_taken_is_seen():
    assert deeds(said("desk", "--help")[1]) == {"waiting", "accept", "refuse"}
    assert said("desk", "setting", "--hall", "x", "--help")[1].startswith(
        "usage: jiaohao desk [-h]"
    )
    assert said("desk", "settings", "--help")[1].startswith("usage: jiaohao desk settings ")
    assert said("update", "all", "x", "--help")[0] != 0
    assert said("bundle", "--targets", "x")[0] != 0
    assert said("hurry", "--help")[0] != 0
    assert "--address" not in said("provision", "--help")[1]


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["english", "chinese"])
def test_what_stands_within_a_sentence_is_a_command_too(text: str):
    prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    found = {*re.findall(r"`(?:\.venv/bin/|sudo )?jiaohao ([^`]+)`", prose)}
    assert len(found) > 8
    for line in found:
        words = shlex.split(line)
        status, help_ = said(*[word for word in words if not word.startswith("--")], "--help")
        assert status == 0, line
        assert all(option in help_ for option in words if option.startswith("--")), line


def test_both_languages_give_the_same_commands():
    assert commands(ENGLISH) == commands(CHINESE)
    assert len(OWN) > 25


def test_both_languages_give_the_same_settings():
    english, chinese = (
        [tomllib.loads(one) for one in blocks(text, "toml")] for text in (ENGLISH, CHINESE)
    )
    assert english == chinese


def test_the_lines_for_hall_toml_make_a_hall(tmp_path: Path):
    lines, _ = blocks(ENGLISH, "toml")
    bare = re.sub(
        r"(?ms)^\[(broker|backup)\].*?(?=^\n?\[|^# ---)", "", SAMPLE.read_text(encoding="utf-8")
    )
    catalogue = SAMPLE.with_name("sample-catalogue.toml")
    (tmp_path / catalogue.name).write_bytes(catalogue.read_bytes())
    (tmp_path / "hall.toml").write_text(f"{bare}\n{lines}", encoding="utf-8")
    hall = load(tmp_path / "hall.toml")
    assert (hall.broker.host, hall.backup.to, hall.enrolment.accept) == (
        "192.168.1.10",
        "stick",
        True,
    )
    assert {"technician-1", "guide-1"} <= {one.id for one in hall.consoles}


def test_the_lines_for_cards_toml_are_in_order():
    _, lines = blocks(ENGLISH, "toml")
    # The key is cut short for who reads it.
    found, problems = convert(tomllib.loads(lines.replace("…", "")), CardSettings)
    assert problems == []
    assert found is not None
    assert found.address_of("hub") is not None


@cache
def printed() -> tuple[str, ...]:
    """Every text in the code, each as one line."""
    return tuple(
        " ".join(node.value.split())
        for room in ("broker", "firmware")
        for path in sorted((REPOSITORY / room).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def sentences(text: str) -> Iterator[str]:
    """What the suite says, of the tables' first columns in the last part; marked as code, or in Chinese from a screen."""
    part = re.split(r"^## 8\. ", text, flags=re.MULTILINE)[1]
    for row in re.findall(r"^\| (.+?) \|", part, re.MULTILINE):
        yield from re.findall(r"`([^`]+)`", row)


def pieces(sentence: str) -> list[str]:
    return [piece.strip(" .") for piece in sentence.split("…") if len(piece.strip(" .")) > 3]


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["english", "chinese"])
def test_a_sentence_in_the_tables_is_one_that_the_suite_prints(text: str):
    found = [one for one in sentences(text) if not re.match(r"\w+\.toml:", one)]
    assert len(found) > 40
    unknown = [
        piece
        for sentence in found
        for piece in pieces(sentence)
        if not any(piece in one for one in printed())
    ]
    assert unknown == []


def test_both_tables_have_the_same_sentences_and_rows():
    assert [*sentences(ENGLISH)] == [*sentences(CHINESE)]
    english, chinese = (
        re.split(r"^## 8\. ", text, flags=re.MULTILINE)[1].count("\n| ")
        for text in (ENGLISH, CHINESE)
    )
    assert english == chinese
    assert english > 50


def test_what_a_screen_says_in_the_tables_is_what_it_says():
    part = re.split(r"^## 8\. ", ENGLISH, flags=re.MULTILINE)[1]
    found = re.findall(r"[\u4e00-\u9fff][\u4e00-\u9fff，。 ]{4,}[\u4e00-\u9fff]", part)
    assert len(found) >= 6
    known = printed()
    assert [one for one in found if not any(one in text for text in known)] == []


def test_a_command_that_a_sentence_of_the_code_names_is_one():
    """What the suite tells a technician to do can be done."""
    named = {
        found
        for text in printed()
        for found in re.findall(r"jiaohao ((?:[a-z]+ )?[a-z]+(?: --[a-z-]+)+)", text)
    }
    assert len(named) > 3
    for line in sorted(named):
        words = line.split()
        status, help_ = said(*[word for word in words if not word.startswith("--")], "--help")
        assert status == 0, line
        assert all(option in help_ for option in words if option.startswith("--")), line


def test_the_chinese_document_explains_every_light():
    for word in STATES.values():
        assert f"| {word.blinks or '平常'} | {word.chinese} | {word.then_chinese}" in CHINESE


def slug(heading: str) -> str:
    """As a page's own link to it is written."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("name", ["setup.md", "setup.zh-CN.md"])
def test_every_link_of_the_document_leads_somewhere(name: str):
    text = (DOCS / name).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]*)#?([^)]*)\)", text)
    assert len(links) > 20
    for path, anchor in links:
        file = DOCS / (path or name)
        assert file.is_file(), path
        if anchor:
            headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {slug(one) for one in headings}, (path, anchor)

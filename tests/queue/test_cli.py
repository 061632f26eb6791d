"""The laws of the command `jiaohao` without a command: everything there is stands there, and what it does."""

from __future__ import annotations

import re
from importlib.metadata import entry_points

import pytest

from broker.cli import choose


@pytest.mark.parametrize("group", ["jiaohao.commands", "jiaohao.hardware", "jiaohao.voice"])
def test_every_command_is_listed_with_a_sentence_that_says_what_it_does(
    group: str, capsys: pytest.CaptureFixture[str]
):
    assert choose("jiaohao", group, []) == 0
    listed = capsys.readouterr().out
    for point in entry_points(group=group):
        assert re.search(rf"^  {point.name} +[A-Z]\w*", listed, re.MULTILINE), point.name


def test_an_unknown_command_is_named_beside_those_there_are(capsys: pytest.CaptureFixture[str]):
    assert choose("jiaohao", "jiaohao.commands", ["tickets"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("jiaohao: there is no command 'tickets'\n")
    assert "  check  " in said

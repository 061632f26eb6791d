"""The command `jiaohao`: finds its subcommands by entry points, so that no room has to import another."""

from __future__ import annotations

import ast
import re
import shutil
import sys
import textwrap
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path

__all__ = ["choose", "main"]


def main() -> int:
    """Run `jiaohao SUBCOMMAND ...`; without one, list them."""
    return choose("jiaohao", "jiaohao.commands", sys.argv[1:])


def choose(called: str, group: str, argv: list[str]) -> int:
    """Run the command of an entry point group that the first word names, with the rest; without one, list them."""
    commands = {point.name: point for point in entry_points(group=group)}
    name, *rest = argv or [""]
    if name in commands:
        run = commands[name].load()
        return int(run(rest) or 0)
    listing = "\n".join(_line(commands[known]) for known in sorted(commands))
    stream = sys.stdout if name in ("-h", "--help", "") else sys.stderr
    if stream is sys.stderr:
        stream.write(f"{called}: there is no command {name!r}\n")
    stream.write(f"usage: {called} COMMAND [--help]\n\n{listing}\n")
    return 0 if stream is sys.stdout else 2


def _line(command: EntryPoint) -> str:
    """Its name, and what it does: the sentence that its module begins with, read without running it."""
    found = find_spec(command.module)
    source = Path(found.origin) if found and found.origin else None
    said = ast.get_docstring(ast.parse(source.read_bytes())) if source else ""
    sentence = re.sub(r"^(?:`jiaohao[^:]*`(?:, )?)+: ", "", (said or "").partition("\n")[0])
    sentence = sentence[:1].upper() + sentence[1:]
    width = max(40, shutil.get_terminal_size().columns - 1)
    head = f"  {command.name:<13} "
    return textwrap.fill(sentence, width, initial_indent=head, subsequent_indent=" " * len(head))


if __name__ == "__main__":
    raise SystemExit(main())

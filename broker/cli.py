"""The command `jiaohao`: finds its subcommands by entry points, so that no room has to import another."""

from __future__ import annotations

import sys
from importlib.metadata import entry_points

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
    listing = "\n".join(f"  {known}" for known in sorted(commands))
    stream = sys.stdout if name in ("-h", "--help", "") else sys.stderr
    if stream is sys.stderr:
        stream.write(f"{called}: there is no command {name!r}\n")
    stream.write(f"usage: {called} COMMAND [--help]\n\n{listing}\n")
    return 0 if stream is sys.stdout else 2


if __name__ == "__main__":
    raise SystemExit(main())

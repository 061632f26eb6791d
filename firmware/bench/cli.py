"""`jiaohao hardware`: its subcommands come from the rooms that have them, as those of `jiaohao` do."""

from __future__ import annotations

from broker.cli import choose

__all__ = ["main"]


def main(argv: list[str]) -> int:
    return choose("jiaohao hardware", "jiaohao.hardware", argv)

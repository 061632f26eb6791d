"""`jiaohao voice`: its subcommands."""

from __future__ import annotations

from broker.cli import choose

__all__ = ["main"]


def main(argv: list[str]) -> int:
    return choose("jiaohao voice", "jiaohao.voice", argv)

"""On which line of a TOML text each key stands; for messages only, never for values."""

from __future__ import annotations

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

__all__ = ["line_of"]

Steps = tuple[str | int, ...]


def line_of(text: str) -> dict[Steps, int]:
    """The line, from 1, of every table, key and array item, by its steps from the root."""
    lines: dict[Steps, int] = {(): 1}
    counts: dict[Steps, int] = {}
    root = Parser(Language(tree_sitter_toml.language())).parse(text.encode()).root_node
    for node in root.named_children:
        if node.type == "pair":
            _pair(node, (), lines)
        elif node.type in ("table", "table_array_element"):
            keys = _keys(node.named_children[0])
            steps = _resolve(keys[:-1], counts)
            if node.type == "table_array_element":
                lines.setdefault((*steps, keys[-1]), _line(node))
                counts[(*steps, keys[-1])] = counts.get((*steps, keys[-1]), -1) + 1
            steps = _resolve(keys, counts)
            lines[steps] = _line(node)
            for child in node.named_children[1:]:
                if child.type == "pair":
                    _pair(child, steps, lines)
    return lines


def _resolve(keys: Steps, counts: dict[Steps, int]) -> Steps:
    """A header's keys with the index of the newest item wherever a key names an array of tables."""
    steps: Steps = ()
    for key in keys:
        steps = (*steps, key)
        if steps in counts:
            steps = (*steps, counts[steps])
    return steps


def _pair(node: Node, above: Steps, lines: dict[Steps, int]) -> None:
    key, value = node.named_children[0], node.named_children[-1]
    steps = above
    for word in _keys(key):
        steps = (*steps, word)
        lines.setdefault(steps, _line(node))
    _value(value, steps, lines)


def _value(node: Node, steps: Steps, lines: dict[Steps, int]) -> None:
    if node.type == "inline_table":
        for child in node.named_children:
            if child.type == "pair":
                _pair(child, steps, lines)
    elif node.type == "array":
        items = [child for child in node.named_children if child.type != "comment"]
        for index, item in enumerate(items):
            lines[(*steps, index)] = _line(item)
            _value(item, (*steps, index), lines)


def _keys(node: Node) -> Steps:
    if node.type == "dotted_key":
        return tuple(key for child in node.named_children for key in _keys(child))
    return ((node.text or b"").decode().strip("\"'"),)


def _line(node: Node) -> int:
    return node.start_point[0] + 1

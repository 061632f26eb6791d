"""Where in a TOML text each key stands, by line and column; for messages only, never for values."""

from __future__ import annotations

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

__all__ = ["places"]

Steps = tuple[str | int, ...]


def places(text: str) -> dict[Steps, tuple[int, int]]:
    """Line and column, from 1 and in characters, of every table, key and array item, by its steps from the root."""
    nodes: dict[Steps, Node] = {}
    counts: dict[Steps, int] = {}
    root = Parser(Language(tree_sitter_toml.language())).parse(text.encode()).root_node
    for node in root.named_children:
        if node.type == "pair":
            _pair(node, (), nodes)
        elif node.type in ("table", "table_array_element"):
            keys = _keys(node.named_children[0])
            steps = _resolve(keys[:-1], counts)
            if node.type == "table_array_element":
                nodes.setdefault((*steps, keys[-1]), node)
                counts[(*steps, keys[-1])] = counts.get((*steps, keys[-1]), -1) + 1
            steps = _resolve(keys, counts)
            nodes[steps] = node
            for child in node.named_children[1:]:
                if child.type == "pair":
                    _pair(child, steps, nodes)
    rows = text.encode().split(b"\n")
    return {(): (1, 1)} | {steps: _place(node, rows) for steps, node in nodes.items()}


def _resolve(keys: Steps, counts: dict[Steps, int]) -> Steps:
    """A header's keys with the index of the newest item wherever a key names an array of tables."""
    steps: Steps = ()
    for key in keys:
        steps = (*steps, key)
        if steps in counts:
            steps = (*steps, counts[steps])
    return steps


def _pair(node: Node, above: Steps, nodes: dict[Steps, Node]) -> None:
    key, value = node.named_children[0], node.named_children[-1]
    steps = above
    for word in _keys(key):
        steps = (*steps, word)
        nodes.setdefault(steps, node)
    _value(value, steps, nodes)


def _value(node: Node, steps: Steps, nodes: dict[Steps, Node]) -> None:
    if node.type == "inline_table":
        for child in node.named_children:
            if child.type == "pair":
                _pair(child, steps, nodes)
    elif node.type == "array":
        items = [child for child in node.named_children if child.type != "comment"]
        for index, item in enumerate(items):
            nodes[(*steps, index)] = item
            _value(item, (*steps, index), nodes)


def _keys(node: Node) -> Steps:
    if node.type == "dotted_key":
        return tuple(key for child in node.named_children for key in _keys(child))
    return ((node.text or b"").decode().strip("\"'"),)


def _place(node: Node, rows: list[bytes]) -> tuple[int, int]:
    row, column = node.start_point  # from 0, in bytes
    return row + 1, len(rows[row][:column].decode()) + 1

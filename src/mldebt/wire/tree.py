"""Syntax trees across the wire: a learner's source is parsed in the learner's process, under its limits."""

import ast
from typing import Any

from mldebt.wire.decode import decode
from mldebt.wire.encode import encode
from mldebt.wire.frames import WireError

MAX_NODES = 50_000
MAX_DEPTH = 200


def encode_tree(node: Any) -> Any:
    """Turn a syntax tree into JSON. Its constants travel as values do."""
    if isinstance(node, ast.AST):
        return [type(node).__name__, {name: encode_tree(value) for name, value in ast.iter_fields(node)}]
    if isinstance(node, list):
        return {"list": [encode_tree(item) for item in node]}
    return {"value": encode(node)}


def decode_tree(data: Any) -> ast.Module:
    """Turn JSON back into a syntax tree. Raises WireError for what is none."""
    left = MAX_NODES

    def read(data: Any, depth: int) -> Any:
        nonlocal left
        left -= 1
        if left < 0 or depth > MAX_DEPTH:
            raise WireError("a syntax tree that is too large")
        if type(data) is list and len(data) == 2 and type(data[0]) is str and type(data[1]) is dict:
            kind = getattr(ast, data[0], None)
            if not (isinstance(kind, type) and issubclass(kind, ast.AST)):
                raise WireError("a syntax tree with an unknown node")
            return kind(**{name: read(value, depth + 1) for name, value in data[1].items() if name in kind._fields})
        if type(data) is dict and len(data) == 1:
            if type(data.get("list")) is list:
                return [read(item, depth + 1) for item in data["list"]]
            if "value" in data:
                return decode(data["value"])
        raise WireError("a syntax tree that is none")

    tree = read(data, 0)
    if not isinstance(tree, ast.Module):
        raise WireError("a syntax tree that is no module")
    return ast.fix_missing_locations(tree)

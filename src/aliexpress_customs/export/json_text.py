"""JSON objects as the APIs want them: exact decimal numbers, and no field that is not known."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, Final

from aliexpress_customs.export.amounts import utf8

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False)
EMPTY: Final[tuple[Any, ...]] = ("", [], {}, ())
"""What counts as not known, besides None."""


def given(**facts: Any) -> dict[str, Any]:
    """The facts that are known: neither None nor empty text nor an empty list or object."""
    return {name: fact for name, fact in facts.items() if fact is not None and fact not in EMPTY}


def json_bytes(thing: Any) -> bytes:
    r"""JSON with decimal numbers written exactly, never through a float and never as `1E+1`.

    Raises:
        ExportError: a text that UTF-8 cannot hold.

    >>> json_bytes({"value": Decimal("3.20"), "weight": "0.1"})
    b'{\n  "value": 3.20,\n  "weight": "0.1"\n}\n'
    """
    return utf8(f"{_json(thing, 0)}\n")


def _json(thing: Any, depth: int) -> str:
    if isinstance(thing, dict):
        parts = [f"{json.dumps(key)}: {_json(part, depth + 1)}" for key, part in thing.items()]
        return _block("{}", parts, depth)
    if isinstance(thing, list):
        return _block("[]", [_json(part, depth + 1) for part in thing], depth)
    if isinstance(thing, Decimal):
        return f"{thing:f}"
    return _ENCODER.encode(thing)


def _block(brackets: str, parts: list[str], depth: int) -> str:
    if not parts:
        return brackets
    inner = "  " * (depth + 1)
    body = f",\n{inner}".join(parts)
    return f"{brackets[0]}\n{inner}{body}\n{'  ' * depth}{brackets[1]}"

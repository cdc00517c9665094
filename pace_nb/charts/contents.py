"""What a chart carries: a column that is not drawn is a column that someone finds in the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_PARTS = ("layer", "hconcat", "vconcat", "concat")
_EXPRESSION = re.compile(r"datum(?:\.(\w+)|\[\s*['\"](.+?)['\"]\s*\])")
_WORDS = {"title", "text", "description", "name", "type", "aria", "usermeta", "config", "datasets", "$schema"}


def unused_columns(spec: dict[str, Any]) -> dict[str, set[str]]:
    """Return, for each set of rows of a Vega-Lite chart, the columns that no layer draws, sorts by or works with.

    Sets whose columns are all used are not named. Columns count as used where the chart names them as a field or in an
    expression (`datum.weeks`), in the layers that draw these rows.

    >>> chart = {"data": {"name": "rows1"}, "mark": "point", "encoding": {"x": {"field": "weeks"}}}
    >>> unused_columns({**chart, "datasets": {"rows1": [{"weeks": 4, "child_id": "1"}]}})
    {'rows1': {'child_id'}}
    """
    used: dict[str, set[str]] = {}
    _walk(spec, "", set(), used)
    held = {name: {c for row in rows for c in row} for name, rows in spec.get("datasets", {}).items()}
    left = {name: columns - used.get(name, set()) for name, columns in held.items()}
    return {name: columns for name, columns in left.items() if columns}


def only_used(spec: dict[str, Any], rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Return a chart's rows without the columns that it does not use, as `unused_columns` tells them."""
    unused = unused_columns({**spec, "datasets": rows})
    return {
        name: [{c: v for c, v in row.items() if c not in unused[name]} for row in held] if name in unused else held
        for name, held in rows.items()
    }


def _walk(node: dict[str, Any], rows: str, above: set[str], used: dict[str, set[str]]) -> None:
    """Note which columns a view uses of its rows; its parts inherit both."""
    data = node.get("data")
    rows = data["name"] if isinstance(data, dict) and "name" in data else rows
    parts = [p for key in _PARTS for p in node.get(key, ())]
    parts += [node["spec"]] if isinstance(node.get("spec"), dict) else []
    own = {n for key, value in node.items() if key not in (*_PARTS, "spec", "data") for n in _named(value, key)}
    used.setdefault(rows, set()).update(own | above)
    for part in parts:
        _walk(part, rows, own | above, used)


def _named(value: Any, key: str) -> Iterator[str]:
    """Yield every name of a column in a piece of a chart."""
    if isinstance(value, dict):
        for inner, held in value.items():
            yield from _named(held, inner)
    elif isinstance(value, list):
        for held in value:
            yield from _named(held, key)
    elif isinstance(value, str) and key not in _WORDS:
        yield value
        yield from (a or b for a, b in _EXPRESSION.findall(value))

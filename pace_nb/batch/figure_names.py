"""What a chart is called: a name for its files that stays when charts are added before it."""

from __future__ import annotations

import ast
import re


def name_figure(source: str) -> str:
    """Return what the chart of a cell is called, from the line that draws it; blank where that line is no call.

    The verb without its first word, and the aim that it is given, if it is one. A slide goes on showing the chart it was made
    for, whatever its number on the page has become.

    >>> name_figure("pace.draw_steps(steps)"), name_figure("pace.draw_aim(aim_2)"), name_figure('pace.draw_funnel(areas, "aim-1")')
    ('steps', 'aim-2', 'funnel-aim-1')
    >>> name_figure("pace.draw_shares(aim_1, aim_2)"), name_figure("chart")
    ('shares', '')
    """
    try:
        last = ast.parse(source).body[-1]
    except (SyntaxError, IndexError):
        return ""
    call = last.value if isinstance(last, ast.Expr) else None
    if not isinstance(call, ast.Call):
        return ""
    verb = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    given = [a.id if isinstance(a, ast.Name) else str(getattr(a, "value", "")) for a in call.args]
    aims = [a.replace("_", "-") for a in given if re.fullmatch(r"aim[-_]\d+", a)]
    name = re.sub(r"[^a-z0-9]+", "-", verb.lower().split("_", 1)[-1]).strip("-")
    if len(aims) != 1:
        return name
    return aims[0] if name == "aim" else f"{name}-{aims[0]}"


def name_apart(source: str, number: int, taken: set[str]) -> str:
    """Return a name that no other figure of the page has, and add it to those taken: a second of the same name has its number with it.

    >>> taken = set()
    >>> [name_apart("pace.draw_board(extract)", n, taken) for n in (1, 2)], name_apart("", 3, taken)
    (['board', 'board-2'], 'figure-3')
    """
    name = name_figure(source) or f"figure-{number}"
    name = f"{name}-{number}" if name in taken else name
    taken.add(name)
    return name

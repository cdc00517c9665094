"""The board of children between milestones, and earlier outlooks held against what came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from pace_nb import disclosure, tables, theme
from pace_nb.charts.figure import CHILD, Datasets, Figure, name_child
from pace_nb.charts.joined import layer
from pace_nb.measures import BANDS
from pace_nb.now import STAGES
from pace_nb.outlook import AHEAD, LookBack
from pace_nb.periods import show_date

WIDTH = 470
COUNTS_WIDTH = 380
LOOKS_WIDTH = 620
LONGEST = 156  # weeks at which a bar is cut off
ROW = 13
HEAD = 34
SHOWN = 30  # rows drawn of one stage: five stages of thirty still fit on a screen or two

#: Where a child stands and what comes next, as the board says it.
STAGE_NAMES = {
    "cso_at_home": "At home on an order, plan not reviewed since it began",
    "accommodated": "Accommodated, no permanence recommendation yet",
    "permanence_recommendation": "Recommended, next step awaited",
    "permanence_panel": "Panel held, agency decision awaited",
    "adm_decision": "Agency decision made, court application awaited",
    "court_application": "Application in court, order awaited",
}
_BAND_COLORS = ["#c9d8e6", theme.WAITING, theme.POINT, theme.INK]


def draw_board(standing: pd.DataFrame, labels: Mapping[tuple[str, str], str]) -> Figure:
    """Draw one bar per child by the weeks since the last milestone, stage by stage, most pressing first. Working audience only.

    standing: from `now.find_standing`. labels: from `timelines.label_children`. At most 30 children of a stage are drawn;
    the heading says how many there are, and the table behind the picture holds them all. Bars of more than three years are
    cut off there: a few very long waits would press all the others together.
    """
    data = Datasets()
    bars, heads, marks, numbers = [], [], [], []
    y = 0.0
    for stage, rows in ((stage, standing[standing["stage"] == stage]) for stage in STAGES):
        if rows.empty:
            continue
        y += HEAD
        past = int(rows["past"].sum())
        over = f", {past} past a limit" if past else ""
        cut = f"; the {SHOWN} most pressing are drawn" if len(rows) > SHOWN else ""
        heads.append({"y": y - 12, "text": f"{STAGE_NAMES[stage]}: {len(rows)}{over}{cut}"})
        for place, row in enumerate(rows.itertuples()):
            label, said = labels[row.local_authority, row.child_id], _against_due(row)
            numbers.append([STAGE_NAMES[stage], label, f"{row.days // 7}", said or "–"])
            if place >= SHOWN:
                continue
            text = f"{row.days // 7} weeks{', ' if said else ''}{said}"
            color = theme.LATE if row.past else theme.WAITING
            weeks = min(row.days / 7, LONGEST)
            bars.append({"y": y, "y2": y + ROW - 2, "weeks": weeks, CHILD: label, "text": text, "color": color})
            due = (row.due - row.since).days / 7 if pd.notna(row.due) else -1
            if 0 <= due <= LONGEST:
                marks.append({"y": y - 1, "y2": y + ROW - 1, "due": due})
            y += ROW
    if not bars:
        text = "No child waits for a next step, as far as the records say."
        return Figure(None, text, text)
    furthest = max([*(b["weeks"] for b in bars), *(m["due"] for m in marks)])
    x = alt.X(
        "weeks:Q",
        title="Weeks since the last milestone",
        scale=alt.Scale(domain=[0, furthest * 1.01 + 1], nice=False),
        axis=alt.Axis(orient="top", tickCount=8),
    )
    tall = alt.Scale(domain=[y + 4, 0], nice=False)
    top, middle = (alt.Y(f"{name}:Q", scale=tall, axis=None) for name in ("y", "middle"))
    children = alt.Chart(data.add([{**b, "middle": (b["y"] + b["y2"]) / 2} for b in bars]))
    small = children.mark_text(align="left", dx=8, fontSize=10)
    layers = [
        children.mark_rect().encode(
            x, top, alt.Y2("y2:Q"), alt.Color("color:N", scale=None, legend=None), name_child(), x2=alt.X2Value(0)
        ),
        children.mark_text(align="right", dx=-6, fontSize=10).encode(
            middle, alt.Text(f"{CHILD}:N"), name_child(), x=alt.XValue(0)
        ),
        small.encode(middle, alt.Text("text:N"), x=alt.XValue(WIDTH)),
        alt.Chart(data.add(heads))
        .mark_text(align="left", dx=-62, fontWeight="bold", fontSize=12)
        .encode(top, alt.Text("text:N"), x=alt.XValue(0)),
    ]
    if marks:
        ticks = alt.Chart(data.add(marks)).mark_rule(color=theme.INK, strokeWidth=2)
        layers.append(ticks.encode(alt.X("due:Q"), top, alt.Y2("y2:Q")))
    spoken = "; ".join(h["text"] for h in heads)
    return Figure(
        layer(*layers).properties(width=WIDTH, height=y + 4),
        f"Where each child stands and for how long. {spoken}.",
        "Each bar is a child, named by a label that is not the child's number. Its length is the time since the last milestone, cut off "
        "at three years; the number at the right is whole. Orange: the due date has come. Upright mark: where the limit runs out. An "
        "orange bar without one was past its limit before it came here. Blue without a mark: this step has no limit.",
        ["Where the child stands", "Child", "Weeks since the last milestone", "Against the limit"],
        numbers,
        child_level=True,
        data=data,
    )


def _against_due(row) -> str:
    """Say how a row of the board stands to its due date; nothing without one."""
    if pd.isna(row.due):
        return ""
    weeks = ((row.due - row.since).days - row.days) / 7
    if abs(weeks) < 1:
        return "due this week" if weeks > 0 else "limit just reached"
    return f"due in {int(weeks)}" if weeks > 0 else f"{int(-weeks)} over the limit"


def protect_board(counts: pd.DataFrame, audience: str) -> dict[str, list[int | str | None]]:
    """Return for each stage its counts and, last, all of them, as they may be shown (`disclosure.protect_grid`); empty stages left out."""
    full = counts.assign(All=counts.sum(axis=1)).astype(int)
    full = full[full["All"] > 0]
    last = len(counts.columns)
    shown = disclosure.protect_grid(full.to_numpy().tolist(), audience, {last: range(last)}, down=[last])
    return dict(zip(full.index, shown, strict=True))


def draw_board_counts(counts: pd.DataFrame, audience: str) -> Figure:
    """Draw how many children stand at each stage, by how long since the last milestone. counts: from `now.count_standing`."""
    data = Datasets()
    rows, numbers = [], []
    for stage, (*cells, _) in protect_board(counts, audience).items():
        numbers.append([STAGE_NAMES[stage], *map(tables.cell, cells)])
        for place, (band, n) in enumerate(zip(BANDS, cells, strict=True)):
            if isinstance(n, int) and n:
                rows.append({"stage": STAGE_NAMES[stage], "band": band, "place": place, "children": n})
    columns = ["Where the children stand", *BANDS]
    if not rows:
        text = "Too few children wait at any one step to show how long."
        return Figure(None, text, text, columns, numbers)
    order = [STAGE_NAMES[s] for s in STAGES]
    chart = (
        alt.Chart(data.only(pd.DataFrame(rows), "stage", "band", "place", "children"))
        .mark_bar(stroke="white", strokeWidth=1)
        .encode(
            y=alt.Y("stage:N", sort=order, title=None, axis=alt.Axis(labelLimit=330, ticks=False, domain=False)),
            x=alt.X("sum(children):Q", title="Children", axis=alt.Axis(tickMinStep=5)),
            color=alt.Color(
                "band:N",
                title="Since the last milestone",
                sort=list(BANDS),
                scale=alt.Scale(domain=list(BANDS), range=_BAND_COLORS),
            ),
            order=alt.Order("place:Q"),
        )
        .properties(width=COUNTS_WIDTH, height=36 * len(numbers))
    )
    spoken = "; ".join(f"{n[0]}: " + ", ".join(f"{b} {c}" for b, c in zip(BANDS, n[1:], strict=True)) for n in numbers)
    return Figure(
        chart,
        f"Children between milestones, by how long since the last one. {spoken}.",
        "Each row holds the children who stand there now; the darker the part, the longer ago their last milestone. Counts that are too "
        "small to be shown are left out of the bars.",
        columns,
        numbers,
        data=data,
    )


def draw_look_back(tried: Mapping[str, Sequence[LookBack]], audience: str) -> Figure:
    """Draw the range expected on earlier days and the number that came, one row per aim. `tried`: title of an aim to looks.

    In the aggregate audience nothing is drawn: the numbers of a quarter are those of a few children.
    """
    looks = {title: [b for b in found if b.held is not None] for title, found in tried.items()}
    looks = {title: found for title, found in looks.items() if found}
    if not looks:
        text = "There are not enough children to tell how good such an outlook was before."
        return Figure(None, text, text)
    if audience != "working":
        text = "The numbers of a single quarter are too small to be drawn here. The table sums them."
        return Figure(None, text, text)
    data = Datasets()
    rows, numbers = [], []
    for title, found in looks.items():
        for back in found:
            count, name = back.outlook.count, "in the range" if back.held else "outside it"
            day = show_date(back.outlook.on)
            values = {"low": count.low, "high": count.high, "expected": round(count.expected, 2), "came": back.came}
            rows.append({"aim": title, "day": f"{back.outlook.on:%b %Y}", "held": name, **values})
            numbers.append(
                [title, day, back.outlook.due, f"{count.expected:.1f}", f"{count.low} to {count.high}", back.came]
            )
    days = list(dict.fromkeys(r["day"] for r in sorted(rows, key=lambda r: pd.Timestamp(r["day"]))))
    rows_of = alt.Chart(data.only(pd.DataFrame(rows), "aim", "day", "held", "low", "high", "expected", "came"))
    x = alt.X("day:N", sort=days, title=f"First day of the {AHEAD} weeks", axis=alt.Axis(labelAngle=-40, grid=False))
    domain, looks_like = ["in the range", "outside it"], ["circle", "diamond"]
    layers = layer(
        rows_of.mark_bar(size=16, color=theme.WAITING, opacity=0.6).encode(
            x, alt.Y("from:Q", title="Children"), alt.Y2("to:Q")
        ),
        rows_of.mark_tick(thickness=2, size=16, color=theme.INK).encode(x, alt.Y("expected:Q")),
        rows_of.mark_point(filled=True, size=70, opacity=1).encode(
            x,
            alt.Y("came:Q"),
            alt.Shape("held:N", title="What came", scale=alt.Scale(domain=domain, range=looks_like)),
            alt.Color("held:N", title="What came", scale=alt.Scale(domain=domain, range=[theme.POINT, theme.LATE])),
        ),
    ).transform_calculate(**{"from": "datum.low - 0.15", "to": "datum.high + 0.15"})
    chart = layers.properties(width=LOOKS_WIDTH, height=92).facet(
        row=alt.Row(
            "aim:N",
            sort=list(looks),
            title=None,
            header=alt.Header(labelOrient="top", labelAnchor="start", labelFontWeight="bold", labelFontSize=12),
        )
    )
    held = "; ".join(
        f"{t}: {sum(b.held for b in found)} in the range, {len(found)} looks back" for t, found in looks.items()
    )
    return Figure(
        chart.resolve_scale(y="independent"),
        f"Earlier outlooks and what came of them. {held}.",
        "For each earlier day, made with only what was known then. Bar: the range in which the number should lie nine times in ten. "
        "Cross line: the number expected. Dot or diamond: the number of children who then still waited on their due date.",
        ["Aim", "First day", "Due", "Expected", "Range", "Came"],
        [[str(c) for c in row] for row in numbers],
        data=data,
    )

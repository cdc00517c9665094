"""Parts of the baseline page: where children wait, and how long."""

from __future__ import annotations

from pace_nb import disclosure, tables, terms
from pace_nb.aims import read_timescales
from pace_nb.charts import bars, curves
from pace_nb.charts.figure import Figure
from pace_nb.extract import Extract
from pace_nb.intervals import Intervals, find_intervals
from pace_nb.measures import completeness, measure_share, who_waits
from pace_nb.periods import show_date
from pace_nb.shown import Shown, paragraphs
from pace_nb.waits import WaitSummary, WaysOut, find_ways_out, round_ways, summarise_pairs, summarise_waits
from pace_nb.wording import are, say_children, say_count, say_typical, say_weeks

Steps = list[tuple[Intervals, WaitSummary]]


def describe_baseline(extract: Extract, steps: Steps) -> Shown:
    """Say where the longest wait is, how many wait, and how complete the dates are."""
    audience = extract.audience
    said = [
        f"{extract.area} has records of {say_children(len(extract.children), audience)} who have been looked after."
    ]
    if "events" in extract.refused:
        said.append(
            "No events could be read, so no milestone is known and this page shows no waits. See the end of the page."
        )
        return paragraphs(said, "conclusion")
    first = steps[0][1]
    said.append(f"From being accommodated to a permanence recommendation, {say_typical(first, audience)}")
    known = [
        (w.typical, i, w) for i, w in steps if disclosure.protect_median(w.typical, w.followed, audience) is not None
    ]
    if len(known) > 1:
        _, slowest, waits = max(known, key=lambda k: k[0])
        said.append(
            f"The slowest step is '{slowest.aim.title}': half of the children who start it still wait after "
            f"{say_weeks(waits.typical, waits.followed, audience)}."
        )
    waiting = who_waits(extract)
    if len(waiting):
        most = waiting.groupby("stage").size().sort_values(kind="stable")
        stage, n = most.index[-1], int(most.iloc[-1])
        said.append(
            f"{say_children(len(waiting), audience)} {are(len(waiting), audience)} waiting for their next step; most "
            f"({say_count(n, audience)}) after '{terms.lower(stage)}'."
        )
    table = completeness(extract).set_index("milestone")
    weak = [(m, r) for m, r in table.iterrows() if r["passed"] >= 10 and r["recorded"] < 0.8 * r["passed"]]
    if weak:
        names = ", ".join(terms.lower(m) for m, _ in weak)
        said.append(
            f"Take care: fewer than 8 in 10 dates are recorded of: {names}. Waits that begin or end there are known for part "
            "of the children only."
        )
    return paragraphs(said, "conclusion")


def draw_steps(steps: Steps) -> Figure:
    """Draw how long each step takes."""
    return bars.draw_steps(steps)


def show_steps(steps: Steps) -> Shown:
    """Show each step's numbers: everyone who started it and what has become of them."""
    rows = []
    for intervals, w in steps:
        a = intervals.audience
        counts = [w.started, w.reached, w.waiting, w.left, w.unusable]
        (shown,) = disclosure.protect_grid([counts], a, {0: (1, 2, 3, 4)})
        rows.append(
            [
                intervals.aim.title,
                *map(tables.cell, shown),
                tables.weeks(w.typical, w.followed, a),
                tables.weeks(w.finished_median, w.reached, a),
            ]
        )
    return tables.make_table(
        [
            "Step",
            "Started",
            "Reached",
            "Waiting",
            "Left another way",
            "Record unclear",
            "Typical wait, weeks",
            "Median of finished, weeks",
        ],
        rows,
        "Each step: everyone who started it, and how long it takes",
        "Typical wait: half of all who started no longer wait after so long; those still waiting are counted. The median of those who "
        "finished leaves out everyone who has not, so it is usually shorter. A dash: not reached, or too few children.",
    )


def show_pairs(extract: Extract) -> Shown:
    """Show the typical time between every pair of milestones."""
    pairs, a = summarise_pairs(extract), extract.audience
    ends = terms.MILESTONES[1:]
    rows = []
    for i, start in enumerate(terms.MILESTONES[:-1]):
        cells = ["" if end not in terms.MILESTONES[i + 1 :] else _pair(pairs[start, end], a) for end in ends]
        rows.append([terms.label(start), *cells])
    return tables.make_table(
        ["From", *(f"to {terms.lower(e)}" for e in ends)],
        rows,
        "Weeks between every pair of milestones: median of those who reached both (how many)",
        "Children who still wait are not in this table; the table of steps above counts them.",
    )


def _pair(waits: WaitSummary, audience: str) -> str:
    if (
        waits.finished_median is None
        or disclosure.protect_median(waits.finished_median, waits.reached, audience) is None
    ):
        return "–"
    return f"{tables.weeks(waits.finished_median, waits.reached, audience)} ({tables.count(waits.reached, audience)})"


def draw_who_waits(extract: Extract) -> Figure:
    """Draw who waits for the next step, by last milestone and by where they live."""
    return bars.draw_who_waits(who_waits(extract), extract.audience)


def show_waiting_by_placement(extract: Extract) -> Shown:
    """Show, for each placement group, who waits for a recommendation and for how long so far."""
    intervals, a = find_intervals(extract, extract.aims["aim-2"]), extract.audience
    rows = []
    groups = {
        g: intervals.only(intervals.table["placement"] == g) for g in dict.fromkeys(terms.PLACEMENT_GROUPS.values())
    }
    waits = {g: summarise_waits(part) for g, part in groups.items() if len(part.table)}
    counts = [[w.started, w.reached, w.waiting, w.overdue] for w in waits.values()]
    grid = disclosure.protect_grid(counts, a, {0: (1, 2), 2: (3,)}, down=(0, 1, 2, 3))
    for (group, w), shown in zip(waits.items(), grid, strict=True):
        longest = [tables.weeks(w.longest_waiting, w.waiting, a)] if a == "working" else []
        rows.append(
            [
                terms.label(group),
                *map(tables.cell, shown),
                tables.weeks(w.typical, w.followed, a),
                *longest,
            ]
        )
    longest = ["Longest wait so far, weeks"] if a == "working" else []
    return tables.make_table(
        [
            "Where the child lives",
            "Accommodated",
            "Recommended",
            "Waiting now",
            "Past six months",
            "Typical wait, weeks",
            *longest,
        ],
        rows,
        "From being accommodated to a permanence recommendation, by where the child lives",
        "Where the child lives: on the day the wait ended or, for children still waiting, on the day of this report.",
    )


def show_timescales(extract: Extract) -> Shown:
    """Show how many children were within each timescale of law and guidance."""
    rows, a = [], extract.audience
    for timescale in read_timescales():
        intervals = find_intervals(extract, timescale)
        share = measure_share(intervals)
        if len(intervals.table) and not extract.records(timescale.end):
            never = f"not told: '{terms.lower(timescale.end)}' is recorded for nobody"
            rows.append([timescale.title, timescale.origin, never, "–", "–", "–", "–"])
            continue
        rows.append(
            [
                timescale.title,
                timescale.origin,
                tables.count(share.due, a),
                tables.count(share.met, a),
                tables.percent(share.met, share.due, a),
                tables.count(len(intervals.waiting), a),
                tables.count(len(intervals.overdue), a),
            ]
        )
    sources = " ".join(f"{t.title}: {t.source}." for t in read_timescales())
    return tables.make_table(
        [
            "Timescale",
            "Standing",
            "Time has run out for",
            "of whom in time",
            "In time, %",
            "Waiting now",
            "of whom past it",
        ],
        rows,
        "Waits against the timescales of law and guidance",
        f"A timescale is not a target. Sources: {sources}",
    )


def show_timescales_by_placement(extract: Extract) -> Shown:
    """Show who waits past the timescale for considering permanence, and since which placement group."""
    a, rows = extract.audience, []
    for timescale in read_timescales():
        waiting = find_intervals(extract, timescale).waiting
        late = waiting.groupby("placement")["late"].agg(["size", "sum"])
        groups = [g for g in dict.fromkeys(terms.PLACEMENT_GROUPS.values()) if g in late.index]
        grid = disclosure.protect_grid(late.loc[groups].to_numpy().tolist(), a, {0: (1,)}, down=(0, 1))
        rows += [[timescale.title, terms.label(g), *map(tables.cell, n)] for g, n in zip(groups, grid, strict=True)]
    return tables.make_table(
        ["Timescale", "Where they live now", "Waiting now", "of whom past it"],
        rows,
        "Children waiting now against each timescale, by where they live",
    )


def draw_completeness(extract: Extract) -> Figure:
    """Draw how complete the milestone dates are."""
    return bars.draw_completeness(completeness(extract), extract.audience)


def study_ways_out(extract: Extract, aim: str = "aim-2") -> WaysOut:
    """Return in which ways the waits of an aim end, as it may be shown."""
    return ways_to_show(find_intervals(extract, extract.aims[aim]))


def ways_to_show(intervals: Intervals) -> WaysOut:
    """Return in which ways waits end, as their audience may see it.

    In the aggregate audience: every thirteen weeks, while ten children are followed, rounded to what five children are worth.
    """
    if intervals.audience == "working":
        return find_ways_out(intervals)
    ways = find_ways_out(intervals, disclosure.MEDIAN_OF, curves.QUARTER)
    return round_ways(ways, disclosure.curve_step(ways.children))


def describe_ways_out(ways: WaysOut) -> Shown:
    """Say in which ways waits have ended by half a year and a year, and that none of them is read alone."""
    audience, weeks = ways.intervals.audience, ways.weeks.set_index("week")
    if weeks.empty or ways.children < disclosure.MEDIAN_OF:
        return paragraphs(["Not enough children to tell how these waits end."], "conclusion")
    begins, aim = int(weeks.index[0]), ways.intervals.aim
    words = {
        "reached": f"had their {terms.lower(aim.end)}",
        "home": "had gone home first",
        "other": "had left another way",
    }
    asked = [w for w in (26, 52) if w in weeks.index] or [int(weeks.index[-1])]
    said = []
    for week in asked:
        ended = ", ".join(
            f"{100 * weeks.loc[week, way]:.0f} % {words[way]}" for way in curves.name_ways(ways) if way in words
        )
        said.append(f"By {week} weeks: {ended}, and {100 * weeks.loc[week, 'waiting']:.0f} % still waited.")
    who = f"Who is counted: {say_children(ways.children, audience)}"
    if begins:
        who += f" who had waited {begins} weeks already, because too few were followed from the start"
    who += ". Those still waiting count for as long as they have waited"
    if ways.intervals.since is not None:
        who += f"; those whose clock started before {show_date(ways.intervals.since)}, only for the time since"
    who += "."
    said += [who, "Read them together: a fall in one may be a rise in another."]
    return paragraphs(said, "conclusion")


def draw_ways_out(ways: WaysOut) -> Figure:
    """Draw in which ways waits end, by weeks since the clock started."""
    return curves.draw_ways_out(ways)

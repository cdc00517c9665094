"""Parts of the balancing page on reviews: the statutory chain, its loophole, and what is overdue."""

from __future__ import annotations

from pace_nb import disclosure, tables
from pace_nb.charts import balancing as drawn
from pace_nb.charts.figure import Figure
from pace_nb.pages.balancing import NO_REVIEWS, BalanceStudy
from pace_nb.reviews import LINKS, find_overdue, gaps, latest_lawful, measure_loophole, measure_reviews, reviews_by_year
from pace_nb.shown import Shown, paragraphs
from pace_nb.wording import say_children, say_count, say_weeks

LISTED = 40  # children of one list; the note says how many more there are


def describe_reviews(study: BalanceStudy) -> Shown:
    """Say how the chain of reviews runs, and where its loophole lies in these records."""
    if not study.extract.records("review"):
        return paragraphs([NO_REVIEWS])
    first, second, third = latest_lawful(study.extract.as_at)
    weeks = [round((d - study.extract.as_at).days / 7) for d in (first, second, third)]
    found, a = measure_loophole(study.chains), study.audience
    said = [
        "Each review is due from the actual one before it: the first within 6 weeks, the second 3 months after the first, each later one "
        f"6 months after the last. Held each on its last lawful day, they come at {weeks[0]}, {weeks[1]} and {weeks[2]} weeks. So "
        "the third may lawfully be held more than ten months after the child came away from home, though people call it the six-month one.",
    ]
    if found.in_time and (a == "working" or disclosure.protect_count(found.in_time, a)):
        said.append(
            f"In these records: of {say_children(found.in_time, a)} whose first three reviews were all in time, "
            f"{say_count(found.past_six_months, a)} had the third more than six months after they came away from home."
        )
    between = gaps(study.chains)
    if a == "working" and len(between):
        said.append(f"Longest time between two reviews: {say_weeks(float(between.max()), len(between))}.")
    return paragraphs(said)


def draw_reviews(study: BalanceStudy) -> Figure:
    """Draw the share of reviews held in time, by year."""
    if not study.extract.records("review"):
        return Figure(None, NO_REVIEWS, NO_REVIEWS)
    return drawn.draw_reviews(reviews_by_year(study.chains, study.extract.as_at), study.audience)


def show_reviews(study: BalanceStudy) -> Shown:
    """Show what became of each kind of review, counted from the first day away from home and again from each placement."""
    if not study.extract.records("review"):
        return paragraphs([NO_REVIEWS], "note")
    a, as_at = study.audience, study.extract.as_at
    rows = []
    for name, chains in (("", study.chains), (" of a placement", study.restarted)):
        for kind, share in measure_reviews(chains, as_at).items():
            part = chains[(chains["kind"] == kind) & (chains["due"] <= as_at)]
            state = part["state"].value_counts()
            counts = [share.due, share.met, *(int(state.get(s, 0)) for s in ("late", "overdue", "not recorded"))]
            rest = (share.not_yet_due + share.met_early, share.left)
            percent = tables.percent(share.met, share.due, a)
            (shown,) = disclosure.protect_grid([[*counts, *rest]], a, {0: (1, 2, 3, 4)}, [(1, 0)])
            cells = [tables.cell(n) for n in shown]
            percent = percent if isinstance(shown[1], int) else disclosure.HIDDEN if share.due else "–"
            rows.append([f"{drawn.LINK_NAMES[kind]}{name}", str(LINKS[kind]), *cells[:2], percent, *cells[2:]])
    return tables.make_table(
        [
            "Review",
            "Limit",
            "Due",
            "In time",
            "In time, %",
            "Late",
            "Overdue now",
            "Never recorded",
            "Not yet due",
            "Left first",
        ],
        rows,
        "Reviews against the statutory chain: away from home only",
        "Looked After Children (Scotland) Regulations 2009, reg 45(2). Practice counts from the first day away from home; the "
        "regulation begins again with each placement: the rows 'of a placement'. Later reviews count each review, not each child.",
    )


def show_overdue_reviews(study: BalanceStudy) -> Shown:
    """Show the children away from home whose review is overdue now; only for people entitled to see children."""
    if not study.extract.records("review"):
        return paragraphs([NO_REVIEWS], "note")
    overdue = find_overdue(study.chains, study.extract.as_at)
    if study.audience != "working":
        return paragraphs(
            [
                f"Overdue now: {say_children(len(overdue), study.audience)}. The list is for people entitled to see children."
            ]
        )
    rows = [
        [study.labels[r.local_authority, r.child_id], drawn.LINK_NAMES[r.kind], f"{r.due:%B %Y}", f"{r.gap // 7}"]
        for r in overdue.head(LISTED).itertuples()
    ]
    return tables.make_table(
        ["Child", "Which", "Was due in", "Weeks since the last review"],
        rows,
        "Away from home, review overdue now",
        f"The {LISTED} longest overdue of {len(overdue):,}." if len(overdue) > LISTED else "",
        child_level=True,
        empty="No review is overdue, as far as the records say.",
    )

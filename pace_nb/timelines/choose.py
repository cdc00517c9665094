"""Which journeys to look at: one child's, or those of brothers and sisters."""

from __future__ import annotations

from pace_nb.disclosure import require_working
from pace_nb.errors import ParameterError
from pace_nb.extract import Extract
from pace_nb.intervals import find_intervals
from pace_nb.pseudonyms import plain_label, show_label
from pace_nb.spells import KEY
from pace_nb.timelines.labels import label_children
from pace_nb.timelines.records import Journey, tell_journey


def choose_child(extract: Extract, child: str = "") -> Journey:
    """Return the journey of the child with a label; of the one waiting longest for a recommendation if it is blank.

    child: its label, however it is typed: "Child K7Q-2MX" or "k7q2mx".

    Raises ParameterError in the aggregate audience, without a key, and for a label that no child has.
    """
    require_working(extract.audience, "A timeline")
    labels = label_children(extract)
    if child:
        found = [k for k, name in labels.items() if plain_label(name) == plain_label(child)]
        if not found:
            raise ParameterError(
                "No child of this extract has the label that was asked for.",
                do="take it from a page made with the same key, such as 6_children_now; it looks like "
                f"{show_label('K7Q2MX')}.",
            )
        key = found[0]
    else:
        waiting = find_intervals(extract, extract.aims["aim-2"]).waiting
        rows = waiting if len(waiting) else extract.children.sort_values(KEY)
        key = tuple(rows.iloc[0][KEY])
    return tell_journey(extract, key, labels[key])


def choose_siblings(extract: Extract, journey: Journey) -> list[Journey]:
    """Return the journeys of a child's sibling group, oldest first; of the largest group in care if the child has none."""
    require_working(extract.audience, "A timeline of siblings")
    labels = label_children(extract)
    children = extract.children
    group = journey.sibling_group
    if group is None:
        sizes = children.dropna(subset=["sibling_group"]).groupby("sibling_group").size()
        if sizes.empty:
            return [journey]
        largest = sizes[sizes == sizes.max()]
        group = str(largest.index[0])
    members = children[children["sibling_group"] == group].sort_values(["date_of_birth", *KEY])
    return [tell_journey(extract, k, labels[k]) for k in members[KEY].itertuples(index=False, name=None)]

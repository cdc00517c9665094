"""Whose label is whose: names for children that say nothing, made with the key, and the way back for those who have it."""

from __future__ import annotations

from functools import lru_cache

from pace_nb.errors import ParameterError
from pace_nb.extract import Extract
from pace_nb.pseudonyms import Key, find_key, label_names, name_children, plain_label
from pace_nb.spells import KEY


def label_children(extract: Extract) -> dict[tuple[str, str], str]:
    """Return a label for each child, such as "Child K7Q-2MX", made with the key: it says nothing of the child.

    The same child has the same label in the next extract, as long as the key stays the same; where two children of an
    extract would share one, both get a longer one that begins alike. Children stand in order of their numbers.

    Raises ParameterError where there is no key, unless every child is of the synthetic sample.
    """
    return dict(_label(extract, find_key(extract.synthetic)))


def name_marks(extract: Extract | None) -> dict[tuple[str, str], str] | None:
    """Return the labels with which the marks of a chart name their children; None for people who may not see single children."""
    return None if extract is None or extract.audience != "working" else label_children(extract)


@lru_cache(maxsize=2)  # a page names its children in several places; the key is looked for each time
def _label(extract: Extract, key: Key) -> dict[tuple[str, str], str]:
    children = sorted(extract.children[KEY].itertuples(index=False, name=None))
    return label_names(name_children(children, key))


def find_by_label(extract: Extract, label: str) -> tuple[str, str]:
    """Return the authority and the number of the child with a label, for people who have the key and the extract.

    Raises ParameterError where there is no key, or no child of the extract has this label; the label is not repeated.
    """
    wanted = plain_label(label)
    found = [child for child, name in label_children(extract).items() if plain_label(name) == wanted]
    if not found:
        raise ParameterError(
            "No child of this extract has this label with the key in use.",
            do="check the label, and that the key is the one whose fingerprint stands at the end of the page.",
        )
    return found[0]

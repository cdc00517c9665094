"""Runs past a date, removed with what belongs to them; nothing that this project did not write is touched.

The date that counts is the day on which a run ended (`finished` in its manifest, UTC), not its as-at date: how long a copy of
personal data may lie there counts from when the copy was made.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pace_nb import terms
from pace_nb.errors import ParameterError
from pace_nb.pseudonyms import read_key
from pace_nb.runs.folder import INDEX, MANIFEST, Run, files_in, find_runs

#: What `forget` cannot reach, to be said each time.
BEYOND = (
    "Not removed, because nobody but you knows where they are: backups, copies that were released, sent or printed, and what "
    "a disk keeps of a deleted file. The extracts are not touched."
)
_SLUGS = "|".join(sorted({a.slug for a in terms.AUTHORITIES.values()} | {"scotland", "all-areas"}))
#: Files that a run may have left, also one that was broken off or an earlier one into the same folder.
_OURS = re.compile(
    rf"(?:{_SLUGS})/[0-9]_[a-z0-9_]+\.(?:html|partial|FAILED\.ipynb)|(?:{_SLUGS})/children\.(?:html|partial)"
    rf"|(?:{_SLUGS})/(?:[0-9]_[a-z0-9_]+|children)(?:\.pdf|\.xlsx|/[a-z0-9-]+\.(?:svg|png))(?:\.partial)?"
    r"|\.work/[\w-]+\.(?:ipynb|partial)|\.work/held-back|(?:index|manifest|back_test)\.partial"
)


@dataclass(frozen=True)
class Forgotten:
    """A run that is to be removed: its files by their path from its folder, and those that are somebody else's and stay."""

    run: Run
    files: tuple[str, ...]
    strangers: tuple[str, ...]


def plan_forgetting(folder: Path, before: date) -> tuple[list[Forgotten], list[Run]]:
    """Return which runs ended before a day, with their files, and which stay. Nothing is removed yet.

    folder: of one run, or a folder that holds several. Raises ParameterError where there is no run in it.
    """
    runs = find_runs(folder)
    past = [r for r in runs if r.finished.date() < before]
    planned = []
    for run in past:
        lying = [n for n in files_in(run.folder) if not _in_another(run, n, runs)]
        ours = tuple(n for n in lying if n in run.named or _OURS.fullmatch(n))
        planned.append(Forgotten(run, ours, tuple(n for n in lying if n not in ours)))
    return planned, [r for r in runs if r not in past]


def _in_another(run: Run, name: str, runs: Sequence[Run]) -> bool:
    """Tell whether a file belongs to a run whose folder lies within this run's."""
    inner = [r.folder for r in runs if r is not run and run.folder in r.folder.parents]
    return any(folder in (run.folder / name).parents for folder in inner)


def remove(planned: Sequence[Forgotten]) -> None:
    """Remove what was planned: files, then folders that are empty. The manifest goes last, so that a removal which was broken
    off can be begun again. Links are removed and never followed.

    Raises ParameterError where a file cannot be removed.
    """
    for one in planned:
        folder = one.run.folder
        for name in sorted(one.files, key=lambda n: (n == MANIFEST, n == INDEX, n)):
            try:
                (folder / name).unlink(missing_ok=True)
            except OSError as error:
                raise ParameterError(
                    f"'{name}' of {folder.name} cannot be removed: {error.strerror}.",
                    do="close it if it is open, and run the same command again: what is gone is gone, and the rest is still known.",
                ) from None
        for inner in [p for p in folder.iterdir() if re.fullmatch(rf"{_SLUGS}|\.work", p.name)]:
            for pictures in {
                (folder / n).parent for n in one.files if n.count("/") == 2 and n.startswith(f"{inner.name}/")
            }:
                _remove_if_empty(pictures)
            _remove_if_empty(inner)
        _remove_if_empty(folder)


def _remove_if_empty(folder: Path) -> None:
    if folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir()):
        folder.rmdir()


def forget_key(file: Path, staying: Sequence[Run]) -> str:
    """Return the fingerprint of a key that may be forgotten. With it, nobody can tell any more whose the labels were.

    Raises ParameterError if the file holds no key, or if a run that stays names its children with it.
    """
    fingerprint = read_key(file).fingerprint
    using = [r for r in staying if fingerprint in r.keys]
    if using:
        raise ParameterError(
            f"The key {fingerprint} is still in use: {len(using)} run{'s' if len(using) > 1 else ''} of the folder "
            "that stay name children with it.",
            do="forget those runs too, or leave out --key.",
        )
    return fingerprint

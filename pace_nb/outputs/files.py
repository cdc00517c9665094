"""Where the files that go with a page lie, and how those of an earlier run are taken away."""

from __future__ import annotations

import re
from pathlib import Path

WORKBOOK, PICTURES, PDF = KINDS = ("workbook", "pictures", "pdf")
_PICTURE = re.compile(r"[a-z0-9-]+\.(?:svg|png)")
#: The names that such files have, from the folder of a run.
NAMES = re.compile(r"[a-z0-9-]+/(?:[0-9]_[a-z0-9_]+|children)(?:\.pdf|\.xlsx|/[a-z0-9-]+\.(?:svg|png))")


def path_of(page: str, kind: str, name: str = "", ending: str = "") -> str:
    """Return where a file goes, from the folder of a run. page: of the page; name, ending: of a picture.

    >>> path_of("fife/2_aims.html", PDF), path_of("fife/2_aims.html", PICTURES, "aim-2", "svg")
    ('fife/2_aims.pdf', 'fife/2_aims/aim-2.svg')
    """
    stem = page.removesuffix(".html")
    return f"{stem}/{name}.{ending}" if kind == PICTURES else f"{stem}{'.pdf' if kind == PDF else '.xlsx'}"


def remove_files(out: Path, page: str) -> None:
    """Take away what an earlier run made of a page: it must not pass for what goes with the page to come."""
    for kind in (WORKBOOK, PDF):
        (out / path_of(page, kind)).unlink(missing_ok=True)
    folder = out / page.removesuffix(".html")
    if folder.is_dir() and not folder.is_symlink():
        for file in folder.iterdir():
            if _PICTURE.fullmatch(file.name):
                file.unlink()
        if not any(folder.iterdir()):
            folder.rmdir()

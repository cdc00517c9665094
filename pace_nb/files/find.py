"""Which files are an extract, and which of them holds which table."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from pace_nb.errors import DataError
from pace_nb.files.raw import Source, plain_name
from pace_nb.files.workbooks import sheet_names
from pace_nb.findings import Finding
from pace_nb.schema import TABLES

#: Beside an extract in an area's own form: how to read it.
PROFILE = "profile.toml"
#: Beside an extract: the folder with its tests of change (`pace_nb.tests_of_change`).
TESTS = "changes"
COPY = "Copy the file itself into the folder."
_AGAIN = "Open it in Excel and save it again as .xlsx or as 'CSV UTF-8'."
_UNPACK = "Unpack it, look at what is in it, and put the tables beside it."
#: Kinds of files that often hold records, and are not read.
OTHER_KINDS = {
    **dict.fromkeys((".xls", ".xlsb", ".ods"), ("a workbook of a kind that is not read", _AGAIN)),
    **dict.fromkeys((".txt", ".tsv", ".htm", ".html", ".xml"), ("of a kind that is not read", _AGAIN)),
    **dict.fromkeys((".zip", ".7z", ".rar", ".gz"), ("an archive", _UNPACK)),
    ".lnk": ("a shortcut to a file elsewhere", COPY),
}
#: Other names under which a table may come.
ALSO_NAMED = {"legal_reasons": "legal"}


def is_ours(path: Path) -> bool:
    """Tell a data file from the lock and system files that lie beside it, and from links to files elsewhere."""
    return (
        path.suffix.lower() in (".csv", ".xlsx", ".xlsm")
        and not _is_hidden(path)
        and path.is_file()
        and not leads_away(path)
    )


def _is_hidden(path: Path) -> bool:
    return path.name.startswith(("~$", "."))


def leads_away(path: Path) -> bool:
    """Tell whether a path is a link to something outside the folder in which it lies."""
    return path.is_symlink() and not path.resolve().is_relative_to(path.parent.resolve())


def not_read(folder: Path) -> list[Finding]:
    """Return what to say of the files in a folder that look like data and are of no kind that is read.

    Whose name is that of a table may have been meant: then it is a file that could not be used.
    """
    findings = []
    for path in sorted(folder.iterdir()):
        kind, link = path.suffix.lower(), leads_away(path)
        if _is_hidden(path) or not (link or kind in OTHER_KINDS):
            continue
        what, do = OTHER_KINDS.get(kind, ("", "")) if not link else ("a link to a file outside the folder", COPY)
        level = "file" if table_name(path.name.split(".")[0]) else "notice"
        findings.append(Finding("other-kind", level, path.name, f"is {what}; it was not read.", do))
    return findings


def table_name(text: str) -> str | None:
    """Return the table that a file or sheet name stands for."""
    name = plain_name(text)
    name = ALSO_NAMED.get(name, name)
    return name if name in TABLES else None


def is_extract(path: Path) -> bool:
    """Tell whether a path is one extract: a workbook, or a folder that holds tables."""
    if path.is_file():
        return is_ours(path) and path.suffix.lower() != ".csv"
    if path.is_dir() and (path / PROFILE).exists():
        return True
    return path.is_dir() and any(table_name(p.stem) or p.suffix.lower() != ".csv" for p in path.iterdir() if is_ours(p))


def find_extracts(path: Path) -> list[Path]:
    """Return the extracts at a path: itself, or those directly in the folder, in order of name.

    Raises DataError where there is none.
    """
    if is_extract(path):
        return [path]
    found = sorted(p for p in path.iterdir() if is_extract(p)) if path.is_dir() else []
    if not found:
        raise DataError(
            f"There is no extract at '{path.name or path}'.",
            do="give a folder with children.csv, placements.csv, legal.csv and events.csv, a workbook with sheets "
            "of those names, or a folder of such folders.",
        )
    return found


def find_sources(path: Path) -> tuple[list[Source], list[Finding]]:
    """Return where each table of an extract lies. Raises DataError where two files claim the same table."""
    files = [path] if path.is_file() else sorted(p for p in path.iterdir() if is_ours(p))
    csvs = [p for p in files if p.suffix.lower() == ".csv"]
    books = [p for p in files if p.suffix.lower() != ".csv"]
    sources = [Source(TABLES[name], p) for p in csvs if (name := table_name(p.stem))]
    notices = [
        Finding("unknown-file", "notice", p.name, "is not one of the tables and was not read.")
        for p in csvs
        if not table_name(p.stem)
    ]
    if not sources:
        if len(books) != 1:
            names = ", ".join(b.name for b in books)
            raise DataError(
                f"The folder '{path.name}' holds {'several workbooks' if books else 'no table'}.",
                where=[names] if books else not_read(path),
                do="keep one workbook in the folder, or name the one that is meant."
                if books
                else "put the files in it.",
            )
        sheets, hidden = sheet_names(books[0])
        sources = [Source(TABLES[name], books[0], s) for s in sheets if (name := table_name(s))]
        notices += [
            Finding("hidden-sheet", "notice", books[0].name, f"{len(hidden)} hidden sheet(s) were not read.")
        ] * bool(hidden)
    elif books:
        notices += [
            Finding("unknown-file", "notice", b.name, "was not read: the folder's CSV files were.") for b in books
        ]
    if path.is_dir():
        notices += not_read(path)
    names = [s.table.name for s in sources]
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise DataError(
            f"Two files of '{path.name}' hold the same table.", where=twice, do="keep the one that is meant."
        )
    return sources, notices


def data_files(path: Path) -> list[Path]:
    """Return the data files of an extract, in order of name."""
    return [path] if path.is_file() else sorted(p for p in path.iterdir() if is_ours(p))


def file_digest(path: Path) -> str:
    """Return the SHA-256 of one file. Raises DataError where it cannot be opened."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except PermissionError:
        raise DataError(f"{path.name} cannot be opened.", do="close the file in Excel and try again.") from None


def _parts(path: Path) -> dict[str, Path]:
    """Return what an extract consists of, by name: its data files, the TOML files and tests of change beside them."""
    folder = path.parent if path.is_file() else path
    files = [path, *sorted(folder.glob("*.toml"))]
    if path.is_dir():
        files = sorted(p for p in path.iterdir() if is_ours(p) or p.suffix == ".toml")
    files += sorted(p for p in (folder / TESTS).glob("*") if is_ours(p) or p.suffix == ".toml")
    return {p.relative_to(folder).as_posix(): p for p in files}


def file_digests(path: Path) -> dict[str, str]:
    """Return the SHA-256 of each file that an extract consists of, by name."""
    return {name: file_digest(p) for name, p in _parts(path).items()}


def digest(path: Path, files: Mapping[str, str] | None = None) -> str:
    """Return the SHA-256 of an extract: of the names and hashes of its data files, the TOML files and tests of change beside them.

    A workbook alone in its folder has the hash of its bytes. files: the hashes, where they are known already.
    """
    files = file_digests(path) if files is None else files
    if list(files) == [path.name]:
        return files[path.name]
    return hashlib.sha256("".join(f"{name} {one}\n" for name, one in files.items()).encode()).hexdigest()


def state(path: Path) -> dict[str, tuple[int, int]]:
    """Return the size of each file of an extract and when it was last written to, to tell whether it stays as it is."""
    return {name: (p.stat().st_size, p.stat().st_mtime_ns) for name, p in _parts(path).items()}


def unchanged(path: Path, before: Mapping[str, tuple[int, int]]) -> None:
    """Raise DataError where the files of an extract are not what they were before."""
    if state(path) != before:
        raise DataError(
            f"A file of '{path.name}' changed while it was being read, so its tables may not belong together.",
            do="wait until the export or the person in Excel has finished, and try again.",
        )

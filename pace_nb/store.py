"""Records that were read and checked, kept as Parquet, so that many pages of one extract read it once.

Nothing is kept unless the environment names a folder for it (`PACE_NB_STORE`). A batch does, inside its output folder, and removes
it when it ends; whoever sets it otherwise keeps copies of children's records there, and has to look after them
(docs/privacy.md). What is kept is found by the hashes of all files of the extract, the day, and the code that read it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import pandas as pd

from pace_nb import terms
from pace_nb.files import file_digests, state
from pace_nb.findings import Finding
from pace_nb.schema import TABLES

FOLDER = "PACE_NB_STORE"
#: Rows that are read together where one area is wanted: an area's rows follow one another, so others are passed over.
_ROWS = 50_000


@dataclass(frozen=True, eq=False)
class Records:
    """The four tables of an extract as read and checked, all that was found, and what they came from.

    rows: per table and file, what became of its rows. refused: the tables that could not be used. hashes: of each file, by name.
    """

    tables: dict[str, pd.DataFrame]
    rows: pd.DataFrame
    findings: tuple[Finding, ...]
    areas: tuple[str, ...]
    synthetic: bool
    refused: tuple[str, ...]
    profile: str
    hashes: dict[str, str]


def read_once(path: Path, as_at: date, area: str | None, read: Callable[[dict[str, str]], Records]) -> Records:
    """Return the records of an extract, from the store if there is one and they are in it; of one area, if one is named.

    read: reads them, given the hashes of the files. Without a store its records are returned whole, whatever the area.
    Processes that ask for the same extract at once wait for the first of them to read it.
    """
    place = os.environ.get(FOLDER)
    if not place:
        return read(file_digests(path))
    from filelock import FileLock  # only here: nothing else of reading needs it

    folder = Path(place)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    hashes = _digests(path, folder)
    key = hashlib.sha256(repr((path.name, sorted(hashes.items()), as_at, state_of_code())).encode()).hexdigest()[:32]
    kept = folder / key
    if not (kept / _ABOUT).exists():
        with FileLock(folder / f"{key}.lock"):
            if not (kept / _ABOUT).exists():
                records = read(hashes)
                _keep(records, kept)
                return records
    return _load(kept, terms.authority_name(area) if area else None, hashes)


_ABOUT = "about.json"


def _digests(path: Path, folder: Path) -> dict[str, str]:
    """Return the hashes of an extract's files; those of files that nobody has written to since they were hashed are known."""
    now = {"path": str(path.resolve()), "state": state(path)}
    known = folder / f"{hashlib.sha256(json.dumps(now).encode()).hexdigest()[:32]}.hashes.json"
    if known.exists():
        return json.loads(known.read_text(encoding="utf-8"))
    hashes = file_digests(path)
    _write(known, json.dumps(hashes))
    return hashes


@lru_cache(maxsize=1)
def state_of_code() -> str:
    """Tell one state of this package from another: what an older one has read may be read otherwise now."""
    own = Path(__file__).parent
    files = sorted((p.relative_to(own).as_posix(), p.stat().st_size, p.stat().st_mtime_ns) for p in own.rglob("*.py"))
    return hashlib.sha256(repr(files).encode()).hexdigest()


def _keep(records: Records, folder: Path) -> None:
    """Write records; what says that they are whole comes last."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir(exist_ok=True, mode=0o700)
    frames = {**records.tables, "rows": records.rows}
    for name, frame in frames.items():
        table = pa.Table.from_pandas(frame, preserve_index=False)
        pq.write_table(table, folder / f"{name}.parquet", compression="zstd", row_group_size=_ROWS)
    about = {
        "findings": [asdict(f) for f in records.findings],
        "areas": records.areas,
        "synthetic": records.synthetic,
        "refused": records.refused,
        "profile": records.profile,
        "dtypes": {name: {c: str(t) for c, t in frame.dtypes.items()} for name, frame in frames.items()},
    }
    _write(folder / _ABOUT, json.dumps(about))


def _load(folder: Path, area: str | None, hashes: dict[str, str]) -> Records:
    import pyarrow.parquet as pq

    about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))

    def load(name: str) -> pd.DataFrame:
        path = folder / f"{name}.parquet"
        if area is None or name == "rows" or about["areas"] == [area]:
            frame = pq.ParquetFile(path).read(use_threads=False).to_pandas()
        else:
            wanted = [("local_authority", "==", area)]
            frame = pq.read_table(path, filters=wanted, use_threads=False).to_pandas().reset_index(drop=True)
        kinds = about["dtypes"][name]
        return frame.astype({c: kinds[c] for c, kind in frame.dtypes.items() if str(kind) != kinds[c]})

    findings = (
        Finding(**{**f, "lines": tuple(f["lines"]), "kinds": tuple(map(tuple, f["kinds"]))}) for f in about["findings"]
    )
    return Records(
        {name: load(name) for name in TABLES},
        load("rows"),
        tuple(findings),
        tuple(about["areas"]),
        about["synthetic"],
        tuple(about["refused"]),
        about["profile"],
        hashes,
    )


def _write(path: Path, text: str) -> None:
    """Write a file so that it is either not there or whole, whoever else writes it at the same time."""
    partial = path.with_suffix(f".{os.getpid()}")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)

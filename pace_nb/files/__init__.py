"""From bytes to rows of text: CSV files and workbooks, read by stated rules, with nothing guessed and nothing lost.

Every cell is text. Row numbers are those that Excel shows (the header is row 1, or below title rows).
A file that cannot be read gives a finding of level "file" and no rows.
"""

from pace_nb.files.csvs import TITLE_ROWS
from pace_nb.files.find import (
    PROFILE,
    data_files,
    digest,
    file_digest,
    file_digests,
    find_extracts,
    find_sources,
    is_extract,
    is_ours,
    leads_away,
    not_read,
    state,
    table_name,
    unchanged,
)
from pace_nb.files.grid import LONGEST_CELL
from pace_nb.files.raw import RawTable, Source, plain_name, tidy
from pace_nb.files.read import Records, day_rules, fit_table, read_records, read_table
from pace_nb.files.workbooks import sheet_names

__all__ = [
    "LONGEST_CELL",
    "PROFILE",
    "TITLE_ROWS",
    "RawTable",
    "Records",
    "Source",
    "data_files",
    "day_rules",
    "digest",
    "file_digest",
    "file_digests",
    "find_extracts",
    "find_sources",
    "fit_table",
    "is_extract",
    "is_ours",
    "leads_away",
    "not_read",
    "plain_name",
    "read_records",
    "read_table",
    "sheet_names",
    "state",
    "table_name",
    "tidy",
    "unchanged",
]

"""All that a process which makes pages needs, imported once: `pace_nb.batch.workers` forks its processes from one that has done this.

It imports and does nothing else: it draws nothing and opens no connection, so that no library has a thread when it is forked.
"""

from __future__ import annotations

import gc
import os
from importlib import import_module

from pace_nb.processes import QUIET

os.environ.update(QUIET)
for module in (
    "scipy.stats",
    "altair.vegalite.v6",
    "pyarrow.parquet",
    "openpyxl",
    "papermill",
    "vl_convert",
    "pace_nb.names",
    "pace_nb.batch.warm",
    "pace_nb.batch.engine",
    "pace_nb.batch.one",
    "pace_nb.batch.export",
    "pace_nb.batch.children",
):
    import_module(module)

# Altair checks each part of a chart against its schema as it is made: help for whoever writes a chart. The tests have it.
import_module("altair.utils.schemapi").disable_debug_mode()
import_module("pace_nb.store").state_of_code()  # asked for by each page, as the next
import_module("pace_nb.pages.trust").made_with()
gc.collect()
gc.freeze()  # what is shared with the copies is not touched by their garbage collection

"""Where a process cannot be copied: each visitor's own kernel runs the notebook, as Voila does it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from pace_nb.errors import DataError

CELL_SECONDS = 120


async def run_in_kernel(path: Path, manager: Any) -> dict[int, list[dict[str, Any]]]:
    """Run a notebook in a kernel that has been started, and return the outputs of each code cell by number of the cell.

    The kernel goes on running: the page's controls use it. Raises DataError at a cell that stops with what a reader can mend, and
    nbclient's CellExecutionError, which holds the cell, at one that fails otherwise.
    """
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, km=manager, timeout=CELL_SECONDS)
    client.reset_execution_trackers()
    client.kc = await client.async_start_new_kernel_client()
    try:
        for number, cell in enumerate(notebook.cells):
            await client.async_execute_cell(cell, number, store_history=False)
    except CellExecutionError:
        faults = [o for o in cell.outputs if o.output_type == "error"]
        if (
            faults and faults[0].traceback == faults[0].evalue.splitlines()
        ):  # only an error of ours stands there like that
            raise DataError(faults[0].evalue) from None
        raise
    finally:
        client.kc.stop_channels()
    return {n: cell.outputs for n, cell in enumerate(notebook.cells) if cell.cell_type == "code"}

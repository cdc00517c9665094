"""The batch: every notebook for every area, as HTML pages with an index and a manifest.

plan      which notebooks run for which area of which extract
one       one run: papermill, the page, the search for what it must not tell; nothing appears before it is whole
execute   as many runs at once as there are processors
export    an executed notebook as one HTML file that needs no network and no script
publish   the index and the manifest
"""

from pace_nb.batch.execute import run_reports
from pace_nb.batch.plan import plan_runs

__all__ = ["plan_runs", "run_reports"]

"""The command line: pace-nb sample, check, aims, report, release, forget, key, profile, tests.

Exit codes: 0 all well, 1 some runs failed, 2 wrong use, 3 the data cannot be used.
"""

from __future__ import annotations

import sys

import typer

from pace_nb.cli.console import err_console
from pace_nb.cli.dashboards import dashboard
from pace_nb.cli.data import aims, check, sample
from pace_nb.cli.handouts import plans, poster
from pace_nb.cli.keys import app as key
from pace_nb.cli.packs import pack
from pace_nb.cli.profiles import app as profile
from pace_nb.cli.releases import forget, release
from pace_nb.cli.reports import report
from pace_nb.cli.tests_of_change import app as tests
from pace_nb.cli.timelines import timeline
from pace_nb.errors import PaceError

app = typer.Typer(
    help="Notebooks and reports for permanence planning: how long children wait, who waits now, whether a change helped.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (
    sample,
    check,
    aims,
    report,
    release,
    forget,
    plans,
    poster,
    timeline,
    dashboard,
    pack,
):
    app.command()(command)
app.add_typer(key, name="key")
app.add_typer(profile, name="profile")
app.add_typer(tests, name="tests")


def main() -> None:
    """Run the command line; faults that the reader can mend are shown as sentences."""
    for stream in (sys.stdout, sys.stderr):  # a Windows console may not speak UTF-8
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        app()
    except PaceError as error:
        err_console.print(str(error), markup=False)
        raise SystemExit(error.exit_code) from None


if __name__ == "__main__":
    main()
